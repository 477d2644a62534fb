"""``chosho``: the command, its options for everybody, and the one place that turns an error into an exit code.

A command's module is imported when the command is called, so that ``chosho --help`` costs no heavy import.
"""

import getpass
import importlib
import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

import click

from chosho.errors import ChoshoError, InputRefused, ReturnCode, message
from chosho.vault import no_core_dumps

COMMANDS: dict[str, tuple[str, str]] = {
    "backup": ("backup", "make a backup of the data root"),
    "browse": ("browse", "show records of a dataset, numbers masked"),
    "check": ("check", "check NTA disc files or folders against the rules"),
    "disc": ("disc", "make discs for the tax office, their duplicates and papers"),
    "due": ("due", "list what is to be done by when"),
    "fixtures": ("fixtures", "make a synthetic world"),
    "inbox": ("inbox", "list the files that others delivered; discard one"),
    "init": ("init", "set up a data root"),
    "inquiry": ("inquiry", "show one statement as submitted, on record"),
    "jobs": ("jobs", "list the runs; close one"),
    "journal": ("journal", "verify and show the journal"),
    "keys": ("keys", "set up, rotate, back up, recover, destroy keys; show their state"),
    "layout": ("layout", "show the layout of a copybook member or file"),
    "listcat": ("listcat", "list the catalogue and its generations"),
    "media": ("media", "list, verify, open the media; show a passphrase"),
    "morning": ("morning", "show the morning page of a date"),
    "night": ("night", "do the night of a date: SCRATCH, NIGHTLY, PURGE"),
    "report": ("report", "list, show and sign the handling reports; hand out returns and status"),
    "pf": ("pf", "list the numbers that the PF holds; approve, resolve"),
    "restore": ("restore", "restore a backup into an empty data root"),
    "review": ("review", "list, approve and override the texts of statements"),
    "schema": ("schema", "print the JSON Schema of a document"),
    "spool": ("spool", "show the job log of a run"),
    "status": ("status", "show whether the numbers of a policy are held"),
    "submission": ("submission", "the submissions to the tax office, step by step; what needs a correction"),
    "submit": ("submit", "run a deck"),
    "verify-backup": ("verify_backup", "verify a backup without restoring it"),
}
"""Command → module in ``chosho.cli`` (its command object is named ``command``) and one line of help."""
PLACES_TOLD = 6
"""Places of the program, the innermost last, that the message of an unexpected error names."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data and the keys are, and who asks."""

    root_option: Path | None
    keys_option: Path | None
    person: str

    @property
    def rooted(self) -> bool:
        """Whether a data root and its keys are named; some commands do without them."""
        return self.root_option is not None and self.keys_option is not None

    @property
    def root(self) -> Path:
        """The data root.

        Raises:
            InputRefused: neither ``--root`` nor ``CHOSHO_ROOT`` names one.
        """
        if self.root_option is None:
            raise InputRefused("CHSL001E")
        return self.root_option

    @property
    def keys(self) -> Path:
        """The key folder.

        Raises:
            InputRefused: neither ``--keys`` nor ``CHOSHO_KEYS`` names one.
        """
        if self.keys_option is None:
            raise InputRefused("CHSL002E")
        return self.keys_option


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"chosho.cli.{COMMANDS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(COMMANDS.items())])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--root", type=click.Path(path_type=Path), envvar="CHOSHO_ROOT", help="data root (CHOSHO_ROOT)")
@click.option(
    "--keys", type=click.Path(path_type=Path), envvar="CHOSHO_KEYS", help="key folder (CHOSHO_KEYS)"
)
@click.version_option(package_name="chosho", prog_name="chosho")
@click.pass_context
def root_command(context: click.Context, root: Path | None, keys: Path | None) -> None:
    """Chosho (調書): make the tax office's payment statements from fixed-width masters."""
    context.obj = Place(
        root_option=root.absolute() if root else None,
        keys_option=keys.absolute() if keys else None,
        person=os.environ.get("CHOSHO_PERSON") or _user(),
    )


def _user() -> str:
    """Return who asks; a user whom the machine does not know by name goes by the number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid{os.getuid()}"


def told(error: BaseException) -> ReturnCode:
    """Tell an error on stderr, a user's mistake never by a traceback, and return the code that it ends with."""
    if isinstance(error, click.ClickException):
        error.show()
        return ReturnCode.REFUSED
    code = ReturnCode.STOP
    if isinstance(error, ChoshoError):
        text, code = f"{error}\n  -> {error.action}", error.return_code
    elif isinstance(error, KeyboardInterrupt | click.exceptions.Abort):
        text, code = message("CHSL003E"), ReturnCode.REFUSED
    elif isinstance(error, OSError):
        text = message("CHSL004S", file=error.filename or "a file", problem=error.strerror)
    else:
        # The last line of defence: a traceback could show what a record holds.
        frames = traceback.extract_tb(error.__traceback__)[-PLACES_TOLD:]
        where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
        text = message("CHSL099S", error=type(error).__name__, place=where)
    sys.stderr.write(text + "\n")
    return code


def main(arguments: list[str] | None = None) -> None:
    """Run the command and exit with its return code."""
    os.umask(0o077)
    no_core_dumps()
    try:
        code = root_command.main(args=arguments, prog_name="chosho", standalone_mode=False)
    except SystemExit:
        # Click leaves this way when the reader of our output has gone; there is nobody to tell.
        code = ReturnCode.CLEAN
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told and has its code
        code = told(error)
    sys.exit(int(code or 0))
