"""The intake as a whole: beside its model in plain Python, under any cut of its inputs, as rules of a distributed engine."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch as batches
from chosho.copybook import load
from chosho.errors import InputRefused, StopLine
from chosho.registration import contract, decision, duplicates, person, request
from chosho.registration.channels import CHANNELS, COUNTER, ONLINE, Channel
from tests.engine import partitioned, streamed
from tests.match.masters import block, corporate, individual
from tests.model import intake as model
from tests.registration.intakes import (
    ANNUITY_POLICY,
    APPROVERS,
    CONTRACT,
    CONTRACTS,
    DAY,
    HOST,
    KEY_ID,
    OFFICES,
    PAGES,
    PAYEE,
    PAYEES,
    TERMINALS,
    Record,
    Waiting,
    World,
    contracts,
    cut,
    delivered,
    detail,
    records,
    run,
)

POLICIES = [f"{10_000_000_000 + 3 * number:011d}" for number in range(25)]
NAMES = ("ｶｸｳ ﾊﾅｺ", "ｶｸｳ ﾊﾅｺ", "ｶｸｳﾊﾅｺ", "カクウ　ハナコ", "ﾐﾎﾝ ｼﾞﾛｳ", "ｼｮｳｼﾞ-", "")


class Draw:
    """Draws what a random night is made of."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)

    def one_of(self, *values):
        return values[int(self._generator.integers(len(values)))]

    def rarely(self, usual, *others, every=12):
        """Return the usual value, or one of the others once in so many."""
        return self.one_of(*others) if self._generator.integers(every) == 0 else usual

    def number(self, limit):
        return int(self._generator.integers(limit))


def masters(seed: int) -> World:
    """Return contracts and payees in order, some missing, some twice, some faulty."""
    draw = Draw(seed)
    held, payees = [], []
    for policy in POLICIES:
        copies = draw.rarely(1, 0, 2)
        held += [
            {
                "POLICY-NO": policy,
                "CONTRACT-STATUS": draw.one_of("1", "2", "2"),
                "CONTRACTOR-PARTY": draw.one_of("1", "1", "1", "2", "9"),
                "CONTRACTOR-KANA": draw.one_of(*NAMES),
            }
        ] * copies
        for payee_no in ("01", "02"):
            payees += [
                {
                    "POLICY-NO": policy,
                    "PAYEE-NO": payee_no,
                    "RECIPIENT-TYPE": draw.one_of("02", "03", "03"),
                    "PAYEE-PARTY": draw.one_of("1", "1", "1", "2"),
                    "PAYEE-KANA": draw.one_of(*NAMES),
                }
            ] * draw.rarely(1, 0, 2)
    return World(contracts=held, payees=payees)


