"""One pass through a decoder stack on a node: from what it costs to how long each operator takes."""

from typing import NamedTuple

import numpy as np

from rooflab.model.decoder import DecoderCosts, decoder_costs
from rooflab.model.launch import idle_share_s, step_idle_s
from rooflab.model.layer_fusion import ChainCounts
from rooflab.model.stack import ALL_TO_ALL, Load, Shape
from rooflab.systems.serving.formats import Formats
from rooflab.systems.serving.kernel_times import (
    LINKS,
    PASS_OPERATORS,
    KernelTimes,
    bounds_of,
    kernel_times,
    times_by_cause,
)
from rooflab.systems.serving.node import Node
from rooflab.values import Values

__all__ = ["Pass", "run_pass"]

_ON_MATRIX_UNITS = np.array([each.engine in ("matrix", "attention") for each in PASS_OPERATORS])


class Pass(NamedTuple):
    """One pass: its costs, and the times of its operators by cause; `bound_times_s` divides `step_s`.

    `reduce_start_s` is what an all-reduce takes beside its work, gaps and waiting for the host apart.
    """

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
    reduce_start_s: Values


class _LaunchTimes(NamedTuple):
    """What starting kernels adds to each operator; the host's time for all of them, and how long devices wait."""

    launch_s: np.ndarray
    host_s: Values
    idle_s: Values


def run_pass(
    shape: Shape, load: Load, formats: Formats, chain: ChainCounts, node: Node, *, all_to_all: bool
) -> Pass:
    """Time one pass: inside a kernel traffic and arithmetic overlap in part, and kernels follow one another.

    `all_to_all` adds the row for the all-to-all of expert parallelism.
    """
    costs = decoder_costs(
        shape, load, formats.weights, chain, device_count=node.device_count, all_to_all=all_to_all
    )
    times = kernel_times(shape, costs, formats, node)
    launches = _launch_times(costs.executed.launches, times, node)
    launch_s = launches.launch_s
    time_s = times.kernel_s + launch_s
    matrix_flop = (costs.executed.flop - costs.vector_flop)[_ON_MATRIX_UNITS[: len(time_s)]]
    return Pass(
        costs=costs,
        compute_s=times.compute_s,
        memory_s=times.memory_s,
        link_s=times.link_s,
        launch_s=launch_s,
        time_s=time_s,
        bound=bounds_of(times, launch_s),
        bound_times_s=times_by_cause(times, launch_s),
        step_s=time_s.sum(axis=0),
        host_s=launches.host_s,
        idle_s=launches.idle_s,
        matrix_flop=matrix_flop.sum(axis=0),
        reduce_start_s=times.reduce_start_s,
    )


def _launch_times(launches: np.ndarray, times: KernelTimes, node: Node) -> _LaunchTimes:
    """Return what starting the kernels adds: ramps, gaps, and where the host is slower, waiting for it."""
    made, eager = node.calibration, node.eager_dispatch
    gap_s = made.graph_gap_s + eager * (made.stream_gap_s - made.graph_gap_s)
    device_launch_s = launches * (made.kernel_ramp_s + gap_s)
    for place in LINKS:
        if place < len(launches):
            start_s = made.all_reduce_s if PASS_OPERATORS[place] is ALL_TO_ALL else times.reduce_start_s
            device_launch_s[place] = launches[place] * (start_s + gap_s)
    host_each_s = launches * (eager * made.host_launch_s)
    host_s = host_each_s.sum(axis=0)
    busy_each_s = times.kernel_s + device_launch_s
    idle_s = step_idle_s(host_s=host_s, device_s=busy_each_s.sum(axis=0))
    launch_s = device_launch_s + idle_share_s(
        idle_s=idle_s, host_s=host_each_s, device_s=busy_each_s
    )
    launch_s[0] += (1 - eager) * made.graph_launch_s
    return _LaunchTimes(launch_s=launch_s, host_s=host_s, idle_s=idle_s)
