"""Updates of one dataset follow one another: none passes an unfinished one, none goes on behind a newer one."""

import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from chosho.batch.closing import close_run
from chosho.errors import InputRefused
from tests.step.stage import DAY, Stage

CATALOG = """\
datasets:
  T.MASTER: {title: master, recfm: U, suffix: .dat, class: none, generations: 9, right: t.use}
  T.LIST: {title: list, recfm: U, suffix: .dat, class: none, generations: 9, right: t.use}
"""
DECK = """
    job: UPDATE
    title: update a master
    steps:
      - {step: S1, pgm: first, dd: {LIST: {dsn: T.LIST(+1), disp: [NEW, CATLG, DELETE]}}}
      - step: S2
        pgm: update
        dd:
          OLD: {dsn: T.MASTER(0), disp: SHR, optional: true}
          NEW: {dsn: T.MASTER(+1), disp: [NEW, CATLG, DELETE]}
      - {step: S3, pgm: last}
    """
UPDATE = """
    old = b""
    if step.present("OLD"):
        (part,) = step.parts("OLD")
        old = part.path.read_bytes()
    step.write_file("NEW", "master", old + f"{step.business_date:%d}.".encode())
    """
FIRST, SECOND = DAY, DAY + timedelta(days=1)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A program of the name in the file ``broken`` fails."""
    made = Stage(tmp_path, CATALOG)
    made.deck("UPDATE", DECK)
    for name, body in (("first", "step.write_file('LIST', 'x', b'')"), ("update", UPDATE), ("last", "")):
        made.program(
            name,
            f"import pathlib\nif pathlib.Path({str(tmp_path / 'broken')!r}).read_text() == {name!r}:\n"
            f"    raise InputRefused('CHSB043E')\n{textwrap.dedent(body)}",
        )
    (tmp_path / "broken").write_text("")
    return made


def broken(stage: Stage, name: str) -> None:
    (stage.root.parent / "broken").write_text(name)


def master(stage: Stage) -> str:
    with stage.store() as store:
        (part,) = store.generations.parts(store.generations.catalogued("T.MASTER")[-1].id)
    return (stage.root / part.path).read_text()


@pytest.mark.parametrize("program", ["first", "update"])
def test_no_run_passes_one_that_has_not_updated_yet(stage: Stage, program: str) -> None:
    """The later night is unfinished, and somebody starts an older date by hand: its update would be lost."""
    broken(stage, program)
    assert stage.submit("UPDATE", SECOND).rc == 12
    broken(stage, "")
    with pytest.raises(InputRefused, match=r"CHSB057E.*UPDATE\.20270113\.01"):
        stage.submit("UPDATE", FIRST)
    assert stage.submit("UPDATE", SECOND, restart="best").rc == 0
    assert stage.submit("UPDATE", FIRST).rc == 0
    assert master(stage) == "13.12."


def test_a_run_that_has_updated_holds_nobody_up(stage: Stage) -> None:
    broken(stage, "last")
    assert stage.submit("UPDATE", FIRST).rc == 12
    broken(stage, "")
    assert stage.submit("UPDATE", SECOND).rc == 0
    assert stage.submit("UPDATE", FIRST, restart="best").rc == 0
    assert master(stage) == "12.13."


@pytest.mark.parametrize("step", ["S1", "S2"])
def test_a_run_does_not_update_again_behind_a_newer_update(stage: Stage, step: str) -> None:
    broken(stage, "last")
    stage.submit("UPDATE", FIRST)
    broken(stage, "")
    stage.submit("UPDATE", SECOND)
    with pytest.raises(InputRefused, match=r"CHSB058E.*UPDATE\.20270113\.01.*G0002V00"):
        stage.submit("UPDATE", FIRST, restart=step)
    assert master(stage) == "12.13."


def test_a_closed_run_holds_nobody_up(stage: Stage) -> None:
    broken(stage, "update")
    stage.submit("UPDATE", FIRST)
    broken(stage, "")
    with stage.store() as store:
        close_run(stage.root, store, "UPDATE.20270112.01", person="tester", reason="given up")
    assert stage.submit("UPDATE", SECOND).rc == 0
    assert master(stage) == "13."


def test_a_run_updates_again_what_only_it_has_updated(stage: Stage) -> None:
    broken(stage, "last")
    stage.submit("UPDATE", FIRST)
    broken(stage, "")
    assert stage.submit("UPDATE", FIRST, restart="S1").rc == 0
    assert master(stage) == "12."
