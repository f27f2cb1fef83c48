"""The iron law over a chain of dependent kernels: its parts add."""

from rooflab.values import Values

__all__ = ["added_s"]


def added_s(*, memory_s: Values, compute_s: Values, latency_s: Values) -> Values:
    """Return the time when nothing hides anything: a chain of kernels that wait for one another.

    Small matrix products stream their weights before they can compute at full rate, so whole
    layers behave like this: published prefill times are met within some 10%, where overlap
    misses them by a third.

    >>> added_s(memory_s=2.0, compute_s=3.0, latency_s=0.5)
    5.5
    """
    return memory_s + compute_s + latency_s
