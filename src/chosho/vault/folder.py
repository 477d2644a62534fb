"""The key folder (鍵フォルダ): the key table under its lock, read and replaced as one act."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.vault.master import FileMasterKeys, MasterKeySource
from chosho.vault.permissions import require_apart, require_private
from chosho.vault.table import Entry, KeyTable, Kind, StoredTable
from chosho.vault.wrap import unwrap


class KeyFolder:
    """What lies in the key folder, and how it changes; :class:`chosho.vault.keys.KeyStore` says what for.

    Args:
        folder: the key folder (``CHOSHO_KEYS``).
        data_root: the data root, when it is known: a key folder inside it is refused.
        master: where master keys come from; files in the folder when not given.

    Raises:
        InputRefused: the key folder lies inside the data root (CHSK004E).
    """

    def __init__(
        self, folder: Path, *, data_root: Path | None = None, master: MasterKeySource | None = None
    ) -> None:
        if data_root is not None:
            require_apart(folder, data_root)
        self.folder = folder
        self.heads = folder / "heads"
        self._data_root = data_root
        self._master = master or FileMasterKeys(folder / "master")
        self._table = folder / "table.json"
        self._journal_key = folder / "journal.key"
        self._backed_up = folder / "backed-up"

    def _open(self, table: KeyTable, kind: Kind, name: str, entry: Entry) -> bytes:
        """Unwrap one live entry of the table."""
        otherwise = StopLine("CHSK014S", path=self._table, version=table.version)
        key = self._master.key(table.version)
        return unwrap(key, entry.wrapped or b"", kind, name, entry.about, otherwise=otherwise)

    def _load(self) -> KeyTable:
        """Read the table and prove it under the master key that it names."""
        self._require_ready()
        require_private(self._table)
        stored = StoredTable.parse(self._table, disk.read_bytes(self._table))
        versions = self._master.versions()
        if stored.version not in versions and any(version > stored.version for version in versions):
            raise StopLine("CHSK011S", version=stored.version, current=max(versions))
        return stored.open(self._master.key(stored.version))

    def _save(self, table: KeyTable) -> None:
        """Replace the table, then destroy every older master key, and the tally and backup that went with it.

        A later one is left alone: it belongs to a rotation that was killed, or to a table that somebody put aside.
        """
        disk.replace(self._table, table.to_bytes(self._master.key(table.version)))
        if table.recovery is not None:
            table.recovery.tallies.destroy_before(table.version)
            table.recovery.backups.destroy_before(table.version)
        for version in self._master.versions():
            if version < table.version:
                self._master.destroy(version)

    def _require_ready(self) -> None:
        if not self._table.exists():
            raise InputRefused("CHSK001E", path=self.folder)
        require_private(self.folder)
        require_private(self.heads)

    @contextmanager
    def _locked(self, *, exclusive: bool) -> Iterator[None]:
        """Hold the store's lock; a look shares it, a change has it alone."""
        if not self.folder.is_dir():
            raise InputRefused("CHSK001E", path=self.folder)
        lock = disk.lock(self.folder / "lock", exclusive=exclusive, wait=True)
        if lock is None:
            raise StopLine("CHSK016S", path=self.folder)
        # A step that is started meanwhile must not inherit this lock: it would hold it for as long as it lives.
        os.set_inheritable(lock, False)
        try:
            yield
        finally:
            disk.unlock(lock)
