"""How long the kernels of a pass take: arithmetic, traffic and link, and how much of them overlaps."""

from typing import NamedTuple

import numpy as np

from rooflab.model.decoder import DecoderCosts
from rooflab.model.decoder_rows import PRODUCTS
from rooflab.model.roofline import COMPUTE, LATENCY, LINK, MEMORY, exposed_fraction
from rooflab.model.stack import ALL_TO_ALL, OPERATORS, Operator, Shape
from rooflab.specs import Calibration
from rooflab.systems.serving.formats import Formats
from rooflab.systems.serving.node import Hardware, Node
from rooflab.values import Values

__all__ = ["ATTENTION", "LINKS", "PASS_OPERATORS", "KernelTimes", "bounds_of", "kernel_times", "times_by_cause"]

PASS_OPERATORS = (*OPERATORS, ALL_TO_ALL)
_IDS = [each.id for each in PASS_OPERATORS]
ATTENTION = _IDS.index("attention")
_HEAD = _IDS.index("lm_head")
_PRODUCTS = [_IDS.index(each) for each in PRODUCTS]
_REDUCTIONS = [_IDS.index("attn_reduce"), _IDS.index("mlp_reduce")]
LINKS = [place for place, each in enumerate(PASS_OPERATORS) if each.engine == "link"]
# The rates that operators run at: of the units of the device, of the layers' products, which may be sparse, and of
# those whose tokens are grouped by expert.
_VECTOR, _MATRIX, _ATTENTION, _IN_LAYER, _GROUPED = range(5)


def _rate_of(operator: Operator) -> int:
    if operator.id in ("gate_up", "down"):
        return _GROUPED
    if operator.engine == "matrix":
        return _IN_LAYER if operator.in_layer else _MATRIX
    return _ATTENTION if operator.engine == "attention" else _VECTOR


_RATES = np.array([_rate_of(each) for each in PASS_OPERATORS])


class KernelTimes(NamedTuple):
    """Times of all kernels of each operator; the first axis is the operator.

    `longer_s` is the longer of arithmetic and traffic, and `kernel_s` what the kernels take together.
    `reduce_start_s` is what an all-reduce takes beside its work.
    """

    compute_s: np.ndarray
    memory_s: np.ndarray
    link_s: np.ndarray
    longer_s: np.ndarray
    kernel_s: np.ndarray
    reduce_start_s: Values


def kernel_times(shape: Shape, costs: DecoderCosts, formats: Formats, node: Node) -> KernelTimes:
    """Return how long each operator takes inside its kernels.

    Of arithmetic and traffic the longer counts, and in products a share of the shorter. Nothing hides the traffic of
    kernels of eager attention that have no arithmetic, nor attention of the prompts that ride along, which is a kernel
    beside that of the sequences. The link overlaps all of it.
    """
    compute_s = _compute_s(shape, costs, formats, node)
    memory_s, exposed_s = _memory_s(costs, formats, node)
    link_s, reduce_start_s = _link_s(costs, node)
    longer_s = np.maximum(compute_s, memory_s)
    kernel_s = longer_s.copy()
    shown = exposed_fraction(tiles=costs.tiles_count, slots=node.hardware.slots)
    for place, share in zip(_PRODUCTS, shown, strict=True):
        kernel_s[place] += share * np.minimum(compute_s[place], memory_s[place])
    apart_s = costs.prompt_score_flop / node.hardware.attention_flop_per_s
    beside_s = exposed_s + apart_s
    kernel_s[ATTENTION] = beside_s + np.maximum(compute_s[ATTENTION] - apart_s, memory_s[ATTENTION] - exposed_s)
    for place in LINKS:
        if place < len(kernel_s):
            kernel_s[place] = np.maximum(kernel_s[place], link_s[place])
    return KernelTimes(compute_s, memory_s, link_s, longer_s, kernel_s, reduce_start_s)


def _compute_s(shape: Shape, costs: DecoderCosts, formats: Formats, node: Node) -> np.ndarray:
    """Return arithmetic; what products do on the vector units beside the matrix units adds to it."""
    flop, hardware = costs.executed.flop, node.hardware
    rates = _rates(shape, hardware, formats, node.calibration, flop)
    return (flop - costs.vector_flop) / rates + costs.vector_flop / hardware.vector_flop_per_s


