"""Masking (伏字): what looks like a number of a person does not get onto a page, whoever typed it.

A report takes only named fields of what it reports on. Some of them were typed by people (a reason, a login name) or by other
systems (a file name); there an individual number (個人番号, 12 digits), a corporate number (13) or a policy number
(保険証書記号番号, 11 digits and capitals) is replaced by ``#``.

>>> free_text("契約 10000000001 の照会")
'契約 # の照会'
>>> name("PFDEL.20270112.01")
'PFDEL.20270112.01'
"""

import re
import unicodedata

LONGEST = 120
"""Most characters of a text on a page; the journal has the whole."""

_GAP = r"[ \-‐‑‒–—―−・.,/_]?"
_LONG_RUN = re.compile(rf"\d(?:{_GAP}\d){{8,}}")
"""Nine digits and more, also when something stands between them; for texts that people typed."""

_NUMBER = re.compile(r"(?<!\d)\d{11,13}(?!\d)")
_GROUPED = re.compile(r"(?<![0-9])[0-9]{4}[ \-][0-9]{4}[ \-][0-9]{4,5}(?![0-9])")
"""A number as it is printed on the card."""

_POLICY = re.compile(r"(?<![0-9A-Z])(?=(?:[A-Z]*[0-9]){6})[0-9A-Z]{11}(?![0-9A-Z])", re.IGNORECASE)
"""Eleven letters and digits, six of them digits: a policy number, no word."""

_DATED = re.compile(r"[A-Z]*20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[A-Z]*", re.IGNORECASE)
"""Letters around a date: how the house names its files."""


def free_text(text: str) -> str:
    """Return a text that a person typed on one line, without what looks like a number of a person."""
    if not looks_personal(text):
        return _short(_line(text))
    return _short(_POLICY.sub("#", _LONG_RUN.sub("#", _usual(text))))


def name(text: str) -> str:
    """Return a name or an id (dataset, run, file, volume) without what looks like a number of a person."""
    usual = _usual(text)
    found = _NUMBER.sub("#", _GROUPED.sub("#", usual))
    found = _POLICY.sub(lambda match: match[0] if _DATED.fullmatch(match[0]) else "#", found)
    return _short(_line(text) if found == usual else found)


def looks_personal(text: str) -> bool:
    """Return whether a typed text holds what looks like a number of a person."""
    found = _usual(text)
    return bool(_LONG_RUN.search(found) or _POLICY.search(found))


def _usual(text: str) -> str:
    """Return a text on one line, its digits and letters in their one usual width."""
    return unicodedata.normalize("NFKC", _line(text))


def _line(text: str) -> str:
    """Return a text on one line, without invisible characters."""
    if text.isprintable():
        return text
    visible = (" " if char.isspace() else char for char in text)
    return "".join(char for char in visible if not unicodedata.category(char).startswith("C"))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
