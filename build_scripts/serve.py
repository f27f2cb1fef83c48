"""Serve the site on the loopback address, as a static host would."""

from __future__ import annotations

import errno
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from console import BuildError

__all__ = ["Handler", "start"]


class Handler(SimpleHTTPRequestHandler):
    """Serve files quietly, with the types that browsers insist on."""

    protocol_version = "HTTP/1.1"
    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".bin": "application/octet-stream",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
        ".json": "application/json",
    }

    def log_message(self, *_: object) -> None:
        """Say nothing for each request."""

    def end_headers(self) -> None:
        """Let the browser keep a file but ask whether it changed."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


class Server(ThreadingHTTPServer):
    """A server that does not mind a browser that hangs up."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over broken connections; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def start(folder: Path, *, port: int = 0, handler: type[Handler] = Handler) -> ThreadingHTTPServer:
    """Serve `folder` in the background and return the server; port 0 takes any free one.

    Raises:
        BuildError: the port is taken.
    """
    try:
        server = Server(("127.0.0.1", port), partial(handler, directory=str(folder)))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BuildError(f"Port {port} is taken by another program. Choose another: python3 build_scripts serve --port {port + 1}") from None
        raise
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
