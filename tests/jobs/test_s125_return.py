"""s125 under the real supervisor: one list per office of what intake and update rejected, sealed, without number and name."""

import csv
import io

from tests.jobs.nights import lay, lists, night
from tests.match.masters import block
from tests.registration.test_returns import reject
from tests.registration.updates import NUMBER, REGREJ, request, sides

INTAKE = [
    reject(OFFICE_NO="     ", CHANNEL="3", REASON="JPKI", FIELD_NAME="JPKI-RESULT"),
    reject(OFFICE_NO="11111", RECORD_NO="00000003"),
    reject(OFFICE_NO="33333", TERMINAL_ID="=1+1"),
]
REQUESTS = [
    request("3", OFFICE_NO="11111", RECORD_NO="00000002"),
    request("2", NUMBER, OFFICE_NO="22222", POLICY_NO="10000000002"),
]


def ran(tmp_path, intake, requests):
    made = night(tmp_path)
    lay(made, requests=sides(requests, [])[0], intake=block(REGREJ, intake))
    return made, made.submit("TRY")


def test_each_office_gets_a_list_of_its_own(tmp_path):
    made, result = ran(tmp_path, INTAKE, REQUESTS)
    found = lists(made)
    assert list(found) == ["NO-OFFICE", "11111", "22222", "33333"]
    shown = {
        label: [
            (line["レコード番号"], line["理由コード"])
            for line in csv.DictReader(io.StringIO(text, newline=""))
        ]
        for label, text in found.items()
    }
    assert shown == {
        "NO-OFFICE": [("00000002", "JPKI")],
        "11111": [("00000002", "NHLD"), ("00000003", "KANA")],
        "22222": [("00000002", "NREG")],
        "33333": [("00000002", "KANA")],
    }
    assert result.steps[2].counts == {"written": 5, "offices": 4, "read": 5}
    assert (result.rc, result.steps[2].rc) == (4, 0)


def test_no_number_is_in_a_list_and_no_cell_is_a_formula(tmp_path):
    made, _ = ran(tmp_path, INTAKE, REQUESTS)
    found = lists(made)
    assert not [label for label, text in found.items() if NUMBER in text]
    assert '"\'=1+1"' in found["33333"]


def test_the_lists_are_sealed(tmp_path):
    made, _ = ran(tmp_path, INTAKE, REQUESTS)
    files = [path.read_bytes() for path in (made.root / "data").glob("*.csv")]
    assert len(files) == 4
    assert not [one for one in files if b"10000000001" in one or "理由".encode("cp932") in one]


def test_a_night_without_rejects_has_no_lists(tmp_path):
    made, result = ran(tmp_path, [], [request("1", NUMBER)])
    assert lists(made) == {}
    assert (result.rc, result.steps[2].counts) == (0, {"written": 0, "offices": 0, "read": 0})
    assert made.catalogued()["CHOSHO.REGISTRATION.RETURN"] == [1]
