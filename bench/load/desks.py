"""People at their desks: supervisors who open entries by htmx, and many who sign in at once."""

from __future__ import annotations

import asyncio
import random
import re
import time
from urllib.parse import urlencode
from uuid import UUID

import pyotp

from bench.load.ground import PASSWORD, SECRET, Ground
from bench.load.line import Heard, Tally, ask, at, request
from logger.people.person import Person

_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_FORM = "application/x-www-form-urlencoded"
# Every so many entries the list is looked at again.
_LIST_AFTER = 4


class Browser:
    """One browser without scripts: a cookie and the token of its forms."""

    def __init__(self, ground: Ground):
        self._port, self._host = ground.instance.record_port, ground.record_host
        self._cookie, self._token = "", ""

    async def get(self, path: str, **headers: str) -> Heard:
        """A page."""
        heard = await ask(self._port, self._request("GET", path, b"", **headers))
        self._keep(heard)
        return heard

    async def post(self, path: str, **values: str) -> Heard:
        """A form, with the token of the last page that had one."""
        body = urlencode({**values, "csrf_token": self._token}).encode()
        heard = await ask(self._port, self._request("POST", path, body, Content_Type=_FORM))
        self._keep(heard)
        return heard

    async def become(self, person: Person) -> None:
        """Sign in with password and code."""
        await self.get("/sign-in")
        await self.post("/sign-in", email=person.email, password=PASSWORD)
        await self.get("/sign-in/code")
        heard = await self.post("/sign-in/code", code=pyotp.TOTP(SECRET).now())
        if heard.status != 303:
            raise RuntimeError(f"sign-in: {heard.status}")

    def _request(self, method: str, path: str, body: bytes, **headers: str) -> bytes:
        return request(self._host, method, path, body, Cookie=self._cookie, **headers)

    def _keep(self, heard: Heard) -> None:
        if "set-cookie" in heard.headers:
            self._cookie = heard.headers["set-cookie"].split(";")[0]
        if found := _TOKEN.search(heard.body):
            self._token = found[1].decode()


async def signed_in(ground: Ground) -> list[Browser]:
    """The browsers of everybody who supervises."""
    browsers = [Browser(ground) for _ in ground.supervisors]
    for browser, person in zip(browsers, ground.supervisors, strict=True):
        await browser.become(person)
    return browsers


async def supervise(
    browsers: list[Browser], ground: Ground, openings: int, seconds: float, tally: Tally
) -> None:
    """They open entries, `openings` between them, and look at the list."""
    each = max(1, openings // len(browsers))
    tally.begun = time.monotonic()
    await asyncio.gather(
        *(
            _one_supervises(browser, entries, each, seconds / each, tally)
            for browser, entries in zip(browsers, ground.entries, strict=True)
        )
    )


async def _one_supervises(
    browser: Browser, entries: list[UUID], times: int, pause: float, tally: Tally
) -> None:
    begun = tally.begun + random.random() * pause
    for number in range(times):
        await at(begun + number * pause)
        await _see(browser, f"/review/{entries[number % len(entries)]}", tally)
        if number % _LIST_AFTER == 0:
            await _see(browser, "/to-review", tally)


async def _see(browser: Browser, path: str, tally: Tally) -> None:
    begun = time.monotonic()
    try:
        heard = await browser.get(path, HX_Request="true")
    except (OSError, EOFError) as error:
        tally.otherwise[type(error).__name__] += 1
        return
    if heard.status == 200:
        tally.took(time.monotonic() - begun)
    else:
        tally.otherwise[str(heard.status)] += 1


async def storm(ground: Ground, count: int, seconds: float, tally: Tally) -> None:
    """So many sign in with their passwords within this time, all from one office's address."""
    tally.begun = time.monotonic()
    await asyncio.gather(
        *(
            _sign_in(ground, ground.emails[n % len(ground.emails)], n * seconds / count, tally)
            for n in range(count)
        )
    )


async def _sign_in(ground: Ground, email: str, after: float, tally: Tally) -> None:
    await at(tally.begun + after)
    browser, begun = Browser(ground), time.monotonic()
    try:
        await browser.get("/sign-in")
        heard = await browser.post("/sign-in", email=email, password=PASSWORD)
    except (OSError, EOFError) as error:
        tally.otherwise[type(error).__name__] += 1
        return
    if heard.status == 303:
        tally.took(time.monotonic() - begun)
    else:
        again = heard.headers.get("retry-after")
        tally.otherwise[f"{heard.status}" + (f", again in {again} s" if again else "")] += 1
