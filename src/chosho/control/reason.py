"""Typed reasons (理由): what a person writes down about an act.

It goes on record in plain text, so no number of a person may stand there.
"""

from chosho import masking
from chosho.errors import InputRefused


def required(text: str) -> str:
    """Return the reason of an act, fit for the record.

    Raises:
        InputRefused: there is none (CHSJ041E), or it looks as if it held a number of a person (CHSJ042E).
    """
    if not text.strip():
        raise InputRefused("CHSJ041E")
    return optional(text)


def optional(text: str) -> str:
    """Return a remark that may be empty, fit for the record.

    Raises:
        InputRefused: it looks as if it held a number of a person (CHSJ042E).
    """
    if masking.looks_personal(text):
        raise InputRefused("CHSJ042E")
    return text.strip()
