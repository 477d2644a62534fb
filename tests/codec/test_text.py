"""Strings to field bytes."""

import pytest

from chosho.codec.codepages import PAGES
from chosho.codec.decode import decode
from chosho.codec.text import encode_text
from chosho.errors import InputRefused
from tests.codec.layouts import national, text


@pytest.mark.parametrize("page", PAGES)
def test_what_is_written_is_read_as_the_same_cp932_text(page):
    strings = ["ABC 123", "", "村田　花子", "摘要 A村ｱ村", "〜―∥－￤", "纊髙﨑"]
    batch, faults = decode([text("A", 40)], page, encode_text(strings, page, 40))
    assert len(faults) == 0
    expected = [value.replace("〜", "～") for value in strings]
    assert expected == [bytes(value).decode("cp932") for value in batch.column(0).to_pylist()]


@pytest.mark.parametrize("page", PAGES)
def test_a_national_field_is_padded_with_wide_spaces(page):
    batch, faults = decode(
        [national("A", 12)], page, encode_text(["村田", "", "一二三四五六"], page, 12, national=True)
    )
    assert len(faults) == 0
    assert ["村田", "", "一二三四五六"] == [value.decode("cp932") for value in batch.column(0).to_pylist()]


def test_characters_of_jis_x_0213_that_cp932_lacks_can_be_written_for_the_host():
    assert "ecb5" == bytes(encode_text(["か゚"], "IBM-1399", 2, national=True)[0]).hex()
    assert "0eecb50f" == bytes(encode_text(["か゚"], "IBM-1399", 4)[0]).hex()
    assert "b341" != bytes(encode_text(["𠮟"], "IBM-1399", 2, national=True)[0]).hex()


@pytest.mark.parametrize(
    ("page", "value", "length", "wide"),
    [
        ("IBM-1399", "𠮷", 10, True),
        ("IBM-939", "か゚", 10, True),
        ("IBM-1399", "村A", 10, True),
        ("IBM-1399", "村村村", 4, True),
        ("IBM-1399", "村村", 5, False),
        ("IBM-1399", "村\n", 10, False),
        ("CP932", "𠮷", 10, False),
        ("CP932", "A\n", 10, False),
        ("CP932", "村A", 10, True),
        ("CP932", "村村", 3, False),
        ("IBM-1399", "\ufdd0", 10, True),
        ("CP932", "村", 3, True),
    ],
)
def test_a_text_that_cannot_be_written_without_loss_is_refused_by_its_place(page, value, length, wide):
    with pytest.raises(InputRefused) as caught:
        encode_text(["", value], page, length, national=wide)
    assert value not in str(caught.value)
    assert caught.value.fields.get("place", 1) == 1
