"""Every SQL statement of the SQLite store, by name."""

from __future__ import annotations

# What kind of file this is, so that another database is never opened as a ledger ("Shar").
APPLICATION_ID = 0x53686172
SCHEMA_VERSION = 1

# kind, device, entry and seq are read out of the header, so that no column can disagree with it.
# A row names its epoch by reference: one changed byte on either side breaks the reference.
SCHEMA = (
    """
    CREATE TABLE epochs (
        epoch BLOB PRIMARY KEY CHECK (length(epoch) = 16),
        since INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE ledger (
        position INTEGER PRIMARY KEY CHECK (position > 0),
        lane INTEGER NOT NULL CHECK (lane IN (0, 1)),
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
        header BLOB NOT NULL CHECK (length(header) = 110),
        sealed_hash BLOB NOT NULL CHECK (length(sealed_hash) = 32),
        signature BLOB NOT NULL CHECK (length(signature) = 64),
        received_at INTEGER NOT NULL,
        epoch BLOB NOT NULL REFERENCES epochs (epoch),
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        kind BLOB GENERATED ALWAYS AS (substr(header, 2, 1)) VIRTUAL,
        device BLOB GENERATED ALWAYS AS (substr(header, 5, 32)) VIRTUAL,
        entry BLOB GENERATED ALWAYS AS (substr(header, 37, 16)) VIRTUAL,
        seq BLOB GENERATED ALWAYS AS (substr(header, 53, 4)) VIRTUAL
    ) STRICT
    """,
    "CREATE INDEX ledger_by_entry ON ledger (entry)",
    "CREATE INDEX ledger_by_device ON ledger (device, seq)",
    """
    CREATE TABLE payloads (
        position INTEGER PRIMARY KEY REFERENCES ledger (position),
        sealed BLOB NOT NULL
    ) STRICT
    """,
    # These stop a slip of ours, not an intruder; what an intruder does is for verify to find.
    """
    CREATE TRIGGER ledger_rows_stay BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'a row of the ledger is never deleted'); END
    """,
    """
    CREATE TRIGGER ledger_rows_stay_the_same BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'a row of the ledger is never edited'); END
    """,
    """
    CREATE TRIGGER payloads_stay_the_same BEFORE UPDATE ON payloads
    BEGIN SELECT RAISE(ABORT, 'a payload is never edited'); END
    """,
    """
    CREATE TABLE devices (
        id BLOB PRIMARY KEY CHECK (length(id) = 32),
        public BLOB NOT NULL CHECK (length(public) = 65),
        person BLOB NOT NULL CHECK (length(person) = 16),
        label TEXT NOT NULL,
        enrolled_at INTEGER NOT NULL,
        revoked_at INTEGER,
        last_contact INTEGER,
        unsent INTEGER
    ) STRICT
    """,
    """
    CREATE TABLE nonces (
        device BLOB NOT NULL,
        nonce BLOB NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (device, nonce)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX nonces_by_age ON nonces (at)",
    """
    CREATE TABLE codes (
        hash BLOB PRIMARY KEY,
        person BLOB NOT NULL,
        expires_at INTEGER NOT NULL,
        spent_by BLOB
    ) STRICT
    """,
    "CREATE TABLE outgoing (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT",
    "CREATE TABLE opened (id BLOB PRIMARY KEY, statement BLOB NOT NULL) STRICT",
)
# What came after the first release, made when a file is opened that lacks it. Tables are only ever
# added and the version stays, so that an earlier release can still go on with the file.
ADDED = {
    "losses": """
    CREATE TABLE IF NOT EXISTS losses (
        carrier BLOB NOT NULL CHECK (length(carrier) = 32),
        device BLOB NOT NULL CHECK (length(device) = 32),
        seq INTEGER NOT NULL,
        waiting INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (carrier, device)
    ) STRICT, WITHOUT ROWID
    """,
}
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'"

BEGIN_EPOCH = "INSERT INTO epochs (epoch, since) VALUES (?, ?)"
LAST_EPOCH_SINCE = "SELECT max(since) FROM epochs"
CURRENT_EPOCH = "SELECT epoch FROM epochs ORDER BY since DESC LIMIT 1"

HEAD = "SELECT position, digest FROM ledger ORDER BY position DESC LIMIT 1"
DIGEST_AT = "SELECT digest FROM ledger WHERE position = ?"
ADD_ROW = """
    INSERT INTO ledger
        (position, lane, id, header, sealed_hash, signature, received_at, epoch, digest)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_PAYLOAD = "INSERT INTO payloads (position, sealed) VALUES (?, ?)"
ERASE = """
    DELETE FROM payloads WHERE position IN (
        SELECT position FROM ledger WHERE entry = ? AND position < ? AND kind != ?
    )
"""
# Asked with the ids one behind the other, and how many they are.
HELD = """
    WITH RECURSIVE asked (number) AS (
        SELECT 0 WHERE ?2 > 0 UNION ALL SELECT number + 1 FROM asked WHERE number + 1 < ?2
    )
    SELECT id FROM asked CROSS JOIN ledger ON id = substr(?1, 1 + 32 * number, 32)
"""
# Kinds 1, 2, 16 to 18 and 21 to 23: those of sync.event.DECIDING_KINDS, which a test compares.
LAST_DECIDING = """
    SELECT max(position) FROM ledger
    WHERE entry = ? AND lane = 0
        AND kind IN (x'01', x'02', x'10', x'11', x'12', x'15', x'16', x'17')
"""

_ROWS = """
    SELECT ledger.position, lane, id, header, sealed_hash, sealed, signature, received_at,
           epoch, digest
    FROM ledger LEFT JOIN payloads ON payloads.position = ledger.position
"""
ROW = _ROWS + "WHERE id = ?"
ROWS_AFTER = _ROWS + "WHERE ledger.position > ? ORDER BY ledger.position LIMIT ?"
ROWS_OF_ENTRY = _ROWS + "WHERE entry = ? ORDER BY ledger.position"
ROWS_OF_DEVICE = (
    _ROWS
    + """
    WHERE device = ? AND (seq, ledger.position) > (?, ?)
    ORDER BY seq, ledger.position LIMIT ?
    """
)

# Answered by the index alone; the record door's own events carry number 0.
CHAINS = """
    SELECT device, count(*), count(DISTINCT seq), max(seq) FROM ledger
    WHERE seq > x'00000000' GROUP BY device
"""

_DEVICES = """
    SELECT id, public, person, label, enrolled_at, revoked_at, last_contact, unsent FROM devices
"""
DEVICE = _DEVICES + "WHERE id = ?"
DEVICES = _DEVICES + "ORDER BY last_contact DESC NULLS LAST, enrolled_at DESC, id"
COUNT_DEVICES = "SELECT count(*), count(revoked_at) FROM devices"
ADD_DEVICE = """
    INSERT INTO devices (id, public, person, label, enrolled_at) VALUES (?, ?, ?, ?, ?)
"""
REVOKE = "UPDATE devices SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
NOTE_CONTACT = "UPDATE devices SET last_contact = ?, unsent = ? WHERE id = ?"

FORGET_NONCES = "DELETE FROM nonces WHERE at < ?"
USE_NONCE = "INSERT OR IGNORE INTO nonces (device, nonce, at) VALUES (?, ?, ?)"

# What was said first stands: figures of a store that is gone do not change any more.
NOTE_LOSS = """
    INSERT OR IGNORE INTO losses (carrier, device, seq, waiting, at)
    SELECT ?1, ?2, ?3, ?4, ?5 WHERE (SELECT count(*) FROM losses WHERE carrier = ?1) < ?6
"""
LOSSES_OF = "SELECT device FROM losses WHERE carrier = ?"
LOSSES = "SELECT carrier, device, seq, waiting FROM losses ORDER BY carrier, at, device"

OFFER_CODE = "INSERT INTO codes (hash, person, expires_at) VALUES (?, ?, ?)"
CODE = "SELECT person, expires_at, spent_by FROM codes WHERE hash = ?"
SPEND_CODE = "UPDATE codes SET spent_by = ? WHERE hash = ?"
FORGET_CODES = "DELETE FROM codes WHERE expires_at < ?"

LAY_OUT = """
    INSERT INTO outgoing (name, content) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET content = excluded.content
"""
OUTGOING = "SELECT content FROM outgoing WHERE name = ?"
# The latest statement stands: what was set aside today may be opened when its key is found.
ANNOUNCE = """
    INSERT INTO opened (id, statement) VALUES (?, ?)
    ON CONFLICT (id) DO UPDATE SET statement = excluded.statement
"""
ANNOUNCED = "SELECT statement FROM opened WHERE id = ?"
