"""The detector on one batch of images, kernel by kernel: traffic, arithmetic and launches under any fusion.

A layer's chain is convolution, norm, SiLU, join, next convolution. Joins (concatenation, sum,
upsampling) can be done by the kernel before them or by the one after. Two convolutions share a kernel
where one alone reads the other and both fit on the chip; outputs on the edge of a tile are then
computed twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from rooflab.model.sparsity import bitmap_element_bytes, two_of_four_element_bytes
from rooflab.model.tiling import tile_fraction, tiles_count, wave_fraction
from rooflab.specs import Network
from rooflab.systems.vehicle.columns import Columns, by_word
from rooflab.systems.vehicle.design import LOOP_BOUNDARIES, LOOP_CHOICES, LOOP_FORMATS
from rooflab.systems.vehicle.scenario import VehicleScenario

__all__ = ["FULL", "LOOKS", "USUAL_SIDE", "DetectorCost", "LayerWork", "Layers", "detector_cost", "layer_work", "layers_of"]

FULL = 0
LOOKS = {"off": FULL, "exit": 1, "verify": 2}
"""What a run looks at: the whole image, or what a first look does by the way of a cascade."""

_NORM_FLOP = 2.0  # for each element, as in the layers' own count
_ACCUMULATOR_BYTES = 4.0
_TWO_OF_FOUR = 0.5
_PRODUCTS_LEFT = {"dense": 1.0, "unstructured": 1.0, "2:4": _TWO_OF_FOUR}

USUAL_SIDE = 640
"""Side of the network's input, in pixels, for which its layers are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """The layers of a network as columns, one row each; elements and multiply-adds of one input."""

    macs_count: np.ndarray
    weights_count: np.ndarray
    input_count: np.ndarray
    output_count: np.ndarray
    channels_count: np.ndarray
    places_count: np.ndarray
    depth_count: np.ndarray
    other_flop: np.ndarray
    repeats: np.ndarray
    convolves_count: np.ndarray  # 1 or 0, as the next four
    activated_count: np.ndarray
    joins_count: np.ndarray
    chained_count: np.ndarray
    leads_count: np.ndarray  # may share a kernel with the next layer
    next_taps_count: np.ndarray  # how often the next layer reads each output
    next_side_count: np.ndarray  # side of its filter
    next_stride_count: np.ndarray
    stage_count: np.ndarray  # stages x layers: 1 where the layer belongs to the stage
    kept_count: int  # elements that more than the next layer reads, joins apart
    joined_count: int
    largest_count: int  # of what one layer takes and makes


