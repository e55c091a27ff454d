"""What others would try first is refused; what is long and belongs together for nobody is taken."""

from __future__ import annotations

import time

import pytest

from logger.guessable import EasilyGuessed, NamesYou, check_hard_to_guess

NAMES = ("mair.rees@northside.example", "mair.rees", "Northside Council")


@pytest.mark.parametrize(
    "common",
    [
        "123456789012", "password1234", "P@ssw0rd1234", "qwertyuiop[]", "1q2w3e4r5t6y",
        "iloveyou1234", "letmeinplease", "aaaaaaaaaaaa", "abcabcabcabc", "liverpoolfc1",
        "administrator", "monkeymonkey", "24112026 1234", "Croeso2026!!", "Llanelli2026!",
        "Safeguarding1", "Cyfrinair2026", "a" * 1024, "password" * 100,
    ],
)  # fmt: skip
def test_common_words_rows_of_keys_dates_and_repeats_are_refused(common: str) -> None:
    with pytest.raises(EasilyGuessed) as refused:
        check_hard_to_guess(common, NAMES)
    assert "three or four words" in str(refused.value)


@pytest.mark.parametrize(
    "naming",
    [
        "northsidecouncil and rain", "NORTHSIDE-COUNCIL! and rain", "Ｎorthside council rain",
        "lamps mair.rees lamps", "mair_rees at the quiet lake", "my sharelog is very quiet",
    ],
)  # fmt: skip
def test_ones_own_address_and_organisation_are_refused_however_they_are_written(
    naming: str,
) -> None:
    with pytest.raises(NamesYou) as refused:
        check_hard_to_guess(naming, NAMES)
    assert naming not in str(refused.value)


def test_what_is_known_of_a_person_makes_it_easier() -> None:
    check_hard_to_guess("gwenllian1984", ())
    with pytest.raises(EasilyGuessed):
        check_hard_to_guess("gwenllian1984", (), known=("Gwenllian ap Rhys",))


@pytest.mark.parametrize(
    "fine",
    [
        "three quiet lamps", "trugarog bychan nos", "correct horse battery staple", "ысквм ещё раз",
        "jf83jd0s8fj2", "annwyl iawn yw'r môr", "🦉🌧️ a lamp and nobody", "x1 " * 3 + "quiet lamps",
    ],
)  # fmt: skip
def test_length_is_enough_and_no_kind_of_character_is_asked_for(fine: str) -> None:
    check_hard_to_guess(fine, NAMES)


def test_names_of_three_letters_forbid_nothing() -> None:
    check_hard_to_guess("enhsance the quiet lamps", ("NHS", "al"))


def test_what_was_made_to_take_long_takes_no_longer_than_a_page() -> None:
    slow = "4@8({[</369&#!1/|0$5+7%2/" * 40
    began = time.process_time()
    check_hard_to_guess(slow, NAMES)
    assert time.process_time() - began < 5
