"""The picker offers what was law on the day, for this kind of organisation in this nation."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from logger.law.pack import LawPack, LawPackUnreadable
from logger.settings import Kind, Nation

PACK = LawPack.read()
BEFORE, FROM = date(2026, 2, 4), date(2026, 2, 5)
KINDS: tuple[Kind, ...] = ("council", "school", "health", "police", "voluntary")
NATIONS: tuple[Nation, ...] = ("england", "wales", "scotland", "northern-ireland")


def codes(on: date, kind: Kind, nation: Nation = "england") -> set[str]:
    return {row.code for row in PACK.offered(on, kind, nation).rows}


@pytest.mark.parametrize("row", PACK.rows, ids=lambda row: row.code)
def test_every_row_begins_on_its_first_day_and_ends_after_its_last(row: object) -> None:
    first = row.valid_from  # type: ignore[attr-defined]
    assert row.in_force(first)  # type: ignore[attr-defined]
    assert not row.in_force(first - timedelta(days=1))  # type: ignore[attr-defined]
    last = row.valid_to  # type: ignore[attr-defined]
    if last is not None:
        assert row.in_force(last)  # type: ignore[attr-defined]
        assert not row.in_force(last + timedelta(days=1))  # type: ignore[attr-defined]


def test_recognised_legitimate_interest_begins_on_5_february_2026() -> None:
    assert "6-1-ea" not in codes(BEFORE, "voluntary")
    assert "6-1-ea" in codes(FROM, "voluntary")


@pytest.mark.parametrize("kind", ["council", "school", "health", "police"])
def test_public_authorities_are_offered_no_legitimate_interest(kind: Kind) -> None:
    assert not codes(FROM, kind) & {"6-1-ea", "6-1-f"}
    assert "6-1-e" in codes(FROM, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nation", NATIONS)
def test_traps_are_never_offered(kind: Kind, nation: Nation) -> None:
    offered = codes(date(2027, 1, 1), kind, nation)
    assert not offered & {"6-1-ea-emergency", "6-1-b", "ca-2004-16la"}


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_has_a_basis_and_the_safeguarding_condition_with_three_reasons(
    kind: Kind,
) -> None:
    for nation in NATIONS:
        choices = PACK.offered(FROM, kind, nation)
        assert choices.part("basis")
        assert choices.row("9-2-g-18")
        assert len(choices.part("reason")) == 3


def test_the_civil_contingencies_trap_is_warned_of_beside_the_choice() -> None:
    row = PACK.offered(FROM, "voluntary", "england").row("6-1-ea")
    assert row is not None
    assert "Civil Contingencies Act 2004" in row.warning


def test_england_and_wales_each_have_their_own_powers() -> None:
    english, welsh = codes(FROM, "council"), codes(FROM, "council", "wales")
    assert "ca-1989-47" in english - welsh
    assert "ssw-2014-130" in welsh - english
    for nation in ("scotland", "northern-ireland"):
        choices = PACK.offered(FROM, "council", nation)  # type: ignore[arg-type]
        assert not choices.part("power")


def test_only_the_police_are_offered_the_law_enforcement_purpose() -> None:
    assert [kind for kind in KINDS if "part-3" in codes(FROM, kind)] == ["police"]


def test_every_row_has_a_source_and_nothing_unverified_is_called_checked() -> None:
    assert all(row.source for row in PACK.rows)
    unverified = {"9-2-c", "9-2-b", "10-18-36", "part-3", "ca-2004-16la", "ssw-2014-130"}
    assert not {row.code for row in PACK.rows if row.checked} & unverified


def test_a_code_stands_once_for_any_day() -> None:
    for one in PACK.rows:
        others = [row for row in PACK.rows if row.code == one.code and row is not one]
        assert not [row for row in others if row.in_force(one.valid_from)]


@pytest.mark.parametrize("text", ["", "nonsense", 'name = "x"\n[[rows]]\ncode = "a"', "rows = 1"])
def test_a_pack_of_another_shape_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(text)
    with pytest.raises(LawPackUnreadable):
        LawPack.read(path)
