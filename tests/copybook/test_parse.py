"""The door of the parser: formats, records, and that every text is either a layout or refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.copybook import Layout, member_text, members, parse, parse_all
from chosho.errors import InputRefused
from tests.copybook.text import fixed

# fmt: off
WORDS = st.sampled_from([
    "01", "05", "10", "77", "88", "66", "A", "B", "契約", "FILLER", "PIC", "X(3)", "S9(4)", "9V9",
    "N(2)", "ZZ9", "COMP", "COMP-3", "COMP-1", "SIGN", "LEADING", "SEPARATE", "OCCURS", "3", "TO",
    "TIMES", "REDEFINES", "VALUE", "'A'", "X'F1'", "ZERO", "THRU", "SYNC", "JUST", "BLANK",
    "WHEN", "USAGE", "IS", ".", ",", "*>", "'", '"', "-", "ALL", "\n", "COPY", "EJECT", "\t",
])
# fmt: on


def parsed(text: str) -> Layout | None:
    """Return the layout, or None for a refusal; any other exception fails the test."""
    try:
        return parse(text)
    except InputRefused:
        return None


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_layout_or_refused(text):
    parsed(text)


@given(st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=8), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_words_of_cobol_are_a_layout_or_refused(lines, free):
    parsed("\n".join(line if free else f"{'':7}{line}" for line in lines))


@given(
    st.sampled_from(members()),
    st.integers(0, 10_000),
    st.sampled_from(["", ".", " ", "9", "X", "(", "-", "\n", "漢"]),
)
@settings(max_examples=300, deadline=None)
def test_a_typing_error_in_a_member_is_a_layout_or_refused(member, place, typed):
    text = member_text(member)
    place %= len(text)
    layout = parsed(text[:place] + typed + text[place + 1 :])
    assert layout is None or layout.fields


def test_free_format_is_found_out_or_asked_for():
    text = "01 R.\n05 A PIC X(3). *> note\n"
    assert parse(text).length == 3
    assert parse(text, free=True) == parse(text)
    with pytest.raises(InputRefused, match="CHSC016E copybook line 2"):
        parse(text, free=False)


def test_every_record_is_parsed_even_if_one_is_wanted():
    with pytest.raises(InputRefused, match="CHSC004E"):
        parse(fixed("01  A PIC X.", "01  B PIC ZZ9."), record="A")


def test_parse_all_gives_the_records_in_order():
    layouts = parse_all(fixed("01  A PIC X.", "01  B REDEFINES A PIC X(2).", "77  C PIC 9."))
    assert [(layout.name, layout.length) for layout in layouts] == [("A", 1), ("B", 2), ("C", 1)]


@pytest.mark.parametrize("text", ["", "\n\n", "      * 01 A PIC X.\n", "*> nothing"])
def test_a_copybook_without_items_is_refused(text):
    with pytest.raises(InputRefused, match="CHSC023E copybook has no record data description"):
        parse(text)


def test_a_record_without_a_level_01_takes_the_stem_of_its_source():
    text = fixed("05  A PIC X.")
    assert parse(text, source="lib/Dtar020.cbl").name == "DTAR020"
    assert parse(text, source="C:\\lib\\dtar020").name == "DTAR020"
