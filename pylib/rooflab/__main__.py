"""The model and the lab's ledgers from the command line."""

import argparse
import json
import math
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from rooflab.command.ledgers import add_ledger_commands, variant_number
from rooflab.command.reading import read_text
from rooflab.command.writing import write_readably
from rooflab.errors import LabError
from rooflab.evaluate import BOUNDS, Outcome, evaluate, kind_of, sweep
from rooflab.facts.devices import DEVICES, device
from rooflab.lab.files import shown_name
from rooflab.lab.setting import setting
from rooflab.measured.grade import grade
from rooflab.measured.predict import predict_rows, row_doubts
from rooflab.measured.rows import check_rows, published_rows
from rooflab.model.cost import linear
from rooflab.model.roofline import attainable_flop_per_s, roofline
from rooflab.specs import Design, Precision, Scenario
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.tracks import TRACKS, track
from rooflab.units import format_bytes, format_count, format_fraction, format_quantity, format_time

__all__ = ["main"]

_KNOWN_UNRUN = ("fits", "feasible", "needed_bytes", "held_bytes")
"""Figures of a design that does not fit and so does not run; it has no others."""

MOST_DESIGNS = 1_000_000
LARGEST_JSON_BYTES = 64_000_000
LARGEST_COUNT = 10**12


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 where a replay differs, or 2 after one clear sentence about what was wrong."""
    write_readably()
    try:
        try:
            status = _run(_parser().parse_args(arguments))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # who reads has read enough; Python must not complain of it again as it ends
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    return status


def _run(options: argparse.Namespace) -> int:
    try:
        figures, text, *status = options.run(options)
    except LabError as error:
        print(f"rooflab: {error}", file=sys.stderr)
        return 2
    print(json.dumps(figures, indent=1) if options.json else text)
    return status[0] if status else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m rooflab", description="The performance model from the command line."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("roofline", help="place one matrix product under the roofline")
    command.add_argument("--device", default="a100-sxm-80gb", help=_known(DEVICES))
    command.add_argument("--precision", default="bf16", help=", ".join(Precision))
    command.add_argument("--tokens", type=_count, default=1, help="rows of the input")
    command.add_argument("--inputs", type=_count, default=8192, help="width of the input")
    command.add_argument("--outputs", type=_count, default=8192, help="width of the output")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_roofline)

    command = commands.add_parser("evaluate", help="evaluate one design in a track's scenario")
    command.add_argument("--track", default="cloud-titan", help=_known(TRACKS))
    command.add_argument("--variant", type=variant_number, default=0, help="which crisis; 0 by default")
    command.add_argument("--part", type=int, choices=(1, 2, 3), default=1, help="1, the crisis, by default")
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
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_evaluate)
    command = commands.add_parser(
        "sweep", help="evaluate every combination of some values of a design"
    )
    command.add_argument("--track", default="cloud-titan", help=_known(TRACKS))
    command.add_argument("--variant", type=variant_number, default=0, help="which crisis; 0 by default")
    command.add_argument("--part", type=int, choices=(1, 2, 3), default=1, help="1, the crisis, by default")
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
        help="figure to print; the rate and whether it is feasible by default",
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_sweep)

    command = commands.add_parser(
        "predict", help="predict rows of published measurements; prints JSON"
    )
    command.add_argument("rows", nargs="?", help="a JSON file of rows; those shipped by default")
    command.set_defaults(run=_predict, json=True)

    command = commands.add_parser("grade", help="compare predictions with measured rows")
    command.add_argument("predictions", nargs="?", help="a JSON file; made anew by default")
    command.add_argument("rows", nargs="?", help="a JSON file of rows; those shipped by default")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_grade)
    add_ledger_commands(commands)
    return parser


def _known(records: Sequence[Any]) -> str:
    return ", ".join(each.id for each in records)


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if not 1 <= value <= LARGEST_COUNT:
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is not a whole number from 1 to {format_count(LARGEST_COUNT)}")
    return value


def _roofline(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    chip = device(options.device)
    if options.precision not in list(Precision):
        raise LabError(
            f"No precision {options.precision!r} is known; known are {', '.join(Precision)}."
        )
    precision = Precision(options.precision)
    cost = linear(
        tokens=options.tokens,
        inputs=options.inputs,
        outputs=options.outputs,
        weight_element_bytes=precision.element_bytes,
        element_bytes=precision.element_bytes,
    )
    timing = roofline(cost, chip, precision=precision)
    intensity = cost.flop / cost.hbm_bytes
    roof = float(
        attainable_flop_per_s(
            intensity_flop_per_byte=intensity,
            peak_flop_per_s=chip.peak(precision),
            hbm_bytes_per_s=chip.fact("hbm_bytes_per_s"),
        )
    )
    figures = {
        "device": chip.id,
        "precision": str(precision),
        "flop": cost.flop,
        "hbm_bytes": cost.hbm_bytes,
        "intensity_flop_per_byte": intensity,
        "ridge_flop_per_byte": chip.ridge_flop_per_byte(precision),
        "attainable_flop_per_s": roof,
        "compute_s": float(timing.compute_s),
        "memory_s": float(timing.memory_s),
        "time_s": float(timing.time_s),
        "bound": BOUNDS[int(timing.bound)],
        "sources": [each.name for each in chip.sources],
    }
    shape = f"[{options.tokens} x {options.inputs}] by [{options.inputs} x {options.outputs}]"
    text = "\n".join(
        (
            f"{shape} in {precision} on {chip.name}, at datasheet peaks",
            f"  work        {format_quantity(cost.flop, 'FLOP')}, "
            f"{format_bytes(cost.hbm_bytes)} of HBM traffic",
            f"  intensity   {intensity:.3g} FLOP/B; ridge point "
            f"{figures['ridge_flop_per_byte']:.3g} FLOP/B",
            f"  time        {format_time(figures['compute_s'])} of arithmetic, "
            f"{format_time(figures['memory_s'])} of traffic",
            f"  bound       {figures['bound']}, {format_quantity(roof, 'FLOP/s')} at most",
        )
    )
    return figures, text


def _evaluate(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    scenario, start = _place(options)
    design = _design(options, start)
    outcome = evaluate(scenario, design)
    if not outcome.fits:
        needs = ", ".join(f"{words} {format_bytes(size)}" for words, size in outcome.capacity.parts if size)
        raise LabError(f"This design cannot run. {outcome.reasons[0]} It needs: {needs}.")
    return _figures(scenario, design, outcome), _text(design, outcome)


def _place(options: argparse.Namespace) -> tuple[Scenario, Design]:
    """Return the scenario of a part, and the design that it begins with."""
    chosen = track(options.track)
    if chosen.scenario is None:
        able = ", ".join(each.id for each in TRACKS if each.scenario is not None)
        raise LabError(f"Track {chosen.id!r} is not in this version; there is {able}.")
    if options.part == 1:
        scenario = chosen.scenario(options.variant)
        return scenario, scenario.crisis
    place = setting(options.track, options.part, options.variant)
    return place.scenario, place.start


def _design(options: argparse.Namespace, crisis: Design) -> Design:
    values = crisis.to_json()
    if options.design is not None:
        values = type(crisis).from_json(_read_json(options.design)).to_json()
    for change in options.set:
        name, equals, text = change.partition("=")
        if not equals or name not in values or name == "kind":
            names = ", ".join(each for each in values if each != "kind")
            raise LabError(f"--set takes NAME=VALUE, NAME one of {names}; got {change!r}.")
        values[name] = _value(text, values[name])
    return type(crisis).from_json(values)


def _read_json(path: str) -> Any:
    text = read_text(path, LARGEST_JSON_BYTES)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LabError(f"{shown_name(path)} is not JSON: {error}.") from error


def _sweep(options: argparse.Namespace) -> tuple[Any, str]:
    scenario, grid = _place(options)
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
    shown = options.figure or [kind_of(scenario).rate, "feasible"]
    for place, (name, points) in enumerate(axes):
        shape = [1] * len(axes)
        shape[place] = len(points)
        grid = grid.replace(**{name: np.array(points).reshape(shape)})
    found = sweep(scenario, grid, figures=(*shown, "fits"))
    rows = [
        {
            **{name: points[at] for (name, points), at in zip(axes, index, strict=True)},
            **{
                name: _figure(name, np.asarray(found[name])[index].item()) if found["fits"][index] or name in _KNOWN_UNRUN else None
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
        points = [_value(each, values[name]) for each in text.split(",")]
    if not points:
        raise LabError(f"{change!r} names no value.")
    return name, points


def _figure(name: str, value: Any) -> Any:
    """Give a figure that is no number its own form again: arrays hold numbers alone."""
    if name in ("fits", "feasible"):
        return bool(value)
    return BOUNDS[int(value)] if name == "bound" else value


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _value(text: str, present: Any) -> Any:
    """Read a value for a field that holds `present`: digits are a number unless the field is text."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) and not isinstance(present, str) else text


