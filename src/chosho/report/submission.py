"""Papers of submission discs (提出用媒体の帳票): label text, 付表, check sheet, transmittal to the tax office.

They name discs, files, counts, digests and the people who made and approved; no person of the statements and no individual number.
The official pictures of 付表 and チェックシート are not at hand: the papers have what they ask for by their names, to be
copied or enclosed.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from chosho import masking
from chosho.report.page import japanese_date
from chosho.report.paper import Frame, Heading, Lines, Paper, Signs, Table, pairs
from chosho.report.summary_table import Submitter, Summary, class_text, medium_text, year_text
from chosho.report.transmittal import KINDS

ORIGINAL, DUPLICATE = "正本", "副本"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_DIGEST_GROUP = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """An NTA file: name, statements, bytes."""

    name: str
    records: int
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Disc:
    """A disc: id, place n/N, NTA files, what stands on it, its image."""

    id: str
    number: int
    count: int
    files: tuple[File, ...]
    stored: tuple[str, ...]
    image_sha256: str
    image_bytes: int

    @property
    def kinds(self) -> dict[str, int]:
        """Statements by kind."""
        found: dict[str, int] = {}
        for file in self.files:
            found[file.name[:3]] = found.get(file.name[:3], 0) + file.records
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the papers of a submission say."""

    set_id: str
    who: Submitter
    submitted_on: dt.date
    submission_class: int
    medium: str
    medium_title: str
    protection: str
    encrypted: bool
    password_id: str
    made_by: str
    plain_approved_by: str
    plain_reason: str
    warnings: int
    etax: bool
    discs: tuple[Disc, ...]
    summaries: tuple[Summary, ...]


def label_lines(facts: Facts, disc: Disc, copy: str) -> tuple[str, ...]:
    """Return the nine items of a disc's label (媒体ラベル), in their order."""
    who = facts.who
    kinds = disc.kinds
    return (
        who.name,
        who.address,
        who.corporate,
        who.number,
        "、".join(f"{KINDS[code]}（{code}）" for code in kinds),
        "、".join(
            f"{number:,}件" if len(kinds) == 1 else f"{code}：{number:,}件" for code, number in kinds.items()
        ),
        japanese_date(facts.submitted_on),
        copy,
        f"{disc.count}枚のうち{disc.number}枚".translate(_WIDE),
    )


_LABEL_ITEMS = (
    "①提出者名",
    "②提出者住所",
    "③法人番号",
    "④局署番号及び整理番号",
    "⑤法定資料の名称",
    "⑥提出件数",
    "⑦提出年月日",
    "⑧正本・副本の区別",
    "⑨総枚数及び一連番号",
)


def label(facts: Facts, disc: Disc, copy: str) -> Paper:
    """Return the sheet with a disc's label text (ラベルの文言)."""
    lines = label_lines(facts, disc, copy)
    return Paper(
        name=f"{disc.id}.{'label' if copy == ORIGINAL else 'label-duplicate'}",
        title="光ディスクのラベル",
        subtitle=f"{disc.id}　{copy}",
        blocks=(
            Heading(text="ディスクに記す文言"),
            # A disc with several kinds has a line for each, so that no name is cut in the middle.
            Frame(lines=tuple(piece for line in lines for piece in line.split("、"))),
            Heading(text="項目"),
            pairs(*zip(_LABEL_ITEMS, lines, strict=True)),
            Lines(
                lines=(
                    "・油性フェルトペンで印刷面に記すか、印刷面に印刷する。シールは貼らない。",
                    "・個人番号、契約者等の氏名は記さない。",
                )
            ),
        ),
        foot=f"イメージのSHA-256　{_grouped(disc.image_sha256)}",
    )


