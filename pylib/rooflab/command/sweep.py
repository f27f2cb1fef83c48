"""`rooflab sweep`: every combination of some values of a design."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from rooflab.command.options import add_json, add_place, place, read_value
from rooflab.errors import LabError
from rooflab.evaluate import BOUNDS, kind_of, sweep
from rooflab.units import format_count

__all__ = ["add"]

_KNOWN_UNRUN = ("fits", "runs", "feasible", "needed_bytes", "held_bytes", "max_batch_count", "busy_fraction")
"""Figures of a design that cannot run; it has no others."""

MOST_DESIGNS = 1_000_000


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser(
        "sweep", help="evaluate every combination of some values of a design"
    )
    add_place(command)
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=V,V,...",
        help="values of one field, or FIRST:LAST:STEP; may be given again",
    )
    command.add_argument(
        "--figure",
        action="append",
        help="figure to print; the rate, and whether it runs and is feasible, by default",
    )
    add_json(command)
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> tuple[Any, str]:
    scenario, grid = place(options)
    values = grid.to_json()
    axes = [_axis(change, values) for change in options.set]
    names = [name for name, _ in axes]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise LabError(f"--set names {twice} twice; give all of its values at once, as {twice}=V,V.")
    if math.prod(len(points) for _, points in axes) > MOST_DESIGNS:
        raise LabError(f"At most {format_count(MOST_DESIGNS)} designs are evaluated at once; these are more.")
    for name, points in axes:
        for each in {points[0], points[-1]} if isinstance(points, range) else points:
            grid.replace(**{name: each})  # refused as it was typed, not as an array
    shown = options.figure or [kind_of(scenario).rate, "runs", "feasible"]
    for axis, (name, points) in enumerate(axes):
        shape = [1] * len(axes)
        shape[axis] = len(points)
        grid = grid.replace(**{name: np.array(points).reshape(shape)})
    found = sweep(scenario, grid, figures=(*shown, "runs"))
    rows = [
        {
            **{name: points[at] for (name, points), at in zip(axes, index, strict=True)},
            **{
                name: _figure(name, np.asarray(found[name])[index].item()) if found["runs"][index] or name in _KNOWN_UNRUN else None
                for name in shown
            },
        }
        for index in np.ndindex(*(len(points) for _, points in axes))
    ]
    header = [name for name, _ in axes] + shown
    lines = ["\t".join(header)]
    lines += ["\t".join(_cell(row[name]) for name in header) for row in rows]
    return rows, "\n".join(lines)


def _axis(change: str, values: dict[str, Any]) -> tuple[str, Sequence[Any]]:
    name, equals, text = change.partition("=")
    if not equals or name not in values or name == "kind":
        names = ", ".join(each for each in values if each != "kind")
        raise LabError(f"--set takes NAME=V,V,..., NAME one of {names}; got {change!r}.")
    if ":" in text and not isinstance(values[name], str):
        bounds = text.split(":")
        if len(bounds) != 3 or not all(re.fullmatch(r"[0-9]{1,15}", each) for each in bounds) or int(bounds[2]) == 0:
            raise LabError(f"A range is FIRST:LAST:STEP in whole numbers; got {text!r}.")
        first, last, step = map(int, bounds)
        points: Sequence[Any] = range(first, last + 1, step)
    else:
        points = [read_value(each, values[name]) for each in text.split(",")]
    if not points:
        raise LabError(f"{change!r} names no value.")
    return name, points


def _figure(name: str, value: Any) -> Any:
    """Give a figure that is no number its own form again: arrays hold numbers alone."""
    if name in ("fits", "runs", "feasible"):
        return bool(value)
    return BOUNDS[int(value)] if name == "bound" else value


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
