"""Models that a row names: what is known of their attention where the row's shape leaves it out."""

from typing import Any

from rooflab.errors import FactError
from rooflab.facts.workloads import workload
from rooflab.specs import Workload

__all__ = ["known_model"]

_ATTENTION = ("kv_lora_rank", "sliding_window", "layer_types")
_SAME = ("layers", "hidden", "heads", "experts")


def known_model(inputs: dict[str, Any]) -> Workload | None:
    """Return the model that a row names if it has latent attention or windows and the row's shape says of neither.

    A configuration of DeepSeek-V3 has 128 KV heads, which a shape may repeat; what is cached is one latent vector.
    None for a model that is not known or has plain attention, and for a shape of another size.
    """
    shape = inputs.get("shape") or {}
    if any(shape.get(each) is not None for each in _ATTENTION):
        return None
    try:
        found = workload(inputs.get("model") or "")
    except FactError:
        return None
    plain = found.kv_lora_rank is None and found.sliding_window is None
    same = all(shape.get(each) in (None, getattr(found, each)) for each in _SAME)
    return found if same and not plain else None
