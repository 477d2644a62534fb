"""The obligor (提出義務者): the items that are the same on every statement, from the settings of the house."""

from collections.abc import Mapping
from typing import Any

from chosho.copybook import Layout
from chosho.errors import InputRefused

ITEMS = {
    "address": "OBLIGOR-ADDRESS",
    "name": "OBLIGOR-NAME",
    "phone": "OBLIGOR-PHONE",
    "corporate_no": "OBLIGOR-CORPORATE-NO",
    "branch_division_no": "BRANCH-DIVISION-NO",
    "reference_no_1": "REFERENCE-NO-1",
    "reference_no_2": "REFERENCE-NO-2",
}
"""Key under ``obligor`` in SETTINGS.yaml, and the item of PAYDATA that it fills."""


def items(settings: Mapping[str, Any], layout: Layout) -> dict[str, bytes]:
    """Return the bytes of the obligor's items, by the name of the item.

    Args:
        settings: the mapping ``obligor`` of SETTINGS.yaml.
        layout: PAYDATA.

    Raises:
        InputRefused: a setting is missing, cannot be written in CP932, or is longer than its item (CHSR010E).
    """
    found = {}
    for key, name in ITEMS.items():
        value = settings.get(key)
        try:
            encoded = value.encode("cp932") if isinstance(value, str) else None
        except UnicodeEncodeError:
            encoded = None
        length = layout[name].length
        if encoded is None or len(encoded) > length:
            raise InputRefused("CHSR010E", setting=f"obligor.{key}", length=length)
        found[name] = encoded
    return found
