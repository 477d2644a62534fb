"""Kept payments (抽出支払): the second reading of the source, transcoded in full into the record that is sorted and built.

Only kept payments are transcoded. What the first reading did not look at is judged now: texts and amounts that cannot be
decoded, unknown codes, amounts that the tax agency does not know in these statements (negative, of more than ten digits,
a net amount that is not what its parts make), days long after the payment. One record that the disc cannot take is rejected
here, for the builder and the check would refuse the whole run for it. A character that the host knows
and CP932 does not is marked, not rejected: the name is written in kana on the statement.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Layout, load
from chosho.extract import codes, day, verdict
from chosho.extract.column import Mask, Numbers
from chosho.extract.fault import FaultList

LRECL = load("PAYWORK").length
KEY_LENGTH = 19
"""Bytes of PAYWORK that order it: policy, role, payee number, payment number."""
POLICY_KEY = 11
"""Bytes of PAYWORK that are the policy number."""
MOST_YEN = 9_999_999_999
"""The largest amount of ten digits: 半角10文字以内."""
_NET: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        "NET-PAID-AMOUNT": (
            ("BENEFIT-AMOUNT", "ADDED-BENEFIT-AMOUNT", "UNPAID-DIVIDEND-AMOUNT", "PREPAID-PREMIUM-REFUND"),
            ("LOAN-AND-INTEREST-AMOUNT", "UNPAID-PREMIUM-AMOUNT"),
        ),
        "ANNUITY-NET-AMOUNT": (("ANNUITY-PAID-AMOUNT",), ("ANNUITY-PREMIUM-AMOUNT",)),
    }
)
"""差引支払保険金額等 of 310 and 323, 差引金額 of 366: what is added and what is taken off, never below 0 (item names, inferred)."""
PAYEE_ROLE = b"02"
"""個人番号等対象者コード of a payee."""
_YEN_BYTES = 8
_LAST_DAY = 1_1231
"""Added to the first days of a year: the last day of the year after. No event that is paid for lies behind it."""
_OF_PROGRAM = ("ROLE-CODE", "PLACE", "STATEMENT-CODE")


class PaymentReader:
    """Makes payment work records of kept source records.

    Args:
        source: the layout PAYSRC.
        code_page: of the source file.
        kinds: the statements that the deck makes.
    """

    def __init__(self, source: Layout, code_page: str, kinds: Sequence[str]) -> None:
        fields = source.named()
        target = load("PAYWORK")
        self._kinds = kinds
        self._target = target.named()
        self._lrecl = target.length
        self._places = {name: place for place, name in enumerate(fields)}
        names = [name for name in self._target if name not in _OF_PROGRAM]
        self._moved = [self._places[name] for name in names]
        self._amounts = [name for name in names if self._target[name].length == _YEN_BYTES]
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
        kept = verdict.is_kept(judged["outcome"], self._kinds)
        refused = judged[~kept & ~verdict.is_left_out(judged["outcome"], self._kinds)]
        chosen = judged[kept]
        at = chosen["place"].astype(np.int64) - first
        out = np.empty((len(at), self._lrecl), np.uint8)
        if not len(at):
            return out, refused
        faults = FaultList(len(block))
        faults.add_faults(self._transcoder.run(block, out, at), self._moved)
        self._fill(out, chosen)
        self._judge(out, at, faults)
        sound = faults.sound[at]
        if sound.all():
            return out, refused
        bad = chosen[~sound]
        bad["outcome"], bad["field"] = faults.codes[at[~sound]], faults.fields[at[~sound]]
        refused = np.concatenate([refused, bad])
        return out[sound], refused[np.argsort(refused["place"], kind="stable")]

    def _fill(self, out: Block, chosen: npt.NDArray[Any]) -> None:
        """Set what the program knows: role, place, kind of statement."""
        fields = self._target
        batches.view(fields, out, "ROLE-CODE")[:] = np.frombuffer(PAYEE_ROLE, np.uint8)
        batches.view(fields, out, "PLACE")[:] = chosen["place"].astype(np.int64)
        outcome = np.ascontiguousarray(chosen["outcome"]).view(np.uint8).reshape(-1, 4)
        batches.view(fields, out, "STATEMENT-CODE")[:] = outcome[:, 1:]

    def _judge(self, out: Block, chosen: Numbers, faults: FaultList) -> None:
        """Note what the work records themselves show to be wrong."""

        def text(name: str) -> Block:
            return batches.view(self._target, out, name)

        def note(name: str, code: str, wrong: Mask) -> None:
            if wrong.any():
                faults.add(chosen[wrong], code, self._places[name])

        party, overseas = text("PAYEE-PARTY")[:, 0], text("PAYEE-OVERSEAS")[:, 0]
        note("PAYEE-PARTY", verdict.BAD_CODE, (party != ord("1")) & (party != ord("2")))
        note("PAYEE-OVERSEAS", verdict.BAD_CODE, (overseas != ord("0")) & (overseas != ord("1")))
        annuity = (text("STATEMENT-CODE") == np.frombuffer(b"366", np.uint8)).all(axis=1)
        types = codes.numbers(text("ANNUITY-TYPE"))
        note("ANNUITY-TYPE", verdict.BAD_CODE, annuity & ~codes.known(codes.ANNUITY_TYPES)[types])
        start = text("INHERITED-START-DATE").astype(np.int64)
        inherited = annuity & (text("INHERITED-FLAG")[:, 0] == ord("1"))
        last = text("PAYMENT-DATE").astype(np.int64) // 10_000 * 10_000 + _LAST_DAY
        note("INHERITED-START-DATE", verdict.BAD_DATE, inherited & (~day.valid(start) | (start > last)))
        note("EVENT-DATE", verdict.BAD_DATE, text("EVENT-DATE") > last)
        spaces = rows.all_in(text("PAYEE-NAME"), rows.SPACES) & rows.all_in(text("PAYEE-KANA"), rows.SPACES)
        note("PAYEE-NAME", verdict.NO_NAME, spaces)
        for name in self._amounts:
            # A negative number is a very large one without its sign: one comparison finds both.
            if (text(name).view(np.uint64) > MOST_YEN).any():
                note(name, verdict.NEGATIVE, text(name) < 0)
                note(name, verdict.TOO_LARGE, text(name) > MOST_YEN)
        for name, (added, taken) in _NET.items():
            parts = sum(text(one) for one in added) - sum(text(one) for one in taken)
            wrong = text(name) != np.maximum(parts, 0)
            note(name, verdict.WRONG_NET, wrong & (annuity == name.startswith("ANNUITY")))
