"""Reply files are taken in the order of their numbers; a gap waits, a number that was taken is refused."""

from datetime import date

import pytest

from chosho.retention.pf_file import Refusal
from chosho.retention.pf_inbox import in_order
from chosho.retention.pf_reply import Reply, ReplyKind


def reply(number: int) -> Reply:
    return Reply(
        kind=ReplyKind.CERTIFICATE,
        instruction="PFDEL.20270405.01",
        file="f",
        file_no=number,
        file_date=date(2027, 4, 6),
        details=(),
    )


@pytest.mark.parametrize(
    ("numbers", "expected", "taken", "refused"),
    [
        ([1, 2], 1, [1, 2], []),
        ([2, 1], 1, [1, 2], []),
        ([2, 3], 1, [], ["FSEQ", "FSEQ"]),
        ([5, 7], 5, [5], ["FSEQ"]),
        ([4, 5], 5, [5], ["FDUP"]),
        ([5, 5], 5, [5], ["FDUP"]),
        ([0, 1], 1, [1], ["FDUP"]),
        ([], 1, [], []),
    ],
)
def test_numbers_are_taken_without_gaps(numbers, expected, taken, refused):
    files = [(place, reply(number)) for place, number in enumerate(numbers)]
    good, bad = in_order(files, expected)
    assert [one.file_no for _, one in good] == taken
    assert [one.reason for _, one in bad] == refused


def test_of_two_files_with_one_number_the_first_is_taken():
    good, bad = in_order([("a", reply(1)), ("b", reply(1))], 1)
    assert ([file for file, _ in good], [file for file, _ in bad]) == (["a"], ["b"])


def test_a_file_that_could_not_be_read_keeps_its_reason_and_those_behind_it_wait():
    good, bad = in_order([("a", Refusal("FCNT")), ("b", reply(2))], 1)
    assert (good, bad) == ([], [("a", Refusal("FCNT")), ("b", Refusal("FSEQ"))])
