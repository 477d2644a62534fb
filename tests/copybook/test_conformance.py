"""Copybooks and files of other projects, read in place: record lengths, places of every item, values in real files.

Sources, commits and licences stand in the README.txt of each case folder. What chosho refuses on purpose (floating
point, edited pictures, tables of variable size) is asserted as refused; where one such item hides the rest of a
copybook, the test describes its bytes with PIC X first and then holds everything else against the oracle.
"""

import json
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from chosho.copybook import Field, Kind, Layout, describe, parse, parse_all
from chosho.errors import InputRefused
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared

CASES = SHARED / "conformance"
BATTERY = CASES / "00-gnucobol-battery"
CB2XML = CASES / "11-cb2xml-layouts"
DIALECTS = CASES / "07-jrecord-comp-dialects"
COBRIX = CASES / "01-cobrix-type-variety-debug"
JRECORD = CASES / "09-jrecord-ebcdic-files"

EDITED = re.compile(
    r"(?i)(\bpic\s+)(?=\S*(?:[-+Z$*,/]|\.\S))([-+$ZBXSV0-9(),./*]+?)(?=\.?\s|\.?$)", re.MULTILINE
)
"""An edited picture (behind its PIC)."""


def refused(text: str, source: str) -> str:
    """Return the id of the message that a copybook is refused with."""
    with pytest.raises(InputRefused) as caught:
        parse_all(text, source=source)
    assert f"{source} line " in str(caught.value)
    return caught.value.message_id


def unedited(text: str) -> str:
    """Return a copybook with its edited pictures described as PIC X of the same size."""
    return EDITED.sub(lambda match: f"{match[1]}X({_size(match[2])})", text)


def _size(picture: str) -> int:
    counts = re.findall(r"([^()])(?:\((\d+)\))?", picture)
    return sum(int(count or 1) for symbol, count in counts if symbol.upper() not in "SV")


# -- 00: one feature each, record lengths confirmed with GnuCOBOL

BATTERY_REFUSED = {
    "comp1-2.cpy": "CHSC005E",
    "comp6.cpy": "CHSC005E",
    "odo.cpy": "CHSC003E",
    "lvl66.cpy": "CHSC002E",
    "just-bwz.cpy": "CHSC004E",
}


def test_the_battery_has_the_lengths_that_gnucobol_gives_it():
    expected = json.loads((BATTERY / "expected_lengths.json").read_text(encoding="utf-8"))
    found = {}
    for name in expected:
        text = (BATTERY / name).read_text(encoding="utf-8")
        found[name] = refused(text, name) if name in BATTERY_REFUSED else parse(text, source=name).length
    assert found == expected | BATTERY_REFUSED


# -- 11: cb2xml, copybooks with the place of every item

CB2XML_REFUSED = {
    "cbl2xml_Test101.cbl": "CHSC027E",  # quotes written as \"
    "cbl2xml_Test201.cbl": "CHSC001E",  # a period is missing
    "cbl2xml_Test202.cbl": "CHSC006E",  # P on both sides of V
    "cbl2xml_Test204.cbl": "CHSC005E",  # COMP-1
    "cpyBitOfEverything.cbl": "CHSC005E",  # COMP-1
    "cpyMsg.cbl": "CHSC010E",  # the continuation mark stands in column 8
    "cpyOccursDepending.cbl": "CHSC003E",
    "cpyOccursDependingOn21.cbl": "CHSC003E",
    "cpyOccursDependingOn29.cbl": "CHSC003E",
    "cpyOccursDependingOn42.cbl": "CHSC003E",
    "cpyPointer.cbl": "CHSC005E",
    "cpyComp3aInheritence.cbl": "CHSC007E",  # PIC X below a group COMP-3
    "cpyUtf8.cbl": "CHSC010E",  # a literal runs beyond column 72
    "xcopy.cbl": "CHSC015E",
    "xcopy2.cbl": "CHSC015E",
}
CB2XML_WRONG = {"cbl2xml_Test109.cbl": 541}
"""cb2xml counts P as storage; the length is GnuCOBOL's."""


def cb2xml_copybooks() -> list[str]:
    return sorted(path.name.removeprefix("cobolCopybook__") for path in CB2XML.glob("cobolCopybook__*"))


