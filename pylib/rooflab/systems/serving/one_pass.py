"""One pass through a decoder stack on a node: from what it costs to how long each operator takes."""

from dataclasses import fields
from typing import NamedTuple

import numpy as np

from rooflab.model.decoder import DecoderCosts, decoder_costs
from rooflab.model.launch import idle_share_s, step_idle_s
from rooflab.model.layer_fusion import ChainCounts
from rooflab.model.lookup import lookup
from rooflab.model.roofline import BOUNDS, LATENCY, Timing
from rooflab.model.sparsity import bitmap_element_bytes, two_of_four_element_bytes
from rooflab.model.stack import EXCHANGE, OPERATORS, Load, Shape, Weights, shape_of
from rooflab.specs import WEIGHT_SCHEMES, Calibration, Device, Precision
from rooflab.systems.serving.design import SPARSITIES, ServingDesign
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.values import Values, Words

__all__ = [
    "ATTENTION",
    "LINK_OPERATORS",
    "PASS_OPERATORS",
    "Formats",
    "Hardware",
    "Pass",
    "formats_of",
    "hardware_of",
    "run_pass",
    "served_shape",
    "spread_shape",
]

PASS_OPERATORS = (*OPERATORS, EXCHANGE)
_ENGINES = ("vector", "matrix", "attention")
_ENGINE_OF = np.array(
    [_ENGINES.index("vector" if each.engine == "link" else each.engine) for each in PASS_OPERATORS]
)
LINK_OPERATORS = np.array([each.engine == "link" for each in PASS_OPERATORS])
ATTENTION = [each.id for each in PASS_OPERATORS].index("attention")
_HEAD = [each.id for each in PASS_OPERATORS].index("lm_head")
_SPARSE_PRODUCTS = np.array([each.engine == "matrix" and each.in_layer for each in PASS_OPERATORS])
_NARROW = {
    name: float(each.storage.element_bytes < each.compute.element_bytes)
    for name, each in WEIGHT_SCHEMES.items()
}
_SCHEME_BYTES = {name: each.element_bytes for name, each in WEIGHT_SCHEMES.items()}
_VALUE_BYTES = {name: each.storage.element_bytes for name, each in WEIGHT_SCHEMES.items()}
_TWO_OF_FOUR = {name: float(name == "2:4") for name in SPARSITIES}
_BITMAP = {name: float(name not in ("dense", "2:4")) for name in SPARSITIES}


class Hardware(NamedTuple):
    """Figures of the device of each design; `matrix_flop_per_s` and `attention_flop_per_s` can be reached."""

    peak_flop_per_s: Values
    matrix_flop_per_s: Values
    attention_flop_per_s: Values
    vector_flop_per_s: Values
    hbm_bytes_per_s: Values
    hbm_bytes: Values
    link_bytes_per_s: Values


class Formats(NamedTuple):
    """How a design stores its weights: those of the layers' products, and those of the head.

    `unpack_flop` and `head_unpack_flop` are what the vector units do for each byte that arrives.
    `sparse_rate_fraction` is the share of their rate that the matrix units keep for the flop that
    are left.
    """

    element_bytes: Values
    head_element_bytes: Values
    kept_fraction: Values
    executed_fraction: Values
    unpack_flop: Values
    head_unpack_flop: Values
    sparse_rate_fraction: Values


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


def served_shape(scenario: ServingScenario, experts: Words) -> Shape:
    """Return the shape of the model that each design serves."""
    if isinstance(experts, str):
        return shape_of(scenario.model(experts))
    mixed = experts != "dense"
    used = {str(each): shape_of(scenario.model(str(each))) for each in np.unique(experts)}
    mixture = next((shape for name, shape in used.items() if name != "dense"), None)
    dense = used.get("dense", mixture)
    if mixture is None or dense is mixture:
        return dense
    return Shape(*(np.where(mixed, float(b), float(a)) if a != b else a for a, b in zip(dense, mixture, strict=True)))


def formats_of(design: ServingDesign, calibration: Calibration, sparse_rate_fraction: float) -> Formats:
    """Return how a design stores its weights.

    Two of four keep their values and 2 bits each; an unstructured pattern keeps a bitmap, and its
    weights are put back in place before matrix units that skip nothing.
    """
    scheme = lookup(design.precision, _SCHEME_BYTES)
    narrow = lookup(design.precision, _NARROW)
    head_unpack = narrow * calibration.unpack_flop / scheme
    if isinstance(design.sparsity, str) and design.sparsity == "dense":
        return Formats(scheme, scheme, 1.0, 1.0, head_unpack, head_unpack, 1.0)
    kept = lookup(design.sparsity, SPARSITIES)
    two_of_four = lookup(design.sparsity, _TWO_OF_FOUR)
    bitmap = lookup(design.sparsity, _BITMAP)
    value = lookup(design.precision, _VALUE_BYTES)
    stored = (
        scheme * (1 - two_of_four - bitmap)
        + (two_of_four_element_bytes(value_bytes=value) + (scheme - value) * kept) * two_of_four
        + (bitmap_element_bytes(density_fraction=kept, value_bytes=scheme)) * bitmap
    )
    placed = np.maximum(narrow * kept, bitmap)
    return Formats(
        element_bytes=stored,
        head_element_bytes=scheme,
        kept_fraction=kept,
        executed_fraction=1 - 0.5 * two_of_four,
        unpack_flop=placed * calibration.unpack_flop / stored,
        head_unpack_flop=head_unpack,
        sparse_rate_fraction=1 - two_of_four * (1 - sparse_rate_fraction),
    )


def hardware_of(scenario: ServingScenario, design: ServingDesign) -> Hardware:
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


def spread_shape(design: ServingDesign) -> tuple[int, ...]:
    """Return the shape to which all values of a design broadcast; () for one design."""
    arrays = [value for each in fields(design) if isinstance(value := getattr(design, each.name), np.ndarray)]
    return np.broadcast_shapes(*(each.shape for each in arrays)) if arrays else ()


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


def _column(values: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Return `values` of the operators with as many axes as `like`."""
    return values.reshape(values.shape + (1,) * (like.ndim - 1))
