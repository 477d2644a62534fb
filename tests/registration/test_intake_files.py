"""Delivered files: each reason to refuse one, in EBCDIC and in CP932, however the file is cut into blocks; and their order."""

import datetime as dt

import numpy as np
import pytest

from chosho.copybook import load
from chosho.errors import StopLine, message_table
from chosho.registration.channels import CHANNELS, COUNTER, MAIL, MOBILE, ONLINE
from chosho.registration.files import REASONS
from tests.registration.intakes import (
    PAGES,
    TODAY,
    Waiting,
    World,
    delivered,
    detail,
    records,
    run,
)

BOTH = pytest.mark.parametrize("channel", [COUNTER, ONLINE], ids=["EBCDIC", "CP932"])
CUTS = pytest.mark.parametrize("cuts", [[1], [2], [3, 1], [1000]], ids=str)


def judged(channel, content, expected=1, **more):
    """Return why one file is refused ("" when it is taken)."""
    result = run({channel.dd: [Waiting(content, **more)]}, expected=expected)
    (reason,) = result.refused(channel)
    taken = not reason
    assert (result.counts["files.taken"], result.counts["files.refused"]) == (taken, not taken)
    if reason:
        assert result.counts["read"] == len(result.transactions) == len(result.rejects) == 0
    return reason


def three(channel):
    return [detail(channel) for _ in range(3)]


def with_type(channel, record_type, row=2):
    """Return a file whose record ``row`` has another type, its totals as they were."""
    content = delivered(channel, three(channel))
    content = content.copy()
    at = load(channel.member)["RECORD-TYPE"].offset
    typed = records(load(channel.member), [{"RECORD-TYPE": record_type}], PAGES[channel.dd])
    content[row, at] = typed[0, at]
    return content


@BOTH
@CUTS
def test_a_sound_file_is_taken_whatever_its_blocks(channel, cuts):
    for count in range(4):
        details = [detail(channel)] * count
        assert judged(channel, delivered(channel, details), cuts=cuts) == ""


def test_an_empty_file_with_a_good_trailer_is_taken_and_not_missing():
    result = run({channel.dd: [Waiting(delivered(channel, []))] for channel in CHANNELS})
    assert result.counts["files.taken"] == 4
    assert (result.counts["missing"], result.counts["read"]) == (0, 0)


@BOTH
@CUTS
@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("FHDR", {"HEAD_RECORD_TYPE": "2"}),
        ("FHDR", {"HEAD_RECORD_TYPE": "8"}),
        ("FHDR", {"HEAD_FILE_NO": "00000A"}),
        ("FHDR", {"HEAD_FILE_NO": "     1"}),
        ("FHDR", {"HEAD_FILE_NO": "000000"}),
        ("FHDR", {"HEAD_MESSAGE_KIND": "D"}),
        ("FHDR", {"HEAD_INSTRUCTION_ID": "PFD-1"}),
        ("FHDR", {"HEAD_SENDER_ID": b"\x0e\x05"}),
        ("FHDR", {"HEAD_SENDER_ID": "ｶﾅ"}),
        ("FCHN", {"HEAD_CHANNEL": "2"}),
        ("FCHN", {"HEAD_CHANNEL": "P"}),
        ("FDAT", {"HEAD_FILE_DATE": "20270113"}),
        ("FDAT", {"HEAD_FILE_DATE": "20270230"}),
        ("FDAT", {"HEAD_FILE_DATE": ""}),
        ("FTRL", {"TAIL_RECORD_TYPE": "2"}),
        ("FTRL", {"TAIL_CHANNEL": "4"}),
        ("FTRL", {"TAIL_FILE_NO": "000002"}),
        ("FCNT", {"TAIL_RECORD_COUNT": "00000002"}),
        ("FCNT", {"TAIL_RECORD_COUNT": "       3"}),
        ("FCNT", {"TAIL_RECORD_COUNT": b"\x0e\x05"}),
        ("FCNT", {"TAIL_REGISTERED": "00000002"}),
        ("FCNT", {"TAIL_CORRECTED": "00000001"}),
        ("FCNT", {"TAIL_DELETED": "00000001"}),
        ("FCNT", {"TAIL_NOT_OBTAINED": "00000001"}),
    ],
    ids=str,
)
def test_a_header_or_trailer_that_is_wrong(channel, cuts, reason, changes):
    assert judged(channel, delivered(channel, three(channel), **changes), cuts=cuts) == reason


