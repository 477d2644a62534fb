"""S236, the decisions of a person, S237 and S230 again: from a text that was changed to the spelling that was approved."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from chosho.batch.review import Desk
from chosho.dataset.catalog import Catalog
from chosho.errors import InputRefused
from chosho.statement import gaiji
from chosho.vault.age import Encryptor
from chosho.vault.keys import KeyStore
from tests.cli.conftest import call
from tests.jobs import test_statement_steps as steps
from tests.rights import withhold
from tests.statement.records import ANNUITY, INHERITANCE, LUMP_SUM, block
from tests.step.stage import REPOSITORY, Stage

REVIEW = """\
  - step: S236
    pgm: s236_review
    title: review
    parm: {KINDS: "310 366 323"}
    dd:
      PAYDATA: {dsn: CHOSHO.PAYMENT.DATA(+1), disp: SHR}
      K310: {dsn: CHOSHO.STATEMENT.K310(+1), disp: SHR}
      K366: {dsn: CHOSHO.STATEMENT.K366(+1), disp: SHR}
      K323: {dsn: CHOSHO.STATEMENT.K323(+1), disp: SHR}
      INDEX: {dsn: CHOSHO.STATEMENT.INDEX(+1), disp: SHR}
      CHANGES: {dsn: CHOSHO.STATEMENT.CHANGES(+1), disp: SHR}
      REVIEW: {dsn: CHOSHO.STATEMENT.REVIEW(+1), disp: [NEW, CATLG, DELETE], keep: always}
    balance:
      - read == S230.statements
"""
AT, DAY = "2027-01-12T10:00:00+09:00", "20270112"
SECRET = "123456789018"


def payments(count: int) -> list[dict]:
    """Return payments of three kinds in turn; every policy's payee has a variant character, one in ten a number in a remark."""
    found = []
    for number in range(count):
        values = (LUMP_SUM, ANNUITY, INHERITANCE)[number % 3]
        remark = {"REMARKS": f"ﾊﾞﾝｺﾞｳ{SECRET}"} if number % 10 == 0 else {}
        found.append({**values, "POLICY-NO": f"{number:011d}", "PAYEE-NAME": "髙橋　花子", **remark})
    return found


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    folder = tmp_path / "made"
    folder.mkdir()
    made = Stage(tmp_path)
    before, after = steps.DECK.split("  - step: S240")
    made.deck("BUILD", before + REVIEW + "  - step: S240" + after)
    made.deck("GAIJI", (REPOSITORY / "jcl" / "GAIJI.yaml").read_text(encoding="utf-8"))
    made.program("bring", steps.BRING.format(folder=str(folder)))
    made.program("show", steps.SHOW.format(folder=str(folder)))
    return made


@pytest.fixture
def desk(stage: Stage) -> Callable[..., object]:
    """Return a function that calls one of the desk's acts."""

    def act(name: str, *words: object, **others: object) -> object:
        keys = KeyStore(stage.keys, data_root=stage.root)
        with stage.store() as store:
            one = Desk(
                root=stage.root,
                catalog=Catalog.load(stage.root),
                store=store,
                keys=keys,
                person="reviewer",
                at=AT,
                day=DAY,
            )
            return getattr(one, name)(*words, **others)

    return act


def rows(stage: Stage) -> list[tuple[str, dict]]:
    with stage.store() as store:
        return [(row.kind, row.fields) for row in store.journal.rows()]


def test_every_changed_text_is_listed_with_what_it_was(stage, desk):
    result, counted, _ = steps.submit(stage, payments(30))
    assert result.rc <= 4, stage.log(result.run_id)
    counts = counted["S236"].counts
    assert (counts["read"], counts["review.FD"], counts["review.FW"]) == (30, 30, 3)
    assert counts["written"] == 33 == sum(n for name, n in counts.items() if name.startswith("review."))
    texts = desk("texts", count=100)
    assert [one.number for one in texts] == list(range(1, 34))
    folded = [one for one in texts if one.rule == "FD"]
    assert {(one.before, one.after, one.field) for one in folded} == {
        ("髙橋　花子", "高橋　花子", "PAYEE-NAME")
    }
    assert [one.policy for one in folded] == [f"{n:011d}" for n in range(30)]
    assert {one.before.strip("*") + one.after.strip("*") for one in texts if one.rule == "FW"} == {""}


def test_the_list_is_read_from_a_number_on_and_by_rule(stage, desk):
    steps.submit(stage, payments(30))
    assert [one.number for one in desk("texts", start=5, count=3)] == [5, 6, 7]
    assert [one.policy for one in desk("texts", rule="FW")] == ["00000000000", "00000000010", "00000000020"]
    assert desk("texts", start=99) == ()
    assert rows(stage)[-1] == (
        "review.look",
        {"dsn": "CHOSHO.STATEMENT.REVIEW.G0001V00", "right": "statement.use", "start": 99, "count": 20},
    )


def test_approvals_are_of_a_record_or_of_a_rule(stage, desk):
    steps.submit(stage, payments(3))
    desk("approve", record=2)
    assert [one.state for one in desk("texts")] == ["", "approved", "", ""]
    desk("approve", rule="FD")
    assert [(one.rule, one.state) for one in desk("texts")] == [
        ("FD", "approved"),
        ("FW", "approved"),
        ("FD", "approved"),
        ("FD", "approved"),
    ]
    for words, refused in (
        ({}, "024"),
        ({"record": 1, "rule": "FD"}, "024"),
        ({"rule": "XX"}, "024"),
        ({"record": 9}, "022"),
    ):
        with pytest.raises(InputRefused, match=f"CHSQ{refused}E"):
            desk("approve", **words)


