"""Tables as CSV for a spreadsheet: RFC 4180, with a mark that says UTF-8.

Promises: no cell can become a formula, whoever wrote it; a number stays a number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# A spreadsheet calculates what begins so, and skips spaces before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 the wide ones are meant
MARK = "\ufeff"
Cell = str | int


def to_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as the bytes of a file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return (MARK + text.getvalue()).encode()


def as_meant(cell: str) -> str:
    """A cell that came back from a spreadsheet, without the mark that kept it from calculating."""
    return cell[1:] if cell.startswith("'") and _calculates(cell) else cell


def _harmless(cell: Cell) -> Cell:
    # A mark that stood there before gets a second one, so that it comes back.
    return "'" + cell if isinstance(cell, str) and _calculates(cell) else cell


def _calculates(cell: str) -> bool:
    return cell.lstrip("' \u00a0").startswith(_FORMULA)
