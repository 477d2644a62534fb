"""Requests and number master rows for tests of the update, from dictionaries, and the update run over them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.registration import update
from tests.extract.flows import rows
from tests.match.masters import block, corporate, individual, payee

Record = Mapping[str, Any]
REGTRAN, NUMMAST, REGREJ = load("REGTRAN"), load("NUMMAST"), load("REGREJ")
NUMBER, OTHER_NUMBER = individual(1), individual(2)
CORPORATE = corporate(5)
DAY, BEFORE = "20270112", "20260401"

_REQUEST: Record = {
    "POLICY-NO": "10000000001",
    "ROLE-CODE": "02",
    "PAYEE-NO": "01",
    "ACCEPTED-AT": DAY + "101500",
    "CHANNEL": "1",
    "FILE-NO": "000001",
    "RECORD-NO": "00000002",
    "RECIPIENT-TYPE": "02",
    "REQUEST-KIND": "1",
    "RELATION-CODE": "02",
    "REGISTRANT-KANA": "ｶｸｳ ﾊﾅｺ",
    "OFFICE-NO": "12345",
    "TERMINAL-ID": "CTM0000001",
    "TERMINAL-TYPE": "C1",
    "EMPLOYEE-ID": "E0000001",
    "DOCUMENT-KIND": "01",
    "VERIFIED": "1",
}


def request(kind: str, number: str = "", **changes: object) -> Record:
    """Return an accepted request of a kind for the payee of :func:`row`, with changes (``PAYEE_NO="02"``)."""
    given = {"CORPORATE-NO" if len(number) == 13 else "INDIVIDUAL-NO": number}
    return {
        **_REQUEST,
        "REQUEST-KIND": kind,
        **given,
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }


def row(number: str = "", registration: str = "001", state: str = "1", **changes: object) -> Record:
    """Return the payee's row of the number master as :func:`request` would have made it a year before, with changes."""
    own = {
        "INDIVIDUAL_NO": "",
        "CORPORATE_NO": "",
        "CORPORATE_NO" if len(number) == 13 else "INDIVIDUAL_NO": number,
        "STATE_CODE": state,
        "REGISTERED_ON": BEFORE,
        "RELATION_CODE": "02",
        "OFFICE_NO": "12345",
    }
    return payee("-", registration, **{**own, **changes})


def ordered(requests: Iterable[Record]) -> list[Record]:
    """Return requests in the order of their key."""
    names = [field.name for field in REGTRAN.fields if field.offset < update.REQUEST_KEY]
    return sorted(requests, key=lambda one: [str(one[name]) for name in names])


def sides(requests: Sequence[Record], master: Sequence[Record]) -> tuple[Block, Block]:
    """Return both sides of the update as records, in key order."""
    key = ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "REGISTRATION-NO")
    old = sorted(master, key=lambda one: [one[name] for name in key])
    return block(REGTRAN, ordered(requests)), block(NUMMAST, old)


class Updated:
    """What an update gave: ``master``, ``rejects`` as dictionaries, ``outcomes`` per request, ``counts``, ``keys``, raw blocks."""

    def __init__(self, requests: Sequence[Record], master: Sequence[Record]) -> None:
        left, right = (batches.to_batch(side) for side in sides(requests, master))
        found = update.update(left, right, update.Parameters())
        self.block = batches.block(found["master"])
        self.master = rows(NUMMAST, self.block)
        self.rejects = rows(REGREJ, batches.block(found["rejects"]))
        self.counts = Counter(update.totals(right, found))
        self.keys = list(update.pf_keys(left, found))
        actions = batches.block(found["verdicts"]).view(np.int32)[:, 0]
        chosen = [update.ACTIONS[number] for number in actions]
        self.outcomes = [f"rejected.{one.reason}" if one.reason else one.outcome for one in chosen]
