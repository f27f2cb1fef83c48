"""The text of a fusion chain, one digit a boundary, and the list of boundaries that are fused."""

__all__ = ["bonds_of", "grouping"]


def bonds_of(text):
    """List the boundaries that are fused.

    >>> bonds_of("0110")
    [1, 2]
    """
    return [at for at, digit in enumerate(text) if digit == "1"]


def grouping(bonds, operators):
    """Write the fused boundaries of a chain of so many operators.

    >>> grouping([1, 2], 5)
    '0110'
    """
    return "".join("1" if at in bonds else "0" for at in range(operators - 1))
