"""What a design chooses and what an outcome says: one value, or an array of them for a grid of designs; and what JSON carries.

All arrays of one outcome broadcast to the shape of its design; a record that adds an axis before it says so.
"""

from typing import TypeAlias

import numpy as np

__all__ = ["Flags", "Plain", "Values", "Words"]

Values: TypeAlias = float | np.ndarray
"""A number, whole or not, or an array of numbers."""

Flags: TypeAlias = bool | np.ndarray
"""Whether something holds, or an array of that."""

Words: TypeAlias = str | np.ndarray
"""A choice of a design by its word, or an array of words."""

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | float | bool | None"
"""What JSON can carry: the numbers of a picture on their way to the page."""
