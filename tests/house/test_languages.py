"""Every word that people read is marked, and every marked word is there in Welsh."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from logger.directory import advice, recipients
from logger.law.pack import LawPack
from logger.settings import Settings
from logger.shell.words import LANGUAGES, plural_forms
from tests.house_plan import ROOT, name_of, sources

PO = ROOT / "translations/cy/LC_MESSAGES/messages.po"
# Shown before a phone trusts the doors, by the command for trials alone, whose words are English.
NOT_TRANSLATED = {"templates/lan/welcome.html"}
# Names of ours and of classes, not language.
NAMES = {"Sharelog", "· Sharelog"}
READ_ALOUD = {"aria-label", "placeholder", "alt", "title"}
HOLDS = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@cache
def marked() -> frozenset[object]:
    """What the sources mark: a text, or a pair of singular and plural."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options)
    return frozenset(message for _file, _line, message, _comments, _context in found)


@cache
def catalogue() -> Catalog:
    """The committed translation."""
    with PO.open("rb") as file:
        return read_po(file, locale="cy")


def messages() -> Iterator[tuple[Message, list[str], list[str]]]:
    """Each message with its English and its Welsh forms."""
    for message in catalogue():
        if message.id:
            english = [message.id] if isinstance(message.id, str) else list(message.id)
            welsh = [message.string] if isinstance(message.string, str) else list(message.string)
            yield message, english, welsh


def test_the_catalogue_holds_what_is_marked_and_nothing_else() -> None:
    held = {message.id for message, *_ in messages()}
    assert (held - marked(), marked() - held) == (set(), set()), "run: make words"
    assert not catalogue().obsolete


def test_every_word_is_there_in_welsh_and_none_is_a_guess() -> None:
    missing = [english[0] for _, english, welsh in messages() if not all(welsh)]
    assert missing == []
    assert [message.id for message, *_ in messages() if message.fuzzy] == []


def test_what_is_filled_in_is_the_same_in_welsh() -> None:
    for _, english, welsh in messages():
        wanted = set(HOLDS.findall(english[-1]))
        assert [one for one in welsh if set(HOLDS.findall(one)) != wanted] == []


def test_counted_words_have_all_six_forms() -> None:
    forms = plural_forms("cy")
    assert set(forms) == {"zero", "one", "two", "few", "many", "other"}
    for message, english, welsh in messages():
        assert len(english) == 1 or len(welsh) == len(forms), message.id
    places = [catalogue().plural_forms, list(forms)]
    assert "nplurals=6" in str(places[0])


class Visible(HTMLParser):
    """What of a template a person reads, without what stands in the braces of Jinja."""

    def __init__(self, text: str):
        super().__init__()
        self.words: list[str] = []
        self._silent = 0
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", text, flags=re.DOTALL)
        # An expression may hold the marks of HTML: none of it is the template's own text.
        self.feed(re.sub(r"\{\{.*?\}\}(?![},\]])", "", text, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in ("script", "style")
        self.words += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(" ".join(data.split()))


@pytest.mark.parametrize("file", sources("templates", ending=".html"), ids=name_of)
def test_a_template_says_nothing_that_is_not_marked(file: Path) -> None:
    if name_of(file) in NOT_TRANSLATED:
        return
    words = Visible(file.read_text()).words
    # A macro may give attributes alone.
    said = [one for one in words if re.search(r"[A-Za-z]{2}", one) and '="' not in one]
    assert [one for one in said if one not in NAMES] == []


@pytest.mark.parametrize("file", sources("templates", ending=".html"), ids=name_of)
def test_a_component_is_given_nothing_that_is_not_marked(file: Path) -> None:
    given = r'"(?:text|html|titleText|iconFallbackText|label|hint)": *"[A-Za-z]'
    assert not re.search(given, file.read_text())


@pytest.mark.parametrize("file", sources("templates", ending=".html"), ids=name_of)
def test_a_component_is_given_an_error_that_is_called_one_in_the_language_of_the_page(
    file: Path,
) -> None:
    assert not re.search(r'"errorMessage": *\{', file.read_text()), "use the filter as_error"


def test_the_lists_of_recipients_and_advice_are_complete_in_welsh() -> None:
    for path in (recipients.SHIPPED, advice.DEMO):
        for label in labels(tomllib.loads(path.read_text())):
            assert set(label) == set(LANGUAGES), label
            assert all(label.values()), label


def test_the_law_is_complete_in_welsh() -> None:
    for row in LawPack.read().rows:
        welsh = row.said("cy")
        assert row.cy is not None, row.code
        assert all((welsh.name, welsh.text, welsh.source)), row.code
        assert bool(welsh.warning) == bool(row.warning), row.code


def labels(value: object) -> Iterator[dict[str, str]]:
    """Every table of a file that says something in a language."""
    if isinstance(value, dict):
        if "en" in value:
            yield value
        else:
            for one in value.values():
                yield from labels(one)
    elif isinstance(value, list):
        for one in value:
            yield from labels(one)


def test_the_phone_gets_each_counted_word_in_every_form_of_each_language(tmp_path: Path) -> None:
    from flask import Flask

    from logger.shell.pages import shell_blueprint

    app = Flask("door", static_folder=None)
    app.register_blueprint(shell_blueprint(Settings(tmp_path, "Northside")))
    for language in LANGUAGES:
        page = app.test_client().get(f"/{language}").get_data(as_text=True)
        assert f'<html lang="{language}"' in page
        keys = set(re.findall(r'data-word="([^"]+)"', page))
        counted = {key.removesuffix(".other") for key in keys if key.endswith(".other")}
        assert counted
        for key in counted:
            assert {f"{key}.{form}" for form in plural_forms(language)} <= keys
