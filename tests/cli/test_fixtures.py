"""``chosho fixtures make`` and ``chosho fixtures arrivals``."""

from datetime import date
from pathlib import Path

import pytest

from chosho.cli.fixtures import SOURCES
from chosho.fixtures import arrivals
from chosho.fixtures.request import Channel
from chosho.fixtures.world import World
from chosho.vault.age import Decryptor
from chosho.vault.keys import KeyStore
from tests.cli.conftest import CONTRACTS, REPOSITORY, Chosho, Ran, call

DATE = date(2027, 1, 12)
WORLD = World(CONTRACTS, 1, 2026)


def test_a_world_is_made_once(ran: Ran, on: Chosho):
    before = (ran.root / "source" / "PAYMENT.DAT").read_bytes()
    answer = on("fixtures", "make", "--contracts", 20, "--tax-year", 2026)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSL012E")
    assert (ran.root / "source" / "PAYMENT.DAT").read_bytes() == before


def test_the_same_seed_gives_the_same_files(ran: Ran, made: Ran):
    for name, _ in SOURCES:
        assert (made.root / "source" / name).read_bytes() == (ran.root / "source" / name).read_bytes()


def test_the_tax_year_is_asked_for(on: Chosho):
    answer = on("fixtures", "make")
    assert (answer.code, "--tax-year" in answer.err) == (12, True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A data root with a world in it, into which requests may be laid."""
    folder = tmp_path_factory.mktemp("arrivals")
    place = Ran(folder / "root", folder / "keys")
    where = ("--root", place.root, "--keys", place.keys)
    assert call(*where, "keys", "init") == 0
    assert call(*where, "init", "--definitions", REPOSITORY / "datasets") == 0
    assert call(*where, "fixtures", "make", "--contracts", CONTRACTS, "--tax-year", 2026) == 0
    return place


def _opened(place: Ran, path: Path) -> bytes:
    """Return the content of a file that was encrypted to the data centre."""
    identities = KeyStore(place.keys, data_root=place.root).identities()
    with path.open("rb") as file:
        return b"".join(bytes(piece) for piece in Decryptor(file.readinto, identities=identities))


def test_a_night_lays_one_encrypted_file_into_each_inbox(made: Ran, chosho: Chosho):
    where = ("--root", made.root, "--keys", made.keys)
    answer = chosho(*where, "fixtures", "arrivals", "--date", DATE)
    assert answer.code == 0, answer.err
    night = arrivals.night(WORLD, DATE, 400, 1)
    for channel in Channel:
        (path,) = (made.root / "inbox" / channel.name.lower()).iterdir()
        assert path.name == f"{channel.name}.20270112.000001.age"
        assert _opened(made, path) == night.file(channel, 1)
        assert path.stat().st_mode & 0o777 == 0o600
        assert f"{path.name}: {len(night.details[channel])} requests" in answer.out
    assert f"400 requests, {(night.reason != '').sum()} of them to be rejected" in answer.out

    again = chosho(*where, "fixtures", "arrivals", "--date", "2027-01-13", "--requests", 50)
    assert again.code == 0
    assert "COUNTER.20270113.000002.age" in again.out
    assert (made.root / "inbox" / "mail" / "MAIL.20270113.000002.age").exists()

    given = chosho(*where, "fixtures", "arrivals", "--date", "2027-01-14", "--requests", 0, "--file-no", 9)
    assert given.code == 0
    path = made.root / "inbox" / "online" / "ONLINE.20270114.000009.age"
    before = path.read_bytes()
    assert _opened(made, path) == arrivals.night(WORLD, date(2027, 1, 14), 0, 1).file(Channel.ONLINE, 9)
    assert chosho(*where, "fixtures", "arrivals", "--date", "2027-01-15").out.count(".000010.age") == 4

    twice = chosho(*where, "fixtures", "arrivals", "--date", "2027-01-14", "--file-no", 9)
    assert (twice.code, twice.err.split()[0]) == (12, "CHSF004E")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--date", "2010-01-12"), "CHSF002E"),
        (("--date", "2027-01-18", "--requests", "5000"), "CHSF003E"),
        (("--date", "2027-02-30"), "CHSL013E"),
        ((), "--date"),
    ],
)
def test_what_cannot_be_made_is_refused(made: Ran, chosho: Chosho, words: tuple[str, ...], told: str):
    answer = chosho("--root", made.root, "--keys", made.keys, "fixtures", "arrivals", *words)
    assert (answer.code, told in answer.err) == (12, True)


def test_requests_need_a_world(tmp_path: Path, chosho: Chosho):
    where = ("--root", tmp_path / "root", "--keys", tmp_path / "keys")
    chosho(*where, "keys", "init")
    chosho(*where, "init", "--definitions", REPOSITORY / "datasets")
    answer = chosho(*where, "fixtures", "arrivals", "--date", "2027-01-12")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSF001E")
