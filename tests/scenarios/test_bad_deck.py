"""Bad decks, catalogues, folders and keys: refused with code 12 or 16 and a message before anything runs; nothing is changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.house import House
from tests.step.stage import REPOSITORY

SUBMIT = ("submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10")


def refused(house: House, rc: int, *said: str, words: tuple[str, ...] = SUBMIT, **environment: str) -> str:
    """Hold that a submit is refused with a message and without a trace, and return what it said."""
    before = house.image_of()
    done = house.command(*words, environment=environment)
    assert (done.returncode, done.stdout) == (rc, ""), done.stderr
    assert [one for one in said if one not in done.stderr] == []
    assert "Traceback" not in done.stderr
    locks = ("root/control/", "keys/lock")
    after = {path: digest for path, digest in house.image_of().items() if not path.startswith(locks)}
    assert after == {path: digest for path, digest in before.items() if not path.startswith(locks)}
    with_run = [path for path in after if path.startswith("root/spool/JANUARY")]
    assert with_run == []
    return done.stderr


def deck(change: Callable[[str], str], folder: Path) -> str:
    """Put a changed STATEMENTS procedure into a library and return the library's folder."""
    folder.mkdir()
    text = (REPOSITORY / "jcl" / "STATEMENTS.yaml").read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    (folder / "STATEMENTS.yaml").write_text(changed, encoding="utf-8")
    return str(folder)


DECKS = {
    "unknown key": (lambda text: text.replace("    pgm: s220_match", "    prog: s220_match"), ("prog",)),
    "a key that stands twice": (
        lambda text: text.replace("    pgm: s220_match", "    pgm: s220_match\n    pgm: s230_build"),
        ("CHSD010E",),
    ),
    "duplicate step": (lambda text: text.replace("step: S220", "step: S210"), ("CHSB020E", "S210")),
    "unknown program": (lambda text: text.replace("s240_check", "s241_check"), ("CHSB021E", "s241_check")),
    "unknown dataset": (
        lambda text: text.replace("CHOSHO.NUMBER.MASTER(0)", "CHOSHO.NUMBER.MASTERS(0)"),
        ("CHSB022E", "CHOSHO.NUMBER.MASTERS"),
    ),
    "unknown symbol": (
        lambda text: text.replace("&MEDIUM_BYTES", "&MEDIUM_BYTE"),
        ("CHSB013E", "MEDIUM_BYTE"),
    ),
    "a balance that is no equation": (
        lambda text: text.replace("written == read", "written = read"),
        ("CHSB014E", "written = read"),
    ),
    "read before it is made": (
        lambda text: text.replace(
            "CHOSHO.PAYMENT.MATCH(+1), disp: SHR", "CHOSHO.MEDIA.AGE(+1), disp: SHR", 1
        ),
        ("CHSB025E", "CHOSHO.MEDIA.AGE"),
    ),
    "a condition on a step that comes later": (
        lambda text: text.replace("when: S270.rc == 0\n", "when: S290.rc == 0\n"),
        ("CHSB028E", "S290"),
    ),
}


@pytest.mark.parametrize(("change", "said"), DECKS.values(), ids=list(DECKS))
def test_a_bad_deck_is_refused_with_file_and_line(house: House, tmp_path: Path, change, said) -> None:
    library = deck(change, tmp_path / "jcl")
    refused(house, 12, "STATEMENTS.yaml", " line ", *said, CHOSHO_JCLLIB=library)


def test_a_scan_says_every_fault_of_a_deck_at_once_and_what_a_submit_says(
    house: House, tmp_path: Path
) -> None:
    def change(text: str) -> str:
        return text.replace("s240_check", "s241_check").replace("written == read", "written = read")

    library = deck(change, tmp_path / "jcl")
    text = refused(house, 12, "CHSB002E", "2 faults", "s241_check", "written = read", CHOSHO_JCLLIB=library)
    assert refused(house, 12, words=(*SUBMIT, "--scan"), CHOSHO_JCLLIB=library) == text


def test_an_unknown_deck_parameter_and_date_are_refused(house: House) -> None:
    refused(house, 12, "CHSB001E", words=("submit", "JANUERY", "--date", "2027-01-12"))
    refused(house, 12, "CHSB011E", "COLOUR", words=(*SUBMIT, "--set", "COLOUR=red"))
    refused(house, 12, "CHSL013E", words=("submit", "JANUARY", "--date", "2027-13-01"))


def test_another_record_length_in_the_catalogue_than_in_the_copybook_is_refused(house: House) -> None:
    path = house.root / "CATALOG.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("lrecl: 700", "lrecl: 701", 1), encoding="utf-8")
    refused(house, 12, "CHSD101E", "CHOSHO.SOURCE.CONTRACT", "701", "700")


def test_an_unknown_key_in_the_catalogue_is_refused(house: House) -> None:
    path = house.root / "CATALOG.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("    recfm: F", "    recform: F", 1), encoding="utf-8"
    )
    refused(house, 12, "CHSD011E", "recform")


@pytest.mark.parametrize("member", ["CONTRACT.DAT", "PAYMENT.DAT"])
def test_a_missing_file_of_the_contract_system_is_refused(house: House, member: str) -> None:
    (house.root / "source" / member).unlink()
    refused(house, 12, "CHSD104E", member)


