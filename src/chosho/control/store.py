"""The control store (管理ストア): one SQLite database in the data root; only the supervisor and the commands hold it open.

It holds names, ids, counts and digests, never values of the number master or of payments. A store that is
older than the newest signed journal head in the key folder does not open (16): a restored backup must not
send a deletion again or bring a destroyed cohort back to life (DESIGN §5 Control store).
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from chosho import disk
from chosho.control.adoption import Adoption
from chosho.control.approvals import Approvals
from chosho.control.database import Database
from chosho.control.files import Generation, Intent, Output
from chosho.control.filesystem import require_local
from chosho.control.generations import Generations
from chosho.control.heads import Heads
from chosho.control.inbox import Inbox
from chosho.control.inquiries import Inquiries
from chosho.control.journal import Entry, Journal
from chosho.control.media import MediaRegister, Medium
from chosho.control.outbox import Outbox
from chosho.control.pf import PfLedger
from chosho.control.reports import HandlingReports
from chosho.control.reviews import Reviews
from chosho.control.runs import Runs
from chosho.control.submissions import Submissions
from chosho.errors import InputRefused, StopLine
from chosho.vault.keys import KeyStore


class Act(Protocol):
    """A change of a register that becomes true with a step's commit."""

    def __call__(self, store: "ControlStore", /, *, at: str, who: str) -> None:
        """Make it, inside the commit's transaction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepCommit:
    """All that one step's commit changes.

    A failed step catalogues only outputs with ``keep``, uncatalogues nothing and enters no media.
    """

    rc: int
    failed: bool
    counts: Mapping[str, int]
    at: str
    elapsed: float
    """Seconds."""
    who: str
    outputs: tuple[Output, ...] = ()
    uncatalogued: tuple[int, ...] = ()
    """Generation ids that the step's dispositions delete."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """DSN → generations that the catalogue keeps; of the datasets that the step wrote."""
    journal: tuple[Entry, ...] = ()
    media: tuple[Medium, ...] = ()
    acts: tuple[Act, ...] = ()
    """What else becomes true with the step, in this order; nothing of it when the step failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitResult:
    """What is left to do after a commit.

    ``erase``: every generation that is to be erased (keys, files, then ``mark_erased``). ``remove``: the
    step's files that belong to no generation, temporaries and ids that were not used (remove, then
    ``mark_removed``).
    """

    erase: tuple[Generation, ...]
    remove: tuple[Intent, ...]


class ControlStore:
    """An open control store: journal, runs, generations and the registers of media, inbox, outbox, PF keys and reports."""

    def __init__(self, database: Database, heads: Heads) -> None:
        self._database = database
        self.journal = Journal(database, heads)
        self.runs = Runs(database, self.journal)
        self.generations = Generations(database, self.journal)
        self.media = MediaRegister(database)
        self.inbox = Inbox(database, self.journal)
        self.outbox = Outbox(database, self.journal)
        self.pf = PfLedger(database, self.journal)
        self.reports = HandlingReports(database, self.journal)
        self.submissions = Submissions(database, self.journal, self.runs, self.media)
        self.approvals = Approvals(database, self.journal)
        self.inquiries = Inquiries(database, self.journal)
        self.reviews = Reviews(database, self.journal)
        self.adoption = Adoption(database, self.journal, self.generations)

    @classmethod
    def create(cls, root: Path, keys: KeyStore, *, at: str, who: str) -> Self:
        """Make the control store of a new data root. An interrupted set-up is completed.

        Raises:
            InputRefused: there is one (CHSJ002E), or the root is on a network file system (CHSJ003E).
            StopLine: the key folder has heads of an earlier store, which is lost (CHSJ011S).
        """
        heads = Heads(keys.heads, keys.journal_key())
        if heads.latest() is not None:
            raise StopLine("CHSJ011S", path=root)
        path = _path(root)
        disk.make_folder(path.parent)
        require_local(path.parent)
        if not path.exists():
            disk.write_new(path, b"")
        store = cls(Database(path, create=True), heads)
        if store.journal.head().seq:
            store.close()
            raise InputRefused("CHSJ002E", path=path)
        store.journal.append("store.create", who, at=at)
        return store

    @classmethod
    def open(cls, root: Path, keys: KeyStore) -> Self:
        """Open the control store of a data root.

        Raises:
            InputRefused: there is none (CHSJ001E), or the root is on a network file system (CHSJ003E).
            StopLine: it is older than the newest journal head (CHSJ010S), or not a store of this version
                (CHSJ005S).
        """
        path = _path(root)
        if not path.exists():
            raise InputRefused("CHSJ001E", path=path)
        require_local(path.parent)
        store = cls(Database(path), Heads(keys.heads, keys.journal_key()))
        try:
            store.journal.require_current()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def look(cls, path: Path, keys: KeyStore) -> Self:
        """Open a copy of a control store that is older than the newest journal head, to look at it; nothing is changed.

        Raises:
            StopLine: it is not a store of this version (CHSJ005S), or damaged (CHSJ004S).
        """
        return cls._sound(Database(path, frozen=True), path, keys)

    @classmethod
    def restored(cls, root: Path, keys: KeyStore) -> Self:
        """Open the control store of a data root that is being restored, whatever its age.

        Raises:
            StopLine: as :meth:`look`.
        """
        require_local(_path(root).parent)
        return cls._sound(Database(_path(root)), _path(root), keys)

    @classmethod
    def _sound(cls, database: Database, path: Path, keys: KeyStore) -> Self:
        if damage := database.damage():
            database.close()
            raise StopLine("CHSJ004S", path=path, error=damage)
        return cls(database, Heads(keys.heads, keys.journal_key()))

    def transaction(self) -> AbstractContextManager[None]:
        """Make several changes one: all or nothing."""
        return self._database.transaction()

    def commit_step(self, run_id: str, step: str, commit: StepCommit) -> CommitResult:
        """End a step: its generations, dispositions, counts, return code, journal and register rows, in ONE transaction.

        Raises:
            StopLine: the step is not running (CHSJ030S), or an output, a part or a disposition is not what
                was intended (CHSJ034S, CHSJ035S, CHSJ036S). Then nothing was changed.
        """
        with self.transaction():
            self.runs.step_end(
                run_id,
                step,
                rc=commit.rc,
                failed=commit.failed,
                counts=commit.counts,
                at=commit.at,
                elapsed=commit.elapsed,
            )
            for output in commit.outputs:
                if output.keep or not commit.failed:
                    self.generations.catalogue(run_id, step, output, at=commit.at, who=commit.who)
            self.generations.discard(run_id, step)
            if not commit.failed:
                for generation in commit.uncatalogued:
                    self.generations.uncatalogue(generation, at=commit.at, who=commit.who)
                for medium in commit.media:
                    self.media.add(medium)
                    moved = {"volume": medium.id, "to": medium.moved_to, "run": run_id}
                    self.journal.append("medium.registered", commit.who, moved, at=commit.at)
                for act in commit.acts:
                    act(self, at=commit.at, who=commit.who)
            self.generations.roll_off(commit.limits, at=commit.at, who=commit.who)
            for entry in commit.journal:
                self.journal.append(entry.kind, entry.who, entry.fields, at=commit.at)
            self.journal.append(
                "step.end",
                commit.who,
                {"run": run_id, "step": step, "rc": commit.rc, "failed": commit.failed},
                at=commit.at,
            )
            left = self.generations.pending_intents(run_id)
            return CommitResult(
                erase=self.generations.pending_erasures(),
                remove=tuple(intent for intent in left if intent.step == step),
            )

    def backup(self, target: Path) -> None:
        """Copy the store, consistent, into a new file (0600).

        Raises:
            StopLine: the file is there already (CHSD001S), or SQLite failed (CHSJ004S).
        """
        disk.write_new(target, b"")
        self._database.backup(target)

    def close(self) -> None:
        """Close the store."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _path(root: Path) -> Path:
    return root / "control" / "chosho.db"
