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
        return self._bytes(self.workload.experts, tables=0)

    def read_element_bytes(self, experts: float) -> float:
        """Return the mean bytes of a weight that a step reads which meets `experts` of the experts in each layer.

        Of the input table it reads next to nothing.
        """
        shape = self.workload
        unmet = (shape.layers - (shape.dense_layers or 0)) * (shape.experts - experts) * shape.expert_params
        tables = 0 if shape.tied_embeddings else shape.table_params
        return self._bytes(experts, tables=tables) / (shape.params_count - unmet - tables)

    def _bytes(self, experts: float, *, tables: float) -> float:
        """Return the bytes of the weights, with `experts` of the experts in each layer and without some of the tables."""
        shape = self.workload
        dense, biases = shape.dense_layers or 0, shape.other_expert_params or 0
        mixed = shape.layers - dense
        quantised = mixed * experts * (shape.expert_params - biases) + dense * shape.dense_mlp_params
        quantised += mixed * shape.shared_params * self.shared_quantised
        quantised += shape.layers * shape.attention_params * self.attention_quantised
        counted = shape.params_count - mixed * (shape.experts - experts) * shape.expert_params - tables
        return quantised * self.scheme.element_bytes + (counted - quantised) * _UNQUANTISED_BYTES
