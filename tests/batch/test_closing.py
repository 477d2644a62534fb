"""A run is closed so that nothing is lost: what is not in the master goes back, what was rejected is listed first."""

import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from chosho.batch.closing import close_run
from chosho.errors import InputRefused
from chosho.vault.age import Encryptor
from chosho.vault.keys import KeyStore
from tests.step.stage import DAY, Stage

CATALOG = """\
datasets:
  T.INBOX:
    {title: inbox, layouts: [{from: 2016-01-01, copybook: INBHEAD}], recfm: F, lrecl: 200, code_page: CP932,
     class: specific-personal, inbox: inbox/t, right: t.read}
  T.TRAN: {title: transactions, recfm: U, suffix: .dat, class: none, generations: 9, right: t.use}
  CHOSHO.NUMBER.MASTER: {title: master, recfm: U, suffix: .dat, class: none, generations: 9, right: t.use}
  CHOSHO.REGISTRATION.RETURN: {title: list, recfm: U, suffix: .dat, class: none, generations: 9, right: t.use}
"""
DECK = """
    job: TRIAL
    title: intake, update, return
    steps:
      - step: S1
        pgm: take
        dd: {IN: {dsn: T.INBOX, disp: SHR}, TRAN: {dsn: T.TRAN(+1), disp: [NEW, CATLG, DELETE]}}
      - step: S2
        pgm: update
        dd:
          TRAN: {dsn: T.TRAN(+1), disp: SHR}
          OLD: {dsn: CHOSHO.NUMBER.MASTER(0), disp: SHR, optional: true}
          NEW: {dsn: CHOSHO.NUMBER.MASTER(+1), disp: [NEW, CATLG, DELETE]}
      - {step: S3, pgm: give_back, dd: {LIST: {dsn: CHOSHO.REGISTRATION.RETURN(+1), disp: [NEW, CATLG, DELETE]}}}
      - {step: S4, pgm: last}
    """
PROGRAMS = {
    "take": """
        names = []
        for one in step.deliveries("IN"):
            step.take("IN", one, file_no=step.next_file_no("IN") + len(names), file_date=step.business_date, records=1)
            names.append(one.name)
        step.write_file("TRAN", "names", ".".join(names).encode())
        """,
    "update": """
        old = step.parts("OLD")[0].path.read_text() if step.present("OLD") else ""
        step.write_file("NEW", "master", " ".join([old, step.parts("TRAN")[0].path.read_text()]).encode())
        """,
    "give_back": "step.write_file('LIST', 'list', b'')",
    "last": "",
}
RUN = "TRIAL.20270112.01"
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A program whose name is in the file ``broken`` fails."""
    made = Stage(tmp_path, CATALOG)
    made.deck("TRIAL", DECK)
    for name, body in PROGRAMS.items():
        stop = (
            f"if {name!r} in open({str(tmp_path / 'broken')!r}).read():\n    raise InputRefused('CHSB043E')\n"
        )
        made.program(name, stop + textwrap.dedent(body))
    return made


def attempt(stage: Stage, broken: str, restart: str | None = None) -> int:
    (stage.root.parent / "broken").write_text(broken)
    return stage.submit("TRIAL", restart=restart).rc


def close(stage: Stage, *, unlisted: bool = False) -> None:
    with stage.store() as store:
        close_run(stage.root, store, RUN, person="tester", reason="given up", unlisted=unlisted)


def deliver(stage: Stage, name: str) -> None:
    pieces: list[bytes] = []
    recipient = KeyStore(stage.keys, data_root=stage.root).recipient()
    encryptor = Encryptor(lambda piece: pieces.append(bytes(piece)), recipients=[recipient])
    encryptor.write(name.encode() * 200)
    encryptor.finish()
    stage.put(f"inbox/t/{name}", b"".join(pieces))


def next_master(stage: Stage) -> str:
    """Run the next night whole; return the master that it makes."""
    (stage.root.parent / "broken").write_text("")
    assert stage.submit("TRIAL", NEXT).rc == 0
    with stage.store() as store:
        (part,) = store.generations.parts(store.generations.catalogued("CHOSHO.NUMBER.MASTER")[-1].id)
    return (stage.root / part.path).read_text()


@pytest.mark.parametrize("broken", ["take", "update"])
def test_what_has_not_reached_the_master_goes_back(stage: Stage, broken: str) -> None:
    deliver(stage, "a")
    assert attempt(stage, broken) == 12
    close(stage)
    assert next_master(stage) == " a"


def test_what_is_in_the_master_does_not_go_back(stage: Stage) -> None:
    deliver(stage, "a")
    assert attempt(stage, "last") == 12
    close(stage)
    assert next_master(stage) == " a "


def test_only_what_a_later_attempt_took_goes_back(stage: Stage) -> None:
    """The first attempt brought one file to the master; the second took it again, with another, and came no further."""
    deliver(stage, "a")
    assert attempt(stage, "last") == 12
    deliver(stage, "b")
    assert attempt(stage, "update", restart="S1") == 12
    close(stage)
    assert next_master(stage) == " a b"


def test_a_run_is_not_closed_between_the_master_and_the_list_of_the_rejected(stage: Stage) -> None:
    deliver(stage, "a")
    assert attempt(stage, "give_back") == 12
    with pytest.raises(InputRefused, match=r"CHSB059E.*TRIAL\.20270112\.01"):
        close(stage)
    assert attempt(stage, "last", restart="best") == 12
    assert attempt(stage, "give_back", restart="S1") == 12
    with pytest.raises(InputRefused, match="CHSB059E"):
        close(stage)
    assert attempt(stage, "", restart="best") == 0
    assert next_master(stage) == " a "


def test_a_run_whose_list_cannot_be_made_is_closed_by_who_says_so(stage: Stage) -> None:
    deliver(stage, "a")
    assert attempt(stage, "give_back") == 12
    close(stage, unlisted=True)
    assert next_master(stage) == " a "
