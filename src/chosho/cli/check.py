"""``chosho check``: hold NTA disc files against the rules, ours or anybody's."""

import json
from collections import Counter
from pathlib import Path

import click

from chosho.cli.check_sources import read_passphrase, sources
from chosho.cli.table import show
from chosho.errors import ReturnCode
from chosho.statement import layout
from chosho.statement.check_files import FileResult, check_files
from chosho.statement.check_rules import IDS, RULES

SHOWN = 20
"""Findings that are printed unless more are asked for."""


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--tax-year",
    type=click.IntRange(1989, 2999),
    help="year of the payments (yyyy), for the rules that need it",
)
@click.option(
    "--passphrase-file", type=click.Path(path_type=Path), help="passphrase of encrypted files (age)"
)
@click.option("--first", type=click.IntRange(min=0), default=SHOWN, help="print so many findings")
@click.option("--all", "print_all", is_flag=True, help="print all findings (1,000 a rule and file are kept)")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_context
def command(
    context: click.Context,
    files: tuple[Path, ...],
    tax_year: int | None,
    passphrase_file: Path | None,
    first: int,
    print_all: bool,
    as_json: bool,
) -> None:
    """Check statement files (310dat01.txt), folders and images of them; nothing of their content is shown.

    What is given is checked together: the same statement twice, voided records without a right one, gaps in
    the numbers. Encrypted files are named as not checked, unless their passphrase is given; they are opened in
    memory only.
    """
    passphrase = read_passphrase(passphrase_file) if passphrase_file else None
    results = check_files(sources(files, passphrase), tax_year=tax_year)
    if as_json:
        click.echo(json.dumps([_plain(result) for result in results], ensure_ascii=False))
    else:
        _print(results, None if print_all else first)
    errors = any(result.totals.errors for result in results)
    warnings = any(result.totals.warnings for result in results)
    context.exit(ReturnCode.CONTRADICTION if errors else ReturnCode.WARNING if warnings else ReturnCode.CLEAN)


def _plain(result: FileResult) -> dict[str, object]:
    return {
        "file": result.shown,
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


def _print(results: list[FileResult], most: int | None) -> None:
    show(
        f"{len(results)} files, {sum(result.totals.records for result in results):,} records",
        ["kind", "records>", "errors>", "warnings>", "file"],
        [
            [
                one.code or "-",
                f"{one.totals.records:,}",
                f"{one.totals.errors:,}",
                f"{one.totals.warnings:,}",
                one.shown,
            ]
            for one in results
        ],
    )
    counts: Counter[str] = Counter()
    for result in results:
        counts.update(result.totals.counts)
    if not counts:
        return
    rows = [
        [rule, RULES[rule].severity, f"{counts[rule]:,}", f"{RULES[rule].en} ({RULES[rule].source})"]
        for rule in IDS
        if counts[rule]
    ]
    show("rules", ["rule", "severity", "findings>", "meaning"], rows)
    names = {kind: {item.number: item.name for item in layout.load(kind).items} for kind in layout.kinds()}
    details = [
        [
            one.record or "",
            one.item or "",
            one.rule,
            one.severity,
            result.shown,
            _place(names, result, one.item),
        ]
        for result in results
        for one in result.findings
    ][:most]
    if details:
        title = f"first {len(details):,} of {sum(counts.values()):,} findings"
        show(title, ["record>", "item>", "rule", "severity", "file", "item name"], details)


def _place(names: dict[str, dict[int, str]], result: FileResult, item: int) -> str:
    return names.get(result.code, {}).get(item, "")
