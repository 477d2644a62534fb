"""Duplicates, the list of rejects, the PF's keys of what was rejected, and the counts."""

import numpy as np
import pytest

from chosho.codec import batch as batches
from chosho.copybook import load
from chosho.registration import rejection, totals
from chosho.registration.channels import COUNTER, MAIL, MOBILE, ONLINE
from tests.extract.flows import rows
from tests.registration.intakes import (
    ANNUITY_POLICY,
    DAY,
    DELETION,
    HOST,
    KEY_ID,
    NUMBER,
    OTHER_NUMBER,
    PAGES,
    POLICY,
    Waiting,
    alone,
    delivered,
    detail,
    run,
)


def at(minute):
    return {"ACCEPTED-AT": f"{DAY}10{minute:02d}00"}


def taken(*details, **more):
    """Take in details of several channels: (channel, changes...) each; one file per channel unless ``split``."""
    files = {}
    for channel, *changes in details:
        files.setdefault(channel, []).append(detail(channel, *changes))
    return run({one.dd: [Waiting(delivered(one, records))] for one, records in files.items()}, **more)


def test_the_same_request_again_in_one_file_is_a_duplicate_and_the_first_accepted_stays():
    result = taken((COUNTER, at(5)), (COUNTER, at(3)), (COUNTER, at(4)))
    assert [one["ACCEPTED-AT"] for one in result.accepted] == [DAY + "100300"]
    assert [(one["REASON"], one["RECORD-NO"]) for one in result.rejected] == [
        ("DUPI", "00000002"),
        ("DUPI", "00000004"),
    ]


def test_the_same_request_in_another_file_is_a_duplicate_too():
    result = taken((COUNTER, at(5)), (MOBILE, at(3)))
    assert [one["CHANNEL"] for one in result.accepted] == ["2"]
    assert [(one["REASON"], one["CHANNEL"], one["FIELD-NAME"]) for one in result.rejected] == [
        ("DUPX", "1", "")
    ]
    files = [
        Waiting(delivered(COUNTER, [detail(COUNTER, at(minute))], number))
        for number, minute in ((1, 3), (2, 5))
    ]
    assert run({"COUNTER": files}).reasons == [("DUPX", "")]


def test_at_one_time_the_earlier_channel_file_and_record_stay():
    result = taken((MOBILE,), (COUNTER,), (COUNTER,))
    assert [(one["CHANNEL"], one["RECORD-NO"]) for one in result.accepted] == [("1", "00000002")]
    assert sorted(one["REASON"] for one in result.rejected) == ["DUPI", "DUPX"]


@pytest.mark.parametrize(
    "other",
    [
        {"REQUEST-KIND": "2"},
        {"INDIVIDUAL-NO": OTHER_NUMBER},
        {"PAYEE-NO": "00", "RECIPIENT-TYPE": "01", "REGISTRANT-KANA": "ｶｸｳ ﾀﾛｳ"},
        DELETION,
    ],
    ids=str,
)
def test_another_kind_number_or_person_is_no_duplicate(other):
    result = taken((COUNTER, at(3)), (COUNTER, at(5), other))
    assert (len(result.accepted), result.reasons) == (2, [])


def test_another_reason_of_not_obtained_is_no_duplicate_and_another_office_is():
    missing = {"REQUEST-KIND": "4", "INDIVIDUAL-NO": ""}
    result = taken((COUNTER, missing, {"REASON-CODE": "01"}), (COUNTER, missing, {"REASON-CODE": "02"}))
    assert result.reasons == []
    result = taken((COUNTER, {"OFFICE-NO": "23456", "EMPLOYEE-ID": "E0000009"}), (COUNTER,))
    assert result.reasons == [("DUPI", "")]


AMENDED = {"REQUEST-KIND": "2"}


@pytest.mark.parametrize(
    "other",
    [
        {"RELATION-CODE": "03"},
        {"REGISTRANT-KANA": "ｶｸｳ  ﾊﾅｺ"},  # the same name to the check, another text in the master
        {"OFFICE-NO": "23456"},
        {"INDIVIDUAL-NO": OTHER_NUMBER},
    ],
    ids=str,
)
@pytest.mark.parametrize("channel", [COUNTER, MOBILE], ids=["same file", "another file"])
def test_an_amendment_of_one_item_alone_is_no_duplicate_and_the_identical_one_is(channel, other):
    result = taken((COUNTER, at(3), AMENDED), (channel, at(5), AMENDED, other))
    assert (len(result.accepted), result.reasons) == (2, [])
    result = taken((COUNTER, at(3), AMENDED, other), (channel, at(5), AMENDED, other))
    assert (len(result.accepted), [reason for reason, _ in result.reasons]) == (
        1,
        ["DUPI" if channel is COUNTER else "DUPX"],
    )


