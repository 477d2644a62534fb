"""A submission for tests of its papers."""

import datetime as dt
from dataclasses import replace

from chosho.report.submission import Disc, Facts, File
from chosho.report.summary_table import Row, Submitter, Summary

DATE = dt.date(2027, 1, 29)
WHO = Submitter(
    tax_office="架空税務署",
    office_no="01101",
    reference_no="00123456",
    name="架空生命保険相互会社",
    address="東京都港区架空台１－２－３",
    corporate_no="7123456789012",
    phone="03-0000-0000",
    department="支払サービス部",
    contact="担当者",
)
SUMMARY_310 = Summary(
    code="310",
    year="08",
    submission_class=1,
    titles=("保険金額等", "差引支払保険金額等"),
    rows=(Row(title="支払調書提出分", statements=1234, people=1200, amounts=(9_876_543_210, 8_765_432_109)),),
)
SUMMARY_366 = Summary(
    code="366",
    year="08",
    submission_class=1,
    titles=("年金の支払金額", "源泉徴収税額"),
    rows=(
        Row(title="居住者又は内国法人", statements=300, people=290, amounts=(180_000_000, 9_000_000)),
        Row(title="非居住者又は外国法人", statements=21, people=21, amounts=(12_000_000, 2_450_400)),
        Row(title="合計", statements=321, people=311, amounts=(192_000_000, 11_450_400)),
    ),
)


def disc(number: int = 1, count: int = 2) -> Disc:
    files = (
        (File(name="310dat01.txt", records=1000, size=9000),)
        if number == 1
        else (
            File(name="310dat02.txt", records=234, size=900),
            File(name="366dat01.txt", records=321, size=900),
        )
    )
    return Disc(
        id=f"S20270129_11V0{number}",
        number=number,
        count=count,
        files=files,
        stored=(f"S20270129_11V0{number}.tar.age",),
        image_sha256="0123456789abcdef" * 4,
        image_bytes=700_000_000,
    )


FACTS = Facts(
    set_id="S20270129_11",
    who=WHO,
    submitted_on=DATE,
    submission_class=1,
    medium="CD-700",
    medium_title="CD-R 700MB",
    protection="暗号化処理済（age形式）",
    encrypted=True,
    password_id="PW-S20270129_11",
    made_by="E1",
    plain_approved_by="",
    plain_reason="",
    warnings=0,
    etax=False,
    discs=(disc(1), disc(2)),
    summaries=(SUMMARY_310, SUMMARY_366),
)
PLAIN = replace(
    FACTS,
    protection="暗号化処理なし",
    encrypted=False,
    password_id="",
    plain_approved_by="E2",
    plain_reason="税務署の指示 1234 5678 9018",
)
