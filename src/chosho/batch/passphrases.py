"""Media passphrases (媒体パスワード) of a run.

An id is never used twice, so a later attempt's gets a suffix.
"""

from collections.abc import Iterator
from itertools import count, takewhile

from chosho.errors import InputRefused
from chosho.vault.keys import KeyState, KeyStore
from chosho.vault.passphrase import generate_passphrase


class Passphrases:
    """The passphrases that the steps of one run make and ask for.

    Args:
        keys: where they are kept, sealed.
        run_id: the run; every id must hold it, so that no run reaches another's passphrases.
    """

    def __init__(self, keys: KeyStore, run_id: str) -> None:
        self._keys = keys
        self._run_id = run_id

    def kept_as(self, password_id: str) -> str:
        """Return the id under which the newest passphrase of an id is kept.

        The id itself when there is none.
        """
        self._require_own(password_id)
        newest = password_id
        for name in self._names(password_id):
            if self._keys.password_state(name) is KeyState.UNKNOWN:
                return newest
            newest = name
        return newest

    def fresh_id(self, password_id: str) -> str:
        """Return the first id of its row that was never used."""
        self._require_own(password_id)
        names = self._names(password_id)
        return next(name for name in names if self._keys.password_state(name) is KeyState.UNKNOWN)

    def create(self, fresh_id: str) -> str:
        """Make and keep a passphrase under an id of :meth:`fresh_id`.

        Earlier ones of its row are destroyed.
        """
        text = generate_passphrase()
        self._keys.put_password(fresh_id, text)
        earlier = list(takewhile(fresh_id.__ne__, self._names(fresh_id.partition("_")[0])))
        if earlier and self._keys.destroy_password(*earlier):
            # A copy of the key table from before must not open what the earlier attempt left.
            self._keys.rotate_master()
        return text

    def _names(self, password_id: str) -> Iterator[str]:
        """Yield the row of an id: itself, then with ``_2``, ``_3`` and so on."""
        yield password_id
        for number in count(2):
            yield f"{password_id}_{number}"

    def _require_own(self, password_id: str) -> None:
        if self._run_id not in password_id or "_" in password_id:
            raise InputRefused("CHSB053E", password=password_id, run=self._run_id)
