"""Time spent, from the times of entries."""

from dataclasses import replace

from rooflab.lab.ledger.entries import Hint
from rooflab.lab.ledger.ledger import append
from rooflab.lab.steps.pace import PAUSE_S, time_spent_s
from tests.unit.lab.fakes import here, ledger_of


def at(*times, part=1):
    ledger = ledger_of()
    for time in times:
        ledger = append(ledger, Hint(**here(part, at=time), step="explore", level=1))
    return ledger


def test_time_between_entries_counts_for_the_later_one():
    spent = time_spent_s(at("2026-11-02T09:31:00Z", "2026-11-02T09:33:30Z"))

    assert spent == {("school", 1): 60 + 150}


def test_a_long_silence_counts_as_a_pause():
    assert time_spent_s(at("2026-11-03T09:30:00Z")) == {("school", 1): PAUSE_S}


def test_a_clock_that_goes_backwards_adds_nothing():
    spent = time_spent_s(at("2026-11-02T09:35:00Z", "2026-11-02T09:31:00Z"))

    assert spent == {("school", 1): 300}


def test_a_date_that_does_not_exist_is_passed_over():
    ledger = at("2026-02-31T09:31:00Z", "2026-11-02T09:32:00Z")

    assert time_spent_s(ledger) == {("school", 1): 120}


def test_parts_are_kept_apart():
    ledger = append(at("2026-11-02T09:31:00Z"), Hint(**here(2, at="2026-11-02T09:31:30.5Z"), step="explore", level=1))

    assert time_spent_s(ledger) == {("school", 1): 60, ("school", 2): 30.5}


def test_a_leap_second_is_a_time():
    assert time_spent_s(replace(at("2026-11-02T09:30:60Z"))) == {("school", 1): 59}
