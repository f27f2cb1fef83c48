"""Part 3: what a reading says of the side taken, machine, algorithm or both."""

from math import log

from rooflab.analyses.gains import gains
from rooflab.specs import Testimony
from rooflab.tracks.evidence.exhibit import Exhibit, testimony
from rooflab.tracks.evidence.shows import shown_by
from rooflab.units import format_fraction

__all__ = ["ALGORITHM", "carried_by", "carried_by_design", "strategy_says"]

ALGORITHM = "algorithm"
"""The lever of other mathematics; all other levers are the machine's."""

LEVER = "gains-"
LEAST_LOG = 0.02
SMALL_SHARE = 0.2  # a side with less of the speed-up than this did not carry it
SLIGHT_FACTOR = 1.05


def carried_by(logs: dict[str, float]) -> tuple[str, float]:
    """Return which side carried a speed-up, and the algorithm's share; no side where nothing got faster.

    Shares are those of the logarithm of the speed-up, so that factors that multiply add.
    """
    algorithm = logs.get(ALGORITHM, 0.0)
    machine = sum(logs.values()) - algorithm
    gained = max(algorithm, 0.0) + max(machine, 0.0)
    if gained < LEAST_LOG:
        return "", 0.0
    share = max(algorithm, 0.0) / gained
    if share < SMALL_SHARE:
        return "machine", share
    return ("algorithm" if share > 1 - SMALL_SHARE else "both"), share


def carried_by_design(exhibit: Exhibit) -> tuple[str, float]:
    """Return which side carried the speed-up of the design that was read, and the algorithm's share."""
    found = gains(exhibit.scenario, exhibit.start, exhibit.design, exhibit.part.levers)
    return carried_by({each.lever_id: log(each.factor) for each in found.gains})


def strategy_says(exhibit: Exhibit) -> Testimony:
    """Return what a reading says of who carried the speed-up since the start; only the factors of levers do."""
    if not exhibit.instrument.startswith(LEVER):
        shown = shown_by(exhibit.instrument)
        return testimony(f"{exhibit.said} says {shown}, not whether machine or algorithm made it so.")
    side, share = carried_by_design(exhibit)
    if not side:
        return testimony(f"{exhibit.said}, in a design that is no faster than the start: no speed-up to attribute.")
    algorithm, machine = format_fraction(share), format_fraction(1 - share)
    words = f"{exhibit.said}; of the whole speed-up the algorithm carries {algorithm}, the machine {machine}."
    if exhibit.instrument == f"{LEVER}{ALGORITHM}":
        return _of_algorithm(side, words)
    return _of_machine(side, exhibit.value, words)


def _of_algorithm(side: str, words: str) -> Testimony:
    if side == "machine":
        return testimony(words, supports=("machine",), contradicts=("algorithm", "both"))
    return testimony(words, supports=(side,), contradicts=("machine",))


def _of_machine(side: str, factor: float, words: str) -> Testimony:
    if side == "algorithm":
        return testimony(words, supports=("algorithm",), contradicts=("both", "machine"))
    if factor < SLIGHT_FACTOR:
        return testimony(f"{words} This change is not what did it.")
    return testimony(words, supports=(side,), contradicts=("algorithm",))
