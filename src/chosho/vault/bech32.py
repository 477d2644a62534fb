"""Bech32 (BIP 173), the text form of age's X25519 keys; without BIP 173's limit of 90 characters, as age uses it."""

from collections.abc import Iterable

from chosho.errors import InputRefused

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK_CHARACTERS = 6


def encode(prefix: str, data: bytes) -> str:
    """Return ``data`` under a prefix, in small letters."""
    values = _regroup(data, 8, 5, pad=True)
    check = _polymod([*_expand(prefix), *values, *[0] * _CHECK_CHARACTERS]) ^ 1
    digits = [*values, *(check >> 5 * place & 31 for place in reversed(range(_CHECK_CHARACTERS)))]
    return prefix + "1" + "".join(_ALPHABET[digit] for digit in digits)


def decode(prefix: str, text: str, *, what: str) -> bytes:
    """Return the data of a text that must have a prefix; all small or all capital letters.

    Args:
        prefix: the prefix expected, in small letters.
        text: the text.
        what: what to call it in the message, which does not repeat the text.

    Raises:
        InputRefused: not a text of that kind, or mistyped (CHSK045E).
    """
    wrong = InputRefused("CHSK045E", what=what)
    if text not in {text.lower(), text.upper()}:
        raise wrong
    found, _, characters = text.lower().rpartition("1")
    if found != prefix or len(characters) < _CHECK_CHARACTERS or set(characters) - set(_ALPHABET):
        raise wrong
    values = [_ALPHABET.index(character) for character in characters]
    if _polymod([*_expand(prefix), *values]) != 1:
        raise wrong
    data = values[:-_CHECK_CHARACTERS]
    decoded = bytes(_regroup(data, 5, 8, pad=False))
    if list(_regroup(decoded, 8, 5, pad=True)) != data:
        raise wrong
    return decoded


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate(_GENERATOR):
            check ^= term if top >> place & 1 else 0
    return check


def _regroup(values: Iterable[int], width: int, to: int, *, pad: bool) -> list[int]:
    """Return the same bits in groups of another width."""
    bits = held = 0
    out: list[int] = []
    for value in values:
        bits = bits << width | value
        held += width
        while held >= to:
            held -= to
            out.append(bits >> held & (1 << to) - 1)
        bits &= (1 << held) - 1
    if pad and held:
        out.append(bits << to - held & (1 << to) - 1)
    return out
