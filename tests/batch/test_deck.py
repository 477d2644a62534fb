"""Decks and procedures as they are written."""

import pytest

from chosho import document
from chosho.batch.deck import Deck, Disposition, Mode
from chosho.errors import InputRefused

DECK = """\
job: TRIAL
steps:
  - step: S1
    pgm: copy
    dd:
      IN: {dsn: A.B(0), disp: SHR}
      OUT: {dsn: A.C(+1), disp: [NEW, CATLG, DELETE], keep: always}
"""


def load(text):
    return document.load(text, source="TRIAL.yaml", model=Deck)


def test_a_deck_has_a_default_for_all_but_job_and_steps():
    deck = load(DECK)
    assert (deck.fail_at, deck.parameters, deck.title) == (8, {}, "")
    assert deck.steps[0].dd["OUT"].disp is Disposition.NEW_CATLG_DELETE


@pytest.mark.parametrize(
    ("written", "mode", "deletes"),
    [
        ("SHR", Mode.SHR, False),
        ("OLD", Mode.OLD, False),
        ("[OLD, KEEP]", Mode.OLD, False),
        ("[OLD, DELETE]", Mode.OLD, True),
        ("[NEW, CATLG, DELETE]", Mode.NEW, False),
    ],
)
def test_the_five_dispositions(written, mode, deletes):
    disposition = load(DECK.replace("disp: SHR", f"disp: {written}")).steps[0].dd["IN"].disp
    assert (disposition.mode, disposition.deletes) == (mode, deletes)


@pytest.mark.parametrize(
    ("good", "bad", "line"),
    [
        ("pgm: copy", "pgm: copy\n    cond: (0,NE)", 5),
        ("disp: SHR", "disp: MOD", 6),
        ("disp: SHR", "disp: [SHR, DELETE]", 6),
        ("A.B(0)", "A.B(-0)", 6),
        ("A.B(0)", "a.b(0)", 6),
        ("A.B(0)", "/etc/passwd", 6),
        ("pgm: copy", "pgm: os.system", 4),
        ("pgm: copy", "pgm: ../copy", 4),
        ("step: S1", "step: step one", 3),
        ("keep: always", "keep: sometimes", 7),
        ("job: TRIAL", "job: TRIAL\nfail_at: 5", 2),
        ("job: TRIAL", "job: TRIAL\nfail_at: 8\nfail_at: 4", 3),
        ("    pgm: copy\n", "", 3),
    ],
)
def test_a_fault_is_refused_with_its_line(good, bad, line):
    with pytest.raises(InputRefused, match=f"TRIAL.yaml:? line {line}|TRIAL.yaml: line {line} "):
        load(DECK.replace(good, bad))


def test_all_faults_come_at_once():
    with pytest.raises(InputRefused) as refusal:
        load(DECK.replace("pgm: copy", "pgm: COPY").replace("SHR", "MOD").replace("always", "never"))
    assert str(refusal.value).count("line ") == 3


def test_a_deck_without_steps_is_refused():
    with pytest.raises(InputRefused):
        load("job: TRIAL\nsteps: []\n")
