"""Memory capacity: what a device must hold, and how many sequences fit."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rooflab.model.stack import Shape
from rooflab.specs import Source
from rooflab.units import format_bytes
from rooflab.values import Flags, Values

__all__ = [
    "Capacity",
    "MemoryUse",
    "ModelMemory",
    "activation_bytes",
    "available_words",
    "kv_token_bytes",
    "model_bytes",
    "serving_capacity",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryUse:
    """The contents of a memory: name and bytes of each part, the bytes available, and where that figure comes from."""

    parts: tuple[tuple[str, Values], ...]
    available_bytes: Values
    source: Source | None = None

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
    """Bytes of one device, by purpose; a draft model's are None where there is none to choose.

    There is room for `room_count` sequences, a broken number: what a mean over many can be.
    """

    weight_bytes: Values
    kv_bytes: Values
    activation_bytes: Values
    workspace_bytes: Values
    draft_bytes: Values | None = None
    reserve_bytes: Values
    available_bytes: Values
    room_count: Values
    source: Source | None = None

    @property
    def max_batch_count(self) -> Values:
        """The largest batch that fits."""
        return np.floor(self.room_count)

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


class ModelMemory(NamedTuple):
    """What one device keeps of one model: its weights, and the cache of each sequence."""

    weight_bytes: Values
    sequence_bytes: Values


def model_bytes(shape: Shape, *, device_count: int, weight_element_bytes: Values, head_element_bytes: Values) -> Values:
    """Return the weights of one of `device_count` devices; the embedding is stored in the format of the head."""
    layers = shape.params_count - shape.table_params
    return (layers * weight_element_bytes + shape.table_params * head_element_bytes) / device_count


def kv_token_bytes(
    shape: Shape, *, device_count: int, kv_element_bytes: Values, data_parallel: Values = 0.0
) -> Values:
    """Return what one token in the window of every layer keeps in the cache of one device.

    More devices than KV heads keep copies of them, unless each attends for sequences of its own (`data_parallel` 1).
    """
    kept_groups = np.maximum(shape.kv_groups, device_count * (1 - data_parallel))
    return shape.layers * kept_groups * shape.cached_dim * kv_element_bytes / device_count


def activation_bytes(shape: Shape, *, device_count: int, batch: Values, tokens: Values) -> Values:
    """Return the activations of one of `device_count` devices in a pass of `tokens` tokens of `batch` sequences.

    They are the residual stream twice and the two widest tensors of a layer's MLP, in 2-byte elements, and the
    logits of one token for every sequence in 4-byte elements.
    """
    wide = 2 * shape.hidden + 2 * shape.ffn / device_count
    return 2 * tokens * wide + 4 * batch * shape.vocab / device_count


def serving_capacity(
    served: ModelMemory,
    draft: ModelMemory | None,
    *,
    batch: Values,
    activation_bytes: Values,
    workspace_bytes: Values,
    device_bytes: Values,
    reserve_fraction: float,
    free_fraction: float = 1.0,
) -> Capacity:
    """Return what one device must hold for `batch` sequences; `draft` is None where there is none to choose.

    The reserve is a share of the memory, for the runtime, and of what the weights leave besides all but
    `free_fraction`. Activations and workspace grow with the batch, as the cache does.
    """
    weights = served.weight_bytes + (0.0 if draft is None else draft.weight_bytes)
    left = (1 - reserve_fraction) * device_bytes
    reserve = device_bytes - left + (1 - free_fraction) * np.maximum(left - weights, 0.0)
    free = device_bytes - reserve - served.weight_bytes
    each = served.sequence_bytes + (activation_bytes + workspace_bytes) / batch
    draft_bytes = None
    if draft is not None:
        draft_bytes = draft.weight_bytes + batch * draft.sequence_bytes
        free, each = free - draft.weight_bytes, each + draft.sequence_bytes
    return Capacity(
        weight_bytes=served.weight_bytes,
        kv_bytes=batch * served.sequence_bytes,
        activation_bytes=activation_bytes,
        workspace_bytes=workspace_bytes,
        draft_bytes=draft_bytes,
        reserve_bytes=reserve,
        available_bytes=device_bytes,
        room_count=np.maximum(free / each, 0.0),
    )


def available_words(capacity: MemoryUse | Capacity) -> str:
    """Say how many bytes are available, and if that is assumed; for one design."""
    words = format_bytes(float(capacity.available_bytes))
    return capacity.source.beside(words) if capacity.source else words
