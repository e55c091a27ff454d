"""Deny by default: a view that names no permission does not run.

`@requires(supervises)` names the permission, `@public` is the word for everyone else's pages.
`room(kind)` hands a view the part of the record that it works with. The session of a browser
stands on the desk; its cookie holds a random token and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, g, redirect, request, session, url_for
from flask.sessions import SessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CallbackDict

from logger.errors import NotAllowed
from logger.people.credentials import Credentials
from logger.people.permissions import administers
from logger.people.person import Person
from logger.people.register import Register
from logger.people.sessions import Session, Sessions
from logger.settings import Settings

Permission = Callable[[Person], bool]
View = TypeVar("View", bound=Callable[..., Any])
T = TypeVar("T")

_MARK, _FRESH = "sharelog_permission", "sharelog_fresh"
# What somebody was about to do when they had to prove again who they are.
WAITING = "waiting"
_MOST_WAITING = 16 * 1024


def requires(permission: Permission) -> Callable[[View], View]:
    """Only who is signed in and has this permission; stands directly above the view."""

    def mark(view: View) -> View:
        setattr(view, _MARK, permission)
        return view

    return mark


def freshly(words: str, who: Permission = administers) -> Callable[[View], View]:
    """Only for who proved lately who they are; `words` stand on the button that does it after all.
    Asked again are those with the permission `who`, and of them whoever has a password."""

    def mark(view: View) -> View:
        setattr(view, _FRESH, (words, who))
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


class BrowserSession(CallbackDict[str, Any], SessionMixin):
    """What Flask calls the session: its values, and the session on the desk that keeps them."""

    def __init__(self, kept: Session | None):
        super().__init__(kept.values if kept else {}, self._changed)
        self.kept = kept
        self.ended: list[Session] = []
        self.modified = False

    def become(self, fresh: Session) -> None:
        """Sign in or out: the session before ends, with everything in it."""
        if self.kept is not None:
            self.ended.append(self.kept)
        self.kept = fresh
        self.clear()
        self.modified = True

    def _changed(self, _: CallbackDict[str, Any]) -> None:
        self.modified = True


class DeskSessions(SessionInterface):
    """Finds and keeps sessions for Flask; the cookie is `__Host-` under https."""

    def __init__(self, sessions: Sessions, *, https: bool):
        self._sessions, self._https = sessions, https
        self._cookie = "__Host-sharelog" if https else "sharelog"

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        """The session of this request's cookie, or an empty one."""
        token = request.cookies.get(self._cookie)
        return BrowserSession(self._sessions.find(token) if token else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; a session that only was seen is written at most once a minute."""
        if not isinstance(session, BrowserSession):
            raise TypeError("not a session of this interface")
        for ended in session.ended:
            self._sessions.end(ended)
        if session.modified:
            session.kept = session.kept or self._sessions.begin(None)
            session.kept.values = dict(session)
            self._sessions.keep(session.kept)
            response.set_cookie(
                self._cookie,
                session.kept.token,
                secure=self._https,
                httponly=True,
                samesite="Strict",
                path="/",
            )
        elif session.kept and self._sessions.stale(session.kept):
            self._sessions.keep(session.kept)


def browser_session() -> BrowserSession:
    """The session of this request, as what it is."""
    current: object = session._get_current_object()  # type: ignore[attr-defined]  # a proxy's own
    if not isinstance(current, BrowserSession):
        raise TypeError("the record door keeps its sessions on the desk")
    return current


def who_asks() -> Person | None:
    """The person signed in with this browser, or None; a disabled person is nobody."""
    kept = browser_session().kept
    person = room(Register).person(kept.person) if kept and kept.person else None
    return None if person is None or person.disabled else person


def proved_lately() -> bool:
    """Whether whoever is signed in proved it within the organisation's minutes; who has no
    password, in a demo, has nothing to prove."""
    kept = browser_session().kept
    if kept is None or kept.person is None:
        return False
    within = room(Settings).prove_again_minutes * 60_000
    fresh = room(Sessions).now() - kept.proved_at <= within
    return fresh or not room(Credentials).has_password(kept.person)


def guard(app: Flask) -> None:
    """Put the guard before every view of this app."""

    def let_in_or_deny() -> ResponseReturnValue | None:
        # Whoever is signed in is known on public pages too, for the page's own header.
        g.person = who_asks()
        if request.endpoint is None:
            return None
        view = current_app.view_functions[request.endpoint]
        permission = permission_of(view)
        if permission is everyone:
            return None
        if permission is None:
            raise NotAllowed
        return _check(permission) or _ask_again(getattr(view, _FRESH, None))

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


def _ask_again(fresh: tuple[str, Permission] | None) -> ResponseReturnValue | None:
    if fresh is None:
        return None
    words, who = fresh
    if not who(g.person):
        return None
    if proved_lately():
        session.pop(WAITING, None)
        return None
    fields = request.form.items(multi=True)
    form = [(name, value) for name, value in fields if name != "csrf_token"]
    about = room(Register).person((request.view_args or {}).get("id", g.person.id))
    session[WAITING] = {
        "path": request.path, "words": words, "form": form,
        "about": about.name if about and about != g.person else "",
    }  # fmt: skip
    if sum(len(name) + len(value) for name, value in form) > _MOST_WAITING:
        session.pop(WAITING)
    return redirect(url_for("prove.ask"), code=303)


def _to_sign_in() -> ResponseReturnValue:
    # Only a page that was asked for is worth coming back to; a form's text cannot be sent again.
    if request.method == "GET":
        session["next"] = request.full_path.rstrip("?")
    address = url_for("people.sign_in")
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": address}
    return redirect(address, code=303)
