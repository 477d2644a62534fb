"""The rule table."""

import pytest

from chosho.codec import check_codes as codes
from chosho.statement.check_rules import IDS, RULES


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_fits_a_finding_and_says_where_it_is_written(rule):
    assert len(rule.id) <= 8
    assert rule.severity in {"E", "W"}
    assert all((rule.ja, rule.en, rule.source))


def test_every_number_of_the_kernel_is_the_rule_of_its_name():
    numbers = {
        name.removeprefix("R_"): number for name, number in vars(codes).items() if name.startswith("R_")
    }
    assert dict(zip(IDS[: codes.RULES], range(codes.RULES), strict=True)) == numbers
