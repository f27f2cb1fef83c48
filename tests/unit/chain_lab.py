"""A small kind of design, all of whose figures can be counted by hand.

Four steps in a row on an imaginary device: Linear, Scale, ReLU, and Add, which reads the output of
Linear too, so that what a fused boundary saves depends on the others. Y is one output's bytes: with
nothing fused the steps move X + 8 Y and the weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rooflab import evaluate as evaluation
from rooflab.errors import BadDesign
from rooflab.facts.sources import SERVICE_ASSUMPTION
from rooflab.model.capacity import MemoryUse
from rooflab.specs import (
    Choice,
    Control,
    Demand,
    Design,
    Gauge,
    Lever,
    Mission,
    Objective,
    Parameters,
    Part,
    Roof,
    Scenario,
    Target,
    TileMemory,
    TileProblem,
)
from rooflab.systems.kind import Kind
from rooflab.systems.outcome import COMMON_FIGURES, Operators, Outcome, judge
from rooflab.systems.picture import Picture, pace_of
from rooflab.systems.timeline import Timeline
from rooflab.units import format_time
from tests.unit.fusion_oracle import Block, Step, fused_costs

__all__ = ["CONTROLS", "FUSION", "ChainDesign", "ChainScenario", "DEMAND", "LEVERS", "design", "mission", "part", "register", "scenario"]

INPUTS, OUTPUTS = 1000, 500
PEAK_FLOP_PER_S, BYTES_PER_S, LAUNCH_S = 1e10, 1e8, 1e-5
ELEMENT_BYTES = {"wide": 4.0, "narrow": 2.0, "refused": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainDesign(Design):
    """A grouping of four steps, a batch, a width of elements, and operations left out."""

    kind: ClassVar[str] = "chain"
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]] = {"precision": tuple(ELEMENT_BYTES), "algorithm": ("dense", "half")}
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]] = {"batch": (1, 4096)}

    fusion: Any
    batch: Any
    precision: Any
    algorithm: Any


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainScenario(Scenario):
    """The imaginary device."""

    memory_bytes: float

    def roofs(self, design):
        return (
            Roof(name="Imaginary", peak_flop_per_s=PEAK_FLOP_PER_S, hbm_bytes_per_s=BYTES_PER_S),
            Roof(name="Its successor", peak_flop_per_s=4e10, hbm_bytes_per_s=2e8),
        )

    def parameters(self, design):
        count = INPUTS * OUTPUTS
        return Parameters(active_count=count / 2 if design.algorithm == "half" else count, stored_count=count)

    @property
    def records(self):
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainOutcome(Outcome):
    """Nothing beside the common figures."""


FUSION = Control(
    id="fusion",
    label="Fusion",
    chain=("Linear", "Scale", "ReLU", "Add"),
    choices=(Choice(id="000", text="None"), Choice(id="010", text="Partial"), Choice(id="111", text="Full")),
)
CONTROLS = (
    FUSION,
    Control(id="batch", label="Batch", values=(1, 16, 64, 256), unit="rows"),
    Control(
        id="precision",
        label="Precision",
        choices=(Choice(id="wide", text="Wide, 4 bytes"), Choice(id="narrow", text="Narrow, 2 bytes")),
    ),
    Control(id="algorithm", label="Algorithm", choices=(Choice(id="dense", text="Dense"), Choice(id="half", text="Half left out"))),
)
LEVERS = (
    Lever(id="precision", name="Precision", fields=("precision",)),
    Lever(id="fusion", name="Fusion", fields=("fusion",)),
    Lever(id="algorithm", name="Algorithm", fields=("algorithm",)),
)
DEMAND = Demand(
    text="Twice the rows a second by Friday: half of the weights will do.",
    claim="the halved weights",
    claimed=("algorithm",),
    mechanism=lambda place, start, chosen: f"A batch of {chosen.batch} decides.",
    source=SERVICE_ASSUMPTION,
    quantity="outputs_per_s",
    unit="rows/s",
)


def design(**changes):
    return ChainDesign(**{"fusion": "000", "batch": 16, "precision": "wide", "algorithm": "dense"} | changes)


def scenario(*, memory_bytes=1e7, step_s=1.0):
    target = Target(
        id="deadline",
        name="Time of a step",
        quantity="step_time_s",
        unit="s",
        at_least=False,
        limit=step_s,
        source=SERVICE_ASSUMPTION,
    )
    return ChainScenario(
        track_id="chain", variant=0, targets=(target,), calibration=None, memory_bytes=memory_bytes,
        crisis=design(), reference=design(),
    )


def mission(**limits):
    return Mission(
        scenario=scenario(**limits),
        baseline=design(),
        tempting=design(batch=256),
        tempting_reason="The step becomes too long.",
        objective=Objective(name="Rows a second", quantity="outputs_per_s", unit="rows/s"),
    )


def part(**limits):
    return Part(
        number=2,
        title="Chain",
        objective="Move less.",
        controls=CONTROLS,
        gauges=(Gauge(id="mfu", name="MFU", quantity="mfu_fraction"),),
        mission=lambda variant: mission(**limits),
        levers=LEVERS,
        tiling=lambda place, chosen: TileProblem(
            name="the Linear step", rows=int(chosen.batch), columns=OUTPUTS, depth=INPUTS, slots=8, on_chip_bytes=64e3,
            row_element_bytes=4.0, column_element_bytes=4.0, output_element_bytes=4.0, accumulator_bytes=4.0, flop_per_s=1e12,
            memory=TileMemory(name="LPDDR5", bytes_per_s=100e9, source=SERVICE_ASSUMPTION), tile_rows=(16, 64), tile_columns=(64, 128), splits=(1, 4),
        ),
        demand=DEMAND,
    )


def register(monkeypatch):
    """Let the model take this kind, until the test ends."""
    kind = Kind(
        id=ChainDesign.kind, scenario=ChainScenario, design=ChainDesign, evaluate=evaluate_chain, timeline=chain_timeline,
        formulas=lambda *_given, **_named: (), imagine=lambda scenario, _what_if: scenario, figures=COMMON_FIGURES,
        picture=chain_picture,
    )
    monkeypatch.setattr(evaluation, "KINDS", (*evaluation.KINDS, kind))


def chain_picture(_place, _chosen, outcome, _look):
    step_s = float(outcome.step_time_s)
    words = format_time(step_s)
    return Picture(kind="chain", title=f"A step takes {words}", words=words, rows=(("Step", words),), pace=pace_of(step_s), numbers={"period_s": step_s})


def evaluate_chain(place, chosen):
    shape = np.broadcast_shapes(*(np.shape(value) for value in (chosen.fusion, chosen.batch, chosen.precision, chosen.algorithm)))
    texts = np.broadcast_to(np.asarray(chosen.fusion), shape)
    batch = np.broadcast_to(np.asarray(chosen.batch, float), shape)
    if "refused" in np.unique(chosen.precision) and "dense" in np.unique(chosen.algorithm):
        raise BadDesign("1-byte elements are for the halved algorithm only.")
    width = np.vectorize(ELEMENT_BYTES.get)(np.broadcast_to(chosen.precision, shape))
    left = np.where(np.broadcast_to(chosen.algorithm, shape) == "half", 0.5, 1.0)
    flop, weights, activations, launches = (np.zeros((4, *shape)) for _ in range(4))
    for text in np.unique(texts):
        at = texts == text
        for kernel, cost in enumerate(fused_costs(_block(batch, width, left), _grouping(str(text)))):
            for values, counted in (
                (flop, cost.flop), (weights, cost.weight_bytes), (activations, cost.activation_bytes), (launches, cost.launches)
            ):
                values[kernel] = np.where(at, counted, values[kernel])
    bytes_ = weights + activations
    compute_s, memory_s, launch_s = flop / PEAK_FLOP_PER_S, bytes_ / BYTES_PER_S, launches * LAUNCH_S
    time_s = np.maximum(compute_s, memory_s) + launch_s
    step_s = time_s.sum(axis=0)
    bound_times_s = np.stack(
        [np.where(memory_s >= compute_s, memory_s, 0).sum(axis=0), np.where(memory_s < compute_s, compute_s, 0).sum(axis=0),
         launch_s.sum(axis=0), np.zeros(shape)]
    )
    outcome = ChainOutcome(
        operators=Operators(
            ids=("a", "b", "c", "d"), names=("First kernel", "Second kernel", "Third kernel", "Fourth kernel"),
            repeats=np.ones(4), flop=flop, weight_bytes=weights, activation_bytes=activations, kv_bytes=np.zeros_like(flop),
            launches=launches, compute_s=compute_s, memory_s=memory_s, link_s=np.zeros_like(flop), launch_s=launch_s,
            time_s=time_s, intensity_flop_per_byte=flop / np.where(bytes_ > 0, bytes_, 1),
            attained_flop_per_s=flop / np.where(time_s > 0, time_s, 1), bound=np.zeros((4, *shape), int),
        ),
        step_time_s=step_s,
        outputs=batch,
        mfu_fraction=flop.sum(axis=0) / (step_s * PEAK_FLOP_PER_S),
        mbu_fraction=bytes_.sum(axis=0) / (step_s * BYTES_PER_S),
        bound_times_s=bound_times_s,
        bound=bound_times_s.argmax(axis=0),
        peak_flop_per_s=PEAK_FLOP_PER_S,
        hbm_bytes_per_s=BYTES_PER_S,
        capacity=MemoryUse(
            parts=(("weights", INPUTS * OUTPUTS * width), ("activations", batch * (INPUTS + 2 * OUTPUTS) * width)),
            available_bytes=place.memory_bytes,
        ),
        targets=tuple(judge(each, step_s) for each in place.targets),
    )
    return outcome


def chain_timeline(place, chosen, outcome):
    durations = outcome.operators.time_s
    starts = np.concatenate([[0.0], np.cumsum(durations)[:-1]])
    return Timeline(
        subject="The chain",
        names=outcome.operators.names, operators=np.arange(4), starts_s=starts, durations_s=durations,
        gaps_before_s=np.zeros(4), layer_time_s=float(durations.sum()), layers=1,
    )


def _grouping(text):
    grouping = [0]
    for digit in text:
        grouping.append(grouping[-1] + (digit == "0"))
    return tuple(grouping)


def _block(batch, width, left):
    y = batch * OUTPUTS * width
    pointwise = batch * OUTPUTS
    return Block(
        name="chain",
        input_bytes=batch * INPUTS * width,
        steps=(
            Step(
                name="Linear", flop=2 * batch * INPUTS * OUTPUTS * left, weight_bytes=INPUTS * OUTPUTS * width * left,
                output_bytes=y, reads=(-1,),
            ),
            Step(name="Scale", flop=pointwise, output_bytes=y, reads=(0,)),
            Step(name="ReLU", flop=pointwise, output_bytes=y, reads=(1,)),
            Step(name="Add", flop=pointwise, output_bytes=y, reads=(2, 0)),
        ),
    )
