"""`rooflab roofline`: place one matrix product under a roofline."""

from __future__ import annotations

import argparse
from typing import Any

from rooflab.command.options import add_device, add_json, device_named
from rooflab.errors import LabError
from rooflab.evaluate import BOUNDS
from rooflab.model.cost import linear
from rooflab.model.roofline import attainable_flop_per_s, roofline
from rooflab.specs import Device, Precision, SourceKind
from rooflab.units import format_bytes, format_count, format_quantity, format_time

__all__ = ["add"]

LARGEST_COUNT = 10**12


def add(commands: Any) -> None:
    """Add the command to an argument parser's."""
    command = commands.add_parser("roofline", help="place one matrix product under the roofline")
    add_device(command, "a100-sxm-80gb")
    command.add_argument("--precision", default="bf16", help=", ".join(Precision))
    command.add_argument("--tokens", type=_count, default=1, help="rows of the input")
    command.add_argument("--inputs", type=_count, default=8192, help="width of the input")
    command.add_argument("--outputs", type=_count, default=8192, help="width of the output")
    add_json(command)
    command.set_defaults(run=_run)


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if not 1 <= value <= LARGEST_COUNT:
        raise argparse.ArgumentTypeError(f"{text[:30]!r} is not a whole number from 1 to {format_count(LARGEST_COUNT)}")
    return value


def _peaks(chip: Device) -> str:
    return {SourceKind.OWN: "measured", SourceKind.ASSUMPTION: "assumed"}.get(chip.source_of("peak_flop_per_s").kind, "datasheet")


def _run(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    chip = device_named(options.device, options.card)
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
            f"{shape} in {precision} on {chip.name}, at {_peaks(chip)} peaks",
            f"  work        {format_quantity(cost.flop, 'FLOP')}, "
            f"{format_bytes(cost.hbm_bytes)} of memory traffic",
            f"  intensity   {intensity:.3g} FLOP/B; ridge point "
            f"{figures['ridge_flop_per_byte']:.3g} FLOP/B",
            f"  time        {format_time(figures['compute_s'])} of arithmetic, "
            f"{format_time(figures['memory_s'])} of traffic",
            f"  bound       {figures['bound']}, {'left' if figures['bound'] == 'memory' else 'right'} of the ridge of this roof; "
            f"{format_quantity(roof, 'FLOP/s')} at most",
        )
    )
    return figures, text
