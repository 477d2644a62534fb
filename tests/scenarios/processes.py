"""Processes as the kernel shows them in /proc: children, arguments, environment."""

from pathlib import Path

PROC = Path("/proc")


def children(pid: int) -> list[int]:
    """Return the process ids of the children of all threads of a process; none when it is gone."""
    found: list[int] = []
    for task in threads(pid):
        found += [int(word) for word in read(pid, f"task/{task}/children").split()]
    return found


def threads(pid: int) -> list[str]:
    """Return the ids of the threads of a process; none when it is gone, also when it goes while it is listed."""
    try:
        return [one.name for one in (PROC / str(pid) / "task").iterdir()]
    except OSError:
        return []


def family(pid: int) -> list[int]:
    """Return the process ids of all descendants of a process."""
    found = children(pid)
    for child in list(found):
        found += family(child)
    return found


def variable(pid: int, name: str) -> str:
    """Return a variable of the environment that a process was started with; empty when there is none."""
    words = read(pid, "environ").split(b"\0")
    return next(
        (word.partition(b"=")[2].decode() for word in words if word.startswith(f"{name}=".encode())), ""
    )


def read(pid: int, what: str) -> bytes:
    """Return a file of a process, such as ``cmdline``; empty when it is gone."""
    try:
        return (PROC / str(pid) / what).read_bytes()
    except OSError:
        return b""


def alive(pid: int) -> bool:
    """Return whether a process exists and has not ended (a zombie has)."""
    return b"State:\tZ" not in (status := read(pid, "status")) and status != b""
