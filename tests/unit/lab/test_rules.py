"""Ten attempts a part, one of them final."""

import json

import pytest

from rooflab.errors import LedgerError
from rooflab.lab.ledger import append, dump, parse
from tests.unit.lab.fakes import designed, ledger_of, mission

START = mission().baseline
ATTEMPT = designed(START, "attempt")


def test_ten_attempts_are_taken_and_the_eleventh_is_refused():
    ledger = ledger_of(*[ATTEMPT] * 10)

    with pytest.raises(LedgerError, match="10 attempts"):
        append(ledger, ATTEMPT)


def test_another_part_has_its_own_ten():
    ledger = append(ledger_of(*[ATTEMPT] * 10), designed(START, "attempt", part=3))

    assert len(ledger.entries) == 11


def test_exploring_is_not_counted():
    ledger = ledger_of(*[designed(START, "explored")] * 12, ATTEMPT)

    assert len(ledger.entries) == 13


def test_no_attempt_comes_after_the_final_design():
    ledger = ledger_of(ATTEMPT, designed(START, "final"))

    with pytest.raises(LedgerError, match="named already"):
        append(ledger, ATTEMPT)


def test_the_final_design_is_one_of_the_attempts():
    with pytest.raises(LedgerError, match="one of the attempts"):
        append(ledger_of(ATTEMPT), designed(START.replace(batch=64), "final"))


def test_a_file_with_eleven_attempts_is_still_read():
    document = json.loads(dump(ledger_of(*[ATTEMPT] * 10)))
    document["entries"].append(document["entries"][-1] | {"seq": 10})

    assert len(parse(json.dumps(document)).entries) == 11
