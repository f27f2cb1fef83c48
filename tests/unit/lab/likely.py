"""Values that a ledger may well accept, so that what is drawn reaches further than its reading."""

from hypothesis import strategies as st

__all__ = ["like"]

WORDS = st.sampled_from(
    ["cloud-titan", "sea", "attempt", "final", "explored", "no", "up", "accept", "refuse", "memory", "token-time"]
    + ["roofline", "mfu", "rate", "w4a16", "fp8", "graph", "serving", "slope", "traffic", "attention", "h100-sxm"]
)
LIKE = {
    str: WORDS,
    bool: st.booleans(),
    int: st.integers(0, 200),
    float: st.floats(0, 1) | st.floats(allow_nan=False, allow_infinity=False),
    list: st.lists(st.integers(0, 40), max_size=3),
    dict: st.dictionaries(WORDS, st.integers(0, 9) | WORDS, max_size=3),
}


def like(value):
    """Return values of the type of `value`."""
    return LIKE.get(type(value), st.none())
