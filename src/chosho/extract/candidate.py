"""Candidates (抽出候補): the first reading of the source payments, into the narrow record that the decision is made on.

A payment that cannot be judged is rejected here and has its verdict at once: an item of the candidate that cannot be decoded
(full-width digits, bad digits or signs), a key that is not plain, a day that does not exist, an unknown code, a negative
amount. Codes that contradict each other are unknown codes too: a lump sum is taxed as 一時所得 or as 相続・贈与, an annuity as
雑所得 or as 相続・贈与, and an annuity taxed as 相続・贈与 is a 相続等生命保険年金 (所得税法施行令185条).
"""

import numpy as np

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Layout, load
from chosho.extract import codes, day, verdict
from chosho.extract.column import Mask, Numbers
from chosho.extract.decision import ANNUITY, INHERITANCE, LUMP, MISCELLANEOUS_INCOME, ONE_TIME_INCOME
from chosho.extract.fault import FaultList

NAMES = (
    "CUSTOMER-NO",
    "PAYMENT-KIND",
    "PAYMENT-DATE",
    "EVENT-DATE",
    "EVENT-CODE",
    "POLICY-NO",
    "PAYEE-NO",
    "PAYMENT-NO",
    "TAX-CATEGORY",
    "INHERITED-FLAG",
    "BENEFIT-AMOUNT",
    "ADDED-BENEFIT-AMOUNT",
    "ANNUITY-PAID-AMOUNT",
)
"""The items of PAYSRC that the decision needs; PAYCAND has them by the same names."""
AMOUNTS = NAMES[10:]
_TARGET = load("PAYCAND")
_CANDIDATE = _TARGET.named()
LRECL = _TARGET.length
_KEY_BYTES = rows.allowed(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ZEROS = rows.allowed(b"0")


class CandidateReader:
    """Makes candidates of source records.

    Args:
        source: the layout PAYSRC.
        code_page: of the source file.
    """

    def __init__(self, source: Layout, code_page: str) -> None:
        self._fields = source.named()
        self._places = {name: place for place, name in enumerate(self._fields)}
        self._transcoder = Transcoder(
            tuple(self._fields.values()),
            code_page,
            _TARGET.fields,
            LRECL,
            [(name, name) for name in NAMES],
        )

    def read(self, block: Block, first: int) -> tuple[Block, Block]:
        """Return the candidates of a block and the verdicts of what cannot be judged.

        Args:
            block: PAYSRC records.
            first: the place of the first one in the file, from 0.

        Returns:
            PAYCAND records and VERDICT records; together one for every record.
        """
        out = np.empty((len(block), LRECL), np.uint8)
        faults = FaultList(len(block))
        faults.add_faults(self._transcoder.run(block, out), [self._places[name] for name in NAMES])
        self._judge(out, faults)
        places = np.arange(first, first + len(block), dtype=np.int64)
        batches.view(_CANDIDATE, out, "PLACE")[:] = places
        sound = faults.sound
        if sound.all():
            return out, verdict.pack(places[:0], faults.codes[:0])
        bad = ~sound
        return out[sound], verdict.pack(places[bad], faults.codes[bad], faults.fields[bad])

    def _judge(self, block: Block, faults: FaultList) -> None:
        """Note what the candidates themselves show to be wrong."""

        def text(name: str) -> Block:
            return batches.view(_CANDIDATE, block, name)

        def note(name: str, code: str, wrong: Mask) -> None:
            if wrong.any():
                faults.add(wrong, code, self._places[name])

        for name in ("POLICY-NO", "CUSTOMER-NO"):
            note(name, verdict.BAD_KEY, ~rows.all_in(text(name), _KEY_BYTES))
        kind, category = text("PAYMENT-KIND")[:, 0], text("TAX-CATEGORY")[:, 0]
        lump = kind == LUMP
        note("PAYMENT-KIND", verdict.BAD_CODE, ~lump & (kind != ANNUITY))
        income = np.where(lump, ONE_TIME_INCOME, MISCELLANEOUS_INCOME)
        note("TAX-CATEGORY", verdict.BAD_CODE, (category != income) & (category != INHERITANCE))
        flag = text("INHERITED-FLAG")[:, 0]
        note("INHERITED-FLAG", verdict.BAD_CODE, (flag != ord("0")) & (flag != ord("1")))
        plain = flag == ord("0")
        note("INHERITED-FLAG", verdict.BAD_CODE, plain & ~lump & (category == INHERITANCE))
        note("PAYMENT-DATE", verdict.BAD_DATE, ~_days(text("PAYMENT-DATE")))
        no_event = ~lump & rows.all_in(text("EVENT-DATE"), _ZEROS)
        note("EVENT-DATE", verdict.BAD_DATE, ~_days(text("EVENT-DATE")) & ~no_event)
        event = codes.numbers(text("EVENT-CODE"))
        blank_event = ~lump & (event == codes.NO_CODE)
        note("EVENT-CODE", verdict.BAD_CODE, ~codes.known(codes.EVENTS)[event] & ~blank_event)
        for name in AMOUNTS:
            amount: Numbers = batches.view(_CANDIDATE, block, name)
            note(name, verdict.NEGATIVE, amount < 0)


def _days(text: Block) -> Mask:
    """Return which eight-byte texts are days."""
    return day.valid(day.from_text(text))
