"""The morning page (朝の確認表): what the operators and their manager read each morning, as a page and as a short text.

First what needs somebody, then the tables that it comes from: jobs expected and done (ジョブ消込み), steps with a code,
registrations by channel, inbox, PF deletion, handling reports, what is due. Codes of 4 stand out in amber, of 8 and more in red;
each also by a word and a mark, so that the page reads the same without colour. It names no person.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from chosho import masking
from chosho.business_days import Calendar
from chosho.report.duty import Duty, statements_due
from chosho.report.page import template, with_weekday


class Level(IntEnum):
    """How much a line matters."""

    PLAIN = 0
    NOTICE = 4
    ALARM = 8

    @property
    def word(self) -> str:
        """The word for it."""
        return {Level.PLAIN: "正常", Level.NOTICE: "注意", Level.ALARM: "要対応"}[self]

    @property
    def mark(self) -> str:
        """A sign that reads without colour."""
        return {Level.PLAIN: "○", Level.NOTICE: "▲", Level.ALARM: "■"}[self]


class JobState(StrEnum):
    """What became of an expected or executed job."""

    FINISHED = "完了"
    FAILED = "異常終了"
    RUNNING = "実行中"
    MISSING = "未実行"
    AWAITED = "期限内・未実行"
    CLOSED = "打切り"


@dataclass(frozen=True, kw_only=True, slots=True)
class Executed:
    """A run as the control store has it."""

    run: str
    deck: str
    business_date: dt.date
    state: JobState
    rc: int | None
    reason: str = ""
    """Why a person closed it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A line of the job table. ``due`` is given for a job that has until then, ``of`` for one of an earlier date."""

    deck: str
    title: str
    state: JobState
    run: str = ""
    rc: int | None = None
    due: dt.date | None = None
    of: dt.date | None = None
    expected: bool = True
    reason: str = ""

    @property
    def ended(self) -> str:
        """State, code and, of one that was closed, the reason."""
        code = "" if self.rc is None else f" コード{self.rc}"
        reason = f"（理由 {masking.free_text(self.reason)}）" if self.reason else ""
        return f"{self.state}{code}{reason}"

    @property
    def level(self) -> Level:
        """A job that failed or did not run is an alarm; one that still runs, or was given up by a person, is a notice."""
        if self.state in {JobState.FAILED, JobState.MISSING}:
            return Level.ALARM
        if self.state in {JobState.RUNNING, JobState.CLOSED}:
            return Level.NOTICE
        return level_of(self.rc or 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A message of a job log."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StepNote:
    """A step that ended with a code of 4 or more, and its messages."""

    run: str
    step: str
    rc: int
    messages: tuple[Said, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """The registrations of one channel (入手経路): files taken, records read and accepted, rejected by reason."""

    title: str
    files: int
    read: int
    accepted: int
    rejected: Mapping[str, int] = field(default_factory=dict)

    @property
    def rejects(self) -> int:
        """Rejected records."""
        return sum(self.rejected.values())


class InboxState(StrEnum):
    """What is wrong with an inbox."""

    MISSING = "未着"
    REFUSED = "受付不可"
    WAITING = "順番待ち"
    STAYS = "消去できず"


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxFile:
    """A file that did not come, was refused, waits for one before it or could not be erased; ``name`` is empty for the first."""

    channel: str
    state: InboxState
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Instruction:
    """A PF deletion that is not closed; ``state`` as the ledger has it."""

    id: str
    state: str
    keys: int
    due: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class Pf:
    """The PF deletion (PF削除): instructions that stand until they are closed, and keys without an instruction."""

    instructions: tuple[Instruction, ...] = ()
    keys_due: int = 0
    """Keys that no instruction has yet."""
    keys_rejected: int = 0
    """Keys whose number was rejected: not deleted until resolved."""
    overdue: int = 0
    """Keys whose day has passed."""
    awaiting_approval: int = 0
    """Instructions."""
    findings: tuple[str, ...] = ()
    """Disagreements with the PF's answers, worded; they name keys of the PF, never a number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Morning:
    """The facts of a morning."""

    business_date: dt.date
    organization: str
    jobs: tuple[Job, ...]
    steps: tuple[StepNote, ...] = ()
    channels: tuple[Channel, ...] = ()
    rejected_by_update: Mapping[str, int] = field(default_factory=dict)
    """Accepted requests that the number master's state did not allow, by reason."""
    returned: tuple[dt.date, ...] = ()
    """Business dates whose list of the rejected was made."""
    inbox: tuple[InboxFile, ...] = ()
    pf: Pf = Pf()
    unsigned: tuple[dt.date, ...] = ()
    """Business dates of handling reports that nobody has signed."""
    duties: tuple[Duty, ...] = ()
    journal_head: str = ""
    journal_faults: int = 0
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Reason code → its meaning, for the codes that occur."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter:
    """Something that needs somebody."""

    level: Level
    text: str


