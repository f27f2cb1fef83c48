"""A static host that serves the lab under a sub-path, notes what was asked of it, and can be stopped for good."""

import socket
from contextlib import suppress

import serve

FOLDER = "/rooflab/"


class LabHost:
    """One running host at a port of its own, so that each is an origin of its own."""

    def __init__(self, site):
        host = self

        class UnderSubPath(serve.Handler):
            def setup(self):
                super().setup()
                host.connections.add(self.connection)

            def finish(self):
                host.connections.discard(self.connection)
                super().finish()

            def translate_path(self, path):
                return super().translate_path(path.removeprefix(FOLDER.rstrip("/"))) if path.startswith(FOLDER) else "/nowhere"

            def log_request(self, code="-", size="-"):
                host.asked.append((self.path, int(code)))

        self.asked: list[tuple[str, int]] = []
        self.connections: set[socket.socket] = set()
        self.server = serve.start(site, handler=UnderSubPath)
        self.server.handle_error = lambda *_: None  # a page that is closed leaves connections half way
        self.address = self.server.server_address
        self.url = f"http://127.0.0.1:{self.server.server_port}{FOLDER}"

    def stop(self):
        """Answer nothing any more, not even on connections that the browser keeps open."""
        self.server.shutdown()
        self.server.server_close()
        for connection in tuple(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
