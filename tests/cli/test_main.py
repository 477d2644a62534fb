"""The command as a whole: help, exit codes, and errors that tell no content."""

import importlib
import os
import resource
import subprocess
import sys

import click
import pytest

from chosho.cli.main import COMMANDS, main
from tests.cli.conftest import Chosho, Ran

HEAVY = ("numpy", "numba", "pyarrow", "pandas", "pydantic", "cryptography", "rich", "sqlite3", "ruamel")


def test_help_lists_every_command(chosho: Chosho):
    answer = chosho("--help")
    assert answer.code == 0
    assert all(name in answer.out for name in COMMANDS)


def test_help_imports_nothing_heavy_and_takes_under_a_third_of_a_second_of_work():
    code = (
        "import sys\nfrom chosho.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print('HEAVY', sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert out.endswith("HEAVY []\n")
    assert min(times) < 0.3


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_subcommand_has_help(name: str, chosho: Chosho):
    command = importlib.import_module(f"chosho.cli.{COMMANDS[name][0]}").command
    below = sorted(command.commands) if isinstance(command, click.Group) else []
    for words in ([name], *([name, one] for one in below)):
        answer = chosho(*words, "--help")
        assert answer.code == 0
        text = answer.out.split("\n\n")[1].strip()
        assert text
        assert not text.startswith("Options")


def test_the_version_is_the_packages(chosho: Chosho):
    assert chosho("--version").out == "chosho, version 0.1.0\n"


def test_an_unknown_command_is_refused(chosho: Chosho):
    answer = chosho("frobnicate")
    assert (answer.code, "No such command" in answer.err) == (12, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("jobs",), "CHSL001E"),
        (("--root", "nowhere", "jobs"), "CHSL030E"),
        (("keys", "status"), "CHSL002E"),
        (("--root", "nowhere", "--keys", "nothing", "listcat"), "CHSL030E"),
        (("--root", "nowhere", "--keys", "nothing", "jobs"), "CHSL030E"),
        (("--keys", "nothing", "keys", "status"), "CHSK001E"),
    ],
)
def test_a_place_that_is_not_named_or_not_set_up_is_refused(
    words: tuple[str, ...], message: str, chosho: Chosho
):
    answer = chosho(*words)
    assert (answer.code, answer.err.split()[0]) == (12, message)
    assert "\n  -> " in answer.err


def test_an_unexpected_error_is_one_message_without_content(
    ran: Ran, chosho: Chosho, monkeypatch: pytest.MonkeyPatch
):
    def broken(_place: object) -> None:
        raise ValueError("bad cell 123456789018 of ﾔﾏﾀﾞ ﾊﾅｺ")

    monkeypatch.setattr("chosho.cli.jobs.opened", broken)
    answer = chosho("--root", ran.root, "--keys", ran.keys, "jobs")
    assert answer.code == 16
    assert answer.err.startswith("CHSL099S unexpected ValueError at ")
    assert answer.err.count("\n") == 1
    assert "123456789018" not in answer.err
    assert "ﾔﾏﾀﾞ" not in answer.err


def test_what_the_operating_system_refuses_is_one_message(
    ran: Ran, chosho: Chosho, monkeypatch: pytest.MonkeyPatch
):
    def refused(_place: object) -> None:
        raise PermissionError(13, "Permission denied", "/data/x")

    monkeypatch.setattr("chosho.cli.jobs.opened", refused)
    answer = chosho("--root", ran.root, "--keys", ran.keys, "jobs")
    assert (answer.code, answer.err) == (16, "CHSL004S /data/x: Permission denied\n")


def test_the_keyboards_interrupt_is_refused_work(ran: Ran, chosho: Chosho, monkeypatch: pytest.MonkeyPatch):
    def interrupted(_place: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chosho.cli.jobs.opened", interrupted)
    answer = chosho("--root", ran.root, "--keys", ran.keys, "jobs")
    assert (answer.code, answer.err.strip()) == (12, "CHSL003E stopped by the operator")


def test_a_reader_that_has_gone_is_no_error(ran: Ran):
    command = [
        sys.executable,
        "-c",
        "from chosho.cli.main import main; main()",
        "--root",
        ran.root,
        "--keys",
        ran.keys,
    ]
    shown = subprocess.Popen(
        [*command, "journal", "show"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    shown.stdout.close()
    errors = shown.stderr.read()
    assert (shown.wait(), errors) == (0, b"")


def test_no_core_is_dumped_by_a_command(chosho: Chosho):
    chosho("--version")
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_main_takes_the_process_arguments(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", ["chosho", "--version"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().out.startswith("chosho, version")
