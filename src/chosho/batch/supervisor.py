"""The supervisor (ジョブ監視): runs a deck from its scan to its job log.

It holds the control store, the keys and the locks; the steps hold none of them. In this order: scan; the
lock of the run's identity; recovery of what killed runs left; the question whether the run is finished or
restarts; the locks of all datasets; the generation map, fixed once and recorded; the steps, one process
each; the end of the run with the journal's head.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from chosho import disk
from chosho.batch import allocation, clock, restart
from chosho.batch.ahead import Ahead
from chosho.batch.context import Context
from chosho.batch.execution import Execution
from chosho.batch.expand import Job, JobStep, expand
from chosho.batch.fingerprint import fingerprint
from chosho.batch.locks import RECOVERY, Locks, run_lock
from chosho.batch.members import Libraries
from chosho.batch.result import Observer, RunResult, State, StepResult
from chosho.batch.scan import refuse, scan
from chosho.batch.spool import JobLog
from chosho.control.runs import Run, Step
from chosho.control.store import ControlStore
from chosho.dataset.catalog import Catalog
from chosho.dataset.place import DATA
from chosho.dataset.recovery import recover
from chosho.dataset.retention_table import RetentionTable
from chosho.dataset.settings import Settings
from chosho.errors import ChoshoError, Contradiction, ReturnCode
from chosho.vault import no_core_dumps
from chosho.vault.keys import KeyStore

_IDENTITY_WAIT = 2.0
"""Seconds to wait for the lock of a run.

