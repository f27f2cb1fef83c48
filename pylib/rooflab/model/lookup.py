"""Tables looked up by the words of a design, one word or an array of them."""

from collections.abc import Mapping

import numpy as np

from rooflab.values import Values, Words

__all__ = ["lookup"]


def lookup(words: Words, table: Mapping[str, float]) -> Values:
    """Return the entry of `table` for every word.

    >>> lookup("graph", {"eager": 1.0, "graph": 0.0})
    0.0
    >>> lookup(np.array(["eager", "graph"]), {"eager": 1.0, "graph": 0.0}).tolist()
    [1.0, 0.0]
    """
    if isinstance(words, str):
        return table[words]
    known, places = np.unique(words, return_inverse=True)
    # As floats: in a browser whole numbers have 32 bits, and their products overflow.
    return np.array([table[str(each)] for each in known], dtype=float)[places].reshape(words.shape)
