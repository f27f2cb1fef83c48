"""The node that a design runs on: its devices, one or a grid of them, and how kernels are started on them."""

import math
from typing import NamedTuple

import numpy as np

from rooflab.model.lookup import lookup, lookups
from rooflab.specs import Calibration, Device, Engine, Precision
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.values import Values

__all__ = ["Hardware", "Node", "node_of"]


class Hardware(NamedTuple):
    """Figures of the device of each design; `matrix_flop_per_s` and `attention_flop_per_s` can be reached.

    `slots` are its multiprocessors, each of which computes a tile at a time.
    """

    peak_flop_per_s: Values
    matrix_flop_per_s: Values
    attention_flop_per_s: Values
    vector_flop_per_s: Values
    hbm_bytes_per_s: Values
    hbm_bytes: Values
    link_bytes_per_s: Values
    slots: Values


class Node(NamedTuple):
    """What every pass of a design runs on.

    `eager_dispatch` is 1 where the host launches kernels one by one and 0 where it launches a graph of them. Keys
    and values take `kv_read_factor` times as long to read.
    """

    device_count: int
    engine: Engine
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
        engine=scenario.engine,
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

    peak, share = _peak_and_share(scenario, known, design)
    bf16 = lookup(ids, {each: device.peak(Precision.BF16) for each, device in known.items()})
    return Hardware(
        peak_flop_per_s=peak,
        matrix_flop_per_s=share * peak,
        attention_flop_per_s=calibration.attention_fraction * bf16,
        vector_flop_per_s=fact("vector_flop_per_s"),
        hbm_bytes_per_s=fact("hbm_bytes_per_s"),
        hbm_bytes=fact("hbm_bytes"),
        link_bytes_per_s=fact("link_bytes_per_s") if scenario.device_count > 1 else math.inf,
        slots=lookup(ids, {each: device.multiprocessor_count for each, device in known.items()}),
    )


def _gemm_fractions(scenario: ServingScenario) -> dict[str, float]:
    """Return the share of the peak that products reach, by how weights are stored."""
    made = scenario.calibration
    by_bytes = {0.5: made.four_bit_gemm_fraction, 1.0: made.narrow_gemm_fraction}
    return {
        name: by_bytes.get(each.compute.element_bytes, made.gemm_fraction) for name, each in scenario.schemes.items()
    }


def _peak_and_share(
    scenario: ServingScenario, known: dict[str, Device], design: ServingDesign
) -> tuple[Values, Values]:
    """Return the peak of each design's device in its format, and the share of it that products reach.

    Raises:
        UnsupportedPrecision: a device has no peak rate for the format.
    """
    ids, schemes, shares = design.device_id, design.precision, _gemm_fractions(scenario)
    if isinstance(ids, str):
        device = known[ids]
        peaks = {
            name: device.peak_flop_per_s[each.compute]
            for name, each in scenario.schemes.items()
            if each.compute in device.peak_flop_per_s
        }
        try:
            return lookups(schemes, peaks, shares)
        except KeyError as error:
            device.peak(scenario.schemes[str(error.args[0])].compute)  # which says what there is
            raise
    ids, schemes = np.broadcast_arrays(ids, np.asarray(schemes))
    pairs = np.char.add(np.char.add(ids.astype(str), "|"), schemes.astype(str))
    peaks = {}
    for pair in np.unique(pairs):
        device_id, scheme = str(pair).split("|")
        peaks[str(pair)] = known[device_id].peak(scenario.schemes[scheme].compute)
    return lookup(pairs, peaks), lookup(design.precision, shares)
