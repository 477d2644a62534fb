"""s230 and s240 under the real supervisor: from payments and matches to rows, index, plan, changes and findings."""

from pathlib import Path

import numpy as np
import pytest

from chosho import copybook
from chosho.batch.result import RunResult, StepResult
from chosho.codec import batch
from chosho.media.volplan import from_block
from chosho.statement.build import KINDS
from tests.statement.records import ANNUITY, LUMP_SUM, NUMBERS, Values, block
from tests.step.stage import Stage

DECK = """\
job: BUILD
title: build and check
parameters:
  TAX_YEAR: {default: "2026", title: tax year}
  CHECK_YEAR: {default: "2026", title: tax year of the check}
  MEDIUM_BYTES: {default: "0", title: capacity}
fail_at: 8
steps:
  - step: S220
    pgm: bring
    title: made payments
    dd:
      PAYDATA: {dsn: CHOSHO.PAYMENT.DATA(+1), disp: [NEW, CATLG, DELETE]}
      MATCH: {dsn: CHOSHO.PAYMENT.MATCH(+1), disp: [NEW, CATLG, DELETE]}
  - step: S230
    pgm: s230_build
    title: build
    parm: {TAX_YEAR: "&TAX_YEAR", MEDIUM: CD-700, MEDIUM_BYTES: "&MEDIUM_BYTES"}
    dd:
      PAYDATA: {dsn: CHOSHO.PAYMENT.DATA(+1), disp: SHR}
      MATCH: {dsn: CHOSHO.PAYMENT.MATCH(+1), disp: SHR}
      GAIJI: {dsn: CHOSHO.STATEMENT.GAIJI(0), disp: SHR, optional: true}
      K310: {dsn: CHOSHO.STATEMENT.K310(+1), disp: [NEW, CATLG, DELETE]}
      K366: {dsn: CHOSHO.STATEMENT.K366(+1), disp: [NEW, CATLG, DELETE]}
      K323: {dsn: CHOSHO.STATEMENT.K323(+1), disp: [NEW, CATLG, DELETE]}
      K386: {dsn: CHOSHO.STATEMENT.K386(+1), disp: [NEW, CATLG, DELETE]}
      INDEX: {dsn: CHOSHO.STATEMENT.INDEX(+1), disp: [NEW, CATLG, DELETE]}
      PLAN: {dsn: CHOSHO.MEDIA.PLAN(+1), disp: [NEW, CATLG, DELETE]}
      CHANGES: {dsn: CHOSHO.STATEMENT.CHANGES(+1), disp: [NEW, CATLG, DELETE], keep: always}
    balance:
      - read == statements + added_up
  - step: S240
    pgm: s240_check
    title: check
    parm: {TAX_YEAR: "&CHECK_YEAR"}
    dd:
      K310: {dsn: CHOSHO.STATEMENT.K310(+1), disp: SHR}
      K366: {dsn: CHOSHO.STATEMENT.K366(+1), disp: SHR}
      K323: {dsn: CHOSHO.STATEMENT.K323(+1), disp: SHR}
      K386: {dsn: CHOSHO.STATEMENT.K386(+1), disp: SHR}
      FINDINGS: {dsn: CHOSHO.STATEMENT.FINDINGS(+1), disp: [NEW, CATLG, DELETE], keep: always}
    balance:
      - read == S230.statements
      - amount == S230.amount
  - step: SHOW
    pgm: show
    title: what was built
    dd:
      K310: {dsn: CHOSHO.STATEMENT.K310(+1), disp: SHR}
      K366: {dsn: CHOSHO.STATEMENT.K366(+1), disp: SHR}
      K323: {dsn: CHOSHO.STATEMENT.K323(+1), disp: SHR}
      K386: {dsn: CHOSHO.STATEMENT.K386(+1), disp: SHR}
      INDEX: {dsn: CHOSHO.STATEMENT.INDEX(+1), disp: SHR}
      PLAN: {dsn: CHOSHO.MEDIA.PLAN(+1), disp: SHR}
      CHANGES: {dsn: CHOSHO.STATEMENT.CHANGES(+1), disp: SHR}
"""
BRING = """\
from pathlib import Path

for name in ("PAYDATA", "MATCH"):
    step.writer(name).write(Path({folder!r}, name).read_bytes())
"""
SHOW = """\
from pathlib import Path

for name in ("K310", "K366", "K323", "K386", "INDEX", "PLAN", "CHANGES"):
    Path({folder!r}, name).write_bytes(step.reader(name).read_all())
"""
OUTPUTS = ("K310", "K366", "K323", "K386", "INDEX", "PLAN", "CHANGES")


