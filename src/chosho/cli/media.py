"""``chosho media``: list, verify and open the discs' images; show a passphrase, on record."""

import json
from pathlib import Path

import click

from chosho import disk
from chosho.batch import clock
from chosho.cli.main import Place
from chosho.cli.stores import opened
from chosho.cli.table import show
from chosho.control.custody import Custody
from chosho.errors import InputRefused, ReturnCode, StopLine
from chosho.media.opening import open_image
from chosho.media.verify import verify_image
from chosho.statement.check import new_check
from chosho.vault.passphrase import check_passphrase

LONGEST_PASSPHRASE_FILE = 1024

_passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help="file with the passphrase; else it is asked for",
)


@click.group("media")
def command() -> None:
    """Media (媒体): the images, their register and their passphrases."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def list_media(place: Place, as_json: bool) -> None:
    """List the media register (媒体管理簿)."""
    with opened(place) as (store, _):
        media = store.media.all()
    rows: list[dict[str, object]] = [
        {
            "id": one.id,
            "volume": f"{one.volume}/{one.volumes}",
            "run": one.run_id,
            "made_on": one.made_on.isoformat(),
            "medium": one.medium,
            "records": dict(one.records),
            "password_id": one.password_id,
            "sha256": one.image_sha256,
            "path": str(place.root / one.path),
            "content": one.data_content,
            "purpose": one.purpose,
            "moved_on": one.moved_on.isoformat() if one.moved_on else None,
            "moved_to": one.moved_to,
            "person_in_charge": one.person_in_charge,
            "kept_for": one.kept_for,
        }
        for one in media
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    columns = ["id", "volume", "made_on", "medium", "statements", "password_id", "path"]
    for row, one in zip(rows, media, strict=True):
        row["statements"] = "  ".join(f"{kind} {count:,}" for kind, count in one.records.items())
    show("media register", columns, [[row[column] for column in columns] for row in rows])


@command.command("password")
@click.argument("password_id")
@click.option("--reason", required=True, help="why it is looked at; goes on record")
@click.pass_obj
def password(place: Place, password_id: str, reason: str) -> None:
    """Show the passphrase PASSWORD_ID; the journal records who looked and why, before it is shown."""
    with opened(place) as (store, keys):
        custody = Custody(keys, store.journal, who=place.person, at=clock.stamp())
        text = custody.show_passphrase(password_id, reason)
    click.echo(text)


@command.command("verify")
@click.argument("image", type=click.Path(path_type=Path))
@_passphrase_file
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def verify(place: Place, image: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Read IMAGE as a stranger would: digests, decryption, rules, counts and amounts.

    Where the data root and the keys are at hand, the passphrase of a registered image is taken from the key
    store, on record; elsewhere it is asked for.
    """
    passphrase = _registered(place, image) if passphrase_file is None else None
    report = verify_image(image, passphrase or _passphrase(passphrase_file), new_check)
    if as_json:
        click.echo(report.to_json().decode("utf-8"))
    else:
        rows = [
            [file.name, file.records, file.findings, file.plain_bytes, f"{sum(file.amounts):,}"]
            for file in report.files
        ]
        show(
            f"{report.volume_id} ({report.number}/{report.count}) is sound",
            ["file", "statements>", "findings>", "bytes>", "yen>"],
            rows,
        )
    if report.faults or any(file.findings for file in report.files):
        raise StopLine("CHSL025S", image=image.name)


def _registered(place: Place, image: Path) -> str | None:
    """Return the kept passphrase of a registered image, on record, or None."""
    if not place.rooted or not (place.root / "CATALOG.yaml").exists():
        return None
    with opened(place) as (store, keys):
        for one in store.media.all():
            if (place.root / one.path) == image.absolute():
                custody = Custody(keys, store.journal, who=place.person, at=clock.stamp())
                return custody.use_passphrase(one.password_id, "media verify")
    return None


@command.command("open")
@click.argument("image", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="folder for the plain files")
@_passphrase_file
@click.pass_context
def open_media(context: click.Context, image: Path, out: Path, passphrase_file: Path | None) -> None:
    """Decrypt the NTA files of IMAGE into a folder, and check them."""
    files = open_image(image, out, _passphrase(passphrase_file), new_check)
    show(
        f"{image.name}: {len(files)} files",
        ["file", "statements>", "findings>", "bytes>"],
        [[file.path, file.records, file.findings, file.plain_bytes] for file in files],
    )
    context.exit(ReturnCode.WARNING if any(file.findings for file in files) else ReturnCode.CLEAN)


def _passphrase(file: Path | None) -> str:
    """Return the passphrase from a file or from the terminal; a mistyped one is found by its check character."""
    if file is None:
        text = click.prompt("passphrase", hide_input=True, err=True)
    else:
        with disk.OldFile(file) as source:
            text = source.read(LONGEST_PASSPHRASE_FILE).decode("ascii", "replace")
    if not text.strip():
        raise InputRefused("CHSL016E")
    return check_passphrase(text.strip())
