"""A simulated PF (委託PF事業者): a process of its own with a store of its own, which knows chosho by its files only.

It holds the numbers that people declared, delivers them as online files, reads deletion instructions, deletes, and answers with
acknowledgements and certificates. By a script it also misbehaves. Nothing is imported from chosho: what it writes and reads
is spelt out here once more, byte by byte. Every person and number in it is synthetic and comes from the caller.

::

    python -m tests.pf_simulator --store pf.db declare < declarations.jsonl
    python -m tests.pf_simulator --store pf.db --outbox root/outbox/pf --inbox-online root/inbox/online
        --inbox-reply root/inbox/pf [options] day 2027-04-06
    python -m tests.pf_simulator --store pf.db state

``declare`` takes one JSON object per line: ``policy_no``, ``individual_no``, ``kana``, ``stored_at`` (14 digits) and, with
their defaults, ``key_id`` (made), ``recipient_type`` (03), ``payee_no`` (01), ``route`` (1), ``birth_match`` (1), ``sex_match``
(1), ``jpki`` (00), ``accepted_at`` (``stored_at``), ``told_at`` (``stored_at``; what the online file says of it). A ``key_id``
that is there already is declared again. It prints the key ids, one JSON list.

``day`` is a working day of the PF, to be called before the night of that date. (1) Files of the outbox that it has not read are
read: numbers are deleted at 09:00 of the day, answers are put into the queue. (2) Answers whose day has come are delivered,
numbered without gaps. (3) What was stored up to the day and not delivered yet is delivered as one online file, an empty one too
(``--no-empty``: none). It prints what it did, as JSON.

``state`` prints key id → ``stored_at``, ``deleted_at`` (null while the number is held).

Misbehaviour, by rates (``--rates refuse=0.05,lose=0.2,...``, drawn from ``--seed``, the day and the thing itself, so that the same
calls give the same files) or, for a day that stands in it, by ``--script FILE``, a JSON object of dates:
``{"2027-04-06": {"refuse": 2, "lose": 1, "delay": 1, "delay_days": 3}}`` (how many at most; rates do not count on that day):

- ``lose``: an instruction is swallowed the first time that it is seen; sent again it is read.
- ``refuse``: a key is answered 02 in the acknowledgement, the first time that it is instructed.
- ``keep``: a key is certified as not deleted (09), the first time that it is instructed.
- ``repeat``: a reply is delivered twice, the second time under the next file number.
- ``delay``: a reply comes ``delay_days`` later (``--delay-days``, 2 unless given).
- ``double``: a delivered file lies there twice, with the same bytes under two names.
- ``redeclare``: a declaration stands twice in its online file.

An instruction that it has answered is answered again in the same words when it comes again. With ``--recipient age1...`` and
the program ``age`` at hand its files are encrypted, else they are plain.
"""

import argparse
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

LRECL = 200
TABLES = """
CREATE TABLE IF NOT EXISTS declarations (
    key_id TEXT PRIMARY KEY, stored_at TEXT, individual_no TEXT, fields TEXT, delivered INTEGER, deleted_at TEXT,
    refused INTEGER DEFAULT 0, kept INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS instructions (id TEXT PRIMARY KEY, answered INTEGER);
CREATE TABLE IF NOT EXISTS answers (instruction TEXT, kind TEXT, details TEXT);
CREATE TABLE IF NOT EXISTS queue (id INTEGER PRIMARY KEY, send_on TEXT, instruction TEXT, kind TEXT, details TEXT);
CREATE TABLE IF NOT EXISTS numbers (channel TEXT PRIMARY KEY, last INTEGER);
"""
DEFAULTS = {
    "recipient_type": "03",
    "payee_no": "01",
    "route": "1",
    "birth_match": "1",
    "sex_match": "1",
    "jpki": "00",
}
VICES = ("refuse", "keep", "lose", "repeat", "delay", "double", "redeclare")


