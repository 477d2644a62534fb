"""No number that came in stands anywhere outside of sealed files: not in logs, registers, lists for offices, reports, output."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from chosho.codec.decode import decode
from chosho.copybook import load
from chosho.dataset.access import sources
from chosho.dataset.reader import Reader
from chosho.fixtures import arrivals, inbox_file
from chosho.fixtures.request import Channel
from chosho.fixtures.world import World
from tests.scenarios.house import CONTRACTS, SEED, TAX_YEAR, House
from tests.scenarios.test_leaks import Search, files, needles

NIGHT = date(2027, 1, 8)
REQUESTS = 400


@pytest.fixture(scope="module")
def numbers() -> list[str]:
    """Every number of the night's requests, good or bad."""
    night = arrivals.night(World(CONTRACTS, SEED, TAX_YEAR), NIGHT, REQUESTS, 1)
    found = set()
    for channel in Channel:
        layout = load(inbox_file.LAYOUTS[channel])
        batch, _ = decode(layout.fields, arrivals.CODE_PAGES[channel], night.details[channel])
        for name in {"INDIVIDUAL-NO", "CORPORATE-NO"} & set(batch.schema.names):
            found |= {value.decode("cp932") for value in batch.column(name).to_pylist() if value}
    return sorted(one for one in found if len(one) >= 11 and one.isdigit() and set(one) != {"0"})


@pytest.fixture(scope="module")
def house(world: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with a night behind it, its inboxes read and not yet scratched."""
    made = world.copy(tmp_path_factory.mktemp("leaks") / "house")
    words = ("fixtures", "arrivals", "--date", NIGHT.isoformat(), "--requests", str(REQUESTS))
    assert made.command(*words).returncode == 0
    done = made.command("night", NIGHT.isoformat())
    assert done.returncode == 4, done.stdout + done.stderr
    (made.folder / "said").write_text(done.stdout + done.stderr)
    return made


def test_no_number_stands_in_any_file_in_any_form(house: House, numbers: list[str]) -> None:
    """Inbox, outbox, spool, control store with its write-ahead log, data folder, keys."""
    assert len(numbers) > 250
    search = Search(needles(numbers))
    found = {str(path): hits for path in files(house) if (hits := search.hits(path.read_bytes()))}
    assert found == {}
    places = {path.relative_to(house.root).parts[0] for path in house.root.rglob("*") if path.is_file()}
    assert {"inbox", "outbox", "spool", "control", "data"} <= places


def opened(house: House, dsn: str) -> Iterator[bytes]:
    """Yield the plain content of each part of the newest generation."""
    with house.store() as store:
        generation = store.generations.catalogued(dsn)[-1]
        for part in sources(house.root, store, house.key_store(), generation):
            yield Reader([part]).read_all()


@pytest.mark.parametrize(
    "dsn",
    [
        "CHOSHO.NUMBER.STATUS",
        "CHOSHO.REGISTRATION.RETURN",
        "CHOSHO.REPORT.HANDLING",
        "CHOSHO.PF.INSTRUCTION",
    ],
)
def test_what_others_may_see_holds_no_number_even_when_it_is_opened(
    house: House, numbers: list[str], dsn: str
) -> None:
    search = Search(needles(numbers))
    parts = list(opened(house, dsn))
    assert any(parts)
    assert [search.hits(content) for content in parts] == [set()] * len(parts)


def test_the_lists_for_offices_hold_no_name(house: House) -> None:
    master, layout = house.content("CHOSHO.NUMBER.MASTER"), load("NUMMAST")
    field = layout["REGISTRANT-KANA"]
    names = {
        master[at + field.offset :][: field.length].strip() for at in range(0, len(master), layout.length)
    }
    search = Search({name: "a name" for name in names if len(name) > 8})
    lists = list(opened(house, "CHOSHO.REGISTRATION.RETURN"))
    assert (len(names) > 500, len(lists) > 20) == (True, True)
    assert [search.hits(content) for content in lists] == [set()] * len(lists)


def test_the_commands_show_no_number(house: House, numbers: list[str], tmp_path: Path) -> None:
    copy = house.copy(tmp_path / "house")
    search = Search(needles(numbers))
    assert search.hits((house.folder / "said").read_bytes()) == set()
    shown = copy.command("browse", "CHOSHO.NUMBER.STATUS", "--count", "1", "--json")
    policy = json.loads(shown.stdout)["rows"][0]["fields"]["POLICY-NO"]
    for words in (
        ("inbox", "list", "--all"), ("pf", "list"), ("due", "--date", "2027-01-08"), ("report", "list"),
        ("report", "show", "2027-01-08"), ("morning", "--date", "2027-01-08", "--html"), ("status", "--policy", policy),
        ("browse", "CHOSHO.REGISTRATION.REJECT", "--count", "60"), ("journal", "show", "--json"), ("jobs",),
        ("browse", "CHOSHO.INBOX.COUNTER"), ("browse", "CHOSHO.REGISTRATION.RETURN"),
    ):  # fmt: skip
        done = copy.command(*words)
        assert (words, search.hits((done.stdout + done.stderr).encode())) == (words, set())
        assert (words, "Traceback" in done.stderr) == (words, False)


def test_the_journal_names_no_policy(house: House) -> None:
    policies = {row["POLICY-NO"].encode() for row in _contracts(house)}
    search = Search(dict.fromkeys(policies, "a policy number"))
    with house.store() as store:
        text = "\n".join(json.dumps(row.fields) for row in store.journal.rows()).encode()
    assert len(policies) > 900
    assert search.hits(text) == set()


def _contracts(house: House) -> Iterator[dict[str, str]]:
    data, layout = (house.root / "source/CONTRACT.DAT").read_bytes(), load("CONTRACT")
    field = layout["POLICY-NO"]
    for at in range(0, len(data), layout.length):
        yield {"POLICY-NO": data[at + field.offset :][: field.length].decode("cp037")}
