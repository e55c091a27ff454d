"""`sharelog verify`, `rebuild`, `invite` and `confirm`: look after an instance."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from datetime import UTC, datetime

from logger.backup import checkpoints, restored
from logger.build.record import Record, open_record
from logger.cli.lock import RECORD, holding
from logger.cli.master import find_master_key
from logger.clock import system_clock, system_randomness
from logger.errors import InstanceBusy, LoggerError
from logger.keys.key_files import read_keyring
from logger.keys.keyring import Keyring
from logger.people.invitations import LINK_DAYS, Invitations
from logger.people.person import Role
from logger.people.register import Register
from logger.settings import Settings
from sync.checkpoint import EarlierHead, Progress, Verdict
from sync.checkpoint import verify as walk
from sync.event import ID_BYTES
from sync.store_sqlite import SqliteStore

ALTERED = 3
_WIDTH = 30


class UnreadableHead(LoggerError):
    """What was given as an earlier head is none."""

    code = "verify.unreadable_head"
    public_message = "An earlier head looks like 1234:, followed by 64 hexadecimal digits."


class NothingToConfirm(LoggerError):
    """Nobody of this address is here, or nothing waits about them."""

    code = "confirm.nothing"
    public_message = "Nothing waits to be confirmed about somebody of this address."


class NotConfirmed(LoggerError):
    """Somebody looked, and did not confirm."""

    code = "confirm.not_confirmed"
    public_message = "Nothing was confirmed."


def rebuild(asked: argparse.Namespace) -> int:
    """Make the index anew, with a progress bar on stderr."""
    settings = Settings.read(asked.instance.absolute())
    with holding(settings.lock, [RECORD]), contextlib.closing(_open(asked, settings)) as record:
        position = record.rebuild(progress_of("Rebuilding"))
    print(f"The index is new: {position:,} events.")
    return 0


def invite(asked: argparse.Namespace) -> int:
    """Add a person and print their one-time link; the doors may be open meanwhile."""
    settings = Settings.read(asked.instance.absolute())
    with contextlib.ExitStack() as stack:
        record = open_beside_doors(stack, asked, settings)
        invitations = record.room(Invitations)
        person = invitations.add(asked.name, asked.email, Role(asked.role), asked.team, by=None)
        token = invitations.link_token(person, by=None)
    print(f"Give this link to {person.name}. It works once, within {LINK_DAYS} days:")
    print(f"{settings.record_origin}/join/{token}")
    return 0


def confirm(asked: argparse.Namespace) -> int:
    """Be the second for what an administrator asked about a person; the doors may be open."""
    settings = Settings.read(asked.instance.absolute())
    with contextlib.ExitStack() as stack:
        record = open_beside_doors(stack, asked, settings)
        register, invitations = record.room(Register), record.room(Invitations)
        person = register.by_email(asked.email)
        wish = register.proposal(person.id) if person else None
        if person is None or wish is None:
            raise NothingToConfirm
        first = register.person(wish.asked_by)
        team = f", team {wish.team}" if wish.team else ""
        what = "a new link" if wish.wish == "link" else f"{wish.role.value}{team}"
        print(f"{first.name if first else 'Somebody'} asked for {person.name}: {what}.")
        if not asked.yes and input("Confirm it? Type yes: ").strip() != "yes":
            raise NotConfirmed
        invitations.confirm(wish, None)
        token = invitations.link_token(person, by=None) if wish.wish == "link" else ""
    print("Confirmed.")
    if token:
        print(f"{settings.record_origin}/join/{token}")
    return 0


def open_beside_doors(
    stack: contextlib.ExitStack, asked: argparse.Namespace, settings: Settings
) -> Record:
    """The record, followed to the end; it is closed with `stack`, and a door may be open."""
    # Held when it is free, so that no door opens meanwhile; a door that is open may stay so.
    with contextlib.suppress(InstanceBusy):
        stack.enter_context(holding(settings.lock, [RECORD]))
    record = stack.enter_context(contextlib.closing(_open(asked, settings)))
    record.follower.catch_up()
    return record


def _open(asked: argparse.Namespace, settings: Settings) -> Record:
    master = find_master_key(settings, asked.master_key_file)
    return open_record(settings, master, system_clock, system_randomness)


def progress_of(what: str) -> Progress:
    """A bar on stderr, and how many a second."""
    begun = time.monotonic()

    def show(done: int, of: int) -> None:
        filled = _WIDTH * done // max(of, 1)
        bar = "#" * filled + "." * (_WIDTH - filled)
        rate = done / max(time.monotonic() - begun, 0.001)
        end = "\n" if done >= of else ""
        words = f"\r{what} [{bar}] {done:,} of {of:,}, {rate:,.0f} a second"
        print(words, end=end, file=sys.stderr, flush=True)

    return show


def verify(asked: argparse.Namespace) -> int:
    """Walk the whole ledger; the doors may be open meanwhile."""
    settings = Settings.read(asked.instance.absolute())
    keyring = read_keyring(settings, find_master_key(settings, asked.master_key_file))
    earlier = _earlier(asked, keyring)
    with contextlib.closing(SqliteStore.open(settings.ledger)) as store:
        show = progress_of("Walking")
        verdict = walk(store, [keyring.journal.public], earlier, show)
        if verdict.broken is not None:
            print(file=sys.stderr)  # the bar stands where it stopped
        said = restored.read(settings)
        if said is not None:
            print("\n".join(restored.report(store, said)), file=sys.stderr)
    return _say(verdict)


def checkpoint(asked: argparse.Namespace) -> int:
    """Print a signed checkpoint, to be kept somewhere else."""
    settings = Settings.read(asked.instance.absolute())
    keyring = read_keyring(settings, find_master_key(settings, asked.master_key_file))
    with contextlib.closing(SqliteStore.open(settings.ledger)) as store:
        text = checkpoints.write(store, keyring, settings.organisation, system_clock())
    print(text, end="")
    return 0


def _earlier(asked: argparse.Namespace, keyring: Keyring) -> EarlierHead | None:
    if asked.checkpoint is None:
        return earlier_head(asked.head) if asked.head else None
    try:
        text = asked.checkpoint.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise checkpoints.NotACheckpoint(f"{asked.checkpoint} cannot be read.") from error
    head, said = checkpoints.read(text, keyring)
    when = datetime.fromtimestamp(said.at / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    print(f"Checked against {when}, when it had {said.position:,} events.")
    return head


def _say(verdict: Verdict) -> int:
    for finding in verdict.findings:
        phone = finding.device.hex()[:16]
        print(f"To look at: {finding.what} in phone {phone}, entry {finding.seq}", file=sys.stderr)
    for position in verdict.turned_back:
        print(
            f"To look at: the server's clock was set back before event {position}; "
            "when it and its neighbours were received is not certain, their order is",
            file=sys.stderr,
        )
    if verdict.broken is not None:
        print(f"{verdict.broken.public_message} {verdict.broken}", file=sys.stderr)
        return ALTERED
    print(f"The ledger is whole: {verdict.rows:,} events.")
    print(f"Its head now, to keep somewhere else: {verdict.rows}:{verdict.digest.hex()}")
    return 0


def earlier_head(text: str) -> EarlierHead:
    """POSITION:DIGEST as verify prints it; UnreadableHead otherwise."""
    position, _, digest = text.partition(":")
    try:
        head = EarlierHead(int(position), bytes.fromhex(digest))
    except ValueError as error:
        raise UnreadableHead from error
    if head.position < 0 or len(head.digest) != ID_BYTES:
        raise UnreadableHead
    return head