def drawn(draw: Draw, channel: Channel) -> Record:
    """Return a request of a channel, dense in everything that can be wrong with it."""
    recipient = draw.one_of(*(one.decode() for one in channel.recipients))
    kind = "1" if channel is ONLINE else draw.one_of("1", "1", "1", "2", "3", "4")
    number = draw.one_of(
        individual(1 + draw.number(3)),
        individual(1),
        draw.rarely(individual(2), "123456789012", "12345678901X"),
    )
    company = draw.number(5) == 0 and channel.member in {"REGCTR", "REGMOB"}
    bare = kind in {"3", "4"}
    changes = {
        "POLICY_NO": draw.rarely(draw.one_of(*POLICIES), "99999999999", "1000000000a", "1234"),
        "RECIPIENT_TYPE": draw.rarely(recipient, "02", "01", "03", "04", every=20),
        "PAYEE_NO": draw.rarely(
            "00" if recipient == "01" else draw.one_of("01", "02"), "00", "03", "X1", every=20
        ),
        "REGISTRANT_KANA": draw.one_of(*NAMES),
        "INDIVIDUAL_NO": "" if company else draw.rarely("" if bare else number, number, "", "0" * 12),
        "ACCEPTED_AT": draw.rarely(
            f"{DAY}10{draw.number(60):02d}00",
            "20270113000000",
            "20270112250000",
            "20270112105960",
            "",
            every=20,
        ),
    }
    if channel is ONLINE:
        route = "2" if recipient == "01" else "1"
        changes |= {
            "PF_KEY_ID": draw.rarely(KEY_ID, "", "1234567", "KEY-1", every=20),
            "PF_STORED_AT": draw.rarely(DAY + "000000", "", "20280101000000", every=20),
            "ROUTE": draw.rarely(route, "1", "2", "", every=20),
            "BIRTH_MATCH": draw.rarely("1", "0", every=20),
            "SEX_MATCH": draw.rarely("1", "0", every=20),
            "JPKI_RESULT": draw.rarely("00", "01", "02", "09", every=20),
        }
        return detail(channel, **changes)
    good = {"REGCTR": ("C1", "C100000001"), "REGMOB": ("M1", "M100000001"), "REGMAIL": ("L1", "L100000001")}
    terminal_type, terminal = good[channel.member]
    changes |= {
        "REQUEST_KIND": draw.rarely(kind, "5", "", every=20),
        "REASON_CODE": draw.rarely(
            draw.one_of("01", "02") if kind == "4" else draw.one_of("", "00"), "03", "09", ""
        ),
        "TERMINAL_TYPE": draw.rarely(terminal_type, "C2", "M1", every=20),
        "TERMINAL_ID": draw.rarely(terminal, *(one["TERMINAL-ID"] for one in TERMINALS), "X", every=10),
        "OFFICE_NO": draw.rarely("12345", "23456", "99999", "", every=10),
        "EMPLOYEE_ID": draw.rarely("E0000001", "", "E-1", APPROVERS[0]),
        "APPROVER_ID": draw.rarely(APPROVERS[0] if kind == "3" else "", APPROVERS[1], "X", ""),
        "DOCUMENT_KIND": draw.rarely("" if bare else "01", "02", "07", "", every=20),
        "VERIFIED": draw.rarely("1", "0", "", every=20),
    }
    if channel.member != "REGMAIL":
        changes["CORPORATE_NO"] = (
            draw.one_of(corporate(5), corporate(6), "1234567890123")
            if company
            else draw.rarely("", corporate(5), every=30)
        )
    return detail(channel, **changes)


