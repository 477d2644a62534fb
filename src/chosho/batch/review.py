"""Text review (文字審査) below the command line: a list is looked at, approved, overridden; each on record before it takes effect.

An approved spelling goes as one GAIJI record, encrypted to the data centre's recipient, into the inbox of the deck GAIJI, which
takes it into the table; so no text of a person ever lies in the control store or in plain on disk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chosho import disk
from chosho.codec import batch
from chosho.control import rights
from chosho.control.files import Generation
from chosho.control.reviews import DECIDE, Review
from chosho.control.store import ControlStore
from chosho.dataset import access
from chosho.dataset.catalog import Catalog
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused
from chosho.statement import gaiji, reading, review
from chosho.vault.age import Encryptor
from chosho.vault.keys import KeyStore

LIST: Final = "CHOSHO.STATEMENT.REVIEW"
INBOX: Final = "CHOSHO.INBOX.GAIJI"


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A record of the list, as it is shown."""

    number: int
    policy: str
    role: str
    payee: str
    kind: str
    item: int
    rule: str
    field: str
    before: str
    after: str
    state: str
    """``approved``, ``overridden`` or empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Where texts are reviewed. ``at`` is the time of the journal rows, ``day`` the date of approvals as yyyymmdd.

    ``run`` names the run whose list is meant; without it that is the newest list with a text in it.
    """

    root: Path
    catalog: Catalog
    store: ControlStore
    keys: KeyStore
    person: str
    at: str
    day: str
    run: str = ""

    def texts(self, *, start: int = 1, count: int = 20, rule: str = "") -> tuple[Text, ...]:
        """Return records of the list, from a number on; those of one rule when one is named.

        Raises:
            InputRefused: the right is missing (CHSJ040E), there is no list (CHSD122E), or the run has left none (CHSQ025E).
        """
        generation = self._list()
        self.store.reviews.look(_name(generation), start, count, at=self.at, who=self.person)
        decided = self.store.reviews.of(generation.id)
        found = []
        for number, record in self._records(generation, start):
            if not rule or _text(record, "RULE") == rule:
                found.append(_shown(number, record, decided))
            if len(found) == count:
                break
        return tuple(found)

    def approve(self, *, record: int | None = None, rule: str = "") -> None:
        """Approve one record of the list as it stands, or every record of a rule.

        Raises:
            InputRefused: not one of both is named (CHSQ024E), there is no such record (CHSQ022E), or the right is missing
                (CHSJ040E).
        """
        if (record is None) == (rule not in review.RULES):
            raise InputRefused("CHSQ024E")
        generation = self._list()
        if record is not None:
            rights.require(self.store.journal, self.person, DECIDE, at=self.at)
            rule = _text(self._record(generation, record), "RULE")
        self.store.reviews.approve(
            generation.id, _name(generation), record, rule, at=self.at, who=self.person
        )

    def override(self, record: int, replacement: str) -> str:
        """Give a text of the list another spelling; return the name of the file that carries it to the deck GAIJI.

        Args:
            record: its number.
            replacement: the spelling; empty to take an approved one back.

        Raises:
            InputRefused: there is no such record (CHSQ022E), the replacement cannot be written (CHSQ023E), or the right is
                missing (CHSJ040E).
        """
        rights.require(self.store.journal, self.person, DECIDE, at=self.at)
        generation = self._list()
        found = self._record(generation, record)
        limit = gaiji.limits()[_text(found, "FIELD-NAME")]
        data = gaiji.encoded(replacement, limit) if replacement else b""
        if data is None or reading.looks_like_number(replacement):
            raise InputRefused("CHSQ023E", limit=limit)
        entry = gaiji.entry(found, data, approved_by=self.person, approved_on=self.day)
        self.store.reviews.override(
            generation.id,
            _name(generation),
            record,
            _text(found, "RULE"),
            private={"policy": _text(found, "POLICY-NO"), "role": _text(found, "ROLE-CODE")},
            key=self.keys.journal_column_key(),
            at=self.at,
            who=self.person,
        )
        return self._hand_on(entry)

    def _hand_on(self, entry: batch.Block) -> str:
        folder = self.root / (self.catalog[INBOX].inbox or "")
        disk.make_folder(folder)
        numbers = [int(one.name[6:12]) for one in disk.entries(folder) if one.name[6:12].isdigit()]
        number = max([self.store.inbox.next_no(INBOX), *(1 + one for one in numbers)])
        out = bytearray()
        encryptor = Encryptor(out.extend, recipients=[self.keys.recipient()])
        encryptor.write(entry.tobytes())
        encryptor.finish()
        name = f"GAIJI.{number:06d}.age"
        # Written under a name with a point before it, then renamed: a deck never sees half a file.
        disk.replace(folder / name, bytes(out))
        return name

    def list_run(self) -> str:
        """Return the run whose list is meant."""
        return self._list().run

    def _list(self) -> Generation:
        there = self.store.generations.catalogued(LIST)
        if not there:
            raise InputRefused("CHSD122E", dsn=LIST, relative="0")
        if self.run:
            there = tuple(one for one in there if one.run == self.run)
            if not there:
                raise InputRefused("CHSQ025E", dsn=LIST, run=self.store.runs.get(self.run).id)
        return next((one for one in reversed(there) if one.records), there[-1])

    def _record(self, generation: Generation, number: int) -> batch.Block:
        """Return one record; that it is read is on record before."""
        self.store.reviews.look(_name(generation), number, 1, at=self.at, who=self.person)
        for found, record in self._records(generation, number):
            if found == number:
                return record
        raise InputRefused("CHSQ022E", record=number, dsn=_name(generation))

    def _records(self, generation: Generation, start: int) -> Iterator[tuple[int, batch.Block]]:
        """Yield the records from a number on, each ``uint8[1, lrecl]``; parts before it are not opened."""
        parts = list(access.sources(self.root, self.store, self.keys, generation))
        place = 1
        while len(parts) > 1 and place + parts[0].records <= start:
            place += parts.pop(0).records
        for block in Reader(parts, lrecl=review.LRECL).blocks():
            for row in range(max(start - place, 0), len(block)):
                yield place + row, block[row : row + 1].copy()
            place += len(block)


def _name(generation: Generation) -> str:
    return f"{generation.dsn}.{generation.name}"


def _text(record: batch.Block, name: str) -> str:
    return bytes(batch.view(review.fields(), record, name)[0]).decode("cp932", "replace").rstrip(" ")


def _shown(number: int, record: batch.Block, decided: tuple[Review, ...]) -> Text:
    rule = _text(record, "RULE")
    states = [
        one.state for one in decided if one.record == number or (one.record is None and one.rule == rule)
    ]
    return Text(
        number=number,
        policy=_text(record, "POLICY-NO"),
        role=_text(record, "ROLE-CODE"),
        payee=_text(record, "PAYEE-NO"),
        kind=_text(record, "STATEMENT-CODE"),
        item=int(_text(record, "ITEM-NO")),
        rule=rule,
        field=_text(record, "FIELD-NAME"),
        before=reading.fit_to_show(_text(record, "BEFORE-TEXT")),
        after=reading.fit_to_show(_text(record, "AFTER-TEXT")),
        state=states[-1] if states else "",
    )
