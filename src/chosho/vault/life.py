"""The life of the keys (鍵の一生): rotation of the master key, backup, recovery.

Every change is one replacement of the table. A rotation that was killed before it leaves a master key, a tally and a backup that
nothing uses; one killed after it leaves the old ones, which the next change destroys. Either way, calling it again completes it.
"""

from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.vault.backup import Backup
from chosho.vault.folder import KeyFolder
from chosho.vault.permissions import require_apart, require_private
from chosho.vault.recovery import Recovery
from chosho.vault.table import Entry, KeyTable, Kind
from chosho.vault.wrap import new_key, wrap


class BackupState(StrEnum):
    """What the newest backup holds."""

    CURRENT = "current"
    BEHIND = "behind"
    """Keys were made or destroyed since; what they seal is lost with the key folder."""
    NONE = "none"


class KeyLife(KeyFolder):
    """Rotates the master key, makes backups, and comes back from one."""

    def rotate_master(self) -> int:
        """Wrap everything that lives under a new master key, destroy every older one, return the new version.

        Where recovery is set up, the tally and the backup are renewed and the older ones destroyed too: no older backup opens
        any more. Killed at any point it leaves a store that opens; calling it again completes the work.

        Raises:
            StopLine: the tally that would have to be destroyed is out of reach (CHSK062S, CHSK063S); nothing was changed.
        """
        with self._locked(exclusive=True):
            table = self._load()
            if table.recovery is not None:
                # What must die with the old master key is looked for before anything changes.
                table.recovery.tallies.require(table.version, table.recovery.tally)
            return self._rotate(table, table.recovery)

    # Recovery -------------------------------------------------------------------------------------------------------

    def set_recovery(
        self, holders: Sequence[tuple[str, str]], tally_folder: Path, backup_folder: Path
    ) -> int:
        """Name the two holders and the folders of tallies and backups; rotate the master key; return its version.

        Tallies of an earlier setting are destroyed where their folder is at hand.

        Raises:
            InputRefused: not two persons with two recipients (CHSK060E, CHSK045E), or a folder lies inside another, the key
                folder's and the data root's included (CHSK069E).
        """
        recovery = Recovery.checked(holders, tally_folder, backup_folder)
        for folder in (recovery.tally_folder, recovery.backup_folder):
            for other in (self.folder, self._data_root):
                if other is not None:
                    require_apart(folder, other, otherwise="CHSK069E")
        with self._locked(exclusive=True):
            table = self._load()
            version = self._rotate(table, recovery)
            if table.recovery is not None and table.recovery.tally_folder != recovery.tally_folder:
                table.recovery.tallies.destroy_before(version)
        return version

    def recovery(self) -> Recovery:
        """Return who can recover the keys, and with what.

        Raises:
            InputRefused: it is not set up (CHSK065E).
        """
        with self._locked(exclusive=False):
            return self._recovery(self._load())

    def back_up(self) -> tuple[int, bytes]:
        """Renew the backup in the backup folder; return the version of its master key and its bytes, to be kept elsewhere too.

        Raises:
            InputRefused: recovery is not set up (CHSK065E).
        """
        with self._locked(exclusive=True):
            table = self._load()
            return table.version, self._back_up(table, self._recovery(table))

    def recover(self, backup: Backup) -> None:
        """Set up a new key folder from an opened backup; an interrupted recovery is completed by the same call.

        Call :meth:`rotate_master` when the old key folder is known to be gone: whoever opened the backup saw its keys.

        Raises:
            InputRefused: there is a key table or another master key already (CHSK071E).
            StopLine: another signing key stands in the folder (CHSK007S).
        """
        if self._table.exists():
            raise InputRefused("CHSK071E", path=self.folder)
        disk.make_folder(self.folder)
        require_private(self.folder)
        with self._locked(exclusive=True):
            disk.make_folder(self.heads)
            self._master.prepare()
            found = self._master.versions()
            if not found:
                self._master.put(backup.version, backup.master)
            elif found != (backup.version,) or self._master.key(backup.version) != backup.master:
                raise InputRefused("CHSK071E", path=self.folder)
            for name, text in backup.files.items():
                self._put_back(self.folder / name, text.encode())
            disk.replace(self._table, backup.table)

    # ----------------------------------------------------------------------------------------------------------------

    def _rotate(self, table: KeyTable, recovery: Recovery | None) -> int:
        """Wrap everything that lives under a new master key, with a new tally and a new backup; destroy the older ones."""
        taken = [*self._master.versions(), *(recovery.tallies.versions() if recovery else ())]
        version = max(taken) + 1
        self._master.put(version, new_key())
        if recovery is not None:
            recovery = recovery.with_tally(version)
        fresh = KeyTable(version=version, recovery=recovery)
        key = self._master.key(version)
        for kind in Kind:
            for name, entry in table[kind].items():
                wrapped = None
                if entry.wrapped is not None:
                    secret = self._open(table, kind, name, entry)
                    wrapped = wrap(key, secret, kind, name, entry.about)
                fresh[kind][name] = Entry(about=entry.about, wrapped=wrapped)
        if recovery is not None:
            self._back_up(fresh, recovery)
        self._save(fresh)
        return version

    def _back_up(self, table: KeyTable, recovery: Recovery) -> bytes:
        """Leave a backup of a table in the backup folder, note that it is covered, and return the file's bytes."""
        key = self._master.key(table.version)
        stored = table.to_bytes(key)
        data = Backup(version=table.version, master=key, table=stored, files=self._signing_files()).seal(
            recovery
        )
        recovery.backups.prepare()
        disk.replace(recovery.backups.path(table.version), data)
        disk.replace(self._backed_up, f"{sha256(stored).hexdigest()}\n".encode())
        return data

    def _backup_state(self, table: KeyTable) -> BackupState:
        """Return whether the newest backup holds the table as it is."""
        if table.recovery is None or not self._backed_up.exists():
            return BackupState.NONE
        noted = disk.read_bytes(self._backed_up).decode("ascii", "replace").strip()
        same = noted == sha256(disk.read_bytes(self._table)).hexdigest()
        return BackupState.CURRENT if same else BackupState.BEHIND

    def _signing_files(self) -> dict[str, str]:
        """Return the keys that sign, and the newest journal head, which keeps an older control store from being opened."""
        paths = [Path(entry.path) for entry in disk.entries(self.folder) if entry.name.endswith(".key")]
        head = self.heads / "latest.json"
        return {
            path.relative_to(self.folder).as_posix(): disk.read_bytes(path).decode()
            for path in [*paths, *([head] if head.exists() else [])]
        }

    def _put_back(self, path: Path, data: bytes) -> None:
        """Write a file of a backup; a newer journal head that is there stays, another key is refused."""
        if not path.exists():
            disk.replace(path, data)
        elif path.parent == self.folder and disk.read_bytes(path) != data:
            raise StopLine("CHSK007S", path=path)

    def _recovery(self, table: KeyTable) -> Recovery:
        if table.recovery is None:
            raise InputRefused("CHSK065E", path=self.folder)
        return table.recovery
