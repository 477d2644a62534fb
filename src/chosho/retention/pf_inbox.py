"""The order of reply files (受付順): the PF numbers its files from 1 without gaps, and they are taken in that order."""

from collections.abc import Sequence
from typing import TypeVar

from chosho.retention.pf_file import Refusal
from chosho.retention.pf_reply import Reply

File = TypeVar("File")
"""Whatever stands for a file at the caller's."""


def in_order(
    files: Sequence[tuple[File, Reply | Refusal]], expected: int
) -> tuple[list[tuple[File, Reply]], list[tuple[File, Refusal]]]:
    """Return the files that are taken, in the order of their numbers, and those that are refused.

    Args:
        files: each file with what was read from it.
        expected: the number that comes next.
    """
    refused = [(file, found) for file, found in files if isinstance(found, Refusal)]
    read = [(file, found) for file, found in files if isinstance(found, Reply)]
    taken = []
    for file, reply in sorted(read, key=lambda pair: pair[1].file_no):
        if reply.file_no == expected:
            taken.append((file, reply))
            expected += 1
        else:
            refused.append((file, Refusal("FDUP" if reply.file_no < expected else "FSEQ")))
    return taken, refused
