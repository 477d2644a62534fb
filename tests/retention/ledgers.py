"""Ledgers, replies and nights for the tests of PF deletion; all keys are synthetic."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from chosho.business_days import Calendar
from chosho.retention.pf_deletion import Ledger, Plan, plan
from chosho.retention.pf_ledger import Instruction, InstructionState, Key, KeyState
from chosho.retention.pf_reply import Detail, Reply, ReplyKind
from tests.step.stage import REPOSITORY

CALENDAR = Calendar.load((REPOSITORY / "datasets" / "CALENDAR.yaml").read_text(encoding="utf-8"))

MON = date(2027, 4, 5)
TUE, WED, THU, FRI, SAT, SUN = (MON.replace(day=day) for day in range(6, 12))
STORED = "20270405101500"
"""On :data:`MON`: due on :data:`TUE`."""


def key(name: str, state: str = "due", stored_at: str = STORED, instruction: str | None = None) -> Key:
    return Key(name, stored_at, KeyState(state), "", instruction)


def ledger(*keys: Key, instructions: Iterable[Instruction] = ()) -> Ledger:
    return Ledger(keys=keys, instructions=tuple(instructions))


class World:
    """The control store's part, by plain dictionaries: makes the changes of each night and hands the ledger out again."""

    def __init__(self, *keys: Key) -> None:
        self.keys: dict[str, Key] = {one.id: one for one in keys}
        self.instructions: dict[str, Instruction] = {}
        self.dates: dict[str, dict[str, str]] = {}
        self.files = 0

    @property
    def ledger(self) -> Ledger:
        return Ledger(
            keys=tuple(one for one in self.keys.values() if one.state is not KeyState.DELETED),
            instructions=tuple(self.instructions.values()),
        )

    def enter(self, *keys: Key) -> None:
        self.keys |= {one.id: one for one in keys}

    def approve(self, instruction: str) -> None:
        one = self.instructions[instruction]
        assert one.state is InstructionState.PREPARED
        self.instructions[instruction] = replace(one, state=InstructionState.APPROVED)

    def night(self, today: date, *replies: Reply, approval: bool = False) -> Plan:
        made = plan(self.ledger, replies, today, CALENDAR, approval_required=approval)
        for change in made.changes:
            self._make(change)
        return made

    def _make(self, change: Mapping[str, object]) -> None:
        match change["do"]:
            case "prepare":
                self.instructions[change["id"]] = Instruction(
                    id=change["id"],
                    state=InstructionState.PREPARED,
                    business_date=date.fromisoformat(change["business_date"]),
                    keys=change["keys"],
                    digest=change["digest"],
                )
            case "move":
                for name in change["ids"]:
                    one = self.keys[name]
                    assert one.state.value == change["from"]
                    self.keys[name] = replace(
                        one,
                        state=KeyState(change["to"]),
                        reason=change["reason"],
                        instruction=change["instruction"],
                    )
            case "renew":
                one = self.keys[change["id"]]
                assert (one.state, one.instruction) == (KeyState.INSTRUCTED, change["instruction"])
                self.keys[one.id] = Key(one.id, change["stored_at"], KeyState(change["to"]), change["reason"])
            case "advance":
                one = self.instructions[change["id"]]
                assert one.state.value == change["from"]
                columns = dict(change["set"])
                self.dates.setdefault(one.id, {}).update(columns)
                kept = {
                    name: date.fromisoformat(value) if name.endswith("_on") else value
                    for name, value in columns.items()
                    if name in {"sends", "sent_on", "resent_on", "acknowledgement", "certificate"}
                }
                self.instructions[one.id] = replace(one, state=InstructionState(change["to"]), **kept)

    def reply(
        self,
        kind: str,
        instruction: str,
        results: Mapping[str, str],
        *,
        deleted_at: str = "20270406090000",
        stored_at: Mapping[str, str] | None = None,
    ) -> Reply:
        """Return a reply: the results by key; storage times are the ledger's unless given."""
        self.files += 1
        details = []
        for name, result in results.items():
            held = self.keys.get(name)
            stored = (stored_at or {}).get(name) or (held.stored_at if held else STORED)
            when = deleted_at if kind == "C" and result == "00" else ""
            details.append(Detail(name, stored, result, when))
        return Reply(
            kind=ReplyKind(kind),
            instruction=instruction,
            file=f"PF{self.files:06d}",
            file_no=self.files,
            file_date=MON,
            details=tuple(details),
        )

    def states(self) -> dict[str, str]:
        return {name: one.state.value for name, one in self.keys.items()}

    def state(self, instruction: str) -> str:
        return self.instructions[instruction].state.value


def found(made: Plan) -> dict[str, tuple[str, ...]]:
    """Return the findings of a plan: code → keys."""
    return {one.code: one.keys for one in made.findings}


def sent(made: Plan) -> list[tuple[str, list[str]]]:
    """Return what a plan sends: label and keys."""
    return [(one.label, [key.id for key in one.keys]) for one in made.to_send]
