"""NTA files of synthetic statements that break no rule, and what a plain count says of them; for tests of discs and papers."""

from collections.abc import Iterable
from pathlib import Path

from chosho.statement import layout
from tests.statement.test_build import INDIVIDUAL_310, PLAIN_366

NUMBERS = ("123456789018", "987654321026")
"""Individual numbers that stand in the rows, and so must stand nowhere else."""


def row(code: str, **items: str) -> str:
    """Return a row of a kind, its items changed by their English names."""
    names = [item.english for item in layout.load(code).items]
    values = dict(zip(names, _base(code), strict=True)) | items
    assert len(values) == len(names)
    return ",".join(values[name] for name in names)


def _base(code: str) -> list[str]:
    if code == "310":
        return INDIVIDUAL_310
    if code == "366":
        return PLAIN_366
    lump = dict(zip([item.english for item in layout.load("310").items], INDIVIDUAL_310, strict=True))
    lump |= {"statement_code": code, "event_year_wareki": "08", "paid_premium_dividend": "0"}
    lump |= {f"{party}_person_type": "1" for party in ("beneficiary", "contractor", "insured")}
    lump |= {"submission_date_year": "08", "submission_date_month": "04", "submission_date_day": "15"}
    return [lump[item.english] for item in layout.load(code).items]


def lump_sums(number: int, first: int = 0) -> list[str]:
    """Return 310 rows: every third payee is the same person."""
    return [
        row(
            "310",
            beneficiary_name="山田　太郎" if place % 3 == 0 else f"山田　{_kanji(place)}",
            benefit_amount=str(1_000_000 + place),
            added_benefit_amount=str(place % 7),
            net_paid_amount=str(1_000_000 + place + place % 7 + 12345 - 100000 + 5000),
        )
        for place in range(first, first + number)
    ]


def annuities(number: int) -> list[str]:
    """Return 366 rows: every fifth payee lives abroad."""
    return [
        row(
            "366",
            payee_name=f"佐藤　{_kanji(place)}",
            payee_overseas_flag="1" if place % 5 == 0 else "0",
            annuity_paid_amount=str(600_000 + place),
            net_amount=str(400_000 + place),
            withholding_tax=str((400_000 + place) * 1021 // 10_000),
        )
        for place in range(number)
    ]


def deaths(number: int) -> list[str]:
    """Return 323 rows of every cause."""
    causes = ("死亡", "満期", "解約", "高度障害")
    return [
        row("323", insured_event_text=causes[place % 4], beneficiary_name=f"鈴木　{_kanji(place)}")
        for place in range(number)
    ]


def write(folder: Path, files: dict[str, Iterable[str]]) -> Path:
    """Write files of rows into a folder."""
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        (folder / name).write_bytes("".join(f"{one}\r\n" for one in rows).encode("cp932"))
    return folder


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file as a plain reader sees them: items by their English names."""
    names = [item.english for item in layout.load(path.name[:3]).items]
    lines = path.read_bytes().decode("cp932").split("\r\n")[:-1]
    return [dict(zip(names, line.split(","), strict=True)) for line in lines]


def _kanji(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
