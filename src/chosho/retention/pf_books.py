"""The books of one night (当夜の記帳): the ledger as it changes while replies are applied, and every change on record.

A change is a plain dictionary, so that it travels from the step to the control store as it is:

- ``{"do": "prepare", "id", "business_date", "keys", "digest"}``: a new instruction;
- ``{"do": "move", "ids", "from", "to", "reason", "instruction"}``: keys from one state to another;
- ``{"do": "renew", "id", "to", "stored_at", "reason", "instruction"}``: a key that leaves an instruction and stands as it was
  declared meanwhile;
- ``{"do": "advance", "id", "from", "to", "set": {column: value}}``: an instruction, with the dates of its new state;
- ``{"do": "finding", "code", "instruction", "keys", "file"}``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from chosho.retention.pf_finding import Finding
from chosho.retention.pf_ledger import Instruction, InstructionState, Key, KeyState, Later, Ledger

Change = dict[str, Any]
"""A change, as JSON can hold it."""

AT_ONCE: Final = 10_000
"""Most keys that one change names, so that a line between step and supervisor stays short."""


class Books:
    """A ledger under change.

    Args:
        ledger: as it stands before the night's replies.
        today: the business date.
    """

    def __init__(self, ledger: Ledger, today: date) -> None:
        self.today = today
        self.keys: dict[str, Key] = {key.id: key for key in ledger.keys}
        """Every key that was open at the start, as it stands now."""
        self.instructions: dict[str, Instruction] = {one.id: one for one in ledger.instructions}
        self.changes: list[Change] = []
        self.findings: list[Finding] = []
        self.released: set[str] = set()
        """Keys that became due again by tonight's replies; they wait for the next night."""
        self._members: dict[str, set[str]] = {}
        for key in ledger.keys:
            if key.state is KeyState.INSTRUCTED and key.instruction is not None:
                self._members.setdefault(key.instruction, set()).add(key.id)

    def members(self, instruction: str) -> set[str]:
        """Return the keys that an instruction still holds."""
        return self._members.setdefault(instruction, set())

    def move(self, ids: Iterable[str], to: KeyState, *, reason: str = "", instruction: str) -> None:
        """Bring keys into a state, for or by an instruction.

        A key under which something was declared while it was instructed leaves the instruction for that: the state would be one of
        a number that the PF no longer holds.
        """
        by_state: dict[KeyState, list[str]] = {}
        for key_id in sorted(ids):
            key = self.keys[key_id]
            if key.later is not None:
                self._renew(key_id, key.later, instruction)
                continue
            by_state.setdefault(key.state, []).append(key_id)
            self.keys[key_id] = replace(key, state=to, reason=reason, instruction=instruction)
        members = self.members(instruction)
        for before, moved in by_state.items():
            if to is KeyState.INSTRUCTED:
                members.update(moved)
            else:
                members.difference_update(moved)
            if to is KeyState.DUE:
                self.released.update(moved)
            for start in range(0, len(moved), AT_ONCE):
                self.changes.append(
                    {
                        "do": "move",
                        "ids": moved[start : start + AT_ONCE],
                        "from": before.value,
                        "to": to.value,
                        "reason": reason,
                        "instruction": instruction,
                    }
                )

    def _renew(self, key_id: str, later: Later, instruction: str) -> None:
        self.keys[key_id] = Key(key_id, later.stored_at, later.state, later.reason)
        self.members(instruction).discard(key_id)
        if later.state is KeyState.DUE:
            self.released.add(key_id)
        self.changes.append(
            {
                "do": "renew",
                "id": key_id,
                "to": later.state.value,
                "stored_at": later.stored_at,
                "reason": later.reason,
                "instruction": instruction,
            }
        )

    def prepare(self, instruction: Instruction) -> None:
        """Enter a new instruction."""
        self.instructions[instruction.id] = instruction
        self.changes.append(
            {
                "do": "prepare",
                "id": instruction.id,
                "business_date": instruction.business_date.isoformat(),
                "keys": instruction.keys,
                "digest": instruction.digest,
            }
        )

    def advance(self, instruction: str, to: InstructionState, **columns: date | int | str) -> None:
        """Bring an instruction into a state; ``columns`` are those of the table that go with it."""
        before = self.instructions[instruction]
        known: Mapping[str, Any] = {name: value for name, value in columns.items() if name in _KEPT}
        self.instructions[instruction] = replace(before, state=to, **known)
        self.changes.append(
            {
                "do": "advance",
                "id": instruction,
                "from": before.state.value,
                "to": to.value,
                "set": {
                    name: value.isoformat() if isinstance(value, date) else value
                    for name, value in columns.items()
                },
            }
        )

    def find(self, code: str, instruction: str, keys: Collection[str], file: str = "") -> None:
        """Note a finding, when it is about any key; it names them all."""
        named: Sequence[str] = sorted(keys)
        if not named:
            return
        self.findings.append(Finding(code=code, instruction=instruction, keys=tuple(named), file=file))
        for start in range(0, len(named), AT_ONCE):
            self.changes.append(
                {
                    "do": "finding",
                    "code": code,
                    "instruction": instruction,
                    "keys": list(named[start : start + AT_ONCE]),
                    "file": file,
                }
            )


_KEPT: Final = frozenset({"sends", "sent_on", "resent_on", "acknowledgement", "certificate"})
"""Columns that the decision itself reads again."""
