"""Pack the files of the runtime with gzip; what was packed once is kept, by its content."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import deflate
from paths import PACKED

__all__ = ["packed", "packed_soon"]


def packed(content: bytes) -> bytes:
    """Return `content` as gzip, as small as it gets."""
    kept = _kept(content)
    if not kept.exists():
        PACKED.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_bytes(deflate.gzip_compress(content, 12))
        partial.replace(kept)
    return kept.read_bytes()


def packed_soon(content: bytes) -> bytes:
    """Return `content` as gzip without long work: small if it was packed before, else a third larger."""
    kept = _kept(content)
    return kept.read_bytes() if kept.exists() else bytes(deflate.gzip_compress(content, 1))


def _kept(content: bytes) -> Path:
    return PACKED / f"{hashlib.sha256(content).hexdigest()}.gz"
