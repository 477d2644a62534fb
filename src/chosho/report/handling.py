"""Handling report (取扱い記録): the day's acts on specific personal information (特定個人情報), extracted from the journal.

Every row of the journal is read. One that is an act on a dataset of class 特定個人情報, a passphrase, a medium, an inbox file or a
PF deletion becomes a line: when, which file, who of which department, what for, what was done, how many. Rows of the batch
system's own work and of other datasets are counted by kind, so that the report adds up to the journal. A kind that
:mod:`chosho.report.handling_table` does not know is listed under その他, never dropped.

No line carries an individual number or a policy number: only named fields are taken, and those are masked
(:mod:`chosho.masking`).
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

from chosho import masking
from chosho.business_days import Calendar
from chosho.report.handling_table import KINDS, UNKNOWN, Act, Kind, Law, Subject

SPECIFIC_PERSONAL = "specific-personal"
"""Class of the datasets that the report is about, as the catalogue has it."""

_GENERATION = re.compile(r"(?P<dsn>.+?)(?:\.(?P<number>G\d{4,})(?:V\d\d)?|\((?:0|[-+]\d+)\))")
_COHORT = re.compile(r"(?P<file>.+\.G\d{4,}(?:V\d\d)?)\.[0-9a-f]{16}")
_RUN = re.compile(r"(?P<deck>[A-Z][A-Z0-9]*)\.\d{8}\.\d+")
_LARGEST = 10**10
"""No count is as large; a number of a person could be."""
_DELIVERY, _JOB_LOG = "delivery", "spool"
"""Kinds of what the retention table gives up, beside generations; a job log holds no specific personal information."""
_NAMED = {
    Subject.PASSPHRASE: ("媒体パスフレーズ", "password"),
    Subject.MEDIUM: ("移送用媒体", "volume"),
    Subject.DISC: ("提出用媒体", "volume", "subject"),
    Subject.KEY: ("鍵", "key"),
    Subject.PATH: ("ファイル", "path"),
    Subject.ROOT: ("データルート", "head"),
}
"""What is no dataset: its title, and the fields of which the first one that is there names it."""

Field: TypeAlias = str | int | bool | None
"""A value in a row of the journal."""


JournalRow: TypeAlias = Mapping[str, Any]
"""A row of the journal, as a step reads it: seq, at, kind, who, fields."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the report. ``number`` is None where the row says no number (件数)."""

    seq: int
    at: str
    kind: str
    act: Act
    law: Law
    what: str
    title: str
    """特定個人情報ファイルの名称"""
    dsn: str
    """Dataset with its generation, or the id of what is no dataset."""
    who: str
    department: str
    purpose: str
    number: int | None
    run: str
    step: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """Who belongs where and what a deck is for (設定の ``handling``)."""

    department: str
    purpose: str
    departments: Mapping[str, str] = field(default_factory=dict)
    purposes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Handling:
    """The facts of one day's report. ``last`` below ``first`` means that there are no rows."""

    business_date: dt.date
    organization: str
    first: int
    last: int
    head: str
    faults: int
    """Faults that the verification of the journal's chain found."""
    unsigned: tuple[dt.date, ...]
    """Business dates of earlier reports that nobody has signed."""
    datasets: Mapping[str, Mapping[str, str]]
    """DSN → ``title`` and ``class``."""
    attribution: Attribution

    @classmethod
    def of(cls, business_date: dt.date, state: Mapping[str, Any], settings: Mapping[str, Any]) -> Self:
        """Take the facts from what a step is told: the journal's state and the settings."""
        return cls(
            business_date=business_date,
            organization=settings["obligor"]["name"],
            first=state["first"],
            last=state["last"],
            head=state["head"],
            faults=state["faults"],
            unsigned=tuple(dt.date.fromisoformat(str(day)) for day in state["unsigned"]),
            datasets=state["datasets"],
            attribution=Attribution(**settings["handling"]),
        )

    def overdue(self, calendar: Calendar) -> tuple[dt.date, ...]:
        """Return the unsigned days whose next business day, by which a report is to be signed, has passed."""
        return tuple(day for day in self.unsigned if calendar.next_business_day(day) < self.business_date)


