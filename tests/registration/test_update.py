"""The update of the number master: what each action writes, and the whole beside its model in plain Python."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch as batches
from chosho.registration import update
from tests.engine import partitioned, streamed
from tests.match.masters import block, individual
from tests.model.update import Master
from tests.registration.updates import (
    BEFORE,
    CORPORATE,
    DAY,
    NUMBER,
    NUMMAST,
    OTHER_NUMBER,
    Updated,
    ordered,
    request,
    row,
    sides,
)

ZEROS = "000000000000"


def RULE(left, right):  # noqa: N802 - a constant of these tests
    return update.update(left, right, update.Parameters())


def said(master, *names):
    """Return some items of each row."""
    return [tuple(one[name] for name in names) for one in master]


NUMBERS = ("REGISTRATION-NO", "STATE-CODE", "INDIVIDUAL-NO", "CORPORATE-NO")


def test_a_first_registration_is_number_001_and_held_with_every_item_of_the_request():
    done = Updated([request("1", NUMBER)], [])
    assert done.master == [
        {
            "POLICY-NO": "10000000001",
            "ROLE-CODE": "02",
            "PAYEE-NO": "01",
            "REGISTRATION-NO": "001",
            "INDIVIDUAL-NO": NUMBER,
            "CORPORATE-NO": "",
            "STATE-CODE": "1",
            "REASON-CODE": "00",
            "REGISTERED-ON": DAY,
            "RELATION-CODE": "02",
            "REGISTRANT-KANA": "ｶｸｳ ﾊﾅｺ",
            "OFFICE-NO": "12345",
        }
    ]
    assert done.counts == {"old": 0, "new": 1, "read": 1, "added": 1, "dropped": 0, "registered": 1}


def test_a_number_after_others_gets_the_next_registration_number_and_history_stays():
    older = [row(OTHER_NUMBER, "001", "2"), row("", "002", "0", REASON_CODE="03")]
    done = Updated([request("1", NUMBER)], older)
    assert said(done.master, *NUMBERS) == [
        ("001", "2", OTHER_NUMBER, ""),
        ("002", "0", "", ""),
        ("003", "1", NUMBER, ""),
    ]
    assert said(done.master, "REASON-CODE", "REGISTERED-ON")[1:] == [("03", BEFORE), ("00", DAY)]


def test_a_change_of_number_keeps_the_older_number_as_history():
    done = Updated([request("1", OTHER_NUMBER)], [row(NUMBER)])
    assert said(done.master, *NUMBERS, "REGISTERED-ON") == [
        ("001", "2", NUMBER, "", BEFORE),
        ("002", "1", OTHER_NUMBER, "", DAY),
    ]
    assert (done.counts["changed"], done.counts["registered"], done.counts["added"]) == (1, 0, 1)


def test_the_number_that_is_held_already_writes_nothing_whatever_else_differs():
    held = [row(NUMBER)]
    done = Updated([request("1", NUMBER, REGISTRANT_KANA="ｶｸｳ ﾄﾓｺ", OFFICE_NO="99999")], held)
    assert done.outcomes == ["unchanged"]
    assert (done.block == block(NUMMAST, held)).all()


@pytest.mark.parametrize("none", ["", ZEROS])
def test_zeros_and_spaces_are_no_number(none):
    held = [row("", CORPORATE_NO=CORPORATE, INDIVIDUAL_NO=ZEROS)]
    assert Updated([request("1", CORPORATE, INDIVIDUAL_NO=none)], held).outcomes == ["unchanged"]
    fresh = Updated([request("1", CORPORATE, INDIVIDUAL_NO=none)], [])
    assert said(fresh.master, *NUMBERS) == [("001", "1", "", CORPORATE)]
    assert Updated([request("1", INDIVIDUAL_NO=none, CORPORATE_NO="0" * 13)], []).outcomes == [
        "rejected.NONE"
    ]


def test_an_individual_number_in_place_of_a_corporate_one_is_a_change():
    done = Updated([request("1", NUMBER)], [row(CORPORATE)])
    assert said(done.master, *NUMBERS) == [("001", "2", "", CORPORATE), ("002", "1", NUMBER, "")]


def test_a_correction_replaces_the_row_and_leaves_no_history_of_the_wrong_number():
    held = [row(individual(7), "001", "2"), row(NUMBER, "002")]
    asked = request("2", OTHER_NUMBER, REGISTRANT_KANA="ｶｸｳ ﾄﾓｺ", OFFICE_NO="54321", RELATION_CODE="03")
    done = Updated([asked], held)
    assert said(done.master, *NUMBERS) == [("001", "2", individual(7), ""), ("002", "1", OTHER_NUMBER, "")]
    assert said(done.master, "REGISTRANT-KANA", "OFFICE-NO", "RELATION-CODE", "REGISTERED-ON")[1] == (
        "ｶｸｳ ﾄﾓｺ",
        "54321",
        "03",
        DAY,
    )
    assert NUMBER.encode() not in done.block.tobytes()
    assert (done.counts["corrected"], done.counts["added"]) == (1, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"REGISTRANT_KANA": "ｶｸｳ ﾄﾓｺ"},
        {"OFFICE_NO": "54321"},
        {"RELATION_CODE": "03"},
        {"ACCEPTED_AT": DAY + "090000"},
        {"CORPORATE_NO": CORPORATE},
    ],
)
def test_a_correction_of_one_item_is_a_correction(change):
    asked = {"ACCEPTED_AT": BEFORE + "090000", **change}
    assert Updated([request("2", NUMBER, **asked)], [row(NUMBER)]).outcomes == ["corrected"]


def test_a_deletion_takes_every_number_of_the_person_out_of_the_new_master():
    numbers = [individual(seed) for seed in (11, 12, 13)]
    held = [
        row(numbers[0], "001", "2"),
        row(numbers[1], "002", "2"),
        row(numbers[2], "003"),
        row(NUMBER, PAYEE_NO="02"),
    ]
    done = Updated([request("3")], held)
    assert said(done.master, "PAYEE-NO", *NUMBERS, "REGISTERED-ON") == [
        ("01", "003", "9", "", "", DAY),
        ("02", "001", "1", NUMBER, "", BEFORE),
    ]
    content = done.block.tobytes()
    assert not [number for number in numbers if number.encode() in content]
    assert (done.counts["cancelled"], done.counts["dropped"], done.counts["new"]) == (1, 2, 2)


def test_after_a_deletion_registration_numbers_go_on():
    done = Updated([request("1", NUMBER)], [row("", "003", "9")])
    assert said(done.master, *NUMBERS) == [("003", "9", "", ""), ("004", "1", NUMBER, "")]


def test_a_number_that_is_not_obtained_adds_a_row_with_the_reason():
    done = Updated([request("4", REASON_CODE="02")], [row(NUMBER, "001", "9")])
    assert said(done.master, "REGISTRATION-NO", "STATE-CODE", "REASON-CODE", "INDIVIDUAL-NO")[1] == (
        "002",
        "0",
        "02",
        "",
    )
    assert (done.counts["not_obtained"], done.counts["added"]) == (1, 1)


def test_a_second_reason_replaces_the_first_in_its_row():
    done = Updated(
        [request("4", REASON_CODE="02", OFFICE_NO="54321")], [row("", state="0", REASON_CODE="01")]
    )
    assert said(done.master, "REGISTRATION-NO", "REASON-CODE", "REGISTERED-ON", "OFFICE-NO") == [
        ("001", "02", DAY, "12345")
    ]
    assert (done.counts["not_obtained"], done.counts["added"]) == (1, 0)


@pytest.mark.parametrize("last", ["999", "A01", "  1"])
def test_when_registration_numbers_are_used_up_or_no_numbers_the_request_is_rejected(last):
    held = [row(NUMBER, last)]
    done = Updated([request("1", OTHER_NUMBER)], held)
    assert done.outcomes == ["rejected.RGNO"]
    assert (done.block == block(NUMMAST, held)).all()
    assert Updated([request("4", REASON_CODE="01")], [row("", last, "9")]).outcomes == ["rejected.RGNO"]
    assert Updated([request("2", OTHER_NUMBER)], held).outcomes == ["corrected"]


def test_number_998_is_followed_by_999():
    done = Updated([request("1", OTHER_NUMBER)], [row(NUMBER, "998")])
    assert done.master[1]["REGISTRATION-NO"] == "999"


def test_requests_of_a_person_are_carried_out_in_the_order_of_acceptance():
    at = [f"{DAY}10{minute:02d}00" for minute in range(6)]
    asked = [
        request("1", NUMBER, ACCEPTED_AT=at[0]),
        request("1", OTHER_NUMBER, ACCEPTED_AT=at[1]),
        request("2", individual(3), ACCEPTED_AT=at[2]),
        request("3", ACCEPTED_AT=at[3]),
        request("4", REASON_CODE="05", ACCEPTED_AT=at[4]),
        request("1", individual(4), ACCEPTED_AT=at[5]),
    ]
    done = Updated(asked[::-1], [])
    assert done.outcomes == ["registered", "changed", "corrected", "cancelled", "not_obtained", "registered"]
    assert said(done.master, *NUMBERS) == [
        ("002", "9", "", ""),
        ("003", "0", "", ""),
        ("004", "1", individual(4), ""),
    ]
    assert (done.counts["added"], done.counts["dropped"], done.counts["new"]) == (4, 1, 3)


def test_a_rejected_request_is_on_the_list_with_its_reason_and_as_it_came():
    asked = request("3", APPROVER_ID="E0000002")
    (rejected,) = Updated([asked], []).rejects
    assert {name: rejected[name] for name in ("REASON", "FIELD-NAME", "OFFICE-NO", "CHANNEL", "FILE-NO")} == {
        "REASON": "NHLD",
        "FIELD-NAME": "REQUEST-KIND",
        "OFFICE-NO": "12345",
        "CHANNEL": "1",
        "FILE-NO": "000001",
    }
    same = (
        "RECORD-NO",
        "POLICY-NO",
        "ROLE-CODE",
        "PAYEE-NO",
        "REQUEST-KIND",
        "ACCEPTED-AT",
        "TERMINAL-ID",
        "EMPLOYEE-ID",
    )
    assert all(rejected[name] == asked[name] for name in same)
    assert rejected["SOURCE-RECORD"] == sides([asked], [])[0].tobytes().decode("cp932").rstrip()


PF = {"CHANNEL": "3", "PF_STORED_AT": "20270111235900"}


@pytest.mark.parametrize(
    ("asked", "master", "expected"),
    [
        (request("1", NUMBER), [], ("due", "")),
        (request("1", NUMBER), [row(OTHER_NUMBER)], ("due", "")),
        (request("1", NUMBER), [row(NUMBER)], ("due", "")),
        (request("2", NUMBER), [row(OTHER_NUMBER)], ("due", "")),
        (request("2", NUMBER), [], ("rejected", "NREG")),
        (request("1", OTHER_NUMBER), [row(NUMBER, "999")], ("rejected", "RGNO")),
        (request("3"), [row(NUMBER)], None),
        (request("4", REASON_CODE="01"), [], None),
        (
            request("4", REASON_CODE="01", ACCEPTED_AT=BEFORE + "000000"),
            [row("", state="0", REASON_CODE="01")],
            None,
        ),
    ],
)
def test_a_key_of_the_pf_is_due_when_its_number_is_held_here_and_rejected_otherwise(asked, master, expected):
    key = {"PF-KEY-ID": "KEY-A1", "CHANNEL": "3", "PF-STORED-AT": "20270111235900"}
    keys = Updated([{**asked, **key}], master).keys
    assert keys == ([] if expected is None else [("KEY-A1", "20270111235900", *expected)])


def test_requests_of_other_channels_have_no_key_of_the_pf():
    assert Updated([request("1", NUMBER), request("3", PAYEE_NO="02")], []).keys == []


# Beside the model --

_PEOPLE = st.tuples(
    st.sampled_from(["10000000001", "10000000002", "1000000000A"]),
    st.sampled_from(["01", "02"]),
    st.sampled_from(["00", "01"]),
)
_GIVEN = st.sampled_from(["", ZEROS, NUMBER, OTHER_NUMBER, CORPORATE])
_DAYS = st.sampled_from([BEFORE, DAY])


@st.composite
def _requests(draw):
    made = []
    for number in range(draw(st.integers(0, 12))):
        policy, role, payee_no = draw(_PEOPLE)
        made.append(
            request(
                draw(st.sampled_from("12341114x")),
                draw(_GIVEN),
                POLICY_NO=policy,
                ROLE_CODE=role,
                PAYEE_NO=payee_no,
                ACCEPTED_AT=draw(_DAYS) + f"{draw(st.integers(0, 3)):06d}",
                RECORD_NO=f"{number:08d}",
                REASON_CODE=draw(st.sampled_from(["01", "02"])),
                REGISTRANT_KANA=draw(st.sampled_from(["ｶｸｳ ﾊﾅｺ", "カクウ"])),
                OFFICE_NO=draw(st.sampled_from(["12345", "54321"])),
            )
        )
    return ordered(made)


@st.composite
def _masters(draw):
    made = []
    for policy, role, payee_no in draw(st.lists(_PEOPLE, max_size=8, unique=True)):
        first = draw(st.sampled_from([1, 1, 1, 998]))
        count = draw(st.integers(1, 3)) if first == 1 else draw(st.integers(1, 2))
        made += [
            row(
                draw(_GIVEN),
                f"{first + turn:03d}",
                draw(st.sampled_from("011112970")),
                POLICY_NO=policy,
                ROLE_CODE=role,
                PAYEE_NO=payee_no,
                REASON_CODE=draw(st.sampled_from(["00", "01"])),
                REGISTERED_ON=draw(_DAYS),
            )
            for turn in range(count)
        ]
    return made


@settings(max_examples=300, deadline=None)
@given(requests=_requests(), master=_masters())
def test_the_update_gives_what_the_model_gives(requests, master):
    done, model = Updated(requests, master), Master(master)
    assert done.outcomes == model.take_all(requests)
    assert done.block.tobytes() == block(NUMMAST, model.rows()).tobytes()
    assert +done.counts == +model.counts
    assert [one["REASON"] for one in done.rejects] == [
        one.partition(".")[2] for one in done.outcomes if one.startswith("rejected")
    ]


@settings(max_examples=100, deadline=None)
@given(requests=_requests(), master=_masters())
def test_counts_balance_and_the_new_master_is_in_order(requests, master):
    done = Updated(requests, master)
    counts, content = done.counts, done.block
    assert counts["old"] + counts["added"] - counts["dropped"] == counts["new"] == len(content)
    outcomes = ("registered", "changed", "corrected", "cancelled", "not_obtained", "unchanged", "rejected")
    assert counts["read"] == sum(counts[name] for name in outcomes) == len(requests)
    assert counts["rejected"] == sum(n for name, n in counts.items() if name.startswith("rejected."))
    assert set(counts) <= set(update.COUNTS)
    keys = [one[: update.MASTER_KEY].tobytes() for one in content]
    assert keys == sorted(set(keys))


@settings(max_examples=50, deadline=None)
@given(requests=_requests(), master=_masters(), cuts=st.lists(st.integers(1, 7), min_size=1, max_size=5))
def test_the_update_does_not_depend_on_the_cuts_of_batches(requests, master, cuts):
    both = sides(requests, master)
    whole = streamed(RULE, *both, update.GROUP_KEY, [10_000])
    assert streamed(RULE, *both, update.GROUP_KEY, cuts) == whole


@settings(max_examples=50, deadline=None)
@given(requests=_requests(), master=_masters())
def test_a_partitioned_engine_makes_the_same_bytes(requests, master):
    both = sides(requests, master)
    whole = RULE(*(batches.to_batch(side) for side in both))
    found = partitioned(
        RULE, *both, update.GROUP_KEY, order=(update.REQUEST_KEY, update.MASTER_KEY), partitions=3
    )
    assert found == {name: batches.block(batch).tobytes() for name, batch in whole.items()}


@settings(max_examples=50, deadline=None)
@given(requests=_requests(), master=_masters())
def test_the_same_night_again_makes_the_same_master(requests, master):
    assert Updated(requests, master).block.tobytes() == Updated(requests, master).block.tobytes()


def test_registrations_of_a_night_that_came_twice_are_unchanged_the_second_time():
    asked = [request("1", individual(n), POLICY_NO=f"{10_000_000_000 + n:011d}") for n in range(1, 21)]
    once = Updated(asked, [])
    twice = Updated(asked, once.master)
    assert set(twice.outcomes) == {"unchanged"}
    assert twice.block.tobytes() == once.block.tobytes()


def test_where_no_request_comes_the_master_itself_is_given_back():
    left, right = (batches.to_batch(side) for side in sides([], [row(NUMBER)]))
    assert RULE(left, right)["master"] is right


def test_a_data_root_without_a_master_begins_with_an_empty_one():
    assert [one.shape for one in update.no_master()] == [(0, NUMMAST.length)]


def test_records_of_another_layout_are_refused():
    left, right = (batches.to_batch(side) for side in sides([], []))
    with pytest.raises(ValueError, match="layout"):
        RULE(right, left)
