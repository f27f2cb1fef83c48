"""What a configuration says of one published model."""

from dataclasses import dataclass

from rooflab.specs import WeightScheme, Workload

__all__ = ["Checkpoint"]

_UNQUANTISED_BYTES = 2.0  # BF16: tables, norms, routers, biases


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A model as it is published: its shape, how its weights are stored, and what was not counted.

    `scheme` holds for the matrices of MLPs and experts, and for those of attention and of shared
    experts if they are quantised; tables, norms, routers and biases are kept in 16 bits.
    """

    workload: Workload
    scheme: WeightScheme
    attention_quantised: bool
    shared_quantised: bool
    notes: tuple[str, ...]

    @property
    def weight_bytes(self) -> float:
        """Bytes of all weights as they are stored."""
        shape = self.workload
        dense = shape.dense_layers or 0
        biases = shape.other_expert_params or 0
        mixed = shape.layers - dense
        quantised = mixed * shape.experts * (shape.expert_params - biases) + dense * shape.dense_mlp_params
        quantised += mixed * shape.shared_params * self.shared_quantised
        quantised += shape.layers * shape.attention_params * self.attention_quantised
        return quantised * self.scheme.element_bytes + (shape.params_count - quantised) * _UNQUANTISED_BYTES
