"""Requests by themselves and beside the contract system: each reason from a sound request with one change, and what is sound."""

import re

import pytest

from chosho.codec.fault import Reason
from chosho.registration import decision, returns
from chosho.registration.channels import CHANNELS, COUNTER, MAIL, MOBILE, ONLINE, Channel
from tests.match.masters import corporate, individual
from tests.registration.intakes import (
    ANNUITY_POLICY,
    APPROVERS,
    COMPANY,
    COMPANY_NUMBER,
    CONTRACTOR,
    DAY,
    DELETION,
    HOST,
    KEY_ID,
    MY_PAGE,
    NOT_OBTAINED,
    NUMBER,
    POLICY,
    TERMINALS,
    alone,
)


def _id(value):
    return value.name if isinstance(value, Channel) else str(value)


BARE = {"DOCUMENT-KIND": "", "VERIFIED": ""}
WRONG_DIGIT = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
WRONG_CORPORATE = str(int(COMPANY_NUMBER[0]) % 9 + 1) + COMPANY_NUMBER[1:]
WIDE_NUMBER = b"\x0e\x42\xf1\x42\xf2\x42\xf3\x42\xf4\x42\xf5\x0f"

SOUND = [
    (COUNTER, {}),
    (MOBILE, {}),
    (ONLINE, {}),
    (MAIL, {}),
    (COUNTER, CONTRACTOR),
    (COUNTER, COMPANY),
    (MOBILE, {"REQUEST-KIND": "2"}),
    (COUNTER, DELETION),
    (COUNTER, {**DELETION, **BARE}),
    (MAIL, DELETION),
    (COUNTER, NOT_OBTAINED),
    (MOBILE, {**NOT_OBTAINED, **BARE}),
    (ONLINE, MY_PAGE),
    (COUNTER, {"TERMINAL-ID": "C100000004"}),
    (COUNTER, {"TERMINAL-ID": "C200000001", "TERMINAL-TYPE": "C2"}),
    (COUNTER, {"ACCEPTED-AT": DAY + "235959"}),
    (COUNTER, {"ACCEPTED-AT": "20270111000000"}),
    (COUNTER, {"REASON-CODE": "00"}),
    (COUNTER, {"CORPORATE-NO": "0000000000000"}),
    (COUNTER, {"DOCUMENT-KIND": "09"}),
    (COUNTER, {"APPROVER-ID": "NOBODY"}),
    (ONLINE, {"PF-KEY-ID": "a"}),
    (ONLINE, {"PF-STORED-AT": DAY + "235959"}),
]

