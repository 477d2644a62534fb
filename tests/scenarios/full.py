"""A JANUARY run on a disk that is too small, and again when there is room: ``python -m tests.scenarios.full HOUSE DISK SPARE``.

``HOUSE`` is copied to the file system mounted at ``DISK``, of which all but ``SPARE`` bytes are then filled. Prints JSON: what the
run came to while the disk was full, and what after the filler was removed.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from chosho.errors import ChoshoError
from tests.scenarios.house import RUN, House


def attempt(house: House, restart: str | None) -> dict[str, Any]:
    """Run, and tell how it ended."""
    try:
        result = house.january(restart=restart)
    except ChoshoError as error:
        return {"rc": int(error.return_code), "message": str(error), "failed": []}
    failed = [one.name for one in result.steps if one.failed]
    return {"rc": result.rc, "message": result.message, "failed": failed}


def main(folder: str, mount: str, spare: str) -> int:
    """Do both attempts."""
    house = House(Path(folder)).copy(Path(mount) / "house")
    filler = Path(mount) / "filler"
    state = os.statvfs(mount)
    room = state.f_bavail * state.f_frsize - int(spare)
    filler.write_bytes(bytes(room))
    told: dict[str, Any] = {"full": attempt(house, None)}
    filler.unlink()
    with house.store() as store:
        begun = any(run.id == RUN for run in store.runs.list())
        told["visible"] = sorted(
            {one.step for dsn in store.generations.datasets() for one in store.generations.catalogued(dsn)}
        )
    told["log"] = house.log(RUN) if begun and (house.root / "spool" / RUN / "JOBLOG.txt").exists() else ""
    told["again"] = attempt(house, "best" if begun else None)
    told["faults"] = house.faults()
    files = house.statements(Path(mount) / "plain")
    told["files"] = {name: data.decode("latin-1") for name, data in files.items()}
    print(json.dumps(told))  # noqa: T201 - read by the test
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
