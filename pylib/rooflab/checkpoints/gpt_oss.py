"""gpt-oss: experts in every layer, biases everywhere, a window in every other layer, sinks."""

from typing import Any

from rooflab.checkpoints.fields import Fields
from rooflab.checkpoints.shape import attention_biases, dimensions, experts, windows

__all__ = ["gpt_oss"]


def gpt_oss(fields: Fields) -> dict[str, Any]:
    """Return the shape of a gpt-oss."""
    shape = dimensions(fields) | experts(fields, named="num_local_experts")
    biases = attention_biases(shape, output=True) if fields.flag("attention_bias", default=True) else 0
    routers_and_sinks = shape["layers"] * (shape["experts"] + shape["heads"])
    return (
        shape
        | windows(fields, shape, windowed=(shape["layers"] + 1) // 2)
        | {"other_params": biases + routers_and_sinks, "other_expert_params": 2 * shape["ffn"] + shape["hidden"]}
    )
