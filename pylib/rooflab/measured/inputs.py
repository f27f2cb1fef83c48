"""The inputs that a prediction knows: what each must be, and which quantity takes it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rooflab.measured.rows import RowError, is_number
from rooflab.specs import Precision

__all__ = ["KNOWN", "check_inputs", "unknown_inputs"]

Check = tuple[str, Callable[[Any], bool]]


WHOLE: Check = ("a whole number from 1", lambda value: is_number(value) and value >= 1 and value == int(value))
WHOLE_OR_NONE: Check = ("a whole number from 0", lambda value: is_number(value) and value >= 0 and value == int(value))
MEAN: Check = ("a number from 1", lambda value: is_number(value) and value >= 1)
POSITIVE: Check = ("a number above 0", lambda value: is_number(value) and value > 0)
NOT_NEGATIVE: Check = ("a number from 0", lambda value: is_number(value) and value >= 0)
SHARE: Check = ("a number from 0 to 1", lambda value: is_number(value) and 0 <= value <= 1)
FLAG: Check = ("true or false", lambda value: isinstance(value, bool))
WORDS: Check = ("a text", lambda value: isinstance(value, str))
LAYER_TYPES: Check = (
    "a list of full_attention and sliding_attention",
    lambda value: isinstance(value, list) and set(map(str, value)) <= {"full_attention", "sliding_attention"},
)
OBJECT: Check = ("an object", lambda value: isinstance(value, dict))
LIST: Check = ("a list", lambda value: isinstance(value, list))
PRECISION: Check = (f"one of {', '.join(Precision)}", lambda value: isinstance(value, str) and value in set(Precision))
PEAKS: Check = (
    "an object of rates above 0 by precision",
    lambda value: isinstance(value, dict) and all(each is None or POSITIVE[1](each) for each in value.values()),
)

_EVERYWHERE = {
    "device": WORDS, "device_spec": OBJECT, "chips": WHOLE, "software": WORDS, "power_cap_w": POSITIVE,
    "power_mode": WORDS, "interconnect": WORDS, "model_variant": WORDS, "model": WORDS,
}  # fmt: skip
_ATTENTION = {
    "kernel": WORDS, "precision": PRECISION, "direction": WORDS, "masked": FLAG, "dropout": FLAG, "batch": WHOLE,
    "query_tokens": MEAN, "context_tokens": MEAN, "heads": WHOLE, "head_dim": WHOLE, "features": OBJECT,
}  # fmt: skip
_LANGUAGE = {
    "shape": OBJECT, "batch": WHOLE, "weight_precision": PRECISION, "compute_precision": PRECISION, "kv_precision": PRECISION,
    "weight_group_size": POSITIVE, "weight_group_overhead_bytes": NOT_NEGATIVE,
}  # fmt: skip
_DECODE = _LANGUAGE | {
    "context_tokens": MEAN, "prompt_tokens": NOT_NEGATIVE, "output_tokens": NOT_NEGATIVE, "kernel_maturity": WORDS, "scheduling": WORDS,
    "statistic": WORDS,
}  # fmt: skip
_NETWORK = {
    "precision": PRECISION, "flop": POSITIVE, "weight_bytes": NOT_NEGATIVE, "activation_bytes": NOT_NEGATIVE, "batch": WHOLE,
    "engines": WORDS, "scenario": WORDS, "params": POSITIVE, "macs": POSITIVE, "input_shape": LIST, "shape": OBJECT,
    "sequence_tokens": MEAN, "weighted_layers": WHOLE, "network_kind": WORDS,
}  # fmt: skip
_GEMM = {"m": WHOLE, "k": WHOLE, "n": WHOLE, "precision": PRECISION}
_GEOMETRY = dict.fromkeys(
    ("in_height", "in_width", "in_channels", "out_channels", "kernel_height", "kernel_width", "stride", "out_height",
     "out_width", "in_features", "out_features", "outputs", "dot_length"), WHOLE,
)  # fmt: skip

KNOWN: dict[str, dict[str, Check]] = {
    "attention_hbm_bytes": _ATTENTION,
    "attention_time_s": _ATTENTION,
    "attention_flop": _ATTENTION,
    "kernel_flop_per_s": _ATTENTION | _GEMM | {"best_over_shapes": FLAG},
    "training_flop_per_s": {
        "shape": OBJECT, "compute_precision": PRECISION, "context_tokens": MEAN, "causal": FLAG, "kernel": WORDS,
        "flop_convention": WORDS, "model_flop_per_token": POSITIVE, "training_tokens": POSITIVE,
    },
    "speculative_speedup": _LANGUAGE | {
        "draft_model": WORDS, "draft_shape": OBJECT, "acceptance_rate": SHARE, "draft_tokens": NOT_NEGATIVE,
        "draft_cost_ratio": NOT_NEGATIVE, "context_tokens": MEAN, "prompt_tokens": MEAN, "output_tokens": MEAN,
        "task": WORDS, "temperature": NOT_NEGATIVE,
    },
    "decode_tokens_per_s": _DECODE,
    "decode_step_time_s": _DECODE,
    "mbu_fraction": _DECODE | {"workload": WORDS},
    "prefill_time_s": _LANGUAGE | {"prompt_tokens": MEAN},
    "serving_tokens_per_s": _DECODE,
    "max_batch": _DECODE | {"kv_reservation": WORDS},
    "config_ratio": {"of": WORDS, "numerator": OBJECT, "denominator": OBJECT},
    "sparsity_speedup": _GEMM | {"pattern": WORDS},
    "ridge_flop_per_byte": {"precision": PRECISION},
    "launch_time_per_kernel_s": {"kernel_time_s": POSITIVE, "launch_mode": WORDS, "kernels_per_graph": WHOLE},
    "network_latency_s": _NETWORK,
    "network_throughput_per_s": _NETWORK,
    "inference_energy_j": _NETWORK,
    "mcu_kernel_time_s": _GEOMETRY | {
        "kernel": WORDS, "precision": PRECISION, "implementation": WORDS, "macs": POSITIVE, "padding": WHOLE_OR_NONE,
    },
}  # fmt: skip
SHAPE: dict[str, Check] = {
    "layers": WHOLE, "hidden": WHOLE, "heads": WHOLE, "kv_heads": WHOLE, "head_dim": WHOLE, "ffn": WHOLE,
    "ffn_matrices": WHOLE, "vocab": WHOLE, "tied_embeddings": FLAG, "params_total": POSITIVE, "params_active": POSITIVE,
    "experts": WHOLE, "experts_per_token": WHOLE, "shared_experts": WHOLE_OR_NONE, "architecture": WORDS,
    "q_lora_rank": WHOLE, "kv_lora_rank": WHOLE, "qk_rope_head_dim": WHOLE_OR_NONE, "qk_nope_head_dim": WHOLE,
    "v_head_dim": WHOLE, "sliding_window": WHOLE, "layer_types": LAYER_TYPES,
}  # fmt: skip
DEVICE_SPEC: dict[str, Check] = {
    "peak_flop_per_s": PEAKS, "dla_peak_flop_per_s": PEAKS, "simd_int8_lanes": WHOLE, "sm_count": WHOLE,
    **dict.fromkeys(
        ("hbm_bytes_per_s", "memory_bytes", "link_bytes_per_s", "tdp_w", "shared_memory_per_sm_bytes", "l2_bytes",
         "clock_hz", "sram_bytes", "external_bytes_per_s", "supply_v", "energy_per_mac_j", "energy_per_weight_byte_j",
         "launch_sync_s", "launch_async_gap_s"), POSITIVE,
    ),
}  # fmt: skip
_NESTED = {"shape": SHAPE, "draft_shape": SHAPE, "device_spec": DEVICE_SPEC}


def check_inputs(quantity: str, inputs: Mapping[str, Any]) -> None:
    """Refuse inputs that nothing can have; null means not known, and is nothing to refuse.

    Raises:
        RowError: an input is of another form than it must be; the message names it, and what would do.
    """
    for path, name, value, known in _walk(quantity, inputs):
        if name in known and value is not None and not known[name][1](value):
            raise RowError(f"{path} must be {known[name][0]}; got {value!r:.60}.")
    for name in ("shape", "draft_shape"):
        _check_shape(name, inputs.get(name) or {})


def _check_shape(path: str, shape: Mapping[str, Any]) -> None:
    for part, whole in (("experts_per_token", "experts"), ("params_active", "params_total")):
        few, all_ = shape.get(part), shape.get(whole)
        if few is not None and all_ is not None and few > all_:
            raise RowError(f"{path}.{part} is {few}, more than {path}.{whole}, {all_}.")
    heads, kv_heads = shape.get("heads"), shape.get("kv_heads")
    if heads is not None and kv_heads is not None and heads % kv_heads:
        raise RowError(f"{path}.heads must be a whole multiple of {path}.kv_heads; got {heads} and {kv_heads}.")
    _check_attention(path, shape)


def _check_attention(path: str, shape: Mapping[str, Any]) -> None:
    """Refuse a latent cache beside real KV heads, and layers of another number or without their window."""
    heads, kv_heads, rank = (shape.get(name) for name in ("heads", "kv_heads", "kv_lora_rank"))
    if rank is not None and kv_heads not in (None, 1, heads):
        raise RowError(
            f"{path}.kv_heads is {kv_heads} beside {path}.kv_lora_rank {rank}: latent attention caches one vector; "
            f"null, 1 or the {heads} heads are accepted."
        )
    kinds, layers = shape.get("layer_types"), shape.get("layers")
    if kinds is not None and layers is not None and len(kinds) != layers:
        raise RowError(f"{path}.layer_types names {len(kinds)} layers, and {path}.layers is {layers}; they must agree.")
    if kinds is not None and "sliding_attention" in kinds and shape.get("sliding_window") is None:
        raise RowError(f"{path}.sliding_window is missing, and {path}.layer_types gives one to some layers.")


def unknown_inputs(quantity: str, inputs: Mapping[str, Any]) -> dict[str, str]:
    """Return the inputs that are ignored because they are not known, each with the known name it may stand for."""
    found = {}
    for path, name, _, known in _walk(quantity, inputs):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            found[path] = near[0] if near else ""
    return found


def _walk(quantity: str, inputs: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str, Any, dict[str, Check]]]:
    """Yield every input with its path, its name, its value, and what is known where it is."""
    known = _EVERYWHERE | KNOWN[quantity]
    for name, value in inputs.items():
        yield f"{path}{name}", name, value, known
        if not isinstance(value, dict):
            continue
        if name in _NESTED and name in known:
            yield from ((f"{path}{name}.{each}", each, inner, _NESTED[name]) for each, inner in value.items())
        elif quantity == "config_ratio" and name in ("numerator", "denominator") and str(inputs.get("of")) in KNOWN:
            yield from _walk(inputs["of"], value, f"{path}{name}.")
