"""Summary tables (支払調書合計表): 様式十 (310), 様式十一 (366), those of 323 and 386, as data and as a paper.

The figures come from the files on the discs. Which lines a form has beside the statements submitted (支払調書提出分) no file can
tell; for 簡易生命保険 there are none, elsewhere they stay empty for the hand. The pictures of the forms are not at hand: the paper
has what goes into them, in the words of their notes (法定資料の合計表の様式 通達, 最終改正 令和6年6月26日).
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chosho.era import ERAS, era_of
from chosho.report.page import japanese_date
from chosho.report.paper import Heading, Lines, Paper, Table, pairs
from chosho.report.transmittal import KINDS

FORMS = {"310": "様式十", "366": "様式十一", "323": "相続税法の様式", "386": "相続税法の様式"}
"""Kind → the form of its summary."""
CLASSES = {1: "新規", 2: "追加", 3: "訂正", 4: "無効"}
"""調書の提出区分."""
NEW, ADDED, RIGHT, VOID = CLASSES
MEDIA_CODES = {"CD": 17, "DVD": 18}
"""提出媒体."""
_RESIDENT = {False: "居住者又は内国法人", True: "非居住者又は外国法人"}
SUBMITTED = "支払調書提出分"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of a summary: what it is of, statements, people, yen by what is added up."""

    title: str
    statements: int
    people: int
    amounts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A summary table (合計表) of one kind, 年分 and 提出区分. ``titles`` names what is added up."""

    code: str
    year: str
    submission_class: int
    titles: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Short name, for files: ``summary-310-08-1``."""
        return "-".join(filter(None, ("summary", self.code, self.year, str(self.submission_class))))

    @property
    def total(self) -> Row:
        """The last row: all statements."""
        return self.rows[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitter:
    """Who submits, and where to (提出者・提出先)."""

    tax_office: str
    office_no: str
    reference_no: str
    name: str
    address: str
    corporate_no: str
    phone: str
    department: str
    contact: str
    bundled: str = "無"
    postal_life: bool = True

    @property
    def number(self) -> str:
        """局署番号及び整理番号: ``01101-00123456``."""
        return f"{self.office_no}-{self.reference_no}"

    @property
    def corporate(self) -> str:
        """法人番号 in groups: ``7-1234-5678-9012``."""
        digits = self.corporate_no
        return "-".join((digits[:1], *(digits[place : place + 4] for place in range(1, len(digits), 4))))


def year_text(year: str, submitted_on: dt.date) -> str:
    """Return a 年分 of two digits with its era: 08 → 令和8年分; the newest era in which the year is not after the submission."""
    if not year:
        return "―"
    number = int(year)
    day = submitted_on.year * 10_000 + submitted_on.month * 100 + submitted_on.day
    now = era_of(day)
    reached = number <= submitted_on.year - now.first_year + 1
    era = now if reached else ERAS[ERAS.index(now) - 1]
    return f"{era.name}{'元' if number == 1 else number}年分"


def summary_paper(
    summary: Summary, who: Submitter, *, submitted_on: dt.date, medium: str, set_id: str
) -> Paper:
    """Return a summary table as a paper."""
    named = KINDS[summary.code]
    head = ("区分", "件数", "人員", *(f"{title}（円）" for title in summary.titles))
    rows = [
        (row.title, f"{row.statements:,}", f"{row.people:,}", *(f"{yen:,}" for yen in row.amounts))
        for row in summary.rows
    ]
    if not who.postal_life and summary.submission_class != VOID:
        rows.insert(0, ("支払総額（手書き）", *("" for _ in head[1:])))
    first = 100 - (11 + 11 + 25 * len(summary.titles))
    widths = (first, 11, 11, *(25 for _ in summary.titles))
    notes = [
        "件数・人員・金額は、提出するファイルそのものを読んで数えたものである。",
        *(
            ["簡易生命保険契約等に係るものであるため、「支払調書提出分」のみを記載する。"]
            if who.postal_life
            else []
        ),
        *(["年金の支払金額には、外書きの剰余金又は割戻金を含まない。"] if summary.code == "366" else []),
        *(["訂正表示「1」（提出済みの記録の無効）の分。"] if summary.submission_class == VOID else []),
    ]
    return Paper(
        name=f"{set_id}.{summary.name}",
        title=f"{named}合計表",
        subtitle=f"{FORMS[summary.code]}　記入用データ",
        blocks=(
            Lines(lines=(f"{who.tax_office}長　殿",), large=True),
            pairs(
                ("年分", year_text(summary.year, submitted_on)),
                ("提出年月日", japanese_date(submitted_on)),
                ("調書の提出区分", class_text(summary.submission_class)),
                ("提出媒体", medium_text(medium)),
                ("本店等一括提出", who.bundled),
            ),
            pairs(
                ("提出者の所在地", who.address),
                ("提出者の名称", who.name),
                ("法人番号", who.corporate),
                ("局署番号・整理番号", who.number),
                ("電話番号", who.phone),
                ("作成担当", f"{who.department}　{who.contact}"),
            ),
            Heading(text=SUBMITTED),
            Table(head=head, rows=tuple(rows), widths=widths, right=tuple(range(1, len(head)))),
            Lines(lines=tuple(f"・{note}" for note in notes)),
        ),
        foot=f"提出用媒体　{set_id}",
    )


def class_text(submission_class: int) -> str:
    """Return a 提出区分 with its code: ``1（新規）``."""
    return f"{submission_class}（{CLASSES[submission_class]}）"


def medium_text(medium: str) -> str:
    """Return a 提出媒体 with its code: ``17（CD）``."""
    short = medium.partition("-")[0]
    return f"{MEDIA_CODES[short]}（{short}）"


def resident_title(overseas: bool) -> str:
    """Return how 366 names who lives here and who abroad."""
    return _RESIDENT[overseas]


def as_csv(summaries: Sequence[Summary], *, submitted_on: dt.date, medium: str) -> str:
    """Return the summaries as CSV, UTF-8 with its mark, a line per row and what is added up."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ("資料", "年分", "提出区分", "提出媒体", "提出年月日", "区分", "件数", "人員", "金額の名称", "金額")
    )
    for one in summaries:
        for row in one.rows:
            fixed = (one.code, one.year, one.submission_class, MEDIA_CODES[medium.partition("-")[0]])
            counted = (submitted_on.isoformat(), row.title, row.statements, row.people)
            for title, yen in zip(one.titles, row.amounts, strict=True):
                writer.writerow((*fixed, *counted, title, yen))
            if not one.titles:
                writer.writerow((*fixed, *counted, "", ""))
    return "\ufeff" + out.getvalue()


def as_tree(summaries: Sequence[Summary]) -> list[Mapping[str, object]]:
    """Return the summaries as plain lists and dictionaries."""
    return [
        {
            "kind": one.code,
            "year": one.year,
            "class": one.submission_class,
            "rows": [
                {
                    "title": row.title,
                    "statements": row.statements,
                    "people": row.people,
                    "amounts": dict(zip(one.titles, row.amounts, strict=True)),
                }
                for row in one.rows
            ],
        }
        for one in summaries
    ]


def from_tree(tree: Sequence[Mapping[str, object]]) -> tuple[Summary, ...]:
    """Return the summaries of :func:`as_tree`."""
    found = json.loads(json.dumps(tree))
    return tuple(
        Summary(
            code=one["kind"],
            year=one["year"],
            submission_class=one["class"],
            titles=tuple(one["rows"][0]["amounts"]),
            rows=tuple(
                Row(
                    title=row["title"],
                    statements=row["statements"],
                    people=row["people"],
                    amounts=tuple(row["amounts"].values()),
                )
                for row in one["rows"]
            ),
        )
        for one in found
    )