def _memory_s(costs: DecoderCosts, formats: Formats, node: Node) -> tuple[np.ndarray, Values]:
    """Return traffic, to which widening narrow weights adds, and what of it kernels without arithmetic take."""
    cost, hardware, made = costs.executed, node.hardware, node.calibration
    hbm_s_per_byte = 1 / (made.hbm_fraction * hardware.hbm_bytes_per_s)
    kv_s_per_byte = 1 / (made.kv_fraction * hardware.hbm_bytes_per_s)
    memory_s = cost.hbm_bytes * hbm_s_per_byte + cost.weight_bytes * (formats.unpack_flop / hardware.vector_flop_per_s)
    memory_s[_HEAD] += cost.weight_bytes[_HEAD] * (
        (formats.head_unpack_flop - formats.unpack_flop) / hardware.vector_flop_per_s
    )
    memory_s[ATTENTION] += cost.kv_bytes[ATTENTION] * (kv_s_per_byte * node.kv_read_factor - hbm_s_per_byte)
    return memory_s, costs.exposed_bytes * hbm_s_per_byte


def _link_s(costs: DecoderCosts, node: Node) -> tuple[np.ndarray, Values]:
    """Return what passes over the link takes, and the start of an all-reduce: at once or around a ring, as is sooner.

    At once every device reads the whole message of all others, n / 2 times what a ring sends, and starts once; around
    a ring the message takes 2 (n - 1) hops.
    """
    cost, made, n = costs.executed, node.calibration, node.device_count
    link_s = cost.link_bytes / (made.link_fraction * node.hardware.link_bytes_per_s)
    if n == 1:
        return link_s, made.all_reduce_s
    place = _REDUCTIONS[0]  # the other is like it
    ring_s, launches, hops_s = link_s[place], cost.launches[place], 2 * (n - 1) * made.ring_hop_s
    at_once_s = ring_s * (n / 2)
    around = np.asarray(ring_s + launches * hops_s < at_once_s + launches * made.all_reduce_s)
    if node.engine.ring_reduce:
        around = np.ones(around.shape, bool)
    link_s[_REDUCTIONS] = np.where(around, ring_s, at_once_s)
    return link_s, np.where(around, hops_s, made.all_reduce_s)


def _rates(
    shape: Shape, hardware: Hardware, formats: Formats, calibration: Calibration, like: np.ndarray
) -> np.ndarray:
    """Return the FLOP/s that each operator's kernels can reach, aligned with `like`."""
    in_layer = hardware.matrix_flop_per_s * formats.sparse_rate_fraction
    grouped = np.where(np.asarray(shape.experts) > 1, calibration.grouped_gemm_fraction, 1.0)
    engines = np.stack(
        np.broadcast_arrays(
            hardware.vector_flop_per_s,
            hardware.matrix_flop_per_s,
            hardware.attention_flop_per_s,
            in_layer,
            in_layer * grouped,
        )
    )
    rates = engines[_RATES[: len(like)]]
    return rates.reshape(len(rates), *(1,) * (like.ndim - rates.ndim), *rates.shape[1:])


def times_by_cause(times: KernelTimes, launch_s: np.ndarray) -> np.ndarray:
    """Divide the time of all operators among BOUNDS; the first axis is the cause.

    The shorter of arithmetic and traffic has what it adds to the longer, and the longer has the rest; a link that
    outlasts both has all of the kernel.
    """
    kernel_s, longer_s = times.kernel_s, times.longer_s
    of_memory = np.where(times.memory_s >= times.compute_s, longer_s, kernel_s - longer_s)
    of_link = np.zeros(kernel_s.shape[1:])
    for place in LINKS:
        if place < len(kernel_s):
            linked = _linked(times, place)
            of_memory[place] = np.where(linked, 0.0, of_memory[place])
            of_link = of_link + np.where(linked, kernel_s[place], 0.0)
    found = np.empty((4, *kernel_s.shape[1:]))
    found[MEMORY], found[LATENCY], found[LINK] = of_memory.sum(axis=0), launch_s.sum(axis=0), of_link
    found[COMPUTE] = np.maximum(kernel_s.sum(axis=0) - found[MEMORY] - of_link, 0.0)
    return found


def bounds_of(times: KernelTimes, launch_s: np.ndarray) -> np.ndarray:
    """Return an index into BOUNDS for each operator: what takes longest, or LATENCY where starting outlasts the work."""
    inside = np.where(times.memory_s >= times.compute_s, MEMORY, COMPUTE)
    for place in LINKS:
        if place < len(inside):
            inside[place] = np.where(_linked(times, place), LINK, inside[place])
    return np.where(launch_s > times.kernel_s, LATENCY, inside)


def _linked(times: KernelTimes, place: int) -> np.ndarray:
    return (times.link_s[place] >= times.kernel_s[place]) & (times.link_s[place] > 0)