RECORD = [
    ("POLF", COUNTER, {"POLICY-NO": "1000000000a"}),
    ("POLF", COUNTER, {"POLICY-NO": "1000000001"}),
    ("POLF", COUNTER, {"POLICY-NO": " 1000000001"}),
    ("POLF", ONLINE, {"POLICY-NO": ""}),
    ("POLF", MOBILE, {"POLICY-NO": "１０００"}),
    ("RCPT", COUNTER, {"RECIPIENT-TYPE": "04"}),
    ("RCPT", COUNTER, {"RECIPIENT-TYPE": ""}),
    ("RCPT", MAIL, {"RECIPIENT-TYPE": "02"}),
    ("RCPT", MAIL, CONTRACTOR),
    ("RCPT", ONLINE, {"RECIPIENT-TYPE": "02"}),
    ("PAYN", COUNTER, {**CONTRACTOR, "PAYEE-NO": "01"}),
    ("PAYN", COUNTER, {"PAYEE-NO": "00"}),
    ("PAYN", COUNTER, {"PAYEE-NO": "1"}),
    ("PAYN", ONLINE, {"PAYEE-NO": ""}),
    ("ROUT", ONLINE, {"ROUTE": "2"}),
    ("ROUT", ONLINE, {"ROUTE": ""}),
    ("ROUT", ONLINE, {**MY_PAGE, "ROUTE": "1"}),
    ("KIND", COUNTER, {"REQUEST-KIND": "5"}),
    ("KIND", MAIL, {"REQUEST-KIND": ""}),
    ("NONE", COUNTER, {"INDIVIDUAL-NO": ""}),
    ("NONE", COUNTER, {"INDIVIDUAL-NO": "000000000000", "CORPORATE-NO": "0000000000000"}),
    ("NONE", MOBILE, {"REQUEST-KIND": "2", "INDIVIDUAL-NO": ""}),
    ("NONE", ONLINE, {"INDIVIDUAL-NO": ""}),
    ("BOTH", COUNTER, {"CORPORATE-NO": COMPANY_NUMBER}),
    ("BOTH", COUNTER, {"CORPORATE-NO": "1"}),
    ("NDIG", COUNTER, {"INDIVIDUAL-NO": "12345678901A"}),
    ("NDIG", COUNTER, {"INDIVIDUAL-NO": "12345678901"}),
    ("NDIG", COUNTER, {"INDIVIDUAL-NO": WIDE_NUMBER}),
    ("NDIG", ONLINE, {"INDIVIDUAL-NO": "１２３４５"}),
    ("NDIG", ONLINE, {"INDIVIDUAL-NO": "1234-5678-90"}),
    ("NDIG", MOBILE, {**COMPANY, "CORPORATE-NO": "12345678901"}),
    ("CHKD", COUNTER, {"INDIVIDUAL-NO": WRONG_DIGIT}),
    ("CHKD", ONLINE, {"INDIVIDUAL-NO": WRONG_DIGIT}),
    ("CHKD", COUNTER, {**COMPANY, "CORPORATE-NO": WRONG_CORPORATE}),
    ("NGVN", COUNTER, {**DELETION, "INDIVIDUAL-NO": NUMBER}),
    ("NGVN", COUNTER, {**NOT_OBTAINED, "INDIVIDUAL-NO": NUMBER}),
    ("NGVN", MOBILE, {**NOT_OBTAINED, "CORPORATE-NO": COMPANY_NUMBER}),
    ("REAS", COUNTER, {**NOT_OBTAINED, "REASON-CODE": ""}),
    ("REAS", COUNTER, {**NOT_OBTAINED, "REASON-CODE": "00"}),
    ("REAS", COUNTER, {**NOT_OBTAINED, "REASON-CODE": "06"}),
    ("REAS", COUNTER, {"REASON-CODE": "01"}),
    ("REAS", MAIL, {**DELETION, "REASON-CODE": "05"}),
    ("DOCK", COUNTER, {"DOCUMENT-KIND": "05"}),
    ("DOCK", MOBILE, {"DOCUMENT-KIND": ""}),
    ("DOCK", COUNTER, {**DELETION, "DOCUMENT-KIND": "05"}),
    ("IDNV", COUNTER, {"VERIFIED": "0"}),
    ("IDNV", MAIL, {"VERIFIED": ""}),
    ("TRML", COUNTER, {"TERMINAL-ID": "C100000009"}),
    ("TRML", COUNTER, {"TERMINAL-ID": "C100000002"}),
    ("TRML", MOBILE, {"TERMINAL-ID": ""}),
    ("TRVK", COUNTER, {"TERMINAL-ID": "C100000003"}),
    ("TTYP", COUNTER, {"TERMINAL-TYPE": "C2"}),
    ("TTYP", COUNTER, {"TERMINAL-TYPE": "M1", "TERMINAL-ID": "M100000001"}),
    ("TTYP", MAIL, {"TERMINAL-TYPE": "C1", "TERMINAL-ID": "C100000001"}),
    ("EMPL", COUNTER, {"EMPLOYEE-ID": ""}),
    ("EMPL", MOBILE, {"EMPLOYEE-ID": "E-000001"}),
    ("EMPL", MAIL, {"EMPLOYEE-ID": " E000001"}),
    ("APRV", COUNTER, {**DELETION, "APPROVER-ID": ""}),
    ("APRV", COUNTER, {**DELETION, "APPROVER-ID": "E0000002"}),
    ("APRV", MAIL, {**DELETION, "EMPLOYEE-ID": APPROVERS[0]}),
    ("ACPT", COUNTER, {"ACCEPTED-AT": "20270113000000"}),
    ("ACPT", COUNTER, {"ACCEPTED-AT": "20270229101500"}),
    ("ACPT", COUNTER, {"ACCEPTED-AT": DAY + "240000"}),
    ("ACPT", COUNTER, {"ACCEPTED-AT": DAY + "106000"}),
    ("ACPT", MOBILE, {"ACCEPTED-AT": DAY + "101560"}),
    ("ACPT", MAIL, {"ACCEPTED-AT": DAY}),
    ("ACPT", ONLINE, {"ACCEPTED-AT": ""}),
    ("OFFC", COUNTER, {"OFFICE-NO": "99999"}),
    ("OFFC", MAIL, {"OFFICE-NO": ""}),
    ("KEYI", ONLINE, {"PF-KEY-ID": ""}),
    ("KEYI", ONLINE, {"PF-KEY-ID": "12345678901234567890"}),
    ("KEYI", ONLINE, {"PF-KEY-ID": "PF-1"}),
    ("KEYI", ONLINE, {"PF-KEY-ID": "PF 1"}),
    ("KEYI", ONLINE, {"PF-KEY-ID": "ｶｷﾞ1"}),
    ("STOR", ONLINE, {"PF-STORED-AT": "20270113000000"}),
    ("STOR", ONLINE, {"PF-STORED-AT": "20270112246000"}),
    ("STOR", ONLINE, {"PF-STORED-AT": ""}),
    ("BRTH", ONLINE, {"BIRTH-MATCH": "0"}),
    ("BRTH", ONLINE, {"BIRTH-MATCH": ""}),
    ("SEXM", ONLINE, {"SEX-MATCH": "0"}),
    ("JPKI", ONLINE, {"JPKI-RESULT": "01"}),
    ("JPKI", ONLINE, {"JPKI-RESULT": "02"}),
    ("JPKI", ONLINE, {"JPKI-RESULT": "09"}),
    ("JPKI", ONLINE, {"JPKI-RESULT": ""}),
]

