"""Measurements for tests: the reference machine's rows, with some of them changed."""

from rooflab.machine.reference import RUN, reference_rows

__all__ = ["RUN", "rows", "slower"]


def rows(*changes, without=()):
    """Return the reference rows; each change is (kernel, variant, size or None for all, a function of the row)."""
    made = [each for each in reference_rows() if (each["kernel"], each["variant"]) not in without]
    for kernel, variant, size, change in changes:
        for each in made:
            if (each["kernel"], each["variant"]) == (kernel, variant) and size in (None, each["size"]):
                each.update(change(each))
    return made


def slower(factor):
    """Return a change that makes every sample of a row so many times as long."""
    return lambda row: {"samples_s": [factor * each for each in row["samples_s"]]}
