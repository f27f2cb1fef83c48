"""Audio hops in an earbud: from a design to an outcome, one design or a grid of them at once.

A step is `hops_batched` hops. Closed forms only. The core works in order: pointwise steps, starts of
kernels and rows add up, and only inside a product do arithmetic and the stream of weights overlap.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from rooflab.errors import BadDesign
from rooflab.model.capacity import MemoryUse
from rooflab.model.lstm_cell import (
    ACCUMULATOR_BYTES,
    CELL_IDS,
    CELL_NAMES,
    CellWork,
    RowLayout,
    cell_work,
    row_layout,
)
from rooflab.model.mcu_kernel import start_s
from rooflab.model.roofline import BOUNDS, COMPUTE, LATENCY, MEMORY, Timing
from rooflab.model.sparsity import bitmap_element_bytes
from rooflab.specs import HOP_FORMATS, HOP_KERNELS
from rooflab.systems.earbud.design import HOP_PLACEMENTS, EarbudDesign
from rooflab.systems.earbud.scenario import EarbudScenario
from rooflab.systems.outcome import CannotRun, Operators, Outcome, judge, ratio
from rooflab.units import format_bytes, format_fraction
from rooflab.values import Flags, Values

__all__ = ["HOP_IDS", "HOP_NAMES", "EarbudOutcome", "evaluate_earbud"]

HOP_IDS = ("gate", *CELL_IDS)
HOP_NAMES = ("Gate in front", *CELL_NAMES)
BLOCK = 16
"""Weights that a sparse block keeps or drops together, with one byte to say where it lies."""

LEAST_BYTES = 1.0

_WORDS = ("chip_id", "placement", "weights", "kernel", "fusion", "sparsity", "gate")
_CHIP_FIGURES = ("clock_hz", "active_w", "sleep_w", "wake_s")
_KERNEL_FIGURES = ("call_cycles", "output_cycles", "mac_cycles", "lanes", "mac_j", "weight_byte_j")
_MEMORY_FIGURES = ("bytes_per_s", "given_bytes_per_s", "line_bytes")

_FIELDS = tuple(each.name for each in fields(EarbudDesign))


@dataclass(frozen=True, slots=True, kw_only=True)
class EarbudOutcome(Outcome):
    """Time, power and memory of one way of isolating a voice.

    `step_time_s` is the mean busy time of a step, `hop_time_s` the longest of one hop: gate and
    network both. `delay_s` is from the first sample of a batch to its result. `asked_bytes_per_s`
    is what the products would read if weights came at once, `given_bytes_per_s` what their memory
    gives, and `pull_fraction` the ratio. Powers are means over a hop.
    """

    hop_time_s: Values
    delay_s: Values
    power_w: Values
    network_power_w: Values
    sleep_power_w: Values
    front_end_w: Values
    hop_energy_j: Values
    busy_fraction: Values
    asked_bytes_per_s: Values
    given_bytes_per_s: Values
    pull_fraction: Values
    line_fraction: Values
    vector_fraction: Values
    speech_lost_fraction: Values
    equivalent_states_count: Values
    footprint_bytes: Values
    buildable: Flags

    def made_of(self, quantity: str) -> tuple[tuple[str, float], ...]:
        """Return what a figure is the sum of: power by its causes, the delay by collecting and computing."""
        if quantity == "power_w":
            named = {"the network": self.network_power_w, "sleep": self.sleep_power_w, "microphones and front end": self.front_end_w}
            return tuple((words, float(value)) for words, value in named.items())
        if quantity == "delay_s":
            computing_s = float(self.outputs * self.hop_time_s)
            return ("collecting the sound of hops", float(self.delay_s) - computing_s), *self.waits(computing_s)
        return Outcome.made_of(self, quantity)

    @property
    def carried_bytes(self) -> Values:
        """Bytes that come from the memory that holds the weights, with what fills up lines and vectors."""
        return self.operators.weight_bytes.sum(axis=0)

    @property
    def runs(self) -> Flags:
        """Whether the chip has such a memory, everything fits, and hops are done as fast as they come."""
        return self.fits & self.buildable & (self.busy_fraction <= 1)

    @property
    def memory_place(self) -> str:
        """Say where the memory that limits is, after a number of bytes."""
        return " where the weights are"

    @property
    def cannot_run(self) -> CannotRun | None:
        """Why it cannot run; None if it does; for one design."""
        if not self.buildable:
            needed = format_bytes(self.capacity.needed_bytes)
            return CannotRun(
                kind="Out of memory", reason=f"the chip has no memory of this kind; {needed} needed.", number=f"{needed} of none"
            )
        if stopped := Outcome.cannot_run.fget(self):
            return stopped
        if self.busy_fraction > 1:
            duty = format_fraction(self.busy_fraction)
            return CannotRun(
                kind="Falls behind",
                reason=f"hops come faster than they are done, at a duty of {duty}, so the delay grows without bound.",
                number=f"duty {duty} of 100%",
                used_fraction=float(self.busy_fraction),
                unbounded=("delay_s",),
                backlog=True,
            )
        return None


def evaluate_earbud(scenario: EarbudScenario, design: EarbudDesign) -> EarbudOutcome:
    """Return what `design` does in `scenario`; every value of the design may be an array."""
    values = np.broadcast_arrays(*(np.asarray(getattr(design, name)) for name in _FIELDS))
    shape = values[0].shape
    flat = {name: value.ravel() for name, value in zip(_FIELDS, values, strict=True)}
    hop = _Hop(scenario, flat)
    figures = _figures(scenario, hop)

    def shaped(value: Values) -> Values:
        value = np.asarray(value)
        return value.reshape((*value.shape[:-1], *shape))[()]

    shown = {name: shaped(value) for name, value in figures.items()}
    operators = {name: shaped(value) for name, value in _operators(hop).items()}
    return EarbudOutcome(
        operators=Operators(ids=HOP_IDS, names=HOP_NAMES, repeats=np.ones(len(HOP_IDS)), **operators),
        capacity=MemoryUse(
            parts=tuple((words, shaped(value)) for words, value in hop.memory_parts),
            available_bytes=shaped(hop.available_bytes),
            source=scenario.earbud.source_of("sram_bytes"),
        ),
        targets=tuple(judge(each, shown[each.quantity]) for each in scenario.targets),
        **shown,
    )


class _Hop:
    """Everything that follows from the design by itself, before times are added up."""

    def __init__(self, scenario: EarbudScenario, flat: Mapping[str, np.ndarray]) -> None:
        self.flat = flat
        self.count = len(flat["hidden"])
        self._known = {name: np.unique(flat[name], return_inverse=True) for name in _WORDS}
        self.hidden = flat["hidden"].astype(float)
        self.hops = flat["hops_batched"].astype(float)
        self.experts = flat["experts"].astype(float)
        self.value_bytes = self.by("weights", HOP_FORMATS)
        self._take_chip(scenario)
        self._take_algorithms(scenario)
        texts, places = self._known["fusion"]
        self.fused = np.array([[float(digit) for digit in str(each)] for each in texts]).T[:, places]
        inputs = scenario.network.inputs
        self.work: CellWork = cell_work(
            inputs=inputs, hidden=self.hidden, fused=self.fused, value_bytes=self.value_bytes, hops=self.hops
        )
        self.rows: RowLayout = row_layout(
            inputs=inputs,
            hidden=self.hidden,
            joint=self.fused[0],
            element_bytes=self.element_bytes,
            kept=self.multiplied_fraction,
            line_bytes=self.line_bytes,
            lanes=self.lanes,
        )
        self._time(scenario)
        self._fill_memory(scenario, inputs)

    def by(self, name: str, table: Mapping[str, float]) -> np.ndarray:
        """Return the entry of a table for the word of every design."""
        words, places = self._known[name]
        return np.array([table[str(each)] for each in words])[places]

    def _take_chip(self, scenario: EarbudScenario) -> None:
        """Look up clock, kernel, memory and powers of every design."""
        chip = self.by("chip_id", _places(scenario, self._known["chip_id"][0]))
        format_ = self.by("weights", {each: at for at, each in enumerate(HOP_FORMATS)})
        kind = self.by("kernel", {each: at for at, each in enumerate(HOP_KERNELS)})
        place = self.by("placement", {each: at for at, each in enumerate(HOP_PLACEMENTS)})
        tables = _chip_tables(scenario)
        for name in _CHIP_FIGURES:
            setattr(self, name, tables[name][chip])
        for name in _KERNEL_FIGURES:
            setattr(self, name, tables[name][chip, format_, kind])
        for name in _MEMORY_FIGURES:
            setattr(self, name, tables[name][chip, place])
        self.peak_flop_per_s = tables["peak_flop_per_s"][chip, format_]
        self.sram_bytes_per_s = tables["bytes_per_s"][chip, HOP_PLACEMENTS.index("sram")]
        self.buildable = tables["has"][chip, place]
        free = np.array([scenario.earbud.free_bytes(name) for name in HOP_PLACEMENTS])
        self.available_bytes = np.where(self.buildable, free[place], 0.0)
        self.in_sram = place == HOP_PLACEMENTS.index("sram")

    def _take_algorithms(self, scenario: EarbudScenario) -> None:
        """Look up what gate, sparse weights and experts do to the work of a hop."""
        flat, known, earbud = self.flat, scenario.algorithms, scenario.earbud
        kept = self.by("sparsity", known.kept_fraction)
        width = self.value_bytes
        blocks, scattered = flat["sparsity"] == "blocks", flat["sparsity"] == "scattered"
        bitmap = bitmap_element_bytes(density_fraction=kept, value_bytes=width)
        self.element_bytes = np.where(scattered, bitmap, np.where(blocks, kept * (width + 1 / BLOCK), width))
        self.kept_fraction = kept
        self.multiplied_fraction = np.where(blocks, kept, 1.0)  # a kernel skips blocks, not single weights
        self.unpacked = scattered * 1.0
        sizes = known.expert_size_fraction
        size = _size_fraction(self.experts, sizes)
        self.equivalent_states_count = self.hidden * self.by("sparsity", known.worth_fraction) / size
        spared = np.where(flat["gate"] == "exit", earbud.easy_fraction, earbud.silent_fraction)
        self.run_fraction = 1 - spared * self.by("gate", known.caught_fraction)
        self.gate_fraction = self.by("gate", known.gate_cost_fraction) + np.where(
            self.experts > 1, known.router_fraction, 0.0
        )
        self.speech_lost_fraction = self.by("gate", known.speech_lost_fraction)

    def _time(self, scenario: EarbudScenario) -> None:
        """Time the cell's operators for hops that run in full."""
        work, rows, small = self.work, self.rows, scenario.calibration
        cycles = np.zeros((len(CELL_IDS), self.count))
        per_hop = rows.multiplied_count * self.mac_cycles + rows.useful_count * self.unpacked * small.unpack_cycles
        cycles[:2] = per_hop * self.hops
        self.product_s = cycles[:2] / self.clock_hz
        # In plain C a step on INT8 rescales as a product does: no operation is faster than the chip's best loop.
        least = self.clock_hz / self.peak_flop_per_s
        cycles += work.looked_up_count * np.maximum(small.activation_cycles, least)
        cycles += work.pointwise_count * np.maximum(small.pointwise_cycles, least)
        self.compute_s = cycles / self.clock_hz
        self.weight_bytes = np.zeros_like(cycles)
        self.weight_bytes[:2] = rows.stored_bytes * work.weight_passes_count
        self.bias_bytes = ACCUMULATOR_BYTES * 4 * self.hidden
        self.weight_bytes[2] = self.bias_bytes * self.hops
        self.memory_s = self.weight_bytes / self.given_bytes_per_s + work.activation_bytes / self.sram_bytes_per_s
        self.start_s = start_s(
            calls=work.kernels_count,
            call_cycles=self.call_cycles,
            outputs=work.rows_count,
            output_cycles=self.output_cycles,
            clock_hz=self.clock_hz,
        )
        self.flop = 2 * work.macs_count * self.multiplied_fraction + work.looked_up_count + work.pointwise_count

    def _fill_memory(self, scenario: EarbudScenario, inputs: int) -> None:
        """Count what lies where the weights are: every expert, the gate, and in SRAM the values too."""
        weights = self.rows.useful_bytes.sum(axis=0)
        padding = self.rows.stored_bytes.sum(axis=0) - weights
        state = self.hops * inputs * self.value_bytes + self.hidden * (self.value_bytes + ACCUMULATOR_BYTES)
        between = ACCUMULATOR_BYTES * 8 * self.hidden * (1 - self.fused.min(axis=0))
        batch = (self.hops - 1) * ACCUMULATOR_BYTES * 4 * self.hidden * (1 - self.fused[0])
        gate = self.by("gate", scenario.algorithms.gate_cost_fraction) * weights
        self.footprint_bytes = self.experts * (weights + padding + self.bias_bytes) + gate
        self.memory_parts = (
            ("weights", weights + self.bias_bytes),
            ("weights of other experts", (self.experts - 1) * (weights + self.bias_bytes)),
            ("gate in front", gate),
            ("filling up of lines and vectors", padding * self.experts),
            ("state and sums", np.where(self.in_sram, state + between + batch, 0.0)),
        )