PERSON = [
    ("NPOL", COUNTER, {"POLICY-NO": "10000000003"}),
    ("NPOL", ONLINE, {"POLICY-NO": "09999999999"}),
    ("NPOL", COUNTER, {**CONTRACTOR, "POLICY-NO": "ZZZZZZZZZZZ"}),
    ("NPAY", COUNTER, {"PAYEE-NO": "09"}),
    ("NPAY", MAIL, {"PAYEE-NO": "02"}),
    ("ROLE", COUNTER, {"RECIPIENT-TYPE": "03"}),
    ("ROLE", COUNTER, {"POLICY-NO": ANNUITY_POLICY}),
    ("ROLE", ONLINE, {"POLICY-NO": POLICY, "PAYEE-NO": "03"}),
    ("PRTY", COUNTER, {"INDIVIDUAL-NO": "", "CORPORATE-NO": COMPANY_NUMBER}),
    ("PRTY", COUNTER, {**COMPANY, "INDIVIDUAL-NO": NUMBER, "CORPORATE-NO": ""}),
    ("PRTY", MOBILE, {**CONTRACTOR, "POLICY-NO": ANNUITY_POLICY, "REGISTRANT-KANA": "ｶｸｳｼﾖｳｼﾞ"}),
    ("KANA", COUNTER, {"REGISTRANT-KANA": "ｶｸｳ ﾊﾅｴ"}),
    ("KANA", ONLINE, {"REGISTRANT-KANA": ""}),
    ("KANA", MAIL, {"REGISTRANT-KANA": "ﾐﾎﾝ"}),
    ("KANA", COUNTER, {**DELETION, "REGISTRANT-KANA": "ｶｸｳ ﾀﾛｳ"}),
    ("KANA", COUNTER, {**CONTRACTOR, "REGISTRANT-KANA": "ｶｸｳ ﾊﾅｺ"}),
]

