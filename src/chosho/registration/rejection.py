"""Rejected requests (登録不良): the source record in its own code page with the reason, and the PF's keys of what was rejected."""

from collections.abc import Iterator, Mapping

import numpy as np

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.rows import Mask
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Layout, load
from chosho.registration import facts, moment, request
from chosho.registration.channels import ONLINE
from chosho.registration.finding import Findings
from chosho.registration.pf_key import REJECTED, PfKey

_REJECT = load("REGREJ")
_FIELDS = _REJECT.named()
LRECL = _REJECT.length
KEY_LENGTH = request.REJECT_KEY
_SPACE = ord(" ")
_PF_ITEMS = ("PF-KEY-ID", "PF-STORED-AT")


def records(requests: Block, findings: Findings) -> Block:
    """Return the REGREJ records of the requests that have a reason against them, in their order.

    What is not what it should be is left empty beside the source record: a number that slipped into another field must not
    reach the lists that are made of these items.
    """
    rejected = ~findings.sound
    chosen = requests[rejected]
    out = np.full((len(chosen), LRECL), _SPACE, np.uint8)
    batches.view(_FIELDS, out, "REASON")[:] = findings.reasons[rejected]
    batches.view(_FIELDS, out, "FIELD-NAME")[:] = findings.fields[rejected]
    for name in ("CHANNEL", "FILE-NO", "RECORD-NO", "ROLE-CODE"):
        batches.view(_FIELDS, out, name)[:] = batches.view(request.FIELDS, chosen, name)
    for name, good in _well_formed(chosen).items():
        batches.view(_FIELDS, out, name)[good] = batches.view(request.FIELDS, chosen, name)[good]
    batches.view(_FIELDS, out, "SOURCE-RECORD")[:] = request.sources(chosen)
    return out


def _well_formed(requests: Block) -> dict[str, Mask]:
    """Return by item which requests have it in its form."""

    def item(name: str) -> Block:
        return batches.view(request.FIELDS, requests, name)

    return {
        "OFFICE-NO": rows.all_in(item("OFFICE-NO"), rows.DIGITS),
        "POLICY-NO": rows.all_in(item("POLICY-NO"), facts.POLICY_BYTES),
        "PAYEE-NO": rows.all_in(item("PAYEE-NO"), rows.DIGITS),
        "REQUEST-KIND": rows.all_in(item("REQUEST-KIND"), rows.DIGITS),
        "ACCEPTED-AT": moment.days_of_times(item("ACCEPTED-AT")) != moment.NONE,
        "TERMINAL-ID": facts.words(item("TERMINAL-ID")),
        "EMPLOYEE-ID": facts.words(item("EMPLOYEE-ID")),
    }


class PfKeyReader:
    """Finds the PF's keys in rejected declarations.

    Args:
        source: the layout REGONL.
        code_page: of the online channel's files.
        today: the business date, yyyymmdd.
        file_dates: number of each of tonight's online files, as it stands in REGREJ → its FILE-DATE, yyyymmdd.
    """

    def __init__(self, source: Layout, code_page: str, today: int, file_dates: Mapping[str, str]) -> None:
        target = load("REGTRAN")
        self._lrecl = target.length
        self._today = today
        self._file_dates = file_dates
        self._transcoder = Transcoder(
            source.fields, code_page, target.fields, target.length, [(name, name) for name in _PF_ITEMS]
        )

    def keys(self, rejects: Block) -> Iterator[PfKey]:
        """Yield the keys of rejected declarations whose key id is well formed, in the order of REGREJ records.

        Where the storage time is none, or still to come, the date of the file stands for it: the PF had stored the number by then.
        No time of day is made up, for an instruction could name a storage that never was.
        """
        channel = batches.view(_FIELDS, rejects, "CHANNEL")
        declared = rejects[facts.one_of(channel, (ONLINE.code,))]
        tran = np.empty((len(declared), self._lrecl), np.uint8)
        self._transcoder.run(np.ascontiguousarray(batches.view(_FIELDS, declared, "SOURCE-RECORD")), tran)
        good = facts.key_ids(batches.view(request.FIELDS, tran, "PF-KEY-ID"))
        declared, tran = declared[good], tran[good]
        ids, stored = (_texts(batches.view(request.FIELDS, tran, name)) for name in _PF_ITEMS)
        is_stored = facts.by_today(batches.view(request.FIELDS, tran, "PF-STORED-AT"), self._today).tolist()
        files, reasons = (_texts(batches.view(_FIELDS, declared, name)) for name in ("FILE-NO", "REASON"))
        for key, at, readable, file, reason in zip(ids, stored, is_stored, files, reasons, strict=True):
            yield key, at if readable else self._file_dates[file], REJECTED, reason


def _texts(field: Block) -> list[str]:
    """Return a field of ASCII characters as texts without the spaces behind them."""
    return [row.tobytes().decode("ascii", "replace").rstrip(" ") for row in field]
