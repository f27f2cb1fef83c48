"""Text from a file or from standard input, never more than is asked for."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["read_text"]


def read_text(path: str, limit_bytes: int, refuse: type[Exception]) -> str:
    """Return the UTF-8 text at `path`, or of standard input for `-`.

    Raises:
        refuse: it cannot be read, is no UTF-8, or is larger than the limit; pipes and devices count as they come.
    """
    try:
        if path == "-":
            data = sys.stdin.buffer.read(limit_bytes + 1) if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
        else:
            with Path(path).open("rb") as file:
                data = file.read(limit_bytes + 1)
        if len(data) > limit_bytes:
            raise refuse(f"{path} is larger than {limit_bytes / 1e6:g} MB, more than is read.")
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(f"{path} cannot be read: {error}.") from error
