"""Deny by default: a view that names no permission does not run.

`@requires(supervises)` names the permission, `@public` is the word for everyone else's pages.
`room(kind)` hands a view the part of the record that it works with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from logger.errors import NotAllowed
from logger.people.person import Person

Permission = Callable[[Person], bool]
View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")

_MARK = "sharelog_permission"


def requires(permission: Permission) -> Callable[[View], View]:
    """Only who is signed in and has this permission; stands directly above the view."""

    def mark(view: View) -> View:
        setattr(view, _MARK, permission)
        return view

    return mark


def public(view: View) -> View:
    """Anyone, signed in or not."""
    setattr(view, _MARK, everyone)
    return view


def everyone(person: Person) -> bool:
    """The permission that `public` stands for."""
    return True


def permission_of(view: Callable[..., Any]) -> Permission | None:
    """The permission a view names, or None when it names none and so never runs."""
    permission: Permission | None = getattr(view, _MARK, None)
    return permission


def room(kind: type[T]) -> T:
    """The one object of this kind that the record was built with."""
    found: T = current_app.extensions["rooms"][kind]
    return found


def guard(app: Flask, find: Callable[[], Person | None]) -> None:
    """Put the guard before every view of this app; `find` says who is asking."""

    def let_in_or_deny() -> ResponseReturnValue | None:
        # Whoever is signed in is known on public pages too, for the page's own header.
        g.person = find()
        if request.endpoint is None:
            return None
        permission = permission_of(current_app.view_functions[request.endpoint])
        if permission is everyone:
            return None
        if permission is None:
            raise NotAllowed
        return _check(permission)

    app.before_request(let_in_or_deny)


def local_path(target: str | None) -> str | None:
    """`target` when it is a path of this site, else None: a sign-in never sends people away."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc or "\\" in target else target


def _check(permission: Permission) -> ResponseReturnValue | None:
    if g.person is None:
        return _to_sign_in()
    if not permission(g.person):
        raise NotAllowed
    return None


def _to_sign_in() -> ResponseReturnValue:
    # Only a page that was asked for is worth coming back to; a form's text cannot be sent again.
    if request.method == "GET":
        session["next"] = request.full_path.rstrip("?")
    address = url_for("people.sign_in")
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": address}
    return redirect(address, code=303)
