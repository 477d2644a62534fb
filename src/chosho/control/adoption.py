"""Adoption (引継ぎ): what a control store that came back from a backup must note before it may be worked with.

It is older than the newest journal head in the key folder. A person takes that over, with a reason: how many rows are lost is on
record, what was erased since is erased in it too, and no number is instructed to be deleted at the PF a second time by itself:
keys that were due are held until a person has asked the PF (``chosho pf resolve``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chosho.control.database import Database
from chosho.control.files import Generation
from chosho.control.generations import Generations
from chosho.control.heads import Head
from chosho.control.journal import Field, Journal
from chosho.control.reason import required

RESTORED: Final = "RSTR"
"""Reason code of a PF key that is held since a restore."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Adopted:
    """What was taken over: the journal's head before, how many rows behind it are lost, how many PF keys are held."""

    head: Head
    lost: int
    held: int


class Adoption:
    """The adoption of one restored control store."""

    def __init__(self, database: Database, journal: Journal, generations: Generations) -> None:
        self._database = database
        self._journal = journal
        self._generations = generations

    def adopt(self, erased: Sequence[Generation], *, newest: bool, reason: str, at: str, who: str) -> Adopted:
        """Take a restored store over, in one transaction; then leave its head as the newest one.

        Args:
            erased: visible generations whose content is gone for good: erased since the copy was taken.
            newest: nothing happened since the store was copied; else PF keys that were due are held, for what was done since may
                have instructed them, and not all of that needs to be behind a head.
            reason: why it was restored.
            at: when, as ISO 8601 text.
            who: the person.

        Raises:
            InputRefused: the reason is missing or holds a number (CHSJ041E, CHSJ042E).
            StopLine: a generation is not visible (CHSJ036S), or a head in the key folder is damaged (CHSJ012S).
        """
        said = required(reason)
        with self._database.transaction():
            head, last = self._journal.head(), self._journal.newest_head()
            lost = max(0, last.seq - head.seq)
            held = 0 if newest else self._hold_pf_keys(at)
            fields: dict[str, Field] = {"head": str(head), "newest": str(last), "lost": lost, "held": held}
            fields["reason"] = said
            self._journal.append("store.restored", who, fields, at=at)
            for generation in erased:
                self._generations.uncatalogue(generation.id, at=at, who=who)
            self._generations.mark_erased(*(one.id for one in erased), at=at, who=who)
        self._journal.supersede_heads(after=head.seq)
        return Adopted(head=head, lost=lost, held=held)

    def _hold_pf_keys(self, at: str) -> int:
        """Hold every key that is due: the lost rows may have instructed it."""
        return self._database.change(
            "UPDATE pf_keys SET state = 'disputed', reason = ?, at = ? WHERE state = 'due'", RESTORED, at
        )