def payments(count: int) -> list[Values]:
    """Return one lump sum and two annuity payments per policy."""
    found = []
    for policy in range(count):
        key = {"POLICY-NO": f"{policy:011d}"}
        found += [
            {**LUMP_SUM, **key},
            {**ANNUITY, **key, "PAYMENT-NO": "0002"},
            {**ANNUITY, **key, "PAYMENT-NO": "0003"},
        ]
    return found


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A stage with a deck that brings payments, builds, checks, and shows what was built."""
    folder = tmp_path / "made"
    folder.mkdir()
    made = Stage(tmp_path)
    made.deck("BUILD", DECK)
    made.program("bring", BRING.format(folder=str(folder)))
    made.program("show", SHOW.format(folder=str(folder)))
    return made


def submit(
    stage: Stage, found: list[Values], **parameters: str
) -> tuple[RunResult, dict[str, StepResult], dict[str, bytes]]:
    """Run the deck over the payments; return the result, its steps by name, and what was built by DD."""
    folder = stage.root.parent / "made"
    placed = [{**payment, "PLACE": place} for place, payment in enumerate(found)]
    key = ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO", "PLACE")
    matches = [{**NUMBERS, **{name: payment[name] for name in key}} for payment in placed]
    (folder / "PAYDATA").write_bytes(block("PAYDATA", placed).tobytes())
    (folder / "MATCH").write_bytes(block("MATCH", matches).tobytes())
    result = stage.submit("BUILD", parameters=parameters)
    built = {name: (folder / name).read_bytes() for name in OUTPUTS if (folder / name).exists()}
    return result, {step.name: step for step in result.steps}, built


def test_payments_become_checked_statements(stage: Stage) -> None:
    result, steps, built = submit(stage, payments(50))
    assert 0 == result.rc, stage.log(result.run_id)
    counts = steps["S230"].counts
    assert (150, 100, 50) == (counts["read"], counts["statements"], counts["added_up"])
    assert (50, 50) == (counts["K310.statements"], counts["K366.statements"])
    assert counts["amount"] == steps["S240"].counts["amount"]
    assert 50 == built["K310"].count(b"\r\n") == built["K366"].count(b"\r\n")
    assert b"" == built["CHANGES"]


def test_the_index_stands_by_kind_and_finds_every_row(stage: Stage) -> None:
    _, _, built = submit(stage, payments(20))
    fields = copybook.load("STMTIDX").named()
    index = np.frombuffer(built["INDEX"], np.uint8).reshape(-1, 64)
    codes = [code.tobytes().decode() for code in batch.view(fields, index, "STATEMENT-CODE")]
    assert ["310"] * 20 + ["366"] * 20 == codes
    offsets, lengths = batch.view(fields, index, "ROW-OFFSET"), batch.view(fields, index, "ROW-LENGTH")
    for code, offset, length in zip(codes, offsets, lengths, strict=True):
        row = built[f"K{code}"][offset : offset + length]
        assert row.startswith(code.encode())
        assert row.index(b"\r\n") == length - 2


def test_a_small_medium_gives_more_volumes_that_hold_all_rows(stage: Stage) -> None:
    result, steps, built = submit(stage, payments(400), MEDIUM_BYTES="150000")
    assert 0 == result.rc, stage.log(result.run_id)
    files = from_block(np.frombuffer(built["PLAN"], np.uint8).reshape(-1, 192))
    assert {file.volume for file in files} == set(range(1, files[-1].volumes + 1))
    assert files[-1].volumes > 1
    for code in KINDS:
        mine = [file for file in files if file.statement_code == code]
        assert list(range(1, len(mine) + 1)) == [file.file_no for file in mine]
        assert len(built[f"K{code}"]) == sum(file.plain_bytes for file in mine)
        assert {"310": 400, "366": 400, "323": 0}[code] == sum(file.records for file in mine)
        ends = [0, *(file.row_offset + file.plain_bytes for file in mine)]
        assert [file.row_offset for file in mine] == ends[:-1]
    kinds = [file.statement_code for file in files]
    assert sorted(kinds) == kinds  # kind 310 fills the volumes first
    assert steps["S230"].counts["amount"] == sum(sum(file.amounts) for file in files)


def test_a_plan_of_more_than_99_files_is_refused_and_leaves_nothing(stage: Stage) -> None:
    result, steps, _ = submit(stage, payments(900), MEDIUM_BYTES="64000")
    assert 12 == result.rc == steps["S230"].rc
    assert "CHOSHO.STATEMENT.K310" not in {dsn for dsn, numbers in stage.catalogued().items() if numbers}


def test_lossy_changes_are_a_warning_and_are_listed(stage: Stage) -> None:
    result, steps, built = submit(stage, [LUMP_SUM | {"INSURED-NAME": "彅", "PAYEE-NAME": "彅田"}])
    assert 4 == result.rc == steps["S230"].rc
    assert (1, 1) == (steps["S230"].counts["changes.GT"], steps["S230"].counts["changes.KN"])
    assert [b"14KN", b"20GT"] == [built["CHANGES"][start : start + 4] for start in (22, 70)]
    log = stage.log(result.run_id)
    assert "CHSN014W" in log
    assert "CHSN015I" in log


def test_a_broken_rule_refuses_the_job_and_keeps_the_findings(stage: Stage) -> None:
    result, steps, _ = submit(stage, payments(3), CHECK_YEAR="2025")
    assert 8 == result.rc == steps["S240"].rc
    assert 6 == steps["S240"].counts["findings.TAXYEAR"]
    assert "CHSN020E" in stage.log(result.run_id)
    catalogued = stage.catalogued()
    assert 1 == len(catalogued["CHOSHO.STATEMENT.FINDINGS"])


def test_a_value_that_does_not_fit_refuses_the_job(stage: Stage) -> None:
    result, steps, _ = submit(stage, [LUMP_SUM | {"BENEFIT-AMOUNT": -5}])
    assert 8 == result.rc == steps["S230"].rc
    assert "CHSN012E payment record 0, statement 310 item 21" in stage.log(result.run_id)


def test_no_payments_are_no_statements(stage: Stage) -> None:
    result, steps, built = submit(stage, [])
    assert 0 == result.rc, stage.log(result.run_id)
    assert (0, 0) == (steps["S230"].counts["statements"], steps["S240"].counts["read"])
    assert {b""} == set(built.values())
