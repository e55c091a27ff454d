"""Where the files of one instance lie, whatever its settings say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class InstanceFolder:
    """The folder of one instance, and what lies in it under names that never change."""

    folder: Path

    @property
    def ledger(self) -> Path:
        """The sync store; both doors."""
        return self.folder / "ledger.db"

    @property
    def index(self) -> Path:
        """What pages list; can be thrown away and made again."""
        return self.folder / "index.db"

    @property
    def desk(self) -> Path:
        """Small mutable things of the record door."""
        return self.folder / "desk.db"

    @property
    def keys(self) -> Path:
        """The folder of wrapped keys."""
        return self.folder / "keys"

    @property
    def keyring(self) -> Path:
        """The wrapped keyring of the record door."""
        return self.keys / "keyring.json"

    @property
    def root_key(self) -> Path:
        """The wrapped root; may be taken offline."""
        return self.keys / "root.json"

    @property
    def recovery_key(self) -> Path:
        """The private half of the recovery pair, made to be taken offline."""
        return self.keys / "recovery.key"

    @property
    def phone_door_key(self) -> Path:
        """The *stored* key, the only key the phone door has."""
        return self.keys / "phone-door.key"

    @property
    def passphrase_salt(self) -> Path:
        """What turns the passphrase into the master key, where one is used."""
        return self.keys / "passphrase.json"

    @property
    def restored(self) -> Path:
        """When this instance was made of a backup, and of which; missing when it was not."""
        return self.folder / "restored.json"

    @property
    def lock(self) -> Path:
        """Held by whoever serves this instance."""
        return self.folder / "serve.lock"
