"""The pages about people: who works here, who is invited, in which role."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from logger.errors import NotFound
from logger.keys.keyring import Keyring, days_overdue
from logger.people.guards import freshly, requires, room
from logger.people.invitations import (
    LINK_DAYS,
    AddressTaken,
    AnsweredAlready,
    Invitations,
    NotYourself,
)
from logger.people.permissions import administers, may_confirm
from logger.people.person import Person, Role
from logger.people.register import Proposal, Register, normal_email
from logger.people.sessions import Sessions
from logger.settings import Settings
from logger.shell.words import N_, TOO_LONG

blueprint = Blueprint("administration", __name__)

_ROLES = [role.value for role in Role]


class RoleForm(FlaskForm):
    """What an administrator decides about a person."""

    role = SelectField(choices=_ROLES, validators=[InputRequired(N_("Choose a role"))])
    team = StringField(validators=[Length(max=100, message=TOO_LONG)])


class InviteForm(RoleForm):
    """A new person."""

    name = StringField(
        validators=[InputRequired(N_("Enter a name")), Length(max=200, message=TOO_LONG)]
    )
    email = EmailField(
        filters=[normal_email],
        validators=[
            InputRequired(N_("Enter an email address")),
            Length(max=254, message=TOO_LONG),
            Regexp(r"^\S+@\S+$", message=N_("Enter an email address like name@example.org")),
        ],
    )


@blueprint.get("/people")
@requires(administers)
def people() -> ResponseReturnValue:
    """Everybody."""
    everyone, asked = room(Register).everyone(), room(Register).proposals()
    old = days_overdue(room(Keyring), room(Sessions).now())
    return render_template("people/people.html", people=everyone, asked=asked, key_days=old)


@blueprint.get("/people/invite")
@requires(administers)
def invite() -> ResponseReturnValue:
    """The form for a new person."""
    return render_template("people/invite.html", form=InviteForm())


@blueprint.post("/people/invite")
@requires(administers)
@freshly(N_("Make the link"))
def invited() -> ResponseReturnValue:
    """Add the person and show their one-time link."""
    form, invitations = InviteForm(), room(Invitations)
    if not form.validate():
        return render_template("people/invite.html", form=form), 422
    role, team = Role(form.role.data), form.team.data or ""
    try:
        person = invitations.add(form.name.data, form.email.data, role, team, g.person.id)
    except AddressTaken as error:
        form.email.errors = [error.public_message]
        return render_template("people/invite.html", form=form), error.status
    return _link_page(person, invitations.link_token(person, g.person.id))


@blueprint.get("/people/<uuid:id>")
@requires(administers)
def person(id: UUID) -> ResponseReturnValue:
    """One person, and what can be changed about them."""
    found = _person(id)
    form = RoleForm(data={"role": found.role.value, "team": found.team})
    return _person_page(found, form)


@blueprint.post("/people/<uuid:id>")
@requires(administers)
@freshly(N_("Save"))
def change(id: UUID) -> ResponseReturnValue:
    """Another role or team."""
    found, form = _person(id), RoleForm()
    if not form.validate():
        return _person_page(found, form, 422)
    role, team = Role(form.role.data), form.team.data or ""
    holds = room(Invitations).change(found, role, team, g.person.id)
    flash(_("Saved.") if holds else _("Another administrator has to confirm this first."))
    return redirect(url_for("administration.person", id=id), 303)


@blueprint.post("/people/<uuid:id>/disable")
@requires(administers)
@freshly(N_("Disable"))
def disable(id: UUID) -> ResponseReturnValue:
    """Shut a person out, at once and everywhere."""
    try:
        room(Invitations).disable(_person(id), g.person.id)
    except NotYourself as error:
        flash(_(error.public_message))
        return redirect(url_for("administration.person", id=id), 303)
    flash(_("Disabled. They are signed out everywhere."))
    return redirect(url_for("administration.person", id=id), 303)


@blueprint.post("/people/<uuid:id>/enable")
@requires(administers)
@freshly(N_("Enable"))
def enable(id: UUID) -> ResponseReturnValue:
    """Let a person in again."""
    room(Invitations).enable(_person(id), g.person.id)
    flash(_("Enabled. They can sign in again."))
    return redirect(url_for("administration.person", id=id), 303)


@blueprint.post("/people/<uuid:id>/link")
@requires(administers)
@freshly(N_("Make a new link"))
def link(id: UUID) -> ResponseReturnValue:
    """A fresh one-time link, for someone who lost theirs or their authenticator."""
    found = _person(id)
    token = room(Invitations).ask_for_link(found, g.person.id)
    if token is not None:
        return _link_page(found, token)
    flash(_("Another administrator has to confirm this first."))
    return redirect(url_for("administration.person", id=id), 303)


@blueprint.post("/people/<uuid:id>/confirm")
@requires(administers)
@freshly(N_("Confirm"))
def confirm(id: UUID) -> ResponseReturnValue:
    """Be the second administrator; of a new link, hand it over."""
    asked, invitations = _asked(id), room(Invitations)
    invitations.confirm(asked, g.person)
    if asked.wish == "link":
        return _link_page(_person(id), invitations.link_token(_person(id), g.person.id))
    flash(_("Confirmed. It holds from now on."))
    return redirect(url_for("administration.person", id=id), 303)


@blueprint.post("/people/<uuid:id>/decline")
@requires(administers)
def decline(id: UUID) -> ResponseReturnValue:
    """Do not confirm it, or take back what one asked oneself."""
    room(Invitations).decline(_asked(id), g.person)
    flash(_("Nothing was changed."))
    return redirect(url_for("administration.person", id=id), 303)


def _person(id: UUID) -> Person:
    found = room(Register).person(id)
    if found is None:
        raise NotFound
    return found


def _asked(id: UUID) -> Proposal:
    """What was on the page when the button was pressed; AnsweredAlready where that is over."""
    asked = room(Register).proposal(_person(id).id)
    if asked is None or str(asked.position) != request.form.get("ask"):
        raise AnsweredAlready
    return asked


def _person_page(found: Person, form: RoleForm, status: int = 200) -> ResponseReturnValue:
    asked = room(Register).proposal(found.id)
    second = asked is not None and may_confirm(g.person, asked.asked_by, asked.person)
    page = render_template(
        "people/person.html", person=found, form=form, asked=asked, second=second
    )
    return page, status


def _link_page(person: Person, token: str) -> ResponseReturnValue:
    address = room(Settings).record_origin + url_for("people.join", token=token)
    asked = room(Register).proposal(person.id)
    return render_template(
        "people/link.html", person=person, address=address, days=LINK_DAYS, waits=asked
    )
