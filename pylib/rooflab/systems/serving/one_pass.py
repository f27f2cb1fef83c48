"""One pass through a decoder stack on a node: from what it costs to how long each operator takes."""

from typing import NamedTuple

import numpy as np

from rooflab.model.decoder import DecoderCosts, decoder_costs
from rooflab.model.launch import idle_share_s, step_idle_s
from rooflab.model.layer_fusion import ChainCounts
from rooflab.model.roofline import BOUNDS, LATENCY, Timing
from rooflab.model.stack import ALL_TO_ALL, OPERATORS, Load, Shape
from rooflab.systems.serving.formats import Formats
from rooflab.systems.serving.node import Hardware, Node
from rooflab.values import Values

__all__ = ["ATTENTION", "LINK_OPERATORS", "PASS_OPERATORS", "Pass", "run_pass"]

PASS_OPERATORS = (*OPERATORS, ALL_TO_ALL)
_ENGINES = ("vector", "matrix", "attention")
_ENGINE_OF = np.array(
    [_ENGINES.index("vector" if each.engine == "link" else each.engine) for each in PASS_OPERATORS]
)
LINK_OPERATORS = np.array([each.engine == "link" for each in PASS_OPERATORS])
ATTENTION = [each.id for each in PASS_OPERATORS].index("attention")
_HEAD = [each.id for each in PASS_OPERATORS].index("lm_head")
_SPARSE_PRODUCTS = np.array([each.engine == "matrix" and each.in_layer for each in PASS_OPERATORS])


class Pass(NamedTuple):
    """One pass: its costs, and the times of its operators by cause; `bound_times_s` divides `step_s`."""

    costs: DecoderCosts
    compute_s: np.ndarray
    memory_s: np.ndarray
    link_s: np.ndarray
    launch_s: np.ndarray
    time_s: np.ndarray
    bound: np.ndarray
    bound_times_s: np.ndarray
    step_s: Values
    host_s: Values
    idle_s: Values
    matrix_flop: Values


class _LaunchTimes(NamedTuple):
    """What starting kernels adds to each operator; the host's time for all of them, and how long devices wait."""

    launch_s: np.ndarray
    host_s: Values
    idle_s: Values


def run_pass(
    shape: Shape, load: Load, formats: Formats, chain: ChainCounts, node: Node, *, all_to_all: bool
) -> Pass:
    """Time one pass: inside a kernel traffic and arithmetic overlap, and kernels follow one another.

    `all_to_all` adds the row for the all-to-all of expert parallelism.
    """
    costs = decoder_costs(
        shape, load, formats.weights, chain, device_count=node.device_count, all_to_all=all_to_all
    )
    kernel = _kernel_times(costs, formats, node)
    kernel_s = kernel.kernel_s
    launches = _launch_times(costs.executed.launches, kernel_s, node)
    launch_s = launches.launch_s
    timing = Timing(kernel.compute_s, kernel.memory_s, launch_s, kernel.link_s, kernel.exposed_s)
    time_s = kernel_s + launch_s
    inside = kernel.bound
    bound_times_s = np.stack(
        [np.where(inside == each, kernel_s, 0.0).sum(axis=0) for each in range(len(BOUNDS))]
    )
    bound_times_s[LATENCY] = launch_s.sum(axis=0)
    matrix_flop = costs.executed.flop - costs.vector_flop
    return Pass(
        costs=costs,
        compute_s=kernel.compute_s,
        memory_s=kernel.memory_s,
        link_s=kernel.link_s,
        launch_s=launch_s,
        time_s=time_s,
        bound=timing.bound,
        bound_times_s=bound_times_s,
        step_s=time_s.sum(axis=0),
        host_s=launches.host_s,
        idle_s=launches.idle_s,
        matrix_flop=(matrix_flop * _column(_ENGINE_OF[: len(matrix_flop)] > 0, matrix_flop)).sum(axis=0),
    )


def _kernel_times(costs: DecoderCosts, formats: Formats, node: Node) -> Timing:
    """Return how long each operator takes inside its kernels.

    What products do on the vector units beside the matrix units adds to their arithmetic; widening
    narrow weights adds to their traffic.
    """
    cost, hardware = costs.executed, node.hardware
    hbm_s_per_byte = 1 / (node.calibration.hbm_fraction * hardware.hbm_bytes_per_s)
    memory_s = cost.hbm_bytes * hbm_s_per_byte + cost.weight_bytes * (formats.unpack_flop / hardware.vector_flop_per_s)
    memory_s[_HEAD] += cost.weight_bytes[_HEAD] * (
        (formats.head_unpack_flop - formats.unpack_flop) / hardware.vector_flop_per_s
    )
    memory_s[ATTENTION] += cost.kv_bytes[ATTENTION] * (hbm_s_per_byte * (node.kv_read_factor - 1))
    exposed_s = np.zeros(memory_s.shape)
    exposed_s[ATTENTION] = costs.exposed_bytes * hbm_s_per_byte
    beside_s = costs.vector_flop / hardware.vector_flop_per_s
    return Timing(
        compute_s=(cost.flop - costs.vector_flop) / _rates(hardware, formats, cost.flop) + beside_s,
        memory_s=memory_s,
        link_s=cost.link_bytes / (node.calibration.link_fraction * hardware.link_bytes_per_s),
        exposed_s=exposed_s,
    )


def _launch_times(launches: np.ndarray, kernel_s: np.ndarray, node: Node) -> _LaunchTimes:
    """Return what starting the kernels adds: ramps, gaps, and where the host is slower, waiting for it."""
    calibration, eager = node.calibration, node.eager_dispatch
    gap_s = calibration.graph_gap_s + eager * (calibration.stream_gap_s - calibration.graph_gap_s)
    start_s = np.where(LINK_OPERATORS[: len(launches)], calibration.all_reduce_s, calibration.kernel_ramp_s)
    device_launch_s = launches * (_column(start_s, launches) + gap_s)
    host_each_s = launches * (eager * calibration.host_launch_s)
    host_s = host_each_s.sum(axis=0)
    busy_each_s = kernel_s + device_launch_s
    idle_s = step_idle_s(host_s=host_s, device_s=busy_each_s.sum(axis=0))
    launch_s = device_launch_s + idle_share_s(
        idle_s=idle_s, host_s=host_each_s, device_s=busy_each_s
    )
    launch_s[0] += (1 - eager) * calibration.graph_launch_s
    return _LaunchTimes(launch_s=launch_s, host_s=host_s, idle_s=idle_s)


def _rates(hardware: Hardware, formats: Formats, like: np.ndarray) -> np.ndarray:
    """Return the FLOP/s that each operator's kernels can reach, aligned with `like`."""
    engines = np.stack(
        np.broadcast_arrays(
            hardware.vector_flop_per_s,
            hardware.matrix_flop_per_s,
            hardware.attention_flop_per_s,
            hardware.matrix_flop_per_s * formats.sparse_rate_fraction,
        )
    )
    count = len(like)
    places = np.where(_SPARSE_PRODUCTS, len(_ENGINES), _ENGINE_OF)[:count]
    rates = engines[places]
    shape = rates.shape
    return rates.reshape(shape[0], *(1,) * (like.ndim - len(shape)), *shape[1:])


def _column(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Return `values` of the operators with as many axes as `like`."""
    return values.reshape(values.shape + (1,) * (like.ndim - 1))
