"""The stage on which the desk is brought into a state: one organisation, one language, everybody.

What the door answers is asked of the real door, as whoever it is about; a browser can then show the
answer as it stands, also one to a form. Everything is found by address and by name of a field,
because the same walk goes through every language.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, Route
from werkzeug.test import TestResponse

from logger.people.person import Person, Role
from tests.desk_world import World
from tests.page_inspector import Page as Inspected
from tests.page_inspector import inspect

ORIGIN = "http://record.localhost:8001"
# Nothing is shown there: files, redirects, and answers for machines.
NO_PAGE = {
    "directory.export", "law.file", "overview.sheet", "people.choose_language", "review.home",
    "say_alive", "say_ready", "security_txt", "static_file",
}  # fmt: skip


class DeskStage:
    """`answer` is what stands on the screen now, `seen` every address that was shown."""

    def __init__(self, folder: Path, language: str):
        self.world, self.language = World(folder, record_origin=ORIGIN), language
        add = self.world.rooms.add_person
        self.eira = add("Eira Wyn", "eira@example.org", Role.PRACTITIONER, "North")
        self.gwen = add("Gwen Parry", "gwen@example.org", Role.GOVERNANCE, "")
        self.priya = add("Priya Nair", "priya@example.org", Role.DATA_PROTECTION_OFFICER, "")
        self.bryn = add("Bryn Tate", "bryn@example.org", Role.ADMINISTRATOR, "")
        self.seen: set[tuple[str, int]] = set()
        self._clients: dict[Person | None, tuple[int, FlaskClient]] = {}
        self._who: Person | None = None
        self.answer: TestResponse

    def go(self, who: Person | None, path: object) -> Inspected:
        """This person opens an address."""
        self._who = who
        return self._stands(self._client(who).get(str(path), follow_redirects=True))

    def send(self, action: object, to: str = "", **values: object) -> Inspected:
        """They send a form of the page that stands there, some of it filled in otherwise."""
        form = {**inspect(self.answer.text).form_values(str(action)), **values}
        client = self._client(self._who)
        return self._stands(client.post(to or str(action), data=form, follow_redirects=True))

    def autosave(self, action: str, **values: object) -> None:
        """What is typed is kept as a draft; the page stays."""
        form = {**inspect(self.answer.text).form_values(action), **values}
        headers = {"HX-Request": "true"}
        kept = self._client(self._who).post(f"{action}/draft", data=form, headers=headers)
        assert kept.status_code == 200, kept.text

    def show(self, page: Page) -> None:
        """Put what stands there into a browser that was opened with `opened`."""
        page.goto(ORIGIN + self.answer.request.full_path.rstrip("?"))

    def opened(self, context: BrowserContext) -> Page:
        """A page of this browser, on which this stage can be seen."""

        def fulfil(route: Route) -> None:
            answer, path = self.answer, urlsplit(route.request.url).path
            if not route.request.is_navigation_request():
                answer = files[path] = files.get(path) or self._client(None).get(path)
            headers = {name: value for name, value in answer.headers if name != "Set-Cookie"}
            route.fulfill(status=answer.status_code, headers=headers, body=answer.data)

        files: dict[str, TestResponse] = {}

        context.route("**/*", fulfil)
        return context.new_page()

    def _stands(self, answer: TestResponse) -> Inspected:
        self.answer, request = answer, answer.request
        urls = self.world.app.url_map.bind("record.localhost")
        if urls.test(request.path, request.method):
            endpoint, _values = urls.match(request.path, request.method)
            self.seen.add((endpoint, answer.status_code))
        return inspect(answer.text)

    def _client(self, who: Person | None) -> FlaskClient:
        """Signed in anew when days have passed: the session has, too."""
        since, client = self._clients.get(who, (0, None))
        if client is None or self.world.now - since > 3_600_000:
            client = self.world.browser(who).client
            client.get(f"/language/{self.language}")
            self._clients[who] = (self.world.now, client)
        return client
