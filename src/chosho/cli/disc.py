"""``chosho disc``: the discs for the tax office (提出用媒体): originals, duplicates by permission, their papers."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import click

from chosho.batch import clock
from chosho.cli import disc_papers
from chosho.cli.dates import typed
from chosho.cli.disc_making import Order, make_submission, read_passphrase
from chosho.cli.main import Place
from chosho.cli.stores import opened, require
from chosho.cli.table import show
from chosho.control.reason import required
from chosho.errors import InputRefused, ReturnCode, message
from chosho.media import disc_record
from chosho.media.container import Method
from chosho.media.submission import Protection, check_image, copy_image, file_digest
from chosho.report.summary_table import CLASSES

ACT = "disc.duplicate"
"""What a permission allows."""
RIGHT = "disc.make"
APPROVE_RIGHT = "disc.approve"
_KINDS = {name: number for number, name in CLASSES.items()} | {str(number): number for number in CLASSES}

_image = click.argument("image", type=click.Path(path_type=Path))
_passphrase_file = click.option("--passphrase-file", type=click.Path(path_type=Path))


@click.group("disc")
def command() -> None:
    """Discs for the tax office: originals (正本), duplicates (副本), labels and papers."""


@command.command("make")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="new folder for images and papers"
)
@click.option("--medium", type=click.Choice(["CD-700", "CD-650", "DVD"]), required=True)
@click.option("--submitted-on", callback=typed, required=True, help="day of submission (yyyy-mm-dd)")
@click.option(
    "--kind-of-submission",
    type=click.Choice(list(_KINDS)),
    required=True,
    help="提出区分: 新規 1, 追加 2, 訂正 3, 無効 4; of 追加 and 訂正 the records of files with voids are 訂正 and 無効",
)
@click.option(
    "--container",
    type=click.Choice([one.value for one in Method]),
    help="how the files are protected; else as the settings say",
)
@click.option("--plain-approved-by", default="", help="who has approved that files go out plain")
@click.option("--reason", default="", help="why they go out plain; on record")
@click.option(
    "--outside", type=click.Path(path_type=Path), help="external: folder with what the outside program made"
)
@click.option("--etax", is_flag=True, help="e-Tax form: an empty last item is one space")
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    help="file with the passphrase; made anew when it is not there",
)
@click.option("--work-factor", type=click.IntRange(10, 22), default=18, show_default=True, hidden=True)
@click.option("--serial", type=click.IntRange(1, 9), default=1, help="which submission of that kind and day")
@click.option(
    "--settings", type=click.Path(path_type=Path), help="SETTINGS.yaml, where there is no data root"
)
@click.pass_context
@click.pass_obj
def make(
    place: Place,
    context: click.Context,
    folder: Path,
    out: Path,
    medium: str,
    submitted_on: dt.date,
    kind_of_submission: str,
    container: str | None,
    plain_approved_by: str,
    reason: str,
    outside: Path | None,
    etax: bool,
    passphrase_file: Path | None,
    work_factor: int,
    serial: int,
    settings: Path | None,
) -> None:
    """Make the originals from the NTA files in FOLDER: checked, imaged, read back, with all their papers."""
    require(place, RIGHT)
    order = Order(
        folder=folder,
        out=out,
        medium=medium,
        submitted_on=submitted_on,
        submission_class=_KINDS[kind_of_submission],
        container=container,
        plain_approved_by=plain_approved_by.strip(),
        reason=reason.strip(),
        outside=outside,
        etax=etax,
        passphrase_file=passphrase_file,
        work_factor=work_factor,
        serial=serial,
        settings=settings,
    )
    record = make_submission(place, order)
    if record is None:
        click.echo(message("CHSL054W", path=out), err=True)
        context.exit(ReturnCode.WARNING)
    show(
        f"submission {record.set_id}: {len(record.discs)} discs, {record.container.value}",
        ["disc", "n/N", "files", "statements>", "bytes>", "SHA-256"],
        [
            [
                one.id,
                f"{one.number}/{one.count}",
                " ".join(file.name for file in one.files),
                f"{sum(file.records for file in one.files):,}",
                f"{one.image_bytes:,}",
                one.image_sha256,
            ]
            for one in record.discs
        ],
    )
    if not record.font:
        click.echo(message("CHSP032W"), err=True)
    context.exit(ReturnCode.CLEAN if record.font and not record.warnings else ReturnCode.WARNING)


@command.command("request")
@_image
@click.option("--person", required=True, help="who alone is to make the duplicate")
@click.option("--reason", required=True, help="why; goes on record")
@click.option("--hours", type=click.IntRange(1, 24 * 31), default=24, show_default=True, help="until when")
@click.pass_obj
def request(place: Place, image: Path, person: str, reason: str, hours: int) -> None:
    """Ask for the permission (複製許可) to duplicate IMAGE."""
    require(place, RIGHT)
    reason = required(reason)
    _require_root(place)
    disc, digest = _known(image)
    now = clock.stamp()
    until = (dt.datetime.fromisoformat(now) + dt.timedelta(hours=hours)).isoformat()
    with opened(place) as (store, _):
        made = store.approvals.request(
            ACT,
            disc.id,
            digest,
            person=person,
            reason=reason,
            expires_at=until,
            who=place.person,
            at=now,
        )
        store.journal.write_head()
    click.echo(made.id)


@command.command("approve")
@click.argument("permission")
@_image
@click.option("--reason", required=True, help="why it may be; goes on record")
@click.pass_obj
def approve(place: Place, permission: str, image: Path, reason: str) -> None:
    """Approve PERMISSION for exactly IMAGE; not by who asked for it or is to make the duplicate."""
    require(place, APPROVE_RIGHT)
    reason = required(reason)
    _require_root(place)
    _, digest = _known(image)
    with opened(place) as (store, _):
        store.approvals.approve(permission, digest, reason=reason, who=place.person, at=clock.stamp())
        store.journal.write_head()
    click.echo(f"{permission} is approved")


@command.command("permissions")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def permissions(place: Place, as_json: bool) -> None:
    """List the permissions: who asked, who approved, when, for which disc and digest, who used it and who stood by."""
    with opened(place) as (store, _):
        found = store.approvals.all()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    columns = [
        "id",
        "state",
        "subject",
        "person",
        "requested_by",
        "approved_by",
        "expires_at",
        "witness",
        "digest",
    ]
    show("permissions", columns, [[getattr(one, column) for column in columns] for one in found])


@command.command("duplicate")
@_image
@click.option("--permission", required=True, help="the permission for exactly this image")
@click.option("--person", required=True, help="who makes it: the one who is named, at this login")
@click.option("--witness", required=True, help="who stands by")
@click.pass_context
@click.pass_obj
def duplicate(
    place: Place, context: click.Context, image: Path, permission: str, person: str, witness: str
) -> None:
    """Make the duplicate (副本) of IMAGE: a copy, byte by byte, and its label; the permission is spent first, on record."""
    require(place, RIGHT)
    if person != place.person:
        raise InputRefused("CHSL057E", person=person, login=place.person)
    _require_root(place)
    record = disc_record.of_image(image)
    disc, digest = _known(image)
    target = image.parent / disc_record.duplicate_name(disc.id)
    if target.exists() or target.is_symlink():
        raise InputRefused("CHSM042E", path=target)
    with opened(place) as (store, _):
        used = store.approvals.use(
            permission, ACT, digest, who=person, witness=witness.strip(), at=clock.stamp()
        )
        store.journal.write_head()
        copy_image(image, target, digest)
        disc_papers.write_label(record, disc.id, image.parent)
        fields: dict[str, str | int | bool | None] = {"volume": disc.id, "image_sha256": digest}
        fields |= {"approval": used.id, "approved_by": used.approved_by, "witness": used.witness}
        store.journal.append("disc.duplicated", person, fields, at=clock.stamp())
        store.journal.write_head()
    click.echo(f"{target} is the duplicate of {disc.id}")
    if not record.font:
        click.echo(message("CHSP032W"), err=True)
        context.exit(ReturnCode.WARNING)


@command.command("verify")
@_image
@_passphrase_file
@click.pass_obj
def verify(place: Place, image: Path, passphrase_file: Path | None) -> None:
    """Read IMAGE, original or duplicate, as a stranger would: exactly the files of its record, its container opened."""
    record = disc_record.of_image(image)
    disc, _ = _known(image)
    passphrase = read_passphrase(place, record, passphrase_file) if record.container.suffix else ""
    check_image(
        image,
        disc.id,
        disc_record.stored(disc),
        disc.files,
        Protection(method=record.container, passphrase=passphrase),
        date=record.submitted_on,
    )
    rows = [[one.name, f"{one.records:,}", f"{one.size:,}"] for one in disc.files]
    show(f"{disc.id} ({disc.number}/{disc.count}) is sound", ["file", "statements>", "bytes>"], rows)


def _known(image: Path) -> tuple[disc_record.DiscRecord, str]:
    """Return the disc of an image and the image's SHA-256, read from it and held against its record.

    Raises:
        InputRefused: it is no image of a submission (CHSM059E), or not the one that was made (CHSM061E).
    """
    disc = disc_record.of_image(image).disc(image.name)
    digest, _ = file_digest(image)
    if digest != disc.image_sha256:
        raise InputRefused("CHSM061E", path=image)
    return disc, digest


def _require_root(place: Place) -> None:
    """Refuse permissions where there is no data root: nobody could tell whether one was used."""
    if not place.rooted:
        raise InputRefused("CHSL056E")
