"""Verification (媒体検証): an image read as a stranger would read it, decrypted, checked and summed up anew.

Structure, manifests and digests must hold, each file must decrypt, its rows must pass the independent
check, and its counts and yen totals, counted from the disc, must equal the plan's. Nothing is handed along
from the steps that made the image.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from chosho.disk import digest, read_bytes
from chosho.errors import ChoshoError
from chosho.media import bag, names
from chosho.media.contents import NewCheck, check_bag, file_name, plain_chunks
from chosho.media.disc import Disc
from chosho.media.plan import AMOUNTS, PlannedFile


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Something unequal: the message that says it, and its fields."""

    id: str
    fields: dict[str, str | int]


@dataclass(frozen=True, kw_only=True, slots=True)
class FileReport:
    """What was counted of a file: bytes encrypted and plain, digest, statements, rules broken, yen."""

    name: str
    age_bytes: int
    sha256: str
    plain_bytes: int
    records: int
    findings: int
    amounts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class VolumeReport:
    """What was found on a disc (媒体検証結果); holds no content. ``image_sha256`` is over the whole image."""

    volume_id: str
    number: int
    count: int
    set_id: str
    password_id: str
    journal_head: str
    image_bytes: int
    image_sha256: str
    sectors: int
    files: tuple[FileReport, ...]
    faults: tuple[Fault, ...]

    @property
    def records(self) -> int:
        """Statements on the disc."""
        return sum(file.records for file in self.files)

    @property
    def yen(self) -> int:
        """Yen of all amount items of all statements on the disc, a control total."""
        return sum(sum(file.amounts) for file in self.files)

    def records_of(self, statement_code: str) -> int:
        """Return the statements of a kind on the disc."""
        return sum(file.records for file in self.files if names.statement_code(file.name) == statement_code)

    def to_json(self) -> bytes:
        """Return the report as JSON (UTF-8)."""
        tree = {"result": "differs" if self.faults else "equal", **asdict(self)}
        return json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n"

    @classmethod
    def from_json(cls, data: bytes) -> "VolumeReport":
        """Return the report that :meth:`to_json` wrote."""
        tree = json.loads(data)
        tree.pop("result")
        tree["files"] = tuple(
            FileReport(**{**file, "amounts": tuple(file["amounts"])}) for file in tree["files"]
        )
        tree["faults"] = tuple(Fault(**fault) for fault in tree["faults"])
        return cls(**tree)


def verify_image(
    path: Path, passphrase: str, new_check: NewCheck, planned: Sequence[PlannedFile] | None = None
) -> VolumeReport:
    """Verify one image.

    Args:
        path: the image.
        passphrase: the volume's passphrase.
        new_check: makes the independent check of the rows of a kind.
        planned: the files of this volume in the plan; None when the image is all there is to go by.

    Returns:
        The report; unequal counts and totals are its ``faults``, for the caller to act on.

    Raises:
        StopLine: the image, the disc's structure, a digest or an encrypted file is damaged
            (CHSM010S-CHSM026S).
        InputRefused: wrong passphrase (CHSM025E), no such image.
    """
    with Disc(path) as disc:
        files = tuple(_read_file(disc, file, passphrase, new_check) for file in check_bag(disc))
        info = bag.parse_info(disc.read(bag.BAG_INFO))
        number, _, count = info.get("Bag-Count", "0 of 0").partition(" of ")
        faults = [
            Fault(
                id="CHSM028E", fields={"volume": disc.volume_id, "name": file.name, "findings": file.findings}
            )
            for file in files
            if file.findings
        ]
        if planned is not None:
            faults += _differences(disc.volume_id, files, planned)
        return VolumeReport(
            volume_id=disc.volume_id,
            number=int(number),
            count=int(count),
            set_id=info.get("Bag-Group-Identifier", ""),
            password_id=info.get("Password-Id", ""),
            journal_head=info.get("Journal-Head", ""),
            image_bytes=disc.size,
            image_sha256=image_digest(path),
            sectors=disc.sectors,
            files=files,
            faults=tuple(faults),
        )


def read_report(path: Path) -> VolumeReport:
    """Return the report that a file holds.

    Raises:
        InputRefused: there is no such file.
    """
    return VolumeReport.from_json(read_bytes(path))


def failure_report(volume_id: str, error: ChoshoError) -> bytes:
    """Return the report of a volume that could not be verified, as JSON (UTF-8)."""
    tree = {"result": "failed", "volume_id": volume_id, "message": str(error)}
    return json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n"


def image_digest(path: Path) -> str:
    """Return the SHA-256 of a whole image."""
    return digest(path)


def _read_file(disc: Disc, file: bag.PayloadFile, passphrase: str, new_check: NewCheck) -> FileReport:
    name = file_name(file.path)
    check = new_check(names.statement_code(name))
    plain = 0
    for chunk in plain_chunks(disc, file.path, passphrase):
        plain += len(chunk)
        check.feed(chunk)
    totals = check.finish()
    return FileReport(
        name=name,
        age_bytes=file.size,
        sha256=file.sha256,
        plain_bytes=plain,
        records=totals.records,
        findings=totals.findings,
        amounts=(*totals.amounts, *(0,) * (AMOUNTS - len(totals.amounts))),
    )


def _differences(volume: str, files: Sequence[FileReport], planned: Sequence[PlannedFile]) -> list[Fault]:
    """Return what differs between the disc and the plan, file by file."""
    found = {file.name: file for file in files}
    wanted = {file.name: file for file in planned}
    faults = []
    for name in sorted(found.keys() | wanted.keys()):
        pairs: list[tuple[str, int, int]] = [("files", int(name in found), int(name in wanted))]
        if name in found and name in wanted:
            there, plan = found[name], wanted[name]
            pairs += [
                ("bytes", there.plain_bytes, plan.plain_bytes),
                ("statements", there.records, plan.records),
            ]
            pairs += [
                (f"yen in amount item {place}", on_disc, in_plan)
                for place, (on_disc, in_plan) in enumerate(
                    zip(there.amounts, plan.amounts, strict=True), start=1
                )
            ]
        faults += [
            Fault(
                id="CHSM027E",
                fields={"volume": volume, "name": name, "what": what, "found": on_disc, "planned": in_plan},
            )
            for what, on_disc, in_plan in pairs
            if on_disc != in_plan
        ]
    return faults
