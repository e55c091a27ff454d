"""Reads the command line and says what happened."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import structlog

from logger.cli import lan, making, serving
from logger.cli.looking_after import backing_up, erasing, keeping, keys, rewrap
from logger.errors import LoggerError
from logger.people.person import Role
from logger.settings import Kind, Language, Nation
from sync.errors import SyncError

REFUSED = 1
_FOLDER = "instance"
_EPILOG = """\
Exit codes: 0 done; 1 refused, with the reason on stderr; 2 the command line is wrong;
3 verify found that the ledger was altered.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    asked = parser().parse_args(arguments)
    # Output is for people and scripts; what only an operator wants to know goes beside it.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        code: int = asked.run(asked)
    except (LoggerError, SyncError) as error:
        print(_sentence(error), file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return REFUSED
    return code


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    whole = argparse.ArgumentParser(
        prog="sharelog",
        description="Offline-first emergency sharing log for people who protect children.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = whole.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_making(commands)
    _add_serving(commands)
    _add_keeping(commands)
    _add_backups(commands)
    _add_keys(commands)
    return whole


def _add_making(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    init = _command(commands, "init", making.init, "make a new instance: keys, ledger, settings")
    init.add_argument("--organisation", required=True, metavar="NAME", help="as phones show it")
    _add_kind(init)
    init.add_argument("--phone-origin", metavar="URL", help="where phones reach the phone door")
    init.add_argument("--record-origin", metavar="URL", help="where people reach the record door")
    init.add_argument(
        "--production", action="store_true", help="refuse everything that is only fit for trying"
    )
    init.add_argument(
        "--passphrase",
        action="store_true",
        help="wrap the keys with a passphrase that is asked for at every start",
    )
    _add_master(init)
    demo = _command(
        commands, "demo", making.demo, "make a demo instance with people anyone can sign in as"
    )
    demo.add_argument("--organisation", default="Demo Safeguarding Partnership", metavar="NAME")
    _add_kind(demo)
    demo.set_defaults(
        phone_origin=None, record_origin=None, production=False, passphrase=False,
        master_key_file=None,
    )  # fmt: skip


def _add_serving(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = _command(commands, "serve", serving.serve, "open the doors until Ctrl-C or SIGTERM")
    serve.add_argument(
        "door", nargs="?", choices=["phone", "record"], help="only this door (default: both)"
    )
    serve.add_argument("--phone-port", type=int, metavar="N", help="default: 8000")
    serve.add_argument("--record-port", type=int, metavar="N", help="default: 8001")
    serve.add_argument(
        "--listen", default="127.0.0.1", metavar="ADDRESS", help="default: this machine alone"
    )
    serve.add_argument(
        "--lan", nargs="?", const=lan.FOUND, metavar="ADDRESS",
        help="for trying with a real phone: https on the local network, with QR codes",
    )  # fmt: skip
    serve.add_argument(
        "--welcome-port", type=int, default=lan.WELCOME_PORT, metavar="N",
        help="with --lan: where phones find the certificate to trust (default: %(default)s)",
    )  # fmt: skip
    _add_master(serve)


def _add_keeping(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = _command(commands, "verify", keeping.verify, "check that the ledger was not altered")
    verify.add_argument(
        "--head",
        metavar="POSITION:DIGEST",
        help="an earlier head, as verify printed it: finds a tail that was cut off",
    )
    verify.add_argument(
        "--checkpoint", type=Path, metavar="FILE", help="the same, from a signed checkpoint"
    )
    _add_master(verify)
    what = "print a signed word of where the ledger ends, to keep somewhere else"
    _add_master(_command(commands, "checkpoint", keeping.checkpoint, what))
    rebuild = _command(commands, "rebuild", keeping.rebuild, "make the index anew from the ledger")
    _add_master(rebuild)
    invite = _command(
        commands, "invite", keeping.invite, "add a person and print their one-time link"
    )
    invite.add_argument("name")
    invite.add_argument("email")
    invite.add_argument(
        "--role", choices=[role.value for role in Role], default=Role.ADMINISTRATOR.value,
        help="default: administrator",
    )  # fmt: skip
    invite.add_argument("--team", default="", help="default: none")
    _add_master(invite)
    confirm = _command(
        commands,
        "confirm",
        keeping.confirm,
        "be the second for a role that was asked for",
    )
    confirm.add_argument("email", help="of the person whom it is about")
    confirm.add_argument("--yes", action="store_true", help="do not ask again")
    _add_master(confirm)
    erase = _command(commands, "erase", erasing.erase, "take the words of one entry away for good")
    erase.add_argument("entry", type=erasing.entry_id, help="its id, as the record shows it")
    erase.add_argument("--why", required=True, metavar="REASON", help="kept in the ledger")
    erase.add_argument("--yes", action="store_true", help="do not ask again")
    _add_master(erase)


def _add_backups(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add_master(
        _command(commands, "backup", backing_up.backup, "seal everything into one checked file")
    )
    restore = _command(commands, "restore", backing_up.restore, "make an instance of a backup")
    restore.add_argument("backup", type=Path, metavar="BACKUP")
    restore.add_argument("--recovery-key", type=Path, required=True, metavar="FILE")
    restore.add_argument(
        "--erased", type=Path, metavar="FILE", help="default: erased.txt beside the backup"
    )
    restore.add_argument(
        "--head", metavar="POSITION:DIGEST", help="how far the lost ledger had come, if known"
    )
    restore.add_argument(
        "--drill", action="store_true", help="only see that it could be done; changes nothing"
    )
    restore.add_argument(
        "--master-key-file", type=Path, metavar="FILE",
        help="wrap the keys with this master key, made where there is none "
        "(default: a new master.key in the instance)",
    )  # fmt: skip


def _add_keys(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    what = "make new keys for old, sign for them elsewhere, change the master key"
    keys_command = commands.add_parser("keys", help=what, description=f"{what.capitalize()}.")
    inside = keys_command.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_master(_command(inside, "show", keys.show, "say which keys there are, and how old"))
    rotate = _command(inside, "rotate", keys.rotate, "make a new key for phones to seal to")
    rotate.add_argument(
        "--receipts", action="store_true", help="instead: a new key for the phone door's receipts"
    )
    _add_master(rotate)
    for name, run, what in (
        ("request", keys.request, "write down what a root that is elsewhere is to certify"),
        ("accept", keys.accept, "take in what the root has signed elsewhere"),
        ("take-root", keys.take_root, "move the root into a file with a passphrase of its own"),
    ):
        command = _command(inside, name, run, what)
        command.add_argument("file", type=Path)
        _add_master(command)
    sign = inside.add_parser("sign", help="sign a request, where the root is")
    sign.add_argument("file", type=Path)
    sign.add_argument("--root", type=Path, required=True, metavar="FILE", help="from take-root")
    sign.set_defaults(run=keys.sign)
    wrap = _command(inside, "rewrap", rewrap.rewrap, "exchange the master key for a new one")
    wrap.add_argument("--passphrase", action="store_true", help="for a passphrase instead")
    wrap.add_argument("--to", type=Path, metavar="FILE", help="write the new one there")
    _add_master(wrap)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: object,
    what: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    command.add_argument(
        "--instance",
        type=Path,
        default=Path(os.environ.get("SHARELOG_INSTANCE", _FOLDER)),
        metavar="FOLDER",
        help="default: $SHARELOG_INSTANCE, or ./instance",
    )
    command.set_defaults(run=run)
    return command


def _add_kind(command: argparse.ArgumentParser) -> None:
    command.add_argument("--kind", choices=get_args(Kind), default="council")
    command.add_argument("--nation", choices=get_args(Nation), default="england")
    command.add_argument("--language", choices=get_args(Language), default="en")
    command.add_argument(
        "--suite", type=int, choices=[1, 2], default=2,
        help="how phones seal: 2 (default) also against quantum computers, 1 for starved links",
    )  # fmt: skip


def _add_master(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--master-key-file",
        type=Path,
        metavar="FILE",
        help="where the master key is (default: the systemd credential sharelog-master, "
        "else what settings.toml says, else master.key in the instance, else a passphrase)",
    )


def _sentence(error: LoggerError | SyncError) -> str:
    """What an operator needs: the general sentence, and what exactly it was about."""
    detail = str(error)
    public = error.public_message
    return public if not detail or detail in (public, error.code) else f"{public} {detail}"
