"""Frames on glasses: from a design to an outcome with power and heat, one design or a grid at once.

A step is one frame, with the share of the translations that falls to it. Closed forms only; what the
governor does over time is in heat.py, for one design.
"""

from dataclasses import dataclass, fields

import numpy as np

from rooflab.model.capacity import MemoryUse
from rooflab.model.roofline import BOUNDS, COMPUTE, LATENCY, MEMORY
from rooflab.model.thermal import (
    full_clock_fraction,
    sustained_power_w,
    temperature_c,
    time_to_limit_s,
)
from rooflab.systems.glasses.design import GlassesDesign
from rooflab.systems.glasses.filter import FilterCost, filter_cost, params_count
from rooflab.systems.glasses.rows import CHECK, ENCODER, ROW_IDS, ROW_NAMES, FrameRows, expert_size, filtered_share
from rooflab.systems.glasses.scenario import GlassesScenario
from rooflab.systems.outcome import Operators, Outcome, judge
from rooflab.values import Values

__all__ = ["SOAK_S", "GlassesOutcome", "evaluate_glasses", "stored_count"]

SOAK_S = 600.0
"""Ten minutes: when the temperature of the skin is read."""

_FIELDS = tuple(each.name for each in fields(GlassesDesign))


@dataclass(frozen=True, slots=True, kw_only=True)
class GlassesOutcome(Outcome):
    """Time, power and skin temperature of one way of filtering and translating.

    Powers are means at the frame rate that the chip keeps up, at full clock. `sustained_frames_per_s`
    counts in what the governor takes away once it has settled; `throttle_s` is when it first acts.
    `skin_c` is after ten minutes at full clock. `frame_time_s` is from the first frame of a batch to
    its result, where no prediction holds; `stale_s` is the longest that predictions are shown for.
    """

    frame_time_s: Values
    frames_per_s: Values
    sustained_frames_per_s: Values
    power_w: Values
    power_limit_w: Values
    throttled_power_w: Values
    heat_fraction: Values
    memory_power_w: Values
    arithmetic_power_w: Values
    static_power_w: Values
    idle_power_w: Values
    skin_c: Values
    throttle_s: Values
    busy_fraction: Values
    frame_energy_j: Values
    translation_delay_s: Values
    footprint_bytes: Values
    stale_s: Values

    def made_of(self, quantity: str) -> tuple[tuple[str, float], ...]:
        """Return what a figure is the sum of: power by its causes, the time of a frame by what it waits for."""
        if quantity in ("power_w", "heat_fraction"):
            return (
                ("display, camera, radio and system", float(self.idle_power_w)),
                ("traffic", float(self.memory_power_w)),
                ("arithmetic", float(self.arithmetic_power_w)),
                ("leakage", float(self.static_power_w)),
            )
        return self.waits(self.frame_time_s) if quantity == "frame_time_s" else Outcome.made_of(self, quantity)

    @property
    def memory_place(self) -> str:
        """Say where the memory that limits is, after a number of bytes."""
        return " on the chip by the largest fused kernel"


def evaluate_glasses(scenario: GlassesScenario, design: GlassesDesign) -> GlassesOutcome:
    """Return what `design` does in `scenario`; every value of the design may be an array."""
    values = np.broadcast_arrays(*(np.asarray(getattr(design, name)) for name in _FIELDS))
    shape = values[0].shape
    flat = {name: value.ravel() for name, value in zip(_FIELDS, values, strict=True)}

    frame = filter_cost(scenario, flat)
    rows = FrameRows.of(frame, filtered_share(scenario, flat))
    rows.add_check(scenario, flat, frame)
    rows.add_translator(scenario, flat, frame)
    figures = _figures(scenario, flat, frame, rows)

    def shaped(value: Values) -> Values:
        value = np.asarray(value)
        lead = value.shape[:-1] if value.ndim > 1 else ()
        return value.reshape((*lead, *shape))[()]

    operators = Operators(
        ids=ROW_IDS,
        names=ROW_NAMES,
        repeats=np.ones(len(ROW_IDS)),
        **{name: shaped(value) for name, value in rows.arrays().items()},
    )
    shown = {name: shaped(value) for name, value in figures.items()}
    capacity = MemoryUse(
        parts=(
            ("kernel weights", shaped(frame.held_weight_bytes)),
            ("activation rows", shaped(frame.held_activation_bytes)),
        ),
        available_bytes=scenario.on_chip_bytes,
        source=scenario.memory_source,
    )
    return GlassesOutcome(
        operators=operators,
        outputs=np.ones(shape)[()],
        capacity=capacity,
        hbm_bytes_per_s=scenario.device.fact("hbm_bytes_per_s"),
        targets=tuple(judge(each, shown[each.quantity]) for each in scenario.targets),
        **shown,
    )


