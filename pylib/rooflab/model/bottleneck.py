"""Inverted-residual blocks: arithmetic, traffic, launches and on-chip memory under any fusion of their operators.

The chain is expand, norm, depthwise, norm, project, norm; a gate (squeeze and excite) stands between
the second norm and the projection and needs the whole map, so a kernel across it keeps the map on the
chip. A kernel that fuses expansion and depthwise filter works on rows of its output: the rows that
two neighbours share are expanded twice. Counts are of elements and for one input image.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rooflab.specs import BottleneckNet

__all__ = ["OPERATORS", "KernelWork", "block_kernels", "head_work", "kernel_numbers", "stem_work"]

OPERATORS = ("expand", "norm_1", "depthwise", "norm_2", "squeeze", "project", "norm_3")
EXPAND, NORM_1, DEPTHWISE, NORM_2, SQUEEZE, PROJECT, NORM_3 = range(len(OPERATORS))
NORM_FLOP = 4  # for each element: scale and shift, and two for the activation
SQUEEZE_LAUNCHES = 3  # pooling, the two small products, scaling
SQUEEZE_PASSES = 3  # pooling reads the map, scaling reads and writes it
KEPT_PAIRS = 512  # a result for so many takes 3 MB, and sweeps ask for the same ones block by block


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelWork:
    """Work of the kernels of every block; axes are block, operator, fusion.

    What stands at an operator is the work of the kernel that it is part of, and `own_fraction` is
    the operator's share in the kernel's arithmetic: shares of one kernel add up to 1. `needed_flop`
    leaves out what overlapping rows compute again.
    """

    matrix_flop: np.ndarray
    depthwise_flop: np.ndarray
    vector_flop: np.ndarray
    weights_count: np.ndarray
    moved_count: np.ndarray
    launches: np.ndarray
    held_activations_count: np.ndarray
    held_weights_count: np.ndarray
    own_fraction: np.ndarray
    needed_flop: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shapes:
    """Elements and work of every block, one column for all fusions."""

    in_count: np.ndarray
    wide_in_count: np.ndarray
    wide_out_count: np.ndarray
    out_count: np.ndarray
    matrix_flop: np.ndarray
    depthwise_flop: np.ndarray
    vector_flop: np.ndarray
    weights_count: np.ndarray
    present_operators: np.ndarray
    gated_layers: np.ndarray
    residual_layers: np.ndarray


def block_kernels(
    net: BottleneckNet, fusions: tuple[str, ...], tile_rows: tuple[int, ...]
) -> KernelWork:
    """Return the work of every kernel, for pairs of a fusion and a number of rows.

    A fusion has a digit for each of the five boundaries, 1 where two operators share a kernel.
    """
    find = _kept if len(fusions) <= KEPT_PAIRS else _work
    return find(net, fusions, tile_rows)


def kernel_numbers(fusions: tuple[str, ...]) -> np.ndarray:
    """Return the kernel of every operator of a block; axes are operator and fusion.

    The gate runs between the second norm and the projection: in their kernel, or in its own.

    >>> kernel_numbers(("10101", "11111")).T.tolist()
    [[0, 0, 1, 1, 2, 3, 3], [0, 0, 0, 0, 0, 0, 0]]
    """
    fused = _fused(fusions)
    steps = np.zeros((len(OPERATORS), len(fusions)), dtype=int)
    for operator, boundary in ((NORM_1, 0), (DEPTHWISE, 1), (NORM_2, 2), (SQUEEZE, 3), (PROJECT, 3), (NORM_3, 4)):
        steps[operator] = ~fused[boundary]
    return steps.cumsum(axis=0)


def stem_work(net: BottleneckNet) -> tuple[float, float, float, float]:
    """Return matrix flop, vector flop, weights and elements moved by the first convolution.

    Its norm is folded into it. 3 x 3 over three channels, at half the resolution:

    >>> from rooflab.facts.networks_mobile import MOBILENET_V3_SMALL
    >>> stem_work(MOBILENET_V3_SMALL)[0] == 2 * 112 * 112 * 16 * 27
    True
    """
    size = net.input_size // 2
    out = size * size * net.stem
    return (
        2.0 * out * 27,
        float(NORM_FLOP * out),
        net.stem * (27.0 + 2),
        3.0 * net.input_size**2 + out,
    )


def head_work(net: BottleneckNet) -> tuple[float, float, float, float, int]:
    """Return matrix flop, vector flop, weights, elements moved and launches of the head."""
    last = net.blocks[-1]
    side = last.size // last.stride
    area = side * side
    products = (
        area * last.outputs * net.head + net.head * net.hidden + net.hidden * net.classes
    )
    return (
        2.0 * products,
        float((NORM_FLOP + 1) * area * net.head),
        float(net.head_weights_count),
        float(area * last.outputs + 2 * net.head + 2 * net.hidden + net.classes),
        3,
    )


@lru_cache(maxsize=8)
def _kept(net: BottleneckNet, fusions: tuple[str, ...], tile_rows: tuple[int, ...]) -> KernelWork:
    return _work(net, fusions, tile_rows)


def _work(net: BottleneckNet, fusions: tuple[str, ...], tile_rows: tuple[int, ...]) -> KernelWork:
    shapes = _shapes(net)
    fused = _fused(fusions)
    rows = np.array(tile_rows)[None, :]
    again = _again_factor(net, fused, rows)
    kernel = kernel_numbers(fusions)
    same = kernel[:, None, :] == kernel[None, :, :]  # operator, operator, fusion
    same = same[None] & (shapes.present_operators[:, :, None, None] & shapes.present_operators[:, None, :, None])

    matrix = shapes.matrix_flop[:, :, None] * again
    vector = shapes.vector_flop[:, :, None] * again
    depthwise = np.broadcast_to(shapes.depthwise_flop[:, :, None], matrix.shape)
    weights = np.broadcast_to(shapes.weights_count[:, :, None], matrix.shape)
    own = matrix + vector + depthwise
    together = _together(same, own)
    return KernelWork(
        matrix_flop=_together(same, matrix),
        depthwise_flop=_together(same, depthwise),
        vector_flop=_together(same, vector),
        weights_count=_together(same, weights),
        moved_count=_together(same, _moved(shapes, fused)),
        launches=_launches(shapes, fused),
        held_activations_count=_held_activations(net, shapes, same, fused, rows),
        held_weights_count=_held_weights(shapes, same, weights),
        own_fraction=own / np.where(together > 0, together, 1.0),
        needed_flop=float(
            (shapes.matrix_flop + shapes.depthwise_flop + shapes.vector_flop).sum()
        ),
    )


def _fused(fusions: tuple[str, ...]) -> np.ndarray:
    return np.array([[each == "1" for each in text] for text in fusions]).T


@lru_cache(maxsize=4)
def _shapes(net: BottleneckNet) -> _Shapes:
    """Count what every operator of every block computes and how large its tensors are."""
    columns: dict[str, list[float | list[float]]] = {name: [] for name in _Shapes.__dataclass_fields__}
    for each in net.blocks:
        area, out_area = each.size**2, (each.size // each.stride) ** 2
        wide_in, wide_out = area * each.expanded, out_area * each.expanded
        out = out_area * each.outputs
        widen = each.inputs * each.expanded if each.widens else 0
        gate = 2 * each.expanded * each.squeeze
        columns["in_count"].append(area * each.inputs)
        columns["wide_in_count"].append(wide_in)
        columns["wide_out_count"].append(wide_out)
        columns["out_count"].append(out)
        columns["matrix_flop"].append(
            [2 * area * widen, 0, 0, 0, 2 * gate, 2 * wide_out * each.outputs, 0]
        )
        columns["depthwise_flop"].append([0, 0, 2 * wide_out * each.kernel**2, 0, 0, 0, 0])
        columns["vector_flop"].append(
            [
                0,
                NORM_FLOP * wide_in * each.widens,
                0,
                NORM_FLOP * wide_out,
                2 * wide_out * bool(gate),
                0,
                (2 + each.residual) * out,
            ]
        )
        columns["weights_count"].append(
            [
                widen,
                2 * each.expanded * each.widens,
                each.expanded * each.kernel**2,
                2 * each.expanded,
                (gate + each.expanded + each.squeeze) * bool(gate),
                each.expanded * each.outputs,
                2 * each.outputs,
            ]
        )
        columns["present_operators"].append(
            [each.widens, each.widens, True, True, bool(gate), True, True]
        )
        columns["gated_layers"].append(bool(gate))
        columns["residual_layers"].append(each.residual)
    flags = ("present_operators", "gated_layers", "residual_layers")
    return _Shapes(
        **{
            name: np.array(values, dtype=bool if name in flags else float)
            for name, values in columns.items()
        }
    )


def _again_factor(net: BottleneckNet, fused: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return how often expansion and first norm are computed, for rows of the output at a time."""
    taken = []
    for each in net.blocks:
        height = each.size // each.stride
        tiles = np.ceil(height / rows[0])
        overlapping = tiles * ((rows[0] - 1) * each.stride + each.kernel) / each.size
        taken.append(np.where(rows[0] < height, np.maximum(overlapping, 1.0), 1.0))
    factor = np.ones((len(net.blocks), len(OPERATORS), fused.shape[1]))
    factor[:, NORM_1] = np.where(fused[1], taken, 1.0)
    factor[:, EXPAND] = np.where(fused[0] & fused[1], taken, 1.0)
    return factor


