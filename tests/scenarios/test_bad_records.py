"""Bad input, record by record: payments, contracts, number master. What is wrong is rejected with its reason, the rest goes on."""

from pathlib import Path

import pytest

from chosho.copybook import load
from tests.scenarios.expected import HostText
from tests.scenarios.house import RUN, House, Outcome, outcome
from tests.tools import tool

PAYSRC, REJECT, NUMMAST = load("PAYSRC"), load("REJECT"), load("NUMMAST")
LRECL = 700
WIDE_DIGITS = b"\x0e\x42\xf1\x42\xf2\x42\xf3\x0f"

SPOILED = {
    "bad packed digit": ("BENEFIT-AMOUNT", 2, b"\xa0", "PDIG", "BENEFIT-AMOUNT"),
    "bad packed sign": ("NET-PAID-AMOUNT", 5, b"\x01", "PSGN", "NET-PAID-AMOUNT"),
    "bad zoned digit": ("EVENT-DATE", 0, b"\xc1", "ZDIG", "EVENT-DATE"),
    "SO without SI": ("REMARKS", 0, b"\x0e\x45\x66" + b"\x40\x40" * 58 + b"\x40", "SOSI", "REMARKS"),
    "SI without SO": ("REMARKS", 0, b"\xc1\x0f", "SOSI", "REMARKS"),
    "undefined kanji": ("PAYEE-NAME", 4, b"\x41\x40", "DBCS", "PAYEE-NAME"),
    "full-width digits in the policy number": (
        "POLICY-NO",
        0,
        WIDE_DIGITS + b"\x40" * 3,
        "KEYC",
        "POLICY-NO",
    ),
    "full-width digits in the customer number": (
        "CUSTOMER-NO",
        0,
        WIDE_DIGITS + b"\x40\x40",
        "KEYC",
        "CUSTOMER-NO",
    ),
    "negative amount": ("BENEFIT-AMOUNT", 0, b"\x00\x00\x02\x34\x50\x0d", "NEGV", "BENEFIT-AMOUNT"),
    "no such day": ("PAYMENT-DATE", 0, b"\xf2\xf0\xf2\xf6\xf0\xf2\xf3\xf0", "DATE", "PAYMENT-DATE"),
    "unknown kind": ("PAYMENT-KIND", 0, b"\xf7", "CODE", "PAYMENT-KIND"),
    "blank amount": ("BENEFIT-AMOUNT", 0, b"\x40" * 6, "BLNK", "BENEFIT-AMOUNT"),
    "policy without a contract": ("POLICY-NO", 0, b"\xf9" * 11, "NOCT", ""),
}
"""What is written where in an otherwise sound payment: field, offset in it, bytes; the reason and the field that must be named."""


def field_of(record: bytes, name: str) -> bytes:
    """Return the bytes of a field of a source payment."""
    return record[PAYSRC[name].offset :][: PAYSRC[name].length]