Another supervisor's recovery may hold it for a moment, to see whether it lives.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What is to be run, and for whom.

    ``restart`` is None, ``best`` or a step's name; ``wait`` how many seconds to wait for datasets that
    another run holds; ``environment`` the variables of which a step's process gets a few.
    """

    root: Path
    keys: Path
    deck: str
    business_date: date
    person: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    restart: str | None = None
    wait: float = 0.0
    libraries: Libraries = field(default_factory=Libraries)
    environment: Mapping[str, str] = field(default_factory=dict)


def scanned(order: Order) -> Job:
    """Return the expanded job of an order, after its scan; nothing is touched.

    Raises:
        InputRefused: the deck does not exist (CHSB001E) or has faults (CHSB002E, CHSD010E, CHSD011E: all at
        once).
    """
    catalog = Catalog.load(order.root)
    entries = {entry.dsn: entry for entry in catalog}
    job, faults = expand(order.deck, order.libraries, order.business_date, order.parameters)
    faults += scan(job, order.libraries, entries.get, _retention(order, job, catalog).names)
    refuse(order.deck, faults)
    return job


def submit(order: Order, observer: Observer | None = None) -> RunResult:
    """Run a deck, or restart it, and return how it ended.

    Raises:
        InputRefused: it could not begin: faults in the deck, a finished run, a running one, datasets in use
        or missing. Contradiction: files that nobody knows were found and put in quarantine; submit again
        after looking at them. StopLine: the control store or the keys are not sound.
    """
    no_core_dumps()
    job = scanned(order)
    keys = KeyStore(order.keys, data_root=order.root)
    # A missing or wrong master key is told before anything runs, not after the first step's work.
    keys.status()
    with ControlStore.open(order.root, keys) as store:
        locks = Locks(order.root / "control" / "locks")
        try:
            return _Submission(order, job, store, keys, locks, observer or Observer()).run()
        finally:
            locks.release_all()


class _Submission:
    """One submission, between its scan and its end."""

    def __init__(
        self,
        order: Order,
        job: Job,
        store: ControlStore,
        keys: KeyStore,
        locks: Locks,
        observer: Observer,
    ) -> None:
        self._order = order
        self._job = job
        self._store = store
        self._keys = keys
        self._locks = locks
        self._observer = observer
        self._catalog = Catalog.load(order.root)

    def run(self) -> RunResult:
        order, job, store = self._order, self._job, self._store
        identity = run_lock(job.name, job.business_date, job.parameters)
        self._locks.take({identity: True}, wait=_IDENTITY_WAIT, message="CHSB040E", job=job.name)
        earlier = store.runs.find(job.name, job.business_date, job.parameters)
        records = {} if earlier is None else store.runs.steps(earlier.id)
        restart.require_restart(earlier, order.restart, records)
        self._recover()
        wanted = allocation.wanted_locks(job, _retention(order, job, self._catalog))
        self._locks.take(wanted, wait=order.wait, message="CHSB047E", job=job.name)
        run, place = self._begin(earlier, records)
        context = self._context(run)
        context.log.begin(run.id, run.attempt, job, order.person, self._from(earlier, place))
        context.log.say("CHSB101I", job=job.name, run=run.id)
        self._observer.job_began(run.id, job)
        ahead = Ahead(context)
        try:
            results, message = _steps(context, ahead, place, records)
        finally:
            ahead.discard()
        return _finished(context, results, message)

    def _begin(self, earlier: Run | None, records: Mapping[str, Step]) -> tuple[Run, int]:
        """Enter the run in the control store, with its generation map, or its next attempt.

        Return where it starts.
        """
        order, job, store = self._order, self._job, self._store
        mark = fingerprint(job, order.libraries, self._catalog)
        if earlier is None:
            allocation.require_turn(job, job.steps, store, None)
            references = allocation.references(job, store)
            numbers = {(one.dsn, one.relative): one.number for one in references}
            allocation.require_inputs(job.steps, numbers, store, self._catalog, order.root)
            at, who = clock.stamp(), order.person
            run = store.runs.begin(
                job.name,
                job.business_date,
                job.parameters,
                fingerprint=mark,
                references=references,
                at=at,
                who=who,
            )
            return run, 0
        place = restart.start(job, earlier, records, order.restart or restart.BEST, mark)
        allocation.require_turn(job, job.steps[place:], store, earlier)
        with store.transaction():
            if mark != earlier.fingerprint:
                store.runs.renew(
                    earlier.id,
                    fingerprint=mark,
                    references=allocation.references(job, store),
                    at=clock.stamp(),
                    who=order.person,
                )
            numbers = {(one.dsn, one.relative): one.number for one in store.runs.references(earlier.id)}
            allocation.require_inputs(job.steps[place:], numbers, store, self._catalog, order.root)
            run = store.runs.restart(earlier.id, fingerprint=mark, at=clock.stamp(), who=order.person)
        return run, place

    def _context(self, run: Run) -> Context:
        order = self._order
        references = self._store.runs.references(run.id)
        disk.make_folder(order.root / DATA)
        return Context(
            root=order.root,
            store=self._store,
            keys=self._keys,
            catalog=self._catalog,
            settings=Settings.load(order.root).tree(),
            libraries=order.libraries,
            environment=order.environment,
            person=order.person,
            job=self._job,
            run=run,
            numbers={(one.dsn, one.relative): one.number for one in references},
            locks=self._locks,
            log=JobLog(order.root / "spool" / run.id, self._observer.message),
            observer=self._observer,
            retention=_retention(order, self._job, self._catalog),
        )

    def _from(self, earlier: Run | None, place: int) -> str | None:
        if earlier is None:
            return None
        steps = self._job.steps
        return f"{steps[place].name if place < len(steps) else 'the end'} ({self._order.restart})"

    def _recover(self) -> None:
        """Clean up after killed runs, alone; say it, and stop when there are files that nobody knows."""
        order = self._order
        self._locks.take({RECOVERY: True}, wait=60.0, message="CHSB048E", job=self._job.name)
        try:
            disk.make_folder(order.root / DATA)
            recovery = recover(
                order.root,
                self._store,
                self._keys,
                alive=self._alive,
                at=clock.stamp(),
                who=order.person,
            )
        finally:
            self._locks.release(RECOVERY)
        if recovery.quarantined:
            paths = ", ".join(recovery.quarantined)
            raise Contradiction("CHSB081E", number=len(recovery.quarantined), paths=paths)

    def _alive(self, run_id: str) -> bool:
        """Return whether another run's supervisor, or a step of it, still holds its lock."""
        run = self._store.runs.get(run_id)
        name = run_lock(run.deck, run.business_date, run.parameters)
        if self._locks.holds(name):
            return False
        if self._locks.attempt(name, exclusive=True):
            self._locks.release(name)
            return False
        return True


