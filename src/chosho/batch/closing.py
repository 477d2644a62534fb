"""Closing a run (実行の打切り): a person decides that a run which failed or was killed will not go on."""

from pathlib import Path

from chosho.batch import clock
from chosho.batch.locks import Locks, run_lock
from chosho.control import rights
from chosho.control.store import ControlStore
from chosho.errors import InputRefused

_MASTER = "CHOSHO.NUMBER.MASTER"
RIGHT = "run.close"
"""The right to close a run."""


def close_run(root: Path, store: ControlStore, run_id: str, *, person: str, reason: str) -> None:
    """Close a run, on record.

    Raises:
        InputRefused: no right (CHSJ040E), no reason (CHSB056E), no such run (CHSJ023E), it goes on (CHSB040E), or it is
            finished or closed already (CHSJ024E).
    """
    rights.check(person, RIGHT)
    if not reason.strip():
        raise InputRefused("CHSB056E", run=run_id)
    run = store.runs.get(run_id)
    locks = Locks(root / "control" / "locks")
    try:
        lock = run_lock(run.deck, run.business_date, run.parameters)
        locks.take({lock: True}, wait=0, message="CHSB040E", job=run.deck)
        at = clock.stamp()
        with store.transaction():
            store.runs.close(run_id, reason=reason.strip(), at=at, who=person)
            if not store.generations.made(_MASTER, run_id):
                # What the run took has not reached the number master: the next night takes it again.
                store.inbox.put_back(run_id, at=at, who=person)
        store.journal.write_head()
    finally:
        locks.release_all()
