"""Allocation (割当て): what the dataset names of a job mean in this run, fixed once, before its first step.

z/OS fixes relative generations at their first use and leaves a restart to whoever types it; here the map is
made at the start, written down with the run, and used again by every restart.
"""

from collections.abc import Iterable
from pathlib import Path

from chosho.batch import clock
from chosho.batch.context import Context
from chosho.batch.deck import Mode
from chosho.batch.expand import Job, JobDd, JobStep
from chosho.batch.locks import dataset_lock
from chosho.control.runs import Reference, Run
from chosho.control.store import ControlStore
from chosho.dataset.catalog import Catalog
from chosho.dataset.erase import erase
from chosho.dataset.generations import fix
from chosho.dataset.retention_table import RetentionTable
from chosho.errors import InputRefused


def wanted_locks(job: Job, retention: RetentionTable) -> dict[str, bool]:
    """Return the dataset locks of a job: shared where every step only reads, else exclusive.

    Datasets of a retention rule that a step applies are held alone.
    """
    applied = {rule for step in job.steps for rule in step.rules}
    wanted = {
        dataset_lock(dsn): True for rule in retention.rules if rule.id in applied for dsn in rule.datasets
    }
    for step in job.steps:
        for dd in step.dds:
            name = dataset_lock(dd.dsn)
            wanted[name] = wanted.get(name, False) or dd.mode is not Mode.SHR
    return wanted


def references(job: Job, store: ControlStore) -> list[Reference]:
    """Return what each relative generation of a job means now; its datasets are locked.

    A generation to be read that does not exist has no entry; :func:`require_inputs` says whether that may be.
    """
    relatives: dict[str, set[int]] = {}
    for step in job.steps:
        for dd in step.dds:
            if dd.relative is not None:
                relatives.setdefault(dd.dsn, set()).add(dd.relative)
    return [reference for dsn, wanted in relatives.items() for reference in fix(store, dsn, wanted)]


def require_inputs(
    steps: Iterable[JobStep],
    numbers: dict[tuple[str, int], int],
    store: ControlStore,
    catalog: Catalog,
    root: Path,
) -> None:
    """Refuse steps whose inputs are not there: those of other systems, older generations, and what steps before them made.

    Args:
        steps: the steps that will run, in their order.
        numbers: the run's generation map.
        store: the control store.
        catalog: the catalogue.
        root: the data root.

    Raises:
        InputRefused: a dataset is missing or was erased (CHSB054E), or a file of another system is
        (CHSD104E, CHSD105E).
    """
    coming: set[str] = set()
    for step in steps:
        for dd in step.dds:
            if dd.relative is None:
                if not dd.optional and catalog[dd.dsn].inbox is None:
                    catalog[dd.dsn].source(root)
            elif dd.mode is not Mode.NEW and not dd.optional and dd.written not in coming:
                _require(step, dd, numbers, store)
        coming |= {dd.written for dd in step.dds if dd.mode is Mode.NEW}


def require_turn(job: Job, steps: Iterable[JobStep], store: ControlStore, earlier: Run | None) -> None:
    """Refuse a run that would update a dataset past the update of another run: one of the two would be lost.

    A job updates a dataset when it reads the newest generation and writes the next one, as NIGHTLY does the number master.

    Args:
        job: the job; nobody else works on its datasets.
        steps: its steps that will run.
        store: the control store.
        earlier: the run that is restarted; None for one that begins now.

    Raises:
        InputRefused: an unfinished run has the next generation to itself (CHSB057E), or the run to restart began from a
            generation that is not the newest any more (CHSB058E).
    """
    read = {dd.dsn for step in job.steps for dd in step.dds if dd.relative == 0}
    for dsn in sorted({dd.dsn for step in steps for dd in step.dds if dd.mode is Mode.NEW} & read):
        if earlier is None:
            ahead = store.generations.awaited_from(dsn)
            if ahead is not None:
                raise InputRefused("CHSB057E", dsn=dsn, run=ahead)
        else:
            began = {(one.dsn, one.relative): one.number for one in store.runs.references(earlier.id)}
            others = [one for one in store.generations.catalogued(dsn) if one.run != earlier.id]
            if others and others[-1].number != began.get((dsn, 0)):
                newer = others[-1]
                raise InputRefused("CHSB058E", run=earlier.id, dsn=dsn, newer=newer.name, by=newer.run)


def _require(step: JobStep, dd: JobDd, numbers: dict[tuple[str, int], int], store: ControlStore) -> None:
    number = numbers.get((dd.dsn, dd.relative or 0))
    if number is None or store.generations.find(dd.dsn, number) is None:
        absolute = dd.written if number is None else f"{dd.written} (G{number:04d})"
        raise InputRefused("CHSB054E", step=step.name, dd=dd.name, dsn=absolute)


def roll_off(context: Context) -> None:
    """Erase what is beyond the catalogue's limits, of every dataset that the job names; for the end of a run.

    A step's commit cannot do it for what the run itself still refers to.
    """
    catalog, store = context.catalog, context.store
    names = {dd.dsn for step in context.job.steps for dd in step.dds}
    limits = {dsn: limit for dsn in sorted(names) if (limit := catalog[dsn].limit) is not None}
    store.generations.roll_off(limits, at=clock.stamp(), who=context.person)
    erase(context.root, store, context.keys, at=clock.stamp(), who=context.person)
