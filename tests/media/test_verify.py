"""Verification of an image against the plan."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from chosho.errors import StopLine, message
from chosho.media.plan import PlannedFile
from chosho.media.verify import VolumeReport, failure_report, read_report, verify_image
from tests.media.discs import PASSPHRASE, ROWS, VOLUME, Check, make_image

PLANNED = (
    PlannedFile(
        volume=1,
        volumes=1,
        statement_code="310",
        file_no=1,
        row_offset=0,
        plain_bytes=len(ROWS["310dat01.txt"]),
        records=2,
        amounts=(125, *(0,) * 15),
    ),
    PlannedFile(
        volume=1,
        volumes=1,
        statement_code="366",
        file_no=1,
        row_offset=0,
        plain_bytes=len(ROWS["366dat01.txt"]),
        records=1,
        amounts=(7, *(0,) * 15),
    ),
)


def test_a_sound_image_equals_its_plan(tmp_path: Path) -> None:
    path = make_image(tmp_path)
    report = verify_image(path, PASSPHRASE, Check, PLANNED)
    assert report.faults == ()
    assert (report.volume_id, report.number, report.count) == (VOLUME.id, 1, 1)
    assert (report.records, report.yen, report.records_of("310")) == (3, 132, 2)
    assert report.image_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report.password_id == VOLUME.password_id


def test_without_a_plan_the_image_is_checked_by_itself(tmp_path: Path) -> None:
    assert verify_image(make_image(tmp_path), PASSPHRASE, Check).faults == ()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"records": 3}, "310dat01.txt has 2 statements, the plan says 3"),
        ({"plain_bytes": 5}, "310dat01.txt has 21 bytes, the plan says 5"),
        ({"amounts": (126, *(0,) * 15)}, "310dat01.txt has 125 yen in amount item 1, the plan says 126"),
        ({"amounts": (125, 1, *(0,) * 14)}, "310dat01.txt has 0 yen in amount item 2, the plan says 1"),
    ],
)
def test_whatever_differs_from_the_plan_is_a_fault(
    tmp_path: Path, change: dict[str, int | tuple[int, ...]], text: str
) -> None:
    report = verify_image(
        make_image(tmp_path), PASSPHRASE, Check, [replace(PLANNED[0], **change), PLANNED[1]]
    )
    assert [message(fault.id, **fault.fields).partition(": ")[2] for fault in report.faults] == [text]


def test_a_file_that_was_not_planned_and_one_that_is_not_there_are_faults(tmp_path: Path) -> None:
    report = verify_image(
        make_image(tmp_path), PASSPHRASE, Check, [PLANNED[0], replace(PLANNED[1], file_no=2)]
    )
    assert [(fault.fields["name"], fault.fields["found"]) for fault in report.faults] == [
        ("366dat01.txt", 1),
        ("366dat02.txt", 0),
    ]


def test_a_row_that_breaks_a_rule_is_a_fault(tmp_path: Path) -> None:
    report = verify_image(make_image(tmp_path, {"310dat01.txt": b"366,A,1\r\n"}), PASSPHRASE, Check)
    assert [fault.id for fault in report.faults] == ["CHSM028E"]


def test_a_report_comes_back_from_its_json(tmp_path: Path) -> None:
    report = verify_image(make_image(tmp_path), PASSPHRASE, Check, [PLANNED[0]])
    (tmp_path / "report.json").write_bytes(report.to_json())
    assert read_report(tmp_path / "report.json") == report
    assert json.loads(report.to_json())["result"] == "differs"


def test_a_report_holds_no_content(tmp_path: Path) -> None:
    rows = {"310dat01.txt": "310,架空花子,100\r\n".encode("cp932")}
    text = verify_image(make_image(tmp_path, rows), PASSPHRASE, Check).to_json().decode()
    assert "架空花子" not in text
    assert PASSPHRASE not in text


def test_a_failure_has_a_report_too() -> None:
    tree = json.loads(failure_report("V", StopLine("CHSM010S", path="x.iso")))
    assert tree == {
        "result": "failed",
        "volume_id": "V",
        "message": "CHSM010S x.iso is not an ISO image with Joliet",
    }


def test_a_report_of_zero_files_is_a_report() -> None:
    report = VolumeReport(
        volume_id="V",
        number=1,
        count=1,
        set_id="",
        password_id="",
        journal_head="",
        image_bytes=0,
        image_sha256="",
        sectors=0,
        files=(),
        faults=(),
    )
    assert VolumeReport.from_json(report.to_json()) == report
    assert (report.records, report.yen) == (0, 0)
