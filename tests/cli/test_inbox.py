"""``chosho inbox``: what waits, what is given up, and what could not be erased."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Chosho
from tests.cli.nights import Night
from tests.rights import withhold

TUESDAY = "2027-04-06"


@pytest.fixture
def night(tmp_path: Path, chosho: Chosho, monkeypatch: pytest.MonkeyPatch) -> Night:
    """Return a data root with a night that refused a folder in an inbox."""
    made = Night(tmp_path, chosho, monkeypatch)
    made.ran(TUESDAY)
    (made.root / "inbox/counter/FOLDER").mkdir(parents=True)
    made.refused("FOLDER", "FNAM")
    return made


def listed(night: Night) -> list[tuple[str, str]]:
    return [(row["file"], row["state"]) for row in json.loads(night("inbox", "list", "--json").out)]


def test_a_folder_is_not_discarded_before_it_is_moved_away(night: Night) -> None:
    answer = night("inbox", "discard", 1, "--reason", "no delivery")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSD150E")
    assert f"FOLDER in {night.root / 'inbox/counter'}" in answer.err
    assert listed(night) == [("FOLDER", "refused")]
    (night.root / "inbox/counter/FOLDER").rmdir()
    assert night("inbox", "discard", 1, "--reason", "no delivery").code == 0
    assert listed(night) == []


def test_what_could_not_be_erased_is_listed_due_and_on_the_morning_page(night: Night) -> None:
    (night.root / "inbox/counter/FOLDER").rmdir()
    night("inbox", "discard", 1, "--reason", "no delivery")
    with night.store() as store:
        store.inbox.give_up(1)
    assert listed(night) == [("FOLDER", "erase_pending")]
    assert "FOLDER 消去できず" in night("due", "--date", TUESDAY).out
    assert "FOLDER 消去できず" in night("morning", "--date", TUESDAY).out


def test_a_file_whose_name_is_no_text_is_listed(night: Night) -> None:
    (night.root / "inbox/counter" / b"\x8e\xf3.age".decode("utf-8", "surrogateescape")).write_bytes(b"x")
    assert ("__.age", "not judged") in listed(night)


@pytest.mark.parametrize(
    ("words", "right"),
    [(("list",), "inbox.use"), (("discard", 1, "--reason", "no delivery"), "inbox.discard")],
)
def test_without_the_right_nothing_is_shown_or_given_up(
    night: Night, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...], right: str
) -> None:
    (night.root / "inbox/counter/FOLDER").rmdir()
    withhold(monkeypatch, right)
    answer = night("inbox", *words)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSJ040E", "")
    with night.store() as store:
        assert [str(one.state) for one in store.inbox.all()] == ["refused"]
