"""Compile a module once for each content: what an earlier build compiled from the same bytes is kept; inside Pyodide."""

from __future__ import annotations

import os
from hashlib import sha256

from compile_library import compile_module
from lazy import LAZY_PACKAGES
from sources import PREFIX, published_source, read, root_of, target_of

DIGEST_BYTES = sha256().digest_size

# The programs that decide what the bytecode of a module is.
COMPILERS = ("/inside/compile_library.py", "/inside/lazy.py")


class KeptBytecode:
    """The bytecode of modules, and the folder in which it is kept.

    A file is named for the module and the digest of all that its bytecode depends on, and begins with the digest of
    the bytecode, so that one that was cut off is made again.
    """

    def __init__(self, folder: str, *, runtime: str, published: str) -> None:
        """Keep in `folder`; `runtime` and `published` are digests of the interpreter and of the published packages."""
        self._folder = folder
        self._always = [runtime.encode(), *(sha256(read(file)).digest() for file in COMPILERS)]
        self._published = published.encode()
        self.compiled: list[str] = []
        """Names of the modules that had to be compiled."""
        self.hollow: dict[str, list[str]] = {}
        """Names of the classes of a module of which nothing but the name is kept."""

    def bytecode(self, name: str, file: str) -> bytes:
        """Return the bytes of a sourceless .pyc for the module `name`, whose source is `file`."""
        source = read(file)
        shown = target_of(file).removeprefix(PREFIX).removeprefix("site-packages/") if root_of(file) else file
        kept = f"{self._folder}/{name}-{self._key(source, name, shown)}"
        try:
            whole = read(kept)
            if sha256(whole[DIGEST_BYTES:]).digest() == whole[:DIGEST_BYTES]:
                return whole[DIGEST_BYTES:]
        except FileNotFoundError:
            pass
        made = compile_module(source, name, shown, published_source, self.hollow.get(name, ()))
        self.compiled.append(name)
        _write_whole(kept, sha256(made).digest() + made)
        return made

    def _key(self, source: bytes, name: str, shown: str) -> str:
        parts = [*self._always, name.encode(), shown.encode(), source]
        if name in LAZY_PACKAGES:
            parts.append(self._published)  # its re-exports are read from other modules
        parts += [each.encode() for each in self.hollow.get(name, ())]
        return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()[:32]


def _write_whole(file: str, content: bytes) -> None:
    """Let no other process see half a file."""
    partial = f"{file}.{os.urandom(4).hex()}"
    with open(partial, "wb") as stream:
        stream.write(content)
    try:
        os.replace(partial, file)
    except FileExistsError:  # the other walk has just kept the same: Pyodide's file system replaces no file that it has not seen
        os.remove(partial)