CODEC = [
    ("UNMP", COUNTER, "REGISTRANT-KANA", b"\x0e\x41\x59\x0f"),
    ("UNMP", MOBILE, "REGISTRANT-KANA", b"\x0e\x72\xea\x0f"),
    ("SOSI", MOBILE, "REGISTRANT-KANA", b"\x0e\x45\x66\x40"),
    ("CTRL", MAIL, "EMPLOYEE-ID", b"\xc5\x05"),
    ("CTRL", COUNTER, "INDIVIDUAL-NO", b"\x00" * 12),
    ("DBCS", ONLINE, "REGISTRANT-KANA", b"\x83"),
    ("CTRL", ONLINE, "PF-KEY-ID", b"PF\n"),
]

TABLE = {row.reason: row for table in (decision.RECORD, decision.PERSON) for row in table}


def field_of(reason, changes):
    """Return the field that a rejected record names."""
    if TABLE[reason].field != decision.NUMBER_GIVEN:
        return TABLE[reason].field
    corporate_given = changes.get("CORPORATE-NO", "").strip("0")
    return "CORPORATE-NO" if corporate_given else "INDIVIDUAL-NO"


@pytest.mark.parametrize(("channel", "changes"), SOUND, ids=_id)
def test_a_sound_request_is_accepted(channel, changes):
    result = alone(channel, changes)
    assert result.reasons == []
    assert (result.counts["read"], result.counts["accepted"], result.counts["rejected"]) == (1, 1, 0)
    assert result.counts[f"accepted.{channel.name}"] == 1


@pytest.mark.parametrize(("reason", "channel", "changes"), RECORD + PERSON, ids=_id)
def test_one_change_of_a_sound_request_is_rejected_with_its_reason(reason, channel, changes):
    result = alone(channel, changes)
    assert result.reasons == [(reason, field_of(reason, changes))]
    assert (result.counts["read"], result.counts["accepted"], result.counts["rejected"]) == (1, 0, 1)
    assert result.counts[f"rejected.{reason}"] == 1


@pytest.mark.parametrize(("reason", "channel", "changes"), RECORD + PERSON, ids=_id)
def test_the_code_page_of_the_file_does_not_matter(reason, channel, changes):
    texts = {name: value for name, value in changes.items() if not isinstance(value, bytes)}
    other = HOST if channel is ONLINE else "CP932"
    if len(texts) == len(changes):
        assert alone(channel, texts, page=other).reasons == [(reason, field_of(reason, changes))]
    assert alone(channel, page=other).reasons == []


@pytest.mark.parametrize(("reason", "channel", "field", "value"), CODEC, ids=_id)
def test_bytes_that_are_no_text_are_rejected_with_the_reason_of_the_codec(reason, channel, field, value):
    assert reason in Reason.__members__
    assert alone(channel, {field: value}).reasons == [(reason, field)]


def test_every_reason_of_the_tables_has_a_test():
    assert {row[0] for row in RECORD + PERSON} == set(TABLE)


def test_a_reason_stands_once_and_offices_know_the_words_of_reason_and_field():
    rows = [*decision.RECORD, *decision.PERSON, *decision.REPEATED]
    assert len({row.reason for row in rows}) == len(rows) == len(decision.MEANINGS)
    assert {row.reason for row in rows} <= set(returns.reasons())
    assert {row.field for row in rows} - {decision.NUMBER_GIVEN, decision.WHOLE} <= set(returns.items())
    assert all(re.fullmatch("[A-Z]{4}", row.reason) for row in rows)


def test_the_first_reason_of_the_table_decides():
    wrong = {
        "POLICY-NO": "x",
        "RECIPIENT-TYPE": "9",
        "REQUEST-KIND": "9",
        "OFFICE-NO": "99999",
        "REGISTRANT-KANA": "ｦ",
    }
    for name, reason in (
        ("POLICY-NO", "POLF"),
        ("RECIPIENT-TYPE", "RCPT"),
        ("REQUEST-KIND", "KIND"),
        ("OFFICE-NO", "OFFC"),
    ):
        assert alone(COUNTER, wrong).reasons == [(reason, name)]
        del wrong[name]
    assert alone(COUNTER, wrong).reasons == [("KANA", "REGISTRANT-KANA")]
    unreadable = {"ACCEPTED-AT": b"\x05", "POLICY-NO": "x"}
    assert alone(COUNTER, unreadable).reasons == [("CTRL", "ACCEPTED-AT")], "bytes before values"


