"""Masking (マスキング): what of a record may be shown to a person who looks at it.

A field is shown when it is known to be harmless, and masked otherwise:

* tagged ``secret``, or sharing a byte with such a field: masked, always;
* a dataset of class ``none``: shown;
* tagged ``key`` or ``code``: shown;
* tagged ``kana``, double-byte text, or text of more than 13 bytes: masked (names, addresses, remarks);
* anything else is a date, code, count or amount: shown, but never a text that is not ASCII, and never 12 or 13 digits that
  could be an individual or corporate number.

A mask is as long as the field (at most 40), so that it tells only whether something stands there.
"""

import re

from chosho.copybook import Field, Kind, Layout
from chosho.dataset.catalog import Entry, Klass, Tag

LONGEST_CODE = 13
"""Bytes of the longest text that is taken for a code."""
_NUMBER = re.compile(r"\d{12}")
"""Twelve digits in a row: an individual number, or part of a corporate one."""
_NUMBER_DIGITS = (12, 13)
_LONGEST_MASK = 40


def open_fields(entry: Entry, layout: Layout) -> frozenset[str]:
    """Return the names of the fields whose content may be shown, subject to :func:`shown`."""
    secret = [layout[name] for name, tag in entry.tags.items() if tag is Tag.SECRET]
    return frozenset(
        name
        for name, field in layout.named().items()
        if not any(_overlap(field, one) for one in secret) and _harmless(entry, name, field)
    )


def shown(entry: Entry, field: Field, value: str | int | None, *, is_open: bool) -> str | int | None:
    """Return a cell as it may be shown; an empty one as it is.

    Args:
        entry: the dataset.
        field: the field.
        value: its content, text without padding.
        is_open: the field is one of :func:`open_fields`.
    """
    if value is None or value == "":
        return value
    if is_open and (entry.klass is Klass.NONE or not isinstance(value, str)):
        return value
    if is_open and isinstance(value, str) and value.isascii() and not _NUMBER.search(value):
        return value
    return "*" * min(field.length, _LONGEST_MASK)


def _harmless(entry: Entry, name: str, field: Field) -> bool:
    tag = entry.tags.get(name)
    if tag in {Tag.KEY, Tag.CODE} or entry.klass is Klass.NONE:
        return True
    if field.kind is Kind.TEXT:
        return tag is not Tag.KANA and field.length <= LONGEST_CODE
    if field.kind is Kind.ZONED:
        return field.signed or field.digits not in _NUMBER_DIGITS
    return field.kind is not Kind.NATIONAL


def _overlap(one: Field, two: Field) -> bool:
    return one.offset < two.offset + two.length and two.offset < one.offset + one.length
