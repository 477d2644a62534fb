"""Changes of contractor by death (保険契約者等の異動): which contracts need a statement 386, and the record it is made of.

:data:`TABLE` is the decision table, one row per answer, with the law beside it; the first row that applies decides. No payment
is behind this statement: the contract master says who the contractor was and is, when the change took effect (CHANGE-DATE), and
what the contract was worth on the day of valuation. It has no item for an individual number (see :mod:`chosho.match.kinds`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Layout, load
from chosho.extract import codes, contract, day, verdict
from chosho.extract.column import Mask, Numbers
from chosho.extract.fault import FaultList
from chosho.extract.payment import MOST_YEN
from chosho.extract.table import Row, decide

KEPT = "K386"
NO_DEATH, OTHER_PERIOD, BEFORE_LAW, EXEMPT = "NDTH", "YEAR", "EARL", "EXMT"
"""Left out: no change by death; of another year; before the law; surrender value at or below the exemption."""
LEFT_OUT = (NO_DEATH, OTHER_PERIOD, BEFORE_LAW, EXEMPT)
FIRST_DAY = 20180101
"""Changes from this day need a statement (平成27年改正法附則)."""
_BY_DEATH = ord("1")
_TARGET = load("CHGDATA")
_FIELDS = _TARGET.named()
LRECL = _TARGET.length
MOVES: Mapping[str, str] = {
    "POLICY-NO": "POLICY-NO",
    "CHANGE-CAUSE": "CHANGE-CAUSE",
    "CHANGE-DATE": "CHANGE-DATE",
    "INSURANCE-TYPE": "INSURANCE-TYPE",
    "CONTRACTOR-KANA": "NEW-KANA",
    "CONTRACTOR-ADDRESS": "NEW-ADDRESS",
    "CONTRACTOR-OVERSEAS": "NEW-OVERSEAS",
    "CONTRACTOR-NAME": "NEW-NAME",
    "CONTRACTOR-PARTY": "NEW-PARTY",
    "PREVIOUS-ADDRESS": "DECEASED-ADDRESS",
    "PREVIOUS-OVERSEAS": "DECEASED-OVERSEAS",
    "PREVIOUS-NAME": "DECEASED-NAME",
    "INSURED-ADDRESS": "INSURED-ADDRESS",
    "INSURED-OVERSEAS": "INSURED-OVERSEAS",
    "INSURED-NAME": "INSURED-NAME",
    "SURRENDER-VALUE": "SURRENDER-VALUE",
    "PAID-PREMIUM-TOTAL": "PAID-PREMIUM-TOTAL",
    "DECEASED-PAID-PREMIUM": "DECEASED-PAID-PREMIUM",
    "VALUATION-CODE": "VALUATION-CODE",
    "DEATH-DATE": "DEATH-DATE",
}
"""Items of the contract master, and what they are on the statement."""
_AMOUNTS = ("SURRENDER-VALUE", "PAID-PREMIUM-TOTAL", "DECEASED-PAID-PREMIUM")
_CODES = {
    **dict.fromkeys(("CONTRACTOR-PARTY", "VALUATION-CODE"), b"12"),
    **dict.fromkeys(("CONTRACTOR-OVERSEAS", "PREVIOUS-OVERSEAS", "INSURED-OVERSEAS"), b"01"),
}
_WORDS = codes.words(codes.INSURANCE_TYPES, _FIELDS["INSURANCE-TYPE-TEXT"].length)


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the rows of the table speak of: the day the change took effect, the surrender value, period and exemption."""

    by_death: Mask
    changed: Numbers
    surrender: Numbers
    first: int
    last: int
    exempt: int


