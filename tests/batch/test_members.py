"""Members are found by name along their libraries."""

import os

import pytest

from chosho.batch.members import Libraries
from chosho.errors import InputRefused


def test_the_first_library_wins_and_the_packaged_one_is_last(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "JANUARY.yaml").write_text(name)
    (tmp_path / "two" / "MINE.yaml").write_text("mine")
    libraries = Libraries.from_environment(
        {"CHOSHO_JCLLIB": os.pathsep.join(map(str, (tmp_path / "one", tmp_path / "two")))}
    )
    assert (libraries.deck("JANUARY").text, libraries.deck("MINE").text) == ("one", "mine")
    assert libraries.deck("STATEMENTS").library is None
    assert {"JANUARY", "MINE", "STATEMENTS"} <= set(libraries.decks())


def test_a_packaged_program_has_no_library():
    program = Libraries().program("s210_extract")
    assert program is not None
    assert (program.library, program.source) == (None, "jobs/s210_extract.py")


@pytest.mark.parametrize("name", ["NONE", "../JANUARY", "JANUARY.yaml", "", "a/b", "__init__"])
def test_what_is_no_member_is_not_found(name):
    with pytest.raises(InputRefused, match="CHSB001E"):
        Libraries().deck(name)
    assert Libraries().program(name) is None
