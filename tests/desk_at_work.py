"""Somebody at a desk: signed in to the record door of a demo instance, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.running import RunningInstance


class Desk:
    """One person's browser window on the record."""

    def __init__(self, browser: Browser, instance: RunningInstance, name: str):
        self.context = browser.new_context(viewport={"width": 1200, "height": 900})
        self.page = self.context.new_page()
        self.page.goto(instance.record_url)
        self.page.get_by_role("button", name=re.compile(f"^Sign in as {name}")).click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def open_first(self, queue: str) -> None:
        """Open the first entry of *To complete* or *To review*."""
        self.page.get_by_role("navigation").get_by_role("link", name=re.compile(queue)).click()
        expect(self.page.get_by_role("heading", name=queue, level=1)).to_be_visible()
        self.page.locator(".record-list__link").first.click()
        expect(self.page.locator("#captured")).to_be_visible()

    def captured(self) -> dict[str, str | None]:
        """The captured words as they stand on the page, every character of them."""
        captured = self.page.locator("#captured")
        return {
            "about": captured.locator(".record-facts__line").first.text_content(),
            "shared": captured.locator(".record-quote").first.text_content(),
        }

    def document_everything(self) -> None:
        """Go through the task list and answer what is required."""
        self._section("Why you shared, and what you left out")
        self._write("What did you want to happen?", "An officer at the address tonight.")
        self._write("Why was it necessary to share?", "The child could have been hurt.")
        self._write("What did you leave out, and why?", "Mother's health history: not needed.")
        self._save()
        self._section("Lawful basis")
        self._choose("What is the lawful basis?", re.compile("public task", re.IGNORECASE))
        self._save()
        self._section("Consent and who was told")
        self._choose("Was consent asked for?", "No")
        self._write("Why not, or why did you share all the same?", "It would have put him at risk.")
        self._choose("Was the child or a parent told?", "No, it was not safe to tell them")
        self._write(
            "Who was told and when, or why not", "The partner was there. Look again Friday."
        )
        self._save()
        self._section("Outcome and receipt")
        self._write("What happened next?", "Attended 21:50, incident 881.")
        self._save()

    def submit(self) -> None:
        """Check the answers, say *I made this share*, submit."""
        self.page.get_by_role("link", name="Check your answers").or_(
            self.page.get_by_role("button", name="Check your answers")
        ).first.click()
        self.page.get_by_label("I made this share").check()
        self.page.get_by_role("button", name="Submit").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Submitted")

    def decide(self, name: str) -> None:
        """Press one of the decisions that needs no words."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def history(self) -> list[str]:
        """What happened to the entry on the page, first thing first."""
        steps = self.page.locator(".record-history__what").all_inner_texts()
        return list(reversed(steps))

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def _section(self, title: str) -> None:
        self.page.get_by_role("link", name=title).click()
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()

    def _write(self, question: str, text: str) -> None:
        self.page.get_by_label(question, exact=False).fill(text)

    def _choose(self, question: str, answer: str | re.Pattern[str]) -> None:
        group = self.page.get_by_role("group", name=question)
        exact = isinstance(answer, str)
        group.get_by_role("radio", name=answer, exact=exact).first.check()

    def _save(self) -> None:
        self.page.get_by_role("button", name="Save and continue").click()
        expect(self.page.locator("#captured")).to_be_visible()
