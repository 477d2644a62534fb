"""Expansion and scan: every fault of a deck at once, with file and line."""

import textwrap
from datetime import date
from pathlib import Path

import pytest

from chosho.batch.expand import expand
from chosho.batch.members import Libraries
from chosho.batch.scan import refuse, scan
from chosho.dataset.catalog import Catalog
from chosho.dataset.retention_table import RetentionTable
from chosho.errors import InputRefused

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


class Entry:
    recfm = "F"

    def __init__(self, external=None, refusal=None):
        self.foreign = external is not None
        self.refusal = refusal

    def layout(self, business_date):
        if self.refusal:
            raise InputRefused(self.refusal, dsn="A", date=business_date)


CATALOGUE = {
    "A.IN": Entry("in.dat"),
    "A.ONE": Entry(),
    "A.TWO": Entry(),
    "A.UNDATED": Entry(refusal="CHSD102E"),
}


@pytest.fixture
def faults(tmp_path):
    """Return a function that scans a deck of the given steps and returns its faults as (line, message id)."""
    (tmp_path / "prog.py").write_text("def run(step): ...\n")
    libraries = Libraries(jcl=(tmp_path,), jobs=(tmp_path,))

    def scanned(steps, given=None, head="", **procedures):
        for name, text in procedures.items():
            (tmp_path / f"{name}.yaml").write_text(textwrap.dedent(text))
        text = f"job: TRIAL\n{head}steps:\n" + textwrap.indent(textwrap.dedent(steps), "  ")
        (tmp_path / "TRIAL.yaml").write_text(text)
        job, found = expand("TRIAL", libraries, date(2027, 1, 12), given or {})
        found += scan(job, libraries, CATALOGUE.get, ("OLD",))
        return [(fault.line, fault.id) for fault in found]

    return scanned


GOOD = """\
- {step: S1, pgm: prog, dd: {IN: {dsn: A.IN, disp: SHR}, OUT: {dsn: A.ONE(+1), disp: [NEW, CATLG, DELETE]}}}
- {step: S2, pgm: prog, when: S1.rc == 0, balance: [read == S1.kept], dd: {IN: {dsn: A.ONE(+1), disp: SHR}}}
"""


def test_a_sound_deck_has_no_faults(faults):
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        ("step: S2", "step: S1", [(4, "CHSB020E")]),
        ("pgm: prog, when", "pgm: other, when", [(4, "CHSB021E")]),
        ("A.IN", "A.NONE", [(3, "CHSB022E")]),
        ("{dsn: A.ONE(+1), disp: SHR}", "{dsn: A.UNDATED(0), disp: SHR}", [(4, "CHSD102E")]),
        ("A.IN", "A.IN(0)", [(3, "CHSB023E")]),
        ("{dsn: A.ONE(+1), disp: SHR}", "{dsn: A.ONE, disp: SHR}", [(4, "CHSB024E")]),
        ("{dsn: A.ONE(+1), disp: SHR}", "{dsn: A.TWO(+1), disp: SHR}", [(4, "CHSB025E")]),
        ("{dsn: A.ONE(+1), disp: SHR}", "{dsn: A.ONE(+1), disp: [NEW, CATLG, DELETE]}", [(4, "CHSB026E")]),
        ("S1.rc == 0", "S2.rc == 0", [(4, "CHSB028E")]),
        ("S1.rc == 0", "S7.ran", [(4, "CHSB028E")]),
        ("S1.rc == 0", "S1.rc", [(4, "CHSB014E")]),
        ("read == S1.kept", "read", [(4, "CHSB014E")]),
        ("disp: SHR}}}", "disp: SHR, keep: always}}}", [(4, "CHSB030E")]),
        ("[NEW, CATLG, DELETE]", "[NEW, CATLG, DELETE], optional: true", [(3, "CHSB031E")]),
        ("A.ONE(+1), disp: [NEW", "A.ONE(0), disp: [NEW", [(3, "CHSB032E"), (4, "CHSB025E")]),
        ("A.ONE(+1), disp: [NEW", "A.ONE(+2), disp: [NEW", [(3, "CHSB033E"), (4, "CHSB025E")]),
        ("pgm: prog, when", "pgm: prog, parm: {X: '&NONE'}, when", [(4, "CHSB013E")]),
        ("pgm: prog, when", "pgm: prog, rules: [OLD, NEW], when", [(4, "CHSB034E")]),
    ],
)
def test_each_fault_is_found_where_it_stands(faults, good, bad, expected):
    assert sorted(faults(GOOD.replace(good, bad))) == expected


