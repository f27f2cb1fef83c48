"""Pack the files of the runtime with Brotli; what was packed once is kept, by its content.

site/js/worker/inflated.js has the format and unpacks it.
"""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import zlib
from pathlib import Path

import deflate
from console import BuildError
from paths import PACKED, ROOT
from setup import node

__all__ = ["gzipped", "packed", "packed_quickly", "packed_soon"]

PACKER = ROOT / "build_scripts" / "node" / "brotli.mjs"
SMALLEST, QUICK = 11, 5  # of 30 MB: 6.6 MB in some 150 s, 8.1 MB in some 3 s


def packed(content: bytes) -> bytes:
    """Return `content` as small as it gets."""
    return _packed(content, SMALLEST)


def packed_quickly(content: bytes) -> bytes:
    """Return `content` packed in seconds: as small as it gets if it was packed before, else a fifth larger."""
    return _packed(content, SMALLEST if _kept(content, SMALLEST).exists() else QUICK)


def packed_soon(content: bytes) -> bytes:
    """Return `content` packed at once: as small as it was packed before, else as gzip, half as large again."""
    for quality in (SMALLEST, QUICK):
        if _kept(content, quality).exists():
            return _packed(content, quality)
    return bytes(deflate.gzip_compress(content, 1))


def gzipped(content: bytes) -> bytes:
    """Return `content` as gzip, which every browser unpacks by itself."""
    return bytes(deflate.gzip_compress(content, 12))


def _packed(content: bytes, quality: int) -> bytes:
    kept = _kept(content, quality)
    if not kept.exists():
        PACKED.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        brotli = _brotli(content, quality)
        partial.write_bytes(struct.pack("<4s3I", b"RLBR", len(content), len(brotli), zlib.crc32(brotli)) + brotli)
        partial.replace(kept)
    return kept.read_bytes()


def _brotli(content: bytes, quality: int) -> bytes:
    run = subprocess.run([str(node()), str(PACKER), str(quality)], input=content, capture_output=True, check=False)
    if run.returncode:
        raise BuildError(f"A file of the runtime could not be packed:\n{run.stderr.decode(errors='replace')[-300:]}")
    return run.stdout


def _kept(content: bytes, quality: int) -> Path:
    return PACKED / f"{hashlib.sha256(content).hexdigest()}.{quality}.br"
