"""Speculative decoding: how many tokens a round gives, and what it costs.

Symbols: alpha acceptance rate, gamma drafted tokens.
"""

import numpy as np

from rooflab.values import Values

__all__ = [
    "speedup_at_load",
    "speedup_free_verify",
    "tokens_per_round_count",
    "tokens_per_round_mixed_count",
]


def tokens_per_round_count(*, acceptance_fraction: Values, drafted: Values) -> Values:
    """Return the expected tokens of a round, when every draft is accepted with the same chance.

    (1 - alpha^(gamma+1)) / (1 - alpha); the limit at alpha = 1 is gamma + 1.

    >>> round(float(tokens_per_round_count(acceptance_fraction=0.8, drafted=5)), 2)
    3.69

    Source: Leviathan, Kalman and Matias (2023), arXiv:2211.17192.
    """
    alpha = np.asarray(acceptance_fraction, dtype=float)
    sure = alpha >= 1
    safe = np.where(sure, 0.0, alpha)
    return np.where(sure, drafted + 1.0, (1 - safe ** (drafted + 1)) / (1 - safe))


def tokens_per_round_mixed_count(
    *, acceptance_fraction: float, drafted: int, concentration_count: float
) -> float:
    """Return the expected tokens of a round, when some contexts are easier than others.

    The acceptance rate of a round is drawn from a Beta distribution with mean alpha and
    `concentration_count` (a + b). Easy stretches give long runs, so the mean is above that of a
    constant rate; with an unlimited concentration the two agree.
    """
    a = acceptance_fraction * concentration_count
    run = total = 1.0
    for k in range(drafted):
        run *= (a + k) / (concentration_count + k)
        total += run
    return total


def speedup_free_verify(*, tokens: Values, drafted: Values, draft_cost_fraction: Values) -> Values:
    """Return the speed-up when verifying gamma + 1 tokens takes as long as decoding one."""
    return tokens / (drafted * draft_cost_fraction + 1)


def speedup_at_load(
    *, tokens: Values, drafted: Values, step_s: Values, draft_step_s: Values, verify_step_s: Values
) -> Values:
    """Return the speed-up when verification takes its own time; below 1 it is a loss."""
    return tokens * step_s / (drafted * draft_step_s + verify_step_s)
