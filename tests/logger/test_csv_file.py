"""A file for a spreadsheet: nothing in it calculates, and every cell comes back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logger.csv_file import MARK, as_meant, to_csv

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))


def read(body: bytes) -> list[list[str]]:
    text = body.decode()
    assert text.startswith(MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), strict=True))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "\u00a0@"])  # noqa: RUF001
def test_what_a_spreadsheet_would_calculate_is_text(start: str) -> None:
    assert read(to_csv([[f"{start}1+1"]])) == [[f"'{start}1+1"]]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=4))
def test_every_cell_comes_back_and_none_begins_a_formula(rows: list[list[str]]) -> None:
    found = read(to_csv(rows))
    for row, back in zip(rows, found, strict=True):
        assert [as_meant(one) for one in back] == row
        assert not any(one.startswith(("=", "+", "-", "@", "\t", "\r")) for one in back)


def test_lines_end_and_cells_are_quoted_as_the_rfc_says() -> None:
    assert to_csv([["Who", "Shares"], ['Police, "999"', 12]]) == (
        b"\xef\xbb\xbf" + b'Who,Shares\r\n"Police, ""999""",12\r\n'
    )