@BOTH
@CUTS
@pytest.mark.parametrize("record_type", ["1", "8", "3", " "])
@pytest.mark.parametrize("row", [1, 2, 3])
def test_a_record_type_out_of_place(channel, cuts, record_type, row):
    assert judged(channel, with_type(channel, record_type, row), cuts=cuts) == "FTYP"


@BOTH
@CUTS
def test_a_truncated_file_has_no_trailer_wherever_it_ends(channel, cuts):
    content = delivered(channel, three(channel))
    assert judged(channel, content[:0], cuts=cuts) == "FHDR"
    for end in range(1, len(content)):
        assert judged(channel, content[:end], cuts=cuts) == "FTRL"


@BOTH
def test_what_stands_behind_the_trailer_is_no_file(channel):
    content = delivered(channel, three(channel))
    assert judged(channel, np.concatenate([content, content[1:2]])) == "FTRL"
    assert judged(channel, np.concatenate([content, content])) == "FTYP"


def test_the_kinds_of_requests_are_counted_apart():
    kinds = [detail(COUNTER, REQUEST_KIND=kind) for kind in "1223444"]
    assert judged(COUNTER, delivered(COUNTER, kinds)) == ""
    swapped = delivered(COUNTER, kinds, TAIL_CORRECTED="00000001", TAIL_DELETED="00000002")
    assert judged(COUNTER, swapped) == "FCNT"


def test_a_batch_of_letters_needs_a_permit_of_the_list():
    assert judged(MAIL, delivered(MAIL, three(MAIL), HEAD_PERMIT_ID="PERMIT0002")) == ""
    for permit in ("", "PERMIT0003", "PERMIT000"):
        assert judged(MAIL, delivered(MAIL, three(MAIL), HEAD_PERMIT_ID=permit)) == "FPER"


def test_a_number_above_the_expected_one_waits_and_one_below_came_before():
    for number, reason in ((6, "FDUP"), (7, ""), (8, "FSEQ")):
        assert judged(COUNTER, delivered(COUNTER, three(COUNTER), number), expected=7) == reason


def test_a_twin_of_a_file_that_was_taken_came_before():
    assert judged(COUNTER, delivered(COUNTER, three(COUNTER)), twin="EARLIER.age") == "FDUP"


@pytest.mark.parametrize("fault", ["FPLN", "FDEC", "FLEN", "FNAM", "FACC"])
def test_what_the_engine_finds_is_taken_over_and_the_file_is_not_read(fault):
    assert judged(COUNTER, np.empty((0, 200), np.uint8), fault=fault, damaged_at=0) == fault


@pytest.mark.parametrize("damaged_at", [0, 1, 3])
def test_content_that_proves_damaged_while_it_is_read_refuses_the_file(damaged_at):
    content = delivered(COUNTER, three(COUNTER))
    assert judged(COUNTER, content, cuts=[1], damaged_at=damaged_at) == "FDEC"


def test_a_file_that_is_another_one_at_the_second_reading_stops_the_line():
    class Changing(Waiting):
        looks = 0

        def blocks(self, lrecl):
            self.looks += 1
            if self.looks == 3:
                self.content = self.content[: self.shorter] if self.shorter else self.content
                self.damaged_at = None if self.shorter else 1
            return super().blocks(lrecl)

    for shorter in (None, 2):
        waiting = Changing(delivered(COUNTER, three(COUNTER)))
        waiting.shorter = shorter
        with pytest.raises(StopLine, match=r"CHSA015S COUNTER: file FILE\.age changed"):
            run({"COUNTER": [waiting]})


