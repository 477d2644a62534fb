"""Random copybooks (hypothesis): groups, tables, redefinitions, every picture and usage that a record may have.

Names are unique over all copybooks of one ``serial``, so that a program may hold many of them. SYNC stands only
where no compiler disagrees: on an item directly below the record, not the first one, no table, no redefinition.
"""

from hypothesis import strategies as st

NUMBER_USAGES = ("", "COMP", "BINARY", "COMP-4", "COMP-3", "PACKED-DECIMAL", "COMP-5")
BINARY_USAGES = {"COMP", "BINARY", "COMP-4", "COMP-5"}


@st.composite
def copybooks(draw, serial: str = "R"):
    """Return the text of a copybook with one record named ``serial``, in fixed format."""
    lines = [f"{'':7}01  {serial}."]
    counter = iter(range(1, 10_000))
    _items(draw, lines, serial, counter, level=5, tables=0, plain=True)
    return "\n".join(lines) + "\n"


def _items(draw, lines, serial, counter, *, level, tables, plain):
    target = ""
    for place in range(draw(st.integers(1, 4))):
        name = f"{serial}-{next(counter)}"
        redefines = bool(target) and draw(st.integers(0, 4)) == 0
        occurs = draw(st.integers(2, 4)) if tables < 3 and draw(st.integers(0, 4)) == 0 else 0
        clauses = f" REDEFINES {target}" if redefines else ""
        clauses += f" OCCURS {occurs} TIMES" if occurs else ""
        target = target if redefines else ("" if occurs else name)
        if level < 20 and draw(st.integers(0, 3)) == 0:
            lines.append(_line(level, f"{name}{clauses}."))
            inner = tables + bool(occurs)
            _items(draw, lines, serial, counter, level=level + 5, tables=inner, plain=False)
        else:
            filler = not redefines and draw(st.integers(0, 9)) == 0
            target = "" if filler else target
            lines.append(_line(level, f"{'FILLER' if filler else name}{clauses}"))
            movable = plain and place > 0 and not redefines and not occurs
            lines.append(_line(level, f"    {draw(_storage(movable=movable))}."))


def _line(level, text):
    return (
        f"{'':7}{'':{level // 5 * 2}}{level:02d}  {text}"
        if not text.startswith(" ")
        else f"{'':15}{text.strip()}"
    )


@st.composite
def _storage(draw, *, movable):
    if draw(st.booleans()):
        symbol = draw(st.sampled_from("XXAN"))
        return f"PIC {symbol}({draw(st.integers(1, 40))})"
    usage = draw(st.sampled_from(NUMBER_USAGES))
    whole, decimals = draw(st.integers(1, 9)), draw(st.integers(0, 9))
    sign = draw(st.sampled_from(["", "S"]))
    picture = f"{sign}9({whole})" + (f"V9({decimals})" if decimals else "")
    if draw(st.integers(0, 9)) == 0:
        picture = draw(st.sampled_from([f"{sign}9({whole})P(3)", f"{sign}VP(3)9({whole})", f"{sign}PP9"]))
    clause = f"PIC {picture} {usage}".rstrip(" ")
    if sign and not usage and draw(st.booleans()):
        clause += draw(
            st.sampled_from([" SIGN LEADING", " SIGN TRAILING SEPARATE", " LEADING SEPARATE CHARACTER"])
        )
    if movable and usage in BINARY_USAGES and draw(st.booleans()):
        clause += " SYNC"
    return clause
