"""The files of the runtime as they are sent, unpacked and packed again by Node."""

import struct
import subprocess
import zlib
from functools import cache

import packed
from setup import node

HEAD_BYTES = 16
UNPACK = "process.stdout.write(require('zlib').brotliDecompressSync(require('fs').readFileSync(0)))"
# Prints which bit of a file may be wrong for it to keep its length unpacked.
SEEK = """
const { brotliDecompressSync } = require("zlib");
const content = require("fs").readFileSync(0);
const length = brotliDecompressSync(content).length;
for (let at = content.length - 1000; at > content.length - 1200; at--) {
  content[at] ^= 1;
  try {
    if (brotliDecompressSync(content).length === length) {
      console.log(at);
      break;
    }
  } catch {}
  content[at] ^= 1;
}
"""


@cache
def unpacked(sent):
    return _node(UNPACK, sent[HEAD_BYTES:])


def packed_again(content):
    """Return a file with the right length and checksum, whatever it holds."""
    return framed(packed._brotli(bytes(content), 1), len(content))


def framed(brotli, length):
    return struct.pack("<4s3I", b"RLBR", length, len(brotli), zlib.crc32(brotli)) + brotli


def flipped_late(sent):
    """Return a file that unpacks to its full length, with one wrong bit that only its checksum tells."""
    at = HEAD_BYTES + int(_node(SEEK, sent[HEAD_BYTES:]))
    return sent[:at] + bytes([sent[at] ^ 1]) + sent[at + 1 :]


def _node(program, content):
    return subprocess.run([str(node()), "-e", program], input=content, capture_output=True, check=True).stdout
