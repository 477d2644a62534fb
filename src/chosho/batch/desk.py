"""The desk (窓口): answers the requests of one running step, and remembers what the step did for its commit.

Everything that a step may not do by itself happens here: the right to a dataset is checked and the access
journalled before its keys are given out; the INTENT of a file is committed, and its cohort's key durable,
before its name is given out.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chosho.batch import clock
from chosho.batch.context import Context
from chosho.batch.deck import Mode
from chosho.batch.expand import JobDd, JobStep
from chosho.batch.passphrases import Passphrases
from chosho.batch.registers import Registers
from chosho.control.files import Output
from chosho.control.media import Medium
from chosho.dataset import access
from chosho.dataset.catalog import Entry
from chosho.dataset.part import PartResult, PartSource, PartTarget
from chosho.dataset.place import new_file_id, part_path
from chosho.errors import ChoshoError, InputRefused, StopLine, message
from chosho.step import wire
from chosho.step.scrub import mask_numbers
from chosho.vault.header import digest_key
from chosho.vault.sealed import new_header
from chosho.vault.wrap import new_key

_TEMPORARIES_AT_ONCE = 16
"""Work files whose INTENT is written in one commit: a sort asks for hundreds."""


@dataclass(slots=True)
class Written:
    """What a step wrote for one new DD. ``parts`` is None until the step has said that it is whole."""

    dd: JobDd
    generation: int
    cohort: str | None
    cohort_key: bytes | None
    parts: list[PartResult] | None = None


@dataclass(frozen=True, slots=True)
class End:
    """How a step said that it ended."""

    rc: int
    counts: Mapping[str, int]
    error: ChoshoError | None
    places: str = ""


@dataclass(slots=True)
class _Temporaries:
    """Sort work of a step: its key lives in this process only, and the files die with it."""

    key: bytes = field(default_factory=new_key)
    spare: list[str] = field(default_factory=list)


class Desk:
    """Serves one step.

    Args:
        context: the run.
        step: the step.
    """

    def __init__(self, context: Context, step: JobStep) -> None:
        self._context = context
        self._step = step
        self._temporaries = _Temporaries()
        self._passphrases = Passphrases(context.keys, context.run.id)
        self.registers = Registers(context, step, self._journal)
        """Its acts become true with the step's commit."""
        self._answers: dict[str, Callable[..., Mapping[str, Any]]] = {
            "hello": self._hello,
            "open": self._open,
            "new": self._new,
            "temp": self._temp,
            "written": self._take_written,
            "message": self._message,
            "progress": self._progress,
            "password": self._password,
            "password_id": lambda id: {"id": self._passphrases.kept_as(id)},  # noqa: A006 - a field of the wire
            "register": self._register,
            "journal_head": self._journal_head,
            "end": self._end,
            **self.registers.answers,
        }
        self.written: dict[str, Written] = {}
        """What was written, by DD."""
        self.media: list[Medium] = []
        """Rows for the media register."""
        self.end: End | None = None
        """How the step said that it ended; None while it has not."""

    def answer(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer to one request.

        Raises:
            ChoshoError: what the step shall see.
        """
        fields = dict(request)
        handler = self._answers.get(fields.pop("ask", ""))
        if handler is None:
            raise StopLine("CHSB060S", step=self._step.name)
        return handler(**fields)

    # Facts --

    def _hello(self) -> Mapping[str, Any]:
        context, step = self._context, self._step
        program = context.libraries.program(step.pgm)
        library = None if program is None or program.library is None else str(program.library)
        return {
            "run_id": context.run.id,
            "job": context.job.name,
            "step": step.name,
            "pgm": step.pgm,
            "library": library,
            "business_date": context.job.business_date.isoformat(),
            "parameters": dict(step.parm),
            "settings": dict(context.settings),
            "dds": {dd.name: self._facts(dd) for dd in step.dds},
        }

    def _facts(self, dd: JobDd) -> Mapping[str, Any]:
        entry = self._context.catalog[dd.dsn]
        if dd.disposition.deletes:
            # The step's end erases it, whether or not the program opens it.
            self._context.require(entry.right)
        if entry.external is not None:
            present = (self._context.root / entry.external).is_file()
        elif entry.inbox is not None:
            present = True  # also when nothing was delivered
        else:
            present = dd.mode is Mode.NEW or self._context.generation(dd) is not None
        return {
            "dsn": self._context.absolute(dd),
            "mode": dd.mode.value,
            "present": present,
            "keep": dd.keep,
            "recfm": entry.recfm,
            "lrecl": entry.lrecl or 0,
            "key": entry.key,
            "code_page": entry.code_page or "",
            "copybook": copybook_member(entry, self._context.job.business_date),
        }

    def _journal_head(self) -> Mapping[str, Any]:
        journal = self._context.store.journal
        head = journal.head()
        return {"head": str(head), "note": journal.note(head)}

    # Reading --

    def _open(self, dd: str) -> Mapping[str, Any]:
        found = self._dd(dd)
        if self._context.catalog[found.dsn].inbox is not None:
            raise InputRefused("CHSS019E", step=self._step.name, dd=dd)
        entry = self._access(found, "dd.open")
        if found.relative is None:
            return {"parts": [wire.from_source(entry.source(self._context.root))]}
        return {"parts": [wire.from_source(part) for part in self._sources(found)]}

    def _sources(self, dd: JobDd) -> tuple[PartSource, ...]:
        """Return the parts of a generation with their file keys.

        Raises:
            InputRefused: the generation is not there (CHSB050E).
            StopLine: a part or its key is not as it was (``dataset.access``).
        """
        context = self._context
        generation = context.generation(dd)
        if generation is None:
            raise InputRefused("CHSB050E", step=self._step.name, dd=dd.name, dsn=context.absolute(dd))
        return access.sources(context.root, context.store, context.keys, generation)

    # Writing --

    def _new(self, dd: str) -> Mapping[str, Any]:
        found = self._dd(dd)
        if found.mode is not Mode.NEW:
            raise InputRefused("CHSS013E", dd=dd, dsn=self._context.absolute(found))
        entry = self._context.catalog[found.dsn]
        file_id = new_file_id()
        path = part_path(file_id, entry.suffix)
        written = self._intend(found, entry, {file_id: path})
        return {"part": wire.from_target(self._target(file_id, path, written, entry))}

    def _intend(self, dd: JobDd, entry: Entry, files: Mapping[str, str]) -> Written:
        """Commit the INTENT of files of a new DD.

        With the first, check the right and make the cohort's key.
        """
        context = self._context
        written = self.written.get(dd.name)
        cohort, cohort_key = (written.cohort, written.cohort_key) if written else (None, None)
        if written is None:
            self._access(dd, "dd.create")
            if entry.sealed:
                cohort = f"{context.absolute(dd)}.{secrets.token_hex(8)}"
                cohort_key = context.keys.new_cohort(cohort, dd.dsn)
        generation = context.store.generations.intend(
            context.run.id,
            self._step.name,
            dd.name,
            dd.dsn,
            number=context.numbers[dd.dsn, dd.relative or 0],
            cohort=cohort,
            files=files,
        )
        if written is None:
            written = Written(dd, generation or 0, cohort, cohort_key)
            self.written[dd.name] = written
        return written

    def _target(self, file_id: str, path: str, written: Written, entry: Entry) -> PartTarget:
        header, file_key, digest = b"", None, None
        if written.cohort is not None and written.cohort_key is not None:
            digest = digest_key(written.cohort_key)
            header, file_key = new_header(
                dataset=written.dd.dsn,
                cohort=written.cohort,
                cohort_key=written.cohort_key,
                file_id=file_id,
                lrecl=entry.lrecl,
            )
        return PartTarget(
            id=file_id, path=self._context.root / path, file_key=file_key, digest_key=digest, header=header
        )

    def _take_written(self, dd: str, parts: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Take the step's word that a new DD is whole, and prove it.

        Every file is there and as long as was said.
        """
        found = self._dd(dd)
        written = self.written.get(dd) or self._intend(found, self._context.catalog[found.dsn], {})
        results = [wire.to_result(part) for part in parts]
        entry = self._context.catalog[found.dsn]
        for result in results:
            path = self._context.root / part_path(result.id, entry.suffix)
            if not path.is_file() or path.stat().st_size != result.stored_bytes:
                raise StopLine("CHSB061S", dsn=self._context.absolute(found), part=result.label, path=path)
        written.parts = results
        return {}

    def _temp(self, lrecl: int) -> Mapping[str, Any]:
        context, work = self._context, self._temporaries
        if not work.spare:
            work.spare = [new_file_id() for _ in range(_TEMPORARIES_AT_ONCE)]
            files = {file_id: part_path(file_id) for file_id in work.spare}
            context.store.generations.intend(
                context.run.id, self._step.name, "SORTWK", "SORTWK", number=None, cohort=None, files=files
            )
        file_id = work.spare.pop(0)
        header, file_key = new_header(
            dataset="SORTWK", cohort=context.run.id, cohort_key=work.key, file_id=file_id, lrecl=lrecl or None
        )
        path = context.root / part_path(file_id)
        target = PartTarget(id=file_id, path=path, file_key=file_key, digest_key=None, header=header)
        return {"part": wire.from_target(target)}

    def output(self, written: Written) -> Output:
        """Return what the commit of the step needs of one DD."""
        return Output(generation=written.generation, parts=tuple(written.parts or ()), keep=written.dd.keep)

    # Messages, keys, registers --

    def _message(self, id: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: A002 - as above
        masked = mask_numbers(fields)
        try:
            message(id, **masked)
        except (KeyError, ValueError, IndexError):
            raise StopLine("CHSB060S", step=self._step.name) from None
        self._context.log.say(id, **masked)
        return {}

    def _progress(self, done: int, total: int) -> Mapping[str, Any]:
        self._context.observer.progress(self._step, done, total)
        return {}

    def _password(self, id: str, create: bool) -> Mapping[str, Any]:  # noqa: A002 - as above
        context = self._context
        kept = self._passphrases.fresh_id(id) if create else self._passphrases.kept_as(id)
        kind = "password.create" if create else "password.look"
        self._journal(kind, {"password": kept})
        return {"text": self._passphrases.create(kept) if create else context.keys.password(kept)}

    def _register(self, items: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take a row for the media register; ``dd`` and ``label`` name the part that holds the image."""
        values = dict(items)
        dd, label = self._dd(values.pop("dd", "")), values.pop("label", "")
        generation = self._context.generation(dd)
        parts = () if generation is None else self._context.store.generations.parts(generation.id)
        part = next((part for part in parts if part.label == label), None)
        if part is None:
            raise InputRefused("CHSB051E", step=self._step.name, dd=dd.name, label=label)
        try:
            for name in ("made_on", "moved_on"):
                if values.get(name) is not None:
                    values[name] = date.fromisoformat(values[name])
            values.setdefault("moved_on", None)
            if values.setdefault("image_sha256", part.sha256) != part.sha256:
                raise StopLine("CHSB063S", step=self._step.name, part=label)
            self.media.append(Medium(run_id=self._context.run.id, part_id=part.id, path=part.path, **values))
        except (TypeError, ValueError):
            raise InputRefused("CHSB052E", step=self._step.name, items=", ".join(sorted(items))) from None
        return {}

    def _end(
        self, rc: int, counts: Mapping[str, int], error: Mapping[str, Any] | None = None, places: str = ""
    ) -> Mapping[str, Any]:
        if error is not None:
            error = {**error, "fields": mask_numbers(error["fields"])}
        self.end = End(rc, counts, None if error is None else wire.to_error(error), places)
        return {}

    # --

    def _dd(self, name: str) -> JobDd:
        found = self._step.dd(name)
        if found is None:
            raise InputRefused("CHSS010E", step=self._step.name, dd=name)
        return found

    def _access(self, dd: JobDd, kind: str) -> Entry:
        """Check the right to a dataset and journal the access, before anything of it is given out."""
        entry = self._context.catalog[dd.dsn]
        self._context.require(entry.right)
        self._journal(kind, {"dd": dd.name, "dsn": self._context.absolute(dd), "right": entry.right})
        return entry

    def _journal(self, kind: str, fields: Mapping[str, str]) -> None:
        context = self._context
        named = {"run": context.run.id, "step": self._step.name, **fields}
        context.store.journal.append(kind, context.person, named, at=clock.stamp())


def copybook_member(entry: Entry, business_date: date) -> str | None:
    """Return the copybook that describes a dataset's records on a date; None when it has no fixed records."""
    if entry.recfm != "F":
        return None
    entry.layout(business_date)  # refuses a date without layout, and a length that is not the catalogue's
    valid = [
        p for p in entry.layouts if p.start <= business_date and (p.end is None or business_date <= p.end)
    ]
    return valid[-1].copybook
