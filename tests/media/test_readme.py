"""The texts for strangers."""

import re

from chosho.media import bag, names
from tests.media.discs import VOLUME

FILES = bag.tag_files(VOLUME, [])
ENGLISH = FILES[names.README_ASCII]
JAPANESE = FILES[names.README_JAPANESE]


def test_every_line_of_the_texts_ends_with_crlf() -> None:
    for data in (ENGLISH, JAPANESE):
        assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r") > 20
        assert data.endswith(b"\r\n")


def test_the_english_text_is_ascii_and_short_lined() -> None:
    assert max(len(line) for line in ENGLISH.decode("ascii").split("\r\n")) <= 72


def test_the_japanese_text_is_shift_jis_without_extensions() -> None:
    assert "お" not in JAPANESE.decode("cp932")[:1]
    assert JAPANESE.decode("shift_jis") == JAPANESE.decode("cp932")


def test_the_texts_say_which_disc_and_which_passphrase() -> None:
    for text in (ENGLISH.decode("ascii"), JAPANESE.decode("cp932")):
        assert VOLUME.id in text
        assert VOLUME.password_id in text
        assert "age -d -o" in text
        assert "chosho media open" in text
        assert "sha256sum -c manifest-sha256.txt" in text


def test_nothing_is_left_to_fill_in() -> None:
    for text in (ENGLISH.decode("ascii"), JAPANESE.decode("cp932")):
        assert not re.search(r"[${}?�]", text)
