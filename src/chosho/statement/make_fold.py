"""Make ``src/chosho/statement/fold.csv``, the table of characters that are folded to be writable on a disc (縮退).

Run by a developer when the tax agency publishes a new map, never by a job::

    pip install jntajis-python==0.1.0
    python -m chosho.statement.make_fold > src/chosho/statement/fold.csv

A CP932 code that JIS X 0208 lacks (NEC row 13, NEC selected and IBM extension characters) gets the first answer of:

1. ``NTA``: the tax agency's own map 国税庁JIS縮退マップ (CC BY 4.0, https://www.houjin-bangou.nta.go.jp/download/),
   read through the package jntajis-python (BSD-3-Clause), which is not a dependency of chosho;
2. ``UNICODE``: the compatibility decomposition of the Unicode Character Database, widened (㎡ to ｍ２);
3. ``DECLARED``: the few below, each a form that JIS X 0208 unifies with its standard one (包摂規準), or a sign with
   one obvious full-width form. All other codes have no row: a name that holds one is written in kana.
"""

import csv
import importlib
import sys
import unicodedata

DECLARED = {
    "髙": "高", "悅": "悦", "敎": "教", "昻": "昂", "淸": "清", "閒": "間", "靑": "青", "愠": "慍",
    "∑": "Σ", "￤": "｜", "＇": "’", "＂": "”",
}  # fmt: skip
_SPACE, _DELETE = 0x20, 0x7F


def widened(text: str) -> str:
    """Return the text with its ASCII characters made full-width."""
    return "".join(chr(ord(one) + 0xFEE0) if _SPACE < ord(one) < _DELETE else one for one in text)


def writable(text: str) -> bool:
    """Return whether the text is full-width JIS X 0208 throughout: strict Shift_JIS reads its CP932 bytes."""
    try:
        data = text.encode("cp932")
        data.decode("shift_jis")
    except UnicodeError:
        return False
    return len(data) == 2 * len(text) > 0


def decoded(code: bytes, encoding: str) -> str:
    """Return the one character that the code stands for, or nothing."""
    try:
        return code.decode(encoding)
    except UnicodeDecodeError:
        return ""


def candidates(character: str) -> list[tuple[str, str]]:
    """Return the replacements offered for one character, with their sources, best first."""
    jntajis = importlib.import_module("jntajis")
    return [
        (jntajis.jnta_shrink_translit(character), "NTA"),
        (widened(unicodedata.normalize("NFKC", character)), "UNICODE"),
        (DECLARED.get(character, ""), "DECLARED"),
    ]


def main() -> None:
    """Print the table."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["code", "character", "replacement", "source"])
    for lead in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            code = bytes([lead, trail])
            character = decoded(code, "cp932")
            if not character or unicodedata.category(character) == "Co" or decoded(code, "shift_jis"):
                continue
            for replacement, source in candidates(character):
                if writable(replacement):
                    out.writerow([code.hex().upper(), character, replacement, source])
                    break


if __name__ == "__main__":
    main()
