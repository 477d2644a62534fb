"""The payment data records: era items, words, the change of contractor, and independence of batches."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch as batches
from chosho.copybook import load
from chosho.extract import build, contract, decision, payment
from chosho.extract.flow import Extract
from chosho.extract.scope import Scope
from tests.engine import partitioned, streamed
from tests.extract import flows
from tests.extract.flows import chunks, run, sort
from tests.extract.records import CODE_PAGE, CONTRACT, PAYSRC, annuity, host
from tests.extract.records import contract as terms
from tests.extract.records import payment as lump
from tests.extract.worlds import world

SCOPE = Scope.of("310 366 323", "2026")
"""All kinds, so that every rule has its part in what must not depend on batches."""


def built(record, term=None, tax_year=2026):
    """Return the payment data of one payment."""
    (row,) = run(host(PAYSRC, [record]), host(CONTRACT, [term or terms()]), tax_year).data
    return row


@pytest.mark.parametrize(
    ("day", "items"),
    [
        (20190430, ("31", "04", "30")),
        (20190501, ("01", "05", "01")),
        (19890107, ("64", "01", "07")),
        (19890108, ("01", "01", "08")),
        (20240229, ("06", "02", "29")),
        (19880615, ("63", "06", "15")),  # 昭和: the layout has no era, the year alone stands
        (19261225, ("01", "12", "25")),
        (19261224, ("15", "12", "24")),  # 大正
    ],
)
def test_event_days_are_written_in_their_era(day, items):
    row = built(lump(EVENT_DATE=day))
    assert (row["EVENT-YEAR"], row["EVENT-MONTH"], row["EVENT-DAY"]) == items


@pytest.mark.parametrize(("tax_year", "year"), [(2018, "30"), (2019, "01"), (2026, "08")])
def test_the_tax_year_is_the_era_year_of_its_last_day(tax_year, year):
    row = built(lump(EVENT_DATE=20180201, PAYMENT_DATE=tax_year * 10000 + 215), tax_year=tax_year)
    assert row["TAX-YEAR"] == year


def test_a_payment_before_the_change_of_era_keeps_its_own_era_year():
    assert built(lump(EVENT_DATE=20190401, PAYMENT_DATE=20190430), tax_year=2019)["PAYMENT-YEAR"] == "31"


_CHANGED = {
    "CHANGE_COUNT": 2,
    "CHANGE_DATE": 20180101,
    "CHANGE_CAUSE": "2",
    "PREVIOUS_NAME": "架空　前子",
    "PREVIOUS_ADDRESS": "設例県高砂市松原７",
    "CURRENT_PAID_PREMIUM": 123_456,
}


def change_items(row):
    """Return the items of the change of contractor."""
    names = ("CHANGE-FLAG", "PREVIOUS-NAME", "PREVIOUS-ADDRESS", "CHANGE-COUNT", "CURRENT-PAID-PREMIUM")
    return tuple(row[name] for name in names)


def test_a_change_of_contractor_that_counts_fills_items_41_to_44():
    assert change_items(built(lump(), terms(**_CHANGED))) == (
        "1",
        "架空　前子",
        "設例県高砂市松原７",
        "2",
        123_456,
    )


@pytest.mark.parametrize(
    "difference",
    [{"CHANGE_DATE": 20171231}, {"CHANGE_CAUSE": "1"}, {"CHANGE_COUNT": 0}],
    ids=["before 2018", "by death", "none counted"],
)
def test_a_change_that_does_not_count_leaves_them_empty(difference):
    assert change_items(built(lump(), terms(**{**_CHANGED, **difference}))) == ("0", "", "", "", 0)


def inheritance(record, term=None):
    """Return the payment data of one payment of the deck of statement 323."""
    source, master = host(PAYSRC, [record]), host(CONTRACT, [term or terms()])
    (row,) = run(source, master, kinds="323", period="202606", submitted_on=20260715).data
    return row


@pytest.mark.parametrize(
    ("event", "year"),
    [
        (20260601, "08"),
        (20251231, "07"),
        (20190430, "01"),
        (20190501, "01"),
        (20181231, "30"),
        (19890107, "01"),
    ],
)
def test_the_tax_year_of_323_is_that_of_the_event(event, year):
    row = inheritance(lump(TAX_CATEGORY="3", EVENT_CODE="01", EVENT_DATE=event))
    assert (row["STATEMENT-CODE"], row["TAX-YEAR"], row["PAYMENT-YEAR"]) == ("323", year, "08")


def test_323_has_the_day_of_submission_the_dividends_and_its_cause():
    row = inheritance(lump(TAX_CATEGORY="3", EVENT_CODE="01", PREMIUM_DIVIDEND_AMOUNT=777))
    assert [row[f"SUBMISSION-{part}"] for part in ("YEAR", "MONTH", "DAY")] == ["08", "07", "15"]
    assert (row["PREMIUM-DIVIDEND-AMOUNT"], row["CAUSE-DATE"], row["EVENT-TEXT"]) == (777, 20260601, "死亡")


def test_310_and_366_have_no_day_of_submission_and_an_annuity_its_payment_as_cause():
    assert built(lump())["SUBMISSION-YEAR"] == ""
    assert built(annuity())["CAUSE-DATE"] == 20260615


@pytest.mark.parametrize(("event", "flag"), [(20171231, "0"), (20180101, "1")])
def test_323_has_the_change_from_the_events_of_2018_on(event, flag):
    record = lump(TAX_CATEGORY="3", EVENT_CODE="01", EVENT_DATE=event)
    row = inheritance(record, terms(**_CHANGED))
    assert (row["CHANGE-FLAG"], row["CHANGE-COUNT"]) == (flag, "2" if flag == "1" else "")


def test_annuities_and_the_years_before_2018_have_no_change_items():
    assert change_items(built(annuity(), terms(**_CHANGED))) == ("0", "", "", "", 0)
    early = lump(PAYMENT_DATE=20170601, EVENT_DATE=20170501)
    assert change_items(built(early, terms(**_CHANGED), 2017)) == ("0", "", "", "", 0)


_INHERITED = {
    "INHERITED_FLAG": "1",
    "TAX_CATEGORY": "3",
    "INHERITED_START_DATE": 20120401,
    "INHERITED_REMAINING_YEARS": 9,
    "INHERITED_RATIO": 45_500,
}


def test_an_inherited_annuity_has_its_items_and_the_ratio_in_two_parts():
    row = built(annuity(**_INHERITED))
    assert [row[f"INHERITED-START-{part}"] for part in ("YEAR", "MONTH", "DAY")] == ["24", "04", "01"]
    assert (row["INHERITED-REMAINING-YEARS"], row["INHERITED-AGE-AT-START"]) == ("09", "00")
    assert (row["INHERITED-RATIO-INTEGER"], row["INHERITED-RATIO-DECIMAL"]) == ("045", "500")


def test_another_annuity_leaves_them_empty():
    row = built(annuity(**{**_INHERITED, "INHERITED_FLAG": "0", "TAX_CATEGORY": "2"}))
    names = ("START-YEAR", "REMAINING-YEARS", "RATIO-INTEGER", "RATIO-DECIMAL")
    assert {row[f"INHERITED-{name}"] for name in names} == {""}


def test_a_host_character_that_cp932_lacks_is_marked_not_rejected():
    unknown_to_cp932 = bytes.fromhex("d4f4")
    result = run(
        host(PAYSRC, [lump(PAYEE_NAME=unknown_to_cp932 + b"\x40\x40" * 29)]), host(CONTRACT, [terms()])
    )
    if result.rejected:
        pytest.skip("the code stands for no character of this host page")
    assert batches.view(load("PAYDATA").named(), result.paydata, "PAYEE-NAME")[0, :2].tobytes() == b"\xf9\xfc"


def _inputs(seed):
    """Return sorted PAYWORK records and keyed contracts of a random world."""
    records, contracts = world(seed)
    extract = Extract(payments=(PAYSRC, CODE_PAGE), contracts=(CONTRACT, CODE_PAGE), scope=SCOPE, obligor={})
    source = host(PAYSRC, records)
    candidates, verdicts = zip(*extract.candidates(chunks(source, 50)), strict=True)
    judged = [*verdicts, extract.decide(sort(list(candidates), decision.PAYMENT_KEY))]
    kept = [found for found, _ in extract.kept(chunks(source, 50), [sort(judged, 8)])]
    master = np.concatenate(list(contract.keyed(chunks(host(CONTRACT, contracts), 9), CONTRACT, CODE_PAGE)))
    return sort(kept, payment.KEY_LENGTH), master


RULE = functools.partial(
    build.build,
    parameters=build.Parameters(scope=SCOPE, obligor={}, master=CONTRACT, code_page=CODE_PAGE),
)


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_building_does_not_depend_on_the_cuts_of_batches(cuts):
    payments, master = _inputs(3)
    whole = streamed(RULE, payments, master, payment.POLICY_KEY, [10_000])
    assert streamed(RULE, payments, master, payment.POLICY_KEY, cuts) == whole


@pytest.mark.parametrize("seed", [3, 4])
def test_a_partitioned_engine_builds_the_same_bytes(seed):
    payments, master = _inputs(seed)
    whole = streamed(RULE, payments, master, payment.POLICY_KEY, [10_000])
    assert partitioned(RULE, payments, master, payment.POLICY_KEY, order=(19, 11)) == whole


@pytest.mark.parametrize("seed", [5, 6])
def test_a_partitioned_engine_decides_the_same(seed):
    records, _contracts = world(seed)
    extract = Extract(payments=(PAYSRC, CODE_PAGE), contracts=(CONTRACT, CODE_PAGE), scope=SCOPE, obligor={})
    ((found, _faulty),) = extract.candidates(chunks(host(PAYSRC, records), 1000))
    rules = decision.Parameters(scope=SCOPE)
    nothing = np.empty((0, 11), np.uint8)

    def rule(left, _right):
        return {"verdicts": decision.decide(left, rules)}

    ordered = sort([found], decision.PAYMENT_KEY)
    whole = {"verdicts": extract.decide(ordered).tobytes()}
    assert partitioned(rule, found, nothing, decision.GROUP_KEY, order=(decision.PAYMENT_KEY, 11)) == whole
    assert streamed(rule, ordered, nothing, decision.GROUP_KEY, [3, 1, 7]) == whole


def test_numbering_counts_on_from_the_given_place():
    blank = np.zeros((3, load("PAYDATA").length), np.uint8)
    build.number(blank, 41)
    assert [row["PLACE"] for row in flows.rows(load("PAYDATA"), blank)] == [41, 42, 43]
