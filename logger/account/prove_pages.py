"""The page that asks somebody for both proofs again, and then goes on with what they did.

What they had typed waits in their session, sealed; it is sent once more by themselves, so that
nothing happens which they do not see.
"""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from logger.account.own import Account
from logger.errors import NotAllowed
from logger.people.credentials import PASSWORD_MOST
from logger.people.guards import WAITING, browser_session, proved_lately, requires, room
from logger.people.permissions import signed_in
from logger.people.person import Role
from logger.people.sign_in import WrongCode, WrongSignIn
from logger.settings import Settings
from logger.shell.words import N_, TOO_LONG

blueprint = Blueprint("prove", __name__)


class ProveForm(FlaskForm):
    """Both proofs at once."""

    password = PasswordField(
        validators=[
            InputRequired(N_("Enter your password")),
            Length(max=PASSWORD_MOST, message=TOO_LONG),
        ]
    )
    code = StringField(
        validators=[InputRequired(N_("Enter the code")), Length(max=40, message=TOO_LONG)]
    )


@blueprint.get("/account/prove")
@requires(signed_in)
def ask() -> ResponseReturnValue:
    """The two proofs; where they are fresh, what was about to be done."""
    if not proved_lately():
        return _page(ProveForm())
    if WAITING not in session:
        return redirect(url_for("account.account"), 303)
    return render_template("account/go_on.html", waiting=session[WAITING], roles=list(Role))


@blueprint.post("/account/prove")
@requires(signed_in)
def answer() -> ResponseReturnValue:
    """Look at both proofs."""
    form, before = ProveForm(), browser_session().kept
    if before is None:
        raise NotAllowed
    if not form.validate():
        return _page(form, 422)
    typed, source = (form.password.data, form.code.data), request.remote_addr or "unknown"
    try:
        fresh = room(Account).prove(g.person, before, *typed, source)
    except WrongSignIn as error:
        form.password.errors = [N_("This is not the password you have now.")]
        return _page(form, error.status)
    except WrongCode as error:
        form.code.errors = [error.public_message]
        return _page(form, error.status)
    waiting = session.get(WAITING)
    browser_session().become(fresh)
    if waiting:
        session[WAITING] = waiting
    return redirect(url_for("prove.ask"), 303)


def _page(form: ProveForm, status: int = 200) -> ResponseReturnValue:
    minutes = room(Settings).prove_again_minutes
    waiting = session.get(WAITING)
    page = render_template("account/prove.html", form=form, minutes=minutes, waiting=waiting)
    return page, status