@lru_cache(maxsize=16)
def _chip_tables(scenario: EarbudScenario) -> dict[str, np.ndarray]:
    """Return the figures of all chips, by chip first, then by format and kernel, or by placement."""
    chips, reached = scenario.chips, scenario.calibration.bus_fraction
    kernels = [[[each.kernels[f, k] for k in HOP_KERNELS] for f in HOP_FORMATS] for each in chips]
    memories = [[each.memory(name) for name in HOP_PLACEMENTS] for each in chips]
    given = [[each.bytes_per_s * (reached if each.is_bus else 1.0) for each in row] for row in memories]
    return {
        **{name: np.array([getattr(each, name) for each in chips]) for name in _CHIP_FIGURES},
        **{
            name: np.array([[[float(getattr(each, name)) for each in row] for row in block] for block in kernels])
            for name in _KERNEL_FIGURES
        },
        "bytes_per_s": np.array([[each.bytes_per_s for each in row] for row in memories]),
        "line_bytes": np.array([[float(each.line_bytes) for each in row] for row in memories]),
        "given_bytes_per_s": np.array(given),
        "peak_flop_per_s": np.array([[each.peak_flop_per_s(name) for name in HOP_FORMATS] for each in chips]),
        "has": np.array([[name in each.memories for name in HOP_PLACEMENTS] for each in chips]),
    }


