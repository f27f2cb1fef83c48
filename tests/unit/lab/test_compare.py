"""Two tracks beside each other."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from rooflab import tracks
from rooflab.lab.ledger.entries import Reflection
from rooflab.lab.ledger.ledger import append
from rooflab.lab.report.compare import PartResult, Ridge, TrackColumn, _findings, comparison, tracks_done
from rooflab.model.roofline import BOUNDS
from tests.unit.lab.fakes import BEST, TEMPTING, ledger_of, school, studied


@pytest.fixture
def two(monkeypatch):
    made = school(), school(track_id="night-school")
    monkeypatch.setattr(tracks, "TRACKS", (*tracks.TRACKS, *made))
    return made


def both(two, **options):
    """Return the ledger of a learner of both tracks; evidence names entries by their place, which moves."""
    ledger = studied(two[0], **options)
    moved = len(ledger.entries)
    for entry in studied(two[1], **options).entries:
        if isinstance(entry, Reflection):
            entry = replace(entry, evidence=tuple(seq + moved for seq in entry.evidence))
        ledger = append(ledger, entry)
    return ledger


def test_one_track_is_no_comparison(two):
    assert comparison(ledger_of()) is None
    assert comparison(studied(two[0])) is None
    assert tracks_done(studied(two[0])) == ("school",)
    assert tracks_done(studied(two[0], parts=2)) == ()


def test_two_tracks_stand_beside_each_other(two):
    found = comparison(both(two, attempts=(TEMPTING, BEST)))

    assert [column.track_id for column in found.columns] == ["school", "night-school"]
    part = found.columns[0].parts[1]
    assert part.winner.startswith("Batch: 32 sequences to 96 sequences")
    assert part.value == "Throughput 2\N{NO-BREAK SPACE}598 tokens/s"
    assert part.chosen == "attempt 2: the best feasible design"
    assert sum(part.shares) == pytest.approx(1)


def test_ridges_are_those_of_the_devices(two):
    (first, second) = comparison(both(two)).columns[0].ridges

    # A100 80 GB: 312 TFLOP/s over 2.039 TB/s; H100: 989.4 over 3.35.
    assert first.ridge_flop_per_byte == pytest.approx(312e12 / 2.039e12)
    assert second.ridge_flop_per_byte == pytest.approx(989.4e12 / 3.35e12, rel=1e-3)


def test_what_differs_is_said_in_sentences(two):
    findings = comparison(both(two, choice="no")).findings

    assert findings[0].startswith("The ridge point lies at 153 FLOP/byte")
    assert findings[1].startswith("The crisis is bound by the same on all tracks. School: memory")
    assert findings[-1].startswith("Your predictions were right for ")


def column(name, ridge, shares, right):
    """Return a track's column in which every number is its own."""
    part = PartResult(
        number=1,
        title="",
        winner="",
        value="",
        bound=BOUNDS[shares.index(max(shares))],
        shares=shares,
        predictions=tuple(SimpleNamespace(right=each, repeat=False) for each in right),
        chosen="",
    )
    return TrackColumn(track_id=name, name=name, ridges=(Ridge(device=f"chip {name}", ridge_flop_per_byte=ridge),), parts=(part,))


def test_every_number_of_a_finding_is_that_of_its_track():
    columns = (
        column("A", 12.0, (0.61, 0.2, 0.1, 0.09), (True, False, None)),
        column("B", 345.0, (0.52, 0.3, 0.1, 0.08), (True, True, True)),
        column("C", 0.7, (0.1, 0.73, 0.1, 0.07), (False, False)),
    )
    ridges, crisis, predicted = _findings(columns)

    # From the least to the most, each on its own chip.
    assert "0.7 FLOP/byte on chip C and at 345 on chip B" in ridges
    assert crisis == (
        "The crisis is not bound by the same on all tracks. "
        "A: memory, 61% of the step; B: memory, 52% of the step; C: compute, 73% of the step."
    )
    assert predicted == "Your predictions were right for 1 of 2 on A, 3 of 3 on B, 0 of 2 on C."