PF_STATES: Final = {
    "prepared": "作成済・送付前",
    "approved": "承認済・送付前",
    "sent": "送付済・受付結果待ち",
    "acknowledged": "受付済・消去証明待ち",
    "certified": "消去証明受領・照合前",
    "verified": "照合済",
}
"""State of an instruction in the ledger → its words."""

_DAILY: Final = (("SCRATCH", "保存の終わったデータの消去"), ("PURGE", "PF削除・日次の消去"))
_NIGHTLY: Final = ("NIGHTLY", "個人番号等の登録")
_JANUARY: Final = ("JANUARY", "支払調書の作成（年次）")


def level_of(rc: int) -> Level:
    """Return how much a return code matters."""
    return Level.ALARM if rc >= Level.ALARM else Level.NOTICE if rc >= Level.NOTICE else Level.PLAIN


def jobs_of(day: dt.date, calendar: Calendar, runs: Sequence[Executed]) -> tuple[Job, ...]:
    """Check the runs off against what is expected of a day (ジョブ消込み).

    What earlier dates left to this night comes first, what nobody expected last. SCRATCH and PURGE run every day, NIGHTLY on
    business days, JANUARY once between 1 January and the deadline.

    Args:
        day: the business date.
        calendar: the business calendar.
        runs: the runs of that business date, the year's runs of JANUARY, and the runs of the night's decks of earlier dates that
            went on in this night or are unfinished.
    """
    business, due = calendar.is_business_day(day), statements_due(day.year, calendar)
    expected = [_DAILY[0], *([_NIGHTLY] if business else []), _DAILY[1]]
    titles = dict([*_DAILY, _NIGHTLY])
    jobs = [
        _job(run, titles[run.deck], of=run.business_date)
        for run in runs
        if run.deck in titles and run.business_date < day
    ]
    for deck, title in expected:
        found = [run for run in runs if run.deck == deck and run.business_date == day]
        jobs += [_job(run, title) for run in found] or [Job(deck=deck, title=title, state=JobState.MISSING)]
    if day <= due:
        deck, title = _JANUARY
        found = [run for run in runs if run.deck == deck and run.business_date.year == day.year]
        awaited = Job(deck=deck, title=title, state=JobState.AWAITED, due=due)
        jobs += [_job(run, title) for run in found] or [awaited]
    known = {job.run for job in jobs}
    return (
        *jobs,
        *(_job(run, "", expected=False) for run in runs if run.run not in known and run.business_date == day),
    )


def _job(run: Executed, title: str, *, of: dt.date | None = None, expected: bool = True) -> Job:
    return Job(
        deck=run.deck,
        title=title,
        state=run.state,
        run=run.run,
        rc=run.rc,
        of=of,
        expected=expected,
        reason=run.reason,
    )


def matters(morning: Morning) -> tuple[Matter, ...]:
    """Return what needs somebody, what matters most first."""
    found = [*_job_matters(morning), *_input_matters(morning), *_duty_matters(morning)]
    return tuple(sorted(found, key=lambda matter: -matter.level))


def _job_matters(morning: Morning) -> Iterator[Matter]:
    if morning.journal_faults:
        yield Matter(
            level=Level.ALARM, text=f"処理記録の検査で異常が {morning.journal_faults:,} 件見つかりました"
        )
    for job in morning.jobs:
        if job.level:
            of = "" if job.of is None else f" {job.of}分"
            yield Matter(level=job.level, text=f"{job.deck}{of} {job.ended}")


