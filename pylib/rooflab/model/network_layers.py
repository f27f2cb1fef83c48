"""Networks of convolutions on a device, kernel by kernel: traffic, arithmetic and launches under any fusion.

A layer's chain is convolution, norm, activation, join, next convolution. Joins (concatenation, sum,
upsampling) can be done by the kernel before them or by the one after. Two convolutions share a kernel
where one alone reads the other and both fit on the chip; outputs on the edge of a tile are then
computed twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rooflab.model.tiling import tile_fraction, tiles_count, wave_fraction
from rooflab.specs import Network

__all__ = ["LayerRun", "LayerWork", "Layers", "layer_work", "layers_of", "own_and_pass_s"]

_NORM_FLOP = 2.0  # for each element, as in the layers' own count
_ACCUMULATOR_BYTES = 4.0


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
class LayerRun:
    """How a network runs, for every design: inputs, formats, what is fused, and the rates that its kernels reach.

    `pixels_factor` and `width_factor` are those of the layers against the usual ones. `fused_count` has a row for each boundary between
    convolution, norm, activation, join and next convolution, 1.0 where the two share a kernel. Rates are shares of peaks
    already; `pair_fraction` is that of a kernel of two convolutions, which keeps up to `on_chip_bytes` for a square of
    `tile_places` outputs a side.
    """

    batch_count: np.ndarray
    pixels_factor: np.ndarray
    width_factor: np.ndarray
    fused_count: tuple[np.ndarray, ...]
    element_bytes: np.ndarray
    weight_element_bytes: np.ndarray
    products_fraction: np.ndarray
    matrix_flop_per_s: np.ndarray
    vector_flop_per_s: np.ndarray
    bytes_per_s: float
    sm_count: int
    tile_rows: int
    tile_columns: int
    tile_places: int
    pair_fraction: float
    on_chip_bytes: float


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


def layer_work(layers: Layers, run: LayerRun) -> LayerWork:
    """Return what each layer does, for every design of `run`."""
    batch, pixels, width = run.batch_count, run.pixels_factor, run.width_factor
    norm, silu, join, onward = run.fused_count
    bandwidth, vector_rate = run.bytes_per_s, run.vector_flop_per_s

    convolves, activated = layers.convolves_count, layers.activated_count
    taken, made = layers.input_count * pixels * width * batch, layers.output_count * pixels * width * batch
    normed = _NORM_FLOP * made * activated
    other = layers.other_flop * pixels * width * batch
    activation = other * activated - normed

    # Two convolutions in one kernel, where both and a tile between them fit on the chip.
    paired = norm * silu * join * onward * layers.leads_count * (
        _pair_bytes(layers, run) <= run.on_chip_bytes
    )
    twice = paired * (_halo_factor(layers, run.tile_places) - 1)
    # The last pass over a tensor that one convolution alone reads can be done as it is read.
    absorbed = (1 - norm * silu) * join * onward * layers.chained_count * activated
    passes = activated * ((1 - norm) + (1 - silu)) - absorbed

    in_kernel = activated * norm * (normed + silu * activation) + (1 - activated) * convolves * other
    late = absorbed * (activation + np.where(norm > 0, 0.0, silu) * normed)
    in_passes = activated * (normed + activation) - activated * norm * (normed + silu * activation) - late
    reread = late * layers.next_taps_count

    products = 2 * layers.macs_count * batch * pixels * width**2 * run.products_fraction
    rate = run.matrix_flop_per_s * _engaged_fraction(layers, run)
    shared = paired + _after(paired)
    slower = 1 + shared * (1 / run.pair_fraction - 1)

    own_elements = convolves * (taken * (1 - _after(paired)) + made * (1 - paired))
    moved = np.where(layers.joins_count > 0, _joined_count(taken, made, join, onward), taken + made)
    pass_elements = 2 * made * passes + (1 - convolves) * moved
    starts = convolves * (1 - paired) + passes + (1 - convolves) * np.where(
        layers.joins_count > 0, (1 - join) * (1 - onward), 1.0
    )
    weights = layers.weights_count * width**2 * run.weight_element_bytes
    repeats = layers.repeats
    own_vector = in_kernel + reread
    pass_vector = in_passes + (1 - convolves) * other
    own_bytes, pass_bytes = own_elements * run.element_bytes, pass_elements * run.element_bytes
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


def own_and_pass_s(work: LayerWork) -> tuple[np.ndarray, np.ndarray]:
    """Return the running time of each layer's own kernel and of its passes: the longer of arithmetic and traffic."""
    own_s = np.maximum(work.own_compute_s, work.own_memory_s)
    pass_s = np.maximum(work.pass_compute_s, work.pass_memory_s)
    # A join that another kernel does changes its traffic only, and may take some away.
    return own_s, np.where(work.launches > 0, pass_s, work.pass_memory_s)


def _engaged_fraction(layers: Layers, run: LayerRun) -> np.ndarray:
    """Return the useful share of tiles and of multiprocessors, for every convolution."""
    sizes = {
        "rows": layers.places_count * run.pixels_factor * run.batch_count,
        "columns": np.maximum(layers.channels_count * run.width_factor, 1.0),
        "tile_rows": run.tile_rows,
        "tile_columns": run.tile_columns,
    }
    return tile_fraction(**sizes) * wave_fraction(tiles=tiles_count(**sizes), slots=run.sm_count)


def _pair_bytes(layers: Layers, run: LayerRun) -> np.ndarray:
    """Return what two convolutions in one kernel keep on the chip: weights, tile between, sums."""
    places, width = run.tile_places, run.width_factor
    weights = (layers.weights_count + _before(layers.weights_count)) * width**2 * run.weight_element_bytes
    between = np.square(_reach_count(layers, places)) * layers.channels_count * width * run.element_bytes
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