def test_an_approved_spelling_is_what_the_next_statements_say(stage, desk):
    steps.submit(stage, payments(9))
    assert desk("override", 1, "高崎　花子") == "GAIJI.000001.age"
    assert desk("override", 5, "高城　花子") == "GAIJI.000002.age"
    assert [one.state for one in desk("texts", count=5)] == ["overridden", "", "", "", "overridden"]
    done = stage.submit("GAIJI")
    assert done.rc == 0, stage.log(done.run_id)
    assert done.steps[0].counts == {"old": 0, "read": 2, "written": 2}
    assert stage.catalogued()["CHOSHO.STATEMENT.GAIJI"] == [1]
    table = _table(stage)
    out = table.apply(block("PAYDATA", payments(9)))
    assert table.counts == {"gaiji.entries": 2, "gaiji.applied": 2}
    names = out[:, gaiji.copybook.load("PAYDATA")["PAYEE-NAME"].offset :][:, :10]
    told = [row.tobytes().decode("cp932") for row in names]
    assert told == ["高崎　花子", *["髙橋　花子"] * 2, "高城　花子", *["髙橋　花子"] * 5]
    # taken back: the next run of the deck leaves one
    desk("override", 1, "")
    again = stage.submit("GAIJI", parameters={"RUN": "2"})
    assert again.steps[0].counts == {"old": 2, "read": 1, "written": 1}


def _table(stage: Stage) -> gaiji.Table:
    from chosho.dataset import access
    from chosho.dataset.reader import Reader

    keys = KeyStore(stage.keys, data_root=stage.root)
    with stage.store() as store:
        generation = store.generations.catalogued("CHOSHO.STATEMENT.GAIJI")[-1]
        parts = access.sources(stage.root, store, keys, generation)
    return gaiji.Table.of(Reader(parts, lrecl=gaiji.LRECL).blocks(), gaiji.copybook.load("PAYDATA").named())


def test_no_text_of_a_person_lies_in_plain_on_disk(stage, desk):
    steps.submit(stage, payments(3))
    desk("override", 1, "高崎　花子")
    stage.submit("GAIJI")
    for path in (path for path in stage.root.rglob("*") if path.is_file()):
        data = path.read_bytes()
        for text in ("高崎　花子", "髙橋　花子"):
            assert text.encode("cp932") not in data, path
            assert text.encode("utf-8") not in data, path


def test_an_override_is_on_record_before_it_is_handed_on(stage, desk, monkeypatch):
    steps.submit(stage, payments(3))

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "inbox")

    monkeypatch.setattr("chosho.batch.review.Encryptor", broken)
    with pytest.raises(OSError, match="No space"):
        desk("override", 1, "高崎　花子")
    monkeypatch.undo()
    kind, fields = rows(stage)[-1]
    assert kind == "review.overridden"
    assert "高崎" not in json.dumps(fields, ensure_ascii=False)
    assert not list((stage.root / "inbox").rglob("*.age"))


@pytest.mark.parametrize("text", ["髙崎", "A", "高　　崎", "あ" * 31, "１２３４５６７８９０１８", "高崎\n"])
def test_a_replacement_that_cannot_be_written_is_refused_and_not_repeated(stage, desk, text):
    steps.submit(stage, payments(3))
    with pytest.raises(InputRefused, match="CHSQ023E") as refused:
        desk("override", 1, text)
    assert text not in str(refused.value)
    assert not (stage.root / "inbox").exists()


@pytest.mark.parametrize(
    ("right", "act", "words"),
    [
        ("statement.use", "texts", {}),
        ("review.approve", "approve", {"record": 1}),
        ("review.approve", "approve", {"rule": "FD"}),
        ("review.approve", "override", {"record": 1, "replacement": "高崎"}),
    ],
)
def test_without_the_right_the_library_call_refuses(stage, desk, monkeypatch, right, act, words):
    steps.submit(stage, payments(3))
    withhold(monkeypatch, right)
    with pytest.raises(InputRefused, match="CHSJ040E"):
        desk(act, **words)


def test_a_file_that_cannot_be_taken_stays_and_the_others_are_taken(stage, desk):
    steps.submit(stage, payments(3))
    desk("override", 1, "高崎　花子")
    inbox = stage.root / "inbox" / "gaiji"
    (inbox / "GAIJI.000002.age").write_bytes(b"plain" * 512)
    out = bytearray()
    encryptor = Encryptor(out.extend, recipients=[KeyStore(stage.keys, data_root=stage.root).recipient()])
    encryptor.write(np.full(gaiji.LRECL, 0x20, np.uint8).tobytes())
    encryptor.finish()
    (inbox / "GAIJI.000003.age").write_bytes(bytes(out))
    done = stage.submit("GAIJI")
    assert (done.rc, done.steps[0].counts["written"]) == (8, 1)
    log = stage.log(done.run_id)
    assert "GAIJI.000002.age of approved spellings refused: FPLN" in log
    assert "GAIJI.000003.age of approved spellings refused: GPOL" in log


def test_the_command(stage, capsys, monkeypatch):
    steps.submit(stage, payments(3))
    where = ("--root", stage.root, "--keys", stage.keys, "review")
    assert call(*where, "list", "--json") == 0
    assert [one["rule"] for one in json.loads(capsys.readouterr().out)] == ["FD", "FW", "FD", "FD"]
    assert call(*where, "approve", "--rule", "FD") == 0
    monkeypatch.setattr("click.prompt", lambda *_, **__: "高崎　花子")
    assert call(*where, "override", "1") == 0
    assert capsys.readouterr().out == "GAIJI.000001.age\n"
    assert call(*where, "override", "1", "--back") == 0
    assert call(*where, "list") == 0
    shown = capsys.readouterr().out
    assert "overridden" in shown
    assert SECRET not in shown
    assert call(*where, "override", "99") == 12
