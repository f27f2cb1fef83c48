"""Tables looked up by the words of a design, one word or an array of them."""

from collections.abc import Mapping

import numpy as np

from rooflab.values import Values, Words

__all__ = ["lookup", "lookups"]


def lookup(words: Words, table: Mapping[str, float]) -> Values:
    """Return the entry of `table` for every word.

    >>> lookup("graph", {"eager": 1.0, "graph": 0.0})
    0.0
    >>> lookup(np.array(["eager", "graph"]), {"eager": 1.0, "graph": 0.0}).tolist()
    [1.0, 0.0]
    """
    return lookups(words, table)[0]


def lookups(words: Words, *tables: Mapping[str, float]) -> tuple[Values, ...]:
    """Return the entry of each table for every word: the words are sorted out once.

    >>> lookups("fp8", {"bf16": 2.0, "fp8": 1.0}, {"bf16": 0.0, "fp8": 1.0})
    (1.0, 1.0)
    """
    if isinstance(words, str):
        return tuple(table[words] for table in tables)
    known, places = np.unique(words, return_inverse=True)
    # As floats: in a browser whole numbers have 32 bits, and their products overflow.
    columns = (np.array([table[str(each)] for each in known], dtype=float) for table in tables)
    return tuple(column[places].reshape(words.shape) for column in columns)
