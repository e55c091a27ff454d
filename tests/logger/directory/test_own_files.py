"""An organisation writes its own lists and its own advice, and is told what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from logger.directory.advice import Advice
from logger.directory.own_file import DirectoryUnreadable
from logger.directory.publish import NAME, DirectoryDocument, publish
from logger.directory.recipients import Directory
from logger.settings import Settings
from sync.frames import read_document
from sync.store_sqlite import SqliteStore
from tests.events import NOW, a_signer
from tests.house_plan import ROOT

# https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
INVENTED = re.compile(r"01632 960\d{3}")
FOR_EVERYONE = {"999", "101", "111", "0808 800 5000"}

DUTY = """
[[recipients]]
code = "duty-desk"
kind = "social-care"
number = "01632 960123"
label = { en = "Duty desk" }
note = { en = "Day and night" }
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, "Northside")


def write(settings: Settings, name: str, text: str) -> None:
    (settings.folder / name).write_text(text, encoding="utf-8")


def test_own_recipients_replace_the_shipped_ones_and_leave_the_other_lists(
    settings: Settings,
) -> None:
    write(settings, "directory.toml", DUTY)
    directory = Directory.of(settings)
    assert [one.code for one in directory.recipients] == ["duty-desk"]
    assert directory.why == Directory.read().why
    assert directory.favourites == ()


def test_a_label_without_welsh_stands_for_both_languages(settings: Settings) -> None:
    write(settings, "directory.toml", DUTY)
    assert Directory.of(settings).recipient("duty-desk", "cy") == "Duty desk"


def test_an_entry_about_a_recipient_no_longer_listed_still_reads_as_words(
    settings: Settings,
) -> None:
    write(settings, "directory.toml", DUTY)
    assert Directory.of(settings).recipient("police-101", "en") == "Police (101)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DUTY.replace("01632 960123", "ask Jo"), "is not a telephone number"),
        (DUTY.replace("duty-desk", "Duty desk!"), "recipients[0].code"),
        (DUTY + DUTY, "duty-desk is given twice"),
        ('favourites = ["gone"]' + DUTY, "no recipient has the code gone"),
        (DUTY.replace("label =", "lable ="), "lable"),
        ("[[recipients]]\ncode = ", "directory.toml cannot be used"),
    ],
)
def test_a_file_that_would_mislead_is_refused_in_a_sentence(
    settings: Settings, text: str, said: str
) -> None:
    write(settings, "directory.toml", text)
    with pytest.raises(DirectoryUnreadable, match=re.escape(said)) as refused:
        Directory.of(settings)
    assert "directory.toml" in str(refused.value)


def test_only_the_demo_has_numbers_of_its_own_and_all_are_invented(settings: Settings) -> None:
    real = {one.number for one in Directory.of(settings).recipients}
    assert real <= FOR_EVERYONE | {""}
    demo = replace(settings, demo=True)
    numbers = {one.number for one in Directory.of(demo).recipients}
    numbers |= {one.number for one in Advice.of(demo).contacts}
    local = numbers - FOR_EVERYONE - {""}
    assert len(local) > 6
    assert [number for number in local if not INVENTED.fullmatch(number)] == []


def test_advice_is_nothing_until_the_organisation_writes_it(settings: Settings) -> None:
    assert Advice.of(settings) == Advice()
    write(
        settings,
        "advice.toml",
        '[[text]]\nheading = { en = "Ours" }\ntext = { en = "<b>Ask</b> first." }\n'
        '[[contacts]]\nlabel = { en = "Lead" }\nnumber = "01632 960140"\n',
    )
    advice = Advice.of(settings)
    assert advice.text[0].text.en == "<b>Ask</b> first."
    assert advice.contacts[0].label.cy == "Lead"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[contacts]]\nlabel = { en = "Lead" }\nnumber = "soon"\n', "not a telephone number"),
        ('[[text]]\nheading = { en = "Ours" }\n', "text"),
        ('[[text]]\nheading = { en = "A" }\ntext = { en = "a" }\n' * 13, "12"),
    ],
)
def test_advice_that_cannot_be_shown_is_refused_in_a_sentence(
    settings: Settings, text: str, said: str
) -> None:
    write(settings, "advice.toml", text)
    with pytest.raises(DirectoryUnreadable, match=said) as refused:
        Advice.of(settings)
    assert "advice.toml" in str(refused.value)


def test_phones_get_numbers_favourites_and_advice_in_the_signed_document(
    settings: Settings, tmp_path: Path
) -> None:
    store = SqliteStore.create(tmp_path / "ledger.db", bytes(16))
    demo = replace(settings, demo=True)
    directory, advice = Directory.of(demo), Advice.of(demo)
    publish(store, demo, directory, advice, a_signer("publishing"), NOW)
    raw = store.outgoing(NAME)
    assert raw is not None
    document = read_document(raw, DirectoryDocument)
    assert document.advice == advice
    assert document.favourites == directory.favourites
    assert "01632 960120" in {one.number for one in document.recipients}


def test_the_examples_of_the_documents_can_be_used_as_they_stand(settings: Settings) -> None:
    text = (ROOT / "docs/running.md").read_text()
    examples = dict(re.findall(r"```toml\n# (\S+\.toml)\n(.*?)```", text, re.DOTALL))
    for name in ("directory.toml", "advice.toml"):
        write(settings, name, examples[name])
    assert len(Directory.of(settings).recipients) == 2
    assert Advice.of(settings).contacts
