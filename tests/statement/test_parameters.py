"""The parameters of the builder: the settings file as it ships, and what is refused."""

import pytest

from chosho.errors import InputRefused
from chosho.statement.parameters import Parameters


def test_no_settings_give_the_documented_defaults():
    assert Parameters(tax_year=2026) == Parameters.of("2026", {})


def test_the_settings_decide():
    given = {
        "nta": {
            "zero_amount": "empty",
            "last_item": "space",
            "change_count": "zero",
            "ratio_decimal": "right",
        }
    }
    parameters = Parameters.of("2026", given)
    assert ("empty", "space", "zero", "right", "geta") == (
        parameters.zero_amount,
        parameters.last_item,
        parameters.change_count,
        parameters.ratio_decimal,
        parameters.address_unwritable,
    )


def test_the_year_of_a_month_is_its_year():
    assert Parameters.of("202601", {}) == Parameters.of("2026", {})


def test_an_exemption_is_whole_yen():
    assert Parameters.of("2026", {"nta": {"change_exempt": 0}}).change_exempt == 0
    assert Parameters(tax_year=2026).change_exempt == 1_000_000


@pytest.mark.parametrize(
    "year", ["202600", "202613", "20261", "20260101", "", "26", "2012", "2118", "令和8", "２０２６", "-2026"]
)
def test_a_year_without_a_layout_is_refused(year):
    with pytest.raises(InputRefused, match="CHSN002E"):
        Parameters.of(year, {})


@pytest.mark.parametrize(
    "nta",
    [
        {"zero_amount": "none"},
        {"zero_amounts": "zero"},
        {"last_item": True},
        {"change_exempt": -1},
        {"change_exempt": "1"},
        {"change_exempt": True},
        {"amount_findings": "no"},
    ],
)
def test_an_unknown_setting_or_value_is_refused(nta):
    with pytest.raises(InputRefused, match="CHSN003E"):
        Parameters.of("2026", {"nta": nta})
