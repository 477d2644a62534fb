"""Closing a run (実行の打切り): a person decides that a run which failed or was killed will not go on."""

from pathlib import Path

from chosho.batch import clock
from chosho.batch.locks import Locks, run_lock
from chosho.control import rights
from chosho.control.store import ControlStore
from chosho.dataset.catalog import NUMBER_MASTER, RETURNS
from chosho.errors import InputRefused

RIGHT = "run.close"
"""The right to close a run."""


def close_run(
    root: Path, store: ControlStore, run_id: str, *, person: str, reason: str, unlisted: bool = False
) -> None:
    """Close a run, on record.

    Args:
        root: the data root.
        store: its control store.
        run_id: the run.
        person: who closes it.
        reason: why.
        unlisted: also when what it rejected for the number master it made stands in no list: somebody reads it by hand.

    Raises:
        InputRefused: no right (CHSJ040E), no reason or one that holds a number (CHSJ041E, CHSJ042E), no such run (CHSJ023E),
            it goes on (CHSB040E), it is finished or closed already (CHSJ024E), or what it rejected for its number master was
            not yet listed (CHSB059E).
    """
    rights.require(store.journal, person, RIGHT, at=clock.stamp())
    run = store.runs.get(run_id)
    locks = Locks(root / "control" / "locks")
    try:
        lock = run_lock(run.deck, run.business_date, run.parameters)
        locks.take({lock: True}, wait=0, message="CHSB040E", job=run.deck)
        at = clock.stamp()
        with store.transaction():
            store.runs.close(run_id, reason=reason, at=at, who=person)
            # What the run took and did not bring to the number master is taken again by the next night.
            store.inbox.put_back(run_id, after=_stands(store, run_id, unlisted=unlisted), at=at, who=person)
        store.journal.write_head()
    finally:
        locks.release_all()


def _stands(store: ControlStore, run_id: str, *, unlisted: bool) -> int:
    """Return the attempt of a run whose number master stands; 0 when it made none.

    Raises:
        InputRefused: it made one, and no list of what was rejected on the way: nobody would hear of that any more (CHSB059E).
    """
    last = {}
    for dsn in (NUMBER_MASTER, RETURNS):
        made = store.generations.made_by(dsn, run_id)
        last[dsn] = 0 if made is None else store.runs.completed_in(run_id, made.step)
    if last[RETURNS] < last[NUMBER_MASTER] and not unlisted:
        raise InputRefused("CHSB059E", run=run_id, made=NUMBER_MASTER, missing=RETURNS)
    return last[NUMBER_MASTER]