def numbered(*numbers, **more):
    """Return files with these numbers, each with a request of its own."""
    policies = (f"{20_000_000_000 + number:011d}" for number in numbers)
    return [
        Waiting(delivered(COUNTER, [detail(COUNTER, POLICY_NO=policy)], number), name=f"{number}.age", **more)
        for number, policy in zip(numbers, policies, strict=True)
    ]


def test_files_in_sequence_are_taken_in_one_night_in_the_order_of_their_numbers():
    result = run({"COUNTER": numbered(9, 10, 8)}, expected=8)
    assert [(name, one.reason, one.number) for name, one in result.verdicts["COUNTER"]] == [
        ("8.age", "", 8),
        ("9.age", "", 9),
        ("10.age", "", 10),
    ]
    assert result.counts["read"] == 3


def test_a_file_behind_a_gap_waits_and_one_behind_a_refused_file_too():
    result = run({"COUNTER": numbered(8, 10)}, expected=8)
    assert result.refused(COUNTER) == ["", "FSEQ"]
    assert result.verdicts["COUNTER"][1][1].expected == 9
    bad = Waiting(delivered(COUNTER, three(COUNTER), 8, TAIL_RECORD_COUNT="00000001"))
    assert run({"COUNTER": [bad, *numbered(9)]}, expected=8).refused(COUNTER) == ["FCNT", "FSEQ"]


def test_of_two_files_with_one_number_the_sound_one_is_taken():
    bad = Waiting(delivered(COUNTER, three(COUNTER), 8)[:-1], name="bad.age")
    assert run({"COUNTER": [bad, *numbered(8)]}, expected=8).refused(COUNTER) == ["FTRL", ""]
    assert run({"COUNTER": numbered(8, 8)}, expected=8).refused(COUNTER) == ["", "FDUP"]


def test_each_channel_has_its_own_sequence():
    files = {one.dd: [Waiting(delivered(one, [detail(one)], 1))] for one in (COUNTER, MOBILE)}
    assert run(files).counts["files.taken"] == 2


def test_a_channel_without_a_file_of_the_business_date_is_missing():
    def missing(waiting):
        return run({"COUNTER": [waiting]}).counts["missing"] - 3

    yesterday = f"{TODAY - dt.timedelta(days=1):%Y%m%d}"
    assert missing(Waiting(delivered(COUNTER, [], HEAD_FILE_DATE=yesterday))) == 1
    assert missing(Waiting(delivered(COUNTER, [], 5))) == 0, "it waits, but it has come"
    assert missing(Waiting(delivered(COUNTER, [])[:-1])) == 0, "it is cut off, but it has come"
    assert missing(Waiting(delivered(MOBILE, []))) == 1, "it belongs to another channel"
    assert run({}).counts["missing"] == 4


def test_the_date_and_the_records_of_a_file_are_told():
    yesterday = TODAY - dt.timedelta(days=1)
    content = delivered(COUNTER, three(COUNTER), HEAD_FILE_DATE=f"{yesterday:%Y%m%d}")
    ((_, verdict),) = run({"COUNTER": [Waiting(content)]}).verdicts["COUNTER"]
    assert (verdict.number, verdict.date, verdict.records) == (1, yesterday, 3)


def test_every_reason_has_a_message_that_names_it():
    table = message_table()
    for reason, message in REASONS.items():
        assert f"({reason})" in table[message].format(dd="COUNTER", file="X.age", number=2, expected=1)


def test_no_permit_is_wanted_from_other_channels():
    assert (
        run({"COUNTER": [Waiting(delivered(COUNTER, three(COUNTER)))]}, World(permits=())).counts[
            "files.taken"
        ]
        == 1
    )