def _figures(scenario: EarbudScenario, hop: _Hop) -> dict[str, Values]:
    """Return every figure of an outcome but operators, capacity and targets."""
    work, earbud = hop.work, scenario.earbud
    cell_s = np.maximum(hop.compute_s, hop.memory_s) + hop.start_s
    full_s = cell_s.sum(axis=0)
    waits = hop.memory_s >= hop.compute_s
    scale = hop.run_fraction + hop.gate_fraction
    bound_times_s = np.zeros((len(BOUNDS), hop.count))
    bound_times_s[MEMORY] = (np.where(waits, hop.memory_s, 0.0)).sum(axis=0) * scale
    bound_times_s[COMPUTE] = (np.where(waits, 0.0, hop.compute_s)).sum(axis=0) * scale
    bound_times_s[LATENCY] = hop.start_s.sum(axis=0) * scale
    step_s = full_s * scale
    longest_s = full_s * (1 + hop.gate_fraction) / hop.hops
    # However the cell is fused: hops that wait for each other could share the input weights, never the recurrent ones.
    necessary_bytes = hop.rows.useful_bytes[0] + (hop.rows.useful_bytes[1] + hop.bias_bytes) * hop.hops
    needed_flop = (2 * work.macs_count * hop.kept_fraction + work.looked_up_count + work.pointwise_count).sum(axis=0)
    read = hop.weight_bytes[:2].sum(axis=0)
    asked = read / hop.product_s.sum(axis=0)
    return {
        "step_time_s": step_s,
        "outputs": hop.hops,
        "hop_time_s": longest_s,
        "delay_s": hop.hops * (earbud.hop_s + longest_s),
        "mfu_fraction": needed_flop * hop.run_fraction / (step_s * hop.peak_flop_per_s),
        "mbu_fraction": necessary_bytes * hop.run_fraction / (step_s * hop.bytes_per_s),
        "bound_times_s": bound_times_s,
        "bound": bound_times_s.argmax(axis=0),
        "peak_flop_per_s": hop.peak_flop_per_s,
        "hbm_bytes_per_s": hop.bytes_per_s,
        "asked_bytes_per_s": asked,
        "given_bytes_per_s": hop.given_bytes_per_s,
        "pull_fraction": asked / hop.given_bytes_per_s,
        "line_fraction": hop.rows.useful_bytes.sum(axis=0) / hop.rows.stored_bytes.sum(axis=0),
        "vector_fraction": hop.rows.useful_count.sum(axis=0) / hop.rows.multiplied_count.sum(axis=0),
        "speech_lost_fraction": hop.speech_lost_fraction,
        "equivalent_states_count": hop.equivalent_states_count,
        "footprint_bytes": hop.footprint_bytes,
        "buildable": hop.buildable,
        **_power(scenario, hop, cell_s, scale),
    }


