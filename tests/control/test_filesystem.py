"""File systems: the control store goes on a local one only."""

from pathlib import Path

import pytest

from chosho.control import filesystem
from chosho.control.filesystem import kind_of, require_local
from chosho.errors import InputRefused

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:30 / /data rw,relatime shared:2 - nfs4 server:/export rw
31 30 0:31 / /data/local\\040disk rw,relatime - xfs /dev/vdb rw
32 22 0:32 / /share rw,relatime - fuse.sshfs host: rw
33 22 0:33 / /twice rw,relatime - ext4 /dev/vdc rw
34 33 0:34 / /twice rw,relatime - cifs //server/share rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/root", "ext4"),
        ("/data/root", "nfs4"),
        ("/data/local disk/root", "xfs"),
        ("/database", "ext4"),
        ("/share", "fuse.sshfs"),
        ("/twice/root", "cifs"),
    ],
)
def test_the_kind_is_that_of_the_deepest_and_last_mount(path: str, kind: str) -> None:
    assert kind_of(Path(path), MOUNTS) == kind


def test_this_machines_disk_is_local(tmp_path: Path) -> None:
    require_local(tmp_path)


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"{MOUNTS}40 22 0:40 / {tmp_path} rw - nfs server:/export rw\n")
    monkeypatch.setattr(filesystem, "_MOUNTS", mounts)
    with pytest.raises(InputRefused, match=r"CHSJ003E.*nfs"):
        require_local(tmp_path)
