"""The roof of the learner's own machine, as the ledger recorded it: to be drawn beside a track's, on request."""

from __future__ import annotations

from rooflab.lab.ledger.ledger import Ledger
from rooflab.lab.ledger.machine_entries import MachineMeasured
from rooflab.specs import Roof

__all__ = ["own_roof"]

_ROOFS = (("all-peak", "all-bandwidth", "This machine, all cores"), ("peak", "bandwidth", "This machine, one core"))


def own_roof(ledger: Ledger) -> Roof | None:
    """Return the roof of the last measurement, of all cores where they were measured; None without one."""
    entry = next((each for each in reversed(ledger.entries) if isinstance(each, MachineMeasured)), None)
    for peak, bandwidth, name in _ROOFS if entry else ():
        found = entry.figures.get(peak, 0.0), entry.figures.get(bandwidth, 0.0)
        if min(found) > 0:
            return Roof(name=name, peak_flop_per_s=found[0], hbm_bytes_per_s=found[1])
    return None