TABLE: Sequence[Row[Facts]] = (
    Row(
        outcome=NO_DEATH,
        applies=lambda facts: ~facts.by_death,
        reason="the contractor did not change, or not by death",
        law="相続税法59条2項 契約者が死亡したことに伴い契約者の変更の手続を行つた場合",
    ),
    Row(
        outcome=BEFORE_LAW,
        applies=lambda facts: facts.changed < FIRST_DAY,
        reason="changed before 2018-01-01",
        law="相続税法59条2項, applied to changes from 平成30年1月1日 (改正法附則)",
    ),
    Row(
        outcome=OTHER_PERIOD,
        applies=lambda facts: (facts.changed < facts.first) | (facts.changed > facts.last),
        reason="changed in another year",
        law="相続税法59条2項 その変更の効力が生じた日の属する年の翌年1月31日まで",
    ),
    Row(
        outcome=EXEMPT,
        applies=lambda facts: facts.surrender <= facts.exempt,
        reason="surrender value at or below the exemption (setting nta.change_exempt)",
        law="相続税法59条2項ただし書 解約返戻金相当額が一定金額以下; that it is 1,000,000 yen no text read here says",
    ),
    Row(
        outcome=KEPT,
        applies=lambda facts: np.ones(len(facts.changed), np.bool_),
        reason="changed by death in the year, surrender value above the exemption",
        law="相続税法59条2項, 相続税法施行規則 第八号書式",
    ),
)
"""The decision table of statement 386 (判定表); the first row that applies decides."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """What the rule depends on beside the contracts.

    Attributes:
        first: first day of the changes, yyyymmdd.
        last: their last day.
        exempt: yen, see :data:`EXEMPT`.
        obligor: the bytes of the obligor's items, by item (see :func:`obligor.items`).
        submitted_on: 提出年月日, yyyymmdd.
    """

    first: int
    last: int
    exempt: int
    obligor: dict[str, bytes]
    submitted_on: int


class ChangeReader:
    """Makes change records of keyed contracts (see :func:`contract.keyed`).

    Args:
        source: the layout CONTRACT.
        code_page: of the contract master.
        parameters: see :class:`Parameters`.
    """

    def __init__(self, source: Layout, code_page: str, parameters: Parameters) -> None:
        self._parameters = parameters
        fields = tuple(
            replace(field, offset=field.offset + contract.KEY_LENGTH) for field in source.named().values()
        )
        self._places = {name: verdict.CONTRACT_FIELDS + place for place, name in enumerate(source.named())}
        self._first, self._full = (
            Transcoder(fields, code_page, _TARGET.fields, LRECL, list(moves.items()), unmappable="marker")
            for moves in ({"CHANGE-CAUSE": "CHANGE-CAUSE"}, MOVES)
        )
        fixed = {"ROLE-CODE": b"01", "PAYEE-NO": b"00", "PAYMENT-NO": b"0000", "STATEMENT-CODE": b"386"}
        # Every insured is a person (個人・法人区分 1); no record is a correction (訂正表示 0).
        fixed |= {"CORRECTION-MARK": b"0", "INSURED-PARTY": b"1", **parameters.obligor}
        fixed["SUBMISSION-YEAR"] = day.era_items(np.array([parameters.submitted_on])).tobytes()
        self._fixed = {
            _FIELDS[name].offset: np.frombuffer(value, np.uint8) for name, value in fixed.items() if value
        }

    def read(self, block: Block, first: int) -> tuple[Block, Block]:
        """Return the change records of a block and the verdicts on the other contracts.

        Args:
            block: keyed contracts in the order of the key, whole groups of it.
            first: the place of the first one in the master, from 0.

        Returns:
            CHGDATA records, their PLACE not yet set, and VERDICT records; together one for every contract.
        """
        cause, faults = np.empty((len(block), LRECL), np.uint8), FaultList(len(block))
        faults.add_faults(self._first.run(block, cause), [self._places["CHANGE-CAUSE"]])
        letters = batches.view(_FIELDS, cause, "CHANGE-CAUSE")
        faults.add(~rows.all_in(letters, contract.CAUSES), verdict.BAD_CODE, self._places["CHANGE-CAUSE"])
        dead = np.flatnonzero(faults.sound & (letters[:, 0] == _BY_DEATH))
        outcomes, out = faults.codes.copy(), np.empty((len(dead), LRECL), np.uint8)
        outcomes[faults.sound] = verdict.number(NO_DEATH)
        faults.add_faults(self._full.run(block, out, dead), [self._places[name] for name in MOVES])
        self._judge(block, out, dead, faults)
        told = decide(TABLE, self._facts(out), len(out))
        unreadable_date = faults.fields[dead] == self._places["CHANGE-DATE"]
        early = np.isin(told, [verdict.number(one) for one in (BEFORE_LAW, OTHER_PERIOD)]) & ~unreadable_date
        outcomes[dead] = np.where(early | faults.sound[dead], told, faults.codes[dead])
        fields = np.where(verdict.one_of(outcomes, LEFT_OUT), verdict.NO_FIELD, faults.fields).astype(
            np.int32
        )
        kept = outcomes == verdict.number(KEPT)
        others = np.flatnonzero(~kept)
        made = out[kept[dead]]
        self._fill(made, block[dead[kept[dead]], : contract.KEY_LENGTH])
        return made, verdict.pack(others + first, outcomes[others], fields[others])

    def _facts(self, out: Block) -> Facts:
        return Facts(
            by_death=np.ones(len(out), np.bool_),
            changed=batches.view(_FIELDS, out, "CHANGE-DATE").astype(np.int64),
            surrender=batches.view(_FIELDS, out, "SURRENDER-VALUE"),
            first=self._parameters.first,
            last=self._parameters.last,
            exempt=self._parameters.exempt,
        )

    def _judge(self, block: Block, out: Block, dead: Numbers, faults: FaultList) -> None:
        """Note what the records themselves show to be wrong."""

        def value(name: str) -> np.ndarray[Any, Any]:
            return batches.view(_FIELDS, out, MOVES[name])

        def note(name: str, code: str, wrong: Mask) -> None:
            if wrong.any():
                faults.add(dead[wrong], code, self._places[name])

        note("CHANGE-DATE", verdict.BAD_DATE, ~day.valid(value("CHANGE-DATE").astype(np.int64)))
        twice = rows.repeats(block, contract.KEY_LENGTH)
        twice |= np.append(twice[1:], np.zeros(min(len(twice), 1), np.bool_))
        note("POLICY-NO", verdict.DUPLICATE_CONTRACT, twice[dead])
        death = value("DEATH-DATE").astype(np.int64)
        note("DEATH-DATE", verdict.BAD_DATE, ~day.valid(death) | (death > value("CHANGE-DATE")))
        for name, known in _CODES.items():
            note(name, verdict.BAD_CODE, ~rows.all_in(value(name), rows.allowed(known)))
        insurance = codes.numbers(value("INSURANCE-TYPE"))
        note("INSURANCE-TYPE", verdict.BAD_CODE, ~codes.known(codes.INSURANCE_TYPES)[insurance])
        for name in _AMOUNTS:
            note(name, verdict.NEGATIVE, value(name) < 0)
            note(name, verdict.TOO_LARGE, value(name) > MOST_YEN)
        nameless = rows.all_in(value("CONTRACTOR-NAME"), rows.SPACES)
        note(
            "CONTRACTOR-NAME", verdict.NO_NAME, nameless & rows.all_in(value("CONTRACTOR-KANA"), rows.SPACES)
        )
        for name in ("PREVIOUS-NAME", "INSURED-NAME"):
            note(name, verdict.NO_NAME, rows.all_in(value(name), rows.SPACES))

    def _fill(self, out: Block, key: Block) -> None:
        """Set what is made: the key, the obligor, era items, the word of the insurance."""
        out[:, : contract.KEY_LENGTH] = key
        for start, value in self._fixed.items():
            out[:, start : start + len(value)] = value
        for name, source in (("DEATH-YEAR", "DEATH-DATE"), ("EFFECTIVE-YEAR", "CHANGE-DATE")):
            start = _FIELDS[name].offset
            items = day.era_items(batches.view(_FIELDS, out, source).astype(np.int64))
            out[:, start : start + day.ITEMS] = items
        insurance = codes.numbers(batches.view(_FIELDS, out, "INSURANCE-TYPE"))
        batches.view(_FIELDS, out, "INSURANCE-TYPE-TEXT")[:] = _WORDS[insurance]