def test_an_amendment_of_another_day_is_no_duplicate():
    """Its day goes into the master."""
    result = taken((COUNTER, AMENDED, {"ACCEPTED-AT": "20270111100000"}), (COUNTER, at(5), AMENDED))
    assert (len(result.accepted), result.reasons) == (2, [])


@pytest.mark.parametrize("other", [{"RELATION-CODE": "03"}, {"OFFICE-NO": "23456"}], ids=str)
def test_the_same_number_registered_again_is_a_duplicate_whatever_else_it_says(other):
    result = taken((COUNTER, at(3)), (COUNTER, at(5), other))
    assert result.reasons == [("DUPI", "")]


def test_a_change_and_back_is_no_duplicate_for_the_last_word_counts():
    changes = [{"INDIVIDUAL-NO": NUMBER}, {"INDIVIDUAL-NO": OTHER_NUMBER}, {"INDIVIDUAL-NO": NUMBER}]
    result = taken(*((COUNTER, at(minute), change) for minute, change in enumerate(changes)))
    assert [one["INDIVIDUAL-NO"] for one in result.accepted] == [NUMBER, OTHER_NUMBER, NUMBER]
    result = taken((COUNTER, at(1)), (COUNTER, at(2), DELETION), (COUNTER, at(3)))
    assert [one["REQUEST-KIND"] for one in result.accepted] == ["1", "3", "1"]


def test_a_rejected_request_makes_no_duplicate_of_another():
    result = taken((COUNTER, at(3), {"REGISTRANT-KANA": "ｲﾒｲ"}), (COUNTER, at(5)))
    assert (len(result.accepted), result.reasons) == (1, [("KANA", "REGISTRANT-KANA")])


def test_a_rejected_record_stands_with_its_source_in_its_own_code_page():
    for channel in (COUNTER, MOBILE, MAIL, ONLINE):
        content = delivered(channel, [detail(channel), detail(channel, REGISTRANT_KANA="ｲﾒｲ")])
        result = run({channel.dd: [Waiting(content)]})
        source = batches.view(load("REGREJ").named(), result.rejects, "SOURCE-RECORD")
        assert source.tobytes() == content[2].tobytes()
        ((one),) = result.rejected
        assert (one["CHANNEL"], one["FILE-NO"], one["RECORD-NO"]) == (
            channel.code.decode(),
            "000001",
            "00000003",
        )
    assert one["OFFICE-NO"] == "00000"


def test_a_rejected_record_names_office_person_terminal_and_employee():
    (one,) = alone(COUNTER, {"REGISTRANT-KANA": "ｲﾒｲ"}).rejected
    assert one == {
        "OFFICE-NO": "12345",
        "CHANNEL": "1",
        "FILE-NO": "000001",
        "RECORD-NO": "00000002",
        "REASON": "KANA",
        "FIELD-NAME": "REGISTRANT-KANA",
        "POLICY-NO": POLICY,
        "ROLE-CODE": "02",
        "PAYEE-NO": "01",
        "REQUEST-KIND": "1",
        "ACCEPTED-AT": DAY + "101500",
        "TERMINAL-ID": "C100000001",
        "EMPLOYEE-ID": "E0000001",
    }


def test_a_number_that_slipped_into_another_item_is_not_shown_beside_the_source_record():
    slipped = {
        "ACCEPTED-AT": NUMBER + "  ",
        "EMPLOYEE-ID": "ｼﾔｲﾝ",
        "TERMINAL-ID": "12-34",
        "OFFICE-NO": "ABCDE",
    }
    (one,) = alone(
        COUNTER, slipped, {"POLICY-NO": "1234 567890", "PAYEE-NO": "ｶ", "REQUEST-KIND": "X"}
    ).rejected
    for name in (
        "OFFICE-NO",
        "POLICY-NO",
        "PAYEE-NO",
        "REQUEST-KIND",
        "ACCEPTED-AT",
        "TERMINAL-ID",
        "EMPLOYEE-ID",
    ):
        assert one[name] == ""
    assert (one["REASON"], one["ROLE-CODE"], one["RECORD-NO"]) == ("POLF", "02", "00000002")


def test_what_could_not_be_read_is_spaces():
    (one,) = alone(COUNTER, {"OFFICE-NO": b"\x0e\x05", "REGISTRANT-KANA": b"\x05"}).rejected
    assert (one["OFFICE-NO"], one["POLICY-NO"]) == ("", POLICY)