def _power(scenario: EarbudScenario, hop: _Hop, cell_s: np.ndarray, scale: np.ndarray) -> dict[str, Values]:
    """Return mean powers: awake for the work and for waking, asleep for the rest of a hop.

    A product on an accelerator is paid for by multiply-adds and bytes, not by the time awake.
    """
    earbud = scenario.earbud
    step_s = earbud.hop_s * hop.hops
    busy = cell_s.sum(axis=0) * scale / step_s
    duty = np.minimum(busy + hop.wake_s / step_s, 1.0)
    accelerated = hop.mac_j > 0
    products_s = cell_s[:2].sum(axis=0) * scale
    apart_j = (
        (hop.rows.multiplied_count * hop.hops).sum(axis=0) * hop.mac_j
        + hop.weight_bytes[:2].sum(axis=0) * hop.weight_byte_j
    ) * scale
    awake = np.where(accelerated, np.maximum(duty - products_s / step_s, 0.0), duty)
    network_w = awake * hop.active_w + np.where(accelerated, apart_j / step_s, 0.0)
    sleep_w = (1 - duty) * hop.sleep_w
    return {
        "busy_fraction": busy,
        "network_power_w": network_w,
        "sleep_power_w": sleep_w,
        "front_end_w": np.full(hop.count, earbud.front_end_w),
        "power_w": network_w + sleep_w + earbud.front_end_w,
        "hop_energy_j": (network_w + sleep_w) * earbud.hop_s,
    }


