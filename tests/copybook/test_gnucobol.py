"""GnuCOBOL as an independent oracle: places and lengths of random copybooks and of the house's own members.

One program holds many records, because compiling takes longer than everything else here. It displays offset and
length of every named item, from the addresses of the items themselves.
"""

import subprocess

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chosho.copybook import Layout, describe, member_text, members, parse
from tests.copybook.records import copybooks
from tests.copybook.text import fixed
from tests.tools import tool

RECORDS = 40
"""Random records in one program."""
PROGRAM = """\
       IDENTIFICATION DIVISION.
       PROGRAM-ID. PLACES.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  P-START USAGE POINTER.
       01  N-START REDEFINES P-START PIC S9(18) COMP-5.
       01  P-ITEM  USAGE POINTER.
       01  N-ITEM  REDEFINES P-ITEM PIC S9(18) COMP-5.
       01  N-LENGTH PIC 9(9).
       01  N-OFFSET PIC 9(9).
"""


def items(layout: Layout) -> list[tuple[str, int, int, int]]:
    """Return name, subscripts needed, offset from 1 and length of every named item below the record."""
    found = []
    tables: list[int] = []
    for item in layout.items:
        tables = [level for level in tables if level < item.level]
        if item.occurs > 1:
            tables.append(item.level)
        if item.name != "FILLER":
            found.append((item.name, len(tables), item.offset, item.length))
    return found


def program(texts: list[str], layouts: list[Layout]) -> str:
    lines = [PROGRAM, *texts, "       PROCEDURE DIVISION.\n"]
    for layout in layouts:
        for name, subscripts, _, _ in items(layout):
            reference = f"{name}" + (f" ({' '.join(['1'] * subscripts)})" if subscripts else "")
            lines.append(
                fixed(
                    f"    SET P-START TO ADDRESS OF {layout.name}",
                    "    SET P-ITEM TO ADDRESS OF",
                    f"      {reference}",
                    "    SUBTRACT N-START FROM N-ITEM GIVING N-OFFSET",
                    "    MOVE LENGTH OF",
                    f"      {reference}",
                    "      TO N-LENGTH",
                    "    DISPLAY N-OFFSET N-LENGTH.",
                )
            )
    lines.append("           STOP RUN.\n")
    return "".join(lines)


def places(cobc: str, folder, texts: list[str], layouts: list[Layout]) -> list[tuple[int, int]]:
    source = folder / "places.cob"
    source.write_text(program(texts, layouts), encoding="utf-8")
    binary = folder / "places"
    compiled = subprocess.run(
        [cobc, "-x", "-std=ibm", "-w", "-o", str(binary), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert compiled.returncode == 0, compiled.stderr[:2000]
    output = subprocess.run([str(binary)], capture_output=True, text=True, check=True).stdout
    return [(int(line[:9]), int(line[9:])) for line in output.splitlines()]


def expected(layouts: list[Layout]) -> list[tuple[int, int]]:
    return [(offset, length) for layout in layouts for _, _, offset, length in items(layout)]


@given(texts=st.tuples(*[copybooks(f"R{number:02d}") for number in range(RECORDS)]))
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_random_records_have_the_places_that_gnucobol_gives_them(texts, tmp_path_factory):
    cobc = tool("cobc")
    layouts = [parse(text, dialect="gnucobol") for text in texts]
    folder = tmp_path_factory.mktemp("places")
    assert places(cobc, folder, list(texts), layouts) == expected(layouts), "\n".join(texts)


def test_the_members_have_the_places_that_gnucobol_gives_them(tmp_path):
    cobc = tool("cobc")
    for member in members():
        text = member_text(member)
        layout = parse(text)
        assert places(cobc, tmp_path, [text], [layout]) == expected([layout]), member


def test_describe_and_gnucobol_count_alike():
    rows = describe(parse(fixed("01  R.", "    05  A PIC X(3).", "    05  B PIC S9(9) COMP.")))
    assert [(row.offset, row.length) for row in rows] == [(1, 7), (1, 3), (4, 4)]
