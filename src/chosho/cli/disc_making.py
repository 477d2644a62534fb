"""Making a submission, from a folder of NTA files to images, record and papers; with a data root on record, without one as well."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path

import click

from chosho import disk, masking
from chosho.batch import clock
from chosho.cli import disc_papers
from chosho.cli.main import Place
from chosho.cli.stores import opened
from chosho.control import rights
from chosho.dataset.settings import Settings
from chosho.errors import InputRefused, message
from chosho.media import disc_record, submission
from chosho.media.container import Method
from chosho.media.disc_record import SubmissionRecord
from chosho.media.profiles import profile
from chosho.media.submission import NtaFile, Protection, Volume
from chosho.report import summary_table
from chosho.statement.check_files import Source, check_files
from chosho.statement.figures import Count
from chosho.vault.keys import KeyState
from chosho.vault.passphrase import check_passphrase, generate_passphrase

WORK = "work"
"""Folder of the plain files for the agency's own method."""
PASSPHRASE_RIGHT = "media.password"  # noqa: S105 - the name of a right
_LONGEST = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What is to be made (提出用媒体の作成指示): the options of ``chosho disc make``."""

    folder: Path
    out: Path
    medium: str
    submitted_on: dt.date
    submission_class: int
    container: str | None
    plain_approved_by: str
    reason: str
    outside: Path | None
    etax: bool
    passphrase_file: Path | None
    work_factor: int
    serial: int
    settings: Path | None


def make_submission(place: Place, order: Order) -> SubmissionRecord | None:
    """Make the discs of a submission; None when the plain files were laid out for the agency's own method, and wait for it.

    Raises:
        InputRefused: the files break rules, the options do not go together, a medium is too small, nobody approved plain files.
        StopLine: an image is not what it should be; nothing is left then.
    """
    settings = _settings(place, order)
    method = Method(order.container or settings.submission.container)
    _require_approval(place, order, method)
    if order.out.exists() and any(disk.entries(order.out)):
        raise InputRefused("CHSL050E", path=order.out)
    font = disc_papers.find_font(settings.paper.font)
    files, counts, warnings = read_files(order.folder, etax=order.etax)
    summaries = disc_papers.summaries(counts, order.submission_class, people=settings.submission.people)
    medium = profile(order.medium)
    volumes = submission.plan(
        files,
        medium,
        method,
        submitted_on=order.submitted_on,
        kind=order.submission_class,
        serial=order.serial,
    )
    set_id = volumes[0].id.partition("V")[0]
    disk.make_folder(order.out)
    if method is Method.EXTERNAL and order.outside is None:
        for volume in volumes:
            submission.lay_out_plain(volume, order.out / WORK / volume.id)
        _journal(place, "disc.outside", volumes, {"reason": order.reason or None})
        return None
    password_id, passphrase = _passphrase(place, order, set_id) if method.suffix else ("", "")
    protection = Protection(method=method, passphrase=passphrase, work_factor=order.work_factor)
    made = []
    try:
        for volume in volumes:
            if method is Method.EXTERNAL and order.outside is not None:
                outside = order.outside / volume.id
                made.append(
                    submission.make_outside(volume, order.out, outside, medium, date=order.submitted_on)
                )
            else:
                made.append(submission.make(volume, order.out, medium, protection, date=order.submitted_on))
        record = SubmissionRecord(
            set_id=set_id,
            submitted_on=order.submitted_on,
            submission_class=order.submission_class,
            medium=medium.name,
            container=method,
            etax=order.etax,
            password_id=password_id,
            made_by=place.person,
            plain_approved_by=order.plain_approved_by,
            plain_reason=order.reason,
            warnings=warnings,
            font=font,
            submitter=asdict(disc_papers.submitter(settings)),
            summaries=tuple(dict(one) for one in summary_table.as_tree(summaries)),
            discs=tuple(disc_record.of_made(one) for one in made),
        )
        disc_papers.write_all(record, order.out)
        record.write(order.out)
    except BaseException:
        _clear(order.out)
        raise
    for one in made:
        fields: dict[str, str | int | bool | None] = {
            "image_sha256": one.sha256,
            "container": method.value,
            "class": order.submission_class,
            "password": password_id or None,
            "plain_approved_by": order.plain_approved_by or None,
            "reason": order.reason or None,
            "etax": order.etax,
        }
        _journal(place, "disc.made", [one.volume], fields)
    return record


def read_files(folder: Path, *, etax: bool) -> tuple[tuple[NtaFile, ...], Mapping[str, Count], int]:
    """Return the checked files of a folder, their figures by kind, and how many warnings there were.

    Raises:
        InputRefused: a file breaks rules (CHSL051E), holds no statement (CHSL052E), or the folder is not one of NTA files.
    """
    found = submission.find_files(folder, etax=etax)
    results = check_files([Source(shown=one.name, name=one.name, read=one.chunks) for one in found])
    for one, result in zip(found, results, strict=True):
        if result.totals.errors:
            rules = " ".join(sorted(result.totals.counts))
            raise InputRefused("CHSL051E", name=one.name, errors=result.totals.errors, rules=rules)
    counts: dict[str, Count] = {}
    files = []
    for one in found:
        figures = counts.setdefault(one.kind, Count(one.kind))
        before = figures.statements
        sha256 = hashlib.sha256()
        size = 0
        for chunk in one.chunks():
            sha256.update(chunk)
            size += len(chunk)
            figures.feed(chunk)
        figures.end_file()
        if figures.statements == before:
            raise InputRefused("CHSL052E", name=one.name)
        files.append(replace(one, size=size, sha256=sha256.hexdigest(), records=figures.statements - before))
    return tuple(files), counts, sum(result.totals.warnings for result in results)


def read_passphrase(place: Place, record: SubmissionRecord, file: Path | None) -> str:
    """Return the passphrase of a submission: from a file, from the key store, on record, or from the terminal.

    Raises:
        InputRefused: there is none, it is mistyped, or the right is lacking.
    """
    if file is not None:
        return _from_file(file)
    if place.rooted:
        with opened(place) as (store, keys):
            rights.require(store.journal, place.person, PASSPHRASE_RIGHT, at=clock.stamp())
            fields = {"password": record.password_id, "reason": "disc verify"}
            store.journal.append("password.use", place.person, fields, at=clock.stamp())
            store.journal.write_head()
            return keys.password(record.password_id)
    text = click.prompt("passphrase", hide_input=True, err=True)
    return check_passphrase(text.strip())


def _settings(place: Place, order: Order) -> Settings:
    if order.settings is not None:
        return Settings.read(order.settings)
    if place.root_option is None:
        raise InputRefused("CHSL055E")
    return Settings.load(place.root)


def _require_approval(place: Place, order: Order, method: Method) -> None:
    """Refuse plain files that nobody else has approved with a reason.

    Raises:
        InputRefused: so it is (CHSL060E), the reason looks personal (CHSL059E), or options do not go together (CHSL061E).
    """
    if masking.looks_personal(f"{order.reason} {order.plain_approved_by}"):
        raise InputRefused("CHSL059E")
    if method is Method.PLAIN:
        approver = order.plain_approved_by
        if not approver or not order.reason or approver == place.person:
            raise InputRefused("CHSL060E")
    elif order.plain_approved_by:
        raise InputRefused("CHSL061E", option="--plain-approved-by", container=method.value)
    if order.outside is not None and method is not Method.EXTERNAL:
        raise InputRefused("CHSL061E", option="--outside", container=method.value)


def _passphrase(place: Place, order: Order, set_id: str) -> tuple[str, str]:
    """Return id and text of the passphrase: from a file, a new one into that file, or a new one into the key store."""
    file = order.passphrase_file
    if file is not None:
        if file.absolute().is_relative_to(order.out.absolute()):
            raise InputRefused("CHSL063E", path=file)
        if not file.exists():
            disk.write_new(file, generate_passphrase().encode() + b"\n")
        text = _from_file(file)
        if not place.rooted:
            return f"PW-{set_id}", text
    elif place.rooted:
        text = generate_passphrase()
    else:
        raise InputRefused("CHSL062E")
    with opened(place) as (store, keys):
        ids = (f"PW-{set_id}" + (f"_{number}" if number > 1 else "") for number in count(1))
        fresh = next(name for name in ids if keys.password_state(name) is KeyState.UNKNOWN)
        store.journal.append("password.create", place.person, {"password": fresh}, at=clock.stamp())
        keys.put_password(fresh, text)
        store.journal.write_head()
    return fresh, text


def _from_file(file: Path) -> str:
    with disk.OldFile(file) as source:
        text = source.read(_LONGEST).decode("ascii", "replace")
    if not text.strip():
        raise InputRefused("CHSL016E")
    return check_passphrase(text.strip())


def _journal(
    place: Place, kind: str, volumes: Sequence[Volume], fields: Mapping[str, str | int | bool | None]
) -> None:
    """Write down what was made, where there is a journal; elsewhere the record beside the images has it."""
    if not place.rooted:
        click.echo(message("CHSL064I"), err=True)
        return
    with opened(place) as (store, _):
        for volume in volumes:
            row = {"volume": volume.id, "records": sum(file.records for file in volume.files), **fields}
            if kind == "disc.made":
                store.journal.append("disc.made", place.person, row, at=clock.stamp())
            else:
                store.journal.append("disc.outside", place.person, row, at=clock.stamp())
        store.journal.write_head()


def _clear(folder: Path) -> None:
    """Remove what was written into the folder, keeping the error that led here as the one to be seen."""
    with suppress(OSError):
        for entry in disk.entries(folder):
            if entry.is_file(follow_symlinks=False):
                disk.remove(folder / entry.name)
