"""The detector on one batch of images, for every design: what its layers take, and what they keep in memory."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from rooflab.model.network_layers import (
    LayerRun,
    LayerWork,
    layer_work,
    layers_of,
    own_and_pass_s,
)
from rooflab.model.sparsity import bitmap_element_bytes, two_of_four_element_bytes
from rooflab.systems.vehicle.columns import Columns, by_word, columns_of
from rooflab.systems.vehicle.design import LOOP_BOUNDARIES, LOOP_CHOICES, LOOP_FORMATS, VehicleDesign
from rooflab.systems.vehicle.scenario import VehicleScenario

__all__ = ["FULL", "LOOKS", "USUAL_SIDE", "DetectorCost", "detector_cost", "detector_work", "matrix_flop_per_s"]

FULL = 0
LOOKS = {"off": FULL, "exit": 1, "verify": 2}
"""What a run looks at: the whole image, or what a first look does by the way of a cascade."""

_TWO_OF_FOUR = 0.5
_PRODUCTS_LEFT = {"dense": 1.0, "unstructured": 1.0, "2:4": _TWO_OF_FOUR}

USUAL_SIDE = 640
"""Side of the network's input, in pixels, for which its layers are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorCost:
    """One run over a batch of images; rows have the stage of the network first, then the design.

    `matrix_flop` are those that are executed, `needed_flop` those without what is computed twice.
    """

    matrix_flop: np.ndarray
    vector_flop: np.ndarray
    weight_bytes: np.ndarray
    activation_bytes: np.ndarray
    launches: np.ndarray
    compute_s: np.ndarray
    memory_s: np.ndarray
    kernel_s: np.ndarray
    memory_bound_s: np.ndarray
    needed_flop: np.ndarray
    needed_bytes: np.ndarray
    stored_weight_bytes: np.ndarray
    stored_activation_bytes: np.ndarray


def detector_cost(scenario: VehicleScenario, columns: Columns) -> DetectorCost:
    """Return the cost of one run for every design; `columns` has a `look` beside the fields.

    Designs that detect alike are evaluated once, and kept for the next grid or the next move of a
    control: most controls of a loop leave the detector as it is.
    """
    key = _key(columns)
    known = _known(scenario.calibration, scenario.device, scenario.network, scenario.rig)
    if len(key) == 1:
        wanted, first, places = key, np.zeros(1, dtype=int), np.zeros(1, dtype=int)
    else:
        wanted, first, places = np.unique(key, return_index=True, return_inverse=True)
    at = known.places(wanted.tolist(), lambda new: _cost(scenario, {
        name: column[first[new]] for name, column in columns.items()
    }))
    return DetectorCost(**{name: values[..., at[places]] for name, values in known.costs.items()})


class _Known:
    """Costs found so far, one column each; forgotten when there are too many."""

    most = 32768

    def __init__(self) -> None:
        self.column_of: dict[int, int] = {}
        self.costs: dict[str, np.ndarray] = {}

    def places(self, keys: list[int], make: Callable[[list[int]], DetectorCost]) -> np.ndarray:
        """Return the column of every key; `make` returns the cost of those that are new, by their places."""
        if len(self.column_of) + len(keys) > self.most:
            self.column_of, self.costs = {}, {}
        new = [at for at, key in enumerate(keys) if key not in self.column_of]
        if new:
            made = make(new)
            count = len(self.column_of)
            self.column_of |= {keys[at]: count + place for place, at in enumerate(new)}
            for each in fields(DetectorCost):
                values = getattr(made, each.name)
                before = self.costs.get(each.name)
                self.costs[each.name] = values if before is None else np.concatenate((before, values), axis=-1)
        return np.array([self.column_of[key] for key in keys])


@lru_cache(maxsize=8)
def _known(*_records: object) -> _Known:
    return _Known()


def _key(columns: Columns) -> np.ndarray:
    """Return one whole number for all that a run depends on."""
    locked = by_word(columns, "mode", {"default": 0.0, "locked": 1.0, "reserved": 0.0, "both": 1.0})
    key = locked.astype(np.int64)
    for name, most in (
        ("fusion", 16), ("precision", 4), ("sparsity", 4), ("look", 4),
        ("batch", 32), ("experts", 16), ("resolution", 2048),
    ):  # fmt: skip
        key = key * most + columns[name].astype(np.int64)
    return key


def detector_work(scenario: VehicleScenario, columns: Columns) -> LayerWork:
    """Return what each layer of the network does, for every design of `columns`."""
    machine, device = scenario.calibration, scenario.device
    batch, clock, pixels, width = _scales(scenario, columns)
    element, weight = _element_bytes(scenario, columns)
    run = LayerRun(
        batch_count=batch,
        pixels_factor=pixels,
        width_factor=width,
        fused_count=tuple(_bits(columns["fusion"])),
        element_bytes=element,
        weight_element_bytes=weight,
        products_fraction=by_word(columns, "sparsity", _PRODUCTS_LEFT),
        matrix_flop_per_s=_matrix_flop_per_s(scenario, columns, clock),
        vector_flop_per_s=machine.vector_fraction * device.fact("vector_flop_per_s") * clock,
        bytes_per_s=machine.hbm_fraction * device.fact("hbm_bytes_per_s"),
        sm_count=device.fact("sm_count"),
        tile_rows=machine.tile_rows,
        tile_columns=machine.tile_columns,
        tile_places=machine.tile_places,
        pair_fraction=machine.pair_fraction,
        on_chip_bytes=machine.on_chip_bytes,
    )
    return layer_work(layers_of(scenario.network), run)


