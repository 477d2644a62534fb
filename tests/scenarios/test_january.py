"""The clean story: JANUARY against a plain-Python model of the whole job, and against programs that know nothing of chosho."""

import hashlib
import json
import os
import pty
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from chosho.copybook import load
from tests.scenarios.expected import KEPT, LEFT_OUT, Expected
from tests.scenarios.house import RUN, STEPS, House, Outcome
from tests.tools import tool

ITEMS = {"310": 44, "366": 38}
AMOUNTS = {"310": (*range(21, 29), 44), "366": (*range(16, 22), 31, 34)}
"""The items in yen, counted from 1."""
PASSWORD = f"PW-{RUN}-V01"


@pytest.fixture(scope="module")
def expected(world: House) -> Expected:
    return Expected(world.root, tool("iconv"))


@pytest.fixture(scope="module")
def image(finished: House) -> Path:
    return next(iter(finished.paths("CHOSHO.MEDIA.IMAGE").values()))


# Against the model ----------------------------------------------------------------------------------------------------


def test_the_plain_files_are_byte_for_byte_what_the_models_write(clean: Outcome, expected: Expected) -> None:
    assert sorted(clean.files) == ["310dat01.txt", "366dat01.txt"]
    for kind in ITEMS:
        rows = clean.files[f"{kind}dat01.txt"].decode("cp932").split("\r\n")
        assert rows == expected.file(kind).decode("cp932").split("\r\n")
        assert clean.files[f"{kind}dat01.txt"] == expected.file(kind)


def test_every_payment_read_is_kept_left_out_or_rejected_as_the_model_says(
    clean: Outcome, expected: Expected
) -> None:
    counts, told = clean.counts["S210"], expected.outcomes
    assert counts["read"] == len(expected.payments)
    assert counts["kept"] == sum(told[code] for code in KEPT)
    assert counts["left_out"] == sum(told[code] for code in LEFT_OUT)
    assert counts["rejected"] == len(expected.rejected)
    for family, codes in (("left_out", LEFT_OUT), ("rejected", set(expected.rejected.values()))):
        found = {
            name.partition(".")[2]: n for name, n in counts.items() if name.startswith(f"{family}.") and n
        }
        assert found == {code: told[code] for code in codes if told[code]}


def test_the_reject_list_holds_number_reason_and_the_record_as_it_came(
    clean: Outcome, expected: Expected, world: House
) -> None:
    source = (world.root / "source" / "PAYMENT.DAT").read_bytes()
    layout = load("REJECT")
    data = clean.lists["CHOSHO.PAYMENT.REJECT"]
    found = {}
    for at in range(0, len(data), layout.length):
        row = data[at : at + layout.length]
        number = int.from_bytes(row[:8], "little", signed=True)
        found[number] = row[8:12].decode()
        original = row[layout["SOURCE-RECORD"].offset :][:700]
        assert original == source[(number - 1) * 700 : number * 700]
    assert found == expected.rejected


def test_the_world_shows_every_reason_that_a_record_can_be_refused_or_left_out_for(
    expected: Expected,
) -> None:
    assert set(expected.outcomes) >= KEPT | LEFT_OUT
    assert set(expected.rejected.values()) >= {
        "PDIG", "PSGN", "ZDIG", "SOSI", "KEYC", "NEGV", "DATE", "CODE", "BLNK", "DUPK", "NOCT",
    }  # fmt: skip


def test_statements_and_yen_agree_from_the_payment_file_to_the_disc(
    clean: Outcome, expected: Expected
) -> None:
    counts = clean.counts
    statements = {kind: len(expected.rows[kind]) for kind in ITEMS}
    yen = sum(
        int(row[item - 1] or 0) for kind in ITEMS for row in expected.rows[kind] for item in AMOUNTS[kind]
    )
    kept = expected.judged[0]
    assert counts["S210"]["kept.yen"] == sum(
        one["NET-PAID-AMOUNT"] if one["STATEMENT-CODE"] == "310" else one["ANNUITY-PAID-AMOUNT"]
        for one in kept
    )
    assert counts["S220"]["written"] == counts["S230"]["read"] == len(kept)
    assert counts["S230"]["added_up"] == len(kept) - sum(statements.values())
    for step, name in (("S230", "statements"), ("S240", "read"), ("S250", "read"), ("S270", "read")):
        assert counts[step][name] == sum(statements.values())
    assert (counts["S230"]["amount"], counts["S270"]["amount"]) == (yen, yen)
    assert counts["S290"]["erased"] == 2 * len(kept)


