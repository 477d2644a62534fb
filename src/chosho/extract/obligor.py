"""The obligor (提出義務者): the items that are the same on every statement, from the settings of the house.

They are held against the forms of their items before the first record is read: a slip in them would break every statement.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chosho import identifiers
from chosho.copybook import Layout
from chosho.errors import InputRefused


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What a setting may hold: the item of PAYDATA that it fills, the pattern, and the pattern in words."""

    item: str
    pattern: re.Pattern[str]
    words: str


_SIGNS = "ASCII letters, digits, hyphen and round brackets"
FORMS = {
    "address": Form(
        item="OBLIGOR-ADDRESS", pattern=re.compile(r"(?=.*\S).{1,60}"), words="1 to 60 characters"
    ),
    "name": Form(item="OBLIGOR-NAME", pattern=re.compile(r"(?=.*\S).{1,30}"), words="1 to 30 characters"),
    "phone": Form(
        item="OBLIGOR-PHONE",
        pattern=re.compile(r"[-0-9A-Za-z()]{1,15}", re.ASCII),
        words=f"1 to 15 {_SIGNS}",
    ),
    "corporate_no": Form(
        item="OBLIGOR-CORPORATE-NO",
        pattern=re.compile(r"[0-9]{13}", re.ASCII),
        words="13 digits with the right check digit",
    ),
    "branch_division_no": Form(
        item="BRANCH-DIVISION-NO",
        pattern=re.compile(r"[-0-9A-Za-z()]{0,5}", re.ASCII),
        words=f"empty, or at most 5 {_SIGNS}",
    ),
    "reference_no_1": Form(
        item="REFERENCE-NO-1", pattern=re.compile(r"([0-9]{10})?", re.ASCII), words="empty, or 10 digits"
    ),
    "reference_no_2": Form(
        item="REFERENCE-NO-2", pattern=re.compile(r"([0-9]{13})?", re.ASCII), words="empty, or 13 digits"
    ),
}
"""Key under ``obligor`` in SETTINGS.yaml, and its form (法令解釈通達 課総3-4 別紙, items 2-7 and 提出義務者の法人番号)."""


def items(settings: Mapping[str, Any], layout: Layout) -> dict[str, bytes]:
    """Return the bytes of the obligor's items, by the name of the item.

    Args:
        settings: the mapping ``obligor`` of SETTINGS.yaml.
        layout: PAYDATA.

    Raises:
        InputRefused: a setting is missing, cannot be written in CP932, or has not the form of its item (CHSR010E).
    """
    found = {}
    for key, form in FORMS.items():
        value = settings.get(key)
        try:
            encoded = value.encode("cp932") if isinstance(value, str) else None
        except UnicodeEncodeError:
            encoded = None
        if encoded is None or not _fits(key, str(value)) or len(encoded) > layout[form.item].length:
            raise InputRefused("CHSR010E", setting=f"obligor.{key}", form=form.words)
        found[form.item] = encoded
    return found


def _fits(key: str, value: str) -> bool:
    """Return whether a text has the form of its item."""
    if not FORMS[key].pattern.fullmatch(value):
        return False
    return key != "corporate_no" or identifiers.is_corporate_number(value)