def _rows(path: str | None) -> list[dict[str, Any]]:
    return published_rows() if path is None else check_rows(_read_json(path))


def _predict(options: argparse.Namespace) -> tuple[dict[str, float], str]:
    rows = _rows(options.rows)
    predictions, gaps = predict_rows(rows)
    for words in row_doubts(rows):
        print(f"rooflab: {words}", file=sys.stderr)
    for row_id, reason in gaps.items():
        print(f"rooflab: no prediction for {row_id}: {reason}", file=sys.stderr)
    return predictions, ""


def _grade(options: argparse.Namespace) -> tuple[Any, str]:
    rows = _rows(options.rows)
    if options.predictions is None:
        predictions, _ = predict_rows(rows)
    else:
        predictions = _read_json(options.predictions)
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
    return figures, "\n".join(lines)


def _figures(scenario: Scenario, design: Design, outcome: Outcome) -> dict[str, Any]:
    operators = outcome.operators
    named = [each for each in kind_of(scenario).figures if each not in ("bound", "fits", "feasible")]
    extra = {"max_batch_count": float(outcome.capacity.max_batch_count)} if isinstance(outcome, ServingOutcome) else {}
    return {
        "design": design.to_json(),
        **{each: float(getattr(outcome, each)) for each in named},
        "bound": BOUNDS[int(outcome.bound)],
        "bound_times_s": dict(zip(BOUNDS, outcome.bound_times_s.tolist(), strict=True)),
        "available_bytes": float(outcome.capacity.available_bytes),
        **extra,
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
        f"{'operator':28}{'time':>10}{'share':>8}{'FLOP/B':>9}{'FLOP/s':>16}  bound",
    ]
    for at, name in enumerate(operators.names):
        lines.append(
            f"{name:28}{format_time(operators.time_s[at]):>10}"
            f"{format_fraction(operators.time_s[at] / outcome.step_time_s):>8}"
            f"{operators.intensity_flop_per_byte[at]:>9.3g}"
            f"{format_quantity(operators.attained_flop_per_s[at], 'FLOP/s'):>16}"
            f"  {BOUNDS[int(operators.bound[at])]}"
        )
    lines += [
        "",
        f"step {format_time(outcome.step_time_s)}, {_rate(outcome)}, {BOUNDS[int(outcome.bound)]}-bound",
        _shares(outcome),
        f"memory {format_bytes(outcome.capacity.needed_bytes)} of {format_bytes(outcome.capacity.available_bytes)}"
        + (" on each GPU" if isinstance(outcome, ServingOutcome) else ""),
        *(outcome.reasons or ("Every target is met.",)),
    ]
    return "\n".join(lines)


def _rate(outcome: Outcome) -> str:
    if isinstance(outcome, ServingOutcome):
        return format_quantity(outcome.tokens_per_s, "tokens/s")
    return format_quantity(outcome.outputs_per_s, "outputs/s")


def _shares(outcome: Outcome) -> str:
    shares = f"MFU {format_fraction(outcome.mfu_fraction)}, "
    if not isinstance(outcome, ServingOutcome):
        return f"{shares}MBU {format_fraction(outcome.mbu_fraction)}"
    return (
        f"{shares}HFU {format_fraction(outcome.hfu_fraction)}, MBU {format_fraction(outcome.mbu_fraction)}, "
        f"KV traffic {format_fraction(outcome.kv_time_fraction)} of the step"
    )


if __name__ == "__main__":
    sys.exit(main())
