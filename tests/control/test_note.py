"""Notes of journal heads, kept elsewhere: they find what no head in the key folder can."""

import shutil
import subprocess
from pathlib import Path

import pytest

from chosho.control.journal import Fault
from chosho.errors import InputRefused, StopLine
from tests.control.conftest import AT, House
from tests.control.test_journal import fill, forge
from tests.tools import tool


def kept(house: House) -> str:
    """Return the note of the journal as it is now."""
    return house.store.journal.note(house.store.journal.write_head())


def faults(house: House, text: str) -> tuple[Fault, ...]:
    return house.store.journal.verify_noted(text, source="a file")[1]


def test_a_note_of_today_and_an_older_one_are_in_the_journal(house: House) -> None:
    fill(house)
    older = kept(house)
    fill(house)
    noted, missing = house.store.journal.verify_noted(f"log\n{older}more\n{kept(house)}", source="a file")
    assert [(one.head.seq, one.signed) for one in noted] == [(9, True), (17, True)]
    assert missing == ()


def test_debians_ssh_keygen_verifies_a_note_out_of_a_job_log(house: House, tmp_path: Path) -> None:
    program = tool("ssh-keygen")
    log = f"run ended\njournal head 1:ab\n\n{kept(house)}\nnext attempt\n"
    (tmp_path / "JOBLOG.txt").write_text(log)
    (tmp_path / "signers").write_text(house.store.journal.allowed_signers())
    # The commands of docs/ja/operations.md.
    script = (
        "tac JOBLOG.txt | sed '/^chosho journal head$/q' | tac | sed '/^-----END SSH/q' >note;"
        "sed '/^-----BEGIN/,$d' note >text; sed -n '/^-----BEGIN/,$p' note >sig;"
        f"{program} -Y verify -f signers -I chosho -n chosho-journal-head -s sig <text"
    )
    found = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, check=False)  # noqa: S607
    assert found.returncode == 0, found.stderr
    assert b"Good" in found.stdout


def test_a_cut_journal_whose_heads_were_cut_too_is_found_by_a_note(house: House) -> None:
    fill(house)
    house.store.journal.write_head()
    fill(house)
    note = kept(house)
    forge(house, "DELETE FROM journal WHERE seq > 9")
    (house.keys.heads / "latest.json").unlink()
    (house.keys.heads / f"{17:012d}.json").unlink()
    assert house.store.journal.verify() == ()
    house.store.journal.require_current()
    assert faults(house, note) == (Fault(seq=17, problem="head"),)


def test_a_whole_table_that_was_replaced_with_its_heads_is_found_by_a_note(house: House) -> None:
    fill(house)
    note = kept(house)
    forge(house, "DELETE FROM journal")
    shutil.rmtree(house.keys.heads)
    house.keys.heads.mkdir(mode=0o700)
    for number in range(20):
        house.store.journal.append("test", "somebody", {"number": number}, at=AT)
    house.store.journal.write_head()
    assert house.store.journal.verify() == ()
    assert faults(house, note) == (Fault(seq=9, problem="head"),)


def test_a_printed_head_counts_without_a_signature(house: House) -> None:
    head = house.store.journal.head()
    noted, missing = house.store.journal.verify_noted(f"Journal-Head: {head}\n", source="a file")
    assert ([(one.head, one.signed) for one in noted], missing) == ([(head, False)], ())
    assert faults(house, f"{head.seq}:{'0' * 64}") == (Fault(seq=1, problem="head"),)


def test_a_note_that_was_changed_or_is_of_another_house_stops_the_line(house: House) -> None:
    note = kept(house)
    head = str(house.store.journal.head())
    changed = ("0" if head[-1] != "0" else "1").join([head[:-1], ""])
    for text in (
        note.replace(head, changed),
        note.replace("chosho journal head", "chosho journal  head"),
        note.replace("head 1:", "head 2:"),
    ):
        with pytest.raises(StopLine, match="CHSJ016S"):
            faults(house, text)
    assert faults(house, note.replace("\n", "\r\n")) == ()


def test_a_text_without_a_head_is_refused(house: House) -> None:
    for text in ("", "12:00 begun", "1:abc"):
        with pytest.raises(InputRefused, match="CHSJ017E"):
            faults(house, text)
