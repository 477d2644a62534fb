"""Files to and from the PF: written as the layouts say, read strictly, refused as a whole."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.retention.pf_deletion import Outgoing
from chosho.retention.pf_file import REASONS, Refusal, read_reply, write_instruction
from chosho.retention.pf_reply import Detail, Reply, ReplyKind
from tests.retention.ledgers import MON, TUE, key
from tests.retention.pf_records import LRECL, key_digest, record, reply_file

INSTRUCTION = "PFDEL.20270405.01"
DETAILS = (
    Detail("PFA0000001", "20270405101500", "00", "20270406090000"),
    Detail("PFA0000002", "20270405235959", "09"),
)


def whole(details: Sequence[Detail] = DETAILS, kind: str = "C") -> list[bytes]:
    return reply_file(INSTRUCTION, details, kind=kind)


def read(records: list[bytes], today: date = TUE) -> Reply | Refusal:
    rows = np.frombuffer(b"".join(records), np.uint8).reshape(-1, LRECL)
    return read_reply([rows], today, file="f")


# Instructions --


def test_an_instruction_is_header_keys_and_trailer_and_holds_nothing_else():
    keys = (key("PFA0000001"), key("PFB2", stored_at="20270405235959"))
    data = write_instruction(Outgoing(instruction=INSTRUCTION, keys=keys, sends=1, file_no=7), MON)
    expected = [
        record(f"1I00000720270405{'CHOSHO':<10}{'':<10}D{INSTRUCTION:<24}"),
        record(f"2{'PFA0000001':<20}20270405101500"),
        record(f"2{'PFB2':<20}20270405235959"),
        record(f"8I00000700000002{'0' * 32}{key_digest(['PFA0000001', 'PFB2'])}"),
    ]
    assert data == b"".join(expected)


def test_a_file_that_is_sent_again_holds_the_same_instruction_under_another_name_and_number():
    first, second = (
        Outgoing(instruction=INSTRUCTION, keys=(key("A1"),), sends=sends, file_no=sends) for sends in (1, 2)
    )
    assert (first.label, second.label) == (INSTRUCTION, f"{INSTRUCTION}-2")
    one, two = (write_instruction(each, MON) for each in (first, second))
    assert one.replace(b"I000001", b"I000002") == two


# Replies --


def test_a_reply_is_read_with_its_details():
    assert read(whole()) == Reply(
        kind=ReplyKind.CERTIFICATE,
        instruction=INSTRUCTION,
        file="f",
        file_no=1,
        file_date=TUE,
        details=DETAILS,
    )


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[0-9A-Z]{0,8}[A-Za-z][0-9A-Z]{0,11}", fullmatch=True),
            st.datetimes(min_value=datetime.fromisoformat("2026-01-01")),
            st.sampled_from(["00", "01", "02"]),
        ),
        unique_by=lambda one: one[0],
        max_size=20,
    ),
    st.integers(1, 7),
)
def test_an_acknowledgement_comes_back_as_it_was_written_in_blocks_of_any_size(rows: list, size: int):
    details = tuple(Detail(name, f"{when:%Y%m%d%H%M%S}", result) for name, when, result in rows)
    data = np.frombuffer(b"".join(whole(details, kind="A")), np.uint8).reshape(-1, LRECL)
    blocks = [data[start : start + size] for start in range(0, len(data), size)]
    reply = read_reply(blocks, TUE, file="f")
    assert isinstance(reply, Reply)
    assert reply.details == details


def test_a_file_without_details_and_with_a_good_trailer_is_read():
    reply = read(whole(()))
    assert isinstance(reply, Reply)
    assert reply.details == ()


def changed(place: int, start: int, text: bytes) -> Callable[[list[bytes]], list[bytes]]:
    def change(records: list[bytes]) -> list[bytes]:
        one = records[place]
        return [*records[:place], one[:start] + text + one[start + len(text) :], *records[place:][1:]]

    return change


BAD: dict[str, tuple[str, Callable[[list[bytes]], list[bytes]]]] = {
    "nothing": ("FHDR", lambda _: []),
    "no header": ("FHDR", lambda records: records[1:]),
    "unknown kind": ("FHDR", changed(0, 36, b"D")),
    "malformed instruction": ("FHDR", changed(0, 37, b"PFDEX")),
    "malformed number": ("FHDR", changed(0, 2, b"00000A")),
    "header not ASCII": ("FHDR", changed(0, 60, b"\x81\x40")),
    "channel of declarations": ("FCHN", changed(0, 1, b"3")),
    "no date": ("FDAT", changed(0, 8, b"20270231")),
    "tomorrow": ("FDAT", changed(0, 8, b"20270407")),
    "cut off": ("FTRL", lambda records: records[:-1]),
    "header only": ("FTRL", lambda records: records[:1]),
    "trailer of another file": ("FTRL", changed(3, 2, b"000002")),
    "trailer of another channel": ("FTRL", changed(3, 1, b"I")),
    "trailer not ASCII": ("FTRL", changed(3, 150, b"\xff")),
    "second header": ("FTYP", lambda records: [*records[:2], records[0], *records[2:]]),
    "trailer in between": ("FTYP", lambda records: [*records[:2], records[-1], *records[2:]]),
    "type unknown": ("FTYP", changed(1, 0, b"3")),
    "count": ("FCNT", changed(3, 8, b"00000003")),
    "totals of registrations": ("FCNT", changed(3, 16, b"00000001")),
    "digest": ("FCNT", changed(3, 48, b"0" * 64)),
    "a detail lost": ("FCNT", lambda records: [records[0], *records[2:]]),
    "a key that could be a number": ("KEYI", changed(1, 1, b"123456789012".ljust(20))),
    "no key": ("KEYI", changed(1, 1, b" " * 20)),
    "a key with a blank": ("KEYI", changed(1, 3, b" ")),
    "a key not ASCII": ("KEYI", changed(1, 1, b"\xb1")),
    "a key twice": ("KDUP", lambda records: [*records[:2], *records[1:]]),
    "storage day": ("STOR", changed(1, 21, b"20270231")),
    "storage hour": ("STOR", changed(1, 29, b"24")),
    "storage blank": ("STOR", changed(1, 21, b" " * 14)),
    "result": ("RSLT", changed(1, 35, b"01")),
    "deleted without time": ("DELT", changed(1, 37, b" " * 14)),
    "not deleted, with time": ("DELT", changed(2, 37, b"20270406090000")),
    "time malformed": ("DELT", changed(1, 45, b"9960")),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_reason(name: str):
    reason, spoil = BAD[name]
    assert read(spoil(whole())) == Refusal(reason)
    assert reason in REASONS


def test_an_acknowledgement_with_a_result_of_certificates_or_a_time_is_refused():
    one = Detail("PFA1", "20270405101500", "09")
    assert read(whole((one,), kind="A")) == Refusal("RSLT")
    timed = Detail("PFA1", "20270405101500", "00", "20270406090000")
    assert read(whole((timed,), kind="A")) == Refusal("DELT")


@given(st.integers(0, 4 * LRECL - 1), st.integers(0, 255))
def test_a_file_with_any_one_byte_changed_is_refused_or_read_and_never_anything_else(place: int, byte: int):
    data = bytearray(b"".join(whole()))
    data[place] = byte
    found = read([bytes(data)])
    assert isinstance(found, Reply) or found.reason in REASONS
