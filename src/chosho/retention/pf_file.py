"""Files to and from the PF (PF削除のファイル): header, one record per key, trailer; the layouts are INBHEAD, PFKEY, INBTRLR.

An instruction is written for the PF, a reply is read strictly: what is not as the layouts say is refused as a whole, under
one of :data:`REASONS`, and the PF sends it anew. Neither holds a number.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import numpy as np

from chosho import copybook
from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import Layout
from chosho.retention.pf_deletion import Outgoing
from chosho.retention.pf_ledger import day_of, digest, is_time
from chosho.retention.pf_reply import DELETED, RESULTS, Detail, Reply, ReplyKind

LRECL: Final = 200
SENDER: Final = "CHOSHO"
"""SENDER-ID of our instructions."""

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "FPLN": "the file is not encrypted",
        "FDEC": "the file is not for us, or damaged",
        "FLEN": "the file is no whole number of records",
        "FNAM": "no plain file with a readable name",
        "FACC": "the system does not let the file be read",
        "FHDR": "the header is missing or malformed",
        "FCHN": "the header is that of another channel",
        "FDAT": "the file's date is none, or after the business date",
        "FTRL": "the trailer is missing: the file is cut off",
        "FTYP": "a record type out of place",
        "FCNT": "the trailer's totals are not those of the records",
        "FSEQ": "a file before it is missing; it waits",
        "FDUP": "the file number was taken already",
        "KEYI": "a key id is malformed",
        "KDUP": "a key id stands twice",
        "STOR": "a storage time is none",
        "RSLT": "a result that this kind of reply does not know",
        "DELT": "a time of deletion is missing, malformed or out of place",
    }
)
"""Why a reply file is refused: reason → meaning."""

_HEADER, _DETAIL, _TRAILER = b"128"
_CHANNEL_OUT, _CHANNEL_IN = "I", "P"
_INSTRUCTION = re.compile(r"PFDEL\.[0-9]{8}\.[0-9]{2,}")
_KEY = re.compile(r"(?=[0-9]*[A-Za-z])[0-9A-Za-z]+")
_DIGITS = re.compile(r"[0-9]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLANK: Final = ord(" ")
_OTHER_TOTALS: Final = ("REGISTERED", "CORRECTED", "DELETED", "NOT-OBTAINED")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is refused, with its reason."""

    reason: str


def write_instruction(outgoing: Outgoing, today: date) -> bytes:
    """Return the file of an instruction."""
    number = f"{outgoing.file_no:06d}"
    ids = [key.id for key in outgoing.keys]
    head = _records(
        "INBHEAD",
        1,
        {
            "RECORD-TYPE": ["1"],
            "CHANNEL": [_CHANNEL_OUT],
            "FILE-NO": [number],
            "FILE-DATE": [f"{today:%Y%m%d}"],
            "SENDER-ID": [SENDER],
            "MESSAGE-KIND": ["D"],
            "INSTRUCTION-ID": [outgoing.instruction],
        },
    )
    details = _records(
        "PFKEY",
        len(ids),
        {
            "RECORD-TYPE": ["2"] * len(ids),
            "PF-KEY-ID": ids,
            "PF-STORED-AT": [key.stored_at for key in outgoing.keys],
        },
    )
    trailer = _records(
        "INBTRLR",
        1,
        {
            "RECORD-TYPE": ["8"],
            "CHANNEL": [_CHANNEL_OUT],
            "FILE-NO": [number],
            "RECORD-COUNT": [f"{len(ids):08d}"],
            **{name: ["0" * 8] for name in _OTHER_TOTALS},
            "KEY-DIGEST": [digest(ids)],
        },
    )
    return b"".join(block.tobytes() for block in (head, details, trailer))


def read_reply(blocks: Iterable[Block], today: date, *, file: str) -> Reply | Refusal:
    """Read a reply file, or say why it is refused.

    Args:
        blocks: its records, ``uint8[n, 200]``; each block is used before the next is taken.
        today: the business date; a file of a later date is refused.
        file: its name, for findings.
    """
    records = np.concatenate([np.empty((0, LRECL), np.uint8), *(block.copy() for block in blocks)])
    head = _header(records[:1], today)
    if isinstance(head, Refusal):
        return head
    if records[-1, 0] != _TRAILER:
        return Refusal("FTRL")
    details = records[1:-1]
    if (details[:, 0] != _DETAIL).any():
        return Refusal("FTYP")
    reply = _details(details, head, file)
    if isinstance(reply, Refusal):
        return reply
    return _refused_by_trailer(records[-1:], reply) or reply


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    kind: ReplyKind
    instruction: str
    file_no: int
    file_date: date


