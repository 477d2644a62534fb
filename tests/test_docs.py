"""The documents say what the code does: generated pages, step tables, message ids, READMEs and their links."""

import re
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from chosho.batch.deck import Mode
from chosho.batch.expand import Job, JobStep, expand
from chosho.batch.members import Libraries
from chosho.cli.main import COMMANDS
from chosho.errors import MESSAGE_ID, InputRefused, message_table
from docs.make import PAGES

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for folder in ("src", "jobs") for path in (REPOSITORY / folder).rglob("*.py"))
PAGES_OF_TEXT = sorted(
    path
    for path in REPOSITORY.rglob("*.md")
    if not {".venv", "var", ".git", ".pytest_cache", "build"} & set(path.relative_to(REPOSITORY).parts)
)
LONGEST_README = 200


def deck(name: str) -> Job:
    """Return a deck with its procedures filled in."""
    given = {"RUN": "JANUARY.20270112.01"} if name == "SUBMITTED" else {}
    job, faults = expand(name, Libraries(), date(2027, 1, 12), given)
    assert faults == []
    return job


def _ids_in_code() -> Counter[str]:
    return Counter(
        found for path in SOURCES for found in MESSAGE_ID.findall(path.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_current(name: str):
    assert (REPOSITORY / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), (
        "run: python -m docs.make"
    )


def test_every_message_that_the_code_names_is_in_the_table():
    assert set(_ids_in_code()) <= set(message_table())


def test_every_message_of_the_table_is_used():
    assert set(message_table()) <= set(_ids_in_code())


def test_every_message_has_a_cause_and_all_but_information_an_action():
    lacking = [
        one.id
        for one in message_table().values()
        if not one.cause or not (one.action or one.id.endswith("I"))
    ]
    assert lacking == []


def test_an_action_names_only_what_its_message_is_given():
    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    more = {"CHSB046E": {"first"}}  # of a run that cannot go on: where it may begin anew
    wrong = [
        one.id
        for one in message_table().values()
        if not fields(one.action) <= fields(one.text) | more.get(one.id, set())
    ]
    assert wrong == []


def test_no_cause_has_a_field():
    assert [one.id for one in message_table().values() if re.search(r"\{[a-z_]+\}", one.cause)] == []


def test_the_action_of_an_error_is_told_with_its_fields():
    error = InputRefused("CHSB045E", step="S240", earlier="S220")
    assert error.action == "Restart from S220, or with --restart best"


def test_no_two_messages_say_the_same():
    texts = Counter(one.text for one in message_table().values())
    assert [text for text, count in texts.items() if count > 1] == []


def _table(page: Path, heading: str) -> list[list[str]]:
    """Return the cells of the table in a page whose first heading cell is given."""
    lines = page.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def _dds(step: JobStep, mode: Mode) -> set[str]:
    return {dd.name for dd in step.dds if dd.mode is mode}


def test_the_step_table_is_the_deck():
    rows = {row[0]: row for row in _table(REPOSITORY / "README.md", "step")}
    steps = {step.name: step for step in deck("JANUARY").steps}
    assert list(rows) == list(steps)
    for name, step in steps.items():
        program, reads, writes = rows[name][1:4]
        new = _dds(step, Mode.NEW)
        assert program == f"`{step.pgm}`"
        assert set(re.split(r",? ", writes)) - {""} == new
        assert set(re.split(r",? ", reads)) - {""} == {dd.name for dd in step.dds} - new


def test_the_guide_for_operators_has_every_step():
    text = (REPOSITORY / "docs" / "ja" / "operations.md").read_text(encoding="utf-8")
    decks = ("NIGHTLY", "JANUARY", "CHANGES386", "SUPPLEMENT", "GAIJI", "SUBMITTED")
    steps: dict[str, JobStep] = {}
    for step in (step for name in decks for step in deck(name).steps):
        steps.setdefault(step.name, step)
    for step in steps.values():
        assert re.search(
            rf"^\| {step.name} \| `{step.pgm}` \| {re.escape(step.title)} \|", text, re.MULTILINE
        )


def test_the_commands_in_the_pages_exist():
    for page in PAGES_OF_TEXT:
        for name in re.findall(
            r"(?:^\$ \S*|`)chosho ([a-z][a-z-]*)", page.read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert name in COMMANDS, f"{page}: chosho {name}"


def _tracked_folders() -> set[Path]:
    """Return the folders that git would keep: those with a file that is not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        files = [path.relative_to(REPOSITORY) for path in SOURCES]
    else:
        files = [Path(line) for line in done.stdout.splitlines() if (REPOSITORY / line).is_file()]
    return {file.parent for file in files}


def test_every_top_folder_and_every_package_has_a_readme():
    folders = {
        folder for folder in _tracked_folders() if folder.parts and not folder.parts[0].startswith(".")
    }
    wanted = {Path(folder.parts[0]) for folder in folders} - {Path("src")}
    wanted |= {Path(*folder.parts[:3]) for folder in folders if folder.parts[:2] == ("src", "chosho")}
    assert [
        str(folder) for folder in sorted(wanted) if not (REPOSITORY / folder / "README.md").is_file()
    ] == []


def test_the_readme_of_a_package_names_every_module():
    lacking = []
    for page in sorted((REPOSITORY / "src" / "chosho").glob("*/README.md")):
        text = page.read_text(encoding="utf-8")
        lacking += [
            f"{page.parent.name}/{module.name}"
            for module in sorted(page.parent.glob("*.py"))
            if module.stem not in text and not module.stem.endswith(("__", "_kernel"))
        ]
    assert lacking == []


def test_the_readme_stays_short():
    lines = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) < LONGEST_README


@pytest.mark.parametrize("page", PAGES_OF_TEXT, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_links_and_named_files_are_there(page: Path):
    text = page.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
    # Paths in code quotes that start at the checkout's root.
    named = re.findall(r"`((?:src|jobs|jcl|copybooks|datasets|docs|tests|benchmarks)/[\w./-]+)`", text)
    assert [name for name in named if not (REPOSITORY / name).exists()] == []


def test_every_deck_is_in_the_libraries_readme():
    text = (REPOSITORY / "jcl" / "README.md").read_text(encoding="utf-8")
    assert [deck for deck in Libraries().decks() if f"`{deck}`" not in text] == []


def test_every_test_that_a_page_names_is_there():
    for page in PAGES_OF_TEXT:
        for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text(encoding="utf-8")):
            assert f"def {name}(" in (REPOSITORY / path).read_text(encoding="utf-8"), (
                f"{page}: {path}::{name}"
            )


def test_every_message_that_a_page_names_is_in_the_table():
    for page in PAGES_OF_TEXT:
        assert set(MESSAGE_ID.findall(page.read_text(encoding="utf-8"))) <= set(message_table()), page
