"""Who earned a speed-up: Shapley shares on log time, whatever the order of the changes."""

from collections.abc import Mapping
from itertools import combinations
from math import exp, factorial, log

from ridgepoint.errors import ModelError

__all__ = ["shapley_factors"]


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
    names = sorted(frozenset().union(*time_s))
    sets = [frozenset(each) for k in range(len(names) + 1) for each in combinations(names, k)]
    if missing := [each for each in sets if each not in time_s]:
        raise ModelError(
            f"All {len(sets)} sets of {', '.join(names)} need a time; "
            f"{len(missing)} are missing, {sorted(missing[0])} among them."
        )
    if bad := [each for each in sets if not time_s[each] > 0]:
        raise ModelError(f"The time of {sorted(bad[0])} must be positive, not {time_s[bad[0]]}.")
    count = len(names)
    shares = {}
    for name in names:
        share = 0.0
        for each in sets:
            if name in each:
                continue
            weight = factorial(len(each)) * factorial(count - len(each) - 1) / factorial(count)
            share += weight * log(time_s[each] / time_s[each | {name}])
        shares[name] = exp(share)
    return shares
