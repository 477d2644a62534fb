"""Laying out (送付): what was committed for others is put into their folder, whole, under its own name.

A reader of the folder sees a file complete or not at all; a name that begins with a point is one still being written.
"""

from pathlib import Path

from chosho import disk
from chosho.control.store import ControlStore
from chosho.errors import StopLine


def lay_out(root: Path, store: ControlStore, *, at: str, who: str) -> tuple[str, ...]:
    """Lay out everything that the register still has pending; return the paths. Harmless when it is killed and called again.

    Raises:
        StopLine: a part is gone or not as long as it was (CHSD140S), or the disk refused.
    """
    done = []
    for one in store.outbox.pending():
        source, target = root / one.part_path, root / one.path
        data = disk.read_bytes(source) if source.is_file() else b""
        if len(data) != one.stored_bytes:
            raise StopLine("CHSD140S", path=one.path, part=one.part_id)
        disk.make_folder(target.parent)
        disk.replace(target, data)
        store.outbox.mark(one, at=at, who=who)
        done.append(one.path)
    return tuple(done)
