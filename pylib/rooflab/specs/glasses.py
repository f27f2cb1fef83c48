"""Glasses: networks, chip, thermal body, and the scene and phrases that they process."""

from collections.abc import Mapping
from dataclasses import dataclass

from rooflab.errors import FactError
from rooflab.specs.precision import Precision
from rooflab.specs.source import Source, Sourced

__all__ = ["Bottleneck", "BottleneckNet", "EnergyModel", "Npu", "Scene", "ThermalBody", "Translator"]


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
        self._check_shares()


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