def _figures(
    scenario: GlassesScenario, flat: dict[str, np.ndarray], frame: FilterCost, rows: FrameRows
) -> dict[str, np.ndarray]:
    """Return every figure of an outcome but operators, capacity and targets."""
    launch_s = rows.launch_s.sum(axis=0)
    step_s = rows.kernel_s.sum(axis=0) + launch_s
    bound_times_s = np.zeros((len(BOUNDS), len(step_s)))
    bound_times_s[MEMORY] = rows.memory_bound_s
    bound_times_s[COMPUTE] = rows.compute_bound_s
    bound_times_s[LATENCY] = launch_s
    asked = flat["frames_per_s"]
    batch = flat["frames_batched"]
    check_s = rows.kernel_s[CHECK] + rows.launch_s[CHECK]
    translator_s = (rows.kernel_s + rows.launch_s)[ENCODER:].sum(axis=0)
    waiting = flat["translations_batched"] - 1
    peak = frame.peak_flop_per_s
    # Once a frame misses its turn, the next one waits for the chip.
    kept = np.minimum(asked, 1 / step_s)
    return {
        "step_time_s": step_s,
        "frame_time_s": (batch - 1) / asked + batch * (frame.time_s + check_s) + translator_s,
        "frames_per_s": kept,
        "mfu_fraction": rows.needed_flop / (step_s * peak),
        "mbu_fraction": rows.needed_bytes / (step_s * scenario.device.fact("hbm_bytes_per_s")),
        "bound_times_s": bound_times_s,
        "bound": bound_times_s.argmax(axis=0),
        "peak_flop_per_s": peak,
        "busy_fraction": kept * step_s,
        "translation_delay_s": waiting / flat["translations_per_s"]
        + flat["translations_batched"] * rows.translation_s,
        "footprint_bytes": frame.weight_element_bytes * _stored_count(scenario, flat, frame.params_count),
        "stale_s": flat["skipped_frames"] / asked,
        **_heat(scenario, flat, frame, rows, step_s, kept),
    }


def _heat(
    scenario: GlassesScenario, flat: dict[str, np.ndarray], frame: FilterCost, rows: FrameRows,
    step_s: np.ndarray, kept: np.ndarray,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Return powers by cause, temperatures, and what the governor leaves of the frame rate."""
    energy, body = scenario.energy, scenario.body
    arithmetic_j = rows.matrix_flop.sum(axis=0) * frame.matrix_j_per_flop
    arithmetic_j = arithmetic_j + rows.vector_flop.sum(axis=0) * energy.vector_j_per_flop
    memory_j = rows.hbm_bytes.sum(axis=0) * energy.dram_j_per_byte
    static_j = energy.static_w * step_s
    idle_w = energy.idle_w + energy.capture_j * kept
    power_w = idle_w + kept * (arithmetic_j + memory_j + static_j)

    clock, volts = body.throttle_clock_fraction, body.throttle_voltage_fraction
    slowed = np.minimum(clock * flat["frames_per_s"], clock / step_s)
    throttled_w = energy.idle_w + slowed * (
        energy.capture_j + arithmetic_j * volts**2 + memory_j + static_j * volts / clock
    )
    around = {
        "ambient_c": flat["ambient_c"],
        "resistance_k_per_w": body.resistance_k_per_w,
    }
    inside = around | {"capacity_j_per_k": body.capacity_j_per_k}
    full = full_clock_fraction(
        full_w=power_w, throttled_w=throttled_w, limit_c=body.limit_c, resume_c=body.resume_c, **inside
    )
    limit_w = sustained_power_w(limit_c=body.limit_c, **around)
    return {
        "power_w": power_w,
        "power_limit_w": limit_w,
        "throttled_power_w": throttled_w,
        "heat_fraction": power_w / limit_w,
        "memory_power_w": kept * memory_j,
        "arithmetic_power_w": kept * arithmetic_j,
        "static_power_w": kept * static_j,
        "idle_power_w": idle_w,
        "skin_c": temperature_c(power_w=power_w, time_s=SOAK_S, **inside),
        "throttle_s": time_to_limit_s(power_w=power_w, limit_c=body.limit_c, **inside),
        "sustained_frames_per_s": full * kept + (1 - full) * slowed,
        "frame_energy_j": arithmetic_j + memory_j + static_j,
    }


def stored_count(scenario: GlassesScenario, design: GlassesDesign) -> float:
    """Return the weights that one design must store: of every expert, and of the small models."""
    flat = {name: np.array([getattr(design, name)]) for name in ("experts", "draft_tokens", "skipped_frames")}
    return float(_stored_count(scenario, flat, np.array([params_count(scenario.filter)]))[0])


def _stored_count(
    scenario: GlassesScenario, flat: dict[str, np.ndarray], params: np.ndarray
) -> np.ndarray:
    net, scene = scenario.translator, scenario.scene
    size = expert_size(scenario, flat["experts"])
    layers = net.encoder_params_count + net.decoder_params_count
    drafting = (flat["draft_tokens"] > 0) * scene.draft_fraction
    return (
        params
        + net.vocab_params_count
        + flat["experts"] * size * layers
        + drafting * (net.decoder_params_count * size + net.vocab_params_count)
        + (flat["skipped_frames"] > 0) * scene.check_fraction * params
    )