class Payments:
    """The source payment file of a house, changed in place.

    Args:
        house: the house.
    """

    def __init__(self, house: House) -> None:
        self.path = house.root / "source" / "PAYMENT.DAT"
        self.data = bytearray(self.path.read_bytes())

    def __getitem__(self, number: int) -> bytes:
        """Return a record by its number from 1."""
        return bytes(self.data[(number - 1) * LRECL : number * LRECL])

    def put(self, number: int, name: str, offset: int, data: bytes) -> None:
        """Write some bytes of a field."""
        at = (number - 1) * LRECL + PAYSRC[name].offset + offset
        assert offset + len(data) <= PAYSRC[name].length
        self.data[at : at + len(data)] = data

    def save(self) -> None:
        self.path.write_bytes(self.data)

    def lump_sums(self) -> list[int]:
        """Return the numbers of payments that make a statement by themselves, whatever becomes of the others."""
        chosen = []
        for number in range(1, len(self.data) // LRECL + 1):
            record = self[number]
            amount = field_of(record, "BENEFIT-AMOUNT").hex()
            if (
                field_of(record, "PAYMENT-KIND") + field_of(record, "TAX-CATEGORY") == b"\xf1\xf1"
                and amount[-1] == "c"
                and amount[:-1].isdecimal()
                and int(amount[:-1]) > 1_000_000
                and field_of(record, "PAYMENT-DATE").startswith(b"\xf2\xf0\xf2\xf6")
                and self.data.count(field_of(record, "POLICY-NO")) == 1
            ):
                chosen.append(number)
        return chosen


def rejects(data: bytes) -> dict[int, tuple[str, str, bytes]]:
    """Return reason, field and original record of each rejected record by its number."""
    found = {}
    for at in range(0, len(data), REJECT.length):
        row = data[at : at + REJECT.length]
        text = {name: row[REJECT[name].offset :][: REJECT[name].length] for name in REJECT.named()}
        found[int.from_bytes(text["RECORD-NO"], "little", signed=True)] = (
            text["REASON"].decode(),
            text["FIELD-NAME"].decode().strip(),
            text["SOURCE-RECORD"][:LRECL],
        )
    return found


def personal_texts(records: list[bytes]) -> set[str]:
    """Return names, addresses and policy numbers of sound source payments, as they would stand in a message."""
    text = HostText(tool("iconv"))
    found = set()
    for record in records:
        for name in ("PAYEE-NAME", "PAYEE-ADDRESS"):
            found.add(text[b"\x0e" + field_of(record, name) + b"\x0f"].strip("　"))
        for name in ("PAYEE-KANA", "POLICY-NO", "CUSTOMER-NO"):
            found.add(text[field_of(record, name)].strip())
    return {one for one in found if len(one) > 3}


def test_each_bad_payment_is_rejected_with_number_reason_and_field_and_the_others_are_done(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    payments = Payments(house)
    before = rejects(clean.lists["CHOSHO.PAYMENT.REJECT"])
    chosen = [number for number in payments.lump_sums() if number not in before][: len(SPOILED)]
    sound = [payments[number] for number in chosen]
    for number, (field, offset, data, _, _) in zip(chosen, SPOILED.values(), strict=True):
        payments.put(number, field, offset, data)
    payments.save()
    done = house.command("submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10")
    assert done.returncode == 4, done.stdout + done.stderr
    found = outcome(house, tmp_path / "plain")
    listed = rejects(found.lists["CHOSHO.PAYMENT.REJECT"])
    assert {number: listed[number] for number in chosen} == {
        number: (reason, field, payments[number])
        for number, (_, _, _, reason, field) in zip(chosen, SPOILED.values(), strict=True)
    }
    assert {number: row for number, row in listed.items() if number not in chosen} == before
    counts, usual = found.counts["S210"], clean.counts["S210"]
    bad = len(SPOILED)
    assert {name: counts[name] - usual[name] for name in ("read", "kept", "left_out", "rejected")} == {
        "read": 0,
        "kept": -bad,
        "left_out": 0,
        "rejected": bad,
    }
    assert found.counts["S230"]["statements"] == clean.counts["S230"]["statements"] - bad
    log = house.log(RUN)
    assert (log.count("CHSB106I"), log.count("CHSB070E")) == (log.count("  balance "), 0)
    assert log.count("CHSB106I") >= 11
    rows, usual_rows = (set(one.files["310dat01.txt"].split(b"\r\n")) for one in (found, clean))
    assert rows < usual_rows
    assert found.files["366dat01.txt"] == clean.files["366dat01.txt"]
    shown = done.stdout + done.stderr + house.spool()
    assert [one for one in personal_texts(sound) if one in shown] == []
    assert house.faults() == []


def test_a_name_that_cp932_lacks_is_written_in_kana_counted_and_listed(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    payments = Payments(house)
    number = payments.lump_sums()[0]
    payments.put(number, "PAYEE-NAME", 0, b"\x69\x41")  # the first character that users define themselves
    payments.save()
    assert house.january().rc == 4
    found = outcome(house, tmp_path / "plain")
    assert found.counts["S210"] == clean.counts["S210"]
    assert found.counts["S230"]["changes.KN"] == clean.counts["S230"]["changes.KN"] + 1
    new = set(found.files["310dat01.txt"].split(b"\r\n")) - set(clean.files["310dat01.txt"].split(b"\r\n"))
    (row,) = new
    name = row.decode("shift_jis").split(",")[13]
    assert set(name) <= {chr(code) for code in range(0x30A1, 0x30FD)} | {"　"}, (
        "not a name in full-width kana"
    )


@pytest.mark.parametrize("member", ["CONTRACT.DAT", "PAYMENT.DAT"])
def test_a_file_that_is_no_whole_number_of_records_is_refused_before_anything_runs(
    house: House, member: str
) -> None:
    path = house.root / "source" / member
    size = path.stat().st_size - 1
    path.write_bytes(path.read_bytes()[:-1])
    done = house.command("submit", "JANUARY", "--date", "2027-01-12")
    assert done.returncode == 12
    assert (
        f"CHSD105E {path}: {size} bytes are no whole number of records of 700 bytes; 699 bytes" in done.stderr
    )
    with house.store() as store:
        assert [run.deck for run in store.runs.list()] == ["FIXTURES"]


def swap(data: bytes, first: int, second: int) -> bytes:
    """Return a file with two records exchanged; numbers from 0."""
    rows = [data[at : at + LRECL] for at in range(0, len(data), LRECL)]
    rows[first], rows[second] = rows[second], rows[first]
    return b"".join(rows)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda data: b"\x0e" + data[1:], "CHSX008S contract master record 1: its key cannot be read"),
        (lambda data: swap(data, 40, 41), "CHSX009S contract master record 42 has a lower key"),
    ],
    ids=["policy number that cannot be read", "not in order"],
)
def test_a_contract_master_whose_keys_cannot_be_trusted_stops_the_line(house: House, harm, said: str) -> None:
    path = house.root / "source" / "CONTRACT.DAT"
    path.write_bytes(harm(path.read_bytes()))
    result = house.january()
    assert (result.rc, result.steps[0].rc, {str(step.state) for step in result.steps[1:]} - {"skipped"}) == (
        16,
        16,
        {"flushed"},
    )
    assert said in house.log(RUN)
    assert [dsn for dsn, numbers in house.catalogued().items() if numbers] == [
        "CHOSHO.NUMBER.MASTER",
        "CHOSHO.PAYMENT.FINDINGS",
        "CHOSHO.PAYMENT.REJECT",
    ]
    assert house.faults() == []


