"""The JSON Schema of decks."""

import json
from importlib.resources import files

from ruamel.yaml import YAML

from chosho.batch.schema import deck_schema


def test_the_schema_is_draft_7_and_knows_every_definition_that_it_names():
    schema = deck_schema()
    text = json.dumps(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in text
    assert "prefixItems" not in text
    named = {part.split('"')[0] for part in text.split('"#/definitions/')[1:]}
    assert named <= set(schema["definitions"])


def test_the_schema_has_every_key_that_the_packaged_decks_use():
    step = deck_schema()["definitions"]["Step"]["properties"]
    dd = deck_schema()["definitions"]["Dd"]["properties"]
    for member in files("chosho.jcl").iterdir():
        if not member.name.endswith(".yaml"):
            continue
        for item in YAML(typ="safe").load(member.read_text(encoding="utf-8"))["steps"]:
            assert set(item) <= set(step) or set(item) <= {"include", "with"}
            for one in item.get("dd", {}).values():
                assert set(one) <= set(dd)
