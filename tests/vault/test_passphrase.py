"""Passphrases: strength, form, and the mistypes that the check character finds."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.errors import InputRefused
from chosho.vault.passphrase import ALPHABET, check_passphrase, generate_passphrase


def test_a_passphrase_is_27_characters_in_groups() -> None:
    groups = generate_passphrase().split("-")
    assert [len(group) for group in groups] == [5, 5, 5, 5, 5, 2]
    assert set("".join(groups)) <= set(ALPHABET)


def test_no_two_passphrases_are_alike_and_every_character_occurs_in_every_random_place() -> None:
    made = [generate_passphrase().replace("-", "") for _ in range(1000)]
    assert len(set(made)) == 1000
    assert all(len({text[place] for text in made}) == 32 for place in range(26))


def test_a_typed_passphrase_comes_back_as_printed() -> None:
    printed = generate_passphrase()
    assert check_passphrase(printed) == printed
    assert check_passphrase(f"  {printed.lower().replace('-', ' ')}\n") == printed
    assert check_passphrase(printed.replace("0", "o").replace("1", "l").replace("-", "")) == printed
    assert check_passphrase(printed.replace("0", "O").replace("1", "I")) == printed


def test_every_single_wrong_character_is_found() -> None:
    printed = generate_passphrase()
    for place, character in itertools.product(range(len(printed)), ALPHABET):
        if printed[place] not in {"-", character}:
            with pytest.raises(InputRefused, match="CHSK050E"):
                check_passphrase(printed[:place] + character + printed[place + 1 :])


def test_every_exchange_of_two_characters_is_found() -> None:
    letters = list(generate_passphrase().replace("-", ""))
    for one, other in itertools.combinations(range(27), 2):
        if letters[one] != letters[other]:
            swapped = letters.copy()
            swapped[one], swapped[other] = letters[other], letters[one]
            with pytest.raises(InputRefused, match="CHSK050E"):
                check_passphrase("".join(swapped))


@given(st.text(min_size=8, max_size=40))
def test_what_is_not_a_passphrase_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(InputRefused, match="CHSK050E") as raised:
        check_passphrase(text)
    assert text not in str(raised.value)


def test_a_left_out_character_is_named_as_a_length() -> None:
    with pytest.raises(InputRefused, match="26 characters, not 27"):
        check_passphrase(generate_passphrase()[:-1])
