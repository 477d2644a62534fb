"""Damage between two steps: one changed bit in a file that the run has made is found and stops the line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.house import RUN, STEPS, House, Outcome, outcome

Before = Callable[[str], House]


def only(house: House, dsn: str) -> Path:
    """Return the first file of a dataset."""
    return next(iter(house.paths(dsn).values()))


def flip(path: Path, place: float) -> None:
    """Change one bit; ``place`` is 0 for the first byte, 1 for the last."""
    data = bytearray(path.read_bytes())
    data[int((len(data) - 1) * place)] ^= 0x10
    path.write_bytes(data)


def assert_stopped(house: House, step: str, *said: str, rc: int = 16) -> None:
    """Hold that the run stops in a step, which leaves nothing visible but what it must."""
    result = house.january(restart="best")
    ended = next(one for one in result.steps if one.name == step)
    log = house.log(RUN)
    assert (result.rc, ended.rc, [one.name for one in result.steps if one.state == "ok"]) == (
        rc,
        rc,
        list(STEPS[: STEPS.index(step)]),
    ), log
    assert any(one in log for one in said), log
    with house.store() as store:
        made = [one for dsn in store.generations.datasets() for one in store.generations.catalogued(dsn)]
    assert {one.dd for one in made if one.step == step} <= {
        "UNMATCH",
        "CHANGES",
        "REVIEW",
        "FINDINGS",
        "VERIFY",
    }
    assert house.orphans() == set()


SEALED = (
    ("S220", "CHOSHO.NUMBER.MASTER"),
    ("S220", "CHOSHO.PAYMENT.DATA"),
    ("S230", "CHOSHO.PAYMENT.MATCH"),
    ("S236", "CHOSHO.STATEMENT.CHANGES"),
    ("S240", "CHOSHO.STATEMENT.K310"),
    ("S250", "CHOSHO.STATEMENT.K366"),
)


@pytest.mark.parametrize("place", [0.0, 0.5, 1.0], ids=["magic", "middle", "end"])
@pytest.mark.parametrize(("step", "dsn"), SEALED, ids=[f"{step} {dsn}" for step, dsn in SEALED])
def test_one_changed_bit_of_a_sealed_part_stops_the_step_that_reads_it(
    before: Before, step: str, dsn: str, place: float
) -> None:
    house = before(step)
    flip(only(house, dsn), place)
    assert_stopped(house, step, "CHSK030S", "CHSK031S", "CHSD108S")


def test_a_changed_header_does_not_open(before: Before) -> None:
    """The name of the dataset stands in the header of a part: another name is another file, or none."""
    house = before("S220")
    path = only(house, "CHOSHO.PAYMENT.DATA")
    path.write_bytes(path.read_bytes().replace(b"CHOSHO.PAYMENT.DATA", b"CHOSHO.PAYMENT.DATB", 1))
    assert_stopped(house, "S220", "CHSK030S", "CHSK032S")


@pytest.mark.parametrize("length", [0, 100, -1, 1], ids=["empty", "cut", "one byte less", "one byte more"])
def test_a_part_of_another_length_stops_the_line(before: Before, length: int) -> None:
    house = before("S230")
    path = only(house, "CHOSHO.PAYMENT.DATA")
    data = path.read_bytes()
    path.write_bytes(data + b"\0" if length == 1 else data[:length])
    assert_stopped(house, "S230", "CHSD130S CHOSHO.PAYMENT.DATA.G0001V00 part 0001")


def test_parts_that_change_places_do_not_open(before: Before) -> None:
    house = before("S240")
    first, second = only(house, "CHOSHO.STATEMENT.K310"), only(house, "CHOSHO.PAYMENT.DATA")
    data = second.read_bytes()
    size = first.stat().st_size
    assert len(data) > size
    first.write_bytes(data[:size])
    assert_stopped(house, "S240", "CHSK032S", "CHSK033S")


def test_a_mended_part_lets_the_run_go_on(before: Before, clean: Outcome, tmp_path: Path) -> None:
    house = before("S240")
    path = only(house, "CHOSHO.STATEMENT.K310")
    flip(path, 0.7)
    assert_stopped(house, "S240", "CHSK031S")
    flip(path, 0.7)
    assert house.january(restart="best").rc == 4
    assert outcome(house, tmp_path / "plain") == clean
    assert house.faults() == []


@pytest.mark.parametrize("place", [0.3, 0.8, 1.0], ids=["third", "four fifths", "end"])
def test_a_changed_bit_of_an_encrypted_file_never_reaches_the_register(before: Before, place: float) -> None:
    house = before("S260")
    flip(only(house, "CHOSHO.MEDIA.AGE"), place)
    result = house.january(restart="best")
    assert result.rc == 16, house.log(RUN)
    with house.store() as store:
        assert store.media.all() == ()
    assert house.catalogued()["CHOSHO.PAYMENT.DATA"] == [1], (
        "the payment data must live until a disc is sound"
    )
    assert "CHOSHO.MEDIA.TRANSMITTAL" not in {dsn for dsn, numbers in house.catalogued().items() if numbers}


@pytest.mark.parametrize("sector", [16, 17, 19, 21, -20, -170, -174])
def test_a_damaged_image_is_found_before_it_is_registered(before: Before, sector: int) -> None:
    house = before("S270")
    path = only(house, "CHOSHO.MEDIA.IMAGE")
    data = bytearray(path.read_bytes())
    at = sector * 2048 + 200 if sector > 0 else len(data) + sector * 512
    data[at] ^= 0x01
    path.write_bytes(data)
    result = house.january(restart="best")
    log = house.log(RUN)
    assert result.rc == 16, log
    # In a file of the image the digest of the file tells; elsewhere that of the whole image.
    assert "CHSM022S volume J20270112_01V01: content of data/" in log or "CHSM043S" in log
    with house.store() as store:
        assert store.media.all() == ()
        assert store.generations.catalogued("CHOSHO.PAYMENT.DATA") != ()
        assert [one.step for one in store.generations.catalogued("CHOSHO.MEDIA.VERIFY")] == ["S270"]
        assert store.runs.steps(RUN)["S270"].rc == 16


def test_the_command_finds_a_damaged_copy_of_the_disc(finished: House, tmp_path: Path) -> None:
    house = finished.copy(tmp_path / "house")
    disc = tmp_path / "disc.iso"
    disc.write_bytes(only(house, "CHOSHO.MEDIA.IMAGE").read_bytes())
    secret = tmp_path / "passphrase"
    secret.write_text(house.key_store().password(f"PW-{RUN}-V01"))
    flip(disc, 0.5)
    for words in (("verify", str(disc)), ("open", str(disc), "--out", str(tmp_path / "out"))):
        done = house.command("media", *words, "--passphrase-file", str(secret))
        assert (done.returncode, done.stdout) == (16, "")
        assert done.stderr.startswith("CHSM022S volume J20270112_01V01: content of data/")
    assert list((tmp_path / "out").glob("*")) == []


@pytest.mark.parametrize(("offset", "what"), [(24, "bytes"), (32, "records"), (48, "yen")])
def test_a_changed_plan_is_contradicted_by_the_disc(before: Before, offset: int, what: str) -> None:
    """The plan is not sealed; whoever changes its figures is found by what is built or read back."""
    house = before("S250")
    path = only(house, "CHOSHO.MEDIA.PLAN")
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x01
    path.write_bytes(data)
    result = house.january(restart="best")
    assert result.rc in (8, 16), (what, house.log(RUN))
    with house.store() as store:
        assert store.media.all() == ()
        assert store.generations.catalogued("CHOSHO.PAYMENT.DATA") != ()


def test_a_damaged_control_store_is_refused_with_a_message(finished: House, tmp_path: Path) -> None:
    house = finished.copy(tmp_path / "house")
    path = house.root / "control" / "chosho.db"
    data = bytearray(path.read_bytes())
    data[:4096] = bytes(4096)
    path.write_bytes(data)
    done = house.command("submit", "JANUARY", "--date", "2027-01-13")
    assert done.returncode == 16, done.stderr
    assert done.stderr.startswith(("CHSJ004S", "CHSJ005S"))
    assert "Traceback" not in done.stderr
