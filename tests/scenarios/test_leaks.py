"""No individual number and no name stands anywhere outside of sealed files and discs: files, logs, arguments, variables."""

import base64
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from chosho.copybook import load
from chosho.fixtures.world import World
from tests.scenarios.expected import registrations
from tests.scenarios.house import COMMAND, CONTRACTS, RUN, SEED, TAX_YEAR, House
from tests.scenarios.processes import family, read

SOURCE = "source"
"""The folder of the contract system's files, which hold names; they are not ours to seal."""


@pytest.fixture(scope="module")
def numbers() -> list[str]:
    """Every individual and corporate number of the world, current or not."""
    rows = registrations(World(CONTRACTS, SEED, TAX_YEAR))
    return sorted({row[name] for row in rows for name in ("INDIVIDUAL-NO", "CORPORATE-NO") if row[name]})


@pytest.fixture(scope="module")
def people(world: House) -> list[bytes]:
    """Names, kana names and addresses of payees as the statements write them."""
    layout = load("NUMMAST")
    master = world.content("CHOSHO.NUMBER.MASTER")
    field = layout["REGISTRANT-KANA"]
    kana = {
        master[at + field.offset :][: field.length].strip() for at in range(0, len(master), layout.length)
    }
    return sorted(one for one in kana if len(one) > 8)


def packed(number: str) -> bytes:
    """Return a number as packed decimal."""
    text = number + "c"
    return bytes.fromhex(text.rjust(len(text) + len(text) % 2, "0"))


