"""Plan records."""

import numpy as np

from chosho.media.plan import PlannedFile
from chosho.media.volplan import from_block, read_plan, to_block

FILES = (
    PlannedFile(
        volume=1,
        volumes=2,
        statement_code="310",
        file_no=1,
        row_offset=0,
        plain_bytes=2**40,
        records=10**9,
        payments=10**10,
        amounts=tuple(range(-3, 13)),
    ),
    PlannedFile(volume=2, volumes=2, statement_code="366", file_no=99, row_offset=2**40),
)


def test_a_plan_comes_back_from_its_records() -> None:
    block = to_block(FILES)
    assert block.shape == (2, 192)
    assert block.dtype == np.uint8
    assert from_block(block) == FILES


def test_a_plan_is_read_from_any_blocks() -> None:
    block = to_block(FILES)
    assert read_plan([block[:1], block[1:], block[:0]]) == FILES


def test_an_empty_plan_has_no_records() -> None:
    assert to_block(()).shape == (0, 192)
    assert from_block(to_block(())) == ()


def test_what_is_between_the_items_is_blank() -> None:
    assert bytes(to_block(FILES)[0, 176:]) == b" " * 16
