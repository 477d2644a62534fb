"""A day of a journal, as a step reads it, and the facts of its report."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from chosho.report.handling import Attribution, Handling, Line, Tally, lines

RUN = "NIGHTLY.20270112.01"
DATASETS = {
    "CHOSHO.NUMBER.MASTER": {"title": "個人番号等管理マスタ", "class": "specific-personal"},
    "CHOSHO.REGISTRATION.TRAN": {"title": "登録トランザクション", "class": "specific-personal"},
    "CHOSHO.INBOX.COUNTER": {"title": "登録請求 窓口端末", "class": "specific-personal"},
    "CHOSHO.INBOX.PFREPLY": {"title": "PF削除の受付結果", "class": "none"},
    "CHOSHO.NUMBER.STATUS": {"title": "個人番号等取得状況", "class": "personal"},
    "CHOSHO.MEDIA.PLAN": {"title": "媒体計画", "class": "none"},
}
ATTRIBUTION = Attribution(
    department="情報管理センター",
    purpose="個人番号関係事務の運用",
    departments={"tanaka": "支払サービス部"},
    purposes={"NIGHTLY": "個人番号の登録・管理"},
)


def row(kind: str, /, seq: int = 1, who: str = "batch", **fields: Any) -> dict[str, Any]:
    at = f"2027-01-12T{seq // 3600 % 24:02d}:{seq // 60 % 60:02d}:{seq % 60:02d}+09:00"
    return {"seq": seq, "at": at, "kind": kind, "who": who, "fields": fields}


def facts(first: int = 1, last: int = 1, **changes: Any) -> Handling:
    values: dict[str, Any] = {
        "business_date": dt.date(2027, 1, 12),
        "organization": "架空生命保険相互会社",
        "first": first,
        "last": last,
        "head": f"{last}:" + "ab" * 32,
        "faults": 0,
        "unsigned": (),
        "datasets": DATASETS,
        "attribution": ATTRIBUTION,
    }
    return Handling(**{**values, **changes})


def told(*rows: dict[str, Any]) -> tuple[list[Line], Tally]:
    """Return the lines and the tally of some rows."""
    tally = Tally()
    return list(lines(facts(last=len(rows)), rows, tally)), tally


def day(rows: int) -> Iterable[dict[str, Any]]:
    """Yield a day of so many rows, of several kinds in turn."""
    kinds = [
        row(
            "inbox.taken",
            dsn="CHOSHO.INBOX.COUNTER",
            file="C1.age",
            number=7,
            records=120,
            run=RUN,
            step="S110",
        ),
        row(
            "dd.open",
            dd="OLDMAST",
            dsn="CHOSHO.NUMBER.MASTER.G0041",
            right="master.use",
            run=RUN,
            step="S120",
        ),
        row("dd.open", dd="PLAN", dsn="CHOSHO.MEDIA.PLAN.G0003", right="media.use", run=RUN, step="S120"),
        row("step.end", run=RUN, step="S120", rc=0, failed=False),
        row("moon.landed", x=1),
    ]
    for number in range(rows):
        yield {
            **kinds[number % len(kinds)],
            "seq": number + 1,
            "at": f"2027-01-12T21:00:{number % 60:02d}+09:00",
        }
