"""The layers of networks as products and passes, as far as their time on a device needs them."""

from collections.abc import Iterator
from dataclasses import dataclass

from rooflab.facts.networks import RESNET_50, YOLOV8N
from rooflab.specs import Network

__all__ = ["Product", "products_of"]

# Networks by the name that rows give them. Sums and ReLU go with a convolution; SiLU takes a pass
# of its own, since its product with the convolution's result is no epilogue of an engine.
_KNOWN = {"resnet-50": (RESNET_50, True), "yolov8n": (YOLOV8N, False)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product of `positions` x `inner` by `inner` x `outputs`, or a pass over elements alone.

    `moved_count` are the elements read and written for one sample, weights apart.
    """

    positions: int = 0
    inner: int = 0
    outputs: int = 0
    moved_count: float

    @property
    def flop(self) -> float:
        """Operations for one sample, multiply and add counted separately."""
        return 2.0 * self.positions * self.inner * self.outputs

    @property
    def weights_count(self) -> float:
        """Elements of the weights, biases apart."""
        return float(self.inner * self.outputs)


def products_of(model: str) -> tuple[Product, ...] | None:
    """Return the products and passes of a network that is known by name; None for others."""
    if model not in _KNOWN:
        return None
    network, epilogues = _KNOWN[model]
    return tuple(_products(network, epilogues=epilogues))


def _products(network: Network, *, epilogues: bool) -> Iterator[Product]:
    for each in network.layers:
        made = each.output_count
        for _ in range(each.repeats):
            if each.macs_count:
                yield Product(
                    positions=made // each.channels,
                    inner=each.macs_count // made,
                    outputs=each.channels,
                    moved_count=each.input_count + made,
                )
                if each.activated and not epilogues:
                    yield Product(moved_count=2 * made)
            elif not (each.joins and epilogues):
                yield Product(moved_count=each.input_count + made)
