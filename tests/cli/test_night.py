"""``chosho night``: what the hook is told, what is carried on, what is said of a closed run and of January."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from chosho.batch.locks import Locks
from chosho.control.runs import RunState
from tests.cli.conftest import REPOSITORY, Answer, Chosho
from tests.cli.nights import Night

FRIDAY, SATURDAY, SUNDAY, TUESDAY = "2027-01-08", "2027-01-09", "2027-01-10", "2027-01-12"


class Hooked(Night):
    """A data root whose nights call a hook, which writes down what it is told."""

    def hook(self, folder: Path) -> None:
        """Lay the hook down."""
        self.told_by = folder / "told"
        script = folder / "hook"
        script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" >>{self.told_by}\n')
        script.chmod(0o700)
        self._environment.setenv("CHOSHO_HOOK", str(script))

    def night(self, day: str) -> Answer:
        """Do a night, and see that the hook was called once, with two words, the first of them its code."""
        self.told_by.unlink(missing_ok=True)
        answer = self("night", day)
        self.told = self.told_by.read_text().split("\n")[:-1]
        assert self.told[:2] == ["2", str(answer.code)], self.told
        assert len(self.told) == 3
        return answer

    def fails(self, step: str) -> None:
        """Let a step's first file fail from now on."""
        self._environment.setenv("CHOSHO_DISK_FAULT", "create:1:ENOSPC")
        self._environment.setenv("CHOSHO_DISK_FAULT_STEP", step)

    def works(self) -> None:
        """Let all steps work again."""
        self._environment.delenv("CHOSHO_DISK_FAULT")

    def states(self) -> dict[str, RunState]:
        """Return the runs and their states."""
        with self.store() as store:
            return {run.id: run.state for run in store.runs.list()}


@pytest.fixture
def night(tmp_path: Path, chosho: Chosho, monkeypatch: pytest.MonkeyPatch) -> Hooked:
    """Return a data root on which nothing has run."""
    made = Hooked(tmp_path, chosho, monkeypatch)
    made.hook(tmp_path)
    return made


# The hook --


def test_the_hook_is_told_of_a_store_that_is_refused(night: Hooked, tmp_path: Path) -> None:
    control, backup = night.root / "control", tmp_path / "backup"
    shutil.copytree(control, backup)
    night.night(SATURDAY)
    shutil.rmtree(control)
    shutil.copytree(backup, control)
    answer = night.night(SATURDAY)
    assert (answer.code, answer.err.split()[0], night.told[2]) == (16, "CHSJ010S", "-")


def test_the_hook_is_told_of_a_morning_page_that_fails(night: Hooked) -> None:
    night.night(SATURDAY)
    page = night.root / "spool" / "PURGE.20270109.01" / "MORNING.html"
    page.unlink()
    page.mkdir()
    answer = night.night(SATURDAY)
    assert (answer.code, answer.err.split()[0], night.told[2]) == (16, "CHSL004S", "-")
    assert "Traceback" not in answer.err


def test_the_hook_is_told_no_run_when_the_one_that_matters_could_not_begin(night: Hooked) -> None:
    night.deck("NIGHTLY", "job: NIGHTLY\ntitle: broken\nsteps: []\n")
    answer = night.night(FRIDAY)
    assert (answer.code, night.told[2]) == (12, "-")
    assert set(night.states()) == {"SCRATCH.20270108.01", "PURGE.20270108.01"}, "the others ran"


def test_the_hook_is_told_the_run_that_has_the_code(night: Hooked) -> None:
    night.fails("S140")
    answer = night.night(FRIDAY)
    assert (answer.code, night.told[2]) == (16, "NIGHTLY.20270108.01")


def test_the_hook_is_told_of_a_run_that_began_and_whose_end_was_refused(
    night: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_words: object) -> None:
        raise OSError(28, "No space left on device", "JOBLOG.txt")

    monkeypatch.setattr("chosho.batch.spool.JobLog.end", broken)
    answer = night.night(SATURDAY)
    assert (answer.code, night.told[2]) == (16, "SCRATCH.20270109.01")
    assert "PURGE    2027-01-09 run code 16 PURGE.20270109.01" in answer.out, "the night went on"


def test_the_hook_is_told_that_another_night_is_going_on(night: Hooked) -> None:
    locks = Locks(night.root / "control" / "locks")
    locks.take({"night": True}, wait=0, message="CHSL040E", job="night")
    try:
        answer = night.night(SATURDAY)
    finally:
        locks.release_all()
    assert (answer.code, answer.err.split()[0], night.told[2]) == (12, "CHSL040E", "-")


@pytest.mark.parametrize(
    ("day", "message"), [("2027-02-30", "CHSL013E"), ("", "CHSL013E"), ("2099-01-05", "CHSC060E")]
)
def test_the_hook_is_told_of_a_date_that_is_none(night: Hooked, day: str, message: str) -> None:
    answer = night.night(day)
    assert (answer.code, answer.err.split()[0], night.told[2]) == (12, message, "-")


