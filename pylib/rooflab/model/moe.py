"""Mixture of experts: how many of them a step reads."""

import numpy as np

from rooflab.values import Values

__all__ = ["distinct_experts_count", "mean_experts_count", "prompt_step_share"]


def distinct_experts_count(*, experts: Values, experts_per_token: Values, tokens: Values) -> Values:
    """Return how many experts `tokens` tokens touch, when each picks its own at random.

    E (1 - (1 - K/E)^B), uniform and independent; skewed routing touches fewer.

    >>> [round(distinct_experts_count(experts=8, experts_per_token=2, tokens=b), 1)
    ...  for b in (1, 2, 4, 8, 16)]
    [2.0, 3.5, 5.5, 7.2, 7.9]
    """
    return experts * (1 - (1 - experts_per_token / experts) ** tokens)


def prompt_step_share(*, prompt_tokens: Values, prompt_length: Values) -> Values:
    """Return the share of the steps in which a prompt rides along, when `prompt_tokens` do in the mean.

    Prompts come whole; where more than one rides along in every step it is all of them.

    >>> float(prompt_step_share(prompt_tokens=16.0, prompt_length=1024))
    0.015625
    """
    return prompt_tokens / np.maximum(np.maximum(prompt_tokens, prompt_length), 1)


def mean_experts_count(
    *, experts: Values, experts_per_token: Values, tokens: Values, prompt_tokens: Values, prompt_length: Values
) -> Values:
    """Return how many experts a step touches in the mean: with its own `tokens`, and now and then with a prompt too.

    With one token a step and a prompt of 1000 tokens in every tenth, a tenth of the steps touch all eight experts:

    >>> round(float(mean_experts_count(
    ...     experts=8, experts_per_token=2, tokens=1, prompt_tokens=100, prompt_length=1000)), 6)
    2.6
    """
    own = distinct_experts_count(experts=experts, experts_per_token=experts_per_token, tokens=tokens)
    if not np.any(np.asarray(prompt_tokens) > 0) or not np.any(np.asarray(experts) > 1):
        return own
    with_prompt = distinct_experts_count(
        experts=experts, experts_per_token=experts_per_token, tokens=tokens + np.maximum(prompt_tokens, prompt_length)
    )
    return own + prompt_step_share(prompt_tokens=prompt_tokens, prompt_length=prompt_length) * (with_prompt - own)
