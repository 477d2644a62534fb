"""``chosho browse``: masked, on record, read-only."""

import json

import pytest

from chosho import copybook
from chosho.control.store import ControlStore
from chosho.dataset import access
from chosho.dataset.reader import Reader
from chosho.vault.keys import KeyStore
from tests.cli.conftest import Chosho, Ran
from tests.rights import withhold

MASTER = "CHOSHO.NUMBER.MASTER"


def _secrets(ran: Ran) -> list[str]:
    """Return the numbers and the kana names of the number master, as they really are."""
    keys = KeyStore(ran.keys, data_root=ran.root)
    with ControlStore.open(ran.root, keys) as store:
        (generation,) = store.generations.catalogued(MASTER)
        parts = access.sources(ran.root, store, keys, generation)
    layout, found = copybook.load("NUMMAST"), []
    for block in Reader(parts, lrecl=layout.length).blocks():
        for name in ("INDIVIDUAL-NO", "CORPORATE-NO", "REGISTRANT-KANA"):
            field = layout[name]
            texts = (
                row.tobytes().decode("cp932").strip()
                for row in block[:, field.offset : field.offset + field.length]
            )
            found += [text for text in texts if text]
    return found


def test_no_number_and_no_name_of_the_master_is_shown(ran: Ran, on: Chosho):
    text = on("browse", MASTER, "--count", 1000)
    as_json = on("browse", f"{MASTER}(0)", "--count", 1000, "--json")
    assert (text.code, as_json.code) == (0, 0)
    secrets = _secrets(ran)
    assert len(secrets) > 100
    assert not [secret for secret in secrets if secret in text.out or secret in as_json.out]


def test_keys_codes_and_dates_are_shown(on: Chosho):
    shown = json.loads(on("browse", MASTER, "--json", "--count", 1).out)
    (row,) = shown["rows"]
    assert shown["dsn"] == f"{MASTER}.G0001V00"
    assert row["record"] == 1
    assert row["fields"]["POLICY-NO"].isdigit()
    assert len(row["fields"]["REGISTERED-ON"]) == 8
    assert set(row["fields"]["REGISTRANT-KANA"]) == {"*"}


def test_a_window_of_records_is_shown(on: Chosho):
    whole = json.loads(on("browse", MASTER, "--json", "--count", 12).out)["rows"]
    part = json.loads(on("browse", MASTER, "--json", "--start", 10, "--count", 3).out)["rows"]
    assert part == whole[9:]
    beyond = json.loads(on("browse", MASTER, "--json", "--start", 10_000_000).out)
    assert beyond["rows"] == []


def test_an_external_file_is_shown_decoded_and_masked(on: Chosho):
    (row,) = json.loads(on("browse", "CHOSHO.SOURCE.CONTRACT", "--count", 1, "--json").out)["rows"]
    assert row["fields"]["POLICY-NO"].startswith("1000000")
    assert set(row["fields"]["CONTRACTOR-NAME"]) == {"*"}
    assert set(row["fields"]["CONTRACTOR-ADDRESS"]) == {"*"}


def test_a_bad_cell_shows_its_reason_and_never_its_bytes(on: Chosho):
    rows = json.loads(on("browse", "CHOSHO.SOURCE.PAYMENT", "--count", 1000, "--json").out)["rows"]
    codes = {code for row in rows for code in row["faults"].values()}
    assert codes
    assert codes <= {"PDIG", "PSGN", "ZDIG", "SOSI", "UNMP", "DBCS", "BLNK", "FILL", "CTRL"}
    assert all(row["fields"][name] is None for row in rows for name in row["faults"])


def test_rejected_records_show_field_and_reason_but_not_the_record(on: Chosho):
    rows = json.loads(on("browse", "CHOSHO.PAYMENT.REJECT", "--json").out)["rows"]
    assert rows
    assert {"BENEFIT-AMOUNT", "PAYMENT-DATE"} <= {row["fields"]["FIELD-NAME"] for row in rows}
    assert {"PDIG", "PSGN", "ZDIG"} <= {row["fields"]["REASON"] for row in rows}
    assert all(set(row["fields"]["SOURCE-RECORD"]) == {"*"} for row in rows)


def test_files_without_records_are_listed(on: Chosho):
    shown = json.loads(on("browse", "CHOSHO.MEDIA.TRANSMITTAL", "--json").out)
    assert [file["path"].endswith(".html") for file in shown["files"]] == [True]


@pytest.mark.parametrize(
    ("dsn", "message"),
    [
        ("CHOSHO.STATEMENT.K310", "CHSL026E"),
        ("CHOSHO.MEDIA.IMAGE", "CHSL026E"),
        ("CHOSHO.PAYMENT.DATA", "CHSD122E"),
        ("CHOSHO.NUMBER.MASTER(-1)", "CHSD122E"),
        ("CHOSHO.NUMBER.MASTER.G0007", "CHSD122E"),
        ("NO.SUCH", "CHSD100E"),
        ("no such", "CHSL027E"),
    ],
)
def test_what_cannot_be_shown_is_refused(dsn: str, message: str, on: Chosho):
    answer = on("browse", dsn)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, message, "")


def test_who_looked_at_what_is_on_record_before_the_first_byte(on: Chosho, monkeypatch: pytest.MonkeyPatch):
    def broken(*_arguments: object) -> None:
        raise OSError(5, "Input/output error", "part")

    monkeypatch.setattr("chosho.cli.browse.access.sources", broken)
    assert on("browse", MASTER, "--start", 3, "--count", 2).code == 16
    rows = [json.loads(line) for line in on("journal", "show", "--json").out.splitlines()]
    assert rows[-1]["kind"] == "browse"
    assert rows[-1]["fields"] == {"count": 2, "dsn": f"{MASTER}.G0001V00", "right": "master.use", "start": 3}
    assert on("journal", "verify").code == 0


def test_without_the_right_nothing_is_read(on: Chosho, monkeypatch: pytest.MonkeyPatch):
    withhold(monkeypatch, "master.use")
    answer = on("browse", MASTER)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSJ040E", "")
