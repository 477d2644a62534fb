"""A disc against its manifests, and its decryption."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chosho.errors import InputRefused, StopLine
from chosho.media.contents import check_bag, file_name, plain_chunks
from chosho.media.disc import Disc
from tests.media.discs import PASSPHRASE, ROWS, disc_contents, encrypted, make_image, raw_image, sha256, tags

AGE = "data/310dat01.txt.age"
Contents = dict[str, bytes]


def test_a_sound_disc_gives_its_payload(tmp_path: Path) -> None:
    with Disc(make_image(tmp_path)) as disc:
        files = check_bag(disc)
        assert [file.path for file in files] == [AGE, "data/366dat01.txt.age"]
        assert b"".join(map(bytes, plain_chunks(disc, AGE, PASSPHRASE))) == ROWS["310dat01.txt"]


def _flip(path: str) -> Callable[[Contents], None]:
    def spoil(contents: Contents) -> None:
        contents[path] = contents[path][:-1] + bytes([contents[path][-1] ^ 1])

    return spoil


def _lack(path: str) -> Callable[[Contents], None]:
    return lambda contents: contents.pop(path) and None


def _add(path: str) -> Callable[[Contents], None]:
    return lambda contents: contents.update({path: b"more"})


def _recount(contents: Contents) -> None:
    info = contents["bag-info.txt"].replace(b".2\n", b".3\n")
    manifest = contents["tagmanifest-sha256.txt"].decode()
    contents["tagmanifest-sha256.txt"] = manifest.replace(
        sha256(contents["bag-info.txt"]), sha256(info)
    ).encode()
    contents["bag-info.txt"] = info


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_lack(AGE), "CHSM020S.*data/310dat01.txt.age"),
        (_lack("bagit.txt"), "CHSM020S.*bagit.txt"),
        (_lack("README.TXT"), "CHSM020S.*README.TXT"),
        (_lack("manifest-sha256.txt"), "CHSM020S"),
        (_add("data/310dat02.txt.age"), "CHSM021S.*310dat02"),
        (_add("AUTORUN.INF"), "CHSM021S.*AUTORUN"),
        (_flip(AGE), "CHSM022S.*310dat01"),
        (_flip("README.TXT"), "CHSM022S.*README"),
        (_flip("manifest-sha256.txt"), "CHSM022S.*manifest"),
        (_recount, r"CHSM023S.*\.2.*\.3"),
        (_flip("tagmanifest-sha256.txt"), "CHSM02[0-4]S"),
    ],
)
def test_each_damage_has_its_message(tmp_path: Path, spoil: Callable[[Contents], None], message: str) -> None:
    contents = disc_contents()
    spoil(contents)
    with Disc(raw_image(tmp_path / "x.iso", contents)) as disc, pytest.raises(StopLine, match=message):
        check_bag(disc)


def test_a_wrong_passphrase_is_refused_by_its_own_message(tmp_path: Path) -> None:
    with Disc(make_image(tmp_path)) as disc, pytest.raises(InputRefused, match=r"CHSM025E.*310dat01\.txt"):
        list(plain_chunks(disc, AGE, "another passphrase"))


@pytest.mark.parametrize("keep", [-1, 200, 100, 10])
def test_a_damaged_encrypted_file_under_a_right_manifest_stops(tmp_path: Path, keep: int) -> None:
    payload = {AGE: encrypted(bytes(70_000))[:keep]}
    path = raw_image(tmp_path / "x.iso", payload | tags(payload))
    with Disc(path) as disc:
        assert [file.path for file in check_bag(disc)] == [AGE]
        with pytest.raises(StopLine, match="CHSM026S"):
            list(plain_chunks(disc, AGE, PASSPHRASE))


def test_a_payload_of_another_name_stops() -> None:
    assert file_name(AGE) == "310dat01.txt"
    with pytest.raises(StopLine, match="CHSM041S"):
        file_name("data/../../etc/passwd")
