"""The retention table that ships."""

from pathlib import Path

import pytest

from chosho.dataset.catalog import Catalog
from chosho.dataset.retention_table import EraseEvent, RetentionTable
from chosho.errors import InputRefused

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def load(folder: Path, text: str) -> RetentionTable:
    (folder / "RETENTION.yaml").write_text(text, encoding="utf-8")
    return RetentionTable.load(folder, Catalog.load(DATASETS))


def test_the_table_of_the_house_names_datasets_of_the_catalogue():
    table = RetentionTable.load(DATASETS, Catalog.load(DATASETS))
    assert {rule.id: rule.erase for rule in table.rules}["STAGING"] == (EraseEvent.NEXT_DAY_START,)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{id: A, title: t, datasets: [X.Y], erase: [one-month]}", "CHSD100E"),
        ("{id: A, title: t, datasets: [], erase: [some-day]}", "CHSD011E"),
        ("{id: A, title: t, datasets: [], erase: []}", "one event at least"),
        (
            "{id: A, title: t, datasets: [CHOSHO.MEDIA.AGE, CHOSHO.MEDIA.AGE], erase: [one-month]}",
            "stands twice",
        ),
    ],
)
def test_a_table_that_cannot_be_followed_is_refused(tmp_path, row, said):
    with pytest.raises(InputRefused, match=said):
        load(tmp_path, f"rules:\n  - {row}\n")
