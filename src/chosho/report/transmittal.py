"""Transmittal (送付状): the sheet that travels with a volume, and the text of the disc's label.

It names the volume, what is on it by kind and number, where it goes and how it is to be handled, the
SHA-256 of the image (which shows a disc that was exchanged: no file on the disc itself can) and a QR code
of ids and hash. It names no person of the statements and no amount. The passphrase is not on it, only its
id: it travels another way (別送).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import segno
from markupsafe import Markup

from chosho.era import era_of
from chosho.report.page import japanese_date, template

KINDS = {
    "310": "生命保険契約等の一時金の支払調書",
    "366": "生命保険契約等の年金の支払調書",
    "323": "生命保険金・共済金受取人別支払調書",
    "386": "保険契約者等の異動に関する調書",
}
"""Names of the statements (法定資料の名称) by their code."""

_HASH_GROUP = 8


class FileFacts(Protocol):
    """A file on the volume: its NTA name, statements in it, bytes as it stands there encrypted."""

    @property
    def name(self) -> str: ...  # noqa: D102 - described by the class
    @property
    def records(self) -> int: ...  # noqa: D102 - as above
    @property
    def age_bytes(self) -> int: ...  # noqa: D102 - as above


class VolumeFacts(Protocol):
    """A volume as it was read back (媒体検証結果): ids, place n/N, the image's size and hash, its files."""

    @property
    def volume_id(self) -> str: ...  # noqa: D102 - described by the class
    @property
    def number(self) -> int: ...  # noqa: D102 - as above
    @property
    def count(self) -> int: ...  # noqa: D102 - as above
    @property
    def set_id(self) -> str: ...  # noqa: D102 - as above
    @property
    def password_id(self) -> str: ...  # noqa: D102 - as above
    @property
    def journal_head(self) -> str: ...  # noqa: D102 - as above
    @property
    def image_sha256(self) -> str: ...  # noqa: D102 - as above
    @property
    def image_bytes(self) -> int: ...  # noqa: D102 - as above
    @property
    def files(self) -> Sequence[FileFacts]: ...  # noqa: D102 - as above


@dataclass(frozen=True, kw_only=True, slots=True)
class Transmittal:
    """The facts of a transmittal (送付状).

    ``transport`` has the settings ``from``, ``to``, ``purpose``, ``person_in_charge`` and ``kept_for``.
    """

    volume: VolumeFacts
    made_on: dt.date
    tax_year: str
    medium: str
    organization: str
    transport: Mapping[str, str]

    @property
    def records(self) -> dict[str, int]:
        """Statements on the volume by kind, in the order of the kinds."""
        found: dict[str, int] = {}
        for file in sorted(self.volume.files, key=lambda file: file.name):
            kind = file.name[:3]
            found[kind] = found.get(kind, 0) + file.records
        return found


def transmittal(facts: Transmittal) -> str:
    """Return the transmittal as an HTML page that prints on one sheet of A4."""
    return template("transmittal.html").render(
        facts=facts,
        volume=facts.volume,
        transport=facts.transport,
        tax_year=tax_year_text(facts.tax_year),
        made_on=japanese_date(facts.made_on),
        kinds=[(code, KINDS.get(code, ""), number) for code, number in facts.records.items()],
        label=label_lines(facts),
        sha256=[
            facts.volume.image_sha256[place : place + _HASH_GROUP]
            for place in range(0, len(facts.volume.image_sha256), _HASH_GROUP)
        ],
        qr=_qr(qr_text(facts)),
    )


def label_lines(facts: Transmittal) -> list[str]:
    """Return the text of the disc's label (媒体ラベル), line by line; nothing personal."""
    return [
        facts.volume.volume_id,
        f"{tax_year_text(facts.tax_year)} 支払調書データ（移送用）",
        *(f"{code} {KINDS.get(code, '')} {number:,}件" for code, number in facts.records.items()),
        f"作成 {japanese_date(facts.made_on)}",
        f"{facts.volume.count}枚のうち{facts.volume.number}枚目",
        f"{facts.transport['from']} → {facts.transport['to']}",
        "暗号化処理済・取扱注意",
    ]


def content_text(facts: Transmittal, submission: str) -> str:
    """Return what the media register says of the content (データ内容): year, submission, statements by kind."""
    kinds = "、".join(f"{code} {number:,}件" for code, number in facts.records.items())
    return f"{tax_year_text(facts.tax_year)} 支払調書データ（{submission}） {kinds}"


def qr_text(facts: Transmittal) -> str:
    """Return what the QR code says: volume id, set id, n/N, SHA-256 of the image."""
    volume = facts.volume
    return f"{volume.volume_id} {volume.set_id} {volume.number}/{volume.count} {volume.image_sha256}"


def tax_year_text(year: str) -> str:
    """Return the year of the payments with its era: 2026 → 2026年（令和8年）分; the era is that of 31 December.

    A month of payments, yyyymm, has its month behind it: 202701 → 2027年（令和9年）1月分.
    """
    year, month = year[:4], year[4:]
    era = era_of(int(year) * 10_000 + 1231)
    in_era = int(year) - era.first_year + 1
    return f"{year}年（{era.name}{'元' if in_era == 1 else in_era}年）{f'{int(month)}月' if month else ''}分"


def _qr(text: str) -> Markup:
    """Return a QR code as inline SVG; its only content is ours, drawn as a path."""
    return Markup(segno.make(text, error="m").svg_inline(scale=3, border=2))  # noqa: S704 - segno's own markup
