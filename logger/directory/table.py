"""The directory as a table in a file: written for a spreadsheet, read back, and judged. Pure.

Promises: every row that cannot be taken is named, with its line and what is wrong; with one such
row nothing is taken; what was exported comes back as it was, and no cell of it calculates.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from logger.csv_file import MARK, as_meant, to_csv
from logger.directory.happened import Recipient
from logger.directory.written import COLUMNS, read, values_of
from logger.errors import LoggerError
from logger.shell.words import N_

MOST_BYTES = 1024 * 1024
MOST_ROWS = 2_000
_DELIMITERS = ",;\t"

TWICE = N_("The same recipient stands in an earlier line as well.")
NAME_KNOWN = N_("There is a recipient with this name. Give its code, or write another name.")
TOO_MANY_CELLS = N_("There are more cells in this line than columns at the top.")


class NotATable(LoggerError):
    """A file that cannot be read as this table at all; the sentence says why."""

    code = "directory.not_a_table"
    status = 422

    def __init__(self, why: str, line: int = 0, given: str = ""):
        super().__init__(why)
        self.public_message, self.line, self.given = why, line, given


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be taken: where, which column, what is wrong, what was written."""

    line: int
    column: str
    why: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Differing:
    """A recipient that would change, and in which columns."""

    recipient: Recipient
    columns: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """What would happen if the file were taken; with anything in `bad`, nothing would."""

    added: list[Recipient] = field(default_factory=list)
    changed: list[Differing] = field(default_factory=list)
    same: int = 0
    bad: list[Bad] = field(default_factory=list)

    @property
    def recipients(self) -> list[Recipient]:
        """All that would be written, in the order of the file."""
        return [*(one.recipient for one in self.changed), *self.added]


def written(recipients: Sequence[Recipient]) -> bytes:
    """The file, retired ones too."""
    rows = ([values_of(one)[name] for name in COLUMNS] for one in recipients)
    return to_csv([COLUMNS, *rows])


def rows_of(raw: bytes) -> list[tuple[int, dict[str, str]]]:
    """The rows of a file with the lines they begin on; NotATable where it is none."""
    text = _text(raw)
    first, _, _ = text.partition("\n")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True
    )
    line, columns, rows = 1, list[str](), list[tuple[int, dict[str, str]]]()
    try:
        for cells in reader:
            begun, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(cells)
            elif len(rows) == MOST_ROWS:
                raise NotATable(N_("There are more than 2,000 rows. Split the file."), begun)
            else:
                named = dict(zip(columns, map(as_meant, cells), strict=False))
                extra = [cell for cell in cells[len(columns) :] if cell.strip()]
                rows.append((begun, named | ({"": extra[0]} if extra else {})))
    except csv.Error as error:
        raise NotATable(N_("A quotation mark is out of place."), line) from error
    if not rows:
        raise NotATable(N_("There is nothing in this file but its first line, or less."))
    return rows


def plan(
    rows: Sequence[tuple[int, dict[str, str]]],
    everyone: Sequence[Recipient],
    kinds: Collection[str],
    today: date,
) -> Plan:
    """What these rows would do to the directory as it stands."""
    known, seen, found = {one.code: one for one in everyone}, set[str](), Plan()
    for line, cells in rows:
        before = known.get(cells.get("code", "").strip())
        recipient, problems = read(cells, before, kinds, today)
        if "" in cells:
            found.bad.append(Bad(line, "", TOO_MANY_CELLS, cells[""]))
        found.bad.extend(
            Bad(line, name, why, cells.get(name, "")) for name, why in problems.items()
        )
        if recipient is None:
            continue
        if recipient.code in seen:
            found.bad.append(Bad(line, "code", TWICE, recipient.code))
        elif before is None and recipient.code in known:
            found.bad.append(Bad(line, "name", NAME_KNOWN, recipient.label.en))
        elif before is None:
            found.added.append(recipient)
        else:
            _compare(found, before, recipient)
        seen.add(recipient.code)
    return found


def _compare(found: Plan, before: Recipient, after: Recipient) -> None:
    old, new = values_of(before), values_of(after)
    columns = tuple(name for name in COLUMNS if old[name] != new[name])
    if columns:
        found.changed.append(Differing(after, columns))
    else:
        found.same += 1


def _text(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise NotATable(N_("The file is larger than 1 MB. Split it."))
    try:
        text = raw.decode("utf-8").removeprefix(MARK)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        why = N_("This is not UTF-8 text. In your spreadsheet choose CSV UTF-8 when you save.")
        raise NotATable(why, line) from error
    if "\0" in text:
        raise NotATable(N_("This is not a text file. Save the table as CSV."))
    return text


def _columns(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    for name in columns:
        if name not in COLUMNS:
            raise NotATable(N_("There is no column of this name."), 1, name[:80])
        if columns.count(name) > 1:
            raise NotATable(N_("This column stands there twice."), 1, name)
    if not {"code", "name"} & set(columns):
        raise NotATable(N_("The first line must name the columns, with code or name among them."))
    return columns
