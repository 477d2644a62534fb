"""The wire (通信形式): one JSON line per request and reply, on two pipes between step and supervisor.

A request is ``{"ask": WHAT, ...}``; its reply is ``{"ok": {...}}`` or ``{"error": {"id", "fields",
"rc"}}``. File keys travel on it, so it exists only between the two processes.
"""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from chosho.dataset.part import PartResult, PartSource, PartTarget
from chosho.errors import ChoshoError, Contradiction, InputRefused, ReturnCode, StopLine

LONGEST: Final = 16 * 1024 * 1024
"""Most bytes of a line; a longer one means that the other side is not what it should be."""

_CLASSES: Final[dict[int, type[ChoshoError]]] = {
    ReturnCode.CONTRADICTION: Contradiction,
    ReturnCode.REFUSED: InputRefused,
    ReturnCode.STOP: StopLine,
}


def line(message: Mapping[str, Any]) -> bytes:
    """Return a message as its line."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def from_line(data: bytes) -> dict[str, Any]:
    """Return the message of a line.

    Raises:
        ValueError: the line is not one JSON object.
    """
    message = json.loads(data)
    if not isinstance(message, dict):
        raise TypeError("a message is a JSON object")
    return message


def from_error(error: ChoshoError) -> dict[str, Any]:
    """Return an error as the body of a reply."""
    return {"id": error.message_id, "fields": plain(error.fields), "rc": int(error.return_code)}


def to_error(body: Mapping[str, Any]) -> ChoshoError:
    """Return the error that a reply carries, of its own class."""
    return _CLASSES[body["rc"]](body["id"], **body["fields"])


def plain(fields: Mapping[str, object]) -> dict[str, Any]:
    """Return a message's fields as JSON can hold them: numbers as they are, anything else as its text."""
    return {
        name: value if isinstance(value, int | float | str) else str(value) for name, value in fields.items()
    }


def from_source(part: PartSource) -> dict[str, Any]:
    """Return a part to be read as JSON."""
    return {
        "path": str(part.path),
        "label": part.label,
        "records": part.records,
        "plain_bytes": part.plain_bytes,
        "stored_bytes": part.stored_bytes,
        "file_key": _text(part.file_key),
        "sha256": part.sha256,
        "age": part.age,
    }


def to_source(body: Mapping[str, Any]) -> PartSource:
    """Return a part to be read from JSON."""
    return PartSource(**{**body, "path": Path(body["path"]), "file_key": _bytes(body["file_key"])})


def from_target(part: PartTarget) -> dict[str, Any]:
    """Return a part to be written as JSON."""
    return {
        "id": part.id,
        "path": str(part.path),
        "file_key": _text(part.file_key),
        "digest_key": _text(part.digest_key),
        "header": _text(part.header),
    }


def to_target(body: Mapping[str, Any]) -> PartTarget:
    """Return a part to be written from JSON."""
    return PartTarget(
        id=body["id"],
        path=Path(body["path"]),
        file_key=_bytes(body["file_key"]),
        digest_key=_bytes(body["digest_key"]),
        header=_bytes(body["header"]) or b"",
    )


def from_result(part: PartResult) -> dict[str, Any]:
    """Return a part that was written as JSON."""
    return {name: getattr(part, name) for name in PartResult.__slots__}


def to_result(body: Mapping[str, Any]) -> PartResult:
    """Return a part that was written from JSON."""
    return PartResult(**body)


def _text(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)
