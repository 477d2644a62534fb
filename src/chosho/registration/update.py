"""Update of the number master (更新): the balance line of old master and accepted requests → new master; the rule and its counts.

Per person (policy, role, payee number) the requests are carried out in the order in which they were accepted, each by the
table of :mod:`chosho.registration.update_table`. Rows of persons whom no request names are copied as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chosho.codec import batch as batches
from chosho.codec import rows, update_kernel
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.registration import request
from chosho.registration.pf_key import DUE, REJECTED, PfKey
from chosho.registration.update_table import ACTIONS, tables

GROUP_KEY, REQUEST_KEY = request.POLICY_KEY, request.KEY_LENGTH
"""Bytes that make a whole group on both sides; that order the requests."""
MASTER_KEY = 18
"""Bytes that order the number master: the person and the registration number."""
MASTER_LRECL = load("NUMMAST").length
REJECT_LRECL, REJECT_KEY = load("REGREJ").length, request.REJECT_KEY
_REQUEST, _REJECT = request.FIELDS, load("REGREJ").named()
_VERDICT_LRECL = 8
_COPIED = (
    "OFFICE-NO", "CHANNEL", "FILE-NO", "RECORD-NO", "POLICY-NO", "ROLE-CODE", "PAYEE-NO", "REQUEST-KIND", "ACCEPTED-AT",
    "TERMINAL-ID", "EMPLOYEE-ID",
)  # fmt: skip
"""Items that a rejected record takes from the request."""
_OUTCOMES = tuple(dict.fromkeys(action.outcome for action in ACTIONS))
_REASONS = tuple(action.reason for action in ACTIONS if action.reason)
COUNTS = (
    "old", "added", "dropped", "new", "written", "read", *_OUTCOMES, *(f"rejected.{reason}" for reason in _REASONS),
)  # fmt: skip
"""The counts that are there also when they are 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """What the update depends on beside the records: nothing; every date comes from the request."""


def update(left: pa.RecordBatch, right: pa.RecordBatch, parameters: Parameters) -> dict[str, pa.RecordBatch]:  # noqa: ARG001 - the border of every rule
    """Carry requests into the number master (個人番号等管理マスタの更新).

    Args:
        left: REGTRAN records in ascending order of their key, whole groups of the policy number.
        right: NUMMAST records of these policies and any others, in ascending order, whole groups of the policy number.
        parameters: nothing.

    Returns:
        ``master``: the new NUMMAST records, in order, ``right`` itself when there is no request; ``verdicts``: one per request,
        in the order of ``left`` (see :func:`totals` and :func:`pf_keys`); ``rejects``: REGREJ records of the rejected ones, in
        that order.

    Raises:
        ValueError: a side has records of another length.
    """
    requests, old = batches.block(left), batches.block(right)
    if (requests.shape[1], old.shape[1]) != (request.TRAN_LRECL, MASTER_LRECL):
        raise ValueError("records of another layout")  # the compiled loop trusts their lengths
    verdicts = np.empty((len(requests), 2), np.int32)
    master = right
    if len(requests):
        given = tables()
        new = np.empty((len(old) + len(requests), MASTER_LRECL), np.uint8)
        end = update_kernel.update(
            requests,
            old,
            given.place,
            given.kind_of,
            given.state_of,
            given.actions,
            given.effects,
            given.items,
            given.template,
            new,
            verdicts,
        )
        master = batches.to_batch(new[:end])
    judged = verdicts.view(np.uint8).reshape(len(requests), _VERDICT_LRECL)
    return {
        "master": master,
        "verdicts": batches.to_batch(judged),
        "rejects": batches.to_batch(_rejects(requests, verdicts[:, 0])),
    }


def totals(right: pa.RecordBatch, found: dict[str, pa.RecordBatch]) -> dict[str, int]:
    """Return the counts of one call of :func:`update`; those of :data:`COUNTS` that are 0 may be missing.

    ``old + added - dropped`` is ``new``, counted from the records themselves; ``read`` is the sum of the outcomes.
    """
    verdicts = _verdicts(found)
    number = np.bincount(verdicts[:, 0], minlength=len(ACTIONS)).tolist()
    counts = {
        "old": len(right),
        "new": len(found["master"]),
        "read": len(verdicts),
        "added": sum(n for n, action in zip(number, ACTIONS, strict=True) if action.adds),
        "dropped": int(verdicts[:, 1].sum()),
    }
    for n, action in zip(number, ACTIONS, strict=True):
        if n:
            counts[action.outcome] = counts.get(action.outcome, 0) + n
            if action.reason:
                counts[f"rejected.{action.reason}"] = n
    return counts


def pf_keys(left: pa.RecordBatch, found: dict[str, pa.RecordBatch]) -> Iterator[PfKey]:
    """Yield the PF's keys of the requests that came with one: what becomes of the number there.

    A number that is held here now is due for deletion at the PF; one that was rejected stays there until it is resolved.
    """
    requests = batches.block(left)
    actions = _verdicts(found)[:, 0]
    told = np.array([action.holds or bool(action.reason) for action in ACTIONS])[actions]
    told &= ~rows.all_in(batches.view(_REQUEST, requests, "PF-KEY-ID"), rows.SPACES)
    ids, stored = (_texts(requests[told], name) for name in ("PF-KEY-ID", "PF-STORED-AT"))
    for key, at, number in zip(ids, stored, actions[told].tolist(), strict=True):
        reason = ACTIONS[number].reason
        yield key, at, REJECTED if reason else DUE, reason


def no_master() -> Iterator[Block]:
    """Yield the number master of a data root that has none yet: a block without records."""
    yield np.empty((0, MASTER_LRECL), np.uint8)


def _verdicts(found: dict[str, pa.RecordBatch]) -> npt.NDArray[np.int32]:
    """Return the number of the action and the rows dropped of each request (int32[n, 2])."""
    return batches.block(found["verdicts"]).view(np.int32)


def _rejects(requests: Block, actions: npt.NDArray[np.int32]) -> Block:
    """Return the REGREJ records of the rejected requests; the source record is the request itself."""
    rejected = np.flatnonzero(np.array([bool(action.reason) for action in ACTIONS])[actions])
    out = np.full((len(rejected), REJECT_LRECL), ord(" "), np.uint8)
    if not len(rejected):
        return out
    chosen = requests[rejected]
    for name in _COPIED:
        batches.view(_REJECT, out, name)[:] = batches.view(_REQUEST, chosen, name)
    for name, texts in (
        ("REASON", [action.reason for action in ACTIONS]),
        ("FIELD-NAME", [action.field for action in ACTIONS]),
    ):
        width = _REJECT[name].length
        table = np.frombuffer("".join(text.ljust(width) for text in texts).encode(), np.uint8)
        batches.view(_REJECT, out, name)[:] = table.reshape(-1, width)[actions[rejected]]
    batches.view(_REJECT, out, "SOURCE-RECORD")[:, : chosen.shape[1]] = chosen
    return out


def _texts(records: Block, name: str) -> list[str]:
    """Return a field of code letters as texts without trailing spaces."""
    field = np.ascontiguousarray(batches.view(_REQUEST, records, name))
    return [text.decode("ascii").rstrip(" ") for text in field.view(f"S{field.shape[1]}")[:, 0].tolist()]
