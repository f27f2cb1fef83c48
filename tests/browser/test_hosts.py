"""Hosts that send the lab's files in ways of their own: it starts, or says in words why not."""

import gzip

import pytest
import serve
from tests.browser.conftest import Watched
from tests.patience import limit_ms

FILES = {
    "encoded, octet-stream": ("application/octet-stream", "gzip", lambda body: body),
    "encoded, x-gzip": ("application/x-gzip", "gzip", lambda body: body),
    "packed twice": ("application/gzip", "gzip", gzip.compress),
    "unpacked": ("application/octet-stream", None, gzip.decompress),
}


@pytest.fixture
def host(site, request):
    """The site on a host that sends `.gz` files in the way that the parameter names."""
    kind, encoding, sent = FILES[request.param]

    class Host(serve.Handler):
        def do_GET(self):
            path = self.translate_path(self.path)
            if not path.endswith(".gz"):
                return super().do_GET()
            with open(path, "rb") as file:
                body = sent(file.read())
            self.send_response(200)
            self.send_header("Content-Type", kind)
            if encoding:
                self.send_header("Content-Encoding", encoding)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    made = serve.start(site, handler=Host)
    yield f"http://127.0.0.1:{made.server_port}/"
    made.shutdown()


@pytest.mark.parametrize("host", FILES, indirect=True)
def test_the_lab_starts_and_is_kept_whatever_a_host_does_to_packed_files(browser, host):
    watched = Watched(browser, host)
    page = watched.context(service_workers="allow").new_page()

    page.goto(host)
    page.wait_for_selector("html[data-stage=live][data-start=resumed]", timeout=limit_ms())
    kept = page.get_by_text("Kept on this device: it works without a network from now on.")
    kept.wait_for(timeout=limit_ms())
    watched.close()

    assert watched.remaining() == []