def _retention(order: Order, job: Job, catalog: Catalog) -> RetentionTable:
    """Return the retention table when a step applies a rule of it, else an empty one."""
    if any(step.rules for step in job.steps):
        return RetentionTable.load(order.root, catalog)
    return RetentionTable(rules=())


def _steps(
    context: Context, ahead: Ahead, place: int, records: Mapping[str, Step]
) -> tuple[list[StepResult], str]:
    """Run the steps from ``place`` on.

    Return the results of all, and the error that stopped the supervisor itself.
    """
    results: dict[str, StepResult] = {}
    for number, step in enumerate(context.job.steps):
        if number < place:
            results[step.name] = restart.replayed(step, records.get(step.name))
            continue
        try:
            results[step.name] = _step(context, ahead, step, results)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run ends with code 16 and its log says so
            stopped = context.log.say_failure(error)
            results[step.name] = _abend(step)
            return list(results.values()), str(stopped)
    return list(results.values()), ""


def _step(context: Context, ahead: Ahead, step: JobStep, results: Mapping[str, StepResult]) -> StepResult:
    """Run one step, or say why it does not run."""
    failed = [name for name, result in results.items() if result.failed]
    asked = () if step.when is None else step.when.steps
    cancelled = any(result.cancelled for result in results.values())
    if cancelled or not set(failed) <= set(asked):
        result = _not_run(step, State.FLUSHED)
        ended = failed or [name for name, result in results.items() if result.cancelled]
        context.log.say("CHSB107I", step=step.name, failed=", ".join(ended))
    elif step.when is not None and not step.when.holds(results):
        result = _not_run(step, State.SKIPPED)
        context.store.runs.step_skip(context.run.id, step.name, at=clock.stamp())
        told = ", ".join(f"{name}.rc {_shown(results.get(name))}" for name in asked)
        context.log.say("CHSB108I", step=step.name, condition=step.when.text, told=told)
    else:
        return Execution(context, step, results, ahead).run()
    context.log.step(result, run=context.run.id)
    context.observer.step_ended(result)
    return result


def _finished(context: Context, results: list[StepResult], message: str) -> RunResult:
    """End the run.

    Its code, the generations beyond their limits, the journal's head, the last lines of the log.
    """
    store, run, person = context.store, context.run, context.person
    rc = max((result.rc for result in results if result.rc is not None), default=0)
    # A step that was told to stop after its last word is done; the run, whose other steps were flushed, is not.
    if message or (any(one.cancelled for one in results) and results[-1].state is State.FLUSHED):
        rc = int(ReturnCode.STOP)
    head = note = ""
    try:
        failed = bool(message) or any(one.failed or one.state is State.FLUSHED for one in results)
        store.runs.finish(run.id, rc, failed=failed, at=clock.stamp(), who=person)
        allocation.roll_off(context)
        newest = store.journal.write_head()
        head, note = str(newest), store.journal.note(newest)
    except ChoshoError as error:
        context.log.say_error(error)
        rc, message = int(ReturnCode.STOP), message or str(error)
    context.log.end(run.id, rc, results, head, note)
    return RunResult(
        run_id=run.id, rc=rc, steps=tuple(results), log=context.log.path, head=head, message=message
    )


def _not_run(step: JobStep, state: State) -> StepResult:
    return StepResult(name=step.name, pgm=step.pgm, title=step.title, state=state, rc=None)


def _abend(step: JobStep) -> StepResult:
    return StepResult(
        name=step.name,
        pgm=step.pgm,
        title=step.title,
        state=State.ABEND,
        rc=int(ReturnCode.STOP),
        abend_code="SUPERVSR",
    )


def _shown(result: StepResult | None) -> str:
    return "not run" if result is None or result.rc is None else str(result.rc)
