"""Shapley attribution: how much each change contributes to a gain, whatever their order."""

from collections.abc import Mapping
from itertools import combinations
from math import exp, factorial, log

from rooflab.errors import ModelError

__all__ = ["shapley_factors", "shapley_shares"]


def shapley_shares(values: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Return what each change adds to a value, from the values of all sets of changes.

    A change's share is its mean gain over all orders; shares add up to the whole gain.

    >>> saved = {frozenset(): 0.0, frozenset("a"): 6.0, frozenset("b"): 4.0, frozenset("ab"): 8.0}
    >>> sorted(shapley_shares(saved).items())
    [('a', 5.0), ('b', 3.0)]

    Raises:
        ModelError: a set is missing.

    Source: Shapley (1953), A value for n-person games.
    """
    names = sorted(frozenset().union(*values))
    sets = [frozenset(each) for k in range(len(names) + 1) for each in combinations(names, k)]
    if missing := [each for each in sets if each not in values]:
        raise ModelError(
            f"All {len(sets)} sets of {', '.join(names)} need a value; "
            f"{len(missing)} are missing, {sorted(missing[0])} among them."
        )
    count = len(names)
    weights = [factorial(k) * factorial(count - k - 1) / factorial(count) for k in range(count)]
    shares = dict.fromkeys(names, 0.0)
    for each in sets:
        for name in names:
            if name not in each:
                shares[name] += weights[len(each)] * (values[each | {name}] - values[each])
    return shares


def shapley_factors(time_s: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Return the factor of each change, from the times of all sets of changes.

    The value of a set is ln(T_base / T_set); a change's share is its mean gain over all orders.
    Factors multiply to the total speed-up.

    >>> times = {frozenset(): 8.0, frozenset("a"): 4.0, frozenset("b"): 2.0, frozenset("ab"): 1.0}
    >>> {name: round(each, 12) for name, each in sorted(shapley_factors(times).items())}
    {'a': 2.0, 'b': 4.0}

    Raises:
        ModelError: a set is missing, or a time is not positive.

    Source: Shapley (1953), A value for n-person games.
    """
    if bad := [each for each, time in time_s.items() if not time > 0]:
        raise ModelError(f"The time of {sorted(bad[0])} must be positive, not {time_s[bad[0]]}.")
    shares = shapley_shares({each: -log(time) for each, time in time_s.items()})
    return {name: exp(share) for name, share in shares.items()}
