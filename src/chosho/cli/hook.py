"""The hook (通知): a command of the house that is told how a night ended, by its code and a run id, nothing else."""

import os
import shlex
import subprocess
from pathlib import Path

import click

from chosho.errors import message

HOOK_SECONDS = 60
NO_RUN = "-"
"""What a hook is told in the place of the run when the code is that of no run."""


def call(hook: str, code: int, run_id: str) -> None:
    """Tell a hook the code and the run id; whatever becomes of it, the night's code stays."""
    if not hook:
        return
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    try:
        words = [*shlex.split(hook), str(code), run_id or NO_RUN]
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, timeout=HOOK_SECONDS, check=False, env=environment, cwd=Path("/")
        )
        problem = f"code {done.returncode}" if done.returncode else ""
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        problem = type(error).__name__
    if problem:
        click.echo(message("CHSL042W", problem=problem), err=True)