def _together(same: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the sum over the operators of each operator's kernel."""
    return (same * values[:, None]).sum(axis=2)


def _moved(shapes: _Shapes, fused: np.ndarray) -> np.ndarray:
    """Return the elements that each operator reads and writes outside its kernel."""
    apart = ~fused
    moved = np.zeros((*shapes.present_operators.shape, fused.shape[1]))
    widens = shapes.present_operators[:, EXPAND, None]
    gated = shapes.gated_layers[:, None]
    entry, wide_in, wide_out, out = (
        each[:, None]
        for each in (
            shapes.in_count, shapes.wide_in_count, shapes.wide_out_count, shapes.out_count
        )
    )  # fmt: skip
    moved[:, EXPAND] = widens * (entry + wide_in * apart[0])
    moved[:, NORM_1] = widens * wide_in * (1.0 * apart[0] + apart[1])
    moved[:, DEPTHWISE] = np.where(widens, wide_in * apart[1], entry) + wide_out * apart[2]
    moved[:, NORM_2] = wide_out * (1.0 * apart[2] + apart[3])
    moved[:, SQUEEZE] = gated * SQUEEZE_PASSES * wide_out * apart[3]
    moved[:, PROJECT] = wide_out * apart[3] + out * apart[4]
    # The residual is at hand only where the whole block is one kernel.
    residual = shapes.residual_layers[:, None] * entry * ~fused.all(axis=0)
    moved[:, NORM_3] = out * apart[4] + out + residual
    return moved


def _launches(shapes: _Shapes, fused: np.ndarray) -> np.ndarray:
    """Return the launches of each operator's kernel."""
    launches = np.ones((*shapes.present_operators.shape, fused.shape[1])) * shapes.present_operators[:, :, None]
    launches[:, SQUEEZE] = np.where(fused[3], 1.0, SQUEEZE_LAUNCHES) * shapes.gated_layers[:, None]
    return launches


def _held_activations(
    net: BottleneckNet, shapes: _Shapes, same: np.ndarray, fused: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    """Return the elements of the rows that each kernel keeps on the chip while it runs."""
    inside = {
        operator: same[:, :, operator] for operator in range(len(OPERATORS))
    }  # block, operator, fusion: whether they share a kernel
    size = np.array([each.size for each in net.blocks])[:, None]
    stride = np.array([each.stride for each in net.blocks])[:, None]
    kernel = np.array([each.kernel for each in net.blocks])[:, None]
    height = size // stride
    out_share = np.minimum(rows, height) / height
    filtered_share = np.minimum((rows - 1) * stride + kernel, size) / size
    in_share = np.where(inside[DEPTHWISE], filtered_share[:, None], (np.minimum(rows, size) / size)[:, None])
    wide_share = np.where(inside[SQUEEZE], 1.0, out_share[:, None])
    entry, wide_in, wide_out, out = (
        each[:, None, None]
        for each in (
            shapes.in_count, shapes.wide_in_count, shapes.wide_out_count, shapes.out_count
        )
    )  # fmt: skip
    starts = inside[EXPAND] | (inside[DEPTHWISE] & ~shapes.present_operators[:, EXPAND, None, None])
    widened = inside[EXPAND] | inside[NORM_1] | (inside[DEPTHWISE] & shapes.present_operators[:, EXPAND, None, None])
    filtered = inside[DEPTHWISE] | inside[NORM_2] | inside[SQUEEZE] | inside[PROJECT]
    left = inside[PROJECT] | inside[NORM_3]
    return (
        starts * entry * in_share
        + widened * wide_in * in_share
        + filtered * wide_out * wide_share
        + left * out * out_share[:, None]
    )


def _held_weights(shapes: _Shapes, same: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weights that each kernel keeps on the chip: those of one product only stream by."""
    products = np.zeros(weights.shape)
    for operator in (EXPAND, DEPTHWISE, SQUEEZE, PROJECT):
        products[:, operator] = shapes.present_operators[:, operator, None]
    fused_products = _together(same, products) > 1
    return _together(same, weights) * fused_products
