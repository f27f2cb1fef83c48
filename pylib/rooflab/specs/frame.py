"""Camera frames that glasses filter and translate: design, networks, chip, body and scenario."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from rooflab.errors import BadDesign, FactError
from rooflab.specs.design import Design, got
from rooflab.specs.device import Device
from rooflab.specs.precision import Precision
from rooflab.specs.scenario import Roof, Scenario
from rooflab.specs.source import Source, Sourced

__all__ = [
    "FRAME_FORMATS",
    "FUSION_BOUNDARIES",
    "Bottleneck",
    "BottleneckNet",
    "EnergyModel",
    "FrameDesign",
    "FrameFormat",
    "FrameScenario",
    "Npu",
    "Scene",
    "ThermalBody",
    "Translator",
]

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
class FrameDesign(Design):
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

    precision: Any
    fusion: Any
    tile_rows: Any
    frames_per_s: Any
    frames_batched: Any
    translations_per_s: Any
    translations_batched: Any
    ambient_c: Any
    sparsity: Any
    skipped_frames: Any
    draft_tokens: Any
    experts: Any

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds."""
        Design.__post_init__(self)
        _check_fusion(self.fusion)


def _check_fusion(value: Any) -> None:
    for each in np.unique(value).tolist() if isinstance(value, np.ndarray) else (value,):
        if not isinstance(each, str) or len(each) != FUSION_BOUNDARIES or set(each) - {"0", "1"}:
            raise BadDesign(
                f"fusion must be a text of {FUSION_BOUNDARIES} digits, 1 where two operators share a "
                f"kernel and 0 where they do not; got {got(each)}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """An inverted-residual block: widen, filter each channel, narrow; `squeeze` is 0 without a gate."""

    kernel: int
    inputs: int
    expanded: int
    outputs: int
    squeeze: int
    stride: int
    size: int

    @property
    def widens(self) -> bool:
        """Whether there is an expansion; without one the block starts with its depthwise filter."""
        return self.expanded != self.inputs

    @property
    def residual(self) -> bool:
        """Whether the input is added to the output."""
        return self.stride == 1 and self.inputs == self.outputs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BottleneckNet(Sourced):
    """A network of inverted-residual blocks: a stem, the blocks, and a head with a classifier.

    `input_size` is the side of the square input, `stem` the channels of the first convolution,
    `head` those of the last, `hidden` and `classes` the widths of the classifier.
    """

    id: str
    name: str
    input_size: int
    stem: int
    blocks: tuple[Bottleneck, ...]
    head: int
    hidden: int
    classes: int
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for, or blocks that do not follow one another."""
        self._check_sources()
        widths = [self.stem, *(each.outputs for each in self.blocks)]
        for block, width in zip(self.blocks, widths, strict=False):
            if block.inputs != width:
                raise FactError(f"{self.id}: a block of {block.inputs} inputs follows {width} channels.")

    @property
    def head_weights_count(self) -> int:
        """Parameters of the last convolution and the classifier, norms and biases included."""
        last = self.blocks[-1].outputs
        return (
            last * self.head + 2 * self.head
            + (self.head + 1) * self.hidden
            + (self.hidden + 1) * self.classes
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Translator(Sourced):
    """A translation transformer: encoder, decoder, and one table of the vocabulary for both ends."""

    id: str
    name: str
    hidden: int
    ffn: int
    encoder_layers: int
    decoder_layers: int
    vocab: int
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for."""
        self._check_sources()

    @property
    def encoder_params_count(self) -> int:
        """Parameters of the encoder's layers: attention and two products of the MLP."""
        return self.encoder_layers * (4 * self.hidden**2 + 2 * self.hidden * self.ffn)

    @property
    def decoder_params_count(self) -> int:
        """Parameters of the decoder's layers: attention to itself, to the source, and the MLP."""
        return self.decoder_layers * (8 * self.hidden**2 + 2 * self.hidden * self.ffn)

    @property
    def vocab_params_count(self) -> int:
        """Parameters of the shared table."""
        return self.vocab * self.hidden

    @property
    def params_count(self) -> int:
        """All parameters."""
        return self.encoder_params_count + self.decoder_params_count + self.vocab_params_count


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Npu(Sourced):
    """What no datasheet gives of a neural processor: shares of its peaks, starts, cores.

    A core works on one tile of a product at a time, in `core_bytes` of its own memory.
    """

    id: str
    hbm_fraction: float
    matrix_fraction: float
    depthwise_fraction: float
    kernel_start_s: float
    cores: int
    core_bytes: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a share outside (0, 1]."""
        self._check_sources()
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_fraction") and not 0 < value <= 1:
                raise FactError(f"{self.id}: {each.name} must be within (0, 1], not {value}.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EnergyModel(Sourced):
    """Energy for each operation and byte, and what is drawn whatever the networks do.

    `static_w` leaks while the processor is awake. `idle_w` is display, radio and system;
    `capture_j` is what camera and image processor take for a frame.
    """

    id: str
    matrix_j_per_flop: Mapping[Precision, float]
    vector_j_per_flop: float
    dram_j_per_byte: float
    static_w: float
    idle_w: float
    capture_j: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for."""
        self._check_sources()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThermalBody(Sourced):
    """Glasses as one warm body, and the governor that protects the skin.

    At `limit_c` the governor takes the clock and the frame rate down to `throttle_clock_fraction`
    and the voltage to `throttle_voltage_fraction`; at `resume_c` it lets them up again.
    """

    id: str
    resistance_k_per_w: float
    capacity_j_per_k: float
    limit_c: float
    resume_c: float
    throttle_clock_fraction: float
    throttle_voltage_fraction: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a governor that lets up above its limit."""
        self._check_sources()
        if not self.resume_c < self.limit_c:
            raise FactError(f"{self.id}: {self.resume_c} °C to resume is not below {self.limit_c} °C.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene(Sourced):
    """What is seen and said: patches of a frame, tokens of a phrase, and how well both are guessed.

    `check_fraction` is the work of predicting a frame against that of filtering one, and
    `draft_fraction` that of drafting a token against decoding one. `expert_size_fraction` gives, for
    each number of experts, the size of one against the dense layers.
    """

    id: str
    patches: int
    phrase_tokens: int
    frame_acceptance_fraction: float
    check_fraction: float
    token_acceptance_fraction: float
    draft_fraction: float
    expert_size_fraction: Mapping[int, float]
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for."""
        self._check_sources()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameScenario(Scenario):
    """Glasses, two networks, and what is looked at. `calibration` is an Npu.

    `on_chip_bytes` is what tracking and display leave of the memory on the chip.
    """

    device: Device
    beside: tuple[Device, ...]
    filter: BottleneckNet
    translator: Translator
    energy: EnergyModel
    body: ThermalBody
    scene: Scene
    on_chip_bytes: float

    def roofs(self, design: FrameDesign) -> tuple[Roof, ...]:
        """Return the roof at the design's format, the chip's other format, then other devices."""
        own = FRAME_FORMATS[design.precision].compute
        other = Precision.INT8 if own is Precision.FP16 else Precision.FP16
        return (
            self._roof(self.device, own, f"AR glasses {own.upper()}"),
            self._roof(self.device, other, f"AR glasses {other.upper()}"),
            *(self._roof(each, own, each.name.removeprefix("NVIDIA ")) for each in self.beside),
        )

    @staticmethod
    def _roof(device: Device, precision: Precision, name: str) -> Roof:
        return Roof(
            name=name,
            peak_flop_per_s=device.peak(precision),
            hbm_bytes_per_s=device.fact("hbm_bytes_per_s"),
        )

    @property
    def records(self) -> tuple[Sourced, ...]:
        """Chip, networks, constants, energy, body, scene."""
        return (
            self.device,
            self.filter,
            self.translator,
            self.calibration,
            self.energy,
            self.body,
            self.scene,
        )
