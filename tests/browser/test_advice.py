"""Advice in a real browser: asked, answered, quoted and found, without script, open to everyone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from logger.people.person import Role
from tests.desk_served import Served, served

pytestmark = pytest.mark.browser


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as world:
        role = Role.DATA_PROTECTION_OFFICER
        world.rooms.add_person("Priya Nair", "priya@example.org", role, "")
        yield world


def test_a_question_comes_back_as_advice_taken(world: Served, chromium: Browser) -> None:
    entry = world.capture(world.dana)
    ours, theirs = chromium.new_context(), chromium.new_context()
    author = world.open(ours, "Dana Price", f"/entries/{entry}/consent")
    author.get_by_role("link", name="Ask the data protection team").click()
    author.get_by_role("button", name="Ask", exact=True).click()
    expect(author.get_by_role("alert")).to_contain_text("Write something first.")
    author.get_by_label("What do you want to know?").fill("May I name the aunt?")
    author.get_by_role("button", name="Ask", exact=True).click()
    expect(author.get_by_role("status")).to_contain_text("Asked.")

    officer = world.open(theirs, "Priya Nair", "/advice")
    officer.get_by_role("link", name="About: Consent and who was told").click()
    officer.get_by_label("Your advice").fill("Yes, where it protects the child.")
    officer.get_by_label("Title of the general advice").fill("Naming relatives")
    officer.get_by_label("General advice", exact=True).fill("Only where it protects the child.")
    officer.get_by_role("button", name="Answer").click()
    expect(officer.get_by_text("No question waits.")).to_be_visible()

    author.goto(world.origin + "/to-complete")
    author.get_by_role("link", name="Advice (1)").click()
    author.get_by_role("link", name="Answered").click()
    author.get_by_role("button", name="Use as advice taken").click()
    expect(author.get_by_label("What did they say?")).to_have_value(
        "Yes, where it protects the child."
    )
    author.goto(world.origin + "/advice/general?q=relatives")
    expect(author.get_by_role("heading", name="Naming relatives")).to_be_visible()
    officer.goto(world.origin + "/advice/general")
    ours.close()
    theirs.close()


def test_asking_and_answering_need_no_script(world: Served, chromium: Browser) -> None:
    entry = world.capture(world.dana)
    context = chromium.new_context(java_script_enabled=False)
    page = world.open(context, "Dana Price", f"/entries/{entry}/ask")
    page.get_by_label("What do you want to know?").fill("Which form?")
    page.get_by_role("button", name="Ask", exact=True).click()
    page = world.open(chromium.new_context(java_script_enabled=False), "Priya Nair", "/advice")
    page.get_by_role("link", name="About the whole entry").click()
    page.get_by_label("Your advice").fill("None.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("status")).to_contain_text("Answered.")
    page.context.close()
    context.close()
