"""The disk: the only module that opens, syncs, locks or removes a file.

Everything chosho writes into the data root is created once (``O_EXCL``, mode 0600) and never renamed, except into quarantine.
A failed ``fsync`` ends the work and is never tried again: on Linux a second call can succeed after the data was dropped.

Faults are injected here, for the tests: ``CHOSHO_DISK_FAULT=OPERATION:N:WHAT`` makes the N-th call (from 1, per process) of
``create``, ``write``, ``sync``, ``sync_folder``, ``read``, ``name`` or ``remove`` fail with an errno name (``ENOSPC``) or die
(``KILL``).
``CHOSHO_DISK_FAULT_STEP=NAME`` keeps the fault to the processes whose ``CHOSHO_STEP`` is that name.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import signal
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from chosho.errors import InputRefused, StopLine

_calls: Counter[str] = Counter()

_BLOCK = 1 << 20
"""Bytes of a file that are read at a time to digest or copy it."""
_EARLY = 8 * 1024 * 1024
"""Bytes written after which the disk is asked to begin."""


def _fault(operation: str, path: Path) -> None:
    """Fail or die here when the environment asks for it."""
    wanted = os.environ.get("CHOSHO_DISK_FAULT")
    if not wanted or os.environ.get("CHOSHO_DISK_FAULT_STEP", "") not in {
        "",
        os.environ.get("CHOSHO_STEP", ""),
    }:
        return
    name, number, what = wanted.split(":")
    if name != operation:
        return
    _calls[operation] += 1
    if _calls[operation] != int(number):
        return
    if what == "KILL":
        os.kill(os.getpid(), signal.SIGKILL)
    raise OSError(getattr(errno, what), f"injected {what}", str(path))


class _Opened:
    """An open descriptor: closed once, at the latest at the end of its ``with`` block."""

    _fd: int

    def close(self) -> None:
        """Close; harmless when already closed. What was written is durable only after ``finish``."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class NewFile(_Opened):
    """A file being written: created once, written whole, synced, closed.

    Leaving the ``with`` block without :meth:`finish` closes the file and leaves it for recovery, which knows its INTENT.

    Args:
        path: where; nothing may be there.
        temporary: the file will not be made durable, so nothing is brought to the disk early.
    """

    def __init__(self, path: Path, *, temporary: bool = False) -> None:
        _fault("create", path)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            self._fd = os.open(path, flags, 0o600)
        except FileExistsError as error:
            raise StopLine("CHSD001S", path=path) from error
        self.path = path
        self.bytes_written = 0
        self._temporary = temporary
        self._started = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write all of ``data``.

        Raises:
            OSError: the disk refused, for example because it is full.
        """
        view = memoryview(data).cast("B")
        while view:
            _fault("write", self.path)
            done = os.write(self._fd, view)
            self.bytes_written += done
            view = view[done:]
        if self.bytes_written - self._started >= _EARLY and not self._temporary:
            # Linux begins to write these pages out and does not wait, so that the final fsync finds little left to do.
            os.posix_fadvise(
                self._fd, self._started, self.bytes_written - self._started, os.POSIX_FADV_DONTNEED
            )
            self._started = self.bytes_written

    def finish(self) -> None:
        """Make the content durable and close.

        Raises:
            StopLine: the disk did not confirm the content; the file must not be used.
        """
        fd, self._fd = self._fd, -1
        try:
            _fault("sync", self.path)
            os.fsync(fd)
        except OSError as error:
            raise StopLine("CHSD002S", path=self.path, error=error.strerror) from error
        finally:
            os.close(fd)


class OldFile(_Opened):
    """A file being read: never through a link, always in full reads."""

    def __init__(self, path: Path) -> None:
        _fault("read", path)
        try:
            # Not blocking: opening a named pipe would wait for somebody to write to it.
            self._fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise InputRefused("CHSD003E", path=path) from error
        except OSError as error:
            if error.errno in {errno.ELOOP, errno.ENXIO}:  # a link, a socket
                raise InputRefused("CHSD004E", path=path) from error
            raise
        state = os.fstat(self._fd)
        if not stat.S_ISREG(state.st_mode):
            os.close(self._fd)
            raise InputRefused("CHSD004E", path=path)
        self.path = path
        self.size = state.st_size

    def read_into(self, buffer: memoryview) -> int:
        """Fill ``buffer`` from the current place; fewer bytes only at the end of the file."""
        view = memoryview(buffer).cast("B")
        done = 0
        while done < len(view):
            got = os.readv(self._fd, [view[done:]])
            if not got:
                break
            done += got
        return done

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes from the current place."""
        buffer = bytearray(size)
        return bytes(memoryview(buffer)[: self.read_into(memoryview(buffer))])

    def seek(self, offset: int) -> None:
        """Go to a byte offset from the start."""
        os.lseek(self._fd, offset, os.SEEK_SET)


def read_bytes(path: Path) -> bytes:
    """Return the whole content of a small file.

    Raises:
        InputRefused: there is no such regular file.
    """
    with OldFile(path) as file:
        return file.read(file.size)