def matrix_flop_per_s(scenario: VehicleScenario, design: VehicleDesign) -> float:
    """Return the rate of the products of one design in whole tiles on all multiprocessors."""
    columns = columns_of(design)[1] | {"look": np.zeros(1, dtype=int)}
    return float(_matrix_flop_per_s(scenario, columns, _scales(scenario, columns)[1])[0])


def _cost(scenario: VehicleScenario, columns: Columns) -> DetectorCost:
    layers = layers_of(scenario.network)
    work = detector_work(scenario, columns)
    own_s, pass_s = own_and_pass_s(work)
    waits = np.where(work.own_memory_s >= work.own_compute_s, own_s, 0.0) + np.where(
        work.pass_memory_s >= work.pass_compute_s, pass_s, 0.0
    )
    element, weight = _element_bytes(scenario, columns)
    batch, _, pixels, width = _scales(scenario, columns)
    norm, silu, join, onward = _bits(columns["fusion"])
    least = (layers.convolves_count * (layers.input_count + layers.output_count) * layers.repeats).sum(axis=0)
    weights = (layers.weights_count * layers.repeats).sum(axis=0) * width**2 * weight
    alive = (
        layers.kept_count
        + layers.joined_count * (1 - np.maximum(join, onward))
        + layers.largest_count * ((1 - norm) + (1 - silu) + 1)
    )

    def staged(values: np.ndarray) -> np.ndarray:
        return layers.stage_count @ values

    scale = batch * pixels * width * element
    kept = by_word(columns, "sparsity", _PRODUCTS_LEFT)
    return DetectorCost(
        matrix_flop=staged(work.matrix_flop),
        vector_flop=staged(work.vector_flop),
        weight_bytes=staged(work.weight_bytes),
        activation_bytes=staged(work.own_bytes + work.pass_bytes),
        launches=staged(work.launches),
        compute_s=staged(work.own_compute_s + work.pass_compute_s),
        memory_s=staged(work.own_memory_s + work.pass_memory_s),
        kernel_s=staged(own_s + pass_s),
        memory_bound_s=staged(waits).sum(axis=0),
        needed_flop=2 * (layers.macs_count * layers.repeats).sum() * batch * pixels * width**2 * kept,
        needed_bytes=weights + np.minimum(least * scale, (work.own_bytes + work.pass_bytes).sum(axis=0)),
        stored_weight_bytes=weights,
        stored_activation_bytes=alive * scale,
    )


def _scales(
    scenario: VehicleScenario, columns: Columns
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return images, clock, pixels and width of the layers, the last three against the usual ones."""
    machine, rig = scenario.calibration, scenario.rig
    held = machine.locked_clock_fraction
    clock = by_word(columns, "mode", {"default": 1.0, "locked": held, "reserved": 1.0, "both": held})
    shares = np.array([1.0, rig.exit_pixels_fraction, rig.verify_pixels_fraction])
    pixels = np.square(columns["resolution"] / USUAL_SIDE) * shares[columns["look"]]
    known, places = np.unique(columns["experts"], return_inverse=True)
    width = np.sqrt(np.array([rig.expert_size(int(each)) for each in known]))[places]
    return columns["batch"] * 1.0, clock, pixels, width


def _bits(places: np.ndarray) -> list[np.ndarray]:
    """Return 1.0 or 0.0 for every boundary of the chain."""
    digits = np.array([[float(each) for each in text] for text in LOOP_CHOICES["fusion"]])
    return [digits[places, at] for at in range(LOOP_BOUNDARIES)]


def _element_bytes(scenario: VehicleScenario, columns: Columns) -> tuple[np.ndarray, np.ndarray]:
    """Return the bytes of an activation and of a weight."""
    element = by_word(columns, "precision", {name: each.element_bytes for name, each in LOOP_FORMATS.items()})
    bitmap = bitmap_element_bytes(density_fraction=scenario.rig.density_fraction, value_bytes=element)
    halved = two_of_four_element_bytes(value_bytes=element)
    pattern = by_word(columns, "sparsity", {"dense": 0.0, "unstructured": 1.0, "2:4": 2.0})
    return element, np.where(pattern == 0, element, np.where(pattern == 1, bitmap, halved))


def _matrix_flop_per_s(scenario: VehicleScenario, columns: Columns, clock: np.ndarray) -> np.ndarray:
    """Return the rate of products that remain, in whole tiles on all multiprocessors.

    Half of the products at 1.6 times the speed of all: 0.8 of the rate, counted on what remains.
    """
    machine = scenario.calibration
    peak = by_word(columns, "precision", {name: scenario.device.peak(each) for name, each in LOOP_FORMATS.items()})
    sparse = machine.sparse_factor * _TWO_OF_FOUR
    kept = by_word(columns, "sparsity", {"dense": 1.0, "unstructured": 1.0, "2:4": sparse})
    return peak * machine.matrix_fraction * clock * kept
