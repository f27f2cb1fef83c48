"""One pass through a decoder stack on a node: from what it costs to how long each operator takes."""

from typing import NamedTuple

import numpy as np

from rooflab.model.decoder import DecoderCosts, decoder_costs
from rooflab.model.launch import idle_share_s, step_idle_s
from rooflab.model.layer_fusion import ChainCounts
from rooflab.model.roofline import BOUNDS, LATENCY, Timing
from rooflab.model.stack import EXCHANGE, OPERATORS, Load, Shape, Weights
from rooflab.specs import Calibration
from rooflab.systems.serving.formats import Formats
from rooflab.systems.serving.node import Hardware
from rooflab.values import Values

__all__ = ["ATTENTION", "LINK_OPERATORS", "PASS_OPERATORS", "Pass", "run_pass"]

PASS_OPERATORS = (*OPERATORS, EXCHANGE)
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


def run_pass(
    shape: Shape,
    load: Load,
    formats: Formats,
    chain: ChainCounts,
    hardware: Hardware,
    calibration: Calibration,
    *,
    device_count: int,
    whole: Values,
    imbalance_factor: float,
    exchanging: bool,
    eager_dispatch: Values,
    kv_read_factor: Values,
) -> Pass:
    """Time one pass: inside a kernel traffic and arithmetic overlap, and kernels follow one another.

    What products do on the vector units beside the matrix units adds to their arithmetic. Keys and
    values take `kv_read_factor` times as long to read.
    """
    costs = decoder_costs(
        shape,
        load,
        Weights(
            element_bytes=formats.element_bytes,
            head_element_bytes=formats.head_element_bytes,
            executed_fraction=formats.executed_fraction,
            kept_fraction=formats.kept_fraction,
            whole=whole,
            imbalance_factor=imbalance_factor,
        ),
        chain,
        device_count=device_count,
        exchanging=exchanging,
    )
    cost = costs.executed
    count = len(cost.flop)
    hbm_s_per_byte = 1 / (calibration.hbm_fraction * hardware.hbm_bytes_per_s)
    memory_s = cost.hbm_bytes * hbm_s_per_byte + cost.weight_bytes * (formats.unpack_flop / hardware.vector_flop_per_s)
    memory_s[_HEAD] += cost.weight_bytes[_HEAD] * (
        (formats.head_unpack_flop - formats.unpack_flop) / hardware.vector_flop_per_s
    )
    memory_s[ATTENTION] += cost.kv_bytes[ATTENTION] * (hbm_s_per_byte * (kv_read_factor - 1))
    alone_s = np.zeros(memory_s.shape)
    alone_s[ATTENTION] = costs.alone_bytes * hbm_s_per_byte
    beside_s = costs.vector_flop / hardware.vector_flop_per_s
    kernel = Timing(
        compute_s=(cost.flop - costs.vector_flop) / _rates(hardware, formats, cost.flop) + beside_s,
        memory_s=memory_s,
        link_s=cost.link_bytes / (calibration.link_fraction * hardware.link_bytes_per_s),
        alone_s=alone_s,
    )
    kernel_s = kernel.kernel_s

    gap_s = calibration.graph_gap_s + eager_dispatch * (
        calibration.stream_gap_s - calibration.graph_gap_s
    )
    start_s = np.where(LINK_OPERATORS[:count], calibration.all_reduce_s, calibration.kernel_ramp_s)
    device_launch_s = cost.launches * (_column(start_s, cost.launches) + gap_s)
    host_each_s = cost.launches * (eager_dispatch * calibration.host_launch_s)
    host_s = host_each_s.sum(axis=0)
    busy_each_s = kernel_s + device_launch_s
    idle_s = step_idle_s(host_s=host_s, device_s=busy_each_s.sum(axis=0))
    launch_s = device_launch_s + idle_share_s(
        idle_s=idle_s, host_s=host_each_s, device_s=busy_each_s
    )
    launch_s[0] += (1 - eager_dispatch) * calibration.graph_launch_s

    timing = Timing(kernel.compute_s, kernel.memory_s, launch_s, kernel.link_s, kernel.alone_s)
    time_s = kernel_s + launch_s
    inside = kernel.bound
    bound_times_s = np.stack(
        [np.where(inside == each, kernel_s, 0.0).sum(axis=0) for each in range(len(BOUNDS))]
    )
    bound_times_s[LATENCY] = launch_s.sum(axis=0)
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
        host_s=host_s,
        idle_s=idle_s,
        matrix_flop=((cost.flop - costs.vector_flop) * _column(_ENGINE_OF[:count] > 0, cost.flop)).sum(axis=0),
    )


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
