"""The record types: facts, scenarios, designs, questions. Frozen, and checked once when made."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, ClassVar, Self

import numpy as np

from ridgepoint.errors import BadDesign, FactError, UnsupportedPrecision

__all__ = [
    "Band",
    "Calibration",
    "Choice",
    "Confidence",
    "Control",
    "Design",
    "Device",
    "Microcontroller",
    "Part",
    "Precision",
    "Question",
    "Scenario",
    "ServingDesign",
    "Source",
    "SourceKind",
    "Target",
    "Track",
    "WEIGHT_SCHEMES",
    "WeightScheme",
    "Workload",
    "design_from_json",
]


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


class Confidence(StrEnum):
    """How a figure was checked."""

    PRIMARY = "primary"  # the source's own text was read
    SECONDARY = "secondary"  # read in an independent copy
    MEMORY = "memory"  # not verified
    ASSUMED = "assumed"  # no public figure: set for the lab


class SourceKind(StrEnum):
    """What stands behind a figure."""

    DATASHEET = "datasheet"
    PAPER = "paper"
    ARCHITECTURE = "architecture"
    MEASUREMENT = "measurement"
    FIT = "fit"
    ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from."""

    id: str
    name: str
    kind: SourceKind
    confidence: Confidence
    date: str
    url: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse evidence without an address and an assumption without a reason."""
        evidence = self.kind not in (SourceKind.ASSUMPTION, SourceKind.FIT)
        if evidence and not self.url:
            raise FactError(f"Source {self.id!r} is of kind {self.kind}; it needs a url.")
        if not evidence and not self.note:
            raise FactError(f"Source {self.id!r} is of kind {self.kind}; its note must say why.")


class _Sourced:
    """A record of facts: every figure in it is vouched for by a source."""

    __slots__ = ()

    def _check_sources(self) -> None:
        vouched = {name for names in self.sources.values() for name in names}
        known = {each.name for each in fields(self)} - {"id", "name", "note", "sources"}
        present = {name for name in known if getattr(self, name) not in (None, (), {})}
        if unknown := vouched - known:
            raise FactError(f"{self.id}: a source vouches for {sorted(unknown)}, no such fields.")
        if missing := present - vouched:
            raise FactError(f"{self.id}: no source vouches for {sorted(missing)}.")

    def source_of(self, name: str) -> Source:
        """Return the source of the field `name`."""
        for source, names in self.sources.items():
            if name in names:
                return source
        known = sorted(each for names in self.sources.values() for each in names)
        raise FactError(f"{self.id} has no fact {name!r}; it has {', '.join(known)}.")

    def fact(self, name: str) -> Any:
        """Return the field `name`, which must be known."""
        value = getattr(self, name, None)
        if value is None:
            known = sorted(each for names in self.sources.values() for each in names)
            raise FactError(f"{self.id} has no fact {name!r}; it has {', '.join(known)}.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Device(_Sourced):
    """One chip. Peaks are dense; a figure that nobody publishes is absent."""

    id: str
    name: str
    peak_flop_per_s: Mapping[Precision, float]
    vector_flop_per_s: float | None = None
    hbm_bytes_per_s: float | None = None
    hbm_bytes: float | None = None
    link_bytes_per_s: float | None = None
    tdp_w: float | None = None
    sm_count: int | None = None
    l2_bytes: float | None = None
    clock_hz: float | None = None
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that is not positive or that no source vouches for."""
        self._check_sources()
        for each in fields(self):
            value = getattr(self, each.name)
            numbers = value.values() if each.name == "peak_flop_per_s" else (value,)
            for number in numbers:
                if isinstance(number, int | float) and not 0 < number < math.inf:
                    raise FactError(f"{self.id}: {each.name} must be positive, not {number}.")

    def peak(self, precision: Precision) -> float:
        """Return the dense peak rate in FLOP/s.

        Raises:
            UnsupportedPrecision: the device publishes no peak for `precision`.
        """
        try:
            return self.peak_flop_per_s[precision]
        except KeyError:
            known = ", ".join(self.peak_flop_per_s)
            raise UnsupportedPrecision(
                f"{self.name} has no peak rate for {precision}; it has {known}."
            ) from None

    def ridge_flop_per_byte(self, precision: Precision) -> float:
        """Return the intensity at which the datasheet's two roofs meet."""
        return self.peak(precision) / self.fact("hbm_bytes_per_s")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Microcontroller(_Sourced):
    """A small chip: cycles, memories and currents. Internal SRAM is not cached."""

    id: str
    name: str
    clock_hz: float
    sram_bytes: float
    active_w: float
    sleep_w: float | None = None
    external_bytes_per_s: float | None = None
    line_bytes: int | None = None
    lanes: int | None = None
    call_cycles: float | None = None
    output_cycles: float | None = None
    mac_cycles: float | None = None
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a figure that no source vouches for."""
        self._check_sources()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workload(_Sourced):
    """A decoder-only language model: the shape that its costs follow from."""

    id: str
    name: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    vocab: int
    max_context_tokens: int
    experts: int = 1
    experts_per_token: int = 1
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a shape whose heads do not group."""
        self._check_sources()
        if self.heads % self.kv_heads:
            raise FactError(
                f"{self.id}: {self.heads} heads do not share {self.kv_heads} KV heads evenly."
            )

    @property
    def group_size(self) -> int:
        """Query heads that share one KV head."""
        return self.heads // self.kv_heads

    @property
    def params_count(self) -> int:
        """Parameters, from the shape; the input and output tables are both counted."""
        return self._count_params(self.experts)

    @property
    def active_params_count(self) -> int:
        """Parameters that one token uses."""
        return self._count_params(self.experts_per_token)

    def _count_params(self, experts: int) -> int:
        attention = self.hidden * self.head_dim * 2 * (self.heads + self.kv_heads)
        router = self.hidden * self.experts if self.experts > 1 else 0
        mlp = 3 * self.hidden * self.ffn * experts + router
        per_layer = attention + mlp + 2 * self.hidden
        return self.layers * per_layer + 2 * self.vocab * self.hidden + self.hidden

    def kv_bytes_per_token(self, element_bytes: float) -> float:
        """Return the bytes that one token keeps in the cache, over all layers."""
        return 2 * self.layers * self.kv_heads * self.head_dim * element_bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration(_Sourced):
    """The shares of a peak that kernels reach, and the times that no roof explains.

    `kernel_ramp_s` is what a kernel takes beside its work: start, ramp-up and tail;
    `all_reduce_s` the same for an all-reduce. `unpack_flop` is what it takes on the vector units
    to widen one weight that is stored in fewer bits than it is multiplied in.
    """

    id: str
    hbm_fraction: float
    gemm_fraction: float
    attention_fraction: float
    kernel_ramp_s: float
    stream_gap_s: float
    graph_gap_s: float
    graph_launch_s: float
    host_launch_s: float
    all_reduce_s: float
    unpack_flop: float
    reserve_fraction: float
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse a share outside (0, 1] or a negative time."""
        self._check_sources()
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name.endswith("_fraction") and not 0 < value <= 1:
                raise FactError(f"{self.id}: {each.name} must be within (0, 1], not {value}.")
            if each.name.endswith("_s") and not 0 <= value < math.inf:
                raise FactError(f"{self.id}: {each.name} must not be negative, not {value}.")


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
    )
}


class Design:
    """The learner's choices: plain JSON values, each of which may be a NumPy array."""

    __slots__ = ()
    kind: ClassVar[str]
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]]
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]]

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds."""
        for name, accepted in self._CHOICES.items():
            _check_choice(name, getattr(self, name), accepted)
        for name, (least, most) in self._COUNTS.items():
            _check_count(name, getattr(self, name), least, most)

    def to_json(self) -> dict[str, Any]:
        """Return the design as a plain dictionary; arrays become lists."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        plain = {
            name: value.tolist() if isinstance(value, np.ndarray | np.generic) else value
            for name, value in values.items()
        }
        return {"kind": self.kind, **plain}

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Return the design that `data` describes; `kind` may be left out.

        Raises:
            BadDesign: `data` is not a design; the message says what is accepted.
        """
        names = tuple(each.name for each in fields(cls))
        if not isinstance(data, dict):
            raise BadDesign(f"A design is an object with {', '.join(names)}; got {_got(data)}.")
        given = dict(data)
        kind = given.pop("kind", cls.kind)
        if kind != cls.kind:
            raise BadDesign(f"Design kind {kind!r} was asked; {cls.kind!r} is accepted here.")
        if unknown := [name for name in given if name not in names]:
            raise BadDesign(
                f"A design has no {unknown[0]!r}; it has {', '.join(names)}."
            )
        required = [each.name for each in fields(cls)]
        if missing := [name for name in required if name not in given]:
            raise BadDesign(f"The design lacks {', '.join(missing)}; it needs {', '.join(names)}.")
        return cls(**given)

    def replace(self, **changes: Any) -> Self:
        """Return the design with `changes`."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServingDesign(Design):
    """How a language model is served on a node.

    In prefill `context_tokens` is the length of the prompt of every sequence; in decode it is
    the mean number of tokens that every sequence keeps in the cache.
    """

    kind: ClassVar[str] = "serving"
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "phase": ("decode", "prefill"),
        "precision": tuple(WEIGHT_SCHEMES),
        "kv_precision": ("bf16", "fp8"),
        "attention_kernel": ("eager", "fused"),
        "dispatch": ("eager", "graph"),
    }
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "batch": (1, 65536),
        "context_tokens": (1, 1_048_576),
    }

    phase: Any
    batch: Any
    context_tokens: Any
    precision: Any
    kv_precision: Any
    attention_kernel: Any
    dispatch: Any
    device_id: Any

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds."""
        Design.__post_init__(self)
        _check_text("device_id", self.device_id)

    def __eq__(self, other: object) -> bool:
        """Compare value by value; arrays by content."""
        if not isinstance(other, ServingDesign):
            return NotImplemented
        return self.to_json() == other.to_json()

    def __hash__(self) -> int:
        """Hash the plain values."""
        return hash(str(self.to_json()))


def design_from_json(data: Any) -> Design:
    """Return the design that `data` describes, by its `kind`."""
    kinds = {each.kind: each for each in (ServingDesign,)}
    if not isinstance(data, dict) or str(data.get("kind")) not in kinds:
        raise BadDesign(
            f"A design is an object with a kind, one of {', '.join(kinds)}; got {_got(data)}."
        )
    return kinds[str(data["kind"])].from_json(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure of an Outcome and the limit that it must keep.

    A target with a phase judges designs of that phase only: a rate of prompt tokens is not held
    against one of generated tokens.
    """

    id: str
    name: str
    quantity: str
    unit: str
    at_least: bool
    limit: float
    source: Source
    phase: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """How far predictions of one kind are from published measurements.

    Fewer than LEAST_ROWS rows validate nothing.
    """

    topic: str
    rows: int
    median_fraction: float = math.nan
    p90_fraction: float = math.nan

    LEAST_ROWS: ClassVar[int] = 5

    @property
    def validated(self) -> bool:
        """Whether enough measured rows stand behind the figures."""
        return self.rows >= self.LEAST_ROWS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenario:
    """What the learner cannot change: devices, workload, targets, and where things stand."""

    track_id: str
    variant: int
    devices: tuple[Device, ...]
    device_count: int
    workload: Workload
    calibration: Calibration
    calibration_range: tuple[Calibration, Calibration] | None = None
    bands: tuple[Band, ...] = ()
    targets: tuple[Target, ...] = ()
    crisis: Design | None = None
    reference: Design | None = None

    def band(self, topic: str) -> Band:
        """Return the band of that topic; one without rows if nothing was graded."""
        for each in self.bands:
            if each.topic == topic:
                return each
        return Band(topic=topic, rows=0)

    def device(self, device_id: str) -> Device:
        """Return the device of that id."""
        for each in self.devices:
            if each.id == device_id:
                return each
        known = ", ".join(each.id for each in self.devices)
        raise BadDesign(f"This scenario has no device {device_id!r}; it has {known}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that a question offers, or one value that a control offers."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, its choices, and the functions of a scenario that answer it.

    `answer` gives the id of the one right choice; `explain` speaks to the mechanism behind a
    choice, with the numbers of the scenario.
    """

    id: str
    text: str
    choices: tuple[Choice, ...]
    answer: Callable[[Scenario], str]
    explain: Callable[[Scenario, str], str]

    def choice(self, choice_id: str) -> Choice:
        """Return the choice of that id."""
        for each in self.choices:
            if each.id == choice_id:
                return each
        known = ", ".join(each.id for each in self.choices)
        raise BadDesign(f"Question {self.id!r} has no choice {choice_id!r}; it has {known}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One field of a design that the learner can set.

    Either `choices`, or whole numbers from `minimum` to `maximum`; `doubling` says that the
    steps of a slider are powers of two.
    """

    id: str
    label: str
    choices: tuple[Choice, ...] = ()
    minimum: int = 0
    maximum: int = 0
    doubling: bool = False
    unit: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the three parts of a track; a part that is not available has a title only."""

    number: int
    title: str
    objective: str
    available: bool = False
    briefing: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    diagnosis: Question | None = None
    controls: tuple[Control, ...] = ()
    reflection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A role, its north star, its crisis, and its parts."""

    id: str
    name: str
    persona: str
    north_star: str
    crisis: str
    parts: tuple[Part, ...]
    available: bool = False
    scenario: Callable[[int], Scenario] | None = field(default=None)

    def part(self, number: int) -> Part:
        """Return the part of that number."""
        return self.parts[number - 1]


def _check_choice(name: str, value: Any, accepted: tuple[str, ...]) -> None:
    for each in np.unique(value).tolist() if isinstance(value, np.ndarray) else (value,):
        if not isinstance(each, str) or each not in accepted:
            raise BadDesign(f"{name} must be one of {', '.join(accepted)}; got {_got(each)}.")


def _check_count(name: str, value: Any, least: int, most: int) -> None:
    if isinstance(value, np.ndarray):
        good = (
            value.dtype.kind in "iuf"
            and bool(np.all(np.isfinite(value)))
            and bool(np.all((value >= least) & (value <= most) & (value == np.floor(value))))
        )
    else:
        good = (
            isinstance(value, int | float | np.integer | np.floating)
            and not isinstance(value, bool)
            and math.isfinite(value)
            and least <= value <= most
            and value == int(value)
        )
    if not good:
        raise BadDesign(
            f"{name} must be a whole number from {least} to {most}; got {_got(value)}."
        )


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str | np.ndarray):
        raise BadDesign(f"{name} must be text; got {_got(value)}.")


def _got(value: Any) -> str:
    text = repr(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return f"{text} of type {type(value).__name__}"
