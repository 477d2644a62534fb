"""Contracts (契約): records of the contract master under a key that can be compared, and what a statement takes from them.

The master's policy number stands in host code, whose order of letters and digits is not ours. So each record is read with
the policy number in ASCII before it, the order is checked on that key, and the record itself is transcoded only when a
payment needs it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.host_keys import host_keys
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Layout, load
from chosho.extract import codes, day, verdict
from chosho.extract.column import Mask, Numbers
from chosho.extract.fault import FaultList
from chosho.extract.payment import MOST_YEN

KEY_LENGTH = 11
"""Bytes of the key before a keyed contract."""
MOST_CHANGES = 99
"""Item 43 of statement 310 has two characters."""
CAUSES = rows.allowed(b"12 ")
"""CHANGE-CAUSE: by death, other, none."""


def keyed(blocks: Iterable[Block], layout: Layout, code_page: str) -> Iterator[Block]:
    """Yield the contract master with the ASCII policy number before each record.

    Args:
        blocks: CONTRACT records in the order of the file.
        layout: CONTRACT.
        code_page: of the file.

    Yields:
        uint8[n, 11 + lrecl].

    Raises:
        StopLine: a policy number cannot be read (CHSX008S) or is lower than the one before (CHSX009S).
    """
    for block, key in host_keys(blocks, (layout["POLICY-NO"],), code_page, master="contract master"):
        out = np.empty((len(block), KEY_LENGTH + layout.length), np.uint8)
        out[:, :KEY_LENGTH], out[:, KEY_LENGTH:] = key, block
        yield out


class ContractReader:
    """Makes contract work records of keyed contracts.

    Args:
        source: the layout CONTRACT.
        code_page: of the contract master.
    """

    def __init__(self, source: Layout, code_page: str) -> None:
        target = load("CTRWORK")
        self.fields = target.named()
        self._lrecl = target.length
        self._places = {name: verdict.CONTRACT_FIELDS + place for place, name in enumerate(source.named())}
        self._moved = [self._places[name] for name in self.fields]
        self._transcoder = Transcoder(
            tuple(replace(field, offset=field.offset + KEY_LENGTH) for field in source.named().values()),
            code_page,
            target.fields,
            target.length,
            [(name, name) for name in self.fields],
            unmappable="marker",
        )

    def place(self, name: str) -> int:
        """Return the place of a field of the contract master in a verdict."""
        return self._places[name]

    def read(self, block: Block, wanted: Numbers) -> tuple[Block, FaultList]:
        """Return the work records of some contracts and their faults.

        Args:
            block: keyed contracts in the order of the key.
            wanted: int64[k], which ones, ascending.

        Returns:
            CTRWORK records uint8[k, 624], and the first fault of each (k of them).
        """
        out = np.empty((len(wanted), self._lrecl), np.uint8)
        in_block = FaultList(len(block))
        in_block.add_faults(self._transcoder.run(block, out, wanted), self._moved)
        faults = FaultList(len(wanted))
        faults.codes[:], faults.fields[:] = in_block.codes[wanted], in_block.fields[wanted]
        self._judge(out, faults)
        again = rows.repeats(block, KEY_LENGTH)
        twice = again | np.append(again[1:], np.zeros(min(len(again), 1), np.bool_))
        faults.codes[twice[wanted]], faults.fields[twice[wanted]] = (
            verdict.number(verdict.DUPLICATE_CONTRACT),
            self._places["POLICY-NO"],
        )
        return out, faults

    def _judge(self, out: Block, faults: FaultList) -> None:
        """Note what the work records themselves show to be wrong."""

        def value(name: str) -> np.ndarray[Any, Any]:
            return batches.view(self.fields, out, name)

        def note(name: str, code: str, wrong: Mask) -> None:
            if wrong.any():
                faults.add(wrong, code, self._places[name])

        party = value("CONTRACTOR-PARTY")[:, 0]
        note("CONTRACTOR-PARTY", verdict.BAD_CODE, (party != ord("1")) & (party != ord("2")))
        for name in ("CONTRACTOR-OVERSEAS", "INSURED-OVERSEAS"):
            flag = value(name)[:, 0]
            note(name, verdict.BAD_CODE, (flag != ord("0")) & (flag != ord("1")))
        insurance = codes.numbers(value("INSURANCE-TYPE"))
        note("INSURANCE-TYPE", verdict.BAD_CODE, ~codes.known(codes.INSURANCE_TYPES)[insurance])
        count = value("CHANGE-COUNT")
        note("CHANGE-COUNT", verdict.BAD_CODE, (count < 0) | (count > MOST_CHANGES))
        changed = value("CHANGE-DATE").astype(np.int64)
        note("CHANGE-DATE", verdict.BAD_DATE, (changed != day.NONE) & ~day.valid(changed))
        cause = value("CHANGE-CAUSE")
        note("CHANGE-CAUSE", verdict.BAD_CODE, ~rows.all_in(cause, CAUSES))
        premium = value("CURRENT-PAID-PREMIUM")
        note("CURRENT-PAID-PREMIUM", verdict.NEGATIVE, premium < 0)
        note("CURRENT-PAID-PREMIUM", verdict.TOO_LARGE, premium > MOST_YEN)
        nameless = rows.all_in(value("CONTRACTOR-NAME"), rows.SPACES)
        note(
            "CONTRACTOR-NAME", verdict.NO_NAME, nameless & rows.all_in(value("CONTRACTOR-KANA"), rows.SPACES)
        )
