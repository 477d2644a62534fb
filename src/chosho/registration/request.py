"""Requests on their way (登録請求): a REGTRAN record with its source record behind it, until nothing can reject it any more.

The first 192 bytes are REGTRAN, so its key orders them and its fields are read in place; the source record stands in its own
code page and is there only for the list of rejects.
"""

import numpy as np

from chosho.codec.batch import Block
from chosho.copybook import load

_TRAN = load("REGTRAN")
FIELDS = _TRAN.named()
TRAN_LRECL = _TRAN.length
SOURCE_LRECL = load("REGREJ")["SOURCE-RECORD"].length
LRECL = TRAN_LRECL + SOURCE_LRECL
KEY_LENGTH = 44
"""Bytes that order requests: the person, then acceptance, channel, file and record."""
PERSON_KEY = 15
"""Bytes that name a person: policy, role, payee number."""
POLICY_KEY = 11
"""Bytes that make a whole group: the policy number."""


def transactions(requests: Block) -> Block:
    """Return the REGTRAN records of requests."""
    return np.ascontiguousarray(requests[:, :TRAN_LRECL])


def sources(requests: Block) -> Block:
    """Return the source records of requests, as a view."""
    return requests[:, TRAN_LRECL:]