def test_a_missing_number_master_is_refused(house: House) -> None:
    fresh = House(house.folder.parent / "fresh")
    assert fresh.command("keys", "init").returncode == 0
    assert fresh.command("init", "--definitions", str(REPOSITORY / "datasets")).returncode == 0
    for path in (house.root / "source").iterdir():
        path.rename(fresh.root / "source" / path.name)
    refused(fresh, 12, "CHSB054E", "S220", "NUMMAST", "CHOSHO.NUMBER.MASTER(0)")


def test_no_key_folder_is_refused(house: House) -> None:
    away = house.folder / "elsewhere"
    refused(house, 12, "CHSK001E", CHOSHO_KEYS=str(away))
    assert not away.exists()
    refused(house, 12, "CHSL002E", words=("keys", "status"), CHOSHO_KEYS="")


def test_the_keys_of_another_house_are_refused(house: House) -> None:
    other = House(house.folder.parent / "other")
    assert other.command("keys", "init").returncode == 0
    done = house.command(*SUBMIT, environment={"CHOSHO_KEYS": str(other.keys)})
    assert done.returncode == 16, done.stdout + done.stderr
    assert "CHSK020S" in done.stdout + done.stderr + house.spool() or "CHSJ01" in done.stderr
    assert [dsn for dsn, numbers in house.catalogued().items() if numbers and "NUMBER" not in dsn] in (
        [],
        ["CHOSHO.PAYMENT.DATA", "CHOSHO.PAYMENT.FINDINGS", "CHOSHO.PAYMENT.REJECT"],
    )


def remove_master_key(house: House) -> None:
    for path in (house.keys / "master").iterdir():
        path.unlink()


def exchange_master_key(house: House) -> None:
    other = House(house.folder.parent / "other")
    other.key_store().init()
    (theirs,) = (other.keys / "master").glob("*.key")
    (ours,) = (house.keys / "master").glob("*.key")
    ours.write_bytes(theirs.read_bytes())


@pytest.mark.parametrize(
    ("harm", "said"),
    [(remove_master_key, "CHSK010S"), (exchange_master_key, "CHSK018S")],
    ids=["missing", "wrong"],
)
def test_a_master_key_that_is_not_there_or_not_ours_stops_the_line(
    house: House, harm: Callable[[House], None], said: str
) -> None:
    visible = house.catalogued()
    kept = {path: path.read_bytes() for path in house.keys.rglob("*.key")}
    table = (house.keys / "table.json").read_bytes()
    harm(house)
    done = house.command(*SUBMIT)
    assert done.returncode == 16, done.stdout
    # Told before anything runs: no run began, so none has to be restarted.
    assert done.stderr.startswith(said), done.stderr
    assert house.catalogued() == visible
    assert (house.keys / "table.json").read_bytes() == table
    for path, data in kept.items():
        path.write_bytes(data)
        path.chmod(0o600)
    assert house.january().rc == 4
    assert house.faults() == []


def test_a_key_folder_that_others_can_read_is_refused(house: House) -> None:
    house.keys.chmod(0o755)
    refused(house, 12, "CHSK003E")


def test_a_missing_cohort_key_stops_the_step_that_needs_it(house: House) -> None:
    keys = house.key_store()
    (cohort,) = (name for name, dsn in keys.status().live_cohorts if dsn == "CHOSHO.NUMBER.MASTER")
    keys.destroy_cohort(cohort)
    result = house.january()
    assert [(step.name, step.rc) for step in result.steps if step.rc is not None] == [
        ("S210", 4),
        ("S220", 16),
    ]
    assert "CHSK021S" in house.log(result.run_id)
    assert house.orphans() == set()


def test_a_restored_older_control_store_is_refused(finished: House, world: House, tmp_path: Path) -> None:
    house = finished.copy(tmp_path / "house")
    for path in (house.root / "control").glob("chosho.db*"):
        path.unlink()
    (house.root / "control" / "chosho.db").write_bytes((world.root / "control" / "chosho.db").read_bytes())
    done = house.command(*SUBMIT)
    assert (done.returncode, done.stdout) == (16, "")
    assert done.stderr.startswith("CHSJ010S")


def test_a_bad_setting_is_refused_with_its_line(house: House) -> None:
    path = house.root / "SETTINGS.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("架空生命保険相互会社", "架" * 31), encoding="utf-8")
    refused(house, 12, "CHSD011E", "SETTINGS.yaml", "line 6 obligor.name")


@pytest.mark.parametrize(
    ("parameters", "step", "said"),
    [
        ({"TAX_YEAR": "last"}, "S210", "CHSN002E tax year last is not a year"),
        ({"MEDIUM": "FLOPPY", "MEDIUM_BYTES": "0"}, "S230", "CHSM001E no medium profile FLOPPY"),
        ({"MEDIUM_BYTES": "many"}, "S230", "CHSM002E medium capacity many"),
        ({"WORK_FACTOR": "99"}, "S250", "CHSM038E work factor 99"),
    ],
    ids=["year", "medium", "capacity", "work factor"],
)
def test_a_bad_parameter_is_refused_by_the_step_that_needs_it(
    house: House, parameters: dict[str, str], step: str, said: str
) -> None:
    result = house.january(parameters={"WORK_FACTOR": "10", **parameters})
    ended = next(one for one in result.steps if one.failed)
    assert (result.rc, ended.name, ended.rc) == (12, step, 12), house.log(result.run_id)
    assert said in house.log(result.run_id)
    assert house.orphans() == set()