def test_of_two_unreadable_fields_the_first_of_the_record_is_named():
    assert alone(MOBILE, {"REGISTRANT-KANA": b"\x05", "TERMINAL-ID": b"\x0e"}).reasons == [
        ("SOSI", "TERMINAL-ID")
    ]
    assert alone(COUNTER, {"REGISTRANT-KANA": b"\x05", "TERMINAL-ID": b"\x0e"}).reasons == [
        ("CTRL", "REGISTRANT-KANA")
    ]


def test_what_was_not_given_is_written_in_one_way():
    (one,) = alone(COUNTER, {"CORPORATE-NO": "0" * 13, "REASON-CODE": ""}).accepted
    assert (one["CORPORATE-NO"], one["REASON-CODE"]) == ("", "00")
    (one,) = alone(COUNTER, NOT_OBTAINED).accepted
    assert (one["INDIVIDUAL-NO"], one["REASON-CODE"]) == ("", "02")


def test_a_request_carries_all_that_its_source_says_and_where_it_came_from():
    (one,) = alone(MAIL, DELETION).accepted
    assert one == {
        "POLICY-NO": ANNUITY_POLICY,
        "ROLE-CODE": "02",
        "PAYEE-NO": "01",
        "ACCEPTED-AT": DAY + "101500",
        "CHANNEL": "4",
        "FILE-NO": "000001",
        "RECORD-NO": "00000002",
        "RECIPIENT-TYPE": "03",
        "REQUEST-KIND": "3",
        "INDIVIDUAL-NO": "",
        "CORPORATE-NO": "",
        "REASON-CODE": "00",
        "RELATION-CODE": "02",
        "REGISTRANT-KANA": "ﾐﾎﾝ ｼﾞﾛｳ",
        "OFFICE-NO": "12345",
        "TERMINAL-ID": "L100000001",
        "TERMINAL-TYPE": "L1",
        "EMPLOYEE-ID": "E0000001",
        "PF-KEY-ID": "",
        "PF-STORED-AT": "",
        "APPROVER-ID": APPROVERS[0],
        "DOCUMENT-KIND": "01",
        "VERIFIED": "1",
        "ROUTE": "",
        "BIRTH-MATCH": "",
        "SEX-MATCH": "",
        "JPKI-RESULT": "",
    }


def test_a_declaration_over_the_pf_is_a_registration_of_no_office():
    (one,) = alone(ONLINE, MY_PAGE).accepted
    assert (one["ROLE-CODE"], one["PAYEE-NO"], one["REQUEST-KIND"]) == ("01", "00", "1")
    assert (one["OFFICE-NO"], one["TERMINAL-ID"], one["EMPLOYEE-ID"]) == ("00000", "", "")
    assert (one["PF-KEY-ID"], one["PF-STORED-AT"]) == (KEY_ID, DAY + "101300")


def test_each_channel_takes_its_own_terminals():
    kinds = {terminal["TERMINAL-TYPE"] for terminal in TERMINALS}
    for channel in CHANNELS:
        for kind in sorted(kinds) if channel.terminals else ():
            terminal = next(one["TERMINAL-ID"] for one in TERMINALS if one["TERMINAL-TYPE"] == kind)
            result = alone(channel, {"TERMINAL-TYPE": kind, "TERMINAL-ID": terminal})
            fits = kind.encode() in channel.terminals
            assert result.reasons == ([] if fits else [("TTYP", "TERMINAL-TYPE")])


def test_many_numbers_of_both_kinds():
    for seed in range(20):
        assert alone(COUNTER, {"INDIVIDUAL-NO": individual(seed * 7919)}).reasons == (
            [] if seed else [("NONE", "INDIVIDUAL-NO")]
        )
        assert alone(COUNTER, COMPANY, {"CORPORATE-NO": corporate(seed * 7919)}).reasons == []
