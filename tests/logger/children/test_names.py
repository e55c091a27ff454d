"""Names as people write them: any text is taken, and what is one name gives one set of words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logger.children.marks import Kind, Marking, Marks, days_of, years_of
from logger.children.names import MOST_WORDS, reference_of, words_of
from logger.children.sounds import edition, keys_of, names_in
from logger.entries.capture import Child
from tests.desk_world import START

ANYTHING = st.text(max_size=60)
# Around one name: marks of direction, joiners, faces and blanks of other kinds.
STRANGE = st.text(
    st.sampled_from("\u200f\u200e\u202b\u2066\u2069\u200d\u00a0\u3000🙂👨\u200d👩\u200d👧❤️ ,."),
    max_size=8,
)
MARKING = Marking(bytes(32))


def marks(name: str, born: str = "", reference: str = "") -> Marks:
    return MARKING.of(name, born, reference, START)


@given(ANYTHING)
def test_any_text_gives_words_of_plain_letters(name: str) -> None:
    words = words_of(name)
    assert len(words) <= MOST_WORDS
    for word in words:
        assert word.isascii()
        assert word.isalpha()
        assert word == word.lower()
        assert 1 <= len(keys_of(word)) <= 4


@given(ANYTHING)
def test_a_name_means_the_same_however_its_letters_are_composed(name: str) -> None:
    assert words_of(unicodedata.normalize("NFD", name)) == words_of(
        unicodedata.normalize("NFC", name)
    )


@given(STRANGE, STRANGE, STRANGE)
def test_what_is_no_letter_changes_no_name(before: str, between: str, after: str) -> None:
    around = f"{before}Siân{between} Rees{after}"
    assert words_of(around) == ("sian", "rees")


@given(ANYTHING, ANYTHING, ANYTHING)
def test_any_words_can_be_marked_and_kept(name: str, born: str, reference: str) -> None:
    found = marks(name, born, reference)
    assert Marks.from_bytes(found.to_bytes()) == found
    assert found == marks(name, born, reference)
    assert len(found.found_by()) < 120


@given(st.integers(-(2**53), 2**53), st.text(max_size=40))
def test_an_age_at_any_time_is_taken(at: int, born: str) -> None:
    assert len(years_of(born, at)) in (0, 3)


@pytest.mark.parametrize("name", ["", "   ", "🙂", "\u200f\u200f", "12", "-", "\u0301"])
def test_no_name_has_no_marks_of_a_name(name: str) -> None:
    assert marks(name) == Marks(frozenset())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siân Rees", "REES, Sian"), ("Łukasz", "lukasz"), ("O\u2019Brien", "OBrien"),
        ("Mr. Osian Rees", "Osian Rees, about 4"),
        ("Mc Donald", "McDonald"), ("محمد", "\u202bمحمد\u202c"),
        ("\uff33\uff49\uff41\uff4e", "Sian"), ("Zoe\u0308", "Zoë"),
    ],
)  # fmt: skip
def test_one_name_written_in_two_ways_is_one(one: str, other: str) -> None:
    assert marks(one).kind(Kind.NAME) == marks(other).kind(Kind.NAME) != frozenset()


def test_somebody_called_nothing_but_a_word_that_is_left_out_keeps_it() -> None:
    assert names_in(("baby",)) == ("baby",)
    assert names_in(("baby", "jack", "morris")) == ("jack", "morris")


def test_without_the_key_a_mark_tells_nothing_and_kinds_never_meet() -> None:
    other = Marking(b"\1" * 32).of("Siân Rees", "12/03/2017", "NHS 944 476", START)
    mine = marks("Siân Rees", "12/03/2017", "NHS 944 476")
    assert {mark for _, mark in mine.of} & {mark for _, mark in other.of} == set()
    assert len({mark for _, mark in mine.of}) == len(mine.of)


@pytest.mark.parametrize(
    ("born", "days"),
    [
        ("2017-03-12", ["2017-03-12"]), ("12/03/2017", ["2017-03-12", "2017-12-03"]),
        ("born 25.12.2016", ["2016-12-25"]), ("31/02/2017", []), ("6", []), ("", []),
    ],
)  # fmt: skip
def test_a_day_of_birth_is_read_as_people_write_it(born: str, days: list[str]) -> None:
    assert [day.isoformat() for day in days_of(born)] == days


@pytest.mark.parametrize(
    ("born", "year"),
    [
        ("6", 2020),
        ("about 6", 2020),
        ("aged 14", 2012),
        ("10 months", 2026),
        ("2019", 2019),
        ("12/03/2017", 2017),
    ],
)
def test_an_age_is_a_year_of_birth(born: str, year: int) -> None:
    assert years_of(born, START) == (year - 1, year, year + 1)


def test_a_description_is_no_name_and_an_unborn_baby_is_not_the_mother() -> None:
    described = Child(name="Boy in a red coat", unknown=True)
    assert MARKING.of_child(described, START) == Marks(frozenset())
    unborn = MARKING.of_child(Child(name="Kim Rees", unknown=False, who="unborn"), START)
    assert unborn.of.isdisjoint(marks("Kim Rees").of)


def test_a_reference_is_compared_without_blanks_and_strokes() -> None:
    assert reference_of("nhs 944-476/5870") == reference_of("NHS9444765870") == "NHS9444765870"
    assert reference_of("7") == ""


def test_another_edition_of_the_rules_would_be_noticed() -> None:
    assert len(edition()) == 16