@dataclass
class Temper:
    """Says, for one day, where the PF misbehaves: by the day's script, or by rates and seed."""

    day: date
    seed: int
    rates: dict[str, float]
    script: dict[str, int] | None
    delay_days: int
    done: dict[str, int] = field(default_factory=dict)

    def does(self, vice: str, thing: str) -> bool:
        if self.script is not None:
            wanted = self.done.get(vice, 0) < self.script.get(vice, 0)
        else:
            draw = hashlib.sha256(f"{self.seed} {self.day} {vice} {thing}".encode()).digest()
            wanted = int.from_bytes(draw[:6], "big") < self.rates.get(vice, 0.0) * 2**48
        if wanted:
            self.done[vice] = self.done.get(vice, 0) + 1
        return wanted


@dataclass
class Pf:
    """The PF: its store, its folders, whom it encrypts for."""

    store: sqlite3.Connection
    outbox: Path | None
    online: Path | None
    replies: Path | None
    recipient: str | None

    # People declare --

    def declare(self, lines: Iterator[str]) -> list[str]:
        made = []
        for line in filter(str.strip, lines):
            given = {**DEFAULTS, **json.loads(line)}
            given.setdefault("accepted_at", given["stored_at"])
            number = given.pop("individual_no")
            count = self.store.execute("SELECT count(*) FROM declarations").fetchone()[0]
            key_id = given.pop("key_id", f"PF{given['stored_at'][2:8]}K{count + 1:08d}")
            self.store.execute(
                "INSERT OR REPLACE INTO declarations (key_id, stored_at, individual_no, fields, delivered) VALUES (?, ?, ?, ?, 0)",
                (key_id, given["stored_at"], number, json.dumps(given)),
            )
            made.append(key_id)
        return made

    # A day --

    def work(self, temper: Temper, *, empty: bool) -> dict[str, object]:
        read = [name for name in self._unread() if self._read(name, temper)]
        replies = [self._send(*row, temper) for row in self._ready(temper.day)]
        online = self._deliver(temper, empty=empty)
        return {"read": read, "replies": replies, "online": online, "did": temper.done}

    def _unread(self) -> list[str]:
        if self.outbox is None or not self.outbox.is_dir():
            return []
        known = {name for (name,) in self.store.execute("SELECT name FROM files")}
        names = sorted(path.name for path in self.outbox.iterdir() if not path.name.startswith("."))
        return [name for name in names if name not in known]

    def _read(self, name: str, temper: Temper) -> bool:
        """Read an instruction; False when it is lost."""
        assert self.outbox is not None
        instruction, keys = parse_instruction((self.outbox / name).read_bytes())
        self.store.execute("INSERT INTO files VALUES (?)", (name,))
        seen = self.store.execute("SELECT answered FROM instructions WHERE id = ?", (instruction,)).fetchone()
        if seen is None:
            self.store.execute("INSERT INTO instructions VALUES (?, 0)", (instruction,))
            if temper.does("lose", instruction):
                return False
        if seen is None or not seen[0]:
            self._obey(instruction, keys, temper)
        rows = self.store.execute(
            "SELECT kind, details FROM answers WHERE instruction = ?", (instruction,)
        ).fetchall()
        for kind, details in sorted(rows):
            self._queue(instruction, kind, details, temper)
        return True

    def _obey(self, instruction: str, keys: Sequence[tuple[str, str]], temper: Temper) -> None:
        acknowledged, certified = [], []
        for key_id, stored_at in keys:
            row = self.store.execute(
                "SELECT stored_at, deleted_at, refused, kept FROM declarations WHERE key_id = ?", (key_id,)
            ).fetchone()
            if row is None or row[1] is not None or row[0] != stored_at:
                acknowledged.append((key_id, stored_at, "01", ""))
            elif not row[2] and temper.does("refuse", key_id):
                self.store.execute("UPDATE declarations SET refused = 1 WHERE key_id = ?", (key_id,))
                acknowledged.append((key_id, stored_at, "02", ""))
            else:
                acknowledged.append((key_id, stored_at, "00", ""))
                certified.append((key_id, stored_at, *self._delete(key_id, kept=row[3], temper=temper)))
        self.store.execute("UPDATE instructions SET answered = 1 WHERE id = ?", (instruction,))
        self.store.execute("INSERT INTO answers VALUES (?, 'A', ?)", (instruction, json.dumps(acknowledged)))
        if certified:
            self.store.execute("INSERT INTO answers VALUES (?, 'C', ?)", (instruction, json.dumps(certified)))

    def _delete(self, key_id: str, *, kept: int, temper: Temper) -> tuple[str, str]:
        """Delete a number; return RESULT and DELETED-AT."""
        if not kept and temper.does("keep", key_id):
            self.store.execute("UPDATE declarations SET kept = 1 WHERE key_id = ?", (key_id,))
            return "09", ""
        deleted_at = f"{temper.day:%Y%m%d}090000"
        self.store.execute(
            "UPDATE declarations SET individual_no = NULL, fields = NULL, deleted_at = ? WHERE key_id = ?",
            (deleted_at, key_id),
        )
        return "00", deleted_at

    def _queue(self, instruction: str, kind: str, details: str, temper: Temper) -> None:
        late = temper.delay_days if temper.does("delay", f"{instruction} {kind}") else 0
        times = 2 if temper.does("repeat", f"{instruction} {kind}") else 1
        for _ in range(times):
            self.store.execute(
                "INSERT INTO queue (send_on, instruction, kind, details) VALUES (?, ?, ?, ?)",
                ((temper.day + timedelta(days=late)).isoformat(), instruction, kind, details),
            )

    def _ready(self, day: date) -> list[tuple[str, str, str]]:
        rows = self.store.execute(
            "SELECT id, instruction, kind, details FROM queue WHERE send_on <= ? ORDER BY send_on, id",
            (day.isoformat(),),
        ).fetchall()
        self.store.executemany("DELETE FROM queue WHERE id = ?", [(row[0],) for row in rows])
        return [row[1:] for row in rows]

    def _send(self, instruction: str, kind: str, details: str, temper: Temper) -> str:
        assert self.replies is not None
        number = self._next("P")
        keys = json.loads(details)
        records = [
            record(f"1P{number:06d}{temper.day:%Y%m%d}{'PF':<10}{'':<10}{kind}{instruction:<24}"),
            *(record(f"2{key_id:<20}{stored}{result}{deleted}") for key_id, stored, result, deleted in keys),
            record(f"8P{number:06d}{len(keys):08d}{'0' * 32}{digest(key[0] for key in keys)}"),
        ]
        return self._lay(self.replies, f"PFREPLY.{number:06d}", records, temper)

    def _deliver(self, temper: Temper, *, empty: bool) -> str | None:
        rows = self.store.execute(
            "SELECT key_id, stored_at, individual_no, fields FROM declarations"
            " WHERE NOT delivered AND deleted_at IS NULL AND substr(stored_at, 1, 8) <= ? ORDER BY stored_at, key_id",
            (f"{temper.day:%Y%m%d}",),
        ).fetchall()
        if self.online is None or not (rows or empty):
            return None
        self.store.executemany(
            "UPDATE declarations SET delivered = 1 WHERE key_id = ?", [(row[0],) for row in rows]
        )
        number = self._next("3")
        details = []
        for row in rows:
            details += [declaration(*row)] * (2 if temper.does("redeclare", row[0]) else 1)
        totals = f"{len(details):08d}{len(details):08d}{'0' * 24}"
        records = [
            record(f"13{number:06d}{temper.day:%Y%m%d}{'PF':<10}"),
            *details,
            record(f"83{number:06d}{totals}"),
        ]
        return self._lay(self.online, f"ONLINE.{number:06d}", records, temper)

    def _next(self, channel: str) -> int:
        self.store.execute("INSERT OR IGNORE INTO numbers VALUES (?, 0)", (channel,))
        self.store.execute("UPDATE numbers SET last = last + 1 WHERE channel = ?", (channel,))
        return int(self.store.execute("SELECT last FROM numbers WHERE channel = ?", (channel,)).fetchone()[0])

    def _lay(self, folder: Path, name: str, records: Sequence[bytes], temper: Temper) -> str:
        data = encrypted(b"".join(records), self.recipient)
        folder.mkdir(parents=True, exist_ok=True)
        for full in (name, f"{name}.again") if temper.does("double", name) else (name,):
            place = folder / f"{full}.dat"
            part = place.with_name(f".{place.name}")
            part.write_bytes(data)
            part.rename(place)
        return f"{name}.dat"

    def state(self) -> dict[str, dict[str, str | None]]:
        rows = self.store.execute(
            "SELECT key_id, stored_at, deleted_at, individual_no FROM declarations ORDER BY key_id"
        )
        found = {}
        for key_id, stored_at, deleted_at, number in rows:
            assert (deleted_at is None) == (number is not None)
            found[key_id] = {"stored_at": stored_at, "deleted_at": deleted_at}
        return found


