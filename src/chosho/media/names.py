"""Names on discs and of discs: NTA files (310dat01.txt), the encrypted files, volume ids, passwords.

An NTA file is called ``<kind>datNN.txt``, NN 01 to 99 running per kind over all volumes of a submission
(標準規格, file names). Each stands encrypted under ``data/`` with ``.age`` after its name. The Joliet tree
carries these names; the ISO 9660 tree allows ``A-Z 0-9 _`` and one dot (ECMA-119 §7.5), so
``310dat01.txt.age`` is ``310DAT01_TXT.AGE`` there.
"""

import datetime as dt
import re
import string

from chosho.errors import InputRefused, StopLine

README_ASCII = "README.TXT"
"""Text for a stranger, in English, ASCII."""
README_JAPANESE = "お読みください.txt"
"""The same text in Japanese, CP932."""
JOURNAL_NOTE = "journal-head.txt"
"""The journal's head when the disc was made, signed."""
PAYLOAD_FOLDER = "data"
"""Folder of the encrypted files (RFC 8493 §2.1.2)."""
AGE_SUFFIX = ".age"

VOLUME_ID_LIMIT = 16
"""Most characters of a volume id: Joliet holds 32 bytes of UCS-2."""

ISO_NAME_LIMIT = 30
"""Most characters of a file's name with its dot at level 2 (ECMA-119 §7.5.1)."""

_NTA_FILE = re.compile(r"([0-9]{3})dat([0-9]{2})\.txt")
_ISO_NAMES = {README_JAPANESE: "README_JA.TXT"}


def nta_file(statement_code: str, file_no: int) -> str:
    """Return the name of an NTA file: kind 310, number 1 → ``310dat01.txt``."""
    return f"{statement_code}dat{file_no:02d}.txt"


def statement_code(name: str) -> str:
    """Return the kind of statement of an NTA file (``310dat01.txt`` → 310), with or without ``.age``.

    Raises:
        StopLine: the name is not that of an NTA file.
    """
    found = _NTA_FILE.fullmatch(name.removesuffix(AGE_SUFFIX))
    if not found:
        raise StopLine("CHSM041S", name=name)
    return found[1]


def password_id(run_id: str, volume: int) -> str:
    """Return the id by which a step asks for a volume's passphrase: ``PW-JANUARY.20270112.01-V01``."""
    return f"PW-{run_id}-{volume_name(volume)}"


def volume_name(volume: int) -> str:
    """Return the short name of a volume in its run: 1 → ``V01``."""
    return f"V{volume:02d}"


def part_label(volume: int, name: str) -> str:
    """Return the label of an encrypted file's part: volume 1, 310dat01.txt → ``V01/310dat01.txt.age``."""
    return f"{volume_name(volume)}/{name}{AGE_SUFFIX}"


def split_label(label: str) -> tuple[int, str]:
    """Return volume and file name of a part label, the other way round of :func:`part_label`."""
    volume, _, name = label.partition("/")
    return int(volume.removeprefix("V")), name


def volume_id(submission: str, business_date: dt.date, run_id: str, volume: int) -> str:
    """Return the volume id (媒体番号): ``J20270112_01V01``: letter, date, run, volume.

    Args:
        submission: JANUARY, SUPPLEMENT or MONTHLY323; its first letter tells them apart.
        business_date: the run's business date.
        run_id: ends with ``.NN``, the run of that day.
        volume: 1 to N.

    Raises:
        InputRefused: the submission does not begin with a letter of A to Z (CHSM039E).
    """
    letter = submission[:1].upper()
    if letter not in string.ascii_uppercase or not letter:
        raise InputRefused("CHSM039E", submission=submission)
    run = run_id.rpartition(".")[2]
    return f"{letter}{business_date:%Y%m%d}_{run[-2:]}{volume_name(volume)}"


def submission_id(submitted_on: dt.date, kind: int, serial: int, volume: int) -> str:
    """Return the id of a submission disc (提出用媒体番号): ``S20270129_11V01``: date, 提出区分, serial of the day, volume."""
    return f"S{submitted_on:%Y%m%d}_{kind}{serial}{volume_name(volume)}"


def fits_disc(name: str) -> bool:
    """Return whether a name can stand on a disc as it is: letters, digits, ``_`` and ``-``, a suffix, 30 characters (level 2)."""
    return (
        bool(re.fullmatch(r"[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*\.[0-9A-Za-z]+", name))
        and len(name) <= ISO_NAME_LIMIT
    )


def volume_of(volume: str) -> int:
    """Return the number of a volume from its id, the other way round of :func:`volume_id`."""
    return int(volume.rpartition("V")[2])


def iso_name(name: str) -> str:
    """Return a file's ISO 9660 name: ``manifest-sha256.txt`` → ``MANIFEST_SHA256.TXT;1``."""
    stem, _, suffix = _ISO_NAMES.get(name, name).rpartition(".")
    return f"{stem}.{suffix}".upper().replace("-", "_").replace(".", "_", stem.count(".")) + ";1"


def iso_path(path: str) -> str:
    """Return the absolute path of a file in the ISO 9660 tree: ``data/x.txt`` → ``/DATA/X.TXT;1``."""
    folder, _, name = path.rpartition("/")
    return f"/{folder.upper()}/{iso_name(name)}" if folder else f"/{iso_name(name)}"