def _header(record: Block, today: date) -> _Head | Refusal:
    names = ("CHANNEL", "FILE-NO", "FILE-DATE", "MESSAGE-KIND", "INSTRUCTION-ID")
    if not len(record) or record[0, 0] != _HEADER or not _is_ascii(record):
        return Refusal("FHDR")
    channel, number, day, kind, instruction = (_texts("INBHEAD", record, name)[0] for name in names)
    if channel != _CHANNEL_IN:
        return Refusal("FCHN")
    file_date = day_of(day)
    if file_date is None or file_date > today:
        return Refusal("FDAT")
    if not _DIGITS.fullmatch(number) or not _INSTRUCTION.fullmatch(instruction) or kind not in set(ReplyKind):
        return Refusal("FHDR")
    return _Head(kind=ReplyKind(kind), instruction=instruction, file_no=int(number), file_date=file_date)


def _details(details: Block, head: _Head, file: str) -> Reply | Refusal:
    if not _is_ascii(details):
        return Refusal("KEYI")
    ids, stored, results, deleted = (
        _texts("PFKEY", details, name) for name in ("PF-KEY-ID", "PF-STORED-AT", "RESULT", "DELETED-AT")
    )
    certificate = head.kind is ReplyKind.CERTIFICATE
    # A deletion has its time, whatever is not deleted has none.
    timed = [certificate and result == DELETED for result in results]
    checks = {
        "KEYI": all(_KEY.fullmatch(key_id) for key_id in ids),
        "KDUP": len(set(ids)) == len(ids),
        "STOR": all(is_time(text) for text in stored),
        "RSLT": set(results) <= RESULTS[head.kind],
        "DELT": all(is_time(text) if when else not text for text, when in zip(deleted, timed, strict=True)),
    }
    for reason, holds in checks.items():
        if not holds:
            return Refusal(reason)
    return Reply(
        kind=head.kind,
        instruction=head.instruction,
        file=file,
        file_no=head.file_no,
        file_date=head.file_date,
        details=tuple(map(Detail, ids, stored, results, deleted)),
    )


def _refused_by_trailer(record: Block, reply: Reply) -> Refusal | None:
    if not _is_ascii(record):
        return Refusal("FTRL")
    channel, number = (_texts("INBTRLR", record, name)[0] for name in ("CHANNEL", "FILE-NO"))
    if channel != _CHANNEL_IN or not _DIGITS.fullmatch(number) or int(number) != reply.file_no:
        return Refusal("FTRL")
    totals = [_texts("INBTRLR", record, name)[0] for name in ("RECORD-COUNT", *_OTHER_TOTALS)]
    key_digest = _texts("INBTRLR", record, "KEY-DIGEST")[0]
    counted = [f"{len(reply.details):08d}", *(["0" * 8] * len(_OTHER_TOTALS))]
    if totals != counted or key_digest != digest(detail.id for detail in reply.details):
        return Refusal("FCNT")
    return None


def _texts(member: str, block: Block, name: str) -> list[str]:
    """Return a text field of every record, without the blanks behind it."""
    column = np.ascontiguousarray(batches.view(_layout(member).named(), block, name))
    length = column.shape[1]
    text = column.tobytes().decode("ascii")
    return [text[start : start + length].rstrip(" ") for start in range(0, len(text), length)]


def _records(member: str, count: int, texts: Mapping[str, Sequence[str]]) -> Block:
    """Return records of a copybook member with these fields; the others are blank."""
    fields = _layout(member).named()
    out = np.full((count, LRECL), _BLANK, np.uint8)
    for name, values in texts.items():
        column = batches.view(fields, out, name)
        filled = "".join(value.ljust(column.shape[1]) for value in values).encode("ascii")
        column[:] = np.frombuffer(filled, np.uint8).reshape(count, -1)
    return out


def _layout(member: str) -> Layout:
    return copybook.load(member)


def _is_ascii(block: Block) -> bool:
    return not (block & 0x80).any()
