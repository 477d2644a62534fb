"""BagIt tag files."""

import hashlib
from dataclasses import replace

import pytest

from chosho.errors import StopLine
from chosho.media import bag, sizes
from tests.media.discs import VOLUME, disc_contents, sha256

PAYLOAD = [bag.PayloadFile(path="data/310dat01.txt.age", size=5, sha256="0" * 64)]


def test_a_bag_has_the_files_of_rfc_8493_and_the_two_texts() -> None:
    assert set(bag.tag_files(VOLUME, PAYLOAD)) == {
        "bagit.txt",
        "bag-info.txt",
        "journal-head.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "README.TXT",
        "お読みください.txt",
    }


def test_the_manifest_is_what_sha256sum_reads() -> None:
    assert bag.tag_files(VOLUME, PAYLOAD)[bag.MANIFEST] == b"0" * 64 + b"  data/310dat01.txt.age\n"


def test_the_tag_manifest_names_every_other_tag_file() -> None:
    files = bag.tag_files(VOLUME, PAYLOAD)
    listed = bag.parse_manifest(files[bag.TAG_MANIFEST], name=bag.TAG_MANIFEST)
    assert listed == {path: sha256(data) for path, data in files.items() if path != bag.TAG_MANIFEST}


def test_bag_info_says_where_the_volume_stands_and_which_passphrase_it_takes() -> None:
    info = bag.parse_info(bag.tag_files(replace(VOLUME, number=2, count=3), PAYLOAD)[bag.BAG_INFO])
    assert info["Bag-Count"] == "2 of 3"
    assert info["Payload-Oxum"] == "5.1"
    assert info["External-Identifier"] == VOLUME.id
    assert info["Password-Id"] == VOLUME.password_id
    assert info["Journal-Head"] == VOLUME.journal_head
    assert info["Bagging-Date"] == "2027-01-12"


def test_a_line_break_in_a_setting_makes_no_label() -> None:
    files = bag.tag_files(replace(VOLUME, organization="A\nPayload-Oxum: 1.1"), PAYLOAD)
    assert bag.parse_info(files[bag.BAG_INFO])["Payload-Oxum"] == "5.1"


def test_tag_files_take_the_sectors_that_the_plan_counts() -> None:
    longest = replace(VOLUME, id="S20270112_99V198", number=198, count=198, organization="架" * 30)
    for volume in (VOLUME, longest):
        for count in (1, 22, 23, 24, 150):
            payload = [
                replace(PAYLOAD[0], path=f"data/310dat{number:02d}.txt.age") for number in range(count)
            ]
            files = bag.tag_files(volume, payload)
            for path, room in bag.tag_sizes([file.path for file in payload]):
                assert sizes.sectors(len(files[path])) == sizes.sectors(room), path


def test_a_tag_file_that_outgrows_the_plan_stops() -> None:
    with pytest.raises(StopLine, match="CHSM030S"):
        bag.tag_files(replace(VOLUME, organization="架" * 900), PAYLOAD)


@pytest.mark.parametrize(
    "data", [b"zz  data/x\n", b"0" * 64 + b" data/x\n", (b"0" * 64 + b"  data/x\n") * 2, b"\xff" * 70]
)
def test_a_damaged_manifest_stops(data: bytes) -> None:
    with pytest.raises(StopLine, match="CHSM024S"):
        bag.parse_manifest(data, name=bag.MANIFEST)


def test_every_digest_of_a_disc_is_right() -> None:
    contents = disc_contents()
    listed = bag.parse_manifest(contents[bag.MANIFEST], name=bag.MANIFEST)
    assert listed == {
        path: hashlib.sha256(data).hexdigest() for path, data in contents.items() if path.startswith("data/")
    }
