"""``chosho layout``."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import REPOSITORY, Chosho


@pytest.mark.parametrize("path", sorted((REPOSITORY / "copybooks").glob("*.cpy")), ids=lambda path: path.stem)
def test_every_member_is_shown_with_its_length(path: Path, chosho: Chosho):
    answer = chosho("layout", path.stem)
    assert answer.code == 0
    assert answer.out.startswith(f"{path.stem}  LRECL ")


def test_a_file_of_copybook_text_is_shown_the_same_way(chosho: Chosho):
    by_name, by_file = chosho("layout", "nummast"), chosho("layout", REPOSITORY / "copybooks" / "NUMMAST.cpy")
    assert by_file.out == by_name.out


def test_json_has_places_from_one(chosho: Chosho):
    layout = json.loads(chosho("layout", "NUMMAST", "--json").out)
    assert (layout["name"], layout["lrecl"]) == ("NUMMAST", 128)
    assert [(row["name"], row["offset"], row["length"]) for row in layout["fields"][1:3]] == [
        ("POLICY-NO", 1, 11),
        ("ROLE-CODE", 12, 2),
    ]


@pytest.mark.parametrize(("name", "message"), [("NOSUCH", "CHSC020E"), ("nosuch.cpy", "CHSD003E")])
def test_what_is_not_there_is_refused(name: str, message: str, chosho: Chosho):
    answer = chosho("layout", name)
    assert (answer.code, answer.err.split()[0]) == (12, message)
