"""YAML documents (decks, catalogue, retention table): text in, validated model out, faults with file, line and path.

YAML 1.2; a key that stands twice, an unknown key and a value of the wrong type are refused, all of them at once.
"""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any, TypeVar

import pydantic
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from chosho.errors import InputRefused

Model = TypeVar("Model", bound=pydantic.BaseModel)


def load(text: str, *, source: str | PurePath, model: type[Model]) -> Model:
    """Parse and validate a document.

    Args:
        text: the YAML text.
        source: what to call the document in messages.
        model: the pydantic model the document must fit.

    Raises:
        InputRefused: the text is no YAML (CHSD010E) or does not fit the model (CHSD011E, one line per fault).
    """
    tree = _parse(text, source)
    try:
        return model.model_validate(_plain(tree))
    except pydantic.ValidationError as error:
        faults = "; ".join(
            f"line {_line(tree, fault['loc'])} {'.'.join(map(str, fault['loc'])) or 'document'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise InputRefused("CHSD011E", source=source, faults=faults) from None


def lines(text: str, *, source: str | PurePath) -> Callable[..., int]:
    """Return a function that gives the line of a place in a document: ``line("steps", 0, "dd", "PAYIN")``.

    Raises:
        InputRefused: the text is no YAML (CHSD010E).
    """
    tree = _parse(text, source)

    def line(*location: int | str) -> int:
        return _line(tree, location)

    return line


def _parse(text: str, source: str | PurePath) -> Any:  # noqa: ANN401 - a YAML tree is anything until it is validated
    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise InputRefused(
            "CHSD010E", source=source, line=line, problem=error.problem or "not YAML"
        ) from None
    except YAMLError as error:
        raise InputRefused("CHSD010E", source=source, line=1, problem=str(error).splitlines()[0]) from None


def _plain(node: Any) -> Any:  # noqa: ANN401 - as above
    """Return the tree as plain containers, so that models see no YAML types."""
    if isinstance(node, CommentedMap):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    return node


def _line(tree: Any, location: tuple[int | str, ...]) -> int:  # noqa: ANN401 - as above
    """Return the line (from 1) of the deepest part of ``location`` that stands in the document."""
    line = 1
    node = tree
    for part in location:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line = node.lc.item(part)[0] + 1
        else:
            continue  # a key that is missing, or pydantic's name for the member of a union
        node = node[part]
    return int(line)