def digest(path: Path, copy: NewFile | None = None) -> str:
    """Return the SHA-256 of a file's content, in hex; write the content into ``copy`` on the way.

    Raises:
        InputRefused: there is no such regular file.
    """
    sha256 = hashlib.sha256()
    buffer = memoryview(bytearray(_BLOCK))
    with OldFile(path) as file:
        while got := file.read_into(buffer):
            sha256.update(buffer[:got])
            if copy is not None:
                copy.write(buffer[:got])
    return sha256.hexdigest()


def write_new(path: Path, data: bytes) -> None:
    """Create a small file with ``data``, durable with its folder entry.

    Raises:
        StopLine: the file is there already, or the disk did not confirm it.
    """
    with NewFile(path) as file:
        file.write(data)
        file.finish()
    sync_folder(path.parent)


def replace(path: Path, data: bytes) -> None:
    """Replace a small file of settings as one act, durable; for journal heads and key state, never for datasets."""
    fresh = path.with_name(f".{path.name}.new")
    if fresh.exists():
        remove(fresh)
    with NewFile(fresh) as file:
        file.write(data)
        file.finish()
    fresh.replace(path)
    sync_folder(path.parent)


def name(fresh: Path, target: Path) -> None:
    """Give a finished file its name, at once; the caller has seen that nothing is there, and makes the folder durable."""
    _fault("name", target)
    fresh.rename(target)


def append(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Add to the end of a log, which is made when missing (0600); for job logs, never for datasets.

    Raises:
        OSError: the disk refused.
        StopLine: ``durable`` was asked for and the disk did not confirm it.
    """
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(path, flags, 0o600)
    try:
        view = memoryview(data)
        while view:
            _fault("write", path)
            view = view[os.write(fd, view) :]
        if durable:
            _fault("sync", path)
            os.fsync(fd)
    except OSError as error:
        if not durable:
            raise
        raise StopLine("CHSD002S", path=path, error=error.strerror) from error
    finally:
        os.close(fd)


def destroy(path: Path) -> bool:
    """Overwrite a small file with zeros, make that durable, then remove it; return whether it was there.

    The overwriting is a best effort: flash and copy-on-write file systems may keep the old blocks. Call it for keys only,
    and never rely on it alone.

    Raises:
        StopLine: the disk did not confirm the zeros; the file is still there.
    """
    try:
        fd = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        _fault("write", path)
        os.pwrite(fd, bytes(os.fstat(fd).st_size), 0)
        _fault("sync", path)
        os.fsync(fd)
    except OSError as error:
        raise StopLine("CHSD002S", path=path, error=error.strerror) from error
    finally:
        os.close(fd)
    remove(path)
    sync_folder(path.parent)
    return True


def make_folder(path: Path) -> None:
    """Create a folder and its parents when missing, each with mode 0700, their entries durable.

    What is there already is left as it is.

    Raises:
        StopLine: the disk did not confirm an entry.
    """
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
        # Files are made durable together with their folder's entry only: a folder that is lost takes them along.
        with contextlib.suppress(PermissionError):  # a parent that may be searched but not read
            sync_folder(folder.parent)


def sync_folder(path: Path) -> None:
    """Make the entries of a folder durable.

    Raises:
        StopLine: the disk did not confirm them.
    """
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _fault("sync_folder", path)
        os.fsync(fd)
    except OSError as error:
        raise StopLine("CHSD002S", path=path, error=error.strerror) from error
    finally:
        os.close(fd)


def remove(path: Path) -> bool:
    """Remove a file; return whether it was there."""
    _fault("remove", path)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def remove_folder(path: Path) -> bool:
    """Remove an empty folder; return whether it was there."""
    _fault("remove", path)
    try:
        path.rmdir()
    except FileNotFoundError:
        return False
    return True


def set_aside(path: Path, folder: Path, name: str | None = None) -> Path | None:
    """Move a file that nobody knows into a folder, durable, over nothing that is there; return its new path.

    It keeps its name, or gets ``name``. None when it is gone: whoever knew it removed it meanwhile.
    """
    make_folder(folder)
    name = name or path.name
    target, number = folder / name, 1
    while target.exists() or target.is_symlink():
        target, number = folder / f"{name}.{number}", number + 1
    try:
        path.rename(target)
    except FileNotFoundError:
        return None
    sync_folder(folder)
    sync_folder(path.parent)
    return target


def lock(path: Path, *, exclusive: bool, wait: bool = False) -> int | None:
    """Take a kernel lock on a lock file that is never deleted; return its descriptor, or None when another holds it.

    The descriptor is inheritable: a step that outlives its supervisor keeps the lock.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    os.set_inheritable(fd, True)
    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    try:
        fcntl.flock(fd, kind if wait else kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd


def unlock(fd: int) -> None:
    """Give a lock back by closing its descriptor."""
    with contextlib.suppress(OSError):
        os.close(fd)


def entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the entries of a folder in the order of their names; none when the folder is missing."""
    if folder.is_dir():
        yield from sorted(os.scandir(folder), key=lambda entry: entry.name)
