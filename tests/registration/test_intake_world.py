"""The intake over a night of the synthetic world: every request comes out as its case says."""

import datetime as dt

import numpy as np

from chosho.copybook import load
from chosho.fixtures import arrivals, cases, contract_file, office_file, payee_file, terminal_file
from chosho.fixtures.request import Channel as Arrived
from chosho.fixtures.world import World as Synthetic
from chosho.registration import decision
from chosho.registration.channels import CHANNELS
from tests.registration.intakes import HOST, Waiting, World, run

SYNTHETIC = Synthetic(20_000, 1, 2026)
FILES = {
    "CONTRACT": contract_file,
    "PAYEE": payee_file,
    "OFFICE": office_file,
    "TERMMAST": terminal_file,
}
OF_THE_UPDATE = {"NREG", "NHLD", "HELD"}


class Night(World):
    """The masters of the synthetic world."""

    def source(self, layout):
        return FILES[layout.name].blocks(SYNTHETIC), layout, HOST


def test_every_request_of_a_night_comes_out_as_its_case_says():
    night = arrivals.night(SYNTHETIC, dt.date(2027, 1, 12), 3000, 5)
    files = {}
    for channel in CHANNELS:
        data = night.file(Arrived(channel.code.decode()), 1)
        files[channel.dd] = [Waiting(np.frombuffer(data, np.uint8).reshape(-1, 200), cuts=(777,))]
    result = run(files, Night(), target=1 << 20)
    assert all(result.refused(channel) == [""] for channel in CHANNELS)
    found = {(one["CHANNEL"], int(one["RECORD-NO"])): one["REASON"] for one in result.rejected}
    places = list(zip(night.channel.tolist(), night.record_no.tolist(), strict=True))
    expected = {
        place: reason
        for place, reason in zip(places, night.reason.tolist(), strict=True)
        if reason and reason not in OF_THE_UPDATE
    }
    assert found == expected
    assert result.counts["accepted"] == 3000 - len(expected)
    shown = {case.reason for case in cases.CASES}
    assert set(decision.MEANINGS) <= shown, "the fixtures show every reason of the tables"
    assert {field.name for field in load("REGTRAN").fields if not field.filler} == set(result.accepted[0])