def test_a_balance_cannot_look_forward(faults):
    assert faults("""\
        - {step: S1, pgm: prog, balance: [read == S2.read]}
        - {step: S2, pgm: prog}
        """) == [(3, "CHSB029E")]


def test_reading_after_the_deletion_is_found(faults):
    assert faults("""\
        - {step: S1, pgm: prog, dd: {IN: {dsn: A.ONE(0), disp: [OLD, DELETE]}}}
        - {step: S2, pgm: prog, dd: {IN: {dsn: A.ONE(0), disp: SHR, optional: true}}}
        """) == [(4, "CHSB027E")]


def test_all_faults_come_at_once_in_one_refusal(faults):
    found = faults("""\
        - {step: S1, pgm: none, dd: {IN: {dsn: A.NONE(0), disp: SHR}}}
        - {step: S1, pgm: prog, when: S9.ran}
        """)
    assert sorted(found) == [(3, "CHSB021E"), (3, "CHSB022E"), (4, "CHSB020E"), (4, "CHSB028E")]


PROCEDURE = """\
    proc: PROC
    parameters: {KIND: {}, MORE: {default: "&YEAR-&KIND"}}
    steps:
      - {step: S1, pgm: prog, parm: {K: "&KIND", M: "&MORE", J: "&OUTER"}}
    """


def expanded(tmp_path, given=None):
    libraries = Libraries(jcl=(tmp_path,), jobs=(tmp_path,))
    return expand("TRIAL", libraries, date(2027, 1, 12), given or {})


def test_a_procedure_is_filled_in_with_its_own_and_the_decks_symbols(faults, tmp_path):
    faults(
        "- {include: PROC, with: {KIND: one}}", head='parameters: {OUTER: {default: "x"}}\n', PROC=PROCEDURE
    )
    job, found = expanded(tmp_path, {"OUTER": "given"})
    assert found == []
    assert dict(job.steps[0].parm) == {"K": "one", "M": "2027-one", "J": "given"}
    assert (job.steps[0].source, job.steps[0].line) == (str(tmp_path / "PROC.yaml"), 4)
    assert dict(job.parameters) == {"OUTER": "given"}


def test_parameters_that_are_unknown_or_missing_are_faults(faults):
    head = 'parameters: {OUTER: {title: "no default"}}\n'
    found = faults("- {include: PROC, with: {KINDS: one}}", {"OTHER": "1"}, head=head, PROC=PROCEDURE)
    assert sorted(found) == [(2, "CHSB011E"), (2, "CHSB012E"), (4, "CHSB011E"), (4, "CHSB012E")]


def test_an_unknown_procedure_and_a_broken_one_are_faults(faults):
    assert faults("- {include: NONE}") == [(3, "CHSB001E")]
    assert faults("- {include: PROC}", PROC="proc: PROC\nstep: x\n") == [(3, "CHSD011E")]


def test_a_member_must_call_itself_by_its_name(faults):
    assert faults(
        "- {include: OTHER, with: {KIND: a}}", head='parameters: {OUTER: {default: ""}}\n', OTHER=PROCEDURE
    ) == [(1, "CHSB010E")]


def test_an_unknown_deck_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="CHSB001E"):
        expanded(tmp_path)


def test_the_refusal_lists_every_fault_with_file_and_line(faults, tmp_path):
    faults("- {step: S1, pgm: none, when: S9.ran}")
    job, found = expanded(tmp_path)
    found += scan(job, Libraries(), CATALOGUE.get)
    with pytest.raises(InputRefused) as refusal:
        refuse("TRIAL", found)
    assert str(refusal.value).count("TRIAL.yaml line 3: CHSB") == 2


@pytest.mark.parametrize("deck", ["JANUARY", "FIXTURES", "NIGHTLY", "SCRATCH", "PURGE"])
def test_the_packaged_decks_are_sound(deck):
    catalog = Catalog.load(DATASETS)
    entries = {entry.dsn: entry for entry in catalog}
    job, found = expand(deck, Libraries(), date(2027, 1, 12), {})
    found += scan(job, Libraries(), entries.get, RetentionTable.load(DATASETS, catalog).names)
    assert [str(fault) for fault in found] == []
