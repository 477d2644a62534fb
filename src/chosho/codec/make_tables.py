"""Make the code page tables of this package from the ICU ``.ucm`` files.

Run by a developer, never by a job: ``python -m chosho.codec.make_tables FOLDER``, where FOLDER holds the files of
``icu-data/charset/data/ucm``. Only round-trip rows (``|0``) are taken: a one-way row would change a text in silence.

The tables, each a zlib stream of little-endian 16-bit numbers:

``double-300.bin``, ``double-16684.bin``
    three rows of 65,536, indexed by the host double-byte code: Unicode (low 16 bits) · the plane, or the second
    character of a two-character sequence (か゚) · the CP932 code, :data:`~chosho.codec.codepages.MARKER` when CP932 lacks
    the character, 0 when the host code stands for no character.
``single.bin``
    a row of 256 per page of :data:`SINGLE`: Unicode by host byte, FFFF when the byte stands for no character.
``cp932.bin``
    one row of 65,536: the code that Python's ``cp932`` writes for the character of a CP932 code (the canonical one of NEC row
    13, NEC-selected and IBM extensions), 0 when the code stands for no character.
"""

import re
import sys
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chosho import disk
from chosho.codec.codepages import MARKER, WAVE_DASH_FIVE

DOUBLE = {"300": "ibm-300_P120-2006", "16684": "ibm-16684_P110-2003"}
"""Double-byte tables and the file each comes from."""

SINGLE = {
    "IBM-930": ("ibm-930_P120-1999", "300"),
    "IBM-939": ("ibm-939_P120-1999", "300"),
    "IBM-1390": ("ibm-1390_P110-2003", "16684"),
    "IBM-1399": ("ibm-1399_P110-2003", "16684"),
}
"""Pages with shifts: their file, and the double-byte table that it must repeat."""

EURO = 0x42E1
"""Code of € in table 16684; the mixed pages 1390 and 1399 write € in one byte instead."""

_ROW = re.compile(r"((?:<U[0-9A-F]{4,6}>\+?)+)\s+((?:\\x[0-9A-F]{2})+)\s+\|0")


def rows(text: str) -> dict[int, str]:
    """Return the round-trip rows of a ``.ucm`` file: host code → its character or two-character sequence."""
    table: dict[int, str] = {}
    for match in _ROW.finditer(text):
        characters = "".join(chr(int(point, 16)) for point in re.findall(r"<U([0-9A-F]+)>", match[1]))
        table[int(match[2].replace("\\x", ""), 16)] = characters
    return table


def same(characters: str | None) -> str | None:
    """Return a character under the name that Microsoft's CP932 gives it (the wave-dash five), else itself."""
    return WAVE_DASH_FIVE.get(characters, characters) if characters else None


def cp932_of(characters: str) -> int:
    """Return the CP932 double-byte code of a host character, or the marker when CP932 lacks it."""
    if len(characters) > 1:
        return MARKER
    try:
        code = str(same(characters)).encode("cp932")
    except UnicodeEncodeError:
        return MARKER
    return int.from_bytes(code, "big") if len(code) == 2 else MARKER  # noqa: PLR2004 - a double-byte code


def double_table(table: dict[int, str]) -> npt.NDArray[np.uint16]:
    """Return the three rows of a double-byte table."""
    out = np.zeros((3, 65536), "<u2")
    for code, characters in table.items():
        first = ord(characters[0])
        out[0, code] = first & 0xFFFF
        out[1, code] = first >> 16 if len(characters) == 1 else ord(characters[1])
        out[2, code] = cp932_of(characters)
    return out


def single_table(table: dict[int, str]) -> npt.NDArray[np.uint16]:
    """Return the row of a single-byte table."""
    out = np.full(256, 0xFFFF, "<u2")
    for code, character in table.items():
        if code < len(out):
            out[code] = ord(character)
    return out


def cp932_table() -> npt.NDArray[np.uint16]:
    """Return the canonical CP932 code of each CP932 double-byte code."""
    out = np.zeros(65536, "<u2")
    for lead in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            try:
                character = bytes((lead, trail)).decode("cp932")
            except UnicodeDecodeError:
                continue
            out[lead << 8 | trail] = int.from_bytes(character.encode("cp932"), "big")
    return out


def _ship(path: Path, data: bytes) -> None:
    """Write a file that goes into the wheel, so readable by all."""
    disk.replace(path, data)
    path.chmod(0o644)


def tables(folder: Path) -> dict[str, bytes]:
    """Return the content of every table file, by name, from the ``.ucm`` files of ``folder``.

    Raises:
        ValueError: a mixed page's double-byte rows are not those of its double-byte table.
    """
    read = {
        name: rows(disk.read_bytes(folder / f"{name}.ucm").decode("ascii", "replace"))
        for name in (*DOUBLE.values(), *(name for name, _ in SINGLE.values()))
    }
    singles = []
    for name, number in SINGLE.values():
        mixed, double = read[name], read[DOUBLE[number]]
        if any(same(mixed.get(code)) != same(double[code]) for code in double if code != EURO):
            raise ValueError(f"{name} and {DOUBLE[number]} disagree")
        # The file of table 300 names the wave-dash five as Microsoft does; the mixed pages' names are kept for all.
        double.update({code: text for code, text in mixed.items() if code > 0xFF})  # noqa: PLR2004 - two bytes
        singles.append(single_table(mixed))
    made = {f"double-{number}.bin": double_table(read[name]) for number, name in DOUBLE.items()}
    made |= {"single.bin": np.concatenate(singles), "cp932.bin": cp932_table()}
    return {name: zlib.compress(table.tobytes(), 9) for name, table in made.items()}


def main(folder: Path) -> None:
    """Write every table, and the licence of its source, beside this module."""
    here = Path(__file__).parent
    for name, data in tables(folder).items():
        _ship(here / name, data)
    _ship(here / "LICENSE-UNICODE.txt", disk.read_bytes(folder / "LICENSE"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
