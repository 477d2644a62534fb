"""``chosho check``: hold NTA disc files against the rules, ours or anybody's."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from chosho import disk
from chosho.cli.table import show
from chosho.errors import InputRefused, ReturnCode
from chosho.statement.check import CheckResult, check_bytes
from chosho.statement.check_rules import RULES

CHUNK = 4 << 20
SHOWN = 20
"""Findings of one file that are printed; JSON has all that were kept."""


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--tax-year", type=int, help="year of the payments (yyyy), for the rules that need it")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...], tax_year: int | None, as_json: bool) -> None:
    """Check plain disc files (310dat01.txt) or folders of them; nothing of their content is shown.

    An image is checked by `chosho media verify`, which applies the same rules to what it decrypts in memory.
    """
    # Which form an empty last item has is a setting of the house that built the file: both are taken.
    results = {
        path: check_bytes(_kind(path), _chunks(path), tax_year, last_item="space")
        for path in _expanded(files)
    }
    if as_json:
        click.echo(json.dumps([_plain(path, result) for path, result in results.items()], ensure_ascii=False))
    else:
        for path, result in results.items():
            _print(path, result)
    errors = sum(result.totals.errors for result in results.values())
    warnings = sum(result.totals.warnings for result in results.values())
    context.exit(ReturnCode.CONTRADICTION if errors else ReturnCode.WARNING if warnings else ReturnCode.CLEAN)


def _expanded(files: tuple[Path, ...]) -> Iterator[Path]:
    for path in files:
        if path.is_dir():
            found = sorted(path.glob("[0-9][0-9][0-9]dat[0-9][0-9].txt"))
            if not found:
                raise InputRefused("CHSL028E", path=path)
            yield from found
        elif path.suffix.lower() == ".iso":
            raise InputRefused("CHSL029E", path=path)
        else:
            yield path


def _kind(path: Path) -> str | None:
    """Return the kind that a file's name tells, or None: then its first row tells."""
    name = path.name
    return name[:3] if name[:3].isdigit() and name[3:6] == "dat" else None


def _chunks(path: Path) -> Iterator[memoryview]:
    if not path.exists():
        raise InputRefused("CHSD003E", path=path)
    buffer = bytearray(CHUNK)
    with disk.OldFile(path) as file:
        while got := file.read_into(memoryview(buffer)):
            yield memoryview(buffer)[:got]


def _plain(path: Path, result: CheckResult) -> dict[str, object]:
    return {
        "file": str(path),
        "kind": result.code,
        "records": result.totals.records,
        "errors": result.totals.errors,
        "warnings": result.totals.warnings,
        "amounts": {str(item): yen for item, yen in result.amounts.items()},
        "rules": dict(result.totals.counts),
        "findings": [
            {"record": one.record, "item": one.item, "rule": one.rule, "severity": one.severity}
            for one in result.findings
        ],
    }


def _print(path: Path, result: CheckResult) -> None:
    totals = result.totals
    click.echo(
        f"{path}: kind {result.code}, {totals.records:,} records, {totals.errors} errors, {totals.warnings} warnings"
    )
    for rule, count in sorted(totals.counts.items()):
        click.echo(f"  {rule} {count:>8}  {RULES[rule].en}  ({RULES[rule].source})")
    if result.findings:
        rows = [[one.record, one.item or "row", one.rule, one.severity] for one in result.findings[:SHOWN]]
        show(f"first {len(rows)} findings", ["record>", "item>", "rule", "severity"], rows)
