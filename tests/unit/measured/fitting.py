"""Fits of constants on some rows, and what they give for rows that no fit saw."""

import math


def loss(errors):
    """Return the mean of the absolute log errors; beyond a half a row says no more."""
    return sum(min(abs(math.log1p(each)), 0.5) for each in errors.values()) / len(errors)


def refit(rows, errors_of, bases, *, rounds, points):
    """Move one constant after the other over its range, as long as that helps `rows`; return what moved, by name.

    `errors_of(rows, **values)` gives the relative error of each row by its id, with other constants than those shipped.
    """
    values, best = {}, loss(errors_of(rows))
    for _ in range(rounds):
        for basis in bases:
            low, high = basis.ends
            for k in range(points):
                moved = values | {basis.name: low + (high - low) * k / (points - 1)}
                if (found := loss(errors_of(rows, **moved))) < best - 1e-9:
                    values, best = moved, found
    return values


def publication(row):
    """Return what published a row."""
    return row["source"].split(",")[0].split(" (")[0].split(" docs/")[0]


def held_out_errors(rows, errors_of, refit_on):
    """Return the error of every row with constants that `refit_on` fits without any row of its publication."""
    errors = {}
    for name in sorted({publication(each) for each in rows}):
        others = [each for each in rows if publication(each) != name]
        own = [each for each in rows if publication(each) == name]
        errors |= errors_of(own, **refit_on(others))
    return errors
