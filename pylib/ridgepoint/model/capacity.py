"""What must fit into a device's memory, and how many sequences do."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ridgepoint.specs import Workload

__all__ = ["Capacity", "MemoryUse", "serving_capacity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryUse:
    """What fills a memory: words and bytes of each purpose, and what there is."""

    parts: tuple[tuple[str, Any], ...]
    available_bytes: Any

    @property
    def needed_bytes(self) -> Any:
        """Everything but what is free."""
        return sum(bytes_ for _, bytes_ in self.parts)

    @property
    def fits(self) -> Any:
        """Whether everything fits."""
        return self.needed_bytes <= self.available_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Bytes of one device, by purpose."""

    weight_bytes: Any
    kv_bytes: Any
    activation_bytes: Any
    workspace_bytes: Any
    reserve_bytes: Any
    available_bytes: Any
    max_batch_count: Any

    @property
    def parts(self) -> tuple[tuple[str, Any], ...]:
        """Words and bytes of each purpose."""
        return (
            ("weights", self.weight_bytes),
            ("KV cache", self.kv_bytes),
            ("activations", self.activation_bytes),
            ("workspace", self.workspace_bytes),
            ("reserve", self.reserve_bytes),
        )

    @property
    def needed_bytes(self) -> Any:
        """Everything but what is free."""
        return sum(bytes_ for _, bytes_ in self.parts)

    @property
    def fits(self) -> Any:
        """Whether everything fits."""
        return self.needed_bytes <= self.available_bytes


def serving_capacity(
    workload: Workload,
    device_bytes: Any,
    *,
    device_count: int,
    batch: Any,
    tokens: Any,
    context_tokens: Any,
    weight_element_bytes: Any,
    kv_element_bytes: Any,
    workspace_bytes: Any,
    reserve_fraction: float,
) -> Capacity:
    """Return what one of `device_count` tensor-parallel devices must hold.

    Activations are the residual stream twice and the two widest tensors of a layer's MLP, in
    2-byte elements, and the logits of one token for every sequence in 4-byte elements.
    `workspace_bytes` (of one device) grows with the batch, as the cache does.
    """
    replicas = max(device_count // workload.kv_heads, 1)
    weights = workload.params_count * weight_element_bytes / device_count
    kv_each = (
        workload.kv_bytes_per_token(kv_element_bytes) * replicas / device_count * context_tokens
    )
    activations = 2 * tokens * (
        2 * workload.hidden + 2 * workload.ffn / device_count
    ) + 4 * batch * workload.vocab / device_count
    reserve = reserve_fraction * device_bytes
    free = device_bytes - reserve - weights
    each = kv_each + (activations + workspace_bytes) / batch
    return Capacity(
        weight_bytes=weights,
        kv_bytes=batch * kv_each,
        activation_bytes=activations,
        workspace_bytes=workspace_bytes,
        reserve_bytes=reserve,
        available_bytes=device_bytes,
        max_batch_count=np.maximum(np.floor(free / each), 0.0),
    )
