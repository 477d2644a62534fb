"""The passphrase of a disc (媒体パスワード): 130 random bits that a person can type.

26 characters of Crockford's base 32 and one check character, in groups: ``XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XX``. Exactly this text,
hyphens and capitals included, is the age passphrase, so that any age program opens the disc with what is printed.

The check character is a weighted sum over GF(32) with weights 1, a, a², ...: one wrong character and any two exchanged ones
are always found (27 characters, and the powers of a repeat only after 31).
"""

import os

from chosho.errors import InputRefused

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""

RANDOM_CHARACTERS = 26
"""Random characters: 130 bits."""

_GROUP = 5
_FIELD = 0b100101  # x^5 + x^2 + 1, primitive over GF(2): x generates all 31 non-zero elements.
_LOOK_ALIKES = str.maketrans(
    {"O": "0", "I": "1", "L": "1", " ": "", "-": "", "\u3000": "", "\u2010": "", "\u2212": ""}
)


def generate_passphrase() -> str:
    """Return a new passphrase of 130 bits from the system's random source, grouped, with its check character."""
    number = int.from_bytes(os.urandom(17), "big") >> 6
    values = [number >> 5 * place & 31 for place in range(RANDOM_CHARACTERS)]
    return _group("".join(ALPHABET[value] for value in [*values, _check(values)]))


def check_passphrase(text: str) -> str:
    """Return a typed passphrase in the form that was printed.

    Small letters, O for 0, I and L for 1, missing or extra blanks and hyphens are put right.

    Raises:
        InputRefused: it is not one of ours, or is mistyped (CHSK050E); the message does not repeat it.
    """
    characters = text.strip().upper().translate(_LOOK_ALIKES)
    for place, character in enumerate(characters, start=1):
        if character not in ALPHABET:
            raise InputRefused("CHSK050E", problem=f"character {place} does not occur in passphrases")
    if len(characters) != RANDOM_CHARACTERS + 1:
        raise InputRefused("CHSK050E", problem=f"{len(characters)} characters, not {RANDOM_CHARACTERS + 1}")
    values = [ALPHABET.index(character) for character in characters]
    if _check(values[:-1]) != values[-1]:
        raise InputRefused("CHSK050E", problem="the check character does not fit")
    return _group(characters)


def _group(characters: str) -> str:
    return "-".join(characters[start : start + _GROUP] for start in range(0, len(characters), _GROUP))


def _check(values: list[int]) -> int:
    """Return the sum of ``values[i] * a^(i+1)``; the check character itself has weight 1."""
    total = 0
    for value in reversed(values):
        total = _times_a(total ^ value)
    return total


def _times_a(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & 32 else doubled
