"""What must fit into a device's memory, and how many sequences do."""

from dataclasses import dataclass

import numpy as np

from rooflab.model.stack import Shape
from rooflab.values import Flags, Values

__all__ = ["Capacity", "MemoryUse", "kv_token_bytes", "model_bytes", "serving_capacity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryUse:
    """What fills a memory: words and bytes of each purpose, and what there is."""

    parts: tuple[tuple[str, Values], ...]
    available_bytes: Values

    @property
    def needed_bytes(self) -> Values:
        """Everything but what is free."""
        return sum(bytes_ for _, bytes_ in self.parts)

    @property
    def fits(self) -> Flags:
        """Whether everything fits."""
        return self.needed_bytes <= self.available_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Bytes of one device, by purpose; a draft model's are None where there is none to choose."""

    weight_bytes: Values
    kv_bytes: Values
    activation_bytes: Values
    workspace_bytes: Values
    draft_bytes: Values | None = None
    reserve_bytes: Values
    available_bytes: Values
    max_batch_count: Values

    @property
    def parts(self) -> tuple[tuple[str, Values], ...]:
        """Words and bytes of each purpose."""
        return (
            ("weights", self.weight_bytes),
            ("KV cache", self.kv_bytes),
            ("activations", self.activation_bytes),
            ("workspace", self.workspace_bytes),
            *(() if self.draft_bytes is None else (("draft model and its cache", self.draft_bytes),)),
            ("reserve", self.reserve_bytes),
        )

    @property
    def needed_bytes(self) -> Values:
        """Everything but what is free."""
        return sum(bytes_ for _, bytes_ in self.parts)

    @property
    def fits(self) -> Flags:
        """Whether everything fits."""
        return self.needed_bytes <= self.available_bytes


def model_bytes(shape: Shape, *, device_count: int, weight_element_bytes: Values, head_element_bytes: Values) -> Values:
    """Return the weights of one of `device_count` devices; both tables of the vocabulary are stored as the head is."""
    tables = 2 * shape.vocab * shape.hidden
    layers = shape.params_count - tables
    return (layers * weight_element_bytes + tables * head_element_bytes) / device_count


def kv_token_bytes(shape: Shape, *, device_count: int, kv_element_bytes: Values) -> Values:
    """Return what one token keeps in the cache of one device; KV heads are repeated where devices are more."""
    kept_heads = np.maximum(shape.kv_heads, device_count)
    return 2 * shape.layers * kept_heads * shape.head_dim * kv_element_bytes / device_count


def serving_capacity(
    shape: Shape,
    device_bytes: Values,
    *,
    device_count: int,
    batch: Values,
    tokens: Values,
    kept_tokens: Values,
    weight_element_bytes: Values,
    head_element_bytes: Values,
    kv_element_bytes: Values,
    workspace_bytes: Values,
    draft_weight_bytes: Values | None,
    draft_kv_token_bytes: Values | None,
    reserve_fraction: float,
) -> Capacity:
    """Return what one of `device_count` tensor-parallel devices must hold.

    The cache has room for `kept_tokens` of every sequence. Activations are the residual stream
    twice and the two widest tensors of a layer's MLP, in 2-byte elements, and the logits of one
    token for every sequence in 4-byte elements. `workspace_bytes` (of one device) grows with the
    batch, as the cache does. A draft model's weights are None where there is none to choose.
    """
    weights = model_bytes(
        shape,
        device_count=device_count,
        weight_element_bytes=weight_element_bytes,
        head_element_bytes=head_element_bytes,
    )
    kv_each = kept_tokens * kv_token_bytes(
        shape, device_count=device_count, kv_element_bytes=kv_element_bytes
    )
    activations = 2 * tokens * (
        2 * shape.hidden + 2 * shape.ffn / device_count
    ) + 4 * batch * shape.vocab / device_count
    reserve = reserve_fraction * device_bytes
    free = device_bytes - reserve - weights
    each = kv_each + (activations + workspace_bytes) / batch
    draft = None
    if draft_weight_bytes is not None:
        draft_each = kept_tokens * draft_kv_token_bytes
        draft = draft_weight_bytes + batch * draft_each
        free, each = free - draft_weight_bytes, each + draft_each
    return Capacity(
        weight_bytes=weights,
        kv_bytes=batch * kv_each,
        activation_bytes=activations,
        workspace_bytes=workspace_bytes,
        draft_bytes=draft,
        reserve_bytes=reserve,
        available_bytes=device_bytes,
        max_batch_count=np.maximum(np.floor(free / each), 0.0),
    )
