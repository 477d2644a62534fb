"""Persons (登録対象者): the rule that holds requests against what the contract system knows of the person."""

import numpy as np
import pyarrow as pa

from chosho.codec import batch as batches
from chosho.codec import kana, rows
from chosho.codec.assembly import last_partner
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.registration import decision, facts, rejection, request
from chosho.registration.channels import ANNUITY_PAYEE, CONTRACTOR, ROLES
from chosho.registration.decision import PersonFacts
from chosho.registration.finding import Findings

GROUP_KEY = request.POLICY_KEY
"""Bytes that make a whole group on both sides: the policy number."""
LRECL = load("PERSON").length
FIELDS = load("PERSON").named()
INDIVIDUAL, COMPANY = b"1", b"2"
"""PARTY."""
ANNUITY_PAID = b"2"
"""CONTRACT-STATUS of a contract that pays an annuity."""
CONTRACTOR_KEY = ROLES[CONTRACTOR] + b"00"
"""Role and payee number of the contractor."""


def known(left: pa.RecordBatch, right: pa.RecordBatch) -> dict[str, pa.RecordBatch]:
    """Hold requests against the contract system (契約マスタ・受取人登録との照合).

    Args:
        left: requests in ascending order of their key, whole groups of the policy number.
        right: PERSON records of these policies and any others, in ascending order, whole groups of the policy number.

    Returns:
        ``requests``: those with nothing against them, in order; ``rejects``: REGREJ records of the others, in order.
    """
    requests, persons = batches.block(left), batches.block(right)
    findings = Findings(requests)
    decision.decide(decision.PERSON, _facts(requests, persons), findings)
    return {
        "requests": batches.to_batch(requests[findings.sound]),
        "rejects": batches.to_batch(rejection.records(requests, findings)),
    }


def _facts(requests: Block, persons: Block) -> PersonFacts:
    def asked(name: str) -> Block:
        return batches.view(request.FIELDS, requests, name)

    contract, contract_once = _partner(_contractors(requests), persons)
    person, registered = _partner(requests[:, : request.PERSON_KEY], persons)
    party = batches.view(FIELDS, person, "PARTY")
    recipient = asked("RECIPIENT-TYPE")
    return PersonFacts(
        contract=contract_once,
        payee=~facts.one_of(recipient, (CONTRACTOR,)),
        registered=registered,
        same_recipient=rows.equal(recipient, batches.view(FIELDS, person, "RECIPIENT-TYPE")),
        annuity=facts.one_of(recipient, (ANNUITY_PAYEE,)),
        paying=facts.one_of(batches.view(FIELDS, contract, "CONTRACT-STATUS"), (ANNUITY_PAID,)),
        individual=facts.given(asked("INDIVIDUAL-NO")),
        corporate=facts.given(asked("CORPORATE-NO")),
        person=facts.one_of(party, (INDIVIDUAL,)),
        company=facts.one_of(party, (COMPANY,)),
        name=kana.agree(asked("REGISTRANT-KANA"), batches.view(FIELDS, person, "KANA")),
    )


def _contractors(requests: Block) -> Block:
    """Return the keys of the contractors of the requests' policies."""
    keys = np.empty((len(requests), request.PERSON_KEY), np.uint8)
    keys[:, :GROUP_KEY] = requests[:, :GROUP_KEY]
    keys[:, GROUP_KEY:] = np.frombuffer(CONTRACTOR_KEY, np.uint8)
    return keys


def _partner(keys: Block, persons: Block) -> tuple[Block, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Return the person of each key, and whether it stands there exactly once; without meaning where it does not."""
    if not len(persons):
        return np.full((len(keys), LRECL), ord(" "), np.uint8), decision.every(len(keys), value=False)
    at = last_partner(keys, persons[:, : request.PERSON_KEY])
    twice = rows.repeats(persons, request.PERSON_KEY)
    found = np.where(at >= 0, at, 0)
    return persons[found], (at >= 0) & ~twice[found]
