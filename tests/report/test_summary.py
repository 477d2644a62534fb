"""Job summary."""

from chosho.report.summary import StepLine, job_summary


def test_each_step_has_its_code_time_and_counts() -> None:
    text = job_summary(
        "JANUARY.20270112.01",
        4,
        [
            StepLine(
                name="S210",
                title="支払データの抽出",
                code=4,
                seconds=1.25,
                counts={"read": 2000, "rejected.ZDIG": 2},
            ),
            StepLine(name="S290", title="支払データの消去", code=None, seconds=0, counts={}),
        ],
    )
    lines = text.splitlines()
    assert lines[2].split() == ["S210", "支払データの抽出", "4", "1.2", "read=2,000"]
    assert lines[3].split() == ["S290", "支払データの消去"]
    assert lines[-1] == "JANUARY.20270112.01  コード 4  計 1.2 秒"
