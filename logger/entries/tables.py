"""The tables of the index that this room keeps; which of them may hold what, `index` promises."""

from __future__ import annotations

# What is added to the number of a list for entries that stand apart.
APART = 10

TABLES = (
    """CREATE TABLE entries (
        entry BLOB PRIMARY KEY, device BLOB NOT NULL, position INTEGER NOT NULL,
        recipients TEXT NOT NULL, why TEXT NOT NULL, how TEXT NOT NULL, children INTEGER NOT NULL,
        shared_at INTEGER NOT NULL, shared_offset INTEGER NOT NULL, about INTEGER NOT NULL,
        logged_at INTEGER NOT NULL, offline INTEGER NOT NULL,
        received_at INTEGER NOT NULL, urgent INTEGER NOT NULL,
        act TEXT NOT NULL, attempt TEXT NOT NULL, review_on TEXT NOT NULL,
        danger INTEGER NOT NULL, allegation INTEGER NOT NULL, mistake INTEGER NOT NULL,
        state TEXT NOT NULL, list INTEGER NOT NULL, rank INTEGER NOT NULL, since INTEGER NOT NULL,
        last_position INTEGER NOT NULL, times_returned INTEGER NOT NULL DEFAULT 0,
        submitted_at INTEGER, submitted_position INTEGER, further TEXT NOT NULL DEFAULT '[]',
        decided_at INTEGER, decided_position INTEGER, decided_by TEXT, outcome TEXT,
        -- What only the review room writes, from `documenter` on.
        with_governance INTEGER NOT NULL DEFAULT 0, no_agreement INTEGER NOT NULL DEFAULT 0,
        documenter TEXT, reminded_at INTEGER NOT NULL DEFAULT 0,
        wrong_person INTEGER NOT NULL DEFAULT 0, breach_at INTEGER,
        breach_open INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID""",
    # Both ways a list is walked: one author's phones, or everybody's; never sorted, never counted
    # through, so that a page costs the same with a million entries as with a thousand.
    "CREATE INDEX entries_of_device ON entries (device, list, rank, since, entry)",
    "CREATE INDEX entries_of_all ON entries (list, rank, since, entry, device)",
    # The few that are somebody else's task, that were never reminded of, whose clock runs.
    "CREATE INDEX entries_of_documenter ON entries (documenter, list, rank, since, entry)"
    " WHERE documenter IS NOT NULL",
    f"CREATE INDEX entries_unreminded ON entries (since, entry)"
    f" WHERE reminded_at = 0 AND list IN (0, {APART})",
    "CREATE INDEX entries_breached ON entries (breach_at, entry) WHERE breach_open = 1",
    """CREATE TABLE documented (
        entry BLOB NOT NULL, section TEXT NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (entry, section)
    ) WITHOUT ROWID""",
    # Whoever wrote any of it, the author or not: none of them reviews the entry.
    """CREATE TABLE completed_by (
        entry BLOB NOT NULL, person TEXT NOT NULL, PRIMARY KEY (entry, person)
    ) WITHOUT ROWID""",
    """CREATE TABLE added_later (
        entry BLOB NOT NULL, position INTEGER NOT NULL, what TEXT NOT NULL, person TEXT,
        at INTEGER NOT NULL, PRIMARY KEY (entry, position)
    ) WITHOUT ROWID""",
    # How many have still to be told of each correction.
    """CREATE TABLE corrections (
        entry BLOB NOT NULL, correction INTEGER NOT NULL, untold INTEGER NOT NULL,
        PRIMARY KEY (entry, correction)
    ) WITHOUT ROWID""",
    # Events come in any order: a share may be here before the call that it follows, and the word
    # *mistake* before what it is about.
    """CREATE TABLE follows (
        entry BLOB NOT NULL, share BLOB NOT NULL, device BLOB NOT NULL,
        PRIMARY KEY (entry, share)
    ) WITHOUT ROWID""",
    "CREATE INDEX follows_of_share ON follows (share)",
    # A further call that reached nobody, and the first of its row, which is what a share follows.
    """CREATE TABLE tries (
        entry BLOB NOT NULL, first BLOB NOT NULL, device BLOB NOT NULL,
        PRIMARY KEY (entry, first)
    ) WITHOUT ROWID""",
    "CREATE INDEX tries_of_first ON tries (first)",
    """CREATE TABLE mistaken (
        entry BLOB NOT NULL, device BLOB NOT NULL, PRIMARY KEY (entry, device)
    ) WITHOUT ROWID""",
)