def _operators(hop: _Hop) -> dict[str, np.ndarray]:
    """Return the arrays of an Operators record: the gate, then the cell for the hops that run."""
    share, gate = hop.run_fraction, hop.gate_fraction

    def rows(cell: np.ndarray) -> np.ndarray:
        return np.concatenate([(cell.sum(axis=0) * gate)[None], cell * share])

    flop, weights, moved = rows(hop.flop), rows(hop.weight_bytes), rows(hop.work.activation_bytes)
    kernel_s = rows(np.maximum(hop.compute_s, hop.memory_s))
    compute_s, memory_s, launch_s = rows(hop.compute_s), rows(hop.memory_s), rows(hop.start_s)
    time_s = kernel_s + launch_s
    # A byte of SRAM counts as the share of a byte of the weights' memory that moves in the same time.
    # A step in the middle of a kernel moves nothing; it stands far to the right, as if it moved one byte.
    slow_bytes = np.maximum(weights + moved * hop.bytes_per_s / hop.sram_bytes_per_s, LEAST_BYTES)
    return {
        "flop": flop,
        "weight_bytes": weights,
        "activation_bytes": moved,
        "kv_bytes": np.zeros_like(flop),
        "launches": rows(hop.work.kernels_count),
        "compute_s": compute_s,
        "memory_s": memory_s,
        "link_s": np.zeros_like(flop),
        "launch_s": launch_s,
        "time_s": time_s,
        "intensity_flop_per_byte": ratio(flop, slow_bytes),
        "attained_flop_per_s": ratio(flop, time_s),
        "bound": Timing(compute_s, memory_s, launch_s).bound,
    }


def _places(scenario: EarbudScenario, chip_ids: np.ndarray) -> dict[str, int]:
    """Return the index of every chip; refuse one that is not there."""
    known = {each.id: at for at, each in enumerate(scenario.chips)}
    for each in chip_ids.tolist():
        if each not in known:
            raise BadDesign(f"This scenario has no chip {each!r}; it has {', '.join(known)}.")
    return known


def _size_fraction(experts: np.ndarray, sizes: Mapping[int, float]) -> np.ndarray:
    """Return the size of an expert against one network for everything."""
    known = np.array(sorted(sizes))
    if not np.isin(experts, known).all():
        raise BadDesign(f"experts must be one of {', '.join(map(str, known.tolist()))}.")
    return np.array([sizes[int(each)] for each in known])[np.searchsorted(known, experts)]