def test_rejects_stand_in_the_order_of_office_channel_file_and_record():
    wrong = {"REGISTRANT-KANA": "ｲﾒｲ"}
    result = taken(
        (MOBILE, wrong, {"OFFICE-NO": "23456"}),
        (COUNTER, wrong, {"OFFICE-NO": "23456"}),
        (MOBILE, wrong),
        (COUNTER, wrong),
        (COUNTER,),
        (COUNTER,),
        (COUNTER, {"OFFICE-NO": b"\x05"}),
    )
    keys = [one["OFFICE-NO"] + one["CHANNEL"] + one["RECORD-NO"] for one in result.rejected]
    assert keys == [
        "100000006",
        "12345100000003",
        "12345100000005",
        "12345200000003",
        "23456100000002",
        "23456200000002",
    ]


@pytest.mark.parametrize("page", ["CP932", HOST])
def test_the_pfs_keys_of_rejected_declarations_are_told_with_their_reason(page):
    details = [
        detail(ONLINE, PF_KEY_ID="KEY1"),
        detail(ONLINE, PF_KEY_ID="KEY2", JPKI_RESULT="02"),
        detail(ONLINE, PF_KEY_ID="KEY3", REGISTRANT_KANA="ｲﾒｲ", PF_STORED_AT="20270109235959"),
        detail(ONLINE, PF_KEY_ID="KEY4", REGISTRANT_KANA=b"\x05"),
        detail(ONLINE, PF_KEY_ID="123456789012"),
        detail(ONLINE, PF_KEY_ID="KEY5", PF_STORED_AT="", ACCEPTED_AT="20270110080000"),
        detail(ONLINE, PF_KEY_ID="KEY6", PF_STORED_AT="x", ACCEPTED_AT=""),
        detail(ONLINE, PF_KEY_ID="KEY7"),
        detail(ONLINE, PF_KEY_ID="KEY8", PF_STORED_AT="20270113000000"),
        detail(ONLINE, PF_KEY_ID="KEY9", PF_STORED_AT="20270112250000"),
    ]
    result = run(
        {
            "ONLINE": [Waiting(delivered(ONLINE, details, page=page, HEAD_FILE_DATE="20270111"))],
            "COUNTER": [Waiting(delivered(COUNTER, [detail(COUNTER, REGISTRANT_KANA="ｲﾒｲ")]))],
        },
        pages={**PAGES, "ONLINE": page},
    )
    assert result.pf_keys == [
        ("KEY2", DAY + "101300", "rejected", "JPKI"),
        ("KEY3", "20270109235959", "rejected", "KANA"),
        ("KEY4", DAY + "101300", "rejected", "CTRL"),
        ("KEY5", "20270111", "rejected", "STOR"),  # no time: the date of the file, not that of the night
        ("KEY6", "20270111", "rejected", "ACPT"),
        ("KEY7", DAY + "101300", "rejected", "DUPI"),
        ("KEY8", "20270111", "rejected", "STOR"),  # still to come
        ("KEY9", "20270111", "rejected", "STOR"),
    ]
    assert [one["PF-KEY-ID"] for one in result.accepted] == ["KEY1"]


def test_accepted_declarations_and_other_channels_tell_no_key():
    assert alone(ONLINE).pf_keys == []
    assert alone(COUNTER, {"REGISTRANT-KANA": "ｲﾒｲ"}).pf_keys == []
    assert alone(ONLINE, {"REGISTRANT-KANA": "ｲﾒｲ"}).pf_keys == [(KEY_ID, DAY + "101300", "rejected", "KANA")]


def test_counts_are_declared_at_0_and_balance():
    counts = run({}).counts
    assert set(totals.ALWAYS) == set(counts)
    assert counts.pop("missing") == 4
    assert set(counts.values()) == {0}
    result = taken(
        (COUNTER,),
        (COUNTER, {"OFFICE-NO": "99999"}),
        (COUNTER, {"POLICY-NO": ANNUITY_POLICY}),
        (COUNTER,),
        (MAIL,),
    )
    assert {name: number for name, number in result.counts.items() if number} == {
        "files.taken": 2,
        "files.taken.counter": 1,
        "files.taken.mail": 1,
        "missing": 2,
        "read": 5,
        "read.counter": 4,
        "read.mail": 1,
        "accepted": 2,
        "accepted.counter": 1,
        "accepted.mail": 1,
        "rejected": 3,
        "rejected.counter": 3,
        **{f"rejected.{reason}": 1 for reason in ("OFFC", "ROLE", "DUPI")},
        **{f"rejected.counter.{reason}": 1 for reason in ("OFFC", "ROLE", "DUPI")},
    }


def test_no_rejects_at_all():
    nothing = np.empty((0, rejection.LRECL), np.uint8)
    assert set(totals.of_rejects(nothing).values()) == {0}
    reader = rejection.PfKeyReader(load("REGONL"), "CP932", 20270112, {})
    assert list(reader.keys(nothing)) == []
    assert rows(load("REGREJ"), nothing, besides="SOURCE-RECORD") == []
