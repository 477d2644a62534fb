"""Requests beside contract master and payee register: kana names end to end, records in doubt, annuities, empty files."""

import pytest

from chosho.registration.channels import COUNTER, MAIL, ONLINE
from tests.registration.intakes import COMPANY, CONTRACTOR, CONTRACTS, DELETION, MY_PAGE, PAYEES, World, alone


@pytest.mark.parametrize(
    ("registered", "given", "agrees"),
    [
        ("ｶｸｳ ｼﾖｳｺ", "ｶｸｳ ｼｮｳｺ", True),
        ("ｶｸｳ ｼｮｳｺ", "ｶｸｳｼﾖｳｺ", True),
        ("ｶｸｳ ﾕｳｺ", "ｶｸｳ･ﾕｳｺ", True),
        ("ｶｸｳ ｺｰﾋ", "ｶｸｳ ｺ-ﾋ", True),
        ("ｶｸｳ ｺｰﾋ", "ｶｸｳ ｺ－ﾋ", True),
        ("ｶｸｳ ﾊﾞﾊﾟ", "カクウ　バパ", True),
        ("カクウ　バパ", "ｶｸｳ ﾊﾞﾊﾟ", True),
        ("ｶｸｳ ﾊﾞﾊﾟ", "かくう　ばぱ", True),
        ("ABC ｼﾖｳｼﾞ", "ａｂｃ　ｼｮｳｼﾞ", True),
        ("ｶｸｳ ﾊﾅｺ", "ｶｸｳ ﾊﾞﾅｺ", False),
        ("ｶｸｳ ｵｵﾉ", "ｶｸｳ ｵｰﾉ", False),
        ("ｶｸｳ ﾂﾁﾔ", "ｶｸｳ ﾂﾁﾔﾏ", False),
        ("", "ｶｸｳ ﾊﾅｺ", False),
        ("", "", False),
        ("･", "･", False),
    ],
)
@pytest.mark.parametrize("channel", [COUNTER, ONLINE], ids=["EBCDIC", "CP932"])
def test_kana_names_agree_as_the_rule_of_names_has_it(channel, registered, given, agrees):
    payees = [{**payee, "PAYEE-KANA": registered} for payee in PAYEES]
    expected = [] if agrees else [("KANA", "REGISTRANT-KANA")]
    assert alone(channel, {"REGISTRANT-KANA": given}, world=World(payees=payees)).reasons == expected
    contracts = [{**one, "CONTRACTOR-KANA": registered} for one in CONTRACTS]
    who = MY_PAGE if channel is ONLINE else CONTRACTOR
    result = alone(channel, who, {"REGISTRANT-KANA": given}, world=World(contracts=contracts))
    assert result.reasons == expected


def test_a_master_record_that_stands_twice_is_in_doubt():
    twice = [CONTRACTS[0], CONTRACTS[0], CONTRACTS[1]]
    for cuts in ([1], [1000]):
        assert alone(COUNTER, world=World(contracts=twice, cuts=cuts)).reasons == [("NPOL", "POLICY-NO")]
        payees = [PAYEES[0], *PAYEES]
        assert alone(COUNTER, world=World(payees=payees, cuts=cuts)).reasons == [("NPAY", "PAYEE-NO")]
        assert alone(COUNTER, COMPANY, world=World(payees=payees, cuts=cuts)).reasons == []


def test_a_master_record_that_cannot_be_read_agrees_with_nothing():
    bad = b"\x0e\x41\x40"
    payees = [{**payee, "PAYEE-KANA": bad} for payee in PAYEES]
    assert alone(COUNTER, world=World(payees=payees)).reasons == [("KANA", "REGISTRANT-KANA")]
    payees = [{**payee, "PAYEE-PARTY": bad[:1]} for payee in PAYEES]
    assert alone(COUNTER, world=World(payees=payees)).reasons == [("PRTY", "INDIVIDUAL-NO")]


def test_an_annuity_is_registered_only_while_the_contract_pays_one():
    for status, expected in (
        ("1", [("ROLE", "RECIPIENT-TYPE")]),
        ("2", []),
        ("3", [("ROLE", "RECIPIENT-TYPE")]),
    ):
        contracts = [{**one, "CONTRACT-STATUS": status} for one in CONTRACTS]
        assert alone(MAIL, world=World(contracts=contracts)).reasons == expected


def test_no_offices_terminals_or_approvers_at_all():
    assert alone(COUNTER, world=World(offices=())).reasons == [("OFFC", "OFFICE-NO")]
    assert alone(COUNTER, world=World(terminals=())).reasons == [("TRML", "TERMINAL-ID")]
    assert alone(COUNTER, DELETION, world=World(approvers=())).reasons == [("APRV", "APPROVER-ID")]
    assert alone(ONLINE, world=World(offices=(), terminals=(), approvers=())).reasons == []


def test_no_contracts_and_no_payees_at_all():
    assert alone(COUNTER, world=World(contracts=(), payees=())).reasons == [("NPOL", "POLICY-NO")]
    assert alone(COUNTER, world=World(payees=())).reasons == [("NPAY", "PAYEE-NO")]
