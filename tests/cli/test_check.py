"""``chosho check`` on files of any origin: what it reads, prints, counts and answers with."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Chosho, call
from tests.media import discs
from tests.statement.test_check_kinds import CHANGE, DEATH, INDIVIDUAL_310, PLAIN_366, row

GOOD = {
    "310dat01.txt": row(INDIVIDUAL_310),
    "366dat01.txt": row(PLAIN_366),
    "323dat01.txt": row(DEATH),
    "386dat01.txt": row(CHANGE),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a good file of every kind, and something else."""
    path = tmp_path / "disc"
    (path / "below").mkdir(parents=True)
    for name, data in GOOD.items():
        (path / name if name < "366" else path / "below" / name).write_bytes(data)
    (path / "README.TXT").write_bytes(b"\xff")
    return path


def rules(answer_out: str) -> list[dict[str, int]]:
    """Return what each file was found to break, from the JSON."""
    return [one["rules"] for one in json.loads(answer_out)]


def test_a_folder_is_checked_with_all_below_it(folder: Path, chosho: Chosho):
    answer = chosho("check", folder, "--json")
    assert answer.code == 0
    results = json.loads(answer.out)
    assert sorted((one["kind"], one["records"]) for one in results) == [
        ("310", 1),
        ("323", 1),
        ("366", 1),
        ("386", 1),
    ]
    assert rules(answer.out) == [{}] * 4


@pytest.mark.parametrize(
    ("name", "data", "code", "rule"),
    [
        ("310dat01.txt", GOOD["310dat01.txt"] * 2, 4, "DUPROW"),
        ("310dat01.txt", b"", 8, "EMPTY"),
        ("310dat01.txt", b"\x00\x01\xfe" * 99, 8, "UNKNOWN"),
        ("310dat01.txt", b"\xef\xbb\xbf" + GOOD["310dat01.txt"], 8, "BOM"),
        ("310dat01.txt", GOOD["310dat01.txt"].decode("cp932").encode(), 8, "UTF8"),
        ("310dat01.txt", GOOD["310dat01.txt"].replace(b"\r", b""), 8, "CRLF"),
        ("310dat01.txt", GOOD["323dat01.txt"], 8, "NAMEKIND"),
        ("anything", GOOD["323dat01.txt"], 4, "NAME"),
    ],
)
def test_files_of_any_origin(name: str, data: bytes, code: int, rule: str, tmp_path: Path, chosho: Chosho):
    (tmp_path / name).write_bytes(data)
    answer = chosho("check", tmp_path / name, "--json")
    assert (answer.code, answer.err) == (code, "")
    assert rule in rules(answer.out)[0]
    printed = chosho("check", tmp_path / name)
    assert printed.code == code
    assert rule in printed.out


@given(st.binary(max_size=200), st.sampled_from(["310dat01.txt", "x.csv", "disc.iso", "366dat02.txt.age"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_answered_with_a_code(tmp_path: Path, data: bytes, name: str):
    (tmp_path / name).write_bytes(data)
    assert call("check", tmp_path / name, "--json") in {0, 4, 8}


def test_files_given_together_are_held_against_each_other(folder: Path, tmp_path: Path, chosho: Chosho):
    other = tmp_path / "310dat03.txt"
    other.write_bytes(GOOD["310dat01.txt"])
    answer = chosho("check", folder / "310dat01.txt", other, "--json")
    assert (answer.code, rules(answer.out)) == (4, [{}, {"DUPROW": 1, "SEQUENCE": 1}])


def test_an_image_of_plain_files_is_read_by_our_own_reader(tmp_path: Path, chosho: Chosho):
    image = discs.raw_image(tmp_path / "disc.iso", {**GOOD, "README.TXT": b"hello"})
    image = image.rename(tmp_path / "disc.img")  # known by what is in it
    answer = chosho("check", image, "--json")
    assert (answer.code, rules(answer.out)) == (0, [{}] * 4)
    assert json.loads(answer.out)[0]["file"] == f"{image}:310dat01.txt"


def test_encrypted_files_are_named_and_opened_with_their_passphrase(tmp_path: Path, chosho: Chosho):
    image = discs.make_image(tmp_path, {"310dat01.txt": GOOD["310dat01.txt"] * 2})
    answer = chosho("check", image, "--json")
    assert (answer.code, rules(answer.out)) == (4, [{"SEALED": 1}])
    secret = tmp_path / "passphrase"
    secret.write_text(f"{discs.PASSPHRASE}\n")
    answer = chosho("check", image, tmp_path / "310dat01.txt.age", "--passphrase-file", secret, "--json")
    assert answer.code == 4
    assert [one["records"] for one in json.loads(answer.out)] == [2, 2]
    assert rules(answer.out) == [{"DUPROW": 1}, {"DUPROW": 2, "SEQUENCE": 1}]


def test_a_wrong_or_empty_passphrase_is_refused(tmp_path: Path, chosho: Chosho):
    image = discs.make_image(tmp_path, {"310dat01.txt": GOOD["310dat01.txt"]})
    secret = tmp_path / "passphrase"
    for text, message in (("another one", "CHSK041E"), ("\n", "CHSL016E")):
        secret.write_text(text)
        answer = chosho("check", image, "--passphrase-file", secret)
        assert (answer.code, answer.err.split()[0]) == (12, message)
        assert "another" not in answer.err


def test_damaged_media_are_a_finding_and_the_rest_is_checked(folder: Path, tmp_path: Path, chosho: Chosho):
    image = discs.raw_image(tmp_path / "disc.iso", GOOD)
    image.write_bytes(image.read_bytes()[:40_000])
    answer = chosho("check", image, folder / "310dat01.txt", "--json")
    assert (answer.code, rules(answer.out)) == (8, [{"DAMAGED": 1}, {}])


def test_an_image_without_statement_files_is_refused(tmp_path: Path, chosho: Chosho):
    image = discs.raw_image(tmp_path / "disc.iso", {"README.TXT": b"hello"})
    answer = chosho("check", image)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSL028E")


def test_rules_are_summed_up_and_details_cut_to_what_is_asked_for(tmp_path: Path, chosho: Chosho):
    data = b"".join(row(DEATH, i36=f"{day:02d}", i20="") for day in range(1, 29)) + row(
        DEATH, i14="彅田", i36="30"
    )
    (tmp_path / "323dat01.txt").write_bytes(data)
    answer = chosho("check", tmp_path / "323dat01.txt")
    assert answer.code == 8
    assert "EXPECTED  W               28" in answer.out
    assert "first 20 of 29 findings" in answer.out
    assert "first 3 of 29 findings" in chosho("check", tmp_path / "323dat01.txt", "--first", "3").out
    everything = chosho("check", tmp_path / "323dat01.txt", "--all").out
    assert "first 29 of 29 findings" in everything
    assert "被保険者等・住所（居所）又は所在地" in everything
    assert "山田" not in everything


def test_a_year_given_is_held_against_the_records(folder: Path, chosho: Chosho):
    assert chosho("check", folder / "310dat01.txt", "--tax-year", "2026").code == 0
    answer = chosho("check", folder / "310dat01.txt", "--tax-year", "2025", "--json")
    assert (answer.code, set(rules(answer.out)[0])) == (8, {"TAXYEAR", "PAYYEAR"})