def test_the_hook_is_told_of_a_night_that_was_stopped(night: Hooked, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_words: object, **_more: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("chosho.cli.night.run_deck", stopped)
    answer = night.night(SATURDAY)
    assert (answer.code, answer.err.split()[0], night.told[2]) == (12, "CHSL003E", "-")


# What is carried on --


def purge_fails(night: Hooked, day: str) -> None:
    """Let the PURGE of a date fail, and mend its deck."""
    text = (REPOSITORY / "jcl" / "PURGE.yaml").read_text(encoding="utf-8")
    failing = text.replace("fail_at: 12", "fail_at: 8") + "    balance:\n      - sent == 99\n"
    night.deck("PURGE", failing)
    assert night.night(day).code == 8
    assert night.states()[f"PURGE.{day.replace('-', '')}.01"] is RunState.FAILED
    night.deck("PURGE", text)


def test_an_unfinished_purge_of_an_earlier_date_is_ended_behind_tonights(night: Hooked) -> None:
    purge_fails(night, SATURDAY)
    answer = night.night(SUNDAY)
    assert answer.code == 0, answer.err
    told = [line for line in answer.out.splitlines() if line.startswith("PURGE    ")]
    assert told == [
        "PURGE    2027-01-10 run code 0 PURGE.20270110.01",
        "PURGE    2027-01-09 restart code 0 PURGE.20270109.01",
    ]
    assert set(night.states().values()) == {RunState.FINISHED}
    assert (night.root / "spool" / "PURGE.20270110.01" / "MORNING.html").is_file()


def test_a_purge_that_is_carried_on_behind_tonights_sends_nothing_twice(night: Hooked) -> None:
    purge_fails(night, TUESDAY)
    with night.store() as store:
        store.pf.enter(
            [("K1", "20270112090000", "due", "")], run="NIGHTLY.20270112.01", at="", who="operator"
        )
    assert night.night("2027-01-13").code == 0
    with night.store() as store:
        (instruction,) = store.pf.instructions()
    assert (instruction["id"], instruction["sends"], instruction["sent_on"]) == (
        "PFDEL.20270113.01",
        1,
        "2027-01-13",
    )


def test_an_earlier_purge_waits_when_tonights_fails_and_the_page_says_so(night: Hooked) -> None:
    purge_fails(night, SATURDAY)
    text = (REPOSITORY / "jcl" / "PURGE.yaml").read_text(encoding="utf-8")
    night.deck("PURGE", text.replace("fail_at: 12", "fail_at: 8") + "    balance:\n      - sent == 99\n")
    answer = night.night(SUNDAY)
    assert (answer.code, night.told[2]) == (8, "PURGE.20270110.01")
    assert "PURGE    2027-01-09 waits until tonight's has ended well PURGE.20270109.01" in answer.out
    assert "PURGE 2027-01-09分 異常終了 コード8" in night("morning", "--date", SUNDAY).out


def test_a_night_that_is_carried_on_stands_on_tonights_page_only(night: Hooked) -> None:
    night.fails("S140")
    night.night(FRIDAY)
    night.works()
    night.night(SATURDAY)
    assert pages(night, SATURDAY) == (True, True)
    night.night(SUNDAY)
    assert pages(night, SUNDAY) == (False, False)
    assert pages(night, SATURDAY) == (True, True)
    assert night.states()["NIGHTLY.20270108.01"] is RunState.FINISHED


def pages(night: Hooked, day: str) -> tuple[bool, bool]:
    """Return whether the page in the spool and the one that is asked for speak of Friday's night as finished."""
    page = (night.root / "spool" / f"PURGE.{day.replace('-', '')}.01" / "MORNING.html").read_text()
    asked = night("morning", "--date", day).out
    return (
        "2027年1月8日（金）分</td><td>○ 完了" in page,
        "○ NIGHTLY  完了 コード0 NIGHTLY.20270108.01" in asked,
    )


# A closed run --


def test_a_closed_run_is_told_as_closed_with_its_reason(night: Hooked) -> None:
    night.fails("S140")
    night.night(FRIDAY)
    night.works()
    assert night("jobs", "close", "NIGHTLY.20270108.01", "--reason", "元データの差替え").code == 0
    answer = night.night(FRIDAY)
    assert (answer.code, night.told[2]) == (4, "NIGHTLY.20270108.01")
    assert "NIGHTLY  2027-01-08 closed code 4 NIGHTLY.20270108.01" in answer.out
    assert "CHSL043W run NIGHTLY.20270108.01 is closed: 元データの差替え" in answer.err
    assert "NIGHTLY 打切り コード16（理由 元データの差替え）" in answer.out


# January --


def test_january_is_spoken_of_until_it_is_done(night: Hooked) -> None:
    assert "JANUARY: the statements of 2026 are due on 2027-02-01 (23 days left)" in night.night(SATURDAY).out
    night.ran(TUESDAY, "JANUARY")
    assert "JANUARY:" not in night.night(SUNDAY).out


def test_january_is_spoken_of_on_its_last_day(night: Hooked) -> None:
    assert "(0 days left)" in night.night("2027-02-01").out