def _input_matters(morning: Morning) -> Iterator[Matter]:
    for file in morning.inbox:
        reason = f"（{file.reason}）" if file.reason else ""
        text = f"{file.channel} {masking.name(file.name)} {file.state}{reason}".replace("  ", " ")
        yield Matter(level=Level.NOTICE, text=text)
    for channel in morning.channels:
        if channel.read != channel.accepted + channel.rejects:
            yield Matter(level=Level.ALARM, text=f"{channel.title} 読込みと受付・不良の件数が合いません")
    rejects = sum(channel.rejects for channel in morning.channels) + sum(morning.rejected_by_update.values())
    if rejects:
        days = "・".join(f"{day:%m-%d}分" for day in morning.returned) + ("の" if morning.returned else "")
        yield Matter(level=Level.NOTICE, text=f"登録不良 {rejects:,} 件（{days}返却一覧を局所へ）")


def _duty_matters(morning: Morning) -> Iterator[Matter]:
    pf = morning.pf
    for number, text in (
        (pf.overdue, "PF削除 期限超過の鍵 {:,} 件（消去が確かめられるまで掲示）"),
        (len(pf.findings), "PFの回答との不一致 {:,} 件"),
        (pf.awaiting_approval, "PF削除指示 承認待ち {:,} 件"),
    ):
        if number:
            yield Matter(level=Level.NOTICE, text=text.format(number))
    for duty in morning.duties:
        if duty.overdue(morning.business_date) and duty.source != "PF":
            yield Matter(
                level=Level.NOTICE,
                text=f"{duty.what} 期限超過 {-duty.left(morning.business_date)}日",
            )


def to_html(morning: Morning) -> str:
    """Return the morning page."""
    found = matters(morning)
    return template("morning.html").render(
        morning=morning,
        date=with_weekday(morning.business_date),
        matters=found,
        level=max((matter.level for matter in found), default=Level.PLAIN),
        steps=[(note, level_of(note.rc)) for note in morning.steps],
        duties=_told(morning),
        unsigned=[with_weekday(day) for day in morning.unsigned],
        with_weekday=with_weekday,
        name=masking.name,
        free_text=masking.free_text,
        pf_states=PF_STATES,
    )


def to_text(morning: Morning) -> str:
    """Return the morning in a few lines, for a terminal: what needs somebody, the jobs, what is due."""
    found = matters(morning)
    worst = max((matter.level for matter in found), default=Level.PLAIN)
    lines = [f"朝の確認 {with_weekday(morning.business_date)} {worst.mark}{worst.word}"]
    lines += [f"  {matter.level.mark} {matter.level.word} {matter.text}" for matter in found]
    for job in morning.jobs:
        until = "" if job.due is None else f" 期限 {with_weekday(job.due)}"
        lines.append(f"{job.level.mark} {job.deck:<8} {job.ended}{until} {job.run}".rstrip())
    for duty, left, _ in _told(morning):
        lines.append(f"期限 {duty.due} {left} {duty.what}")
    lines.append(f"処理記録の先頭値 {morning.journal_head}")
    return "\n".join(lines) + "\n"


def _told(morning: Morning) -> list[tuple[Duty, str, Level]]:
    """Return the duties by their due date, each with the days that are left in words."""
    return [
        (duty, days_left(duty.left(morning.business_date)), _duty_level(duty, morning.business_date))
        for duty in sorted(morning.duties)
    ]


def _duty_level(duty: Duty, day: dt.date) -> Level:
    return Level.NOTICE if duty.overdue(day) else Level.PLAIN


def days_left(days: int) -> str:
    """Return how many days are left, in words.

    >>> days_left(3), days_left(0), days_left(-2)
    ('残り3日', '本日', '2日超過')
    """
    return f"残り{days}日" if days > 0 else "本日" if days == 0 else f"{-days}日超過"


def missing(expected: Iterable[str], taken: Iterable[str]) -> tuple[InboxFile, ...]:
    """Return the channels of which no file of the night came.

    Args:
        expected: titles of the channels.
        taken: titles of those of which a file was taken or refused.
    """
    came = set(taken)
    return tuple(
        InboxFile(channel=title, state=InboxState.MISSING) for title in expected if title not in came
    )
