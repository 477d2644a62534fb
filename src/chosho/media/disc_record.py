"""The record of a submission (提出用媒体の記録): a JSON file beside the images; papers, duplicates and checks are made from it.

It has ids, names of files, counts, sums and digests, who made and approved; no passphrase, and nothing of a statement.
"""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
from pydantic import BaseModel, ConfigDict, StringConstraints

from chosho import disk
from chosho.errors import InputRefused
from chosho.media.container import Method
from chosho.media.submission import Made, Stored

SUFFIX = ".disc.json"

_Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Name = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z_.-]*$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileRecord(_Model):
    """A file: name, bytes, SHA-256; of NTA files the statements in it."""

    name: _Name
    size: int
    sha256: _Digest
    records: int = 0


class DiscRecord(_Model):
    """A disc: id, place n/N, its image, the NTA files, and what stands on it."""

    id: _Name
    number: int
    count: int
    image: _Name
    image_bytes: int
    image_sha256: _Digest
    files: tuple[FileRecord, ...]
    stored: tuple[FileRecord, ...]


class SubmissionRecord(_Model):
    """A submission (提出): its discs, how they are protected, what their papers say."""

    format: Literal[1] = 1
    set_id: _Name
    submitted_on: date
    submission_class: Annotated[int, pydantic.Field(ge=1, le=4)]
    medium: str
    container: Method
    etax: bool
    password_id: str
    made_by: str
    plain_approved_by: str
    plain_reason: str
    warnings: int
    font: str
    submitter: dict[str, Any]
    summaries: tuple[dict[str, Any], ...]
    discs: tuple[DiscRecord, ...]

    def write(self, folder: Path) -> None:
        """Write the record into a folder, once.

        Raises:
            StopLine: it is there already (CHSD001S).
        """
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True)
        disk.write_new(folder / f"{self.set_id}{SUFFIX}", text.encode() + b"\n")

    def disc(self, image: str) -> DiscRecord:
        """Return the disc with an image of that name, original or duplicate.

        Raises:
            InputRefused: there is none (CHSM059E).
        """
        for one in self.discs:
            if image in {one.image, duplicate_name(one.id)}:
                return one
        raise InputRefused("CHSM059E", path=image)


def duplicate_name(disc: str) -> str:
    """Return the name of the image of a duplicate (副本)."""
    return f"{disc}.duplicate.iso"


def of_image(image: Path) -> SubmissionRecord:
    """Return the record beside an image.

    Raises:
        InputRefused: there is none (CHSM059E), or it is none of ours (CHSM060E).
    """
    path = image.parent / f"{image.name.partition('V')[0]}{SUFFIX}"
    if not path.exists():
        raise InputRefused("CHSM059E", path=image)
    try:
        return SubmissionRecord.model_validate_json(disk.read_bytes(path))
    except pydantic.ValidationError:
        raise InputRefused("CHSM060E", path=path) from None


def of_made(made: Made) -> DiscRecord:
    """Return the record of a disc that was made."""
    return DiscRecord(
        id=made.volume.id,
        number=made.volume.number,
        count=made.volume.count,
        image=made.path.name,
        image_bytes=made.size,
        image_sha256=made.sha256,
        files=tuple(
            FileRecord(name=file.name, size=file.size, sha256=file.sha256, records=file.records)
            for file in made.volume.files
        ),
        stored=tuple(FileRecord(name=one.name, size=one.size, sha256=one.sha256) for one in made.stored),
    )


def stored(disc: DiscRecord) -> tuple[Stored, ...]:
    """Return what stands on a disc."""
    return tuple(Stored(name=one.name, size=one.size, sha256=one.sha256) for one in disc.stored)
