"""Rights: everything is allowed today, and a narrower table is obeyed."""

import pytest

from chosho.control.rights import EVERYBODY, check
from chosho.errors import InputRefused


def test_the_table_of_today_allows_everything() -> None:
    check("anybody", "master.use")


def test_a_narrower_table_is_obeyed() -> None:
    table = {
        "tanaka": frozenset({"master.use"}),
        EVERYBODY: frozenset({"media.use"}),
        "root": frozenset({EVERYBODY}),
    }
    check("tanaka", "master.use", table)
    check("tanaka", "media.use", table)
    check("root", "payment.use", table)
    with pytest.raises(InputRefused, match="CHSJ040E"):
        check("suzuki", "master.use", table)
