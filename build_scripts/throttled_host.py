"""A throttled host: a static server behind a link of known speed, over which the benchmark serves its sites."""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

import serve

__all__ = ["LINKS", "LOOPBACK", "Link", "ThrottledHost"]

TEXT = (".html", ".js", ".css", ".svg", ".json", ".webmanifest", ".mjs", ".txt")
CHUNK = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What lies between host and browser; zero rate means no limit."""

    name: str
    bytes_per_s: float = 0.0
    round_trip_s: float = 0.0


LOOPBACK = Link(name="loopback")
LINKS = (
    LOOPBACK,
    Link(name="50 Mbit/s, 40 ms", bytes_per_s=50e6 / 8, round_trip_s=0.040),
    Link(name="10 Mbit/s, 100 ms", bytes_per_s=10e6 / 8, round_trip_s=0.100),
)


@dataclass(slots=True)
class ThrottledHost:
    """A running server that counts the bytes of every body it sends, compressed as a static host would."""

    folder: Path
    link: Link
    broken: frozenset[str] = frozenset()
    sent: Counter[str] = field(default_factory=Counter)
    server: ThreadingHTTPServer | None = None
    _free_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> ThrottledHost:
        host = self

        class Handler(serve.Handler):
            def setup(self) -> None:
                super().setup()
                time.sleep(host.link.round_trip_s)  # the connection's own round trip

            def do_GET(self) -> None:
                host.answer(self)

        self.server = serve.start(self.folder, handler=Handler)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def address(self) -> str:
        """Return the address of the site."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/"

    def answer(self, handler: serve.Handler) -> None:
        """Send one file: after a round trip, at the speed of the link, shared by all connections."""
        name = handler.path.partition("?")[0].lstrip("/") or "index.html"
        path = self.folder / name
        time.sleep(self.link.round_trip_s)
        if not path.is_file() or any(word in name for word in self.broken):
            handler.send_error(404)
            return
        body = _body(path)
        handler.send_response(200)
        handler.send_header("Content-Type", handler.guess_type(name))
        if path.suffix in TEXT:
            handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        self.sent[name] += len(body)
        for at in range(0, len(body), CHUNK):
            self._wait(len(body[at : at + CHUNK]))
            handler.wfile.write(body[at : at + CHUNK])

    def _wait(self, count: int) -> None:
        if not self.link.bytes_per_s:
            return
        with self._lock:
            now = time.monotonic()
            self._free_at = max(self._free_at, now) + count / self.link.bytes_per_s
            pause = self._free_at - now
        time.sleep(pause)


_bodies: dict[tuple[Path, float], bytes] = {}


def _body(path: Path) -> bytes:
    key = (path, path.stat().st_mtime)
    if key not in _bodies:
        content = path.read_bytes()
        _bodies[key] = gzip.compress(content, 6) if path.suffix in TEXT else content
    return _bodies[key]
