"""The JSON Schema of decks and procedures, for editors and for ``chosho schema deck``.

Made from the models, draft 7.
"""

import json
from typing import Any

import pydantic

from chosho.batch.deck import Deck, Procedure


def deck_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft-07, which editors' YAML servers understand) of a file in ``jcl/``."""
    models: pydantic.TypeAdapter[Deck | Procedure] = pydantic.TypeAdapter(Deck | Procedure)
    text = json.dumps(models.json_schema(by_alias=True)).replace("#/$defs/", "#/definitions/")
    schema = json.loads(text)
    schema["definitions"] = schema.pop("$defs")
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "chosho deck", **schema}
