"""The pages before and around being signed in: sign in, the code, joining, signing out."""

from __future__ import annotations

from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)  # fmt: skip
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from logger.errors import NotFound
from logger.guessable import EasilyGuessed
from logger.people.credentials import (
    PASSWORD_LEAST,
    PASSWORD_MOST,
    Credentials,
    authenticator_link,
    matching_step,
)
from logger.people.guards import browser_session, local_path, public, requires, room
from logger.people.invitations import Invitations
from logger.people.permissions import signed_in
from logger.people.phones import qr_path, qr_side
from logger.people.sessions import Session, Sessions
from logger.people.sign_in import SignIn, WrongCode, WrongSignIn
from logger.settings import Settings
from logger.shell.words import LANGUAGES, N_, TOO_LONG

blueprint = Blueprint("people", __name__)

_FIVE_MINUTES = 5 * 60 * 1000
_HALF, _SINCE, _STANDING, _NEXT = "half", "half_at", "half_standing", "next"
_LANGUAGE = "sharelog-language"
_ONE_YEAR = 365 * 24 * 60 * 60


class SignInForm(FlaskForm):
    """The first step."""

    email = EmailField(
        validators=[
            InputRequired(N_("Enter your email address")),
            Length(max=254, message=TOO_LONG),
        ]
    )
    password = PasswordField(
        validators=[
            InputRequired(N_("Enter your password")),
            Length(max=PASSWORD_MOST, message=TOO_LONG),
        ]
    )


class CodeForm(FlaskForm):
    """The second step."""

    code = StringField(
        validators=[InputRequired(N_("Enter the code")), Length(max=40, message=TOO_LONG)]
    )


class JoinForm(FlaskForm):
    """What an invited person chooses."""

    name = StringField(
        validators=[InputRequired(N_("Enter your name")), Length(max=200, message=TOO_LONG)]
    )
    password = PasswordField(
        validators=[
            InputRequired(N_("Choose a password")),
            Length(min=PASSWORD_LEAST, message=N_("The password needs at least 12 characters")),
            Length(max=PASSWORD_MOST, message=TOO_LONG),
        ]
    )
    code = StringField(
        validators=[
            InputRequired(N_("Enter the code your authenticator shows")),
            Length(max=10, message=TOO_LONG),
        ]
    )


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The sign-in page; whoever is signed in already goes on."""
    return redirect("/", 303) if g.person else _sign_in_page(SignInForm())


@blueprint.post("/sign-in")
@public
def check_password() -> ResponseReturnValue:
    """The first step."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, 422)
    try:
        person = room(SignIn).check_password(form.email.data, form.password.data, _source())
    except WrongSignIn as error:
        form.password.errors = [error.public_message]
        return _sign_in_page(form, error.status)
    session[_HALF], session[_SINCE] = str(person), room(Sessions).now()
    session[_STANDING] = room(Credentials).standing(person)
    return redirect(url_for("people.code"), 303)


@blueprint.post("/sign-in/demo")
@public
def demo() -> ResponseReturnValue:
    """Sign in as somebody of a demo, without proof."""
    return _signed_in(room(SignIn).as_demo(_uuid(request.form.get("person", ""))))


@blueprint.get("/sign-in/code")
@public
def code() -> ResponseReturnValue:
    """The second step's page."""
    if _half() is None:
        return redirect(url_for("people.sign_in"), 303)
    return render_template("people/code.html", form=CodeForm())


@blueprint.post("/sign-in/code")
@public
def check_code() -> ResponseReturnValue:
    """The second step."""
    person, form = _half(), CodeForm()
    if person is None:
        flash(_("That took too long. Start again."))
        return redirect(url_for("people.sign_in"), 303)
    if not form.validate():
        return render_template("people/code.html", form=form), 422
    try:
        return _signed_in(room(SignIn).check_code(person, form.code.data, _source()))
    except WrongCode as error:
        form.code.errors = [error.public_message]
        return render_template("people/code.html", form=form), error.status