def parse_instruction(data: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Return id and keys of an instruction; the PF takes nothing that is not whole."""
    rows = [data[start : start + LRECL].decode("ascii") for start in range(0, len(data), LRECL)]
    head, details, tail = rows[0], rows[1:-1], rows[-1]
    keys = [(row[1:21].rstrip(), row[21:35]) for row in details]
    sound = (
        len(data) % LRECL == 0
        and head[:2] == "1I"
        and head[36] == "D"
        and all(row[0] == "2" and not row[35:].strip() for row in details)
        and tail[:8] == f"8{head[1:8]}"
        and int(tail[8:16]) == len(keys)
        and tail[48:112] == digest(key_id for key_id, _ in keys)
    )
    if not sound:
        sys.exit("the instruction is not sound")
    return head[37:61].rstrip(), keys


def declaration(key_id: str, stored_at: str, number: str, fields: str) -> bytes:
    """Return an online declaration (REGONL)."""
    given = json.loads(fields)
    kana = given["kana"].encode("cp932").ljust(40)
    front = (
        f"2{key_id:<20}{given['policy_no']:<11}{given['recipient_type']}{given['payee_no']}{given['route']}"
    )
    told = given["accepted_at"] + given.get("told_at", stored_at)
    back = f"{number:<12}{given['birth_match']}{given['sex_match']}{given['jpki']}{told}"
    return (front.encode("ascii") + kana + back.encode("ascii")).ljust(LRECL)


def record(text: str) -> bytes:
    return text.encode("ascii").ljust(LRECL)


def digest(key_ids: Iterator[str]) -> str:
    return hashlib.sha256("".join(f"{key_id}\n" for key_id in sorted(key_ids)).encode("ascii")).hexdigest()


def encrypted(data: bytes, recipient: str | None) -> bytes:
    program = shutil.which("age")
    if recipient is None or program is None:
        return data
    return subprocess.run([program, "-r", recipient], input=data, stdout=subprocess.PIPE, check=True).stdout


def _rates(text: str) -> dict[str, float]:
    rates = {
        name: float(value) for name, _, value in (pair.partition("=") for pair in text.split(",") if pair)
    }
    if unknown := set(rates) - set(VICES):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return rates


def main(arguments: Sequence[str] | None = None) -> None:
    """Be the PF for one call."""
    parser = argparse.ArgumentParser(description="a simulated PF; see the top of the file")
    parser.add_argument("--store", type=Path, required=True)
    for name in ("outbox", "inbox-online", "inbox-reply", "script"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--recipient")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rates", type=_rates, default={})
    parser.add_argument("--delay-days", type=int, default=2)
    parser.add_argument("--no-empty", action="store_true")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("declare")
    acts.add_parser("state")
    acts.add_parser("day").add_argument("day", type=date.fromisoformat)
    asked = parser.parse_args(arguments)
    with sqlite3.connect(asked.store) as store:
        store.executescript(TABLES)
        pf = Pf(store, asked.outbox, asked.inbox_online, asked.inbox_reply, asked.recipient)
        match asked.act:
            case "declare":
                answer: object = pf.declare(sys.stdin)
            case "state":
                answer = pf.state()
            case _:
                script = json.loads(asked.script.read_text()) if asked.script else {}
                today = script.get(asked.day.isoformat())
                delay = (today or {}).get("delay_days", asked.delay_days)
                temper = Temper(asked.day, asked.seed, asked.rates, today, delay)
                answer = pf.work(temper, empty=not asked.no_empty)
    store.close()
    print(json.dumps(answer))  # noqa: T201 - its answer to the caller


if __name__ == "__main__":
    main()
