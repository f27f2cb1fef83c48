"""Watch the sources: make the site again when one changed, and say when the change is on the page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import traceback
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import watched_site
from console import BuildError, say
from paths import PYLIB, ROOT, SITE
from serve import Handler, start

__all__ = ["POLL_S", "State", "Watch", "handler_of", "serve_published", "serve_watched", "syntax_error"]

POLL_S = 0.25
NEWS_BYTES = 40_000
HASHED = re.compile(r"-[0-9a-f]{10}\.")
LACKING = re.compile(r"No module named|This could be due to a widget or a custom model not being registered")

Times = dict[Path, int]


@dataclass(frozen=True, slots=True)
class State:
    """What the page is told: the version of the site, what is going on, and why the sources as they are give none."""

    version: int
    working: str = ""
    error: str = ""


class Watch:
    """The sources and the site made of them; one thread makes it, those of the server read and tell."""

    def __init__(self, folders: Sequence[Path] = (PYLIB, SITE), make: Callable[[int, bool], str] | None = None) -> None:
        """Watch `folders`; `make(version, rehearse)` makes the site and returns what went wrong."""
        self.state = State(int(time.time()))  # a page that an earlier run made has another version
        self._folders = folders
        self._make_site = make or _make_site
        self._times = times(folders)
        self._pending: set[Path] = set()  # changed since the site was last made
        self._is_due = False
        self._saved_s = 0.0
        self._made_in_s = 0.0
        self._told: set[object] = set()
        self._lacking = False
        self._rehearsed = False

    def begin(self) -> None:
        """Make the site for the first time."""
        self._make("making the watched site", rehearse=False)
        if self.state.error:
            raise BuildError("The site could not be made to be watched.")

    def turn(self) -> None:
        """Look once, and make the site again where something changed and nothing changes any more."""
        now = times(self._folders)
        changed = {path for path in now.keys() | self._times.keys() if now.get(path) != self._times.get(path)}
        if changed:
            self._times = now
            self._pending |= changed
            self._is_due = True
            self._saved_s = max((now[path] / 1e9 for path in changed if path in now), default=time.time())
            return
        if self._is_due:
            self._make(f"{_named(self._pending)} changed", rehearse=False)
        elif self._lacking:
            self._make("The page asks for what the library lacks: rehearsing the lab", rehearse=True)

    def tell(self, news: dict[str, object]) -> None:
        """Hear from a page that it is live, or what failed there; once for each version."""
        if (version := self.state.version) not in (news.get("shown"), news.get("failed")):
            return
        what = "" if "shown" in news else _printable(str(news.get("what", "")))
        if (version, what) in self._told:
            return
        self._told.add((version, what))
        if what:
            say(f"  on the page: {what}")
            self._lacking |= bool(LACKING.search(what)) and not self._rehearsed
        elif self._saved_s:
            say(f"  on the page {time.time() - self._saved_s:.1f} s after it was saved, of which the build took {self._made_in_s:.1f} s")

    def _make(self, why: str, *, rehearse: bool) -> None:
        say(f"  {why} ...")
        self.state = State(self.state.version, f"{why} ...")
        self._is_due = self._lacking = False
        started = time.monotonic()
        wrong = filter(None, map(syntax_error, sorted(self._pending)))
        error = next(wrong, "") or self._make_site(self.state.version + 1, rehearse)
        self._made_in_s = time.monotonic() - started
        self._rehearsed = rehearse
        if error:
            say(error)
            self.state = State(self.state.version, "", error)
        else:
            self._pending = set()
            self.state = State(self.state.version + 1)


def serve_watched(*, port: int, open_browser: bool) -> int:
    """Serve the site of the sources as they are, until interrupted."""
    watch = Watch()
    server = start(watched_site.SITE, port=port, handler=handler_of(watch))
    try:
        watched_site.begin()
        watch.begin()
        _tell_address(server.server_port, " and follows the sources in pylib/ and site/", open_browser=open_browser)
        while True:
            time.sleep(POLL_S)
            watch.turn()
    except KeyboardInterrupt:
        return 0
    finally:
        server.shutdown()
        server.server_close()


def serve_published(site: Path, *, port: int, open_browser: bool) -> int:
    """Serve the built site as any host would, until interrupted: with its service worker, its image and no watcher."""
    server = start(site, port=port)
    try:
        _tell_address(server.server_port, ", as it is published", open_browser=open_browser)
        while True:
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        return 0
    finally:
        server.shutdown()
        server.server_close()


def _tell_address(port: int, how: str, *, open_browser: bool) -> None:
    address = f"http://127.0.0.1:{port}/"
    say(f"\nRooflab is at {address}{how}  (Ctrl+C ends it)")
    if open_browser:
        webbrowser.open(address)


def times(folders: Sequence[Path]) -> Times:
    """Return when each source of the page and of the library was last written, in nanoseconds."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*.*"):
            if path.suffix != ".pyc" and not path.name.startswith(".") and path.is_file():
                with suppress(FileNotFoundError):  # an editor may replace it just now
                    found[path] = path.stat().st_mtime_ns
    return found


def syntax_error(path: Path) -> str:
    """Say what is wrong with the syntax of a Python file; empty where nothing is."""
    if path.suffix != ".py" or not path.exists():
        return ""
    try:
        compile(path.read_bytes(), _name(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        return "".join(traceback.format_exception_only(error)).strip()
    return ""


def _make_site(version: int, rehearse: bool) -> str:
    """Make the site in a process of its own, which sees modules as they are now, and return what went wrong."""
    words = [sys.executable, str(ROOT / "build_scripts" / "watched_site.py"), str(version), *(["rehearse"] if rehearse else [])]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return (run.stdout + run.stderr).strip() if run.returncode else ""


def _named(paths: set[Path]) -> str:
    first, *others = sorted(map(_name, paths))
    return first + (f" and {len(others)} other file{'s' * (len(others) > 1)}" if others else "")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _printable(text: str) -> str:
    """Leave out what could command a terminal."""
    return "".join(each for each in text if each.isprintable() or each in "\n\t")


def handler_of(watch: Watch) -> type[Handler]:
    """Return a handler of the site that also serves the script that watches, and hears what it tells."""

    class WatchedHandler(Handler):
        def translate_path(self, path: str) -> str:
            name = urlsplit(path).path.removeprefix("/watch/")
            return str(watched_site.OWN / name) if name in ("watch.js", "watch.css") else super().translate_path(path)

        def end_headers(self) -> None:
            if not HASHED.search(self.path):
                self.send_header("Cache-Control", "no-store")  # the time of a file has whole seconds, and one may be saved twice
            super().end_headers()

        def do_GET(self) -> None:
            if urlsplit(self.path).path == "/watch/state":
                self._answer(200, json.dumps(asdict(watch.state)).encode())
            else:
                super().do_GET()

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            # Only our own page may speak, or any site that is open in the browser could write to the terminal.
            if self.path != "/watch/news" or size > NEWS_BYTES or self.headers.get("Origin") != f"http://{self.headers.get('Host')}":
                self.close_connection = True
                return self._answer(403, b"{}")
            watch.tell(json.loads(self.rfile.read(size)))
            return self._answer(200, b"{}")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return WatchedHandler
