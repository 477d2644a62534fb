"""Which file system a path is on: the control store needs a local one.

SQLite's WAL shares memory between processes and trusts kernel locks; a network file system gives neither (SQLite
documentation, "Write-Ahead Logging", section 1).
"""

import re
from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused

_MOUNTS = Path("/proc/self/mountinfo")
_MOUNTS_LIMIT = 4 << 20

NETWORK = frozenset(
    [
        "9p",
        "acfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "pvfs2",
        "smb3",
        "smbfs",
        "fuse.sshfs",
        "fuse.glusterfs",
        "fuse.ceph",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.davfs2",
        "fuse.curlftpfs",
    ]
)
"""Kinds of file systems, as the kernel names them, that the control store refuses."""


def require_local(path: Path) -> None:
    """Refuse a folder on a network file system.

    Raises:
        InputRefused: CHSJ003E.
    """
    with disk.OldFile(_MOUNTS) as file:
        text = file.read(_MOUNTS_LIMIT).decode("utf-8", "replace")
    kind = kind_of(path.resolve(), text)
    if kind in NETWORK:
        raise InputRefused("CHSJ003E", path=path, kind=kind)


def kind_of(path: Path, mountinfo: str) -> str:
    """Return the kind of the file system that holds an absolute path, by the text of ``/proc/self/mountinfo``.

    The last mount over the longest matching mount point counts (``proc_pid_mountinfo(5)``).
    """
    best, kind = -1, "unknown"
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        words, kinds = before.split(" "), after.split(" ")
        if len(words) < 5 or not kinds[0]:  # noqa: PLR2004 - the fifth word is the mount point
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), words[4]))
        depth = len(point.parts)
        if depth >= best and path.is_relative_to(point):
            best, kind = depth, kinds[0]
    return kind
