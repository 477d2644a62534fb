"""``chosho schema``: what editors check decks and catalogues with accepts ours and refuses wrong ones."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.cli.conftest import REPOSITORY, Chosho

MEMBERS = sorted(member.name for member in files("chosho.jcl").iterdir() if member.name.endswith(".yaml"))


def _as_json(path: Path) -> Any:
    """Return a YAML document with plain values, dates as an editor's YAML support writes them."""
    tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return json.loads(json.dumps(tree, default=str))


@pytest.fixture
def schema(chosho: Chosho) -> Any:
    """Return a function that gives the schema of a document."""

    def load(document: str) -> dict[str, Any]:
        text = json.loads(chosho("schema", document).out)
        jsonschema.validators.validator_for(text).check_schema(text)
        return text

    return load


def _errors(schema: dict[str, Any], tree: object) -> list[str]:
    checker = jsonschema.validators.validator_for(schema)
    return [error.message for error in checker(schema).iter_errors(tree)]


@pytest.mark.parametrize("member", MEMBERS)
def test_the_decks_of_the_house_are_valid(member: str, schema: Any):
    assert _errors(schema("deck"), _as_json(REPOSITORY / "jcl" / member)) == []


def test_the_catalogue_of_the_house_is_valid(schema: Any):
    assert _errors(schema("catalog"), _as_json(REPOSITORY / "datasets" / "CATALOG.yaml")) == []


def _without_a_program(deck: dict[str, Any]) -> None:
    del deck["steps"][0]["pgm"]


def _with_an_unknown_key(deck: dict[str, Any]) -> None:
    deck["steps"][0]["cond"] = "(0,NE)"


def _with_a_wrong_code(deck: dict[str, Any]) -> None:
    deck["fail_at"] = 5


def _with_a_wrong_name(deck: dict[str, Any]) -> None:
    deck["steps"][0]["dd"]["PAYIN"]["dsn"] = "../etc/passwd"


@pytest.mark.parametrize(
    "spoil", [_without_a_program, _with_an_unknown_key, _with_a_wrong_code, _with_a_wrong_name]
)
def test_a_wrong_deck_is_refused(spoil: Any, schema: Any):
    deck = _as_json(REPOSITORY / "jcl" / "STATEMENTS.yaml")
    deck["job"] = deck.pop("proc")
    deck["parameters"] = {}
    assert _errors(schema("deck"), deck) == []
    spoil(deck)
    assert _errors(schema("deck"), deck) != []


@pytest.mark.parametrize("document", ["deck", "catalog"])
def test_a_schema_has_a_title(document: str, schema: Any):
    assert "title" in schema(document)
