"""The built site on a host that changes what it sends."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

import serve


@dataclass
class Reply:
    """What the host would send for a path, for a fault to change."""

    path: str
    body: bytes
    headers: dict[str, str]
    status: int = 200
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name without its hash."""
        return self.path.rsplit("/", 1)[-1].split("-")[0]


@contextmanager
def faulty_host(site, fault: Callable[[Reply], None] = lambda reply: None):
    """Serve the site with a fault at an origin of its own, and give its address."""

    class Host(serve.Handler):
        def do_GET(self):
            path = self.translate_path(self.path)
            name = self.path.split("?")[0].removesuffix("/") or "/index.html"
            try:
                with open(path if name == self.path.split("?")[0] else f"{path}/index.html", "rb") as file:
                    reply = Reply(name, file.read(), {"Content-Type": self.guess_type(name), "Cache-Control": "no-cache"}, asked=dict(self.headers))
            except OSError:
                reply = Reply(name, b"not found", {"Content-Type": "text/plain"}, 404, dict(self.headers))
            fault(reply)
            self.send_response_only(reply.status)
            self.send_header("Date", formatdate(usegmt=True))
            for word, value in (reply.headers | {"Content-Length": str(len(reply.body))}).items():
                self.send_header(word, value)
            serve.SimpleHTTPRequestHandler.end_headers(self)
            self.wfile.write(reply.body)

    made = serve.start(site, handler=Host)
    made.handle_error = lambda *_: None  # a page that is closed leaves connections half way
    yield f"http://127.0.0.1:{made.server_port}/"
    made.shutdown()
