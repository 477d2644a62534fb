"""The contents of a disc (媒体の中身): held against its manifests, and decrypted.

Everything here is what a stranger could do with ``sha256sum -c``, ``age -d`` and the disc alone.
"""

import hashlib
from collections.abc import Iterator
from typing import Protocol

from chosho.errors import ChoshoError, InputRefused, StopLine
from chosho.media import bag, names
from chosho.media.disc import Disc
from chosho.vault.age import Decryptor

_BLOCK = 1 << 20
_WRONG_KEY = "CHSK041E"
"""The vault's word for a passphrase that opens nothing."""


class Totals(Protocol):
    """What a check of rows found: statements, rules broken, yen per amount item in layout order."""

    @property
    def records(self) -> int: ...  # noqa: D102 - described by the class
    @property
    def findings(self) -> int: ...  # noqa: D102 - as above
    @property
    def amounts(self) -> tuple[int, ...]: ...  # noqa: D102 - as above


class RowCheck(Protocol):
    """An independent check of the rows of one file (記録要領の検査)."""

    def feed(self, data: memoryview) -> None:
        """Take the next bytes, cut anywhere."""

    def finish(self) -> Totals:
        """Return what was found in the whole file."""


class NewCheck(Protocol):
    """Makes a check for a kind of statement; media does not know the rules, the caller brings it."""

    def __call__(self, statement_code: str, /) -> RowCheck: ...  # noqa: D102 - described by the class


def check_bag(disc: Disc) -> tuple[bag.PayloadFile, ...]:
    """Compare the whole disc with its manifests; return the payload, by path.

    Raises:
        StopLine: a file is missing (CHSM020S), does not belong there (CHSM021S) or has another content
            (CHSM022S), the sums
            differ (CHSM023S), a manifest is damaged (CHSM024S), or the image ends early (CHSM011S).
    """
    volume = disc.volume_id
    for name in (bag.BAGIT, bag.BAG_INFO, bag.MANIFEST, bag.TAG_MANIFEST):
        if name not in disc.files:
            raise StopLine("CHSM020S", volume=volume, name=name)
    tags = bag.parse_manifest(disc.read(bag.TAG_MANIFEST), name=bag.TAG_MANIFEST)
    _compare(disc, tags, {path for path in disc.files if "/" not in path} - {bag.TAG_MANIFEST})
    payload = bag.parse_manifest(disc.read(bag.MANIFEST), name=bag.MANIFEST)
    _compare(disc, payload, {path for path in disc.files if "/" in path})
    files = tuple(
        bag.PayloadFile(path=path, size=disc.files[path].size, sha256=payload[path])
        for path in sorted(payload)
    )
    said = bag.parse_info(disc.read(bag.BAG_INFO)).get("Payload-Oxum", "")
    if said != bag.oxum(files):
        raise StopLine("CHSM023S", volume=volume, found=bag.oxum(files), said=said)
    return files


def plain_chunks(disc: Disc, path: str, passphrase: str) -> Iterator[memoryview]:
    """Yield the decrypted bytes of a file, each chunk authentic and valid until the next.

    Raises:
        InputRefused: the passphrase is wrong (CHSM025E).
        StopLine: the encrypted file is damaged (CHSM026S).
    """
    name = file_name(path)
    try:
        yield from Decryptor(disc.open(path).read_into, passphrase=passphrase)
    except ChoshoError as error:
        if error.message_id == _WRONG_KEY:
            raise InputRefused("CHSM025E", volume=disc.volume_id, name=name) from None
        if error.message_id.startswith("CHSK"):
            raise StopLine("CHSM026S", volume=disc.volume_id, name=name) from error
        raise


def file_name(path: str) -> str:
    """Return the name of the NTA file behind a payload path: ``data/310dat01.txt.age`` → ``310dat01.txt``.

    Raises:
        StopLine: the path is not that of an NTA file (CHSM041S).
    """
    name = path.removeprefix(f"{names.PAYLOAD_FOLDER}/").removesuffix(names.AGE_SUFFIX)
    names.statement_code(name)
    return name


def digest(disc: Disc, path: str) -> str:
    """Return the SHA-256 of a file as it is read from the disc."""
    sha256 = hashlib.sha256()
    file = disc.open(path)
    buffer = memoryview(bytearray(_BLOCK))
    while got := file.read_into(buffer):
        sha256.update(buffer[:got])
    return sha256.hexdigest()


def _compare(disc: Disc, listed: dict[str, str], found: set[str]) -> None:
    for path in sorted(listed.keys() - found):
        raise StopLine("CHSM020S", volume=disc.volume_id, name=path)
    for path in sorted(found - listed.keys()):
        raise StopLine("CHSM021S", volume=disc.volume_id, name=path)
    for path, sha256 in sorted(listed.items()):
        if digest(disc, path) != sha256:
            raise StopLine("CHSM022S", volume=disc.volume_id, name=path)