def night(seed: int, requests: int = 150) -> dict[str, list[list[Record]]]:
    """Return the details of two files of each channel; some requests come again, in the same file or in another one."""
    draw = Draw(seed)
    files: dict[str, list[list[Record]]] = {}
    for channel in CHANNELS:
        made = [drawn(draw, channel) for _ in range(requests)]
        again = [made[draw.number(len(made))] for _ in range(requests // 5)]
        later = [{**one, "ACCEPTED-AT": draw.one_of(one["ACCEPTED-AT"], DAY + "110000")} for one in again]
        together = made + later
        files[channel.dd] = [together[: len(together) // 2], together[len(together) // 2 :]]
    return files


def waiting(files: dict[str, list[list[Record]]], cuts=(1000,)) -> dict[str, list[Waiting]]:
    return {
        channel.dd: [
            Waiting(delivered(channel, details, number), name=f"{number}.age", cuts=cuts)
            for number, details in enumerate(files[channel.dd], start=1)
        ]
        for channel in CHANNELS
        if channel.dd in files
    }


def of_model(files: dict[str, list[list[Record]]], world: World) -> model.Intake:
    night_model = model.Intake(DAY, world.contracts, world.payees, OFFICES, TERMINALS, APPROVERS)
    codes = {channel.dd: channel.code.decode() for channel in CHANNELS}
    night_model.take(
        ((codes[dd], number, place), record)
        for dd, all_files in files.items()
        for number, details in enumerate(all_files, start=1)
        for place, record in enumerate(details, start=2)
    )
    return night_model


def place(one):
    return one["CHANNEL"], int(one["FILE-NO"]), int(one["RECORD-NO"])


@pytest.mark.parametrize("seed", range(6))
def test_the_intake_gives_what_the_model_gives(seed):
    files, world = night(seed), masters(seed)
    result, expected = run(waiting(files), world), of_model(files, world)
    assert result.counts["read"] == sum(len(one) for all_files in files.values() for one in all_files)
    assert {place(one): (one["REASON"], one["FIELD-NAME"]) for one in result.rejected} == expected.rejected
    assert [place(one) for one in result.accepted] == expected.accepted
    assert result.counts["read"] == result.counts["accepted"] + result.counts["rejected"]
    counted: Counter[str] = Counter()
    for (code, _, _), (reason, _) in expected.rejected.items():
        channel = next(one.name for one in CHANNELS if one.code.decode() == code)
        counted.update((f"rejected.{reason}", f"rejected.{channel}", f"rejected.{channel}.{reason}"))
    found = {name: n for name, n in result.counts.items() if n and name.startswith("rejected.")}
    assert found == counted


def test_the_nights_show_every_reason_and_accept_enough():
    found = [of_model(night(seed), masters(seed)) for seed in range(6)]
    shown = {reason for one in found for reason, _ in one.rejected.values()}
    assert shown == set(decision.MEANINGS)
    assert all(len(one.accepted) > 20 for one in found)


@settings(max_examples=15, deadline=None)
@given(
    file_cuts=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    master_cuts=st.lists(st.integers(1, 40), min_size=1, max_size=4),
    target=st.sampled_from([1, 4000, 1 << 20]),
)
def test_no_cut_of_files_or_masters_changes_a_byte(file_cuts, master_cuts, target):
    files, world = night(1, 30), masters(1)
    whole = run(waiting(files), world)
    world.cuts = master_cuts
    other = run(waiting(files, file_cuts), world, target=target)
    assert other.transactions.tobytes() == whole.transactions.tobytes()
    assert other.rejects.tobytes() == whole.rejects.tobytes()
    assert (other.counts, other.pf_keys) == (whole.counts, whole.pf_keys)


def requests_of(seed: int) -> np.ndarray:
    """Return sound requests in the order of their key, with their source records."""
    files, world = night(seed, 60), masters(seed)
    intake, found = world.intake(), [np.empty((0, request.LRECL), np.uint8)]
    for channel in CHANNELS:
        desk = intake.desk(channel, load(channel.member), PAGES[channel.dd])
        for one, verdict in desk.judged(waiting(files)[channel.dd], 1):
            found += [sound.copy() for sound, _ in desk.read(one, verdict)]
    whole = np.concatenate(found)
    order = sorted(range(len(whole)), key=lambda row: whole[row, : request.KEY_LENGTH].tobytes())
    return np.ascontiguousarray(whole[order])


def persons_of(seed: int) -> np.ndarray:
    """Return the PERSON records of all policies."""
    world = masters(seed)
    policies = np.frombuffer("".join(POLICIES).encode(), np.uint8).reshape(-1, 11)
    walks = (contract.contractors(*world.source(CONTRACT)), contract.payees(*world.source(PAYEE)))
    whole = np.concatenate([walk.persons(policies) for walk in walks])
    order = sorted(range(len(whole)), key=lambda row: whole[row, : request.PERSON_KEY].tobytes())
    return np.ascontiguousarray(whole[order])


def chain(left: pa.RecordBatch, right: pa.RecordBatch) -> dict[str, pa.RecordBatch]:
    """Both rules, one behind the other."""
    known = person.known(left, right)
    single = duplicates.single(known["requests"])
    return {
        "transactions": single["transactions"],
        "rejects": known["rejects"],
        "repeated": single["rejects"],
    }


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(1, 30), min_size=1, max_size=5))
def test_the_rules_do_not_depend_on_the_cuts_of_batches(cuts):
    sides = (requests_of(1), persons_of(1))
    whole = streamed(chain, *sides, person.GROUP_KEY, [10_000])
    assert streamed(chain, *sides, person.GROUP_KEY, cuts) == whole
    assert all(whole.values())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_partitioned_engine_gives_the_same_bytes(seed):
    sides = (requests_of(seed), persons_of(seed))
    whole = streamed(chain, *sides, person.GROUP_KEY, [10_000])
    order = (request.KEY_LENGTH, request.PERSON_KEY)
    assert partitioned(chain, *sides, person.GROUP_KEY, order=order) == whole


def policies_asked(numbers):
    return block(load("REGTRAN"), [{"POLICY-NO": f"{number:011d}"} for number in numbers])


@settings(max_examples=60, deadline=None)
@given(
    asked=st.lists(st.integers(0, 60), max_size=30).map(sorted),
    held=st.lists(st.integers(0, 60), max_size=60).map(sorted),
    master_cuts=st.lists(st.integers(1, 12), min_size=1, max_size=3),
    groups=st.integers(1, 10),
)
def test_the_walk_gives_the_persons_of_the_policies_asked_for_and_no_other(asked, held, master_cuts, groups):
    master = contracts([{**CONTRACTS[0], "POLICY-NO": f"{number:011d}"} for number in held])
    walk = contract.contractors((piece for _, piece in cut(master, master_cuts)), CONTRACT, HOST)
    distinct = sorted(set(asked))
    blocks = [
        policies_asked([one for one in asked if one in distinct[start : start + groups]])
        for start in range(0, len(distinct), groups)
    ]
    found = list(contract.beside(blocks, walk))
    assert [len(left) for left, _ in found] == [len(one) for one in blocks]
    for left, right in found:
        wanted = [int(bytes(row[:11])) for row in left]
        assert [int(bytes(row[:11])) for row in right] == [one for one in held if one in set(wanted)]
    assert walk.ended == bool(asked)


def test_a_master_is_read_to_its_end_so_that_its_order_is_known():
    behind = [*CONTRACTS, {**CONTRACTS[0], "POLICY-NO": "10000000001"}]
    files = {"COUNTER": [Waiting(delivered(COUNTER, [detail(COUNTER)]))]}
    for cuts in ([1], [1000]):
        with pytest.raises(StopLine, match="CHSX009S contract master record 3"):
            run(files, World(contracts=behind, cuts=cuts))
        unread = [*PAYEES, {**PAYEES[0], "POLICY-NO": b"\x0e\x41\x59\x0f"}]
        with pytest.raises(StopLine, match="CHSX008S payee register record 5"):
            run(files, World(payees=unread, cuts=cuts))
    assert run({}, World(contracts=behind)).counts["read"] == 0, "no request depends on it"


@pytest.mark.parametrize("cuts", [[1], [1000]], ids=str)
def test_an_office_or_terminal_that_cannot_be_read_or_stands_twice_is_refused(cuts):
    for changes, said in (
        ({"offices": [*OFFICES, OFFICES[0]]}, "office file: record 3"),
        ({"offices": [OFFICES[0], {"OFFICE-NO": b"\x05"}]}, "office file: record 2"),
        ({"terminals": [*TERMINALS, TERMINALS[2]]}, "terminal file: record 8"),
        ({"terminals": [{"TERMINAL-ID": b"\x05"}]}, "terminal file: record 1"),
    ):
        with pytest.raises(InputRefused, match=f"CHSA016E {said}"):
            run({}, World(**changes, cuts=cuts))


def test_offices_and_terminals_need_no_order():
    files = waiting(night(2, 40))
    world, turned = masters(2), masters(2)
    turned.offices, turned.terminals = OFFICES[::-1], TERMINALS[::-1]
    assert run(files, turned).rejects.tobytes() == run(waiting(night(2, 40)), world).rejects.tobytes()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ALLOWED-FROM": DAY}, ""),
        ({"ALLOWED-FROM": ""}, "TRML"),
        ({"ALLOWED-FROM": "20260230"}, "TRML"),
        ({"REVOKED-FROM": "20270113"}, ""),
        ({"REVOKED-FROM": "2027011X"}, "TRVK"),
        ({"REVOKED-FROM": "00000000"}, "TRVK"),
    ],
    ids=str,
)
def test_a_terminal_in_doubt_sends_nothing(changes, reason):
    terminals = [{**TERMINALS[0], **changes}]
    result = run({"COUNTER": [Waiting(delivered(COUNTER, [detail(COUNTER)]))]}, World(terminals=terminals))
    assert result.reasons == ([(reason, "TERMINAL-ID")] if reason else [])


def test_records_of_any_bytes_are_rejected_or_accepted_and_never_raise():
    generator = np.random.default_rng(7)
    for channel in CHANNELS:
        content = delivered(channel, [detail(channel)] * 200).copy()
        rows = slice(1, len(content) - 1)
        noise = generator.integers(0, 256, content[rows, 1:].shape, dtype=np.uint8)
        spoilt = generator.random(noise.shape) < 0.02
        content[rows, 1:] = np.where(spoilt, noise, content[rows, 1:])
        layout = load(channel.member)
        if "REQUEST-KIND" in layout:
            at = layout["REQUEST-KIND"].offset
            content[rows, at] = content[1, at] if content[1, at] == 0xF1 else 0xF1
        result = run({channel.dd: [Waiting(content)]})
        assert result.counts["read"] == 200 == result.counts["accepted"] + result.counts["rejected"]
        assert result.counts["rejected"] > 100


def test_the_work_records_are_views_of_the_copybooks():
    assert (request.LRECL, request.TRAN_LRECL) == (392, 192)
    assert batches.view(request.FIELDS, requests_of(1), "RECORD-NO").shape[1] == 8
    assert records(PAYEE, [{"POLICY-NO": ANNUITY_POLICY}]).shape == (1, 80)
