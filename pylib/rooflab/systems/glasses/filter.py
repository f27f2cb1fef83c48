"""The filter of one frame: a network of inverted-residual blocks on all patches, kernel by kernel."""

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from rooflab.model.bottleneck import OPERATORS, block_kernels, head_work, kernel_numbers, stem_work
from rooflab.model.lookup import lookup
from rooflab.model.sparsity import bitmap_element_bytes, two_of_four_element_bytes
from rooflab.specs import BottleneckNet
from rooflab.systems.glasses.design import FRAME_FORMATS, FUSION_BOUNDARIES, GlassesDesign
from rooflab.systems.glasses.scenario import GlassesScenario

__all__ = ["FILTER_IDS", "FILTER_NAMES", "FilterCost", "filter_cost", "kernel_times", "params_count"]

FILTER_IDS = ("stem", *OPERATORS, "head")
FILTER_NAMES = (
    "Stem",
    "Expand",
    "Norm and activation 1",
    "Depthwise",
    "Norm and activation 2",
    "Squeeze and excite",
    "Project",
    "Norm and residual",
    "Head and classifier",
)
QUARTER = 0.25  # of the weights are kept
_FORMATS = tuple(FRAME_FORMATS)
_PATTERNS = ("dense", "quarter", "2:4")
_MOST_ROWS = 256  # more than the rows and the frames that a design may ask for
_MOST_BATCHED = 32
_SIZES = (_MOST_ROWS, len(_FORMATS), len(_PATTERNS), _MOST_BATCHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterCost:
    """One filtered frame; arrays of rows have the operator first, then the design.

    `kernel_s` is the longer of arithmetic and traffic, kernel by kernel. What is held on the chip is
    that of the kernel that needs most.
    """

    matrix_flop: np.ndarray
    vector_flop: np.ndarray
    weight_bytes: np.ndarray
    activation_bytes: np.ndarray
    launches: np.ndarray
    compute_s: np.ndarray
    memory_s: np.ndarray
    launch_s: np.ndarray
    kernel_s: np.ndarray
    time_s: np.ndarray
    memory_bound_s: np.ndarray
    compute_bound_s: np.ndarray
    needed_flop: np.ndarray
    needed_bytes: np.ndarray
    held_weight_bytes: np.ndarray
    held_activation_bytes: np.ndarray
    weight_element_bytes: np.ndarray
    activation_element_bytes: np.ndarray
    sparse_factor: np.ndarray
    peak_flop_per_s: np.ndarray
    matrix_flop_per_s: np.ndarray
    matrix_j_per_flop: np.ndarray
    params_count: np.ndarray


def filter_cost(scenario: GlassesScenario, flat: dict[str, np.ndarray]) -> FilterCost:
    """Return the cost of a filtered frame for every design of `flat`, columns of equal length.

    Designs that filter alike are evaluated once.
    """
    texts, places = np.unique(flat["fusion"], return_inverse=True)
    codes = [
        np.array([int(str(each), 2) for each in texts])[places],
        flat["tile_rows"].astype(int),
        lookup(flat["precision"], {name: at for at, name in enumerate(_FORMATS)}).astype(int),
        lookup(flat["sparsity"], {name: at for at, name in enumerate(_PATTERNS)}).astype(int),
        flat["frames_batched"].astype(int),
    ]
    key = codes[0]
    for code, size in zip(codes[1:], _SIZES, strict=True):
        key = key * size + code
    kinds, places = np.unique(key, return_inverse=True)
    cost = _evaluated(scenario, tuple(kinds.tolist()))
    if len(kinds) == len(key) == 1:
        return cost
    return FilterCost(**{each.name: getattr(cost, each.name)[..., places] for each in fields(cost)})


def params_count(net: BottleneckNet) -> float:
    """Return the parameters of a network, norms and biases included.

    >>> from rooflab.facts.networks_mobile import MOBILENET_V3_SMALL
    >>> round(params_count(MOBILENET_V3_SMALL))
    2542856
    """
    return _once(net).params_count


def kernel_times(
    scenario: GlassesScenario, design: GlassesDesign
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, for one design, running time, launches and kernel number by block and operator.

    Operators of one kernel have its whole time each; one that a block lacks takes none.
    """
    kernels = _kernels(
        scenario,
        np.array([int(design.fusion, 2)]),
        np.array([int(design.tile_rows)]),
        np.array([_FORMATS.index(design.precision)]),
        np.array([_PATTERNS.index(design.sparsity)]),
        np.array([int(design.frames_batched)]),
    )
    shape = (len(scenario.filter.blocks), len(OPERATORS))
    times_s = np.maximum(kernels.compute_s, kernels.memory_s)[1:-1].reshape(shape)
    return times_s, kernels.launches[1:-1].reshape(shape), kernel_numbers((design.fusion,))[:, 0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kernels:
    """Stem, operators of every block, head: the work of each one's kernel for a frame, by design.

    `own_fraction` is an operator's share of its kernel.
    """

    own_fraction: np.ndarray
    matrix_flop: np.ndarray
    vector_flop: np.ndarray
    weight_bytes: np.ndarray
    moved_bytes: np.ndarray
    launches: np.ndarray
    compute_s: np.ndarray
    memory_s: np.ndarray
    held_weight_bytes: np.ndarray
    held_activation_bytes: np.ndarray
    weight_element_bytes: np.ndarray
    activation_element_bytes: np.ndarray
    sparse_factor: np.ndarray
    peak_flop_per_s: np.ndarray
    matrix_j_per_flop: np.ndarray


def _kernels(
    scenario: GlassesScenario, fusion: np.ndarray, tile_rows: np.ndarray, formats: np.ndarray,
    patterns: np.ndarray, batch: np.ndarray,
) -> _Kernels:  # fmt: skip
    net, npu, patches = scenario.filter, scenario.calibration, scenario.scene.patches
    device = scenario.device
    known = [FRAME_FORMATS[each] for each in _FORMATS]
    weight = _weight_element_bytes(np.array([each.weights.element_bytes for each in known])[formats], patterns)
    activation = np.array([each.activations.element_bytes for each in known])[formats]
    peak = np.array([device.peak(each.compute) for each in known])[formats]
    joules = np.array([scenario.energy.matrix_j_per_flop[each.compute] for each in known])[formats]
    sparse = np.where(patterns == _PATTERNS.index("2:4"), 0.5, 1.0)
    # Many designs of a grid fuse alike: count every pair of a fusion and a number of rows once.
    pairs, places = np.unique(fusion * _MOST_ROWS + tile_rows, return_inverse=True)
    work = block_kernels(
        net,
        tuple(f"{each:0{FUSION_BOUNDARIES}b}" for each in (pairs // _MOST_ROWS).tolist()),
        tuple((pairs % _MOST_ROWS).tolist()),
    )
    stem_matrix, stem_vector, stem_weights, stem_moved = stem_work(net)
    head_matrix, head_vector, head_weights, head_moved, head_launches = head_work(net)
    ones = np.ones((1, len(fusion)))

    def inner(blocks: np.ndarray) -> np.ndarray:
        """Give every design its pair's work: the operators of one block after those of another."""
        return blocks.reshape(-1, len(pairs))[:, places]

    def line(blocks: np.ndarray, stem: float, head: float) -> np.ndarray:
        """Put the stem before the operators of all blocks and the head behind them."""
        return np.concatenate((stem * ones, inner(blocks), head * ones))

    matrix = line(work.matrix_flop, stem_matrix, head_matrix) * patches * sparse
    depthwise = line(work.depthwise_flop, 0.0, 0.0) * patches
    vector = line(work.vector_flop, stem_vector, head_vector) * patches
    weight_bytes = line(work.weights_count, stem_weights, head_weights) * weight / batch
    moved_bytes = line(work.moved_count, stem_moved, head_moved) * patches * activation
    return _Kernels(
        own_fraction=line(work.own_fraction, 1.0, 1.0),
        matrix_flop=matrix + depthwise,
        vector_flop=vector,
        weight_bytes=weight_bytes,
        moved_bytes=moved_bytes,
        launches=line(work.launches, 1.0, float(head_launches)) / batch,
        # The engines take turns: matrix array, its one column that depthwise filters use, vectors.
        compute_s=matrix / (npu.matrix_fraction * peak)
        + depthwise / (npu.depthwise_fraction * peak)
        + vector / device.fact("vector_flop_per_s"),
        memory_s=(weight_bytes + moved_bytes) / (npu.hbm_fraction * device.fact("hbm_bytes_per_s")),
        held_weight_bytes=inner(work.held_weights_count) * weight,
        held_activation_bytes=inner(work.held_activations_count) * activation,
        weight_element_bytes=weight,
        activation_element_bytes=activation,
        sparse_factor=sparse,
        peak_flop_per_s=peak,
        matrix_j_per_flop=joules,
    )


@lru_cache(maxsize=8)
def _evaluated(scenario: GlassesScenario, kinds: tuple[int, ...]) -> FilterCost:
    """Return the cost of each kind; the blocks of a grid often ask for the same ones again."""
    rest, codes = np.array(kinds), []
    for size in reversed(_SIZES):
        rest, code = np.divmod(rest, size)
        codes.append(code)
    return _evaluate(scenario, rest, *reversed(codes))


def _evaluate(
    scenario: GlassesScenario, fusion: np.ndarray, tile_rows: np.ndarray, formats: np.ndarray,
    patterns: np.ndarray, batch: np.ndarray,
) -> FilterCost:  # fmt: skip
    net, npu, patches = scenario.filter, scenario.calibration, scenario.scene.patches
    kernels = _kernels(scenario, fusion, tile_rows, formats, patterns, batch)
    share = kernels.own_fraction
    kernel_s = np.maximum(kernels.compute_s, kernels.memory_s) * share
    launch_s = kernels.launches * npu.kernel_start_s * share
    waits = kernels.memory_s >= kernels.compute_s

    def gathered(values: np.ndarray) -> np.ndarray:
        """Add up an operator over all blocks."""
        inner = values[1:-1].reshape(len(net.blocks), len(OPERATORS), -1).sum(axis=0)
        return np.concatenate((values[:1], inner, values[-1:]))

    most = (kernels.held_weight_bytes + kernels.held_activation_bytes).argmax(axis=0)[None]
    once = _once(net)
    return FilterCost(
        matrix_flop=gathered(kernels.matrix_flop * share),
        vector_flop=gathered(kernels.vector_flop * share),
        weight_bytes=gathered(kernels.weight_bytes * share),
        activation_bytes=gathered(kernels.moved_bytes * share),
        launches=gathered(kernels.launches * share),
        compute_s=gathered(kernels.compute_s * share),
        memory_s=gathered(kernels.memory_s * share),
        launch_s=gathered(launch_s),
        kernel_s=gathered(kernel_s),
        time_s=(kernel_s + launch_s).sum(axis=0),
        memory_bound_s=np.where(waits, kernel_s, 0.0).sum(axis=0),
        compute_bound_s=np.where(waits, 0.0, kernel_s).sum(axis=0),
        needed_flop=(once.products_flop * kernels.sparse_factor + once.other_flop) * patches,
        needed_bytes=once.moved_count * patches * kernels.activation_element_bytes
        + once.params_count * kernels.weight_element_bytes / batch,
        held_weight_bytes=np.take_along_axis(kernels.held_weight_bytes, most, axis=0)[0],
        held_activation_bytes=np.take_along_axis(kernels.held_activation_bytes, most, axis=0)[0],
        weight_element_bytes=kernels.weight_element_bytes,
        activation_element_bytes=kernels.activation_element_bytes,
        sparse_factor=kernels.sparse_factor,
        peak_flop_per_s=kernels.peak_flop_per_s,
        matrix_flop_per_s=npu.matrix_fraction * kernels.peak_flop_per_s,
        matrix_j_per_flop=kernels.matrix_j_per_flop,
        params_count=once.params_count * np.ones(len(fusion)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Once:
    """What no fusing saves for one image: products and other operations, tensors between blocks, weights."""

    products_flop: float
    other_flop: float
    moved_count: float
    params_count: float


@lru_cache(maxsize=4)
def _once(net: BottleneckNet) -> _Once:
    whole = block_kernels(net, ("1" * FUSION_BOUNDARIES,), (net.input_size,))

    def total(values: np.ndarray) -> float:
        return float((values * whole.own_fraction).sum())

    stem_matrix, stem_vector, stem_weights, stem_moved = stem_work(net)
    head_matrix, head_vector, head_weights, head_moved, _ = head_work(net)
    return _Once(
        products_flop=total(whole.matrix_flop) + stem_matrix + head_matrix,
        other_flop=total(whole.depthwise_flop + whole.vector_flop) + stem_vector + head_vector,
        moved_count=total(whole.moved_count) + stem_moved + head_moved,
        params_count=total(whole.weights_count) + stem_weights + head_weights,
    )


def _weight_element_bytes(dense: np.ndarray, patterns: np.ndarray) -> np.ndarray:
    """Return the bytes of one weight in its pattern."""
    stored = np.stack(
        (
            dense,
            bitmap_element_bytes(density_fraction=QUARTER, value_bytes=dense),
            two_of_four_element_bytes(value_bytes=dense),
        )
    )
    return np.take_along_axis(stored, patterns[None], axis=0)[0]

