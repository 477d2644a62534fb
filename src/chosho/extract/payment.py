"""Kept payments (抽出支払): the second reading of the source, transcoded in full into the record that is sorted and built.

Only kept payments are transcoded. What the first reading did not look at is judged now: texts and amounts that cannot be
decoded, unknown codes, negative amounts (the tax agency knows none in statements 310 and 366). A character that the host knows
and CP932 does not is marked, not rejected: the name is written in kana on the statement.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Kind, Layout, load
from chosho.extract import codes, day, verdict
from chosho.extract.column import Mask, Numbers
from chosho.extract.fault import FaultList

LRECL = load("PAYWORK").length
KEY_LENGTH = 19
"""Bytes of PAYWORK that order it: policy, role, payee number, payment number."""
POLICY_KEY = 11
"""Bytes of PAYWORK that are the policy number."""
PAYEE_ROLE = b"02"
"""個人番号等対象者コード of a payee."""
_OF_PROGRAM = ("ROLE-CODE", "PLACE", "STATEMENT-CODE")


class PaymentReader:
    """Makes payment work records of kept source records.

    Args:
        source: the layout PAYSRC.
        code_page: of the source file.
    """

    def __init__(self, source: Layout, code_page: str) -> None:
        fields = source.named()
        target = load("PAYWORK")
        self._target = target.named()
        self._lrecl = target.length
        self._places = {name: place for place, name in enumerate(fields)}
        names = [name for name in self._target if name not in _OF_PROGRAM]
        self._moved = [self._places[name] for name in names]
        self._amounts = [name for name in names if self._target[name].kind is Kind.BINARY]
        self._transcoder = Transcoder(
            tuple(fields.values()),
            code_page,
            target.fields,
            target.length,
            [(name, name) for name in names],
            unmappable="marker",
        )

    def read(self, block: Block, first: int, judged: npt.NDArray[Any]) -> tuple[Block, npt.NDArray[Any]]:
        """Return the payments kept of a block and the verdicts of those that prove faulty.

        Args:
            block: PAYSRC records.
            first: the place of the first one in the file, from 0.
            judged: the verdicts on the block (see :func:`verdict.beside`).

        Returns:
            PAYWORK records, and the verdicts of all rejected records of the block, in file order.
        """
        kept = verdict.is_kept(judged["outcome"])
        refused = judged[~kept & ~verdict.is_left_out(judged["outcome"])]
        chosen = judged[kept]
        rows = chosen["place"].astype(np.int64) - first
        out = np.empty((len(rows), self._lrecl), np.uint8)
        if not len(rows):
            return out, refused
        faults = FaultList(len(block))
        faults.add_faults(self._transcoder.run(block, out, rows), self._moved)
        self._fill(out, chosen)
        self._judge(out, rows, faults)
        sound = faults.sound[rows]
        if sound.all():
            return out, refused
        bad = chosen[~sound]
        bad["outcome"], bad["field"] = faults.codes[rows[~sound]], faults.fields[rows[~sound]]
        refused = np.concatenate([refused, bad])
        return out[sound], refused[np.argsort(refused["place"], kind="stable")]

    def _fill(self, out: Block, chosen: npt.NDArray[Any]) -> None:
        """Set what the program knows: role, place, kind of statement."""
        fields = self._target
        batches.view(fields, out, "ROLE-CODE")[:] = np.frombuffer(PAYEE_ROLE, np.uint8)
        batches.view(fields, out, "PLACE")[:] = chosen["place"].astype(np.int64)
        outcome = np.ascontiguousarray(chosen["outcome"]).view(np.uint8).reshape(-1, 4)
        batches.view(fields, out, "STATEMENT-CODE")[:] = outcome[:, 1:]

    def _judge(self, out: Block, rows: Numbers, faults: FaultList) -> None:
        """Note what the work records themselves show to be wrong."""

        def text(name: str) -> Block:
            return batches.view(self._target, out, name)

        def note(name: str, code: str, wrong: Mask) -> None:
            if wrong.any():
                faults.add(rows[wrong], code, self._places[name])

        party, overseas = text("PAYEE-PARTY")[:, 0], text("PAYEE-OVERSEAS")[:, 0]
        note("PAYEE-PARTY", verdict.BAD_CODE, (party != ord("1")) & (party != ord("2")))
        note("PAYEE-OVERSEAS", verdict.BAD_CODE, (overseas != ord("0")) & (overseas != ord("1")))
        annuity = (text("STATEMENT-CODE") == np.frombuffer(b"366", np.uint8)).all(axis=1)
        types = codes.numbers(text("ANNUITY-TYPE"))
        note("ANNUITY-TYPE", verdict.BAD_CODE, annuity & ~codes.known(codes.ANNUITY_TYPES)[types])
        start = text("INHERITED-START-DATE").astype(np.int64)
        inherited = annuity & (text("INHERITED-FLAG")[:, 0] == ord("1"))
        note("INHERITED-START-DATE", verdict.BAD_DATE, inherited & ~day.valid(start))
        for name in self._amounts:
            note(name, verdict.NEGATIVE, text(name) < 0)