@blueprint.post("/sign-out")
@requires(signed_in)
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    browser_session().become(room(Sessions).begin(None))
    return redirect(url_for("people.sign_in"), 303)


@blueprint.get("/join/<token>")
@public
def join(token: str) -> ResponseReturnValue:
    """The page of an invitation link."""
    person = room(Invitations).invited(token)
    return _join_page(token, JoinForm(data={"name": person.name}))


@blueprint.post("/join/<token>")
@public
def joined(token: str) -> ResponseReturnValue:
    """Password and authenticator are set up; the recovery codes are shown this once."""
    invitations, form = room(Invitations), JoinForm()
    invitations.invited(token)
    if not form.validate():
        return _join_page(token, form, 422)
    secret = invitations.secret_for(token)
    typed = (form.code.data or "").replace(" ", "")
    if matching_step(secret, typed, room(Sessions).now()) is None:
        form.code.errors = [_("This code does not match. Wait for the next one and try again.")]
        return _join_page(token, form, 422)
    try:
        codes = invitations.join(token, form.name.data, form.password.data)
    except EasilyGuessed as error:
        form.password.errors = [error.public_message]
        return _join_page(token, form, error.status)
    return render_template("people/joined.html", codes=codes)


@blueprint.get("/language/<language>")
@public
def choose_language(language: str) -> ResponseReturnValue:
    """Another language for this browser, and back to where one was. Nothing else changes."""
    if language not in LANGUAGES:
        raise NotFound
    answer = redirect(local_path(request.args.get("back")) or "/", 303)
    answer.set_cookie(
        _language_cookie(), language, _ONE_YEAR, secure=_https(), httponly=True, samesite="Strict"
    )
    return answer


def chosen_language() -> str:
    """The language of this browser, else the organisation's."""
    chosen = request.cookies.get(_language_cookie(), "")
    return chosen if chosen in LANGUAGES else room(Settings).language


def _language_cookie() -> str:
    # No other host of the same domain can plant a cookie of this name.
    return f"__Host-{_LANGUAGE}" if _https() else _LANGUAGE


def _https() -> bool:
    return room(Settings).record_origin.startswith("https:")


@blueprint.app_context_processor
def _other_languages() -> dict[str, list[tuple[str, str, str]]]:
    """Code, own name and address of every language but the one that is shown."""
    # The answer to a form stands at an address that may know no page: home is one for everybody.
    routes = current_app.create_url_adapter(request)
    back = request.full_path.rstrip("?") if routes and routes.test(method="GET") else "/"
    return {
        "other_languages": [
            (code, name, url_for("people.choose_language", language=code, back=back))
            for code, name in LANGUAGES.items()
            if code != chosen_language()
        ]
    }


def _sign_in_page(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    people = room(SignIn).offered()
    return render_template("people/sign_in.html", form=form, people=people), status


def _join_page(token: str, form: JoinForm, status: int = 200) -> ResponseReturnValue:
    invitations = room(Invitations)
    secret, person = invitations.secret_for(token), invitations.invited(token)
    link = authenticator_link(secret, person.email, room(Settings).organisation)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    page = render_template(
        "people/join.html", form=form, person=person, token=token, secret=groups,
        drawing=qr_path(link), side=qr_side(link), least=PASSWORD_LEAST,
    )  # fmt: skip
    return page, status


def _signed_in(fresh: Session) -> ResponseReturnValue:
    target = local_path(session.get(_NEXT))
    browser_session().become(fresh)
    return redirect(target or "/", 303)


def _half() -> UUID | None:
    """Whose password was right in this browser, as long as that is fresh and still the password."""
    fresh = room(Sessions).now() - session.get(_SINCE, 0) <= _FIVE_MINUTES
    person = UUID(session[_HALF]) if fresh and _HALF in session else None
    same = person and session.get(_STANDING) == room(Credentials).standing(person)
    return person if same else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _source() -> str:
    return request.remote_addr or "unknown"
