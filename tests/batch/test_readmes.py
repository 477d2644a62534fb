"""The tables of the READMEs say what the decks say."""

from datetime import date
from pathlib import Path

from chosho.batch.deck import Mode
from chosho.batch.expand import expand
from chosho.batch.members import Libraries

REPOSITORY = Path(__file__).resolve().parents[2]


DECKS = ("NIGHTLY", "JANUARY", "CHANGES386", "SUPPLEMENT", "GAIJI", "SUBMITTED", "SCRATCH", "PURGE")
"""The decks of operators; a step that several have is told as the first one has it."""


def table(path, heading):
    lines = (REPOSITORY / path).read_text(encoding="utf-8").splitlines()
    rows = lines[lines.index(heading) + 2 :]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[: rows.index("")]]


def test_the_step_table_is_that_of_the_deck():
    jobs = [expand(deck, Libraries(), date(2027, 1, 12), {})[0] for deck in DECKS]
    expected: dict[str, list[str]] = {}
    for step in (step for job in jobs for step in job.steps):
        row = [
            step.name,
            f"`{step.pgm}`",
            " ".join(dd.name for dd in step.dds if dd.mode is not Mode.NEW),
            " ".join(dd.name for dd in step.dds if dd.mode is Mode.NEW),
        ]
        assert expected.setdefault(step.name, row)[1] == row[1]
    rows = table("jobs/README.md", "| step | program | reads | writes | purpose |")
    assert [row[:4] for row in rows] == [expected[name] for name in sorted(expected)]


def test_the_members_table_has_every_deck():
    names = sorted(row[0].strip("`") for row in table("jcl/README.md", "| member | kind | purpose |"))
    assert names == Libraries().decks()
