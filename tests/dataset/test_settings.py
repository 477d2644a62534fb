"""The settings that ship, and defaults."""

from pathlib import Path

import pytest

from chosho.dataset.settings import Settings
from chosho.errors import InputRefused

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def test_the_settings_of_the_house_load_and_keep_their_names():
    tree = Settings.load(DATASETS).tree()
    assert tree["nta"]["ratio_decimal"] == "left"
    assert tree["transport"]["from"]
    assert len(tree["obligor"]["corporate_no"]) == 13


def test_the_points_that_no_text_settles_have_defaults(tmp_path):
    text = (DATASETS / "SETTINGS.yaml").read_text(encoding="utf-8")
    before, rest = text.split("nta:\n")
    (tmp_path / "SETTINGS.yaml").write_text(before + rest[rest.index("transport:") :], encoding="utf-8")
    assert Settings.load(tmp_path) == Settings.load(DATASETS)


def test_a_wrong_value_is_refused_with_its_line(tmp_path):
    text = (DATASETS / "SETTINGS.yaml").read_text(encoding="utf-8")
    (tmp_path / "SETTINGS.yaml").write_text(
        text.replace("zero_amount: zero", "zero_amount: none"), encoding="utf-8"
    )
    with pytest.raises(InputRefused, match=r"line 14 nta\.zero_amount"):
        Settings.load(tmp_path)
