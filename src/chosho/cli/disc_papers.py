"""Papers of submission discs as files: HTML always, PDF where a Japanese font is found; the summaries also as CSV and JSON."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from chosho import disk
from chosho.dataset.settings import Settings
from chosho.errors import InputRefused
from chosho.media.disc_record import SubmissionRecord
from chosho.media.profiles import profiles
from chosho.report import paper, paper_pdf, submission, summary_table
from chosho.report.paper import Paper
from chosho.report.submission import DUPLICATE, ORIGINAL, Disc, Facts, File
from chosho.report.summary_table import ADDED, NEW, RIGHT, VOID, Row, Submitter, Summary
from chosho.statement.figures import CAUSES, OTHER, SUMS, Count, Group

FONTS = (
    "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
    "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf",
    "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/vlgothic/VL-Gothic-Regular.ttf",
)
"""Where Debian and others put Japanese fonts (fonts-ipaexfont, fonts-ipafont, fonts-noto-cjk, fonts-vlgothic)."""

_MAY_HOLD = {NEW: {NEW}, ADDED: {ADDED, RIGHT, VOID}, RIGHT: {RIGHT, VOID}, VOID: {VOID}}
"""提出区分 that is asked for → those that its records may have."""
_ANY_DAY = dt.date(2000, 1, 1)


def find_font(named: str, places: Sequence[str] = FONTS) -> str:
    """Return the font's file: the one that the settings name, else the first of the usual places; "" when there is none.

    Raises:
        InputRefused: the one that is named is not there (CHSP031E) or is no font (CHSP030E).
    """
    if named:
        if not Path(named).is_file():
            raise InputRefused("CHSP031E", font=named)
        # Told now, not after the discs were made.
        paper_pdf.pdf(Paper(name="", title="調書", subtitle="", blocks=()), named, _ANY_DAY)
        return named
    return next((place for place in places if Path(place).is_file()), "")


def submitter(settings: Settings) -> Submitter:
    """Return who submits and where to, from the settings."""
    chosen, obligor = settings.submission, settings.obligor
    return Submitter(
        tax_office=chosen.tax_office,
        office_no=chosen.office_no,
        reference_no=chosen.reference_no,
        name=chosen.submitter or obligor.name,
        address=chosen.address or obligor.address,
        corporate_no=chosen.corporate_no or obligor.corporate_no,
        phone=obligor.phone,
        department=chosen.department,
        contact=chosen.contact,
        bundled=chosen.bundled,
        postal_life=chosen.postal_life,
    )


def summaries(counts: Mapping[str, Count], submission_class: int, *, people: str) -> tuple[Summary, ...]:
    """Return the summary tables of a submission: per kind, 年分 and 提出区分.

    Args:
        counts: the figures by kind.
        submission_class: 提出区分 of the records that count. Those that void are always 4, and those in a file with such ones 3.
        people: "payees" or "statements" (設定 submission.people).

    Raises:
        InputRefused: the records' 訂正表示 and the 提出区分 contradict each other (CHSL053E).
    """
    found = []
    for code, count in sorted(counts.items()):
        groups = count.lines()

        def of(group: Group) -> int:
            return VOID if group.void else RIGHT if group.right else submission_class

        for year, filing in sorted({(group.year, of(group)) for group in groups}):
            if filing not in _MAY_HOLD[submission_class]:
                raise InputRefused("CHSL053E", kind=code, submission_class=submission_class)
            mine = [group for group in groups if (group.year, of(group)) == (year, filing)]
            rows = _rows(code, count, mine, people=people)
            titles = tuple(SUMS[code])
            found.append(
                Summary(
                    code=code,
                    year=year,
                    submission_class=filing,
                    titles=titles,
                    rows=rows,
                )
            )
    return tuple(found)


def _rows(code: str, count: Count, groups: Sequence[Group], *, people: str) -> tuple[Row, ...]:
    """Return the lines of a summary, the whole as the last one."""
    lines = count.lines()

    def row(title: str, mine: Sequence[Group]) -> Row:
        statements = sum(lines[group].statements for group in mine)
        return Row(
            title=title,
            statements=statements,
            people=count.people(mine) if people == "payees" else statements,
            amounts=tuple(sum(lines[group].amounts[name] for group in mine) for name in SUMS[code]),
        )

    rows = []
    if code == "366":
        for overseas in (False, True):
            mine = [group for group in groups if group.overseas is overseas]
            rows.append(row(summary_table.resident_title(overseas), mine))
    if code == "323":
        rows += [
            row(cause, [group for group in groups if group.cause == cause]) for cause in (*CAUSES, OTHER)
        ]
    return (*rows, row("合計" if rows else summary_table.SUBMITTED, groups))


def facts(record: SubmissionRecord) -> Facts:
    """Return what the papers of a submission say, from its record."""
    return Facts(
        set_id=record.set_id,
        who=Submitter(**record.submitter),
        submitted_on=record.submitted_on,
        submission_class=record.submission_class,
        medium=record.medium,
        medium_title=profiles()[record.medium].title,
        protection=record.container.remark,
        encrypted=record.container.encrypted,
        password_id=record.password_id,
        made_by=record.made_by,
        plain_approved_by=record.plain_approved_by,
        plain_reason=record.plain_reason,
        warnings=record.warnings,
        etax=record.etax,
        discs=tuple(
            Disc(
                id=disc.id,
                number=disc.number,
                count=disc.count,
                files=tuple(File(name=one.name, records=one.records, size=one.size) for one in disc.files),
                stored=tuple(one.name for one in disc.stored),
                image_sha256=disc.image_sha256,
                image_bytes=disc.image_bytes,
            )
            for disc in record.discs
        ),
        summaries=summary_table.from_tree(record.summaries),
    )


def write_all(record: SubmissionRecord, out: Path) -> None:
    """Write every paper of a submission: labels of the originals, summaries, 付表, check sheet, transmittal."""
    told = facts(record)
    made = [submission.label(told, disc, ORIGINAL) for disc in told.discs]
    made += [
        summary_table.summary_paper(
            one, told.who, submitted_on=record.submitted_on, medium=record.medium, set_id=record.set_id
        )
        for one in told.summaries
    ]
    made += submission.papers(told)
    for one in made:
        _write(one, record, out)
    table = summary_table.as_csv(told.summaries, submitted_on=record.submitted_on, medium=record.medium)
    disk.write_new(out / f"{record.set_id}.summary.csv", table.encode())
    tree = json.dumps(summary_table.as_tree(told.summaries), ensure_ascii=False, indent=1)
    disk.write_new(out / f"{record.set_id}.summary.json", tree.encode() + b"\n")


def write_label(record: SubmissionRecord, disc_id: str, out: Path) -> None:
    """Write the label of a duplicate."""
    told = facts(record)
    (disc,) = (one for one in told.discs if one.id == disc_id)
    _write(submission.label(told, disc, DUPLICATE), record, out)


def _write(one: Paper, record: SubmissionRecord, out: Path) -> None:
    disk.write_new(out / f"{one.name}.html", paper.html(one).encode())
    if record.font:
        disk.write_new(out / f"{one.name}.pdf", paper_pdf.pdf(one, record.font, record.submitted_on))
