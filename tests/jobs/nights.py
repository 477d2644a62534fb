"""A deck for tests of the update: its steps as NIGHTLY has them, behind a step that stands for the intake, before a dump."""

import json
from pathlib import Path

import numpy as np

from chosho.codec.batch import Block
from chosho.copybook import load
from tests.step.stage import REPOSITORY, Stage

_BEGIN = """\
job: TRY
title: update, returns, status
steps:
  - step: S110
    pgm: load_requests
    title: load
    dd:
      TRAN: {dsn: CHOSHO.REGISTRATION.TRAN(+1), disp: [NEW, CATLG, DELETE]}
      REJECTS: {dsn: CHOSHO.REGISTRATION.REJECT(+1), disp: [NEW, CATLG, DELETE]}
"""
_END = """\
  - step: DUMP
    pgm: dump
    title: dump
    dd:
      MASTER: {dsn: CHOSHO.NUMBER.MASTER(+1), disp: SHR}
      REJECTS: {dsn: CHOSHO.REGISTRATION.REJECT(+2), disp: SHR}
      RETURN: {dsn: CHOSHO.REGISTRATION.RETURN(+1), disp: SHR}
      STATUS: {dsn: CHOSHO.NUMBER.STATUS(+1), disp: SHR}
"""
_FIRST = """\
job: FIRST
title: a number master from elsewhere
steps:
  - step: LOAD
    pgm: load_master
    title: load
    dd:
      OUT: {dsn: CHOSHO.NUMBER.MASTER(+1), disp: [NEW, CATLG, DELETE]}
"""


def night(folder: Path) -> Stage:
    """Return a stage with the decks FIRST (the number master laid down by :func:`lay`) and TRY."""
    made = Stage(folder)
    made.program(
        "load_master",
        f"""
        import pathlib
        step.writer("OUT").write(pathlib.Path({str(folder / "OLD")!r}).read_bytes())
        """,
    )
    made.program(
        "load_requests",
        f"""
        import pathlib
        for dd, name, count in (("TRAN", "TRAN", "accepted"), ("REJECTS", "INTAKE", "rejected")):
            data = pathlib.Path({str(folder)!r}, name).read_bytes()
            step.writer(dd).write(data)
            step.count(count, len(data) // step.lrecl(dd))
        """,
    )
    made.program(
        "dump",
        f"""
        import json, pathlib
        from chosho.dataset.reader import Reader
        for dd in ("MASTER", "REJECTS", "STATUS"):
            data = b"".join(block.tobytes() for block in step.reader(dd).blocks())
            pathlib.Path({str(folder)!r}, "NEW-" + dd).write_bytes(data)
        lists = {{part.label: Reader([part]).read_all().decode("cp932") for part in step.parts("RETURN")}}
        pathlib.Path({str(folder)!r}, "NEW-RETURN").write_text(json.dumps(lists))
        """,
    )
    text = (REPOSITORY / "jcl" / "NIGHTLY.yaml").read_text(encoding="utf-8")
    steps = text[text.index("  - step: S120") : text.index("  - step: S140")]
    made.deck("FIRST", _FIRST)
    made.deck("TRY", _BEGIN + steps + _END)
    return made


def lay(made: Stage, *, requests: Block, intake: Block, master: Block | None = None) -> None:
    """Lay down what the next night finds: accepted requests, rejects of the intake, and, for FIRST, a number master."""
    folder = made.root.parent
    (folder / "TRAN").write_bytes(requests.tobytes())
    (folder / "INTAKE").write_bytes(intake.tobytes())
    if master is not None:
        (folder / "OLD").write_bytes(master.tobytes())


def dumped(made: Stage, dd: str, member: str) -> Block:
    """Return what the last night wrote to MASTER, REJECTS or STATUS, as records of a copybook member."""
    data = (made.root.parent / f"NEW-{dd}").read_bytes()
    return np.frombuffer(data, np.uint8).reshape(-1, load(member).length)


def lists(made: Stage) -> dict[str, str]:
    """Return the lists of the last night by office."""
    found: dict[str, str] = json.loads((made.root.parent / "NEW-RETURN").read_text())
    return found
