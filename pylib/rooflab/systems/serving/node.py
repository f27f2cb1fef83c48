"""The node that a design runs on: its devices, one or a grid of them, and how kernels are started on them."""

from typing import NamedTuple

import numpy as np

from rooflab.model.lookup import lookup
from rooflab.specs import WEIGHT_SCHEMES, Calibration, Device, Precision
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.values import Values, Words

__all__ = ["Hardware", "Node", "node_of"]


class Hardware(NamedTuple):
    """Figures of the device of each design; `matrix_flop_per_s` and `attention_flop_per_s` can be reached."""

    peak_flop_per_s: Values
    matrix_flop_per_s: Values
    attention_flop_per_s: Values
    vector_flop_per_s: Values
    hbm_bytes_per_s: Values
    hbm_bytes: Values
    link_bytes_per_s: Values


class Node(NamedTuple):
    """What every pass of a design runs on.

    `eager_dispatch` is 1 where the host launches kernels one by one and 0 where it launches a graph of them. Keys
    and values take `kv_read_factor` times as long to read.
    """

    device_count: int
    hardware: Hardware
    calibration: Calibration
    eager_dispatch: Values
    kv_read_factor: Values


def node_of(scenario: ServingScenario, design: ServingDesign) -> Node:
    """Return the node that a design runs on.

    Raises:
        BadDesign: the scenario has no such device.
        UnsupportedPrecision: the device has no peak rate for the precision.
    """
    service = scenario.service
    read_factors = None if service is None else {"paged": service.paged_read_factor, "contiguous": 1.0}
    return Node(
        device_count=scenario.device_count,
        hardware=_hardware(scenario, design),
        calibration=scenario.calibration,
        eager_dispatch=lookup(design.dispatch, {"eager": 1.0, "graph": 0.0}),
        kv_read_factor=1.0 if read_factors is None else lookup(design.kv_layout, read_factors),
    )


def _hardware(scenario: ServingScenario, design: ServingDesign) -> Hardware:
    """Return the figures of the device that the design names, or arrays of them."""
    ids = design.device_id
    calibration = scenario.calibration
    known = {ids: scenario.device(ids)} if isinstance(ids, str) else {
        str(each): scenario.device(str(each)) for each in np.unique(ids)
    }

    def fact(name: str) -> Values:
        return lookup(ids, {each: device.fact(name) for each, device in known.items()})

    peak = _peak(known, ids, design.precision)
    bf16 = lookup(ids, {each: device.peak(Precision.BF16) for each, device in known.items()})
    return Hardware(
        peak_flop_per_s=peak,
        matrix_flop_per_s=calibration.gemm_fraction * peak,
        attention_flop_per_s=calibration.attention_fraction * bf16,
        vector_flop_per_s=fact("vector_flop_per_s"),
        hbm_bytes_per_s=fact("hbm_bytes_per_s"),
        hbm_bytes=fact("hbm_bytes"),
        link_bytes_per_s=fact("link_bytes_per_s"),
    )


def _peak(known: dict[str, Device], ids: Words, schemes: Words) -> Values:
    if isinstance(ids, str):
        device = known[ids]
        if isinstance(schemes, str):
            return device.peak(WEIGHT_SCHEMES[schemes].compute)
        used = {str(each) for each in np.unique(schemes)}
        return lookup(schemes, {each: device.peak(WEIGHT_SCHEMES[each].compute) for each in used})
    schemes = np.asarray(schemes)
    ids, schemes = np.broadcast_arrays(ids, schemes)
    pairs = np.char.add(np.char.add(ids.astype(str), "|"), schemes.astype(str))
    table = {}
    for pair in np.unique(pairs):
        device_id, scheme = str(pair).split("|")
        table[str(pair)] = known[device_id].peak(WEIGHT_SCHEMES[scheme].compute)
    return lookup(pairs, table)
