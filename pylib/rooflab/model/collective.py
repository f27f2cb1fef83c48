"""Tensor parallelism: what the devices of a node exchange."""

from rooflab.values import Values

__all__ = ["ring_link_bytes"]


def ring_link_bytes(*, message_bytes: Values, device_count: int) -> Values:
    """Return the bytes that a ring all-reduce sends over each device's link, in one direction.

    Every device sends all but its own share twice: once to sum, once to spread the sums.

    >>> ring_link_bytes(message_bytes=800, device_count=8)
    1400.0

    Source: Megatron-LM, arXiv:1909.08053.
    """
    return 2 * (device_count - 1) / device_count * message_bytes