def test_the_list_of_open_number_items_says_why_each_is_empty(clean: Outcome, expected: Expected) -> None:
    layout = load("UNMATCH")
    reason = layout["REASON"]
    data = clean.lists["CHOSHO.PAYMENT.UNMATCH"]
    found = Counter(
        data[at + reason.offset :][: reason.length].decode() for at in range(0, len(data), layout.length)
    )
    told = Counter(why for numbers in expected.numbers for why, _ in numbers.values() if why != "00")
    assert found == told
    assert {"NR", "CX", "KN", "CD", "01", "02", "03", "04", "05"} <= set(told)


def test_codes_balances_and_what_is_visible_are_those_of_a_clean_run(finished: House, clean: Outcome) -> None:
    assert set(clean.codes) == set(STEPS)
    assert set(clean.codes.values()) <= {0, 4}
    assert {name for name, rc in clean.codes.items() if rc == 4} >= {"S210"}
    log = finished.log(RUN)
    assert (log.count("CHSB106I"), log.count("CHSB070E")) == (log.count("  balance "), 0)
    assert log.count("CHSB106I") >= 11
    assert clean.visible == {
        dsn: [1] for dsn in clean.visible if dsn not in {"CHOSHO.PAYMENT.DATA", "CHOSHO.PAYMENT.MATCH"}
    } | {dsn: [] for dsn in clean.visible if dsn in {"CHOSHO.PAYMENT.DATA", "CHOSHO.PAYMENT.MATCH"}}
    assert len([dsn for dsn, numbers in clean.visible.items() if numbers]) == 17
    assert finished.faults() == []


# Against programs of others -------------------------------------------------------------------------------------------


