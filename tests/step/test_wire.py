"""The wire between a step and its supervisor."""

from pathlib import Path

import pytest

from chosho.dataset.part import PartResult, PartSource, PartTarget
from chosho.errors import Contradiction, InputRefused, StopLine
from chosho.step import wire

KEY = bytes(range(32))


@pytest.mark.parametrize("key", [KEY, None])
def test_parts_survive_the_wire(key):
    source = PartSource(
        path=Path("/r/data/a"), label="0001", records=3, plain_bytes=9, stored_bytes=40, file_key=key
    )
    target = PartTarget(id="a", path=Path("/r/data/a"), file_key=key, digest_key=key, header=b"\x00\xff")
    result = PartResult(id="a", label="x", records=1, plain_bytes=2, stored_bytes=3, sha256="ab", hmac=None)
    for part, there, back in (
        (source, wire.from_source, wire.to_source),
        (target, wire.from_target, wire.to_target),
        (result, wire.from_result, wire.to_result),
    ):
        assert back(wire.from_line(wire.line(there(part)))) == part


@pytest.mark.parametrize(
    "error",
    [
        InputRefused("CHSS010E", step="S1", dd="X"),
        StopLine("CHSD108S", label="1", path=Path("/x"), got=1, expected=2),
        Contradiction("CHSB081E", number=1, paths="p"),
    ],
)
def test_an_error_arrives_as_its_own_class_and_words(error):
    arrived = wire.to_error(wire.from_line(wire.line(wire.from_error(error))))
    assert (type(arrived), str(arrived)) == (type(error), str(error))


def test_a_message_is_one_line_whatever_it_holds():
    assert wire.line({"a": "x\ny\u2028"}).count(b"\n") == 1


@pytest.mark.parametrize("text", [b"[]\n", b"nonsense\n", b"\n"])
def test_what_is_no_message_is_refused(text):
    with pytest.raises((ValueError, TypeError)):
        wire.from_line(text)
