"""Findings (検査結果): the first reason found against each request of a block, and the field at fault."""

from collections.abc import Sequence

import numpy as np

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.fault import Faults, Reason
from chosho.codec.rows import Mask
from chosho.copybook import load
from chosho.registration.request import FIELDS

NUMBER_GIVEN = "NUMBER"
"""Stands for the field that holds the number: CORPORATE-NO where one is given, else INDIVIDUAL-NO."""
_REJECT = load("REGREJ")
_REASON, _NAME = _REJECT["REASON"].length, _REJECT["FIELD-NAME"].length
_SPACE = ord(" ")


class Findings:
    """The first reason against each of n requests, as the list of rejects writes it.

    Args:
        requests: REGTRAN records, or longer ones that begin with it: they say which number is given.
    """

    def __init__(self, requests: Block) -> None:
        self._requests = requests
        self.reasons: Block = np.full((len(requests), _REASON), _SPACE, np.uint8)
        """Four characters each; spaces for none."""
        self.fields: Block = np.full((len(requests), _NAME), _SPACE, np.uint8)
        """The name of the field at fault."""

    def __len__(self) -> int:
        return len(self.reasons)

    @property
    def sound(self) -> Mask:
        """Against which requests nothing was found (bool[n])."""
        sound: Mask = self.reasons[:, 0] == _SPACE
        return sound

    def add(self, at: Mask, reason: str, field: str) -> None:
        """Note a reason where none is noted yet.

        Args:
            at: bool[n].
            reason: four characters.
            field: a field of the source record, :data:`NUMBER_GIVEN`, or "" for none.
        """
        new = np.flatnonzero(at & self.sound)
        if not len(new):
            return
        self.reasons[new] = _bytes(reason, _REASON)
        if field != NUMBER_GIVEN:
            self.fields[new] = _bytes(field, _NAME)
            return
        corporate = ~rows.all_in(batches.view(FIELDS, self._requests, "CORPORATE-NO")[new], rows.SPACES)
        self.fields[new] = _bytes("INDIVIDUAL-NO", _NAME)
        self.fields[new[corporate]] = _bytes("CORPORATE-NO", _NAME)

    def add_faults(self, faults: Faults, names: Sequence[str]) -> None:
        """Note the faults of the codec, for each request the one of the first move.

        Args:
            faults: of one run of a transcoder over the block, in the order of records and moves.
            names: the field of each move.
        """
        at, first = np.unique(faults.record, return_index=True)
        for place in np.unique(faults.field[first]):
            for reason in np.unique(faults.reason[first]):
                chosen = (faults.field[first] == place) & (faults.reason[first] == reason)
                mask = np.zeros(len(self), np.bool_)
                mask[at[chosen]] = True
                self.add(mask, Reason(reason).code, names[place])


def _bytes(text: str, length: int) -> Block:
    return np.frombuffer(text.encode("ascii").ljust(length), np.uint8)
