"""The pair of persons has the fields of the payment data it is made of."""

import numpy as np

from chosho.copybook import load
from chosho.match.pair import pairs
from tests.extract.flows import rows, run
from tests.extract.records import CONTRACT, PAYSRC, host
from tests.extract.worlds import world


def test_a_pair_has_the_values_of_its_payment():
    records, contracts = world(5)
    paydata = run(host(PAYSRC, records), host(CONTRACT, contracts)).paydata
    names = load("PAYPAIR").named()
    expected = [{name: row[name] for name in names} for row in rows(load("PAYDATA"), paydata)]
    found = np.concatenate(list(pairs([paydata[:7], paydata[7:]])))
    assert rows(load("PAYPAIR"), found) == expected
