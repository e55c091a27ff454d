"""What an organisation has decided, read once from settings.toml, frozen, refused when weak."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from logger.errors import LoggerError
from logger.instance_folder import InstanceFolder

Kind = Literal["council", "school", "health", "police", "voluntary"]
Nation = Literal["england", "wales", "scotland", "northern-ireland"]
Language = Literal["en", "cy"]
Security = Literal["tls", "starttls", "none"]

_CHOICES: Mapping[str, tuple[Any, ...]] = {
    "kind": get_args(Kind),
    "nation": get_args(Nation),
    "language": get_args(Language),
    "suite": (1, 2),
    "mail_security": get_args(Security),
}
_ABOVE_ZERO = (
    "document_within_hours", "document_late_hours", "review_within_days", "check_recipients_days",
    "agreement_notice_days", "advice_within_hours", "prove_again_minutes",
)  # fmt: skip
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# One line of text each: what stands in it goes out to anyone, under the name of a header.
_CONTACT = r"(?:mailto:[^\s@]+@|https://|tel:\+?)[!-~]+"
FILE = "settings.toml"


class SettingsError(LoggerError):
    """settings.toml is missing, unreadable, or asks for something unsafe."""

    code = "settings.wrong"
    status = 500
    public_message = "The settings of this instance cannot be used."


@dataclass(frozen=True, slots=True)
class Settings(InstanceFolder):
    """One organisation's instance. Every name but `folder` is a line in settings.toml."""

    organisation: str
    kind: Kind = "council"
    nation: Nation = "england"
    language: Language = "en"
    suite: Literal[1, 2] = 2
    demo: bool = False
    production: bool = False
    phone_origin: str = "http://phone.localhost:8000"
    record_origin: str = "http://record.localhost:8001"
    phone_aliases: tuple[str, ...] = ()
    record_aliases: tuple[str, ...] = ()
    trusted_proxies: int = 0
    document_within_hours: int = 24
    document_late_hours: int = 48
    review_within_days: int = 5
    read_back_days: int = 7
    check_recipients_days: int = 180
    agreement_notice_days: int = 60
    advice_within_hours: int = 24
    case_system: str = ""
    security_contact: tuple[str, ...] = ()
    mail_host: str = ""
    mail_port: int = 587
    mail_security: Security = "starttls"
    mail_from: str = ""
    mail_user: str = ""
    mail_password_file: Path | None = None
    remind_after_hours: int = 0
    prove_again_minutes: int = 10
    master_key_file: Path | None = None
    backup_folder: Path | None = None
    backup_days: int = 35
    checkpoint_folder: Path | None = None
    checkpoint_mail: str = ""
    demo_person: UUID | None = None

    def __post_init__(self) -> None:
        _require(0 < len(self.organisation.strip()) <= 200, "Give the organisation's name.")
        for name, allowed in _CHOICES.items():
            one_of = ", ".join(str(choice) for choice in allowed)
            _require(getattr(self, name) in allowed, f"{name} must be one of: {one_of}.")
        for name in _ABOVE_ZERO:
            _require(getattr(self, name) > 0, f"{name} must be above zero.")
        _require(0 <= self.read_back_days <= 366, "read_back_days must be from 0 to 366.")
        _require(1 <= self.backup_days <= 3660, "backup_days must be from 1 to 3660.")
        _require(len(self.case_system) <= 60, "case_system is the name of a system, no more.")
        mailed = not self.checkpoint_mail or (self.mail_host and "@" in self.checkpoint_mail)
        _require(bool(mailed), "checkpoint_mail must be an address, and needs mail_host.")
        for contact in self.security_contact:
            reached = re.fullmatch(_CONTACT, contact) is not None
            _require(reached, f"security_contact takes mailto:, https: and tel: only: {contact}")
        _require(self.trusted_proxies >= 0, "trusted_proxies must not be below zero.")
        _require(self.remind_after_hours >= 0, "remind_after_hours must not be below zero.")
        phone, record = _origin("phone_origin", self), _origin("record_origin", self)
        # Cookies ignore ports: the doors must differ in the name of the host itself.
        _require(phone.hostname != record.hostname, "The two doors must have different host names.")
        if self.production:
            _require(not self.demo, "A demo instance cannot be a production instance.")
            https = phone.scheme == record.scheme == "https"
            _require(https, "In production both doors need https.")

    @classmethod
    def read(cls, folder: Path) -> Settings:
        """The settings of an instance folder; SettingsError says in one sentence what is wrong."""
        path = folder / FILE
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            message = f"There is no instance in {folder}. Make one with: sharelog init"
            raise SettingsError(message) from error
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{path} cannot be read: {error}") from error
        return cls.from_table(folder, table)

    @classmethod
    def from_table(cls, folder: Path, table: Mapping[str, Any]) -> Settings:
        """Settings from names and values as TOML gives them."""
        known = {field.name: str(field.type) for field in fields(cls) if field.name != "folder"}
        for name in table:
            _require(name in known, f"{FILE} has a line nobody knows: {name}.")
        _require("organisation" in table, f"{FILE} does not name the organisation.")
        return cls(
            folder=folder,
            **{name: _value(name, known[name], value) for name, value in table.items()},
        )

    def to_toml(self) -> str:
        """The lines of settings.toml that give these settings again."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        lines = [
            f"{name} = {_toml(value)}\n"
            for name, value in values
            if name != "folder" and value is not None
        ]
        return "".join(lines)

    def at_ports(self, phone: int | None, record: int | None) -> Settings:
        """The same instance with its doors on other ports of this machine."""
        return replace(
            self,
            phone_origin=_with_port(self.phone_origin, phone),
            record_origin=_with_port(self.record_origin, record),
        )

    def at(self, phone_origin: str, record_origin: str, record_alias: str) -> Settings:
        """The same instance with its doors under other names, for as long as it is served so."""
        aliases = (*self.record_aliases, record_alias)
        return replace(
            self, phone_origin=phone_origin, record_origin=record_origin, record_aliases=aliases
        )

    @property
    def phone_hosts(self) -> frozenset[str]:
        """Every Host value the phone door answers to."""
        return _hosts(self.phone_origin, self.phone_aliases, "localhost")

    @property
    def record_hosts(self) -> frozenset[str]:
        """Every Host value the record door answers to."""
        # A resolver without *.localhost still reaches each door under a name of its own.
        return _hosts(self.record_origin, self.record_aliases, "127.0.0.1")

    @property
    def master_key(self) -> Path:
        """The file of the master key when no other place was chosen."""
        return self.master_key_file or self.folder / "master.key"

    @property
    def backups(self) -> Path:
        """Where backups go, and beside them the list of what was erased since."""
        return self.backup_folder or self.folder / "backups"


def is_loopback(hostname: str | None) -> bool:
    """Whether a host name can only mean this machine."""
    return hostname in _LOOPBACK or (hostname or "").endswith(".localhost")


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise SettingsError(sentence)


def _origin(name: str, settings: Settings) -> SplitResult:
    text: str = getattr(settings, name)
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise SettingsError(f"{name} is not an address: {text}") from error
    whole = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    bare = not (parts.path or parts.query or parts.fragment)
    _require(bool(whole and bare), f"{name} must look like https://record.example.org.")
    safe = parts.scheme == "https" or is_loopback(parts.hostname)
    _require(safe, f"{name} needs https, because others could read along: {text}")
    return parts


def _hosts(origin: str, aliases: tuple[str, ...], loopback_name: str) -> frozenset[str]:
    parts = urlsplit(origin)
    own = {parts.netloc, *aliases}
    if parts.scheme == "http":
        own.add(f"{loopback_name}:{parts.port or 80}")
    return frozenset(host.lower() for host in own)


def _with_port(origin: str, port: int | None) -> str:
    parts = urlsplit(origin)
    # Behind https stands a proxy: our port is not the one in people's addresses.
    if port is None or parts.scheme == "https":
        return origin
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def _value(name: str, kind: str, value: object) -> Any:
    """One TOML value as the field wants it; the wrong type is a sentence, not a surprise later."""
    plain = {"int": int, "bool": bool}.get(kind, str)
    if name == "suite":
        plain = int
    if kind.startswith("tuple"):
        right = isinstance(value, list) and all(isinstance(item, str) for item in value)
        _require(right, f"{name} must be a list of texts.")
        return tuple(value) if isinstance(value, list) else ()
    # bool is an int in Python, but not in what an administrator means.
    right = isinstance(value, plain) and (plain is bool or not isinstance(value, bool))
    _require(right, f"{name} has a value of the wrong kind.")
    if kind.startswith("Path"):
        return Path(str(value))
    return _uuid(name, str(value)) if kind.startswith("UUID") else value


def _uuid(name: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise SettingsError(f"{name} is not the id of a person.") from error


def _toml(value: object) -> str:
    # A JSON string is a TOML basic string, as long as nothing is escaped into surrogates.
    plain = value if isinstance(value, bool | int | tuple) else str(value)
    return json.dumps(plain, ensure_ascii=False)
