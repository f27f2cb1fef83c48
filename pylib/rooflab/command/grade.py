"""`rooflab grade`: how far predictions are from what was measured."""

from __future__ import annotations

import argparse
from typing import Any

from rooflab.command.options import add_json
from rooflab.command.reading import read_json, read_rows
from rooflab.measured.apart import reason_apart
from rooflab.measured.grade import grade
from rooflab.measured.held_out import HELD_OUT
from rooflab.measured.predict import predict_rows
from rooflab.units import format_fraction

__all__ = ["add"]

_WORST = 8


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser("grade", help="compare predictions with measured rows")
    command.add_argument("predictions", nargs="?", help="a JSON file; made anew by default")
    command.add_argument("rows", nargs="?", help="a JSON file of rows; those shipped by default")
    add_json(command)
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> tuple[Any, str]:
    rows = read_rows(options.rows)
    if options.predictions is None:
        predictions, _ = predict_rows(rows)
    else:
        predictions = read_json(options.predictions)
    grades = grade(predictions, rows)
    figures = [
        {
            "topic": each.topic,
            "rows": each.rows,
            "coverage_fraction": each.coverage_fraction,
            "median_fraction": None if each.predicted == 0 else each.median_fraction,
            "p90_fraction": None if each.predicted == 0 else each.p90_fraction,
        }
        for each in grades
    ]
    lines = [f"{'topic':18}{'rows':>6}{'coverage':>10}{'median':>9}{'p90':>7}"]
    lines += [
        f"{each.topic:18}{each.rows:>6}{format_fraction(each.coverage_fraction):>10}"
        f"{format_fraction(each.median_fraction):>9}{format_fraction(each.p90_fraction):>7}"
        for each in grades
    ]
    if options.rows is None:
        lines += _footnotes(rows, predictions)
    return figures, "\n".join(lines)


def _footnotes(rows: list[dict[str, Any]], predictions: dict[str, float]) -> list[str]:
    """Say of the shipped rows which are farthest, what a track evaluates, and how constants meet rows that no fit saw."""
    graded = [each for each in rows if each.get("graded", True)]
    apart = sum(reason_apart(each) is not None for each in graded)
    off = {each["id"]: predictions[each["id"]] / each["measured"] - 1 for each in graded if each["id"] in predictions}
    worst = sorted(off, key=lambda name: -abs(off[name]))[:_WORST]
    return [
        *([f"Farthest: {', '.join(f'{name} {100 * off[name]:+.0f}%' for name in worst)}."] if worst else []),
        f"{len(graded) - apart} of {len(graded)} rows are what the lab's tracks evaluate; the others are a kernel, a "
        "training step or a network by itself.",
        *(
            f"{each.name}: {each.fitted_constants} fitted constants, {each.rows} rows; median "
            f"{format_fraction(each.median_fraction)}, nine in ten within {format_fraction(each.p90_fraction)}; fitted "
            f"without a row's own publication {format_fraction(each.unseen_median_fraction)} and "
            f"{format_fraction(each.unseen_p90_fraction)}."
            for each in HELD_OUT
        ),
    ]
