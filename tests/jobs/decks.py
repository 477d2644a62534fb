"""A deck for tests of the extract and the match: their two steps as STATEMENTS has them, between a load and a dump."""

from pathlib import Path

import numpy as np

from chosho.codec.batch import Block
from chosho.copybook import load
from tests.step.stage import REPOSITORY, Stage

_BEGIN = """\
job: TRY
title: extract and match
parameters:
  PERIOD: {default: "2026", title: year or month}
  KINDS: {default: "310 366", title: kinds}
  SUBMITTED_ON: {default: "20270112", title: day}
steps:
  - step: LOAD
    pgm: load_master
    title: load
    dd:
      OUT: {dsn: CHOSHO.NUMBER.MASTER(+1), disp: [NEW, CATLG, DELETE]}
"""
_END = """\
  - step: DUMP
    pgm: dump
    title: dump
    dd:
      PAYDATA: {dsn: CHOSHO.PAYMENT.DATA(+1), disp: SHR}
      REJECTS: {dsn: CHOSHO.PAYMENT.REJECT(+1), disp: SHR}
      MATCH: {dsn: CHOSHO.PAYMENT.MATCH(+1), disp: SHR}
      UNMATCH: {dsn: CHOSHO.PAYMENT.UNMATCH(+1), disp: SHR}
"""


def stage(folder: Path, payments: Block, contracts: Block, master: Block) -> Stage:
    """Return a stage with the source files, a number master to load, and the deck TRY."""
    made = Stage(folder)
    made.put("source/PAYMENT.DAT", payments.tobytes())
    made.put("source/CONTRACT.DAT", contracts.tobytes())
    (folder / "NUMBER.DAT").write_bytes(master.tobytes())
    made.program(
        "load_master",
        f"""
        import pathlib
        step.writer("OUT").write(pathlib.Path({str(folder / "NUMBER.DAT")!r}).read_bytes())
        """,
    )
    made.program(
        "dump",
        f"""
        import pathlib
        for dd in ("PAYDATA", "REJECTS", "MATCH", "UNMATCH"):
            data = b"".join(block.tobytes() for block in step.reader(dd).blocks())
            pathlib.Path({str(folder)!r}, dd).write_bytes(data)
        """,
    )
    text = (REPOSITORY / "jcl" / "STATEMENTS.yaml").read_text(encoding="utf-8")
    steps = text[text.index("  - step: S210") : text.index("  - step: S230")]
    made.deck("TRY", _BEGIN + steps.replace("NUMBER.MASTER(0)", "NUMBER.MASTER(+1)") + _END)
    return made


def dumped(made: Stage, dd: str, member: str) -> Block:
    """Return what the last run wrote to a DD, as records of a copybook member."""
    data = (made.root.parent / dd).read_bytes()
    return np.frombuffer(data, np.uint8).reshape(-1, load(member).length)
