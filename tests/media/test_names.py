"""Names on discs."""

import datetime as dt

import pytest

from chosho.errors import InputRefused, StopLine
from chosho.media import names


def test_a_file_of_the_tax_agency_is_called_by_kind_and_number() -> None:
    assert names.nta_file("310", 1) == "310dat01.txt"
    assert names.statement_code("310dat01.txt") == names.statement_code("310dat99.txt.age") == "310"


@pytest.mark.parametrize(
    "name", ["310dat1.txt", "310DAT01.TXT", "310dat01.csv", "x310dat01.txt", "３10dat01.txt"]
)
def test_another_name_stops(name: str) -> None:
    with pytest.raises(StopLine, match="CHSM041S"):
        names.statement_code(name)


def test_a_part_label_gives_volume_and_name_back() -> None:
    assert names.part_label(1, "310dat01.txt") == "V01/310dat01.txt.age"
    assert names.split_label("V12/310dat01.txt.age") == (12, "310dat01.txt.age")


@pytest.mark.parametrize("submission", ["JANUARY", "SUPPLEMENT", "MONTHLY323"])
@pytest.mark.parametrize("volume", [1, 99, 198])
def test_a_volume_id_fits_joliet_and_gives_its_number_back(submission: str, volume: int) -> None:
    made = names.volume_id(submission, dt.date(2027, 1, 12), f"{submission}.20270112.01", volume)
    assert len(made) <= names.VOLUME_ID_LIMIT
    assert set(made) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
    assert names.volume_of(made) == volume


@pytest.mark.parametrize("submission", ["", "1", "年次", "_"])
def test_a_submission_without_a_letter_is_refused(submission: str) -> None:
    with pytest.raises(InputRefused, match="CHSM039E"):
        names.volume_id(submission, dt.date(2027, 1, 12), "X.20270112.01", 1)


def test_the_iso_tree_has_names_of_its_own_alphabet() -> None:
    assert names.iso_path("manifest-sha256.txt") == "/MANIFEST_SHA256.TXT;1"
    assert names.iso_path("data/310dat01.txt.age") == "/DATA/310DAT01_TXT.AGE;1"
    assert names.iso_path(names.README_JAPANESE) == "/README_JA.TXT;1"