def cb2xml_text(name: str) -> str:
    return unedited((CB2XML / f"cobolCopybook__{name}").read_text(encoding="utf-8"))


def cb2xml_items(name: str) -> list[tuple[int, str, int, int]] | None:
    """Return level, name, position and length of every item, as cb2xml has them; None when it has no such file."""
    number = re.search(r"Test(\d+)", name)
    stem = f"cb2xml_Output{number[1]}.xml" if number else f"xmlC{name.rpartition('.')[0][1:]}.Xml"
    path = CB2XML / f"xmlCopybook__{stem}"
    if not path.is_file():
        return None
    content = path.read_bytes()
    if not content.startswith(b"<"):
        content = content.decode("cp037").encode("utf-8")
    content = re.sub(rb'encoding="[^"]*"', b'encoding="UTF-8"', content)
    root = ET.fromstring(content)  # noqa: S314 - files of the conformance set, not of strangers
    return [
        (int(item.attrib["level"]), item.get("name", "").upper() or "FILLER", int(item.attrib["position"]),
         int(item.attrib["storage-length"]))
        for item in root.iter("item")
        if item.get("level") != "88"
    ]  # fmt: skip


def rows(layouts: tuple[Layout, ...]) -> list[tuple[int, str, int, int]]:
    return [
        (row.level, row.name, row.offset, row.length)
        for layout in layouts
        for row in describe(layout)
        if row.remark != "slack"
    ]


@pytest.mark.parametrize("name", cb2xml_copybooks())
def test_items_stand_where_cb2xml_has_them(name):
    text = cb2xml_text(name)
    if name in CB2XML_REFUSED:
        assert refused(text, name) == CB2XML_REFUSED[name]
        return
    layouts = parse_all(text, source=name)
    expected = cb2xml_items(name)
    if name in CB2XML_WRONG:
        assert layouts[0].length == CB2XML_WRONG[name]
    elif expected is not None:
        assert rows(layouts) == expected


def test_most_copybooks_of_cb2xml_are_compared():
    compared = [name for name in cb2xml_copybooks() if name not in CB2XML_REFUSED and cb2xml_items(name)]
    assert len(compared) == 49


# -- 07: binary sizes and SYNC of compilers, in records that carry their own expected value


def decoded(field: Field, record: bytes) -> int:
    """Return a binary field as the scaled integer it holds."""
    order = "little" if field.native else "big"
    return int.from_bytes(record[field.offset : field.offset + field.length], order, signed=field.signed)


@pytest.mark.parametrize(
    ("stem", "dialect", "length"),
    [
        ("mvsComp", "ibm", 145),
        ("mvsCompPositive", "ibm", 145),
        ("fjComp", "fujitsu", 145),
        ("fjCompPositive", "fujitsu", 145),
        ("bsComp", "gnucobol", 145),
        ("bsCompPositive", "gnucobol", 145),
        ("mvsCompSync", "gnucobol", 224),
        ("bsCompSync", "gnucobol", 224),
        ("fjCompSync", "fujitsu", 192),
        ("fjComp5Sync", "fujitsu", 192),
    ],
)
def test_binary_items_hold_the_value_that_their_record_tells(stem, dialect, length):
    layout = parse(
        unedited((DIALECTS / f"{stem}.cbl").read_text(encoding="utf-8")), source=stem, dialect=dialect
    )
    data = (DIALECTS / f"{stem}.bin").read_bytes()
    assert (layout.length, len(data) % length) == (length, 0)
    compared = 0
    for start in range(0, len(data), length):
        record = data[start : start + length]
        value = int(Decimal(record[: layout["NUMA"].length].decode("ascii").replace(",", "")) * 100)
        for field in layout.fields:
            if field.kind is Kind.BINARY and field.name != "NUM0" and abs(value) < 10**field.digits:
                if value < 0 and not field.signed:
                    continue
                assert decoded(field, record) == value, (field.name, start)
                compared += 1
    assert compared > 130


# -- 01: Cobrix, every field of a record with its bytes in hex


COBRIX_ENTRY = re.compile(r"^( +10 +)([A-Z0-9-]+)(\s+(?:PIC|COMP).*?)\.\s*$", re.MULTILINE | re.DOTALL)


