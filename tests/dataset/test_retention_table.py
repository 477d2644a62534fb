"""The retention table that ships."""

from pathlib import Path

import pytest

from chosho.dataset.catalog import Catalog, Klass
from chosho.dataset.retention_table import EraseEvent, RetentionTable
from chosho.errors import InputRefused

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def load(folder: Path, text: str) -> RetentionTable:
    (folder / "RETENTION.yaml").write_text(text, encoding="utf-8")
    return RetentionTable.load(folder, Catalog.load(DATASETS))


def test_the_table_of_the_house_names_datasets_of_the_catalogue():
    table = RetentionTable.load(DATASETS, Catalog.load(DATASETS))
    assert {rule.id: rule.erase for rule in table.rules}["STAGING"] == (EraseEvent.NEXT_DAY_START,)
    assert table.names[0] == "STAGING"


def test_every_dataset_with_numbers_of_persons_has_its_end_in_the_table():
    """Those of the class 特定個人情報; what others own is erased by them."""
    catalog = Catalog.load(DATASETS)
    covered = {dsn for rule in RetentionTable.load(DATASETS, catalog).rules for dsn in rule.datasets}
    specific = {entry.dsn for entry in catalog if entry.klass is Klass.SPECIFIC_PERSONAL}
    assert {dsn for dsn in specific if catalog[dsn].external is None} <= covered


def test_days_belong_to_the_event_that_counts_them(tmp_path):
    kept = ", ".join(sorted(entry.dsn for entry in Catalog.load(DATASETS) if entry.by_rule))
    row = f"{{id: A, title: t, datasets: [{kept}], erase: [after-days], days: 400}}"
    table = load(tmp_path, f"rules:\n  - {row}\n")
    assert (table.rules[0].erase, table.rules[0].days) == ((EraseEvent.AFTER_DAYS,), 400)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{id: A, title: t, datasets: [X.Y], erase: [one-month]}", "CHSD100E"),
        ("{id: A, title: t, datasets: [], erase: [some-day]}", "CHSD011E"),
        ("{id: A, title: t, datasets: [], erase: []}", "one event at least"),
        ("{id: A, title: t, datasets: [], erase: [after-days]}", "belong together"),
        ("{id: A, title: t, datasets: [], erase: [one-month], days: 3}", "belong together"),
        ("{id: A, title: t, datasets: [], erase: [after-days], days: 0}", "CHSD011E"),
        (
            "{id: A, title: t, datasets: [CHOSHO.MEDIA.AGE, CHOSHO.MEDIA.AGE], erase: [one-month]}",
            "stands twice",
        ),
    ],
)
def test_a_table_that_cannot_be_followed_is_refused(tmp_path, row, said):
    with pytest.raises(InputRefused, match=said):
        load(tmp_path, f"rules:\n  - {row}\n")


def test_what_ends_by_rule_only_must_have_a_rule(tmp_path):
    """Statement copies and their indexes: corrections and inquiries read every generation that was submitted."""
    with pytest.raises(InputRefused, match=r"CHSD114E.*CHOSHO\.STATEMENT\.K310"):
        load(tmp_path, "rules:\n  - {id: A, title: t, datasets: [CHOSHO.MEDIA.AGE], erase: [one-month]}\n")


def test_statement_copies_and_indexes_end_by_rule_only():
    catalog = Catalog.load(DATASETS)
    kinds = {f"CHOSHO.STATEMENT.{name}" for name in ("K310", "K366", "K323", "K386", "INDEX")}
    assert {entry.dsn for entry in catalog if entry.by_rule} == kinds
