"""`rooflab replay`: every number of a ledger, computed again."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rooflab.command.options import add_json
from rooflab.command.reading import read_ledger
from rooflab.lab.classroom.replay import (
    AGREES,
    DIFFERS,
    NOT_CHECKED,
    TOLERANCE_FRACTION,
    Recomputed,
    Replay,
    replay,
    verdict_words,
)
from rooflab.lab.ledger.ledger import read
from rooflab.lab.ledger.made_with import AUTHORSHIP
from rooflab.lab.ledger.model_version import MODEL
from rooflab.lab.report.report_text import calibration_words
from rooflab.units import counted, format_fraction

__all__ = ["add"]

_ENDS = {AGREES: 0, DIFFERS: 1, NOT_CHECKED: 3}


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser(
        "replay",
        help="compute every number of a ledger again",
        description=f"Compute every number of a ledger again. {AUTHORSHIP}",
        epilog="Ends with 0 if everything was checked and agrees, 1 if anything differs or was changed, 2 if the ledger "
        "cannot be read, 3 if nothing differs but part was not checked, because it was made with another model.",
    )
    command.add_argument("ledger", help="a ledger that the lab exported, or - for standard input")
    add_json(command)
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> tuple[Any, str, int]:
    ledger, edited = read(read_ledger(options.ledger))
    again = replay(ledger, edited=edited)
    figures = {
        "verdict": again.verdict,
        "words": " ".join(verdict_words(again)),
        "confirmed": again.verdict == AGREES,
        "edited": edited,
        "model": asdict(MODEL),
        "made_with": [each and asdict(each) for each in again.others],
        "unknown_entries": again.unknown_count,
        "bench_opened": again.bench_opened,
        "entries": again.entry_count,
        "values": len(again.values),
        "tolerance_fraction": TOLERANCE_FRACTION,
        "differences": [_difference(each) for each in again.differences],
        "findings": [asdict(each) for each in again.findings],
        "not_checked": [_difference(each) for each in again.unchecked],
        "not_computed": [asdict(each) for each in again.uncomputed],
        "predictions": [asdict(each) | {"right": each.right} for each in again.scored],
        "brier_fraction": again.calibration.brier_fraction,
    }
    return figures, "\n".join(_lines(again)), _ENDS[again.verdict]


def _difference(each: Recomputed) -> dict[str, Any]:
    share = each.difference_fraction
    return {
        "seq": each.seq,
        "name": each.name,
        "recorded": _finite(each.recorded),
        "recomputed": _finite(each.recomputed),
        "difference_fraction": _finite(share),
    }


def _finite(value: Any) -> Any:
    """Return a value that JSON holds: what is not finite becomes words."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _lines(again: Replay) -> Iterator[str]:
    yield f"{counted(again.entry_count, 'entry', 'entries')}, {counted(len(again.values), 'value')} computed again."
    for each in again.differences:
        words = f"entry {each.seq + 1}, {each.name}: {each.recorded} in the ledger, {each.recomputed} computed"
        yield f"{words} ({format_fraction(each.difference_fraction)} apart)" if _numeric(each) else words
    for finding in again.findings:
        yield f"entry {finding.seq + 1}: {finding.words}"
    for each in again.unchecked:
        yield f"entry {each.seq + 1}, {each.name}: {each.recorded} in the ledger, {each.recomputed} by this model (not checked)"
    for finding in again.uncomputed:
        yield f"entry {finding.seq + 1}: {finding.words} (not checked)"
    yield calibration_words(again.calibration)
    yield from verdict_words(again)


def _numeric(each: Recomputed) -> bool:
    return isinstance(each.recorded, float) and isinstance(each.recomputed, float)
