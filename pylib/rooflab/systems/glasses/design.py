"""What a learner can set for camera frames that glasses filter, and phrases that they translate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rooflab.errors import BadDesign
from rooflab.specs.design import Design, got
from rooflab.specs.precision import Precision
from rooflab.values import Values, Words

__all__ = ["FRAME_FORMATS", "FUSION_BOUNDARIES", "GlassesDesign", "FrameFormat"]

FUSION_BOUNDARIES = 5
"""Between six operators of an inverted-residual block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameFormat:
    """How weights and activations are stored, and in which format the matrix units multiply."""

    id: str
    name: str
    weights: Precision
    activations: Precision
    compute: Precision


FRAME_FORMATS: dict[str, FrameFormat] = {
    each.id: each
    for each in (
        FrameFormat(
            id="fp16",
            name="FP16",
            weights=Precision.FP16,
            activations=Precision.FP16,
            compute=Precision.FP16,
        ),
        FrameFormat(
            id="w8a16",
            name="INT8 weights only",
            weights=Precision.INT8,
            activations=Precision.FP16,
            compute=Precision.FP16,
        ),
        FrameFormat(
            id="w8a8",
            name="INT8 throughout",
            weights=Precision.INT8,
            activations=Precision.INT8,
            compute=Precision.INT8,
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GlassesDesign(Design):
    """How frames are filtered and phrases translated.

    `fusion` has a digit for each boundary of expand, norm, depthwise, norm, project, norm: 1 where
    the two share a kernel. A fused kernel works on `tile_rows` rows of its output at a time.
    `skipped_frames` is the most frames in a row that a check may show from a prediction.
    """

    kind: ClassVar[str] = "frame"
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "precision": tuple(FRAME_FORMATS),
        "sparsity": ("dense", "quarter", "2:4"),
    }
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "tile_rows": (1, 224),
        "frames_per_s": (1, 240),
        "frames_batched": (1, 16),
        "translations_per_s": (1, 30),
        "translations_batched": (1, 16),
        "ambient_c": (0, 42),
        "skipped_frames": (0, 60),
        "draft_tokens": (0, 16),
        "experts": (1, 16),
    }

    precision: Words
    fusion: Words
    tile_rows: Values
    frames_per_s: Values
    frames_batched: Values
    translations_per_s: Values
    translations_batched: Values
    ambient_c: Values
    sparsity: Words
    skipped_frames: Values
    draft_tokens: Values
    experts: Values

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds."""
        Design.__post_init__(self)
        _check_fusion(self.fusion)


def _check_fusion(value: object) -> None:
    for each in np.unique(value).tolist() if isinstance(value, np.ndarray) else (value,):
        if not isinstance(each, str) or len(each) != FUSION_BOUNDARIES or set(each) - {"0", "1"}:
            raise BadDesign(
                f"fusion must be a text of {FUSION_BOUNDARIES} digits, 1 where two operators share a "
                f"kernel and 0 where they do not; got {got(each)}."
            )
