"""The execution of one step (ステップ実行): its process, its end, its balances, and the one commit that makes it true.

Nothing that a step wrote is visible before the commit; a step that failed makes visible only what is
``keep: always``. What a commit gives up is erased right after it; when that is interrupted, the next run's
recovery does it.
"""

import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from chosho.batch import clock
from chosho.batch.ahead import Ahead
from chosho.batch.context import Context
from chosho.batch.deck import Mode
from chosho.batch.desk import Desk, Written
from chosho.batch.expand import JobDd, JobStep
from chosho.batch.expression import UnknownCountError
from chosho.batch.holdings import remove_spools
from chosho.batch.process import Exit, StepProcess
from chosho.batch.result import State, StepResult
from chosho.control.files import Generation
from chosho.control.store import Act, CommitResult, ControlStore, StepCommit
from chosho.dataset.erase import erase
from chosho.dataset.outbox import lay_out
from chosho.dataset.place import quarantine_name
from chosho.errors import ChoshoError, ReturnCode


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ended:
    """How a step ended, all things considered."""

    rc: int
    failed: bool
    counts: Mapping[str, int]
    abend_code: str
    elapsed: float
    peak_rss: int
    cancelled: bool


class Execution:
    """Runs one step of a run.

    Args:
        context: the run.
        step: the step.
        outcomes: the steps before it, by name.
        ahead: where its process comes from.
    """

    def __init__(
        self, context: Context, step: JobStep, outcomes: Mapping[str, StepResult], ahead: Ahead
    ) -> None:
        self._context = context
        self._step = step
        self._outcomes = outcomes
        self._ahead = ahead
        self._desk = Desk(context, step)
        self._deleted: dict[str, Generation] = {}

    def run(self) -> StepResult:
        """Run the step, commit it, and return how it ended.

        Raises:
            ChoshoError: the control store, the key store or the disk refused the commit; the step is then
            not completed.
        """
        context, step = self._context, self._step
        context.observer.step_began(step)
        context.log.say("CHSB102I", step=step.name, pgm=step.pgm, title=step.title)
        context.store.runs.step_begin(context.run.id, step.name, at=clock.stamp())
        ended = self._concluded(self._process())
        try:
            result = self._commit(ended)
        except ChoshoError as error:
            # What it wrote does not fit what is on record: the step failed, and that can be recorded.
            context.log.say_error(error)
            ended = replace(ended, rc=max(ended.rc, int(error.return_code)), failed=True)
            result = self._commit(ended)
        at, who = clock.stamp(), context.person
        erase(context.root, context.store, context.keys, intents=result.remove, at=at, who=who)
        if not ended.failed:
            remove_spools(context.root, self._desk.registers.spools)
            lay_out(context.root, context.store, at=at, who=who)
        self._allocate(ended, result)
        return self._told(ended)

    def _told(self, ended: _Ended) -> StepResult:
        """Tell log and observer how the step ended, and return it."""
        context, step = self._context, self._step
        state = State.ABEND if ended.abend_code else State.FAILED if ended.failed else State.OK
        result = StepResult(
            name=step.name,
            pgm=step.pgm,
            title=step.title,
            state=state,
            rc=ended.rc,
            counts=ended.counts,
            elapsed=ended.elapsed,
            peak_rss=ended.peak_rss,
            abend_code=ended.abend_code,
            cancelled=ended.cancelled,
        )
        counts = " ".join(f"{name}={n}" for name, n in ended.counts.items() if "." not in name)
        if ended.abend_code:
            context.log.say("CHSB104S", step=step.name, code=ended.abend_code)
        else:
            context.log.say(
                "CHSB103I", step=step.name, rc=ended.rc, elapsed=f"{ended.elapsed:.1f}", counts=counts
            )
        context.log.step(result, run=context.run.id, dds={dd.name: context.absolute(dd) for dd in step.dds})
        context.observer.step_ended(result)
        return result

    def _process(self) -> Exit:
        context = self._context
        began = clock.elapsed()
        try:
            spawned = self._ahead.take(self._step)
            process = StepProcess(spawned, self._desk.answer, context.log.stderr(self._step.name), began)
            return process.run()
        except Exception as error:  # noqa: BLE001 - the step is dead by now; what it leaves must be cleaned up
            self._desk.end = None
            context.log.say_failure(error)
            elapsed = clock.elapsed() - began
            return Exit(code=0, signal=signal.SIGKILL, peak_rss=0, elapsed=elapsed, cancelled=0)

    # The end --

    def _concluded(self, ended: Exit) -> _Ended:
        context, step, end = self._context, self._step, self._desk.end
        if ended.cancelled:
            context.log.say("CHSB105W", step=step.name, signal=ended.abend_code)
        if end is None:
            rc, counts, abend = int(ReturnCode.STOP), dict[str, int](), ended.abend_code
        else:
            rc, counts, abend = end.rc, dict(end.counts), ""
            if end.error is not None:
                context.log.say_error(end.error)
        fail_at = context.fail_at(step)
        unbalanced = self._balanced(counts) if rc < fail_at else 0
        rc = max(rc, unbalanced)
        if rc < fail_at and not unbalanced:
            rc = max(rc, self._complete())
        return _Ended(
            rc=rc,
            failed=rc >= fail_at or bool(unbalanced) or bool(abend),
            counts=counts,
            abend_code=abend,
            elapsed=ended.elapsed,
            peak_rss=ended.peak_rss,
            cancelled=bool(ended.cancelled),
        )

    def _balanced(self, counts: Mapping[str, int]) -> int:
        """Return 8 when a balance does not hold, 12 when one asks for a count that nobody declared."""
        rc, log = 0, self._context.log
        for balance in self._step.balances:
            try:
                verdict = balance.verdict(counts, self._outcomes)
            except UnknownCountError as error:
                log.say("CHSB071E", step=self._step.name, balance=balance.text, count=error.args[0])
                rc = max(rc, ReturnCode.REFUSED)
                continue
            figures = {"left": verdict.left, "right": verdict.right}
            if verdict.holds:
                log.say("CHSB106I", step=self._step.name, balance=balance.text, **figures)
            else:
                log.say("CHSB070E", step=self._step.name, balance=balance.text, **figures)
                rc = max(rc, ReturnCode.CONTRADICTION)
        return int(rc)

    def _complete(self) -> int:
        """Return 12 when the step did not write all that the deck says it writes."""
        rc = 0
        for dd in self._step.dds:
            written = self._desk.written.get(dd.name)
            if dd.mode is Mode.NEW and (written is None or written.parts is None):
                dsn = self._context.absolute(dd)
                self._context.log.say("CHSB072E", step=self._step.name, dd=dd.name, dsn=dsn)
                rc = int(ReturnCode.REFUSED)
        return rc

    # The commit --

    def _commit(self, ended: _Ended) -> CommitResult:
        context, step = self._context, self._step
        written = [one for one in self._desk.written.values() if one.parts is not None]
        names = {one.dd.dsn for one in written}
        limits = {dsn: limit for dsn in names if (limit := context.catalog[dsn].limit) is not None}
        self._deleted = {} if ended.failed else self._to_delete()
        return context.store.commit_step(
            context.run.id,
            step.name,
            StepCommit(
                rc=ended.rc,
                failed=ended.failed,
                counts=ended.counts,
                at=clock.stamp(),
                elapsed=ended.elapsed,
                who=context.person,
                outputs=tuple(self._desk.output(one) for one in written),
                uncatalogued=tuple(generation.id for generation in self._deleted.values()),
                limits=limits,
                media=tuple(self._desk.media),
                acts=(*self._desk.registers.acts, *self._laid_out(written)),
            ),
        )

    def _laid_out(self, written: list[Written]) -> Iterator[Act]:
        """Yield the acts that enter in the outbox register what is to be laid out for others."""
        for one in written:
            entry = self._context.catalog[one.dd.dsn]
            for part in (one.parts or ()) if entry.outbox is not None else ():
                path = f"{entry.outbox}/{quarantine_name(part.label)}{entry.suffix}"
                yield partial(_enter_outbox, part_id=part.id, path=path, run=self._context.run.id)

    def _allocate(self, ended: _Ended, result: CommitResult) -> None:
        context, step = self._context, self._step
        for dd in step.dds:
            context.log.allocate(step.name, dd.name, context.absolute(dd), self._became(dd, ended))
        for generation in result.erase:
            context.log.allocate(step.name, "", f"{generation.dsn}.{generation.name}", "ERASED")

    def _to_delete(self) -> dict[str, Generation]:
        """Return the generations that the step's dispositions delete, by DD."""
        found = {dd.name: self._context.generation(dd) for dd in self._step.dds if dd.disposition.deletes}
        return {name: generation for name, generation in found.items() if generation is not None}

    def _became(self, dd: JobDd, ended: _Ended) -> str:
        """Return what became of a DD, for the third section of the job log."""
        how = f"{dd.disposition.value:<18} "
        if dd.mode is Mode.NEW:
            written = self._desk.written.get(dd.name)
            if written is None or written.parts is None:
                return f"{how}NOT WRITTEN"
            if ended.failed and not dd.keep:
                return f"{how}DISCARDED, step failed"
            records = sum(part.records for part in written.parts)
            kept = " (keep: always)" if ended.failed else ""
            return f"{how}CATALOGED{kept} {len(written.parts)} parts {records:,} records"
        if dd.name in self._deleted:
            return f"{how}DELETED {self._deleted[dd.name].records:,} records"
        if dd.relative is not None and self._context.generation(dd) is None:
            return f"{how}NOT PRESENT"
        return f"{how}KEPT"


def _enter_outbox(store: ControlStore, *, part_id: str, path: str, run: str, at: str, who: str) -> None:  # noqa: ARG001 - an act
    store.outbox.enter(part_id, path, run=run, at=at)
