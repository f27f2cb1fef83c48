"""Frames on glasses: from a design to an outcome with power and heat, one design or a grid at once.

A step is one frame, with the share of the translations that falls to it. Closed forms only; what the
governor does over time is in evaluate/heat.py, for the design that is shown.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ridgepoint.evaluate.filter import FILTER_IDS, FILTER_NAMES, FilterCost, filter_cost, params_count
from ridgepoint.evaluate.outcome import Operators, Outcome, judge
from ridgepoint.errors import BadDesign
from ridgepoint.model.capacity import MemoryUse
from ridgepoint.model.roofline import BOUNDS, COMPUTE, LATENCY, MEMORY, Timing
from ridgepoint.model.speculation import tokens_per_round_count
from ridgepoint.model.thermal import (
    full_clock_fraction,
    sustained_power_w,
    temperature_c,
    time_to_limit_s,
)
from ridgepoint.model.translator import phrase_costs
from ridgepoint.specs import FrameDesign, FrameScenario
from ridgepoint.units import format_bytes

__all__ = ["SOAK_S", "FrameOutcome", "evaluate_frame", "stored_count"]

SOAK_S = 600.0
"""Ten minutes: when the temperature of the skin is read."""

CHECK, ENCODER, DECODER, VOCABULARY = range(len(FILTER_IDS), len(FILTER_IDS) + 4)
_IDS = (*FILTER_IDS, "check", "encoder", "decoder", "vocabulary")
_NAMES = (*FILTER_NAMES, "Frame check", "Translator encoder", "Translator decoder", "Translator vocabulary")
_PIXEL_BYTES = 3.0  # colour, one byte each
_CHECK_FLOP = 4.0  # for each byte of a pixel: difference, size, sum, threshold
_FIELDS = tuple(each.name for each in fields(FrameDesign))


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameOutcome(Outcome):
    """What a way of filtering and translating does to time, power and skin.

    Powers are means at the frame rate that the chip keeps up, at full clock. `sustained_frames_per_s`
    counts in what the governor takes away once it has settled; `throttle_s` is when it first acts.
    `skin_c` is after ten minutes at full clock. `frame_time_s` is from the first frame of a batch to
    its result, where no prediction holds; `stale_s` is the longest that predictions are shown for.
    """

    frame_time_s: Any
    frames_per_s: Any
    sustained_frames_per_s: Any
    power_w: Any
    power_limit_w: Any
    throttled_power_w: Any
    heat_fraction: Any
    memory_power_w: Any
    arithmetic_power_w: Any
    static_power_w: Any
    idle_power_w: Any
    skin_c: Any
    throttle_s: Any
    busy_fraction: Any
    frame_energy_j: Any
    translation_delay_s: Any
    footprint_bytes: Any
    stale_s: Any

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say why the design is not feasible; for one design."""
        reasons = []
        if not self.capacity.fits:
            reasons.append(
                "Out of memory on the chip: the largest fused kernel keeps "
                f"{format_bytes(self.capacity.needed_bytes)} there, "
                f"{format_bytes(self.capacity.available_bytes)} are free."
            )
        reasons.extend(each.words for each in self.targets if not each.met)
        return tuple(reasons)


def evaluate_frame(scenario: FrameScenario, design: FrameDesign) -> FrameOutcome:
    """Return what `design` does in `scenario`; every value of the design may be an array."""
    values = np.broadcast_arrays(*(np.asarray(getattr(design, name)) for name in _FIELDS))
    shape = values[0].shape
    flat = {name: value.ravel() for name, value in zip(_FIELDS, values, strict=True)}

    frame = filter_cost(scenario, flat)
    rows = _Rows.of(frame, _full_share(scenario, flat))
    rows.add_check(scenario, flat, frame)
    rows.add_translator(scenario, flat, frame)
    figures = _figures(scenario, flat, frame, rows)

    def shaped(value: Any) -> Any:
        value = np.asarray(value)
        lead = value.shape[:-1] if value.ndim > 1 else ()
        return value.reshape((*lead, *shape))[()]

    operators = Operators(
        ids=_IDS,
        names=_NAMES,
        repeats=np.ones(len(_IDS)),
        **{name: shaped(value) for name, value in rows.arrays().items()},
    )
    shown = {name: shaped(value) for name, value in figures.items()}
    capacity = MemoryUse(
        parts=(
            ("weights of the largest kernel", shaped(frame.held_weight_bytes)),
            ("its rows of activations", shaped(frame.held_activation_bytes)),
        ),
        available_bytes=scenario.on_chip_bytes,
    )
    judged = shown | {"step_time_s": shown["step_time_s"]}
    return FrameOutcome(
        operators=operators,
        outputs=np.ones(shape)[()],
        capacity=capacity,
        hbm_bytes_per_s=scenario.device.fact("hbm_bytes_per_s"),
        targets=tuple(judge(each, judged[each.quantity]) for each in scenario.targets),
        **shown,
    )


