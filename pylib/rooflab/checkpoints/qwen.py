"""Qwen2 and Qwen3, dense and with experts."""

from typing import Any

from rooflab.checkpoints.fields import Fields
from rooflab.checkpoints.shape import attention_biases, dimensions, experts, windows
from rooflab.errors import BadCheckpoint

__all__ = ["qwen2", "qwen2_moe", "qwen3", "qwen3_moe"]


def qwen2(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Qwen2: queries, keys and values have biases."""
    shape = _dense(fields)
    return shape | {"other_params": attention_biases(shape, output=False)}


def qwen3(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Qwen3: queries and keys have norms of the size of a head."""
    shape = _dense(fields)
    biases = attention_biases(shape, output=True) if fields.flag("attention_bias", default=False) else 0
    return shape | {"other_params": biases + shape["layers"] * 2 * shape["head_dim"]}


def qwen2_moe(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Qwen2 with experts: a shared one too, with a gate of its own."""
    shape = qwen2(fields)
    shape |= _experts(fields, shape) | {
        "shared_experts": 1,
        "shared_ffn": fields.count("shared_expert_intermediate_size"),
    }
    gates = (shape["layers"] - (shape.get("dense_layers") or 0)) * shape["hidden"]
    return shape | {"other_params": shape["other_params"] + gates}


def qwen3_moe(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Qwen3 with experts."""
    shape = qwen3(fields)
    return shape | _experts(fields, shape)


def _dense(fields: Fields) -> dict[str, Any]:
    """Return the dimensions; the window is used only if the file says so, and in the later layers."""
    shape = dimensions(fields)
    windowed = 0
    if fields.flag("use_sliding_window", default=False):
        windowed = shape["layers"] - fields.count("max_window_layers", least=0, default=shape["layers"])
    return shape | windows(fields, shape, windowed=windowed)


def _experts(fields: Fields, shape: dict[str, Any]) -> dict[str, Any]:
    step = fields.count("decoder_sparse_step", default=1)
    only = fields.indices("mlp_only_layers", below=shape["layers"])
    dense = [at for at in range(shape["layers"]) if at in only or (at + 1) % step]
    if len(dense) == shape["layers"]:
        raise BadCheckpoint(
            f"{fields.path}decoder_sparse_step and mlp_only_layers leave no layer with experts; "
            f"a model of type {fields.word('model_type')} has some."
        )
    found: dict[str, Any] = experts(fields, named="num_experts") | {"ffn": fields.count("moe_intermediate_size")}
    return found | ({"dense_layers": len(dense), "dense_ffn": shape["ffn"]} if dense else {})
