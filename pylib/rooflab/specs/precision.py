"""Number formats, and how weights are stored in them."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["WEIGHT_SCHEMES", "Precision", "WeightScheme"]


class Precision(StrEnum):
    """A number format."""

    FP64 = "fp64"
    FP32 = "fp32"
    FP16 = "fp16"
    BF16 = "bf16"
    FP8 = "fp8"
    FP4 = "fp4"
    INT8 = "int8"
    INT4 = "int4"

    @property
    def element_bytes(self) -> float:
        """Bytes of one element, without the scales of a quantisation group."""
        return _ELEMENT_BYTES[self]


_ELEMENT_BYTES = {
    Precision.FP64: 8.0,
    Precision.FP32: 4.0,
    Precision.FP16: 2.0,
    Precision.BF16: 2.0,
    Precision.FP8: 1.0,
    Precision.FP4: 0.5,
    Precision.INT8: 1.0,
    Precision.INT4: 0.5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightScheme:
    """How weights are stored, and in which format the matrix units multiply."""

    id: str
    name: str
    storage: Precision
    compute: Precision
    group_bytes: float = 0.0  # scale and zero point, per element

    @property
    def element_bytes(self) -> float:
        """Bytes of one stored weight, its share of the scales included."""
        return self.storage.element_bytes + self.group_bytes


WEIGHT_SCHEMES: dict[str, WeightScheme] = {
    each.id: each
    for each in (
        WeightScheme(
            id="bf16", name="BF16", storage=Precision.BF16, compute=Precision.BF16
        ),
        WeightScheme(
            id="fp8",
            name="FP8 weights and activations",
            storage=Precision.FP8,
            compute=Precision.FP8,
        ),
        WeightScheme(
            id="w8a16",
            name="INT8 weights only",
            storage=Precision.INT8,
            compute=Precision.BF16,
        ),
        WeightScheme(
            id="w4a16",
            name="INT4 weights only",
            storage=Precision.INT4,
            compute=Precision.BF16,
            group_bytes=4 / 128,  # a 16-bit scale and zero point for 128 weights
        ),
        WeightScheme(
            id="w8a8",
            name="INT8 weights and activations",
            storage=Precision.INT8,
            compute=Precision.INT8,
        ),
        WeightScheme(
            id="w4a8",
            name="INT4 weights, FP8 activations",
            storage=Precision.INT4,
            compute=Precision.FP8,
            group_bytes=4 / 128,
        ),
        WeightScheme(
            id="fp4",
            name="FP4 weights and activations",
            storage=Precision.FP4,
            compute=Precision.FP4,
            group_bytes=1 / 16,  # an FP8 scale for 16 weights (NVFP4)
        ),
    )
}
