"""Reading of requests (請求の読取り): the details of a sound file become requests, each with what is found against it.

The items of the four layouts that REGTRAN has by the same name are transcoded; which, the copybooks say. Role, channel, place in
the file, and for declarations over the PF kind and office, are filled in. What was not given is written in one way only: numbers
as spaces, the reason of a request that is not 未取得 as 00.
"""

import numpy as np

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Layout, load
from chosho.registration import decision, request
from chosho.registration.channels import ROLES, Channel
from chosho.registration.facts import NO_REASON, NOT_OBTAINED, REGISTER, facts, given, one_of
from chosho.registration.finding import Findings
from chosho.registration.reference import References

NO_OFFICE = b"00000"
"""OFFICE-NO of a declaration over the PF, which no office took."""
_TRAN = load("REGTRAN")
_SPACE = ord(" ")


class RequestReader:
    """Makes requests of the details of one channel.

    Args:
        channel: the channel.
        source: its layout.
        code_page: of its files.
        references: offices, terminals, approvers, business date.
    """

    def __init__(self, channel: Channel, source: Layout, code_page: str, references: References) -> None:
        self._channel = channel
        self._references = references
        self._names = [name for name in source.named() if name in _TRAN]
        self._transcoder = Transcoder(
            source.fields,
            code_page,
            _TRAN.fields,
            request.LRECL,
            [(name, name) for name in self._names],
        )

    def read(self, details: Block, file_no: int, first: int) -> tuple[Block, Findings]:
        """Return the requests of some details, and what is found against each.

        Args:
            details: detail records of one file, one after the other.
            file_no: number of the file.
            first: number of the first record in the file, the header being 1.

        Returns:
            uint8[n, 392] (see :mod:`request`), and n findings.
        """
        requests = np.empty((len(details), request.LRECL), np.uint8)
        faults = self._transcoder.run(np.ascontiguousarray(details), requests)
        request.sources(requests)[:] = details
        self._fill(requests, file_no, first)
        findings = Findings(requests)
        findings.add_faults(faults, self._names)
        decision.decide(decision.RECORD, facts(requests, self._channel, self._references), findings)
        return requests, findings

    def _fill(self, requests: Block, file_no: int, first: int) -> None:
        """Write what the source does not say, or says in more than one way."""

        def item(name: str) -> Block:
            return batches.view(request.FIELDS, requests, name)

        def put(name: str, value: bytes) -> None:
            item(name)[:] = np.frombuffer(value, np.uint8)

        put("CHANNEL", self._channel.code)
        put("FILE-NO", b"%06d" % file_no)
        item("RECORD-NO")[:] = _digits(first, len(requests), request.FIELDS["RECORD-NO"].length)
        for recipient, role in ROLES.items():
            item("ROLE-CODE")[one_of(item("RECIPIENT-TYPE"), (recipient,))] = np.frombuffer(role, np.uint8)
        if self._channel.online:
            put("REQUEST-KIND", REGISTER)
            put("OFFICE-NO", NO_OFFICE)
        for name in ("INDIVIDUAL-NO", "CORPORATE-NO"):
            item(name)[~given(item(name))] = _SPACE
        unasked = ~one_of(item("REQUEST-KIND"), (NOT_OBTAINED,)) & one_of(item("REASON-CODE"), (b"  ",))
        item("REASON-CODE")[unasked] = np.frombuffer(NO_REASON, np.uint8)


def _digits(first: int, count: int, width: int) -> Block:
    """Return consecutive numbers as ASCII digits with zeros in front."""
    numbers = np.arange(first, first + count, dtype=np.int64)[:, None]
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (numbers // powers % 10 + ord("0")).astype(np.uint8)
