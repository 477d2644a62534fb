"""The channel (連絡路): a step's end of its two pipes to the supervisor."""

import os
import threading
from typing import Any

from chosho.errors import StopLine
from chosho.step import wire


class Channel:
    """Asks the supervisor and waits for its answer; may be used from any thread of the step's main process.

    Args:
        read_fd: descriptor that replies come from.
        write_fd: descriptor that requests go to.
    """

    def __init__(self, read_fd: int, write_fd: int) -> None:
        for fd in (read_fd, write_fd):
            os.set_inheritable(fd, False)
        self._replies = os.fdopen(read_fd, "rb")
        self._write_fd = write_fd
        self._turn = threading.Lock()

    def ask(self, what: str, **fields: object) -> dict[str, Any]:
        """Send one request and return the answer.

        Raises:
            ChoshoError: the supervisor refused; its own error is raised here.
            StopLine: the supervisor is gone (CHSS001S).
        """
        with self._turn:
            try:
                self._send(wire.line({"ask": what, **fields}))
                reply = self._replies.readline(wire.LONGEST)
            except OSError as error:
                raise StopLine("CHSS001S") from error
        if not reply.endswith(b"\n"):
            raise StopLine("CHSS001S")
        message = wire.from_line(reply)
        if "error" in message:
            raise wire.to_error(message["error"])
        answer: dict[str, Any] = message["ok"]
        return answer

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._write_fd, view) :]