@dataclass(slots=True)
class Tally:
    """What was counted while the lines were made."""

    rows: int = 0
    first_at: str = ""
    last_at: str = ""
    lines: Counter[tuple[Act, str]] = field(default_factory=Counter)
    """Lines by what was done (区分 and 内容)."""
    numbers: Counter[tuple[Act, str]] = field(default_factory=Counter)
    """Records or keys (件数), likewise."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Rows that are no act on specific personal information, by kind."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Rows whose kind is not in the table, by kind; they are listed."""

    def of(self, act: Act) -> int:
        """Return the lines of one act."""
        return sum(number for (done, _), number in self.lines.items() if done is act)

    def counts(self) -> dict[str, int]:
        """Return the counts of the step: ``read`` rows are ``listed`` or ``left_out``."""
        left_out = self.left_out.total()
        return {
            "read": self.rows,
            "listed": self.rows - left_out,
            "left_out": left_out,
            "unknown": self.unknown.total(),
            "lines": self.lines.total(),
            **{f"lines.{act.name.lower()}": self.of(act) for act in Act},
        }


def lines(facts: Handling, rows: Iterable[JournalRow], tally: Tally) -> Iterator[Line]:
    """Yield the lines of the report in the order of the journal, and count in ``tally`` what is read and listed."""
    for row in rows:
        tally.rows += 1
        tally.first_at = tally.first_at or row["at"]
        tally.last_at = row["at"]
        kind = KINDS.get(row["kind"], UNKNOWN)
        subjects = _subjects(facts, kind, row["fields"])
        if kind is UNKNOWN:
            tally.unknown[masking.name(row["kind"])] += 1
        if not subjects:
            tally.left_out[row["kind"]] += 1
        for title, dsn in subjects:
            line = _line(facts.attribution, kind, row, title, dsn)
            tally.lines[line.act, line.what] += 1
            tally.numbers[line.act, line.what] += line.number or 0
            yield line


def _line(attribution: Attribution, kind: Kind, row: JournalRow, title: str, dsn: str) -> Line:
    fields = row["fields"]
    run, step = _text(fields, "run"), _text(fields, "step")
    deck = _RUN.fullmatch(run)
    purpose = kind.purpose or attribution.purposes.get(deck["deck"] if deck else "", attribution.purpose)
    notes = list(_notes(kind, fields))
    if kind.subject is Subject.PASSPHRASE and _typed(fields, "reason"):
        purpose = _typed(fields, "reason")  # who looks at a passphrase says why
    if kind.former:
        notes.insert(0, f"作成 {run} {step}".rstrip())
        run = step = ""
    if kind is UNKNOWN:
        notes.insert(0, masking.name(row["kind"]))
    return Line(
        seq=row["seq"],
        at=masking.name(row["at"]),
        kind=masking.name(row["kind"]),
        act=kind.act,
        law=kind.law,
        what=kind.what,
        title=title,
        dsn=dsn,
        who=masking.free_text(row["who"]),
        department=attribution.departments.get(row["who"], attribution.department),
        purpose=purpose,
        number=_number(fields.get(kind.number)),
        run=run,
        step=step,
        note="、".join(notes),
    )


def _subjects(facts: Handling, kind: Kind, fields: Mapping[str, Field]) -> list[tuple[str, str]]:
    """Return what a row is about, each as title and name; nothing when the row is none of the report's business."""
    if kind.subject is Subject.HOUSE:
        return []
    if kind.subject in {Subject.DATASET, Subject.COHORTS, Subject.HELD}:
        return list(_datasets(facts, kind, fields))
    return [_other(facts, kind, fields)]


