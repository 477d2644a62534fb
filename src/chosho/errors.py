"""Errors, messages and return codes: the one place that words a failure.

The tree::

    ChoshoError            never raised itself
     ├─ InputRefused   12  the deck, layout, dataset, option or authority does not allow the work
     ├─ Contradiction   8  the work was done, but its control totals differ or its input contradicts itself
     └─ StopLine       16  integrity, key or unexpected state: nothing may go on

An error carries a message id and named fields. Its text comes from the message table (``messages/*.csv``: id, text, cause,
action); a field is a file, a dataset, a record number, a field name or a code, never the content of a record.
"""

import csv
import functools
import importlib.resources
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

MESSAGE_ID = re.compile(r"CHS[A-Z]\d{3}[IWES]")
"""``CHS`` + area letter + number + severity: I information, W warning (4), E error (8 or 12), S stop (16)."""


class ReturnCode(IntEnum):
    """Return codes of steps, jobs and commands (DESIGN §5)."""

    CLEAN = 0
    WARNING = 4
    CONTRADICTION = 8
    REFUSED = 12
    STOP = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A row of the message table (メッセージ)."""

    id: str
    text: str
    cause: str
    action: str

    def format(self, **fields: object) -> str:
        """Return the id and the text with its fields filled in.

        Raises:
            KeyError: a field that the text names was not given.
        """
        return f"{self.id} {self.text.format_map(fields)}"


@functools.cache
def message_table() -> dict[str, Message]:
    """Return the whole message table, by id, in the order of the ids.

    Raises:
        ValueError: an id is malformed or stands twice.
    """
    table: dict[str, Message] = {}
    folder = importlib.resources.files("chosho.messages")
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".csv"):
            continue
        for row in csv.DictReader(entry.read_text(encoding="utf-8").splitlines()):
            message = Message(id=row["id"], text=row["text"], cause=row["cause"], action=row["action"])
            if not MESSAGE_ID.fullmatch(message.id) or message.id in table:
                raise ValueError(f"message id {message.id} in {entry.name} is malformed or stands twice")
            table[message.id] = message
    return dict(sorted(table.items()))


def message(message_id: str, **fields: object) -> str:
    """Return one message of the table, worded with its fields."""
    return message_table()[message_id].format(**fields)


class ChoshoError(Exception):
    """Base of every error that a user can meet; never raised itself."""

    return_code: ClassVar[ReturnCode] = ReturnCode.STOP

    def __init__(self, message_id: str, **fields: object) -> None:
        super().__init__(message(message_id, **fields))
        self.message_id = message_id
        self.fields = fields
        self.action = message_table()[message_id].action.format_map(fields)
        """What the operator does next, with the fields that it names."""


class InputRefused(ChoshoError):  # noqa: N818 - named for what happened, as an operator says it
    """The work could not run: deck, layout, dataset, option or authority (return code 12)."""

    return_code = ReturnCode.REFUSED


class Contradiction(ChoshoError):  # noqa: N818 - as above
    """Control totals differ, or the input contradicts itself (return code 8)."""

    return_code = ReturnCode.CONTRADICTION


class StopLine(ChoshoError):  # noqa: N818 - as above
    """Integrity, key or unexpected state: stop the line (return code 16)."""

    return_code = ReturnCode.STOP
