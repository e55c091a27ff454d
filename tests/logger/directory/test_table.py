"""A file of recipients: every bad row is named, nothing is half taken, all comes back as it was."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logger.directory.changes import in_parts
from logger.directory.happened import Recipient
from logger.directory.kinds import KINDS
from logger.directory.own_file import Label
from logger.directory.table import MOST_BYTES, NotATable, plan, rows_of, written
from logger.directory.written import NO_KIND, NO_NUMBER, NOT_YET, code_for

TODAY = date(2026, 11, 25)
POLICE = Recipient(code="police-999", label=Label("Police (999)"), kind="police", number="999")
LINE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30
).map(str.strip).filter(bool)  # fmt: skip


def planned(text: str | bytes, *everyone: Recipient):
    raw = text if isinstance(text, bytes) else text.encode()
    return plan(rows_of(raw), everyone, KINDS, TODAY)


def test_a_row_of_name_and_kind_is_a_new_recipient_with_a_code_of_its_own() -> None:
    found = planned("name,kind,number\nDuty desk · Æ North,social-care,01632 960123\n")
    assert [one.code for one in found.added] == ["duty-desk-north"]
    assert found.added[0].label == Label("Duty desk · Æ North")
    assert found.added[0].needs_agreement
    assert not found.bad


def test_a_known_code_changes_what_the_file_says_and_leaves_the_rest() -> None:
    before = Recipient(
        code="police-999", label=Label("Police", "Heddlu"), kind="police", number="999",
        secure="desk@police.example", favourite=True,
    )  # fmt: skip
    found = planned("code,hours\npolice-999,Day and night\n", before)
    assert not found.bad
    (changed,) = found.changed
    assert changed.columns == ("hours",)
    assert changed.recipient.secure == "desk@police.example"
    assert changed.recipient.favourite
    assert changed.recipient.label.cy == "Heddlu"
    assert planned("code,number\npolice-999,999\n", before).same == 1


def test_each_bad_row_is_named_with_its_line_column_and_what_is_wrong() -> None:
    found = planned(
        "name,kind,number,last_checked,retired\n"
        'Good,police,101,2026-11-01,no\n\n"Two\nlines",police,,,\n'
        "Bad kind,wizard,,,\nBad number,police,call me,,\nTomorrow,police,,26/11/2026,\n"
        "Maybe,police,,,maybe\nGood,police,,,\nToo,police,,,,many\n"
    )
    said = [(one.line, one.column) for one in found.bad]
    assert said == [
        (4, "name"), (6, "kind"), (7, "number"), (8, "last_checked"), (9, "retired"),
        (10, "code"), (11, ""),
    ]  # fmt: skip
    why = {one.line: one.why for one in found.bad}
    assert (why[6], why[7], why[8]) == (NO_KIND, NO_NUMBER, NOT_YET)
    assert next(one.given for one in found.bad if one.line == 6) == "wizard"


def test_a_new_name_that_makes_a_known_code_is_asked_about() -> None:
    assert planned("name,kind\nPolice 999,police\n", POLICE).bad[0].line == 2


@pytest.mark.parametrize("sep", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_separators_and_line_ends_of_spreadsheets_are_understood(
    sep: str, mark: str, end: str
) -> None:
    lines = [["Name", "Kind", "Last checked"], ["A, B; C", "health", "01/11/2026"]]
    quoted = (sep.join(f'"{cell}"' for cell in line) + end for line in lines)
    (one,) = planned(mark + "".join(quoted)).added
    assert (one.label.en, one.checked_on) == ("A, B; C", "2026-11-01")


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", 0), (b"\n\n", 0), (b"name,kind\n", 0), (b"hello", 1), (b"name,name\nx,y\n", 1),
        (b"kind\npolice\n", 0), (b"name,kind\n\xff\xfea,police\n", 2), (b"PK\x03\x04\0\0", 0),
        (b'name,kind\n"a"b,police\n', 2), (b"x" * (MOST_BYTES + 1), 0),
        (b"name,kind\n" + b"a,police\n" * 2_001, 2_002),
        (b'name,kind\n"' + b"a" * 200_000 + b'",police\n', 2),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_a_sentence(raw: bytes, line: int) -> None:
    with pytest.raises(NotATable) as refused:
        rows_of(raw)
    assert refused.value.public_message.endswith((".", "?"))
    assert refused.value.line == line


@given(LINE, LINE, st.sampled_from(["", "+44 1632 960123", "999"]), st.booleans())
def test_what_was_exported_comes_back_as_it_was_and_nothing_calculates(
    name: str, hours: str, number: str, yes: bool
) -> None:
    one = Recipient(
        code="one", label=Label(name), kind="police", number=number, hours=Label(hours),
        favourite=yes, needs_agreement=not yes, retired=yes, checked_on="2026-11-25",
    )  # fmt: skip
    raw = written([one])
    found = planned(raw, one)
    assert (found.bad, found.changed, found.same) == ([], [], 1)
    for _line, cells in rows_of(raw):
        assert cells["number"] == number
    assert b"\r\n+" not in raw
    assert b",+" not in raw


def test_codes_are_made_of_what_can_stand_in_one() -> None:
    assert code_for("Children's social care (MASH)") == "childrens-social-care-mash"
    assert code_for("Tŷ Gobaith / Ysbyty") == "ty-gobaith-ysbyty"
    assert code_for("شرطة") == ""
    assert planned("name,kind\nشرطة,police\n").bad[0].column == "code"


def test_a_long_list_comes_in_parts_and_none_is_lost_or_moved() -> None:
    many = [
        Recipient(code=f"r{number}", label=Label("x" * 150), kind="police") for number in range(300)
    ]
    parts = in_parts(many, most=10_000)
    assert len(parts) > 3
    assert [one for part in parts for one in part] == many
