"""From JANUARY submitted, over a changed payment file, to the supplement that voids, corrects and adds; and nothing twice."""

import json
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chosho import copybook
from chosho.batch.result import RunResult
from chosho.codec import batch
from chosho.errors import InputRefused
from chosho.media.opening import open_image
from chosho.statement import entry, force
from chosho.statement.check import new_check
from tests.scenarios.house import CHEAP, DAY, RUN, House

KINDS = ("310", "366")
MARK = 9  # place of item 10
LATER = date(2027, 3, 10)


def run(house: House, deck: str, day: date, **parameters: str) -> RunResult:
    result = house.submit(deck, day, parameters=parameters)
    assert result.rc in (0, 4) or deck == "SUBMITTED", house.log(result.run_id)
    return result


def submitted(house: House, run_id: str, day: date) -> RunResult:
    """Let a run go all the way to the tax office, and enter it."""
    with house.store() as store:
        ledger = store.submissions
        facts: dict[str, Any] = {"on": day, "today": day, "at": f"{day}T10:00:00+09:00"}
        ledger.check(run_id, who="suzuki", **facts)
        ledger.check(run_id, who="sato", **facts)
        ledger.enclose(run_id, who="suzuki", **facts)
        ledger.mail(run_id, tracking="123456789012", who="suzuki", **facts)
        ledger.submit(run_id, who="suzuki", **facts)
        ledger.acknowledge(run_id, who="sato", **facts)
    return run(house, "SUBMITTED", day, RUN=run_id)


def records(house: House, dsn: str, member: str) -> batch.Block:
    return np.frombuffer(house.content(dsn), np.uint8).reshape(-1, copybook.load(member).length)


def text(fields: Any, record: Any, name: str) -> str:
    field = fields[name]
    return record[field.offset : field.offset + field.length].tobytes().decode("ascii").strip()


def statements(house: House) -> dict[tuple[str, ...], list[str]]:
    """Return the items of each statement of the newest copies by kind, policy, role, payee, payment and mark."""
    fields = entry.fields()
    rows = {kind: house.content(f"CHOSHO.STATEMENT.K{kind}") for kind in KINDS}
    found = {}
    for record in records(house, "CHOSHO.STATEMENT.INDEX", "STMTIDX"):
        key = tuple(
            text(fields, record, name)
            for name in ("STATEMENT-CODE", "POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO")
        )
        start, length = (
            int(batch.view(fields, record[None], name)[0]) for name in ("ROW-OFFSET", "ROW-LENGTH")
        )
        row = rows[key[0]][start : start + length]
        assert row.endswith(b"\r\n")
        items = row[:-2].decode("cp932").split(",")
        assert (*key, items[MARK]) not in found
        found[*key, items[MARK]] = items
    return found


def in_force(house: House) -> list[tuple[str, ...]]:
    fields = force.fields()
    return [
        tuple(
            text(fields, record, name)
            for name in ("STATEMENT-CODE", "POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO")
        )
        for record in records(house, "CHOSHO.STATEMENT.FORCE", "FORCE")
    ]


class Source:
    """The payment file of a house, to be changed."""

    def __init__(self, house: House) -> None:
        self._path = house.root / "source" / "PAYMENT.DAT"
        self._fields = copybook.load("PAYSRC").named()
        self.rows = np.frombuffer(self._path.read_bytes(), np.uint8).reshape(-1, 700).copy()

    def of(self, policy: str, payment: str) -> int:
        key = (policy + "01" + payment).encode("cp037")
        found = np.flatnonzero((self.rows[:, : len(key)] == np.frombuffer(key, np.uint8)).all(axis=1))
        assert len(found) == 1
        return int(found[0])

    def amount(self, row: int, name: str) -> int:
        field = self._fields[name]
        return int(self.rows[row, field.offset : field.offset + field.length].tobytes().hex()[:-1])

    def set_amount(self, row: int, name: str, yen: int) -> None:
        field = self._fields[name]
        packed = bytes.fromhex(f"{yen:0{2 * field.length - 1}d}C".lower())
        self.rows[row, field.offset : field.offset + field.length] = np.frombuffer(packed, np.uint8)

    def add_yen(self, row: int, yen: int) -> None:
        """Let more be paid; the sums stay right."""
        names = ("BENEFIT-AMOUNT", "NET-PAID-AMOUNT")
        for name in names:
            self.set_amount(row, name, self.amount(row, name) + yen)

    def renumber(self, row: int, payment: str) -> None:
        field = self._fields["PAYMENT-NO"]
        self.rows[row, field.offset : field.offset + field.length] = np.frombuffer(
            payment.encode("cp037"), np.uint8
        )

    def save(self) -> None:
        self._path.write_bytes(self.rows.tobytes())


