"""The vehicle's frame times beside those of the learner's machine, once their own lock is open."""

from __future__ import annotations

from rooflab.evaluate import evaluate
from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.setting import setting
from rooflab.lab.steps.progress import progress

__all__ = ["vehicle_percentiles"]

TRACK, PART = "edge-guardian", 1


def vehicle_percentiles(ledger: Ledger) -> tuple[tuple[str, float], ...]:
    """Return p50, p99 and p99.9 of the vehicle's frame in its crisis, in seconds; nothing before its answers were revealed."""
    if not progress(TRACK, ledger).part(PART).reveals:
        return ()
    place = setting(TRACK, PART, ledger.variant)
    outcome = evaluate(place.scenario, place.start)
    return (("p50", float(outcome.p50_s)), ("p99", float(outcome.p99_s)), ("p99.9", float(outcome.p999_s)))