def forms(number: str) -> dict[str, bytes]:
    """Return every form in which a number might lie about."""
    plain = number.encode()
    found = {
        "plain": plain,
        "EBCDIC": bytes(0xF0 + int(digit) for digit in number),
        "packed": packed(number),
        "full-width": number.translate(str.maketrans("0123456789", "０１２３４５６７８９")).encode("cp932"),
        "full-width UTF-8": number.translate(str.maketrans("0123456789", "０１２３４５６７８９")).encode(),
        "UTF-16 LE": number.encode("utf-16-le"),
        "UTF-16 BE": number.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX of EBCDIC": bytes(0xF0 + int(digit) for digit in number).hex().encode(),
        "reversed": plain[::-1],
        "dashes": f"{number[:4]}-{number[4:8]}-{number[8:]}".encode(),
        "spaces": f"{number[:4]} {number[4:8]} {number[8:]}".encode(),
    }
    for shift in range(3):
        # Whatever stands before it, the middle of the base64 text is one of three; its ends depend on the neighbours.
        text = base64.b64encode(b"\0" * shift + plain)
        start = (shift * 8 + 5) // 6
        found[f"base64 {shift}"] = text.rstrip(b"=")[start : (shift + len(plain)) * 8 // 6]
    return found


def needles(texts: Iterable[str]) -> dict[bytes, str]:
    """Return all forms of all numbers, each with the name of its form."""
    return {form: name for text in texts for name, form in forms(text).items()}


def windows(data: bytes, length: int) -> set[bytes]:
    """Return all strings of some length in some bytes."""
    return {data[at : at + length] for at in range(len(data) - length + 1)}


class Search:
    """Looks for thousands of strings in a byte string at once.

    Args:
        wanted: the strings, with what is told of a hit.
    """

    def __init__(self, wanted: Mapping[bytes, str]) -> None:
        self._wanted = wanted
        self._shortest = min(map(len, wanted))
        self._by_head: dict[bytes, list[bytes]] = {}
        for one in wanted:
            self._by_head.setdefault(one[: self._shortest], []).append(one)

    def hits(self, data: bytes) -> set[str]:
        """Return what was found."""
        heads = windows(data, self._shortest) & self._by_head.keys()
        return {self._wanted[one] for head in heads for one in self._by_head[head] if one in data}


def files(house: House) -> Iterator[Path]:
    """Yield every file of the data root and the key folder but the contract system's."""
    for folder in (house.root, house.keys):
        yield from (
            path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.relative_to(folder).parts[0] != SOURCE
        )


def test_the_search_finds_a_number_in_every_form(numbers: list[str]) -> None:
    search = Search(needles(numbers))
    number = numbers[len(numbers) // 2]
    for name, form in forms(number).items():
        if name.startswith("base64"):
            text = base64.b64encode(b"x" * int(name[-1]) + number.encode() + b"tail of some other length")
            assert search.hits(text) == {name}
        else:
            assert name in search.hits(b"before" + form + b"behind"), name


def test_no_number_stands_in_any_file_after_the_job_in_any_form(finished: House, numbers: list[str]) -> None:
    assert len(numbers) > 500
    search = Search(needles(numbers))
    found = {str(path): hits for path in files(finished) if (hits := search.hits(path.read_bytes()))}
    assert found == {}


def test_no_number_stands_in_any_file_at_any_moment_between_two_steps(
    snapshots: Path, numbers: list[str]
) -> None:
    search = Search(needles(numbers))
    for folder in sorted(snapshots.iterdir()):
        house = House(folder)
        assert [str(path) for path in files(house) if search.hits(path.read_bytes())] == [], folder.name


def test_no_name_of_a_person_stands_in_any_file_but_the_source_files(
    finished: House, people: list[bytes], world: House
) -> None:
    wanted: dict[bytes, str] = {}
    for one in people:
        text = one.decode("cp932")
        wanted |= dict.fromkeys((one, text.encode(), text.encode("utf-16-le"), one.hex().encode()), text)
    search = Search(wanted)
    assert len(wanted) > 1000
    assert search.hits(world.content("CHOSHO.NUMBER.MASTER")) != set(), "the search itself finds names"
    assert [str(path) for path in files(finished) if search.hits(path.read_bytes())] == []


def test_no_address_or_policy_number_stands_in_the_spool_or_the_control_store(finished: House, clean) -> None:
    rows = [row.decode("cp932").split(",") for row in clean.files["310dat01.txt"].split(b"\r\n") if row]
    addresses = {row[place] for row in rows for place in (11, 13, 14, 16, 19) if len(row[place]) > 3}
    index = clean.lists["CHOSHO.STATEMENT.INDEX"]
    policies = {index[at : at + 11].decode() for at in range(0, len(index), 64)}
    wanted: dict[bytes, str] = {}
    for one in addresses | policies:
        wanted |= dict.fromkeys((one.encode(), one.encode("cp932"), one.encode("utf-16-le")), one)
    search = Search(wanted)
    assert len(policies) > 300
    assert len(addresses) > 300
    for folder in ("spool", "control"):
        for path in sorted((finished.root / folder).rglob("*")):
            if path.is_file():
                assert (path.name, search.hits(path.read_bytes())) == (path.name, set())


def test_the_commands_show_no_number_and_no_name(
    finished: House, numbers: list[str], people: list[bytes], tmp_path: Path
) -> None:
    house = finished.copy(tmp_path / "house")
    search = Search(needles(numbers) | {one.decode("cp932").encode(): "name" for one in people})
    for words in (
        ("jobs", "--json"), ("spool", RUN), ("listcat", "--json"), ("media", "list"), ("keys", "status", "--json"),
        ("browse", "CHOSHO.NUMBER.MASTER", "--count", "50"), ("browse", "CHOSHO.NUMBER.MASTER", "--json"),
        ("browse", "CHOSHO.SOURCE.PAYMENT", "--count", "50"), ("browse", "CHOSHO.STATEMENT.K310"),
    ):  # fmt: skip
        done = house.command(*words)
        assert (words, search.hits((done.stdout + done.stderr).encode())) == (words, set())
        assert (words, "Traceback" in done.stderr) == (words, False)


def test_no_key_number_or_passphrase_stands_in_the_arguments_or_variables_of_a_process(
    house: House, numbers: list[str]
) -> None:
    words = [COMMAND, "submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10", "--json"]
    process = subprocess.Popen(
        words, cwd="/", env=house.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    seen: dict[int, set[bytes]] = {}
    while process.poll() is None:
        for pid in [process.pid, *family(process.pid)]:
            known = seen.setdefault(pid, set())
            known |= {read(pid, "cmdline"), read(pid, "environ")}
        time.sleep(0.02)
    out, err = process.communicate()
    assert process.returncode == 4, err
    steps = {
        line
        for texts in seen.values()
        for text in texts
        for line in text.split(b"\0")
        if line[:12] == b"CHOSHO_STEP="
    }
    assert len(steps) >= 8, "the steps were not seen"
    keys = house.key_store()
    secrets = needles(numbers)
    for cohort, _ in keys.status().live_cohorts:
        key = keys.cohort_key(cohort)
        secrets |= dict.fromkeys((key, key.hex().encode(), base64.b64encode(key)), "cohort key")
    for one in keys.status().live_passwords:
        secrets[keys.password(one).encode()] = "passphrase"
    search = Search(secrets)
    shown = b"\0".join(text for texts in seen.values() for text in texts)
    assert search.hits(shown) == set()
    assert search.hits(out + err) == set()


def test_no_passphrase_or_key_stands_in_any_file_of_the_data_root(finished: House) -> None:
    keys = finished.key_store()
    wanted: dict[bytes, str] = {}
    for cohort, _ in keys.status().live_cohorts:
        key = keys.cohort_key(cohort)
        wanted |= dict.fromkeys((key, key.hex().encode(), base64.b64encode(key).rstrip(b"=")), cohort)
    for one in keys.status().live_passwords:
        text = keys.password(one)
        bare = text.replace("-", "")
        wanted |= dict.fromkeys(
            (text.encode(), bare.encode(), bare[:-1].encode(), text.encode("utf-16-be")), one
        )
    search = Search(wanted)
    assert len(wanted) > 20
    assert [str(path) for path in files(finished) if search.hits(path.read_bytes())] == []
