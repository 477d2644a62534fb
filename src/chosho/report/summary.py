"""Job summary (ジョブ実行結果): one line per step, with its code, its time and its counts, and the job's code under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chosho.report.table import text_table


@dataclass(frozen=True, kw_only=True, slots=True)
class StepLine:
    """A step in the summary: name, title, return code (None when it did not run), seconds, counts by name."""

    name: str
    title: str
    code: int | None
    seconds: float
    counts: Mapping[str, int]


def job_summary(run_id: str, code: int, steps: Sequence[StepLine]) -> str:
    """Return the summary of a run as text; a step that did not run has no code and no time."""
    table = text_table(
        ["ステップ", "表題", "コード", "秒", "件数"],
        [
            (
                step.name,
                step.title,
                step.code,
                None if step.code is None else f"{step.seconds:.1f}",
                _counts(step.counts),
            )
            for step in steps
        ],
        right={2, 3},
    )
    seconds = sum(step.seconds for step in steps)
    return f"{table}\n\n{run_id}  コード {code}  計 {seconds:.1f} 秒"


def _counts(counts: Mapping[str, int]) -> str:
    """Return the counts in their order; those broken down by reason (``rejected.ZDIG``) stay in the job log."""
    return " ".join(f"{name}={number:,}" for name, number in counts.items() if "." not in name)
