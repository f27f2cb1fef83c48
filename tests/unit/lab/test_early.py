"""What the page wrote down before Python was there."""

import pytest

from rooflab.errors import LedgerUnreadable
from rooflab.lab.ledger.early import parse_early

EARLY = {
    "track": "cloud-titan",
    "part": 1,
    "at": "2026-11-02T09:30:00.123Z",
    "answers": {"slope": {"choice": 1, "confidence": "0.9"}},
}


def test_an_early_submission_is_read():
    early = parse_early(EARLY)

    assert early.answers["slope"] == (1, "0.9")
    assert early.at == EARLY["at"]


def test_nothing_written_is_nothing():
    assert parse_early(None) is None


@pytest.mark.parametrize(
    "damage",
    [
        {"track": ""},
        {"track": 1},
        {"part": 4},
        {"part": True},
        {"at": "yesterday"},
        {"answers": {}},
        {"answers": []},
        {"answers": {"slope": 1}},
        {"answers": {"slope": {"choice": 1}}},
        {"answers": {"slope": {"choice": {}, "confidence": 1}}},
        {"answers": {"slope": {"choice": "a" * 1000, "confidence": 1}}},
        {"answers": {"slope": {"choice": float("nan"), "confidence": 1}}},
        {"html": "<b>"},
    ],
    ids=str,
)
def test_a_damaged_one_is_refused_and_asks_again(damage):
    with pytest.raises(LedgerUnreadable, match="submit it once more"):
        parse_early(EARLY | damage)