def test_fields_are_as_long_as_the_bytes_that_cobrix_shows():
    record = json.loads((COBRIX / "test24_expected__test24.txt").read_text(encoding="utf-8").splitlines()[0])
    lengths = {
        name.removesuffix("_debug"): len(value) // 2
        for name, value in record.items()
        if name.endswith("_debug")
    }
    kept = []

    def within_ibm(match: re.Match[str]) -> str:
        if outside_ibm(match[3]):
            return f"{match[1]}{match[2]} PIC X({lengths[match[2].replace('-', '_')]})."
        kept.append(match[2])
        return match[0]

    text = (COBRIX / "test24_copybook.cob").read_text(encoding="utf-8")
    layout = parse(COBRIX_ENTRY.sub(within_ibm, text), source="test24_copybook.cob")
    assert [(field.name.replace("-", "_"), field.length) for field in layout.fields] == list(lengths.items())
    assert (layout.length, len(layout.fields), len(kept)) == (1493, 195, 165)


def outside_ibm(clauses: str) -> bool:
    """Return whether an entry is floating point, edited, unsigned with SIGN, or has more digits than IBM allows."""
    usage = re.search(r"COMP(?:UTATIONAL)?(?:-(\d))?|BINARY", clauses)
    if usage and usage[1] in {"0", "1", "2", "9"}:
        return True
    picture = clauses.split("PIC")[1].split(maxsplit=1)[0]
    digits = sum(int(count or 1) for count in re.findall(r"[9P](?:\((\d+)\))?", picture))
    most = 18 if usage and usage[1] != "3" else 31
    return (
        digits > most
        or bool(set(picture) & set("+-."))
        or ("SIGN" in clauses and not picture.startswith("S"))
    )


# -- 09: real host files


@pytest.mark.parametrize(("name", "length"), [("DTAR020", 27), ("DTAR107", 54)])
def test_host_files_divide_into_records_of_their_copybook(name, length):
    layout = parse((JRECORD / f"{name}.cbl").read_text(encoding="utf-8"), source=f"{name}.cbl")
    assert (layout.name, layout.length) == (name, length)
    assert len((JRECORD / f"{name}.bin").read_bytes()) % length == 0


def test_packed_fields_of_a_host_file_hold_the_values_of_its_listing():
    layout = parse((JRECORD / "DTAR020.cbl").read_text(encoding="utf-8"), source="DTAR020.cbl")
    data = (JRECORD / "DTAR020.bin").read_bytes()
    listing = (JRECORD / "DTAR020.csv").read_text(encoding="utf-8").splitlines()[1:]
    records = [data[start : start + 27] for start in range(0, len(data), 27)]
    assert [[cell(field, record) for field in layout.fields] for record in records] == [
        [float(value) if place else value.strip() for place, value in enumerate(line.split("\t"))]
        for line in listing
    ]


def cell(field: Field, record: bytes) -> str | float:
    """Return a text or packed field of a cp037 record."""
    content = record[field.offset : field.offset + field.length]
    if field.kind is Kind.TEXT:
        return content.decode("cp037").strip()
    digits = content.hex()
    return int(digits[:-1]) * (-1 if digits[-1] in "bd" else 1) / 10**field.scale


def test_a_host_copybook_of_variable_records_is_refused():
    text = (JRECORD / "FCUSDAT.cbl").read_text(encoding="utf-8")
    assert refused(text, "FCUSDAT.cbl") == "CHSC003E"


def test_a_host_copybook_with_comments_out_of_place_loads():
    layout = parse((JRECORD / "DTAR1000.cbl").read_text(encoding="utf-8"), source="DTAR1000.cbl")
    assert (layout["DTAR1000-STORE-NAME"].offset, layout["DTAR1000-STORE-NAME"].length) == (4, 50)


# -- 05: fixed records of Cobrix


@pytest.mark.parametrize(
    ("name", "data", "length"),
    [
        ("test7_fillers.cob", "test7_data__TEST.FILLERS.DEC07.DATA.dat", 60),
        ("test16_fix_len_segments.cob", "test16_data__ENTITY.DB.AUG12.DATA.FIX.LEN.dat", 64),
    ],
)
def test_fixed_files_of_cobrix_divide_into_records(name, data, length):
    folder = CASES / "05-cobrix-odo-redefines-fixed"
    layout = parse((folder / name).read_text(encoding="utf-8"), source=name)
    assert (layout.length, Path(folder / data).stat().st_size % length) == (length, 0)
