"""Mixture of experts: how many of them a step reads."""

from rooflab.values import Values

__all__ = ["distinct_experts_count"]


def distinct_experts_count(*, experts: Values, experts_per_token: Values, tokens: Values) -> Values:
    """Return how many experts `tokens` tokens touch, when each picks its own at random.

    E (1 - (1 - K/E)^B), uniform and independent; skewed routing touches fewer.

    >>> [round(distinct_experts_count(experts=8, experts_per_token=2, tokens=b), 1)
    ...  for b in (1, 2, 4, 8, 16)]
    [2.0, 3.5, 5.5, 7.2, 7.9]
    """
    return experts * (1 - (1 - experts_per_token / experts) ** tokens)
