"""Medium profiles."""

import pytest

from chosho.errors import InputRefused
from chosho.media.profiles import SECTOR, profile, profiles

NOMINAL = {"CD-700": 360_000, "CD-650": 333_000, "DVD": 2_295_104}
"""Sectors of the blank media; the smaller of DVD-R and DVD+R."""


@pytest.mark.parametrize("name", NOMINAL)
def test_a_profile_stays_below_the_nominal_capacity_of_its_medium(name: str) -> None:
    assert 0.94 * NOMINAL[name] < profile(name).sectors < 0.985 * NOMINAL[name]


def test_the_dvd_holds_4_480_000_000_bytes() -> None:
    assert profile("DVD").capacity == 4_480_000_000


def test_no_file_reaches_2_gib() -> None:
    assert all(one.file_bytes == 2**31 - 2**16 for one in profiles().values())


def test_a_known_capacity_makes_the_profile_smaller_but_never_larger() -> None:
    assert profile("CD-700", 100 * SECTOR + 5).sectors == 100
    assert profile("CD-700", "204800").sectors == 100
    assert profile("CD-700", 10**12) == profile("CD-700", 0) == profile("CD-700")


@pytest.mark.parametrize(
    ("name", "capacity", "message"),
    [
        ("FD", 0, "CHSM001E"),
        ("CD-700", -1, "CHSM002E"),
        ("CD-700", "７", "CHSM002E"),
        ("DVD", "4.7G", "CHSM002E"),
    ],
)
def test_what_is_no_profile_or_no_capacity_is_refused(name: str, capacity: int | str, message: str) -> None:
    with pytest.raises(InputRefused, match=message):
        profile(name, capacity)