def attachment(facts: Facts) -> Paper:
    """Return the 付表（光ディスク等提出分）: which discs and files make up the submission."""
    rows = tuple(
        (
            f"{disc.count}枚のうち{disc.number}枚",
            file.name,
            f"{KINDS[file.name[:3]]}（{file.name[:3]}）",
            f"{file.records:,}",
        )
        for disc in facts.discs
        for file in disc.files
    )
    totals: dict[str, int] = {}
    for disc in facts.discs:
        for code, number in disc.kinds.items():
            totals[code] = totals.get(code, 0) + number
    return Paper(
        name=f"{facts.set_id}.attachment",
        title="支払調書等合計表付表",
        subtitle="光ディスク等提出分　記入用データ",
        blocks=(
            Lines(lines=(f"{facts.who.tax_office}長　殿",), large=True),
            pairs(
                ("提出年月日", japanese_date(facts.submitted_on)),
                ("提出者の名称", facts.who.name),
                ("提出者の所在地", facts.who.address),
                ("法人番号", facts.who.corporate),
                ("局署番号・整理番号", facts.who.number),
                ("調書の提出区分", _classes(facts)),
                ("提出媒体", f"{medium_text(facts.medium)}　{facts.medium_title}"),
                ("枚数", f"正本{len(facts.discs)}枚、副本{len(facts.discs)}枚"),
                ("備考", facts.protection),
            ),
            Heading(text="法定資料ごとの件数"),
            Table(
                head=("資料", "法定資料の名称", "件数"),
                rows=tuple((code, KINDS[code], f"{number:,}") for code, number in totals.items()),
                widths=(12, 66, 22),
                right=(2,),
            ),
            Heading(text="媒体ごとのファイル"),
            Table(
                head=("媒体", "ファイル", "法定資料の名称", "件数"),
                rows=rows,
                widths=(21, 20, 45, 14),
                right=(3,),
            ),
        ),
        foot=f"提出用媒体　{facts.set_id}",
    )


def check_sheet(facts: Facts) -> Paper:
    """Return the 光ディスク等提出チェックシート: what was checked by program, and what people have still to check."""
    files = sum(len(disc.files) for disc in facts.discs)
    by_program = [
        ("ファイル名（NNNdatNN.txt）と法定資料の種類の一致", f"{files}個　適"),
        ("カンマ区切り・項目数・改行・シフトJIS（JIS第1・第2水準）", "適"),
        (
            "記録要領（文字数、全角・半角、コード、日付、検査用数字、金額の関係）",
            f"誤り0　注意{facts.warnings:,}",
        ),
        ("最後の項目が空のとき", "半角空白1文字（e-Tax）" if facts.etax else "空"),
        ("ISO 9660（レベル2）・Joliet、シングルセッション", "適"),
        ("イメージの読戻し（内容・件数・ハッシュ値）", "一致"),
        ("暗号化", facts.protection),
    ]
    if facts.plain_approved_by:
        by_program += [
            ("平文での提出の承認者", masking.free_text(facts.plain_approved_by)),
            ("平文での提出の理由", masking.free_text(facts.plain_reason)),
        ]
    by_people = (
        "ウイルスの検査（ソフトウェア・定義ファイルの日付を記す）",
        "ディスクアットワンスで書き込み、追記できない状態にした",
        "書き込んだディスクを読み戻し、SHA-256がイメージと一致した",
        "ラベルの9項目（油性フェルトペン又は印刷）",
        f"正本{len(facts.discs)}枚・副本{len(facts.discs)}枚がそろい、内容が同じ",
        "合計表・付表・本チェックシート・送付書がそろい、件数が一致する",
        "送付先・関係書類を複数人で点検した",
        *(("パスワードは別の経路で知らせる（同封しない）",) if facts.encrypted else ()),
        "施錠できる搬送容器に封入・封緘し、追跡できる方法で送る",
    )
    return Paper(
        name=f"{facts.set_id}.check_sheet",
        title="光ディスク等提出チェックシート（法定）",
        subtitle=f"{facts.set_id}　{japanese_date(facts.submitted_on)}提出",
        blocks=(
            pairs(
                ("提出者の名称", facts.who.name),
                ("局署番号・整理番号", facts.who.number),
                ("提出媒体", f"{medium_text(facts.medium)}　{len(facts.discs)}枚"),
            ),
            Heading(text="プログラムによる確認"),
            Table(
                head=("", "確認事項", "結果"),
                rows=tuple((str(place), *row) for place, row in enumerate(by_program, start=1)),
                widths=(6, 58, 36),
            ),
            Heading(text="担当者による確認"),
            Table(
                head=("", "確認事項", "確認", "日付・氏名"),
                rows=tuple((str(place), text, "□", "") for place, text in enumerate(by_people, start=1)),
                widths=(6, 58, 9, 27),
            ),
            Signs(titles=("作成", "点検1", "点検2", "管理者")),
        ),
        foot=f"作成者　{masking.free_text(facts.made_by)}",
    )


