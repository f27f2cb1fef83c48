"""Kernel launches: the time a host needs for them, and how long a device waits."""

import numpy as np

from rooflab.values import Values

__all__ = ["idle_share_s", "queue_starts_s", "step_idle_s"]


def step_idle_s(*, host_s: Values, device_s: Values) -> Values:
    """Return how long a device idles when a host starts its kernels ahead of it.

    The host runs ahead without limit, so the step takes the longer of the two.

    >>> float(step_idle_s(host_s=10.0, device_s=8.0))
    2.0
    """
    return np.maximum(host_s - device_s, 0.0)


def idle_share_s(*, idle_s: Values, host_s: np.ndarray, device_s: np.ndarray) -> np.ndarray:
    """Divide a step's idle time among its operators, along the first axis.

    An operator that keeps the device busy for less time than the host needs to start it is a
    cause of idling, in proportion to what is missing; the shares add up to `idle_s`.
    """
    missing = np.maximum(host_s - device_s, 0.0)
    total = missing.sum(axis=0)
    return missing * (idle_s / np.where(total > 0, total, 1.0))


def queue_starts_s(
    *, durations_s: np.ndarray, gap_s: float, host_launch_s: float
) -> np.ndarray:
    """Return when each kernel of a queue starts: not before it is launched, nor before its turn.

    Kernel k is launched at (k + 1) * host_launch_s and starts gap_s after its predecessor ends.

    >>> queue_starts_s(durations_s=np.array([1.0, 5.0, 1.0]), gap_s=0.0, host_launch_s=2.0).tolist()
    [2.0, 4.0, 9.0]
    """
    # start[k] = max(launched[k], start[k-1] + step[k-1]) is a running maximum once the time
    # that the predecessors take is subtracted from both sides.
    before = np.concatenate(([0.0], np.cumsum(durations_s + gap_s)[:-1]))
    launched = host_launch_s * np.arange(1, len(durations_s) + 1)
    return np.maximum.accumulate(launched - before) + before
