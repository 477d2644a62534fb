"""Locks on datasets and runs."""

from datetime import date

import pytest

from chosho.batch.locks import Locks, dataset_lock, run_lock
from chosho.errors import InputRefused, StopLine


def test_readers_share_and_a_writer_is_alone(tmp_path):
    one, two = Locks(tmp_path), Locks(tmp_path)
    assert one.attempt("a", exclusive=False)
    assert two.attempt("a", exclusive=False)
    assert not Locks(tmp_path).attempt("a", exclusive=True)
    one.release_all()
    two.release_all()
    assert Locks(tmp_path).attempt("a", exclusive=True)


def test_all_locks_are_taken_or_none(tmp_path):
    holder, other = Locks(tmp_path), Locks(tmp_path)
    holder.take({dataset_lock("B"): True}, wait=0, message="CHSB047E", job="ONE")
    with pytest.raises(InputRefused, match="dataset B is in use"):
        other.take(
            {dataset_lock("A"): True, dataset_lock("B"): False}, wait=0.3, message="CHSB047E", job="TWO"
        )
    assert other.descriptors == ()
    holder.release_all()
    other.take({dataset_lock("A"): True, dataset_lock("B"): False}, wait=0, message="CHSB047E", job="TWO")
    assert len(other.descriptors) == 2


def test_a_lock_file_that_was_replaced_stops_the_line(tmp_path, monkeypatch):
    locks = Locks(tmp_path)
    from chosho import disk  # to be replaced

    def swapped(path, **how):
        fd = take(path, **how)
        path.unlink()
        path.touch()
        return fd

    take = disk.lock
    monkeypatch.setattr(disk, "lock", swapped)
    with pytest.raises(StopLine, match="CHSB065S"):
        locks.attempt("a", exclusive=True)


def test_a_run_is_known_by_deck_date_and_parameters():
    name = run_lock("J", date(2027, 1, 12), {"A": "1", "B": "2"})
    assert name == run_lock("J", date(2027, 1, 12), {"B": "2", "A": "1"})
    others = [("K", 12, {"A": "1", "B": "2"}), ("J", 13, {"A": "1", "B": "2"}), ("J", 12, {"A": "1"})]
    assert all(name != run_lock(deck, date(2027, 1, day), values) for deck, day, values in others)
