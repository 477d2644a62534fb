"""Random payments: the builder agrees with the plain model, the validator finds nothing, and batches do not matter."""

import itertools

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch
from chosho.statement import entry
from chosho.statement.build import KINDS, build
from chosho.statement.check import check_bytes
from chosho.statement.ledger import entries, rows
from chosho.statement.parameters import Parameters
from tests.engine import partitioned, streamed
from tests.model.statement import Row
from tests.statement.records import Values, block, pair
from tests.statement.worlds import payments

PARAMETERS = Parameters(tax_year=2026)


def modelled(found: list[Values], numbers: list[Values]) -> dict[str, list[Row]]:
    """Return the statements of the model by kind, in the order of their first payments."""
    out: dict[str, list[Row]] = {code: [] for code in KINDS}
    beside = {id(payment): number for payment, number in zip(found, numbers, strict=True)}
    for payment in found:
        if payment["STATEMENT-CODE"] != "366":
            out[str(payment["STATEMENT-CODE"])].append(Row([payment], beside[id(payment)], 2026))
    annuities = [payment for payment in found if payment["STATEMENT-CODE"] == "366"]
    for _, group in itertools.groupby(
        annuities,
        key=lambda payment: tuple(payment[name] for name in ("POLICY-NO", "PAYEE-NO", "INHERITED-FLAG")),
    ):
        several = list(group)
        out["366"].append(Row(several, beside[id(several[0])], 2026))
    return out


@given(payments())
@settings(max_examples=150, deadline=None)
def test_the_builder_agrees_with_the_plain_model(world):
    found, numbers = world
    outputs = build(*pair(found, numbers), PARAMETERS)
    model = modelled(found, numbers)
    expected_changes = []
    for code in KINDS:
        lines = [row.made() for row in model[code]]
        expected = b"".join(",".join(line).encode("cp932") + b"\r\n" for line in lines)
        assert expected == bytes(rows(outputs, code))
        for row in model[code]:
            key = "".join(
                str(row.first[name]) for name in ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO")
            )
            expected_changes += [f"{key}{code}{item:02d}{rule}" for item, rule in row.changes]
    actual_changes = [bytes(record).decode().rstrip() for record in batch.block(outputs["changes"])]
    assert sorted(expected_changes) == sorted(actual_changes)


@given(payments())
@settings(max_examples=100, deadline=None)
def test_what_the_builder_writes_the_validator_finds_clean(world):
    outputs = build(*pair(*world), PARAMETERS)
    for code in KINDS:
        result = check_bytes(code, [rows(outputs, code)], tax_year=2026)
        broken = {finding.rule for finding in result.findings if finding.severity == "E"}
        # An extract may give a name or obligor's item that comes out empty; that is for the check to say.
        assert broken <= {"REQUIRED"}
        assert len(outputs[f"k{code}"]) == result.totals.records
        amounts = np.ascontiguousarray(entries(outputs, code)[:, entry.INDEX :]).view(np.int64)
        assert list(result.totals.amounts) == amounts.sum(axis=0)[: len(result.amounts)].tolist()


@given(payments())
@settings(max_examples=60, deadline=None)
def test_any_cut_between_policies_gives_the_same_bytes(world):
    found, numbers = world
    whole = build(*pair(found, numbers), PARAMETERS)
    places = [{**payment, "PLACE": place} for place, payment in enumerate(found)]
    key = ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO", "PLACE")
    sides = [
        {**number, **{name: payment[name] for name in key}}
        for number, payment in zip(numbers, places, strict=True)
    ]
    parts = []
    for _, group in itertools.groupby(range(len(places)), key=lambda row: places[row]["POLICY-NO"]):
        own = list(group)
        left, right = (
            block("PAYDATA", [places[row] for row in own]),
            block("MATCH", [sides[row] for row in own]),
        )
        parts.append(build(batch.to_batch(left), batch.to_batch(right), PARAMETERS))
    for code in KINDS:
        assert bytes(rows(whole, code)) == b"".join(bytes(rows(part, code)) for part in parts)
        assert entries(whole, code).tobytes() == b"".join(entries(part, code).tobytes() for part in parts)
    assert batch.block(whole["changes"]).tobytes() == b"".join(
        batch.block(part["changes"]).tobytes() for part in parts
    )


def as_blocks(left: pa.RecordBatch, right: pa.RecordBatch) -> dict[str, pa.RecordBatch]:
    """The rule with every output as records of a fixed length, as the engines of the tests want them."""
    outputs = build(left, right, PARAMETERS)
    found = {"changes": outputs["changes"]}
    for code in KINDS:
        data = np.frombuffer(bytes(rows(outputs, code)), np.uint8)
        found[f"rows {code}"] = batch.to_batch(data.reshape(-1, 1))
        found[f"entries {code}"] = batch.to_batch(entries(outputs, code))
    return found


@given(payments(), st.lists(st.integers(1, 5), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_cogroup_and_a_partitioned_engine_give_the_same_bytes(world, cuts):
    left, right = (batch.block(side) for side in pair(*world))
    whole = {name: batch.block(output).tobytes() for name, output in as_blocks(*pair(*world)).items()}
    assert whole == streamed(as_blocks, left, right, 11, cuts)
    assert whole == partitioned(as_blocks, left, right, 11, order=(19, 19))
