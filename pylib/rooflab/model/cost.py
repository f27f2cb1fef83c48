"""The cost of work on any device: arithmetic, traffic and launches. Costs add."""

from dataclasses import dataclass

from rooflab.values import Values

__all__ = ["Cost", "linear"]


@dataclass(frozen=True, slots=True)
class Cost:
    """Arithmetic, traffic and launches of some work; each may be an array of many works.

    A multiply-add is 2 flop. Bytes are reads plus writes of device memory.
    """

    flop: Values = 0.0
    weight_bytes: Values = 0.0
    activation_bytes: Values = 0.0
    kv_bytes: Values = 0.0
    launches: Values = 0.0
    link_bytes: Values = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        """Do one after the other."""
        return Cost(
            self.flop + other.flop,
            self.weight_bytes + other.weight_bytes,
            self.activation_bytes + other.activation_bytes,
            self.kv_bytes + other.kv_bytes,
            self.launches + other.launches,
            self.link_bytes + other.link_bytes,
        )

    def __mul__(self, repeats: Values) -> "Cost":
        """Do it `repeats` times."""
        return Cost(
            self.flop * repeats,
            self.weight_bytes * repeats,
            self.activation_bytes * repeats,
            self.kv_bytes * repeats,
            self.launches * repeats,
            self.link_bytes * repeats,
        )

    @property
    def hbm_bytes(self) -> Values:
        """All traffic of device memory."""
        return self.weight_bytes + self.activation_bytes + self.kv_bytes


def linear(
    *, tokens: Values, inputs: Values, outputs: Values, weight_element_bytes: Values, element_bytes: Values
) -> Cost:
    """Count one matrix product of `tokens` rows with an `inputs` x `outputs` weight.

    The weight and the input are read once and the output is written once.

    One token through a 4096 x 4096 layer in BF16 moves 33.6 MB for 33.6 MFLOP:

    >>> cost = linear(
    ...     tokens=1, inputs=4096, outputs=4096, weight_element_bytes=2, element_bytes=2
    ... )
    >>> cost.flop, cost.weight_bytes + cost.activation_bytes
    (33554432, 33570816)
    """
    return Cost(
        flop=2 * tokens * inputs * outputs,
        weight_bytes=weight_element_bytes * inputs * outputs,
        activation_bytes=element_bytes * tokens * (inputs + outputs),
        launches=1,
    )
