"""Files checked together: what is in them, their names, the same record twice, voided records and the right ones."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import check_codes as codes
from chosho.errors import StopLine
from chosho.statement import check_marks
from chosho.statement.check_files import FileResult, Source, check_files
from chosho.statement.check_rules import IDS
from tests.statement.test_check_kinds import CHANGE, COMPANY, DEATH, INDIVIDUAL_310, PLAIN_366, row

Files = dict[str, bytes]


def checked(files: Files, piece: int = 1 << 20) -> list[FileResult]:
    """Return the results of files given by name."""

    def source(name: str, data: bytes) -> Source:
        def read():
            return (data[place : place + piece] for place in range(0, len(data), piece))

        return Source(shown=name, name=name, read=read)

    return check_files([source(name, data) for name, data in files.items()])


def found(files: Files) -> list[tuple[str, int, str]]:
    """Return the findings as (file, record, rule)."""
    return [(one.shown, finding.record, finding.rule) for one in checked(files) for finding in one.findings]


def of_one(name: str, data: bytes) -> list[tuple[int, str]]:
    """Return the findings of one file as (record, rule)."""
    return [(record, rule) for _, record, rule in found({name: data})]


ROWS = {"310": INDIVIDUAL_310, "366": PLAIN_366, "323": DEATH, "386": CHANGE}


@pytest.mark.parametrize("kind", ROWS)
def test_a_good_file_has_no_finding(kind):
    (result,) = checked({f"{kind}dat01.txt": row(ROWS[kind])})
    assert (kind, 1, []) == (result.code, result.totals.records, result.findings)


# -- one file --

GOOD = row(DEATH)
FILES = [
    ("NAME", "323dat1.txt", GOOD),
    ("NAME", "323DAT01.TXT", GOOD),
    ("NAME", "323dat00.txt", GOOD),
    ("NAME", "323dat01.csv", GOOD),
    ("NAME", "375dat01.txt", GOOD),
    ("NAMEKIND", "310dat01.txt", GOOD),
    ("EMPTY", "323dat01.txt", b""),
    ("BOM", "323dat01.txt", b"\xef\xbb\xbf" + GOOD),
]


@pytest.mark.parametrize(("rule", "name", "data"), FILES)
def test_a_file_breaks_exactly_this_rule(rule, name, data):
    assert [(0, rule)] == of_one(name, data)


def test_a_file_of_only_a_mark_is_empty():
    assert {(0, "BOM"), (0, "EMPTY")} == set(of_one("323dat01.txt", b"\xef\xbb\xbf"))


@pytest.mark.parametrize(
    "data", [b"\x00\xff\x12", b"PK\x03\x04", b"311,1\r\n", b'"310",', b"\xff\xfe3\x001\x00"]
)
def test_what_is_no_statement_file_is_found(data):
    assert "UNKNOWN" in {rule for _, rule in of_one("odd.bin", data)}
    assert {(0, "UNKNOWN")} <= set(of_one("310dat01.txt", data))


def test_utf_8_is_named_once_beside_its_broken_items():
    text = ",".join(DEATH).encode() + b"\r\n"
    rules = [rule for _, rule in of_one("323dat01.txt", text)]
    assert rules.count("UTF8") == 1
    assert "UTF8" not in {rule for _, rule in of_one("323dat01.txt", GOOD)}


def test_line_feeds_alone_are_found_on_every_record():
    data = GOOD.replace(b"\r\n", b"\n") + row(COMPANY).replace(b"\r\n", b"\n")
    assert [(1, "CRLF"), (2, "CRLF")] == [one for one in of_one("323dat01.txt", data) if one[1] != "VOIDONLY"]


def test_a_file_of_two_kinds_names_the_records_of_the_other():
    assert [(2, "MIXED")] == of_one("323dat01.txt", GOOD + row(CHANGE) + OTHER_EVENT)


def test_an_encrypted_file_is_named_as_not_checked():
    (result,) = check_files([Source(shown="a", name="310dat01.txt", read=None)])
    assert ([(0, "SEALED")], 1, 0) == (
        [(one.record, one.rule) for one in result.findings],
        result.totals.warnings,
        result.totals.errors,
    )


@pytest.mark.parametrize("first", [b"", GOOD, GOOD * 10_000])
def test_a_file_that_cannot_be_read_to_its_end_is_damaged_and_the_others_are_checked(first):
    def broken():
        yield first
        raise StopLine("CHSM026S", volume="V", name="a")

    bad = Source(shown="bad", name="323dat01.txt", read=broken)
    good = Source(shown="good", name="323dat02.txt", read=lambda: iter([row(COMPANY, i10="0")]))
    results = check_files([bad, good])
    assert "DAMAGED" in results[0].totals.counts
    assert [] == results[1].findings


# -- names together --


@pytest.mark.parametrize(
    ("numbers", "late"),
    [
        (["01", "02", "03"], []),
        (["01", "03"], ["03"]),
        (["02", "03"], []),  # the files of a second disc
        (["01", "04", "05", "07"], ["04", "07"]),
    ],
)
def test_a_gap_in_the_numbers_of_a_kind_is_found(numbers, late):
    files = {
        f"366dat{number}.txt": row(PLAIN_366, i16=f"6{number}000", i20=f"4{number}000", i21="0")
        for number in numbers
    }
    assert [(f"366dat{number}.txt", 0, "SEQUENCE") for number in late] == found(files)


def test_every_kind_counts_for_itself():
    files = {"310dat01.txt": row(INDIVIDUAL_310), "366dat01.txt": row(PLAIN_366), "323dat02.txt": row(DEATH)}
    assert [] == found(files)


def test_a_number_that_comes_twice_is_found():
    one, other = (
        Source(shown=f"{folder}/310dat01.txt", name="310dat01.txt", read=lambda data=data: iter([data]))
        for folder, data in (("a", row(INDIVIDUAL_310)), ("b", row(INDIVIDUAL_310, i14="佐藤　一")))
    )
    assert [[], ["SEQUENCE"]] == [
        [found.rule for found in result.findings] for result in check_files([one, other])
    ]


# -- records side by side --

OTHER_CONTENT = row(DEATH, i12="東京都港区", i44="摘要")
OTHER_EVENT = row(DEATH, i36="27")
OTHER_AMOUNT = row(DEATH, i26="1801", i30="4945801")
VOID = row(DEATH, i10="1")


@pytest.mark.parametrize(
    ("data", "findings"),
    [
        (GOOD + GOOD, [(2, "DUPROW")]),
        (GOOD * 3, [(2, "DUPROW"), (3, "DUPROW")]),
        (GOOD + OTHER_CONTENT, [(2, "DUPKEY")]),
        (GOOD + OTHER_EVENT, []),
        (GOOD + OTHER_AMOUNT, []),
        (VOID, [(1, "VOIDONLY")]),
        (VOID + OTHER_AMOUNT, []),
        (OTHER_AMOUNT + VOID, []),
        (VOID + OTHER_EVENT, [(1, "VOIDONLY")]),
        (VOID + VOID + OTHER_AMOUNT, [(2, "VOIDTWO")]),
        (VOID + VOID, [(1, "VOIDONLY"), (2, "VOIDTWO")]),
        (VOID + row(DEATH, i10="1", i12="東京都港区") + OTHER_AMOUNT, []),
        (GOOD + row(DEATH, i10="x"), [(2, "DIGITS")]),
        (GOOD + GOOD[:-2] + b",\r\n", [(2, "FIELDS")]),
    ],
)
def test_records_are_held_against_each_other(data, findings):
    assert findings == of_one("323dat01.txt", data)


@pytest.mark.parametrize("kind", ROWS)
def test_every_kind_finds_its_duplicates_and_voids(kind):
    items = ROWS[kind]
    good, void = row(items), row(items, i10="1")
    address = {"386": "i11"}.get(kind, "i12")
    again = row(items, **{address: "大阪府大阪市"})
    data = good + good + again + void + void
    assert [(2, "DUPROW"), (3, "DUPKEY"), (5, "VOIDTWO")] == of_one(f"{kind}dat01.txt", data)


def test_records_of_several_files_are_held_against_each_other():
    files = {"323dat01.txt": GOOD + VOID, "323dat02.txt": OTHER_EVENT + GOOD, "323dat03.txt": VOID}
    assert [
        ("323dat02.txt", 2, "DUPROW"),
        ("323dat03.txt", 1, "VOIDTWO"),
    ] == found(files)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_comparing_in_parts_finds_the_same(data):
    names = ["一", "二", "三", "四", "五"]
    rows = [
        row(DEATH, i10=mark, i14=name, i12=address)
        for mark, name, address in itertools.product("01", names, ("東京都港区", "大阪府"))
    ]
    files = {
        f"323dat{number:02d}.txt": b"".join(
            data.draw(st.lists(st.sampled_from(rows), min_size=1, max_size=30))
        )
        for number in (1, 2)
    }
    whole = found(files)
    budget, most = check_marks.BUDGET, check_marks._MOST_PARTS
    try:
        check_marks.BUDGET = data.draw(st.integers(1, 20))
        check_marks._MOST_PARTS = data.draw(st.sampled_from([1, 2, 1024]))
        assert whole == found(files)
    finally:
        check_marks.BUDGET, check_marks._MOST_PARTS = budget, most


# -- anything --


@given(st.lists(st.binary(max_size=300), max_size=3), st.sampled_from([1, 7, 1 << 20]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_can_be_checked(contents, piece):
    files = {f"310dat{number:02d}.txt": data for number, data in enumerate(contents, start=1)}
    for result in checked(files, piece):
        assert result.totals.errors + result.totals.warnings == sum(result.totals.counts.values())


@given(st.sampled_from(list(ROWS)), st.data())
@settings(max_examples=100, deadline=None)
def test_a_good_file_with_any_bytes_put_in_can_be_checked(kind, data):
    whole = bytearray(row(ROWS[kind]) * 3)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(whole)))
        whole[place : place + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=4))
    (result,) = checked({f"{kind}dat01.txt": bytes(whole)})
    assert result.totals.records == whole.count(b"\n") + (not whole.endswith(b"\n"))


def test_every_rule_beyond_the_record_is_tried():
    tried = {rule for rule, _, _ in FILES} | {"UNKNOWN", "UTF8", "SEALED", "DAMAGED", "SEQUENCE"}
    tried |= {"DUPROW", "DUPKEY", "VOIDTWO", "VOIDONLY"}
    assert set(IDS[codes.RULES :]) == tried
