"""``chosho fixtures make``."""

from pathlib import Path

from tests.cli.conftest import CONTRACTS, REPOSITORY, Chosho, Ran


def test_a_world_is_made_once(ran: Ran, on: Chosho):
    before = (ran.root / "source" / "PAYMENT.DAT").read_bytes()
    answer = on("fixtures", "make", "--contracts", 20, "--tax-year", 2026)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSL012E")
    assert (ran.root / "source" / "PAYMENT.DAT").read_bytes() == before


def test_the_same_seed_gives_the_same_files(ran: Ran, tmp_path: Path, chosho: Chosho):
    where = ("--root", tmp_path / "root", "--keys", tmp_path / "keys")
    chosho(*where, "keys", "init")
    chosho(*where, "init", "--definitions", REPOSITORY / "datasets")
    answer = chosho(*where, "fixtures", "make", "--contracts", CONTRACTS, "--tax-year", 2026)
    assert answer.code == 0
    assert "number master: " in answer.out
    for name in ("CONTRACT.DAT", "PAYMENT.DAT"):
        assert (tmp_path / "root" / "source" / name).read_bytes() == (ran.root / "source" / name).read_bytes()


def test_the_tax_year_is_asked_for(on: Chosho):
    answer = on("fixtures", "make")
    assert (answer.code, "--tax-year" in answer.err) == (12, True)
