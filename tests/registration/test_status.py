"""The acquisition status: the newest registration of each person, held or not, without a number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch as batches
from chosho.copybook import load
from chosho.dataset.cogroup import groups
from chosho.registration import status
from tests.engine import partitioned
from tests.extract.flows import chunks, rows
from tests.match.masters import block, contractor, corporate, individual, payee
from tests.registration.updates import BEFORE, NUMBER, NUMMAST, row

NUMSTAT = load("NUMSTAT")


def statuses(master):
    """Return the NUMSTAT records of a master as dictionaries."""
    found = status.status(batches.to_batch(block(NUMMAST, master)))
    return rows(NUMSTAT, batches.block(found))


def test_a_person_whose_number_is_held():
    assert statuses([row(NUMBER)]) == [
        {
            "POLICY-NO": "10000000001",
            "ROLE-CODE": "02",
            "PAYEE-NO": "01",
            "HELD": "1",
            "STATE-CODE": "1",
            "REASON-CODE": "00",
            "REGISTERED-ON": BEFORE,
        }
    ]


@pytest.mark.parametrize(("state", "held"), [("0", "0"), ("1", "1"), ("2", "0"), ("9", "0"), ("7", "0")])
def test_a_number_is_held_in_state_1_only(state, held):
    (found,) = statuses([row(NUMBER, state=state, REASON_CODE="03")])
    assert (found["HELD"], found["STATE-CODE"], found["REASON-CODE"]) == (held, state, "03")


def test_the_newest_registration_of_a_person_counts():
    master = [row(NUMBER, "001", "2"), row(NUMBER, "002", "1"), row("", "003", "0", REASON_CODE="02")]
    assert [(one["HELD"], one["REASON-CODE"]) for one in statuses(master)] == [("0", "02")]


def test_each_person_of_a_policy_has_a_status():
    master = [
        contractor(),
        payee(),
        payee(individual(3), PAYEE_NO="02"),
        payee(corporate(5), POLICY_NO="10000000002"),
    ]
    assert [(one["POLICY-NO"][-1], one["ROLE-CODE"], one["PAYEE-NO"]) for one in statuses(master)] == [
        ("1", "01", "00"),
        ("1", "02", "01"),
        ("1", "02", "02"),
        ("2", "02", "01"),
    ]


def test_no_number_and_no_name_is_in_the_status():
    content = batches.block(status.status(batches.to_batch(block(NUMMAST, [row(NUMBER)])))).tobytes()
    assert NUMBER.encode() not in content
    assert not {"INDIVIDUAL-NO", "CORPORATE-NO", "REGISTRANT-KANA"} & set(NUMSTAT.named())
    assert len(content) == NUMSTAT.length == 32


def test_an_empty_master_has_an_empty_status():
    assert statuses([]) == []


def test_persons_held_are_counted():
    found = status.status(batches.to_batch(block(NUMMAST, [contractor(), row(NUMBER, state="9")])))
    assert status.held(batches.block(found)) == 1


_KEYS = st.tuples(st.sampled_from(["10000000001", "10000000002"]), st.sampled_from(["00", "01", "02"]))


@st.composite
def masters(draw):
    return block(
        NUMMAST,
        [
            row(NUMBER, f"{turn + 1:03d}", draw(st.sampled_from("0129")), POLICY_NO=policy, PAYEE_NO=payee_no)
            for policy, payee_no in sorted(draw(st.lists(_KEYS, unique=True)))
            for turn in range(draw(st.integers(1, 3)))
        ],
    )


@settings(max_examples=50, deadline=None)
@given(master=masters(), size=st.integers(1, 9))
def test_the_status_is_that_of_the_model_under_any_cut(master, size):
    newest = {(one["POLICY-NO"], one["PAYEE-NO"]): one["STATE-CODE"] for one in rows(NUMMAST, master)}
    pieces = [
        batches.block(status.status(batches.to_batch(np.ascontiguousarray(whole))))
        for whole in groups(chunks(master, size), status.PERSON_KEY, target=1)
    ]
    found = [one for piece in pieces for one in rows(NUMSTAT, piece)]
    assert [(one["POLICY-NO"], one["PAYEE-NO"]) for one in found] == list(newest)
    assert [one["STATE-CODE"] for one in found] == list(newest.values())
    assert all((one["HELD"] == "1") == (one["STATE-CODE"] == "1") for one in found)


@settings(max_examples=30, deadline=None)
@given(master=masters())
def test_a_partitioned_engine_makes_the_same_bytes(master):
    whole = batches.block(status.status(batches.to_batch(master))).tobytes()
    found = partitioned(
        lambda left, _: {"status": status.status(left)},
        master,
        np.empty((0, NUMMAST.length), np.uint8),
        status.PERSON_KEY,
        order=(18, 18),
    )
    assert found == {"status": whole}