class _Rows:
    """Operators of one frame: rows by design, filled part by part."""

    def __init__(self, count: int) -> None:
        self.count = count
        for name in (
            "matrix_flop", "vector_flop", "weight_bytes", "activation_bytes", "kv_bytes",
            "launches", "compute_s", "memory_s", "launch_s", "kernel_s",
        ):  # fmt: skip
            setattr(self, name, np.zeros((len(_IDS), count)))
        self.memory_bound_s = np.zeros(count)
        self.compute_bound_s = np.zeros(count)
        self.needed_flop = np.zeros(count)
        self.needed_bytes = np.zeros(count)
        self.translation_s = np.zeros(count)

    @classmethod
    def of(cls, frame: FilterCost, share: np.ndarray) -> "_Rows":
        """Take the filter's rows, for the share of the frames that are filtered."""
        rows = cls(len(share))
        place = slice(0, len(FILTER_IDS))
        for name in (
            "matrix_flop", "vector_flop", "weight_bytes", "activation_bytes",
            "launches", "compute_s", "memory_s", "launch_s", "kernel_s",
        ):  # fmt: skip
            getattr(rows, name)[place] = getattr(frame, name) * share
        rows.memory_bound_s += frame.memory_bound_s * share
        rows.compute_bound_s += frame.compute_bound_s * share
        rows.needed_flop += frame.needed_flop * share
        rows.needed_bytes += frame.needed_bytes * share
        return rows

    def add_check(self, scenario: FrameScenario, flat: dict[str, np.ndarray], frame: FilterCost) -> None:
        """Add the prediction of a frame and its check, where frames may be skipped at all."""
        used = (flat["skipped_frames"] > 0) * 1.0
        scene = scenario.scene
        pixels = scene.patches * scenario.filter.input_size**2 * _PIXEL_BYTES
        matrix = used * scene.check_fraction * frame.matrix_flop.sum(axis=0)
        self._put(
            scenario, frame, CHECK,
            matrix_flop=matrix,
            vector_flop=used * _CHECK_FLOP * pixels,
            weight_bytes=used * scene.check_fraction * frame.weight_bytes.sum(axis=0),
            activation_bytes=used * 2 * pixels,  # the frame and the one before
            launches=used * 3.0,
        )  # fmt: skip
        self.needed_flop += matrix + used * _CHECK_FLOP * pixels
        self.needed_bytes += self.weight_bytes[CHECK] + self.activation_bytes[CHECK]

    def add_translator(
        self, scenario: FrameScenario, flat: dict[str, np.ndarray], frame: FilterCost
    ) -> None:
        """Add the share of the translations that falls to a frame."""
        phrases = flat["translations_per_s"] / flat["frames_per_s"]
        costs = phrase_costs(
            scenario.translator,
            scenario.scene,
            batch=flat["translations_batched"],
            drafted=flat["draft_tokens"],
            experts=flat["experts"],
            size_fraction=_expert_size(scenario, flat["experts"]),
        )
        for row, cost in zip((ENCODER, DECODER, VOCABULARY), costs, strict=True):
            self._put(
                scenario, frame, row,
                matrix_flop=phrases * cost.flop * frame.sparse_factor,
                vector_flop=0.0 * phrases,
                weight_bytes=phrases * cost.weights_count * frame.weight_element_bytes,
                activation_bytes=phrases * cost.moved_count * frame.activation_element_bytes,
                launches=phrases * cost.launches,
                kv_bytes=phrases * cost.kv_count * frame.activation_element_bytes,
            )  # fmt: skip
            self.needed_flop += phrases * cost.needed_flop * frame.sparse_factor
            self.needed_bytes += self.weight_bytes[row] + self.kv_bytes[row]
        busy = self.kernel_s + self.launch_s
        self.translation_s = busy[ENCODER:].sum(axis=0) / phrases

    def _put(
        self, scenario: FrameScenario, frame: FilterCost, row: int, *, matrix_flop: Any,
        vector_flop: Any, weight_bytes: Any, activation_bytes: Any, launches: Any, kv_bytes: Any = 0.0,
    ) -> None:  # fmt: skip
        """Fill one row, whose kernels are alike, and time it."""
        npu = scenario.calibration
        bandwidth = npu.hbm_fraction * scenario.device.fact("hbm_bytes_per_s")
        compute_s = matrix_flop / frame.matrix_flop_per_s + vector_flop / scenario.device.fact(
            "vector_flop_per_s"
        )
        memory_s = (weight_bytes + activation_bytes + kv_bytes) / bandwidth
        kernel_s = np.maximum(compute_s, memory_s)
        for name, value in (
            ("matrix_flop", matrix_flop),
            ("vector_flop", vector_flop),
            ("weight_bytes", weight_bytes),
            ("activation_bytes", activation_bytes),
            ("kv_bytes", kv_bytes),
            ("launches", launches),
            ("compute_s", compute_s),
            ("memory_s", memory_s),
            ("launch_s", launches * npu.kernel_start_s),
            ("kernel_s", kernel_s),
        ):
            getattr(self, name)[row] = value
        waits = memory_s >= compute_s
        self.memory_bound_s = self.memory_bound_s + np.where(waits, kernel_s, 0.0)
        self.compute_bound_s = self.compute_bound_s + np.where(waits, 0.0, kernel_s)

    @property
    def flop(self) -> np.ndarray:
        """All operations of every row."""
        return self.matrix_flop + self.vector_flop

    @property
    def hbm_bytes(self) -> np.ndarray:
        """All traffic of every row."""
        return self.weight_bytes + self.activation_bytes + self.kv_bytes

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays of an Operators record."""
        flop, time_s = self.flop, self.kernel_s + self.launch_s
        timing = Timing(self.compute_s, self.memory_s, self.launch_s)
        return {
            "flop": flop,
            "weight_bytes": self.weight_bytes,
            "activation_bytes": self.activation_bytes,
            "kv_bytes": self.kv_bytes,
            "launches": self.launches,
            "compute_s": self.compute_s,
            "memory_s": self.memory_s,
            "link_s": np.zeros_like(time_s),
            "launch_s": self.launch_s,
            "time_s": time_s,
            "intensity_flop_per_byte": _ratio(flop, self.hbm_bytes),
            "attained_flop_per_s": _ratio(flop, time_s),
            "bound": timing.bound,
        }


def _figures(
    scenario: FrameScenario, flat: dict[str, np.ndarray], frame: FilterCost, rows: _Rows
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
    scenario: FrameScenario, flat: dict[str, np.ndarray], frame: FilterCost, rows: _Rows,
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


def stored_count(scenario: FrameScenario, design: FrameDesign) -> float:
    """Return the weights of one design that must be at hand: of every expert, and of the small models."""
    flat = {name: np.array([getattr(design, name)]) for name in ("experts", "draft_tokens", "skipped_frames")}
    return float(_stored_count(scenario, flat, np.array([params_count(scenario.filter)]))[0])


def _stored_count(
    scenario: FrameScenario, flat: dict[str, np.ndarray], params: np.ndarray
) -> np.ndarray:
    net, scene = scenario.translator, scenario.scene
    size = _expert_size(scenario, flat["experts"])
    layers = net.encoder_params_count + net.decoder_params_count
    drafting = (flat["draft_tokens"] > 0) * scene.draft_fraction
    return (
        params
        + net.vocab_params_count
        + flat["experts"] * size * layers
        + drafting * (net.decoder_params_count * size + net.vocab_params_count)
        + (flat["skipped_frames"] > 0) * scene.check_fraction * params
    )


def _full_share(scenario: FrameScenario, flat: dict[str, np.ndarray]) -> np.ndarray:
    """Return the share of the frames that the filter runs on: one of every run of predictions."""
    run = tokens_per_round_count(
        acceptance_fraction=scenario.scene.frame_acceptance_fraction, drafted=flat["skipped_frames"]
    )
    return 1 / run


def _expert_size(scenario: FrameScenario, experts: np.ndarray) -> np.ndarray:
    """Return the size of one expert against the dense layers."""
    sizes = scenario.scene.expert_size_fraction
    known, places = np.unique(experts, return_inverse=True)
    if unknown := [int(each) for each in known if int(each) not in sizes]:
        offered = ", ".join(str(each) for each in sizes)
        raise BadDesign(f"No translator has {unknown[0]} experts; there are some with {offered}.")
    return np.array([sizes[int(each)] for each in known])[places]


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return the ratio, and 0 for an operator that does nothing."""
    return above / np.where(below > 0, below, 1.0)
