"""The rights to hand something out, asked before anything else."""

from pathlib import Path

import pytest

from chosho.control import rights
from chosho.errors import InputRefused
from tests.cli.conftest import Chosho
from tests.cli.nights import Night


@pytest.mark.parametrize(("what", "right"), [("returns", "return.use"), ("status", "status.read")])
def test_without_the_right_nothing_is_handed_out(
    tmp_path: Path, chosho: Chosho, monkeypatch: pytest.MonkeyPatch, what: str, right: str
) -> None:
    def refuse(person: str, wanted: str) -> None:
        raise InputRefused("CHSJ040E", person=person, right=wanted)

    night = Night(tmp_path, chosho, monkeypatch)
    monkeypatch.setattr(rights, "check", refuse)
    answer = night("report", what, "2027-01-12", "--out", tmp_path / "out")
    assert (answer.code, answer.err.split()[0], right in answer.err) == (12, "CHSJ040E", True)
    assert not (tmp_path / "out").exists()
    with night.store() as store:
        assert list(store.journal.rows(kinds=("dataset.handed_out",))) == []
