"""`rooflab evaluate`: what one design does in a track's scenario."""

from __future__ import annotations

import argparse
from typing import Any

from rooflab.command.options import add_json, add_place, place, read_value
from rooflab.command.reading import read_json
from rooflab.errors import LabError
from rooflab.evaluate import BOUNDS, Outcome, evaluate, kind_of
from rooflab.specs import Design, Scenario
from rooflab.units import format_bytes, format_fraction, format_quantity, format_time

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser("evaluate", help="evaluate one design in a track's scenario")
    add_place(command)
    command.add_argument(
        "--design",
        help="a JSON file, or - for standard input; the crisis itself by default",
    )
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change one value of the design; may be given again",
    )
    add_json(command)
    command.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    scenario, start = place(options)
    design = _design(options, start)
    outcome = evaluate(scenario, design)
    if stopped := outcome.cannot_run:
        needs = ", ".join(f"{words} {format_bytes(size)}" for words, size in outcome.capacity.parts if size)
        raise LabError(f"This design cannot run. {stopped.kind}: {stopped.reason}{'' if outcome.fits else f' It needs: {needs}.'}")
    return _figures(scenario, design, outcome), _text(design, outcome)


def _design(options: argparse.Namespace, crisis: Design) -> Design:
    values = crisis.to_json()
    if options.design is not None:
        values = type(crisis).from_json(read_json(options.design)).to_json()
    for change in options.set:
        name, equals, text = change.partition("=")
        if not equals or name not in values or name == "kind":
            names = ", ".join(each for each in values if each != "kind")
            raise LabError(f"--set takes NAME=VALUE, NAME one of {names}; got {change!r}.")
        values[name] = read_value(text, values[name])
    return type(crisis).from_json(values)


def _figures(scenario: Scenario, design: Design, outcome: Outcome) -> dict[str, Any]:
    operators = outcome.operators
    named = [each for each in kind_of(scenario).figures if each not in ("bound", "fits", "runs", "feasible")]
    return {
        "design": design.to_json(),
        **{each: float(getattr(outcome, each)) for each in named},
        "bound": BOUNDS[int(outcome.bound)],
        "bound_times_s": dict(zip(BOUNDS, outcome.bound_times_s.tolist(), strict=True)),
        "available_bytes": float(outcome.capacity.available_bytes),
        "runs": True,  # or there would be no figures
        "feasible": bool(outcome.feasible),
        "reasons": list(outcome.reasons),
        "operators": [
            {
                "id": operator_id,
                "flop": float(operators.flop[at]),
                "weight_bytes": float(operators.weight_bytes[at]),
                "activation_bytes": float(operators.activation_bytes[at]),
                "kv_bytes": float(operators.kv_bytes[at]),
                "launches": float(operators.launches[at]),
                "time_s": float(operators.time_s[at]),
                "intensity_flop_per_byte": float(operators.intensity_flop_per_byte[at]),
                "attained_flop_per_s": float(operators.attained_flop_per_s[at]),
                "ridge_flop_per_byte": float(operators.ridge_flop_per_byte[at]),
                "bound": BOUNDS[int(operators.bound[at])],
            }
            for at, operator_id in enumerate(operators.ids)
        ],
    }


def _text(design: Design, outcome: Outcome) -> str:
    operators = outcome.operators
    lines = [
        ", ".join(f"{name} {value}" for name, value in design.to_json().items() if name != "kind"),
        "",
        f"{'operator':28}{'time':>10}{'share':>8}{'FLOP/B':>9}{'own ridge':>11}{'FLOP/s':>16}  bound",
    ]
    for at, name in enumerate(operators.names):
        lines.append(
            f"{name:28}{format_time(operators.time_s[at]):>10}"
            f"{format_fraction(operators.time_s[at] / outcome.step_time_s):>8}"
            f"{operators.intensity_flop_per_byte[at]:>9.3g}"
            f"{operators.ridge_flop_per_byte[at]:>11.3g}"
            f"{format_quantity(operators.attained_flop_per_s[at], 'FLOP/s'):>16}"
            f"  {BOUNDS[int(operators.bound[at])]}"
        )
    lines += [
        "",
        f"step {format_time(outcome.step_time_s)}, {outcome.rate_words}, {BOUNDS[int(outcome.bound)]}-bound",
        outcome.utilisation_words,
        f"memory {outcome.memory_words}",
        *(each.words for each in outcome.targets),
    ]
    return "\n".join(lines)
