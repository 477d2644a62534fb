"""When a number must be gone, and the digest over key ids."""

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.retention.pf_ledger import Instruction, InstructionState, Ledger, digest, due_on
from tests.retention.ledgers import CALENDAR, key


@pytest.mark.parametrize(
    ("stored_at", "expected"),
    [
        ("20270405000000", date(2027, 4, 6)),  # Monday
        ("20270405235959", date(2027, 4, 6)),  # a minute before midnight is still Monday
        ("20270406000000", date(2027, 4, 7)),
        ("20270409120000", date(2027, 4, 12)),  # Friday
        ("20270410120000", date(2027, 4, 12)),  # Saturday
        ("20270411235900", date(2027, 4, 12)),  # Sunday
        ("20270428120000", date(2027, 4, 30)),  # before 昭和の日
        ("20270430120000", date(2027, 5, 6)),  # before a weekend and three holidays
        ("20270502120000", date(2027, 5, 6)),  # in the middle of them
        ("20270321090000", date(2027, 3, 23)),  # 春分の日 on a Sunday, with its substitute
        ("20261230090000", date(2027, 1, 4)),  # before the closure at the turn of the year
        ("20261231235900", date(2027, 1, 4)),
        ("20270101000000", date(2027, 1, 4)),
        ("20280228120000", date(2028, 2, 29)),  # leap day
        ("20270405", date(2027, 4, 6)),  # the day of the file, where the time cannot be read
        ("19991231120000", CALENDAR.roll_forward(CALENDAR.first)),  # before the calendar begins
    ],
)
def test_a_number_is_due_on_the_business_day_after_its_storage_date(stored_at: str, expected: date):
    assert due_on(CALENDAR)(stored_at) == expected


@given(st.integers(0, 86399))
def test_the_hour_does_not_matter(second: int):
    stored_at = f"20270409{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}"
    assert due_on(CALENDAR)(stored_at) == date(2027, 4, 12)


def test_the_digest_is_over_the_ids_in_ascending_order_each_ended_by_lf():
    assert digest(["B2", "A10", "A1"]) == hashlib.sha256(b"A1\nA10\nB2\n").hexdigest()
    assert digest([]) == hashlib.sha256(b"").hexdigest()


def test_the_ledger_is_read_from_rows_of_the_control_store():
    row = {
        "id": "PFDEL.20270405.01",
        "state": "sent",
        "business_date": "2027-04-05",
        "keys": 1,
        "digest": "d",
        "prepared_by": "somebody",
        "sends": 2,
        "sent_on": "2027-04-05",
        "resent_on": "2027-04-06",
        "acknowledgement": "",
        "certificate": "",
    }
    ledger = Ledger.from_rows([["A1", "20270405101500", "due", "", None, None]], [row])
    assert ledger.keys == (key("A1"),)
    assert ledger.instructions == (
        Instruction(
            id="PFDEL.20270405.01",
            state=InstructionState.SENT,
            business_date=date(2027, 4, 5),
            keys=1,
            digest="d",
            sends=2,
            sent_on=date(2027, 4, 5),
            resent_on=date(2027, 4, 6),
        ),
    )
    assert ledger.instructions[0].last_sent_on == date(2027, 4, 6)
