"""The table of the handling report (取扱い記録の区分表): what each kind of journal row is in the words of the law.

What is to be recorded comes from 特定個人情報の適正な取扱いに関するガイドライン（事業者編）別添1, 組織的安全管理措置,
取扱規程等に基づく運用 (as restated in public guides): 利用・出力の状況, 書類・媒体等の持運びの状況, 削除・廃棄の状況,
委託先での廃棄を証明する記録, ログイン実績・アクセスログ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class Act(StrEnum):
    """What was done (区分), in the order of the summary."""

    ACQUIRED = "取得"
    USED = "利用"
    OUTPUT = "出力"
    CARRIED = "持出し"
    ERASED = "廃棄・消去"
    ERASED_OUTSIDE = "委託先での消去"
    LOOKED = "照会"
    REFUSED = "拒否"
    OTHER = "その他"


class Law(StrEnum):
    """What the guideline wants recorded (記録事項)."""

    USE = "利用・出力の状況"
    CARRYING = "書類・媒体等の持運びの状況"
    ERASURE = "削除・廃棄の状況"
    PROOF = "委託先での廃棄の証明"
    ACCESS = "ログイン・アクセスログ"
    NONE = "―"


class Subject(Enum):
    """What a row is about, and so which of its fields name the file; only the first three ask for the dataset's class."""

    DATASET = auto()
    """A generation of a dataset."""
    COHORTS = auto()
    """The generations whose keys a row names, one line each."""
    HELD = auto()
    """What the retention table gave up: a generation, a file of an inbox, or something else."""
    DELIVERY = auto()
    """A file in an inbox."""
    PASSPHRASE = auto()
    MEDIUM = auto()
    DISC = auto()
    """A disc for the tax office."""
    INSTRUCTION = auto()
    """A PF deletion."""
    KEY = auto()
    """A recipient for delivered files, or the master key."""
    PATH = auto()
    ROOT = auto()
    """The whole data root, as of a head of the journal."""
    ASKED = auto()
    """What somebody asked for: a dataset, or a right when no dataset is named."""
    HOUSE = auto()
    """Work of the batch system itself: no act on specific personal information, counted only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of journal row. ``purpose`` is given where the deck's would not fit, or where no deck runs."""

    act: Act
    law: Law
    what: str
    subject: Subject
    number: str = "records"
    """The field with how many records or keys (件数), where a row has it."""
    purpose: str = ""
    former: bool = False
    """Whether the run that a row names is the one that made the file, not the one that acts."""


_OVER = "保存の終わった特定個人情報の消去"
_PF = "委託PF事業者が保管する個人番号の消去"
_INQUIRY = "支払調書に関する照会への対応"
_SUBMISSION = "税務署への支払調書データの提出"
_KEYS = "鍵の管理"
_HOUSE = Kind(act=Act.OTHER, law=Law.NONE, what="", subject=Subject.HOUSE)


def _of(
    act: Act, law: Law, subject: Subject, what: str, *, number: str = "records", purpose: str = ""
) -> Kind:
    return Kind(act=act, law=law, subject=subject, what=what, number=number, purpose=purpose)


def _pf(what: str, number: str = "keys") -> Kind:
    return _of(Act.ERASED_OUTSIDE, Law.PROOF, Subject.INSTRUCTION, what, number=number, purpose=_PF)


def _submitted(what: str) -> Kind:
    return _of(Act.OTHER, Law.NONE, Subject.DISC, what, purpose=_SUBMISSION)


def _former(what: str) -> Kind:
    return Kind(
        act=Act.ERASED, law=Law.ERASURE, subject=Subject.DATASET, what=what, purpose=_OVER, former=True
    )


