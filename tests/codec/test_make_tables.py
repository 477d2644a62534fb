"""The shipped tables are those of the ICU files."""

import zlib
from pathlib import Path

import chosho.codec
from chosho.codec import make_tables
from tests.shared import SHARED, needs_shared


@needs_shared
def test_the_shipped_tables_are_made_from_the_icu_files():
    here = Path(chosho.codec.__path__[0])
    for name, data in make_tables.tables(SHARED / "encodings" / "icu-ucm").items():
        assert zlib.decompress(data) == zlib.decompress((here / name).read_bytes()), name


def test_only_round_trip_rows_are_read():
    text = "<U0041> \\xC1 |0\n<UFF5E> \\x43\\xA1 |1\n<U301C> \\x43\\xA1 |0\n<U304B><U309A> \\xEC\\xB5 |0\n<U20B9F> \\xB3\\x41 |0\n"
    assert {0xC1: "A", 0x43A1: "〜", 0xECB5: "か゚", 0xB341: "𠮟"} == make_tables.rows(text)