def extracted(image: Path, program: str, out: Path) -> dict[str, bytes]:
    """Return the files of an image as another program sees them."""
    out.mkdir()
    commands = {
        "7zz": ["x", "-y", f"-o{out}", str(image)],
        "bsdtar": ["-x", "-f", str(image), "-C", str(out)],
        "xorriso": ["-osirrox", "on", "-indev", str(image), "-extract", "/", str(out)],
    }
    done = subprocess.run([tool(program), *commands[program]], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_three_programs_extract_the_same_files_and_their_digests_hold(image: Path, tmp_path: Path) -> None:
    seen = {
        program: extracted(image, program, tmp_path / program) for program in ("7zz", "bsdtar", "xorriso")
    }
    joliet = seen["7zz"]
    assert joliet == seen["bsdtar"]
    assert sorted(joliet.values()) == sorted(
        seen["xorriso"].values()
    )  # xorriso may prefer the ISO 9660 names
    assert {"README.TXT", "data/310dat01.txt.age", "data/366dat01.txt.age"} <= set(joliet)
    lines = joliet["manifest-sha256.txt"].decode().splitlines()
    assert {
        name: hashlib.sha256(joliet[name]).hexdigest() for name in joliet if name.startswith("data/")
    } == {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def age(file: Path, out: Path, passphrase: str) -> int:
    """Decrypt a file with Debian's age, which takes a passphrase from a terminal only."""
    program = tool("age")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(program, [program, "--decrypt", "-o", str(out), str(file)])  # noqa: S606 - a child of pty.fork
    asked = b""
    while b"passphrase" not in asked.lower():
        asked += os.read(terminal, 1024)
    os.write(terminal, passphrase.encode() + b"\n")
    try:
        while os.read(terminal, 1024):
            pass
    except OSError:
        pass  # Linux tells the end of the other side by EIO
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_debians_age_opens_the_files_with_the_passphrase_that_the_command_shows(
    finished: House, clean: Outcome, image: Path, tmp_path: Path
) -> None:
    house = finished.copy(tmp_path / "house")
    shown = house.command("media", "password", PASSWORD, "--reason", "a test opens the disc")
    assert shown.returncode == 0, shown.stderr
    files = extracted(image, "7zz", tmp_path / "disc")
    for name in clean.files:
        assert age(tmp_path / "disc" / "data" / f"{name}.age", tmp_path / name, shown.stdout.strip()) == 0
        assert (tmp_path / name).read_bytes() == clean.files[name]
        assert files[f"data/{name}.age"].startswith(b"age-encryption.org/v1\n-> scrypt ")
    assert age(tmp_path / "disc" / "data" / "310dat01.txt.age", tmp_path / "wrong", "another passphrase") != 0
    with house.store() as store:
        looks = [row for row in store.journal.rows() if row.kind == "password.show"]
    assert [row.fields["reason"] for row in looks] == ["a test opens the disc"]
    assert shown.stdout.strip() not in (house.root / "control" / "chosho.db").read_bytes().decode("latin-1")


def test_the_plain_files_parse_as_the_tax_office_reads_them(clean: Outcome) -> None:
    for kind, items in ITEMS.items():
        text = clean.files[f"{kind}dat01.txt"].decode("shift_jis")
        rows = text.split("\r\n")
        assert rows.pop() == ""
        assert {row.count(",") for row in rows} == {items - 1}
        assert not set('"?\ufffd\n') & set(text.replace("\r\n", ""))
        numbers = [
            row.split(",")[place] for row in rows for place in ((38, 39) if kind == "310" else (36, 37))
        ]
        assert all(re.fullmatch(r"|0[0-9]{12}|[1-9][0-9]{12}", number) for number in numbers)
        assert any(number.startswith("0") for number in numbers)


# The command ----------------------------------------------------------------------------------------------------------


def test_media_list_verify_and_open_work_for_a_stranger_to_the_run(
    finished: House, clean: Outcome, tmp_path: Path
) -> None:
    house = finished.copy(tmp_path / "house")
    listed = house.command("media", "list", "--json")
    (entry,) = json.loads(listed.stdout)
    assert set(entry) >= {"path", "password_id", "sha256", "volume"}
    assert (entry["password_id"], entry["volume"]) == (PASSWORD, "1/1")
    path = Path(entry["path"])
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    assert entry["records"] == {kind: clean.files[f"{kind}dat01.txt"].count(b"\r\n") for kind in ITEMS}
    secret = tmp_path / "passphrase"
    secret.write_text(house.key_store().password(PASSWORD))
    disc = shutil.copy(path, tmp_path / "disc.iso")
    away = {"CHOSHO_ROOT": "", "CHOSHO_KEYS": ""}
    verified = house.command(
        "media", "verify", str(disc), "--passphrase-file", str(secret), "--json", environment=away
    )
    report = json.loads(verified.stdout)
    assert (verified.returncode, sum(file["records"] for file in report["files"])) == (
        0,
        clean.counts["S230"]["statements"],
    )
    opened = house.command(
        "media",
        "open",
        str(disc),
        "--out",
        str(tmp_path / "out"),
        "--passphrase-file",
        str(secret),
        environment=away,
    )
    assert opened.returncode == 0, opened.stderr
    assert {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()} == clean.files
    checked = house.command("check", str(tmp_path / "out"), "--tax-year", "2026", "--json")
    assert (checked.returncode, [one["errors"] for one in json.loads(checked.stdout)]) in [
        (0, [0, 0]),
        (4, [0, 0]),
    ]


def test_a_second_submit_is_refused_politely_and_changes_nothing(finished: House, tmp_path: Path) -> None:
    house = finished.copy(tmp_path / "house")
    before = house.image_of()
    again = house.command("submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10")
    assert (again.returncode, again.stdout) == (12, "")
    assert again.stderr.startswith(f"CHSB041E run {RUN} is finished (code 4 at ")
    assert "Traceback" not in again.stderr
    assert house.image_of() == before


def test_journal_verify_finds_the_journal_sound_and_its_head_on_the_disc(
    finished: House, image: Path, tmp_path: Path
) -> None:
    done = finished.copy(tmp_path / "house").command("journal", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    head = re.search(
        r"Journal-Head: (\S+)", extracted(image, "7zz", tmp_path / "disc")["bag-info.txt"].decode()
    )
    assert head is not None
    number, digest = head[1].split(":")
    with finished.copy(tmp_path / "again").store() as store:
        rows = {str(row.seq): row for row in store.journal.rows()}
    assert rows[number].hash == digest