def _datasets(facts: Handling, kind: Kind, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    """Yield the generations that a row is about, those of class 特定個人情報 and those that nobody knows."""
    if kind.subject is Subject.COHORTS:
        found = [_without_salt(cohort) for cohort in str(fields.get("cohorts") or "").split()] or [""]
    elif kind.subject is Subject.HELD:
        found = [] if fields.get("kind") == _JOB_LOG else [_held(fields)]
    else:
        found = [".".join(filter(None, (_text(fields, "dsn"), _text(fields, "generation"))))]
    for name in found:
        title, klass = _dataset(facts, name.split(" ")[0])
        if klass in {SPECIFIC_PERSONAL, ""} or " " in name:
            yield title, name


def _other(facts: Handling, kind: Kind, fields: Mapping[str, Field]) -> tuple[str, str]:
    """Return title and name of what is no generation."""
    dsn = _text(fields, "dsn")
    title = _dataset(facts, dsn)[0] if dsn else ""
    if kind.subject is Subject.DELIVERY:
        return title or "受付ファイル", _delivered(dsn, fields)
    if kind.subject is Subject.INSTRUCTION:
        return "PF削除", _text(fields, "instruction") or _text(fields, "key")
    if kind.subject in _NAMED:
        named, *names = _NAMED[kind.subject]
        return named, next(filter(None, (_text(fields, name) for name in names)), "")
    return title or "―", dsn or _text(fields, "right")


def _dataset(facts: Handling, dsn: str) -> tuple[str, str]:
    """Return title and class of a dataset by its name, with or without a generation; class "" when nobody knows it."""
    match = _GENERATION.fullmatch(dsn)
    known = facts.datasets.get(match["dsn"] if match else dsn)
    if known is None:
        return ("カタログにないデータセット" if dsn else "名称の記載なし"), ""
    return known["title"], known["class"]


def _without_salt(cohort: str) -> str:
    """Return the generation that a cohort is of: its id is the generation's name and 16 hexadecimal digits."""
    match = _COHORT.fullmatch(cohort)
    return masking.name(match["file"] if match else cohort)


def _held(fields: Mapping[str, Field]) -> str:
    """Return the name of what the retention table gave up: a generation, or dataset and file of a delivery."""
    joint = " " if fields.get("kind") == _DELIVERY else "."
    return joint.join((_text(fields, "dataset"), _text(fields, "name")))


def _delivered(dsn: str, fields: Mapping[str, Field]) -> str:
    file, delivery = _text(fields, "file"), _number(fields.get("delivery"))
    named = file or ("" if delivery is None else f"受付番号{delivery}")
    return f"{dsn} {named}".strip()


def _notes(kind: Kind, fields: Mapping[str, Field]) -> Iterator[str]:
    texts = {"dd": "DD {}", "reason": "理由 {}", "right": "権限 {}", "rule": "規則 {}", "code": "不一致 {}"}
    if kind.subject is Subject.MEDIUM:
        texts["to"] = "移送先 {}"
    if kind.subject is Subject.PASSPHRASE:
        del texts["reason"]
    for key, label in texts.items():
        if told := _typed(fields, key):
            yield label.format(told)
    numbers = {"parts": "{}部", "sends": "{}回目", "rejected": "保留 {}件"}
    if kind.subject is Subject.DELIVERY:
        numbers["number"] = "ファイル番号{}"
    for key, label in numbers.items():
        if (number := _number(fields.get(key))) is not None:
            yield label.format(number)


def _text(fields: Mapping[str, Field], key: str) -> str:
    """Return a field that is a name; what is no text is none."""
    value = fields.get(key)
    return masking.name(value) if isinstance(value, str) else ""


def _typed(fields: Mapping[str, Field], key: str) -> str:
    value = fields.get(key)
    return masking.free_text(value) if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    """Return a count; anything that is none, or could be something else than a count, is not told."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _LARGEST:
        return None
    return value
