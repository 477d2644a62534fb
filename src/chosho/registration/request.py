"""Requests on their way (登録請求): a REGTRAN record with its source record behind it, until nothing can reject it any more.

The first 192 bytes are REGTRAN, so its key orders them and its fields are read in place; the source record stands in its own
code page and is there only for the list of rejects.
"""

from collections.abc import Mapping
from types import MappingProxyType

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
REJECT_KEY = 20
"""Bytes that order the list of rejects: office, channel, file, record."""
REGISTRATION, CORRECTION, DELETION, NOT_OBTAINED = "登録", "修正", "削除", "未取得"
"""Kinds of request (請求区分)."""
KINDS: Mapping[str, str] = MappingProxyType(
    {"1": REGISTRATION, "2": CORRECTION, "3": DELETION, "4": NOT_OBTAINED}
)
"""REQUEST-KIND → what it is called; any other byte is no kind."""


def transactions(requests: Block) -> Block:
    """Return the REGTRAN records of requests."""
    return np.ascontiguousarray(requests[:, :TRAN_LRECL])


def sources(requests: Block) -> Block:
    """Return the source records of requests, as a view."""
    return requests[:, TRAN_LRECL:]
