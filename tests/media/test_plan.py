"""The volume planner: every volume fits, none could have taken one more row, every byte is covered once."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.errors import InputRefused
from chosho.media.plan import PlannedFile, Planner, volume_sectors
from chosho.media.profiles import Profile, profile


def medium(sectors: int, file_bytes: int = 2**31) -> Profile:
    return Profile(name="TEST", title="", sectors=sectors, file_bytes=file_bytes)


def statements(count: int, seed: int, *, sorted_by_kind: bool = False) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(seed)
    codes = random.choice([310, 366], count)
    if sorted_by_kind:
        codes.sort()
    return (
        codes,
        random.integers(150, 1200, count),
        random.integers(1, 5, count),
        random.integers(0, 10**10, (count, 9)),
    )


def plan(
    profile: Profile, rows: tuple[np.ndarray, ...], cuts: list[int] | None = None
) -> tuple[PlannedFile, ...]:
    planner = Planner(profile)
    edges = [0, *sorted(cuts or []), len(rows[0])]
    for start, end in pairwise(edges):
        planner.feed(*(column[start:end] for column in rows))
    return planner.finish()


def volumes(files: tuple[PlannedFile, ...]) -> list[list[PlannedFile]]:
    return [[file for file in files if file.volume == number] for number in range(1, files[-1].volumes + 1)]


rows_strategy = st.builds(
    statements, st.integers(1, 1500), st.integers(0, 2**32), sorted_by_kind=st.booleans()
)
medium_strategy = st.builds(medium, st.integers(80, 700), st.sampled_from([2**31, 120_000]))


@settings(max_examples=60, deadline=None)
@given(medium_strategy, rows_strategy)
def test_every_volume_fits_and_one_more_row_would_not_have(
    profile: Profile, rows: tuple[np.ndarray, ...]
) -> None:
    codes, sizes, _, _ = rows
    placed = {310: 0, 366: 0}
    where = {code: sizes[codes == code] for code in placed}
    done = 0
    files = plan(profile, rows)
    for volume in volumes(files):
        assert volume_sectors(volume) <= profile.sectors
        assert all(file.age_bytes <= profile.file_bytes for file in volume)
        done += sum(file.records for file in volume)
        for file in volume:
            placed[int(file.statement_code)] += file.records
        if volume[0].volume < files[-1].volumes:
            code = int(codes[done])
            row = int(where[code][placed[code]])
            assert not fits(profile, volume, code, row)


def fits(profile: Profile, volume: list[PlannedFile], code: int, row: int) -> bool:
    """Return whether a row could still go into the last file of its kind, or into a fresh one."""
    mine = [file for file in volume if file.statement_code == str(code)]
    fresh = PlannedFile(volume=1, statement_code=str(code), file_no=98, row_offset=0, plain_bytes=row)
    if mine:
        longer = replace(mine[-1], plain_bytes=mine[-1].plain_bytes + row)
        others = [file for file in volume if file is not mine[-1]]
        if longer.age_bytes <= profile.file_bytes and volume_sectors([*others, longer]) <= profile.sectors:
            return True
    return volume_sectors([*volume, fresh]) <= profile.sectors


@settings(max_examples=60, deadline=None)
@given(medium_strategy, rows_strategy)
def test_every_byte_and_total_is_in_one_file(profile: Profile, rows: tuple[np.ndarray, ...]) -> None:
    codes, sizes, payments, amounts = rows
    files = plan(profile, rows)
    for code in (310, 366):
        mine = [file for file in files if file.statement_code == str(code)]
        rows_of_kind = codes == code
        ends = np.concatenate([[0], np.cumsum(sizes[rows_of_kind])])
        assert [file.file_no for file in mine] == list(range(1, len(mine) + 1))
        first = 0
        for file in mine:
            last = first + file.records
            assert (file.row_offset, file.plain_bytes) == (ends[first], ends[last] - ends[first])
            assert file.payments == payments[rows_of_kind][first:last].sum()
            assert list(file.amounts[:9]) == amounts[rows_of_kind][first:last].sum(axis=0).tolist()
            first = last
        assert first == rows_of_kind.sum()


@settings(max_examples=40, deadline=None)
@given(medium_strategy, rows_strategy, st.lists(st.integers(0, 150), max_size=20))
def test_the_plan_does_not_depend_on_how_rows_are_fed(
    profile: Profile, rows: tuple[np.ndarray, ...], cuts: list[int]
) -> None:
    assert plan(profile, rows, [min(cut * 10, len(rows[0])) for cut in cuts]) == plan(profile, rows)


def test_a_small_submission_takes_one_volume_with_a_file_of_each_kind() -> None:
    files = plan(profile("CD-700"), statements(2000, 1))
    assert [(file.volume, file.volumes, file.name) for file in files] == [
        (1, 1, "310dat01.txt"),
        (1, 1, "366dat01.txt"),
    ]
    assert files[0].label == "V01/310dat01.txt.age"


def test_a_million_statements_fill_cds_to_the_last_sectors() -> None:
    count = 1_000_000
    codes = np.full(count, 310)
    files = plan(
        profile("CD-650"), (codes, np.full(count, 900), np.ones(count, int), np.ones((count, 1), int))
    )
    assert [file.volume for file in files] == [1, 2]
    assert profile("CD-650").sectors - volume_sectors([files[0]]) <= 1


def test_a_file_that_reaches_its_limit_is_followed_by_another_on_the_same_volume() -> None:
    count = 3000
    rows = (np.full(count, 366), np.full(count, 1000), np.ones(count, int), np.ones((count, 1), int))
    files = plan(medium(10_000, file_bytes=1_000_000), rows)
    assert [(file.volume, file.name) for file in files] == [
        (1, f"366dat0{number}.txt") for number in (1, 2, 3, 4)
    ]


def test_no_statement_gives_a_plan_without_volumes() -> None:
    assert Planner(profile("DVD")).finish() == ()


def test_file_number_100_is_refused() -> None:
    count = 5000
    rows = (np.full(count, 310), np.full(count, 1000), np.ones(count, int), np.ones((count, 1), int))
    with pytest.raises(InputRefused, match=r"CHSM003E.*310.*99"):
        plan(medium(10_000, file_bytes=20_000), rows)


def test_a_medium_that_cannot_hold_one_row_is_refused() -> None:
    with pytest.raises(InputRefused, match="CHSM004E"):
        plan(medium(40), statements(1, 1))
    with pytest.raises(InputRefused, match="CHSM004E"):
        plan(medium(400, file_bytes=100), statements(1, 1))


def test_after_a_cut_every_kind_begins_a_file_of_its_own_on_the_same_volume() -> None:
    planner = Planner(medium(10_000))
    first, second = statements(300, 1, sorted_by_kind=True), statements(200, 2, sorted_by_kind=True)
    planner.feed(*first)
    planner.cut()
    planner.cut()
    planner.feed(*second)
    files = planner.finish()
    assert [(file.volume, file.name) for file in files] == [
        (1, "310dat01.txt"), (1, "310dat02.txt"), (1, "366dat01.txt"), (1, "366dat02.txt"),
    ]  # fmt: skip
    assert [file.records for file in files[::2]] == [int((first[0] == kind).sum()) for kind in (310, 366)]
    assert files[1].row_offset == files[0].plain_bytes