def transmittal(facts: Facts) -> Paper:
    """Return the transmittal (送付書) to the tax office."""
    discs = len(facts.discs)
    enclosed = (
        ("光ディスク（正本）", f"{discs}枚"),
        ("光ディスク（副本）", f"{discs}枚"),
        ("支払調書等合計表", f"{len(facts.summaries)}通"),
        ("支払調書等合計表付表（光ディスク等提出分）", "1通"),
        ("光ディスク等提出チェックシート（法定）", "1通"),
    )
    remarks = [facts.protection]
    if facts.encrypted:
        remarks.append("パスワードは別の経路でお知らせします。")
    return Paper(
        name=f"{facts.set_id}.transmittal",
        title="送付書",
        subtitle="法定調書の光ディスク等による提出",
        blocks=(
            Lines(lines=(japanese_date(facts.submitted_on),), right=True),
            Lines(lines=(f"{facts.who.tax_office}長　殿",), large=True),
            Lines(
                lines=(
                    facts.who.address,
                    facts.who.name,
                    f"法人番号　{facts.who.corporate}",
                    f"{facts.who.department}　{facts.who.contact}　{facts.who.phone}",
                ),
                right=True,
            ),
            Lines(lines=("次のとおり、法定調書を光ディスク等により提出します。",)),
            pairs(
                ("局署番号・整理番号", facts.who.number),
                ("調書の提出区分", _classes(facts)),
                ("提出媒体", f"{medium_text(facts.medium)}　{facts.medium_title}"),
                ("備考", "　".join(remarks)),
                *((("パスワード番号", facts.password_id),) if facts.encrypted and facts.password_id else ()),
            ),
            Heading(text="同封するもの"),
            Table(rows=enclosed, widths=(78, 22), right=(1,)),
            Heading(text="法定資料"),
            Table(
                head=("法定資料の名称", "年分", "提出区分", "件数"),
                rows=tuple(
                    (
                        f"{KINDS[one.code]}（{one.code}）",
                        year_text(one.year, facts.submitted_on),
                        class_text(one.submission_class),
                        f"{one.total.statements:,}",
                    )
                    for one in facts.summaries
                ),
                widths=(50, 18, 16, 16),
                right=(3,),
            ),
            Heading(text="媒体"),
            Table(
                head=("媒体番号", "枚数", "記録されたファイル", "イメージのSHA-256"),
                rows=tuple(
                    (
                        disc.id,
                        f"{disc.number}/{disc.count}",
                        "、".join(disc.stored),
                        _grouped(disc.image_sha256, "\n"),
                    )
                    for disc in facts.discs
                ),
                widths=(20, 8, 31, 41),
            ),
        ),
    )


def papers(facts: Facts) -> Sequence[Paper]:
    """Return the papers of the whole submission besides labels and summaries."""
    return attachment(facts), check_sheet(facts), transmittal(facts)


def _classes(facts: Facts) -> str:
    used = sorted({facts.submission_class, *(one.submission_class for one in facts.summaries)})
    return "、".join(class_text(one) for one in used)


def _grouped(digest: str, middle: str = " ") -> str:
    """Return a digest in four groups, with ``middle`` between the halves."""
    one, two, three, four = (
        digest[place : place + _DIGEST_GROUP] for place in range(0, len(digest), _DIGEST_GROUP)
    )
    return f"{one} {two}{middle}{three} {four}"