KINDS: Mapping[str, Kind] = {
    # 取得, of files that others delivered
    "inbox.taken": _of(Act.ACQUIRED, Law.USE, Subject.DELIVERY, "受付ファイルの取込み"),
    "inbox.put_back": _of(Act.ACQUIRED, Law.USE, Subject.DELIVERY, "取込みの取消し"),
    # 利用・出力, of datasets opened and made by steps
    "dd.open": _of(Act.USED, Law.USE, Subject.DATASET, "読込み"),
    "dd.create": _of(Act.USED, Law.USE, Subject.DATASET, "作成の開始"),
    "generation.catalogued": _of(Act.OUTPUT, Law.USE, Subject.DATASET, "作成の完了"),
    "password.create": _of(Act.USED, Law.ACCESS, Subject.PASSPHRASE, "媒体パスフレーズの作成"),
    "password.look": _of(Act.USED, Law.ACCESS, Subject.PASSPHRASE, "媒体パスフレーズの使用（工程）"),
    "password.use": _of(Act.USED, Law.ACCESS, Subject.PASSPHRASE, "媒体パスフレーズの使用（検証）"),
    "dataset.handed_out": _of(Act.OUTPUT, Law.USE, Subject.ASKED, "平文ファイルの引渡し（番号なし）"),
    # 持出し, of media
    "medium.registered": _of(Act.CARRIED, Law.CARRYING, Subject.MEDIUM, "媒体管理簿への記載"),
    "disc.made": _of(
        Act.OUTPUT, Law.USE, Subject.DISC, "税務署提出用媒体（正本）の作成", purpose=_SUBMISSION
    ),
    "disc.duplicated": _of(
        Act.OUTPUT, Law.USE, Subject.DISC, "税務署提出用媒体（副本）の複製", purpose=_SUBMISSION
    ),
    "disc.outside": _of(
        Act.OUTPUT, Law.USE, Subject.DISC, "提出先の指定する方式のための平文の出力", purpose=_SUBMISSION
    ),
    "approval.requested": _of(Act.OTHER, Law.NONE, Subject.DISC, "複製の許可の申請", purpose=_SUBMISSION),
    "approval.given": _of(Act.OTHER, Law.NONE, Subject.DISC, "複製の許可", purpose=_SUBMISSION),
    "approval.used": _of(Act.OTHER, Law.NONE, Subject.DISC, "複製の許可の使用", purpose=_SUBMISSION),
    "submission.checking": _submitted("提出用媒体と帳票の確認（一人目）"),
    "submission.checked": _submitted("提出用媒体と帳票の確認（二人目）"),
    "submission.enclosed": _submitted("提出用媒体の封入"),
    "submission.mailed": _of(
        Act.CARRIED, Law.CARRYING, Subject.DISC, "提出用媒体の発送", purpose=_SUBMISSION
    ),
    "submission.submitted": _of(
        Act.CARRIED, Law.CARRYING, Subject.DISC, "税務署への提出", purpose=_SUBMISSION
    ),
    "submission.acknowledged": _submitted("税務署の受付"),
    "submission.withdrawn": _submitted("提出の取下げ"),
    "submission.entered": _submitted("提出済調書の登録"),
    # 廃棄・消去
    "generation.uncatalogued": _former("目録からの除外（消去待ち）"),
    "generation.erased": _former("消去の完了"),
    "keys.destroyed": _of(Act.ERASED, Law.ERASURE, Subject.COHORTS, "鍵の破壊", purpose=_OVER),
    "retention.scratched": _of(
        Act.ERASED, Law.ERASURE, Subject.HELD, "保存期間満了による消去の決定", purpose=_OVER
    ),
    "inbox.discarded": _of(Act.ERASED, Law.ERASURE, Subject.DELIVERY, "受付できないファイルの廃棄の決定"),
    "inbox.erased": _of(Act.ERASED, Law.ERASURE, Subject.DELIVERY, "受付ファイルの消去", purpose=_OVER),
    "recipient.retired": _of(Act.ERASED, Law.ERASURE, Subject.KEY, "受信鍵の廃止", purpose=_KEYS),
    # 委託先での消去, the PF deletion, from its instruction to its proof
    "pf.entered": _pf("削除する鍵の記入", number="due"),
    "pf.held": _pf("保管し直されて登録できなかった鍵の保留"),
    "pf.prepared": _pf("削除指示の作成"),
    "pf.approved": _pf("削除指示の承認"),
    "pf.sent": _pf("削除指示の送付"),
    "outbox.laid_out": _of(
        Act.ERASED_OUTSIDE, Law.PROOF, Subject.PATH, "送付フォルダへの引渡し", purpose=_PF
    ),
    "pf.acknowledged": _pf("削除指示の受付結果"),
    "pf.certified": _pf("消去証明の受領"),
    "pf.verified": _pf("消去証明の照合"),
    "pf.closed": _pf("削除の完結"),
    "pf.resolved": _pf("保留した鍵の解決"),
    "pf.finding": _pf("指示と回答の不一致"),
    # 照会
    "browse": _of(
        Act.LOOKED, Law.ACCESS, Subject.DATASET, "データセットの参照（番号は伏字）", number="count"
    ),
    "status": _of(Act.LOOKED, Law.ACCESS, Subject.ASKED, "取得状況の照会"),
    "inquiry": _of(Act.LOOKED, Law.ACCESS, Subject.ASKED, "支払調書の照会", purpose=_INQUIRY),
    "inquiry.shown": _of(Act.LOOKED, Law.ACCESS, Subject.DATASET, "支払調書の表示", purpose=_INQUIRY),
    "review.look": _of(Act.LOOKED, Law.ACCESS, Subject.DATASET, "文字審査一覧の参照"),
    "review.approved": _HOUSE,
    "review.overridden": _of(Act.USED, Law.USE, Subject.DATASET, "文字の置換の承認"),
    "submission.diff": _of(
        Act.LOOKED, Law.ACCESS, Subject.DATASET, "提出済調書との差異の参照", purpose=_SUBMISSION
    ),
    "password.show": _of(Act.LOOKED, Law.ACCESS, Subject.PASSPHRASE, "媒体パスフレーズの表示"),
    # 拒否
    "access.refused": _of(Act.REFUSED, Law.ACCESS, Subject.ASKED, "権限のない利用の拒否"),
    "inbox.refused": _of(Act.REFUSED, Law.USE, Subject.DELIVERY, "受付ファイルの拒否"),
    "inbox.replaced": _of(Act.REFUSED, Law.USE, Subject.DELIVERY, "拒否したファイルの差替えの受付"),
    # その他, known, but none of the above
    "file.quarantined": _of(Act.OTHER, Law.NONE, Subject.PATH, "知らないファイルの隔離"),
    "keys.recovery": _of(Act.OTHER, Law.NONE, Subject.KEY, "鍵の復旧の準備（保管者・割符）", purpose=_KEYS),
    "keys.backup": _of(Act.OTHER, Law.NONE, Subject.KEY, "鍵の控えの作成", purpose=_KEYS),
    "keys.recovered": _of(Act.OTHER, Law.NONE, Subject.KEY, "控えからの鍵の復旧", purpose=_KEYS),
    "keys.rotated": _of(Act.OTHER, Law.NONE, Subject.KEY, "マスタ鍵の交替", purpose=_KEYS),
    "backup.made": _of(
        Act.OTHER, Law.NONE, Subject.ROOT, "データルートの控えの作成（封緘のまま）", number="files"
    ),
    "store.restored": _of(Act.OTHER, Law.NONE, Subject.ROOT, "データルートの控えからの復元", number="lost"),
    "recipient.made": _of(Act.OTHER, Law.NONE, Subject.KEY, "受信鍵の作成", purpose=_KEYS),
    # the batch system's own work
    "store.create": _HOUSE,
    "run.begin": _HOUSE,
    "run.restart": _HOUSE,
    "run.renew": _HOUSE,
    "run.end": _HOUSE,
    "run.close": _HOUSE,
    "step.end": _HOUSE,
    "report.made": _HOUSE,
    "report.look": _HOUSE,
    "report.signed": _HOUSE,
    "backup.begun": _HOUSE,
    "journal.look": _HOUSE,
}
"""Kind of journal row → what it is; a kind that is not here is listed under その他."""

UNKNOWN = Kind(act=Act.OTHER, law=Law.NONE, what="区分表にない記録", subject=Subject.ASKED)
"""What is said of a kind that the table does not have."""


def laws(act: Act) -> tuple[Law, ...]:
    """Return what the guideline asks about an act."""
    of_act = {kind.law for kind in KINDS.values() if kind.act is act and kind.subject is not Subject.HOUSE}
    return tuple(law for law in Law if law in of_act)


def order(act: Act) -> tuple[str, ...]:
    """Return what can be done in an act (内容), in the order of the table."""
    kinds = (*KINDS.values(), UNKNOWN)
    return tuple(dict.fromkeys(kind.what for kind in kinds if kind.act is act and kind.what))