def test_a_contract_that_stands_twice_makes_its_payments_bad(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    payments = Payments(house)
    number = payments.lump_sums()[0]
    policy = field_of(payments[number], "POLICY-NO")
    path = house.root / "source" / "CONTRACT.DAT"
    data = path.read_bytes()
    at = next(at for at in range(0, len(data), LRECL) if data[at : at + 11] == policy)
    path.write_bytes(data[: at + LRECL] + data[at : at + LRECL] + data[at + LRECL :])
    assert house.january().rc == 4
    found = outcome(house, tmp_path / "plain")
    assert rejects(found.lists["CHOSHO.PAYMENT.REJECT"])[number][0] == "DUPC"
    assert found.counts["S210"]["kept"] == clean.counts["S210"]["kept"] - 1


# The number master -----------------------------------------------------------------------------------------------------

EDIT_DECK = """\
job: EDIT
steps:
  - step: S1
    pgm: edit_master
    dd:
      OLD: {dsn: CHOSHO.NUMBER.MASTER(0), disp: SHR}
      NEW: {dsn: CHOSHO.NUMBER.MASTER(+1), disp: [NEW, CATLG, DELETE]}
"""
EDIT = """\
rows = b"".join(bytes(block) for block in step.reader("OLD").blocks())
rows = [rows[at : at + 128] for at in range(0, len(rows), 128)]
step.writer("NEW").write(b"".join(changed(rows)))
"""


def edit_master(house: House, change: str) -> None:
    """Make a new generation of the number master; ``change`` is the body of ``changed(rows)``."""
    house.workshop()
    house.deck("EDIT", EDIT_DECK)
    house.program("edit_master", EDIT)
    program = house.folder / "jobs" / "edit_master.py"
    program.write_text(program.read_text() + "\n\ndef changed(rows):\n" + change)
    assert house.submit("EDIT").rc == 0


HELD = """\
    out = []
    for number, row in enumerate(rows):
        if number in PLACES:
            row = row[:18] + PLACES[number] + row[30:]
        out.append(row)
    return out
"""


def test_a_number_that_is_wrong_leaves_its_item_empty_with_its_reason(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    """Wrong check digit, full-width digits, letters and a blank in the middle: the statement is made, the item stays empty."""
    master = house.content("CHOSHO.NUMBER.MASTER")
    rows = [master[at : at + NUMMAST.length] for at in range(0, len(master), NUMMAST.length)]
    index = clean.lists["CHOSHO.STATEMENT.INDEX"]
    paid = {index[at : at + 15] for at in range(0, len(index), 64) if index[at + 19 : at + 22] == b"310"}
    chosen = [
        (place, row)
        for place, row in enumerate(rows)
        if row[:15] in paid
        and row[18:30].isdigit()
        and clean.files["310dat01.txt"].count(b",0" + row[18:30]) == 1
        and sum(one[:15] == row[:15] for one in rows) == 1
    ][:4]
    wrong = [
        (b"CD", lambda number: number[:-1] + str((int(number[-1:]) + 1) % 10).encode()),
        (b"DG", lambda _: "１２３４５６".encode("cp932")),
        (b"DG", lambda number: number[:-1] + b"A"),
        (b"DG", lambda number: number[:5] + b" " + number[6:]),
    ]
    places = {place: harm(row[18:30]) for (place, row), (_, harm) in zip(chosen, wrong, strict=True)}
    edit_master(house, HELD.replace("PLACES", repr(places)))
    result = house.january()
    assert result.rc == 4, house.log(RUN)
    found = outcome(house, tmp_path / "plain")
    said = found.lists["CHOSHO.PAYMENT.UNMATCH"]
    for (_, row), (reason, _) in zip(chosen, wrong, strict=True):
        entries = [said[at : at + 32] for at in range(0, len(said), 32) if said[at : at + 15] == row[:15]]
        assert [(entry[19:21], entry[21:23]) for entry in entries if entry[19:21] == b"02"] == [
            (b"02", reason)
        ]
        assert b"0" + row[18:30] not in found.files["310dat01.txt"]
    assert found.counts["S230"]["statements"] == clean.counts["S230"]["statements"]
    assert found.counts["S220"]["matched.payee"] == clean.counts["S220"]["matched.payee"] - 4
    assert "CHSR021W" in house.log(RUN)
    numbers = {row[18:30].decode() for _, row in chosen} | {one.decode("cp932") for one in places.values()}
    assert [one for one in numbers if one in house.spool()] == []


def test_a_key_that_stands_twice_in_the_number_master_ends_with_8_and_stops(house: House) -> None:
    edit_master(house, "    return rows[:7] + rows[6:]\n")
    result = house.january()
    assert result.rc == 8, house.log(RUN)
    assert [(step.name, step.rc) for step in result.steps if step.rc is not None] == [
        ("S210", 4),
        ("S220", 8),
    ]
    log = house.log(RUN)
    assert (
        "CHSR020E number master: 2 records have a key that stands twice" in log
        or "CHSR020E number master: 1 " in log
    )
    visible = house.catalogued()
    assert visible.get("CHOSHO.PAYMENT.MATCH", []) == []
    assert visible["CHOSHO.PAYMENT.UNMATCH"] == [1], "the list must survive the refusal"
    assert visible["CHOSHO.PAYMENT.DATA"] == [1]
    assert house.faults() == []


def test_a_number_master_that_is_not_in_order_stops_the_line(house: House) -> None:
    edit_master(house, "    return [*rows[:6], rows[7], rows[6], *rows[8:]]\n")
    result = house.january()
    assert result.rc == 16
    assert "CHSD106S" in house.log(RUN)
    assert "record 8 has a lower key than the record before it" in house.log(RUN)
    assert house.catalogued().get("CHOSHO.PAYMENT.MATCH", []) == []
    assert house.faults() == []
