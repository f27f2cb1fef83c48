"""Convolutional and other networks as lists of layers: what costs follow from."""

from collections.abc import Mapping
from dataclasses import dataclass

from rooflab.errors import FactError
from rooflab.specs.source import Source, Sourced

__all__ = ["Layer", "Network"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer, or `repeats` alike, for one input; counts are elements and multiply-adds of one.

    `channels` are those of the output, so a convolution is a product of output_count / channels
    rows, `channels` columns and macs_count / output_count depth. `other_flop` is arithmetic beside
    the multiply-adds. `stage` names the part of the network that it belongs to, such as backbone.

    `activated` says that a norm and an activation follow, which `other_flop` counts; `joins` that
    it only puts together what other layers made; `chained` that the next layer alone reads what it
    makes.
    """

    name: str
    stage: str
    macs_count: int
    weights_count: int
    input_count: int
    output_count: int
    channels: int
    other_flop: float = 0.0
    repeats: int = 1
    activated: bool = False
    joins: bool = False
    chained: bool = False

    @property
    def flop(self) -> float:
        """Operations of one: multiply and add are two."""
        return 2.0 * self.macs_count + self.other_flop


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network(Sourced):
    """A network, layer by layer in the order in which it runs, for one input of its usual size."""

    id: str
    name: str
    layers: tuple[Layer, ...]
    sources: Mapping[Source, tuple[str, ...]]

    def __post_init__(self) -> None:
        """Refuse layers that no source vouches for, or whose shape is no product."""
        self._check_sources()
        if self.layers[-1].chained:
            raise FactError(f"{self.id}: nothing follows {self.layers[-1].name}, which is said to be chained.")
        for each in self.layers:
            if each.output_count % each.channels or each.macs_count % each.output_count:
                raise FactError(f"{self.id}: {each.name} is no product of whole rows, columns and depth.")

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages, in the order in which they first run."""
        return tuple(dict.fromkeys(each.stage for each in self.layers))

    @property
    def macs_count(self) -> int:
        """Multiply-adds for one input."""
        return sum(each.repeats * each.macs_count for each in self.layers)

    @property
    def weights_count(self) -> int:
        """Parameters, biases and norms included where the layers count them."""
        return sum(each.repeats * each.weights_count for each in self.layers)

    @property
    def flop(self) -> float:
        """Operations for one input."""
        return sum(each.repeats * each.flop for each in self.layers)

    def of(self, stage: str) -> tuple[Layer, ...]:
        """Return the layers of a stage."""
        return tuple(each for each in self.layers if each.stage == stage)