@pytest.fixture(scope="module")
def entered(finished: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house whose JANUARY run was submitted and entered; to be looked at and copied only."""
    house = finished.copy(tmp_path_factory.mktemp("entered") / "house")
    result = submitted(house, RUN, DAY)
    assert result.rc == 0, house.log(result.run_id)
    return house


@pytest.fixture
def house(entered: House, tmp_path: Path) -> House:
    return entered.copy(tmp_path / "house")


def test_a_submission_enters_every_statement(entered: House) -> None:
    assert len(in_force(entered)) == len(statements(entered)) == len(set(in_force(entered)))
    assert in_force(entered) == sorted(in_force(entered))
    assert entered.faults() == []


def test_a_supplement_of_an_unchanged_year_finds_nothing(house: House) -> None:
    result = run(house, "SUPPLEMENT", LATER, **CHEAP)
    counts = {step.name: step.counts for step in result.steps}["S235"]
    assert (result.rc, counts["statements"], counts["same"]) == (4, 0, len(in_force(house))), house.log(
        result.run_id
    )
    assert "CHSN076I" in house.log(result.run_id)
    with house.store() as store:
        assert store.media.of_run(result.run_id) == ()
    assert house.faults() == []


def changed(house: House) -> tuple[dict[str, tuple[str, ...]], dict[tuple[str, ...], list[str]]]:
    """Change the source payments: one more, one changed, one gone; and return which, and what stood before."""
    before = statements(house)
    singles = Counter(key[1] for key in before)
    lump = [key for key in before if key[0] == "310" and singles[key[1]] == 1]
    source = Source(house)
    keys = {"changed": lump[0], "gone": lump[1], "cloned": lump[2]}
    source.add_yen(source.of(keys["changed"][1], keys["changed"][4]), 1_234)
    clone = source.rows[source.of(keys["cloned"][1], keys["cloned"][4])].copy()
    gone = source.of(keys["gone"][1], keys["gone"][4])
    source.rows = np.concatenate([np.delete(source.rows, gone, axis=0), clone[None]])
    source.renumber(len(source.rows) - 1, "0999")
    source.save()
    return keys, before


def test_a_supplement_voids_corrects_and_adds_and_nothing_twice(house: House, tmp_path: Path) -> None:
    keys, before = changed(house)
    result = run(house, "SUPPLEMENT", LATER, **CHEAP)
    assert result.rc == 4, house.log(result.run_id)
    counts = {step.name: step.counts for step in result.steps}["S235"]
    assert [counts[name] for name in ("new", "changed", "gone", "added", "right", "void")] == [
        1,
        1,
        1,
        1,
        1,
        2,
    ]
    assert [counts[f"K310.filing{filing}"] for filing in "234"] == [1, 1, 2]

    after = statements(house)
    voids = {key[:-1]: items for key, items in after.items() if key[-1] == "1"}
    rights = {key[:-1]: items for key, items in after.items() if key[-1] == "0"}
    assert set(voids) == {keys["changed"][:-1], keys["gone"][:-1]}
    for key, items in voids.items():
        submitted_items = before[*key, "0"]
        assert items == [*submitted_items[:MARK], "1", *submitted_items[MARK + 1 :]]
    added = (*keys["cloned"][:4], "0999")
    assert set(rights) == {keys["changed"][:-1], added}
    assert rights[added] == before[keys["cloned"]]
    right, wrong = rights[keys["changed"][:-1]], before[keys["changed"]]
    differs = [number + 1 for number, pair in enumerate(zip(right, wrong, strict=True)) if pair[0] != pair[1]]
    assert differs == [21, 27]
    assert int(right[20]) == int(wrong[20]) + 1_234

    # The image that was verified holds those rows, new ones in a file of their own, a void before its right one.
    out = tmp_path / "out"
    with house.store() as store:
        (medium,) = store.media.of_run(result.run_id)
    open_image(house.root / medium.path, out, house.key_store().password(medium.password_id), new_check)
    files = sorted(out.iterdir())
    assert [path.name for path in files] == ["310dat01.txt", "310dat02.txt"]
    rows = [path.read_bytes().decode("cp932").split("\r\n")[:-1] for path in files]
    assert [len(found) for found in rows] == [1, 3]
    assert [row.split(",") for row in rows[0] + rows[1]] == list(after.values())
    place = {key: number for number, key in enumerate(after)}
    assert place[*keys["changed"][:-1], "1"] + 1 == place[*keys["changed"][:-1], "0"]

    # The whole build that was compared is gone with its keys.
    assert not any(numbers for dsn, numbers in house.catalogued().items() if dsn.startswith("CHOSHO.FRESH."))
    assert house.faults() == []

    # Not yet submitted: it differs as before, and the list says so.
    told = house.command("submission", "diff", "--year", "2026", "--keys", "--json")
    assert told.returncode == 0, told.stderr
    tree = json.loads(told.stdout)
    assert {one["what"]: one["statements"] for one in tree["counts"]} == {"new": 1, "changed": 1, "gone": 1}
    assert {(one["what"], one["policy"], one["item"]) for one in tree["keys"]} == {
        ("new", added[1], None),
        ("changed", keys["changed"][1], 21),
        ("gone", keys["gone"][1], None),
    }

    done = submitted(house, result.run_id, LATER)
    assert done.rc == 0, house.log(done.run_id)
    wanted = {key[:-1] for key in before} - {keys["gone"][:-1]} | {added}
    assert set(in_force(house)) == wanted
    assert len(in_force(house)) == len(wanted)

    again = run(house, "SUPPLEMENT", date(2027, 3, 11), **CHEAP)
    assert {step.name: step.counts for step in again.steps}["S235"]["statements"] == 0
    assert house.faults() == []


def test_the_statements_in_force_are_those_of_a_fresh_year(
    house: House, tmp_path: Path, world: House
) -> None:
    changed(house)
    first = run(house, "SUPPLEMENT", LATER, **CHEAP)
    assert submitted(house, first.run_id, LATER).rc == 0
    fresh = world.copy(tmp_path / "fresh")
    shutil.copy(house.root / "source" / "PAYMENT.DAT", fresh.root / "source" / "PAYMENT.DAT")
    assert fresh.january().rc == 4
    assert set(in_force(house)) == {key[:-1] for key in statements(fresh)}


def test_corrections_may_stand_in_files_of_their_own(house: House) -> None:
    keys, _ = changed(house)
    path = house.root / "SETTINGS.yaml"
    path.write_text(path.read_text().replace("correction_files: together", "correction_files: apart"))
    result = run(house, "SUPPLEMENT", LATER, **CHEAP)
    assert result.rc == 4, house.log(result.run_id)
    assert [key[-1] for key in statements(house)] == ["0", "1", "1", "0"]
    with house.store() as store:
        (medium,) = store.media.of_run(result.run_id)
        assert medium.records == {"310": 4}
    fields = copybook.load("VOLPLAN").named()
    plan = records(house, "CHOSHO.MEDIA.PLAN", "VOLPLAN")
    assert batch.view(fields, plan, "FILE-NO").tolist() == [1, 2, 3]
    assert batch.view(fields, plan, "RECORD-COUNT").tolist() == [1, 2, 1]
    done = submitted(house, result.run_id, LATER)
    assert done.rc == 0, house.log(done.run_id)
    assert keys["gone"][:-1] not in in_force(house)


@pytest.mark.parametrize(("scope", "marks"), [("NEW", ["0"]), ("CORRECTIONS", ["1", "0", "1"])])
def test_new_statements_and_corrections_may_go_out_apart(house: House, scope: str, marks: list[str]) -> None:
    changed(house)
    result = run(house, "SUPPLEMENT", LATER, SCOPE=scope, **CHEAP)
    assert result.rc == 4, house.log(result.run_id)
    assert sorted(key[-1] for key in statements(house)) == sorted(marks)
    fields = copybook.load("DIFFER").named()
    listed = records(house, "CHOSHO.STATEMENT.DIFFERENCE", "DIFFER")
    assert len(listed) == 3
    assert sum(text(fields, record, "SENT") == "1" for record in listed) == (1 if scope == "NEW" else 2)


def cancel_list(house: House, *keys: tuple[str, ...]) -> None:
    data = b"".join("".join(key[:5]).ljust(32).encode("ascii") for key in keys)
    house.put("source/CANCEL.DAT", data)


def test_a_statement_is_cancelled_alone_and_stays_so_while_it_is_listed(house: House) -> None:
    key = next(iter(statements(house)))
    cancel_list(house, key)
    result = run(house, "SUPPLEMENT", LATER, **CHEAP)
    assert result.rc == 4, house.log(result.run_id)
    assert list(statements(house)) == [(*key[:-1], "1")]
    counts = {step.name: step.counts for step in result.steps}["S235"]
    assert (counts["cancelled"], counts["held"], counts["void"], counts["right"]) == (1, 1, 1, 0)
    assert submitted(house, result.run_id, LATER).rc == 0
    assert key[:-1] not in in_force(house)
    again = run(house, "SUPPLEMENT", date(2027, 3, 11), **CHEAP)
    counts = {step.name: step.counts for step in again.steps}["S235"]
    assert (counts["statements"], counts["held"]) == (0, 1)


def test_what_two_runs_found_is_not_sent_twice(house: House) -> None:
    changed(house)
    first = run(house, "SUPPLEMENT", LATER, **CHEAP).run_id
    second = run(house, "SUPPLEMENT", date(2027, 3, 11), **CHEAP).run_id
    day = date(2027, 3, 12)
    facts: dict[str, Any] = {"on": day, "today": day, "at": f"{day}T10:00:00+09:00"}
    with house.store() as store:
        store.submissions.check(first, who="sato", **facts)
        with pytest.raises(InputRefused, match="CHSN065E"):
            store.submissions.check(second, who="sato", **facts)
        store.submissions.withdraw(first, reason="made again", who="sato", **facts)
        store.submissions.check(second, who="sato", **facts)
        store.submissions.withdraw(second, reason="test", who="sato", **facts)
    third = run(house, "SUPPLEMENT", date(2027, 3, 12), **CHEAP).run_id
    fourth = run(house, "SUPPLEMENT", date(2027, 3, 13), **CHEAP).run_id
    assert submitted(house, third, day).rc == 0
    facts |= {"on": date(2027, 3, 13), "today": date(2027, 3, 13)}
    with house.store() as store, pytest.raises(InputRefused, match="CHSN066E"):
        store.submissions.check(fourth, who="sato", **facts)


def test_what_was_sent_twice_all_the_same_is_found_and_enters_nothing(house: House) -> None:
    changed(house)
    first = run(house, "SUPPLEMENT", LATER, **CHEAP).run_id
    second = run(house, "SUPPLEMENT", date(2027, 3, 11), **CHEAP).run_id
    assert submitted(house, first, LATER).rc == 0
    stands = in_force(house)
    day = "2027-03-12"
    with house.store() as store:  # past the ledger, which would have refused it
        row = store.submissions.get(first)
        database = store.submissions._database
        database.insert(
            "submissions",
            {"run_id": second, "year": row.year, "state": "submitted", "records": '{"310":4}', "volumes": 1},
        )
        act = {
            "run_id": second,
            "place": 1,
            "state": "submitted",
            "on_date": day,
            "who": "x",
            "note": "",
            "at": day,
        }
        database.insert("submission_acts", act)
    result = run(house, "SUBMITTED", date(2027, 3, 12), RUN=second)
    log = house.log(result.run_id)
    assert result.rc == 8, log
    assert "CHSN068E" in log
    assert f"CHSN069E {second}: 2 void records" in log
    assert in_force(house) == stands
    with house.store() as store:
        assert store.submissions.get(second).entered_by is None


def test_an_annuity_whose_first_payment_is_gone_is_corrected_as_the_same_statement(house: House) -> None:
    before = statements(house)
    several = {text(entry.fields(), one, "POLICY-NO"): one for one in records(house, "CHOSHO.STATEMENT.INDEX", "STMTIDX")
               if text(entry.fields(), one, "STATEMENT-CODE") == "366"
               and int(batch.view(entry.fields(), one[None], "PAYMENTS")[0]) > 2}  # fmt: skip
    twice = Counter(key[1] for key in before)
    key = next(key for key in before if key[0] == "366" and key[1] in several and twice[key[1]] == 1)
    source = Source(house)
    source.rows = np.delete(source.rows, source.of(key[1], key[4]), axis=0)
    source.save()
    result = run(house, "SUPPLEMENT", LATER, **CHEAP)
    counts = {step.name: step.counts for step in result.steps}["S235"]
    assert [counts[name] for name in ("new", "changed", "gone")] == [0, 1, 0]
    void, right = statements(house)
    assert void == (*key[:-1], "1")
    assert right[:4] == key[:4]
    assert right[4] > key[4]
    assert submitted(house, result.run_id, LATER).rc == 0
    assert key[:-1] not in in_force(house)
    assert right[:-1] in in_force(house)
    again = run(house, "SUPPLEMENT", date(2027, 3, 11), **CHEAP)
    assert {step.name: step.counts for step in again.steps}["S235"]["statements"] == 0


def test_a_submission_is_entered_once_and_only_after_it_was_submitted(house: House) -> None:
    again = run(house, "SUBMITTED", LATER, RUN=RUN)
    assert again.rc == 12
    assert "CHSN067E" in house.log(again.run_id)
    assert in_force(house) == sorted(in_force(house))