@lru_cache(maxsize=4)
def layers_of(network: Network) -> Layers:
    """Return a network's layers as columns."""
    every = network.layers

    def column(values: Iterable[float]) -> np.ndarray:
        return np.array(list(values), dtype=float)[:, None]

    places = [each.output_count // each.channels for each in every]
    depth = [each.macs_count // each.output_count for each in every]
    leads, taps, side, stride = [], [], [], []
    for at, each in enumerate(every):
        after = at + 1 if each.chained else at
        leads.append(each.chained and not (leads and leads[-1]))
        kernel = max(round((depth[after] / each.channels) ** 0.5), 1) if each.chained else 1
        side.append(kernel)
        taps.append(places[after] * kernel**2 / places[at] if each.chained else 1.0)
        stride.append(round((places[at] / places[after]) ** 0.5))
    return Layers(
        macs_count=column(each.macs_count for each in every),
        weights_count=column(each.weights_count for each in every),
        input_count=column(each.input_count for each in every),
        output_count=column(each.output_count for each in every),
        channels_count=column(each.channels for each in every),
        places_count=column(places),
        depth_count=column(depth),
        other_flop=column(each.other_flop for each in every),
        repeats=column(each.repeats for each in every),
        convolves_count=column(each.macs_count > 0 for each in every),
        activated_count=column(each.activated for each in every),
        joins_count=column(each.joins for each in every),
        chained_count=column(each.chained for each in every),
        leads_count=column(leads),
        next_taps_count=column(taps),
        next_side_count=column(side),
        next_stride_count=column(stride),
        stage_count=np.array([[float(each.stage == stage) for each in every] for stage in network.stages]),
        kept_count=sum(each.output_count for each in every if each.macs_count and not each.chained),
        joined_count=sum(each.output_count for each in every if each.joins),
        largest_count=max(each.input_count + each.output_count for each in every),
    )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerWork:
    """What each layer does, layers x designs: its own kernel, passes of their own, and joins."""

    matrix_flop: np.ndarray
    vector_flop: np.ndarray
    weight_bytes: np.ndarray
    own_bytes: np.ndarray
    pass_bytes: np.ndarray
    launches: np.ndarray
    own_compute_s: np.ndarray
    own_memory_s: np.ndarray
    pass_compute_s: np.ndarray
    pass_memory_s: np.ndarray


def layer_work(scenario: VehicleScenario, columns: Columns) -> LayerWork:
    """Return what each layer of the network does, for every design of `columns`."""
    layers, machine, device = layers_of(scenario.network), scenario.calibration, scenario.device
    batch, clock, pixels, width = _scales(scenario, columns)
    norm, silu, join, onward = _bits(columns["fusion"])
    element, weight = _element_bytes(scenario, columns)
    bandwidth = machine.hbm_fraction * device.fact("hbm_bytes_per_s")
    vector_rate = machine.vector_fraction * device.fact("vector_flop_per_s") * clock

    convolves, activated = layers.convolves_count, layers.activated_count
    taken, made = layers.input_count * pixels * width * batch, layers.output_count * pixels * width * batch
    normed = _NORM_FLOP * made * activated
    other = layers.other_flop * pixels * width * batch
    activation = other * activated - normed

    # Two convolutions in one kernel, where both and a tile between them fit on the chip.
    paired = norm * silu * join * onward * layers.leads_count * (
        _pair_bytes(scenario, layers, width, element, weight) <= machine.on_chip_bytes
    )
    twice = paired * (_halo_factor(layers, machine.tile_places) - 1)
    # The last pass over a tensor that one convolution alone reads can be done as it is read.
    absorbed = (1 - norm * silu) * join * onward * layers.chained_count * activated
    passes = activated * ((1 - norm) + (1 - silu)) - absorbed

    in_kernel = activated * norm * (normed + silu * activation) + (1 - activated) * convolves * other
    late = absorbed * (activation + np.where(norm > 0, 0.0, silu) * normed)
    in_passes = activated * (normed + activation) - activated * norm * (normed + silu * activation) - late
    reread = late * layers.next_taps_count

    products = 2 * layers.macs_count * batch * pixels * width**2 * by_word(columns, "sparsity", _PRODUCTS_LEFT)
    rate = _matrix_flop_per_s(scenario, columns, clock) * _engaged_fraction(scenario, layers, batch, pixels, width)
    shared = paired + _after(paired)
    slower = 1 + shared * (1 / machine.pair_fraction - 1)

    own_elements = convolves * (taken * (1 - _after(paired)) + made * (1 - paired))
    moved = np.where(layers.joins_count > 0, _joined_count(taken, made, join, onward), taken + made)
    pass_elements = 2 * made * passes + (1 - convolves) * moved
    starts = convolves * (1 - paired) + passes + (1 - convolves) * np.where(
        layers.joins_count > 0, (1 - join) * (1 - onward), 1.0
    )
    weights = layers.weights_count * width**2 * weight
    repeats = layers.repeats
    own_vector = in_kernel + reread
    pass_vector = in_passes + (1 - convolves) * other
    own_bytes, pass_bytes = own_elements * element, pass_elements * element
    return LayerWork(
        matrix_flop=products * (1 + twice) * repeats,
        vector_flop=(own_vector + pass_vector) * repeats,
        weight_bytes=weights * repeats,
        own_bytes=own_bytes * repeats,
        pass_bytes=pass_bytes * repeats,
        launches=starts * repeats,
        own_compute_s=(products * (1 + twice) * slower / rate + own_vector / vector_rate) * repeats,
        own_memory_s=(own_bytes + weights) / bandwidth * repeats,
        pass_compute_s=pass_vector / vector_rate * repeats,
        pass_memory_s=pass_bytes / bandwidth * repeats,
    )


def _cost(scenario: VehicleScenario, columns: Columns) -> DetectorCost:
    layers = layers_of(scenario.network)
    work = layer_work(scenario, columns)
    own_s = np.maximum(work.own_compute_s, work.own_memory_s)
    pass_s = np.maximum(work.pass_compute_s, work.pass_memory_s)
    # A join that another kernel does changes its traffic only, and may take some away.
    pass_s = np.where(work.launches > 0, pass_s, work.pass_memory_s)
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


def _engaged_fraction(
    scenario: VehicleScenario, layers: Layers, batch: np.ndarray, pixels: np.ndarray, width: np.ndarray
) -> np.ndarray:
    """Return the useful share of tiles and of multiprocessors, for every convolution."""
    machine = scenario.calibration
    sizes = {
        "rows": layers.places_count * pixels * batch,
        "columns": np.maximum(layers.channels_count * width, 1.0),
        "tile_rows": machine.tile_rows,
        "tile_columns": machine.tile_columns,
    }
    useful = tile_fraction(**sizes)
    return useful * wave_fraction(tiles=tiles_count(**sizes), slots=scenario.device.fact("sm_count"))


def _pair_bytes(
    scenario: VehicleScenario, layers: Layers, width: np.ndarray, element: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """Return what two convolutions in one kernel keep on the chip: weights, tile between, sums."""
    places = scenario.calibration.tile_places
    weights = (layers.weights_count + _before(layers.weights_count)) * width**2 * weight
    between = np.square(_reach_count(layers, places)) * layers.channels_count * width * element
    sums = places**2 * _before(layers.channels_count) * width * _ACCUMULATOR_BYTES
    return weights + between + sums


def _reach_count(layers: Layers, places: int) -> np.ndarray:
    """Return the side of the square of outputs that a square of `places` of the next layer reads."""
    return layers.next_stride_count * places + layers.next_side_count - layers.next_stride_count


def _halo_factor(layers: Layers, places: int) -> np.ndarray:
    """Return how often each output is computed when every tile of the next layer makes its own."""
    return np.square(_reach_count(layers, places) / (layers.next_stride_count * places))


def _joined_count(taken: np.ndarray, made: np.ndarray, join: np.ndarray, onward: np.ndarray) -> np.ndarray:
    """Return the elements that joins move beside what their neighbours count.

    A concatenation is written in place or gathered as it is read, for nothing. A sum done by the
    kernel before reads the other summand; done by those after, both summands are read by each of
    two. An upsampled tensor is written at full size by the kernel before, or read at its own size.
    """
    before = np.abs(taken - made)
    after = np.where(taken > made, 2 * (taken - made), taken - made)
    alone = np.where(join > 0, before, np.where(onward > 0, after, taken + made))
    return np.where(join * onward > 0, np.minimum(before, after), alone)


def _after(values: np.ndarray) -> np.ndarray:
    """Return for each layer the value of the layer before it."""
    return np.concatenate((np.zeros_like(values[:1]), values[:-1]))


def _before(values: np.ndarray) -> np.ndarray:
    """Return for each layer the value of the layer after it."""
    return np.concatenate((values[1:], np.zeros_like(values[:1])))
