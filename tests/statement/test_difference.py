"""The difference: worlds submitted and built anew, and what enters the statements in force."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch
from chosho.dataset.cogroup import cogroup
from chosho.errors import Contradiction, InputRefused, StopLine
from chosho.statement import copies, correction, difference, entry, force, layout
from chosho.statement.copies import Copies
from chosho.statement.difference import Comparison
from chosho.statement.parameters import Parameters

YEAR = "2026"
PARAMETERS = Parameters(tax_year=2026)
Key = tuple[str, str, str, str]
"""Policy, role, payee, payment."""
World = dict[Key, bytes]
"""Key of a statement → its row."""


def row(code: str, yen: int, name: str = "山田　太郎", mark: str = "0", **items: str) -> bytes:
    """Return a row whose first amount is ``yen``."""
    statement = layout.load(code)
    cells = ["" for _ in statement.items]
    cells[0] = code
    cells[3] = name
    cells[next(item.number for item in statement.items if item.name == "訂正表示") - 1] = mark
    cells[statement.amounts[0].number - 1] = str(yen)
    for number, text in items.items():
        cells[int(number[1:]) - 1] = text
    return (",".join(cells) + "\r\n").encode("cp932")


def records(
    code: str, world: World, places: dict[Key, tuple[int, int]] | None = None
) -> tuple[batch.Block, bytes]:
    """Return FORCE records in key order and the copy in which their rows stand end to end; or at the places given."""
    block = np.full((len(world), force.LRECL), ord(" "), np.uint8)
    data = b""
    for number, key in enumerate(sorted(world)):
        block[number, : force.KEY] = np.frombuffer((YEAR + code + "".join(key)).encode(), np.uint8)
        block[number, force.fields()["FILING-CLASS"].offset] = force.NEW
        generation, offset = places[key] if places else (0, len(data))
        values = {
            "ROW-OFFSET": offset,
            "ROW-LENGTH": len(world[key]),
            "PAYMENTS": 1,
            "COPY-GENERATION": generation,
        }
        for name, value in values.items():
            batch.view(force.fields(), block[number : number + 1], name)[:] = value
        data += world[key]
    return block, data


def beside(code: str, block: batch.Block, data: bytes) -> pa.RecordBatch:
    return Copies(code, lambda _kind, _number: iter([memoryview(data)])).beside(block)


def compared(code: str, old: World, new: World, **options: object) -> dict[str, pa.RecordBatch]:
    rule = Comparison.of(code, PARAMETERS, **options)
    return dict(
        difference.difference(beside(code, *records(code, old)), beside(code, *records(code, new)), rule)
    )


@dataclass(frozen=True)
class Sent:
    """A statement that goes out."""

    key: Key
    filing: str
    row: bytes


def sent(outputs: dict[str, pa.RecordBatch]) -> list[Sent]:
    found = []
    for one in outputs[difference.SENT].to_pylist():
        key = one["entry"][:19].decode()
        filing = chr(one["entry"][entry.fields()["FILING-CLASS"].offset])
        found.append(Sent((key[:11], key[11:13], key[13:15], key[15:]), filing, one["row"]))
    return found


def listed(outputs: dict[str, pa.RecordBatch]) -> list[tuple[str, str, str]]:
    """Return payment, what, item of each record of the list."""
    texts = [record.tobytes().decode() for record in batch.block(outputs[difference.LISTED])]
    return [(text[22:26], text[26], text[27:29]) for text in texts]


def voided(code: str, submitted: bytes) -> bytes:
    place = next(item.number for item in layout.load(code).items if item.name == "訂正表示") - 1
    cells = submitted.split(b",")
    assert cells[place] == b"0"
    return b",".join([*cells[:place], b"1", *cells[place + 1 :]])


def k(payment: str, payee: str = "01", policy: str = "10000000001") -> Key:
    return (policy, "02", payee, payment)


# One case each --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["310", "366", "323", "386"])
def test_new_changed_gone_and_same(code: str) -> None:
    old = {k("0001", f"{payee:02d}"): row(code, payee) for payee in (1, 2, 3)}
    new = {k("0001", "01"): row(code, 1), k("0001", "02"): row(code, 20), k("0001", "04"): row(code, 4)}
    outputs = compared(code, old, new)
    assert sent(outputs) == [
        Sent(k("0001", "02"), "4", voided(code, row(code, 2))),
        Sent(k("0001", "02"), "3", row(code, 20)),
        Sent(k("0001", "03"), "4", voided(code, row(code, 3))),
        Sent(k("0001", "04"), "2", row(code, 4)),
    ]
    amount = f"{layout.load(code).amounts[0].number:02d}"
    assert [found[1:] for found in listed(outputs)] == [("C", amount), ("G", "00"), ("N", "00")]


@pytest.mark.parametrize("code", ["323", "386"])
def test_the_day_of_submission_is_no_content(code: str) -> None:
    names = [item for item in layout.load(code).items if item.name.startswith("提出年月日")]
    assert len(names) == 3
    other = {f"i{item.number}": "09" for item in names}
    assert sent(compared(code, {k("0001"): row(code, 1)}, {k("0001"): row(code, 1, **other)})) == []


def test_the_last_item_is_content_and_so_is_a_longer_text() -> None:
    for item in (4, 44):
        outputs = compared(
            "310", {k("0001"): row("310", 1)}, {k("0001"): row("310", 1, **{f"i{item}": "１"})}
        )
        assert listed(outputs) == [("0001", "C", f"{item:02d}")]


def test_one_annuity_of_a_payee_is_the_same_statement_whichever_payment_is_first() -> None:
    assert sent(compared("366", {k("0001"): row("366", 7)}, {k("0002"): row("366", 7)})) == []
    outputs = compared("366", {k("0001"): row("366", 7)}, {k("0002"): row("366", 8)})
    assert [(one.key[3], one.filing) for one in sent(outputs)] == [("0001", "4"), ("0002", "3")]
    assert [
        (one.key[3], one.filing)
        for one in sent(compared("310", {k("0001"): row("310", 7)}, {k("0002"): row("310", 7)}))
    ] == [
        ("0001", "4"),
        ("0002", "2"),
    ]


def test_several_annuities_of_a_payee_are_told_apart_by_their_first_payment() -> None:
    old = {k("0001"): row("366", 1), k("0003"): row("366", 3)}
    outputs = compared("366", old, {k("0003"): row("366", 3)})
    assert [(one.key[3], one.filing) for one in sent(outputs)] == [("0001", "4")]


@pytest.mark.parametrize(
    ("listed_key", "filings", "held"),
    [("310|0001", "4", 1), ("310|0002", "", 1), ("366|0001", "43", 0), ("310|0009", "43", 0)],
)
def test_what_the_list_cancels_is_voided_alone_or_never_sent(
    listed_key: str, filings: str, held: int
) -> None:
    code, payment = listed_key.split("|")
    cancel = np.frombuffer((code + "".join(k(payment))).ljust(32).encode(), np.uint8).reshape(1, 32)
    new = {k("0001"): row("310", 2)} | ({k("0002"): row("310", 9)} if payment == "0002" else {})
    old = {k("0001"): row("310", 2 if payment == "0002" else 1)}
    outputs = compared("310", old, new, cancelled=cancel)
    assert "".join(one.filing for one in sent(outputs)) == filings
    totals = correction.Totals(["310"])
    totals.take("310", difference.WHOLE, (records("310", old)[0], records("310", new)[0]), outputs)
    assert dict(totals.counts())["held"] == held


def test_a_cancelled_annuity_is_named_without_its_payment() -> None:
    cancel = np.frombuffer(("366" + "".join(k("    "))).ljust(32).encode(), np.uint8).reshape(1, 32)
    outputs = compared("366", {k("0001"): row("366", 1)}, {k("0002"): row("366", 1)}, cancelled=cancel)
    assert [(one.key[3], one.filing) for one in sent(outputs)] == [("0001", "4")]


def test_a_row_that_is_marked_or_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(Contradiction, match="CHSN072E"):
        compared("310", {k("0001"): row("310", 1, mark="1")}, {})
    with pytest.raises(Contradiction, match="CHSN072E"):
        compared("310", {}, {k("0001"): row("310", 1, mark="")})
    block, data = records("310", {k("0001"): row("310", 1)})
    twice = beside("310", block, data)
    doubled = pa.concat_batches([twice, twice])
    with pytest.raises(Contradiction, match="CHSN071E"):
        difference.difference(doubled, twice, Comparison.of("310", PARAMETERS))


def test_yen_are_counted_from_the_rows_that_go_out() -> None:
    amounts = [item.number for item in layout.load("310").amounts]
    full = row("310", 1, **{f"i{number}": str(number * 1_000_003) for number in amounts})
    (one,) = compared("310", {}, {k("0001"): full})[difference.SENT].to_pylist()
    yen = np.frombuffer(one["entry"][entry.INDEX :], np.int64)[: len(amounts)].tolist()
    assert yen == [number * 1_000_003 for number in amounts]


@pytest.mark.parametrize("scope", ["SOME", "", "all"])
def test_an_unknown_scope_is_refused(scope: str) -> None:
    with pytest.raises(InputRefused, match="CHSN070E"):
        Comparison.of("310", PARAMETERS, scope=scope)


@pytest.mark.parametrize("kinds", ["", "310 310"])
def test_kinds_are_named_once(kinds: str) -> None:
    with pytest.raises(InputRefused, match="CHSN070E"):
        difference.kinds(kinds)
    assert difference.kinds("310 366") == ["310", "366"]


def test_only_a_whole_year_is_compared() -> None:
    assert correction.year("2026") == "2026"
    for period in ("202601", "26", "２０２６", ""):
        with pytest.raises(InputRefused, match="CHSN002E"):
            correction.year(period)


def test_a_list_of_cancellations_is_short() -> None:
    block = np.zeros((60_000, 32), np.uint8)
    assert len(correction.cancelled([block])) == 60_000
    with pytest.raises(InputRefused, match="CHSN075E"):
        correction.cancelled([block, block])


# Rows out of copies ---------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.data())
def test_rows_are_found_in_their_copies_however_the_streams_are_cut(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=12))
    copies_of: dict[int, bytes] = {1: b"", 2: b"", 7: b""}
    world: World = {}
    places: dict[Key, tuple[int, int]] = {}
    for number, content in enumerate(rows):
        generation = data.draw(st.sampled_from(sorted(copies_of)))
        if data.draw(st.booleans()):
            key = k(f"{number:04d}")
            world[key], places[key] = content, (generation, len(copies_of[generation]))
        copies_of[generation] += content
    size = data.draw(st.integers(1, 20))

    def opened(_kind: str, generation: int) -> Iterator[memoryview]:
        whole = copies_of[generation]
        return iter([memoryview(whole[at : at + size]) for at in range(0, len(whole), size)])

    block, _ = records("310", world, places)
    reader = Copies("310", opened)
    cut = data.draw(st.integers(0, len(block)))
    found = [
        one
        for part in (block[:cut], block[cut:])
        for one in reader.beside(part).column(copies.ROW).to_pylist()
    ]
    assert found == [world[key] for key in sorted(world)]


def test_a_row_that_is_not_there_stops_the_line() -> None:
    block, data = records("310", {k("0001"): b"abc", k("0002"): b"def"})
    with pytest.raises(StopLine, match="CHSN073S"):
        beside("310", block, data[:-1])
    with pytest.raises(StopLine, match="CHSN073S"):
        beside("310", block[::-1].copy(), data)


# Worlds ---------------------------------------------------------------------------------------------------------------

keys = st.tuples(
    st.sampled_from(["10000000001", "1000000000A", "20000000002"]),
    st.just("02"),
    st.sampled_from(["01", "02"]),
    st.sampled_from(["0001", "0002", "0003"]),
)


def worlds(code: str) -> st.SearchStrategy[World]:
    return st.dictionaries(keys, st.integers(0, 3).map(lambda yen: row(code, yen)), max_size=12)


def entered(
    code: str, block: batch.Block, outputs: dict[str, pa.RecordBatch], generation: int
) -> force.Entered:
    """Enter what goes out, placed as the totals place it, into the statements in force."""
    totals = correction.Totals([code])
    placed = totals.take(code, difference.WHOLE, (block, block[:0]), outputs)
    coming = force.of_index(placed.index, YEAR, generation)
    order = np.argsort(force.keys(coming), kind="stable")
    return force.enter(batch.to_batch(block), batch.to_batch(np.ascontiguousarray(coming[order])))


@pytest.mark.parametrize("code", ["310", "366"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_statements_in_force_become_those_of_the_fresh_world(code: str, data: st.DataObject) -> None:
    """Three years on: whatever is built, after the difference is entered the same contents stand in force, each once."""
    copy: dict[int, bytes] = {}
    stands = np.empty((0, force.LRECL), np.uint8)

    def content(block: batch.Block) -> list[tuple[str, bytes]]:
        reader = Copies(code, lambda _kind, number: iter([memoryview(copy[number])]))
        rows = reader.beside(block).column(copies.ROW).to_pylist()
        return [
            (record[: force.GROUP].tobytes().decode(), one) for record, one in zip(block, rows, strict=True)
        ]

    for generation in (1, 2, 3):
        new = data.draw(worlds(code))
        fresh = beside(code, *records(code, new))
        old = Copies(code, lambda _kind, number: iter([memoryview(copy[number])])).beside(stands)
        outputs = dict(difference.difference(old, fresh, Comparison.of(code, PARAMETERS)))
        went = sent(outputs)
        assert all(one.row.split(b",")[9] == (b"1" if one.filing == "4" else b"0") for one in went)
        before = [(group, voided(code, one)) for group, one in content(stands)]
        for one in went:
            assert one.filing != "4" or (YEAR + code + "".join(one.key[:3]), one.row) in before
        copy[generation] = b"".join(one.row for one in went)
        made = entered(code, stands, outputs, generation)
        assert (made.twice, made.astray) == (0, 0)
        stands = batch.block(made.force)
        assert sorted(content(stands)) == sorted(
            (YEAR + code + "".join(key[:3]), one) for key, one in new.items()
        )
        again = dict(
            difference.difference(
                Copies(code, lambda _kind, number: iter([memoryview(copy[number])])).beside(stands),
                fresh,
                Comparison.of(code, PARAMETERS),
            )
        )
        assert sent(again) == []


@pytest.mark.parametrize("code", ["310", "366"])
@settings(deadline=None)
@given(data=st.data())
def test_any_cut_of_the_streams_gives_the_same(code: str, data: st.DataObject) -> None:
    old, new = data.draw(worlds(code)), data.draw(worlds(code))
    whole = compared(code, old, new)
    sides = [records(code, world) for world in (old, new)]
    readers = [
        Copies(code, lambda _kind, _number, data=content: iter([memoryview(data)])) for _, content in sides
    ]
    size = data.draw(st.integers(1, 4))
    streams = [
        iter([block[:0], *(block[at : at + size] for at in range(0, len(block), size))]) for block, _ in sides
    ]
    rows: list[dict[str, bytes]] = []
    lists = b""
    for left, right in cogroup(*streams, force.GROUP, target=1):
        found = difference.difference(
            readers[0].beside(left), readers[1].beside(right), Comparison.of(code, PARAMETERS)
        )
        rows += found[difference.SENT].to_pylist()
        lists += batch.block(found[difference.LISTED]).tobytes()
    assert rows == whole[difference.SENT].to_pylist()
    assert lists == batch.block(whole[difference.LISTED]).tobytes()


@pytest.mark.parametrize("code", ["310", "366"])
@settings(deadline=None)
@given(data=st.data())
def test_the_parts_of_a_difference_are_the_whole(code: str, data: st.DataObject) -> None:
    old, new = data.draw(worlds(code)), data.draw(worlds(code))
    whole = sent(compared(code, old, new))
    apart = [sent(compared(code, old, new, part=part)) for part in correction.parts("apart")]
    assert apart == [[one for one in whole if one.filing == filing] for filing in "243"]
    added, corrections = (sent(compared(code, old, new, part=part)) for part in correction.parts("together"))
    assert added == apart[0]
    assert corrections == [one for one in whole if one.filing != "2"]
    scopes = [sent(compared(code, old, new, scope=scope)) for scope in ("NEW", "CORRECTIONS")]
    assert scopes[0] == [one for one in whole if one.filing == "2"]
    assert scopes[1] == [one for one in whole if one.filing != "2"]


# Entering -------------------------------------------------------------------------------------------------------------


def entry_of(payment: str, filing: int, place: int = 0, generation: int = 1) -> batch.Block:
    block, _ = records("310", {k(payment): b"x"})
    block[:, force.fields()["FILING-CLASS"].offset] = filing
    batch.view(force.fields(), block, "ROW-OFFSET")[:] = place
    batch.view(force.fields(), block, "COPY-GENERATION")[:] = generation
    return block


@pytest.mark.parametrize(
    ("coming", "counts"),
    [
        ([("0001", force.VOID, 0, 1)], (0, 1, 0, 0)),
        ([("0001", force.VOID, 0, 1), ("0001", force.RIGHT, 5, 2)], (1, 1, 0, 0)),
        ([("0002", force.ADDED, 5, 2)], (1, 0, 0, 0)),
        ([("0001", force.ADDED, 5, 2)], (0, 0, 1, 0)),
        ([("0001", force.VOID, 9, 1)], (0, 0, 0, 1)),
        ([("0001", force.VOID, 0, 2)], (0, 0, 0, 1)),
        ([("0001", force.VOID, 0, 1), ("0001", force.VOID, 0, 1)], (0, 1, 0, 1)),
        ([("0002", force.VOID, 0, 1)], (0, 0, 0, 1)),
        ([("0002", force.NEW, 0, 2), ("0002", force.NEW, 1, 2)], (1, 0, 1, 0)),
        ([], (0, 0, 0, 0)),
    ],
)
def test_nothing_enters_twice_and_nothing_is_voided_twice(
    coming: list[tuple[str, int, int, int]], counts: tuple[int, int, int, int]
) -> None:
    held = entry_of("0001", force.NEW)
    came = np.concatenate([held[:0], *(entry_of(*one) for one in coming)])
    made = force.enter(batch.to_batch(held), batch.to_batch(came))
    assert (made.added, made.voided, made.twice, made.astray) == counts
    assert len(batch.block(made.force)) == 1 + made.added - made.voided


def test_a_kind_without_its_copy_is_refused() -> None:
    index = entry.blank("310", 2)[:, : entry.INDEX].copy()
    with pytest.raises(Contradiction, match="CHSN078E"):
        force.of_submission(index, YEAR, {"366": 1}, dt.date(2027, 1, 29))
    made = force.of_submission(index, YEAR, {"310": 4}, dt.date(2027, 1, 29))
    assert batch.view(force.fields(), made, "COPY-GENERATION").tolist() == [4, 4]
    assert made[0, force.fields()["SUBMITTED-ON"].offset :][:8].tobytes() == b"20270129"
    assert made[0, force.fields()["FILING-CLASS"].offset] == force.NEW
