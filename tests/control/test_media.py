"""The media register."""

from dataclasses import replace
from datetime import date

import pytest

from chosho.control.media import Medium
from chosho.errors import InputRefused
from tests.control.conftest import House


def medium(run_id: str, volume: int) -> Medium:
    return Medium(
        id=f"CHOSHO27010{volume}",
        run_id=run_id,
        data_content="支払調書データ（一時金・年金）",
        purpose="税務署提出用支払調書データの作成",
        made_on=date(2027, 1, 12),
        moved_on=None,
        moved_to="支払サービス部",
        person_in_charge="担当者",
        kept_for="提出日の属する年度の翌年度始から7年",
        volume=volume,
        volumes=2,
        image_sha256="ab" * 32,
        password_id="JANUARY.20270112.01",
        part_id=f"f{volume}",
        path=f"data/f{volume}",
        medium="CD-700",
        records={"310": 1000, "366": 20},
    )


def test_entries_come_back_as_entered_and_are_made_with_the_steps_commit(house: House) -> None:
    run = house.begin()
    entries = (medium(run.id, 1), medium(run.id, 2))
    house.publish(run, "S1", 1, "f1", "f2", media=entries)
    assert house.store.media.all() == entries
    assert house.store.media.of_run(run.id) == entries
    assert house.store.media.of_run("OTHER") == ()
    assert house.store.media.get("CHOSHO270102") == entries[1]


def test_a_failed_step_enters_nothing(house: House) -> None:
    run = house.begin()
    house.publish(run, "S1", 1, "f1", "f2", media=(medium(run.id, 1),), rc=16, failed=True)
    assert house.store.media.all() == ()


def test_a_volume_is_entered_once(house: House) -> None:
    run = house.begin()
    house.publish(run, "S1", 1, "f1", "f2", media=(medium(run.id, 1),))
    with pytest.raises(InputRefused, match="CHSJ050E"):
        house.store.media.add(replace(medium(run.id, 1), part_id="f2"))
    with pytest.raises(InputRefused, match="CHSJ051E"):
        house.store.media.get("CHOSHO270109")
