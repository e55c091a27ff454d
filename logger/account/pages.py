"""The pages of one's own account: where one is signed in, and another password."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from logger.account.own import Account
from logger.errors import NotAllowed
from logger.guessable import EasilyGuessed
from logger.people.credentials import PASSWORD_LEAST, PASSWORD_MOST
from logger.people.guards import browser_session, freshly, requires, room
from logger.people.permissions import signed_in
from logger.people.sessions import Session, Sessions
from logger.people.sign_in import WrongCode, WrongSignIn
from logger.shell.words import N_, TOO_LONG

blueprint = Blueprint("account", __name__)


class PasswordForm(FlaskForm):
    """Both proofs of now, and the password to come."""

    current = PasswordField(
        validators=[
            InputRequired(N_("Enter the password you have now")),
            Length(max=PASSWORD_MOST, message=TOO_LONG),
        ]
    )
    code = StringField(
        validators=[InputRequired(N_("Enter the code")), Length(max=40, message=TOO_LONG)]
    )
    new = PasswordField(
        validators=[
            InputRequired(N_("Choose a password")),
            Length(min=PASSWORD_LEAST, message=N_("The password needs at least 12 characters")),
            Length(max=PASSWORD_MOST, message=TOO_LONG),
        ]
    )
    again = PasswordField(
        validators=[EqualTo("new", message=N_("The two new passwords are not the same"))]
    )


@blueprint.get("/account")
@requires(signed_in)
def account() -> ResponseReturnValue:
    """Where one is signed in."""
    own = room(Account)
    return render_template(
        "account/account.html",
        sessions=own.sessions(g.person),
        this=room(Sessions).name(_session()),
        changes=own.has_password(g.person),
    )


@blueprint.post("/account/sessions/<name>/end")
@requires(signed_in)
@freshly(N_("Sign out there"), signed_in)
def end(name: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    room(Account).end(g.person, name)
    flash(_("Signed out there."))
    return redirect(url_for("account.account"), 303)


@blueprint.post("/account/sessions/end-others")
@requires(signed_in)
@freshly(N_("Sign out everywhere else"), signed_in)
def end_others() -> ResponseReturnValue:
    """End all but the one in hand."""
    room(Account).end_others(g.person, _session())
    flash(_("You are signed out everywhere else."))
    return redirect(url_for("account.account"), 303)


@blueprint.get("/account/password")
@requires(signed_in)
def password() -> ResponseReturnValue:
    """The form for another password."""
    if not room(Account).has_password(g.person):
        return redirect(url_for("account.account"), 303)
    return _password_page(PasswordForm())


@blueprint.post("/account/password")
@requires(signed_in)
def change_password() -> ResponseReturnValue:
    """Another password; every other session ends."""
    form = PasswordForm()
    if not form.validate():
        return _password_page(form, 422)
    typed, source = (form.current.data, form.code.data, form.new.data), request.remote_addr
    try:
        fresh = room(Account).change_password(g.person, _session(), *typed, source or "unknown")
    except EasilyGuessed as error:
        form.new.errors = [error.public_message]
        return _password_page(form, error.status)
    except WrongSignIn as error:
        form.current.errors = [N_("This is not the password you have now.")]
        return _password_page(form, error.status)
    except WrongCode as error:
        form.code.errors = [error.public_message]
        return _password_page(form, error.status)
    browser_session().become(fresh)
    flash(_("Your password is changed. You are signed out everywhere else."))
    return redirect(url_for("account.account"), 303)


def _session() -> Session:
    kept = browser_session().kept
    if kept is None:
        raise NotAllowed
    return kept


def _password_page(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    return render_template("account/password.html", form=form, least=PASSWORD_LEAST), status
