"""Run the lab inside a browser worker: the only module that knows Pyodide.

`prepare` runs once, at build time, and what it leaves behind is the memory image. `connect` and `attach` run in
every learner's worker, restored or not. Everything crosses the border as JSON text, so no object outlives a call.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from threading import get_ident
from typing import TYPE_CHECKING

import bokeh.util.serialization
import param.parameterized
from bokeh.core.serialization import Buffer, BytesRep, Serializer
from bokeh.document import Document
from bokeh.document.events import DocumentPatchedEvent
from bokeh.document.json import PatchJson
from bokeh.io.doc import set_curdoc
from bokeh.model import Model
from panel.io.state import state
from panel.viewable import Viewable

from rooflab.app import App
from rooflab.lab.ledger.entries import Entry, TrackEntry
from rooflab.tracks import TRACKS

if TYPE_CHECKING:
    from pyodide.ffi import JsBuffer

    from rooflab.app.desk import Desk

__all__ = ["attach", "connect", "document", "forget", "lab", "models", "page_words", "prepare", "receive"]

Post = Callable[[str], None]


class PageStore:
    """The ledger's store as Python sees it: the page keeps the text, and tells the learner where it cannot."""

    def save(self, text: str, aside: str | None = None, entries: Sequence[Entry] = ()) -> None:
        """Ask the page to keep `text`; `aside` says why the text it replaces must be kept too, `entries` what is new."""
        kinds = [(entry.track, entry.part, entry.kind) for entry in entries if isinstance(entry, TrackEntry)]
        _post("save", text=text, aside=aside, entries=kinds, place=_session.app.place())

    def keep_bench(self, track: str, part: int, **left: str | int) -> None:
        """Ask the page to keep what is on the bench of a part."""
        _post("bench", track=track, part=part, left=left)


class PatchSerializer(Serializer):
    """Numbers the arrays of a patch: Bokeh looks an id for each up in its settings, half a millisecond a piece."""

    def _encode_bytes(self, obj: bytes | memoryview) -> BytesRep:
        buffer = Buffer(str(len(self._buffers)), obj)
        self._buffers.append(buffer)
        return BytesRep(type="bytes", data=buffer)


class Session:
    """One running lab: its document, its app and the changes not yet sent to the page."""

    def __init__(self) -> None:
        self.document = Document()
        self.events: list[DocumentPatchedEvent] = []
        self.post: Post | None = None
        self.flush_due = False
        set_curdoc(self.document)
        state.curdoc = self.document
        self.app = App(PageStore(), _now, _announce, _hand_out)
        self.desk: Desk | None = None
        for name, view in self.app.roots.items():
            root = view.get_root(self.document)
            root.name = name
            self.document.add_root(root)

    def changed(self, event: DocumentPatchedEvent) -> None:
        """Note a change made by Python; changes that came from the page are not sent back."""
        if getattr(event, "setter", None) == "page":
            return
        self.events.append(event)
        if not self.flush_due:
            self.flush_due = True
            asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Send all noted changes as one patch."""
        self.flush_due = False
        if not self.events:
            return
        events, self.events = self.events, []
        serializer = PatchSerializer(references=self.document.models.synced_references)
        patch = PatchJson(events=serializer.encode(events))
        self.document.models.flush_synced(lambda model: not serializer.has_ref(model))
        buffers = {buffer.id: base64.b64encode(buffer.data).decode() for buffer in serializer.buffers}
        _post("patch", patch=patch, buffers=buffers)


_session: Session  # one worker, one lab

FIRST_ID = 100_000
"""Model ids of the lab begin here, above any that importing or rehearsing can have used up."""


def prepare() -> None:
    """Build the fresh learner's lab, with the same model ids whatever was imported or made before."""
    global _session
    # Panel counts what it is busy with, for an indicator that this page has not: a fifth of every answer.
    state._add_busy_event = state._remove_busy_event = lambda event_id: None
    bokeh.util.serialization._simple_id = FIRST_ID - 1
    param.parameterized.object_count = 0
    _session = Session()


def forget() -> None:
    """Drop the document, as if none had been made."""
    global _session
    if state._connected.pop(_session.document, False):
        _session.document.remove_on_change(_session.changed)
    _session.document.clear()
    set_curdoc(Document())
    state.curdoc = None
    Viewable._instantiate_design.cache_clear()  # made anew with the next document, and counted again
    del _session


def lab() -> App:
    """Return the running app."""
    return _session.app


def models() -> list[Model]:
    """Return the models of the document as it is now."""
    return list(_session.document.models)


def page_words() -> str:
    """Return, as JSON text, what the static page says of the track: its paragraphs and facts."""
    track = TRACKS[0]
    part = track.part(1)
    facts = {"Role": track.persona, "Crisis": track.crisis, "Objective": part.objective}
    return json.dumps({"north_star": track.north_star, "facts": facts, "briefing": part.briefing})


def document() -> str:
    """Return the document as JSON text: `{"doc": ..., "roots": {name: model id}}`."""
    doc = _session.document
    return json.dumps({"doc": doc.to_json(deferred=False), "roots": {root.name: root.id for root in doc.roots}})


def connect(post: Post) -> None:
    """Let the page hear what is to be saved and announced."""
    _session.post = post


def attach() -> None:
    """Join the running document to the one that the page has painted: from here on every change is sent."""
    _session.document.models.flush_synced()  # the page has all of them: it painted this very document
    _session.document.on_change(_session.changed)
    # As a Panel server does when a page connects: otherwise changes that are held back for a moment are dropped.
    state._loaded[_session.document] = state._connected[_session.document] = True
    state._thread_id_[_session.document] = get_ident()


def receive(kind: str, text: str, data: JsBuffer | bytes | None = None) -> None:
    """Take one message from the page, with the bytes that come beside it; changes are sent before this returns."""
    message = json.loads(text)
    if data is not None:
        message["data"] = data if isinstance(data, bytes) else data.to_bytes()
    _HANDLERS[kind](message)
    _session.flush()


def _patch(message: dict) -> None:
    _session.document.apply_json_patch(message, setter="page")


def _resume(message: dict) -> None:
    if message["text"] is not None:
        _session.app.hold_bench()
    kept = (message[name] for name in ("text", "early", "fragment", "session", "benches"))
    _session.app.resume(*kept)
    _post("place", place=_session.app.place())


def _bench(_message: dict) -> None:
    _session.app.build_bench()


def _import(message: dict) -> None:
    _session.app.offer_import(message["name"], message["data"])


def _screen(message: dict) -> None:
    _desk().open(message["name"])


def _load(message: dict) -> None:
    _desk().open_bench.load(message["name"], message["data"])


def _classroom(message: dict) -> None:
    _desk().take_files(_cut(**message), refused=message["refused"], first=message["first"], last=message["last"])


def _cut(*, files: list[tuple[str, int]], data: bytes, **_rest: object) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each file; all bytes come as one piece."""
    at = 0
    for name, size in files:
        yield name, data[at : at + size]
        at += size


def _desk() -> Desk:
    """Return the desk of the screens, which is loaded when one of them is first opened."""
    if _session.desk is None:
        from rooflab.app.desk import Desk

        _session.desk = Desk(_session.app)
    return _session.desk


def _location(message: dict) -> None:
    _session.app.follow(message["fragment"])
    _post("place", place=_session.app.place())


def _sign(message: dict) -> None:
    _session.app.sign(message["name"])


_HANDLERS: dict[str, Callable[[dict], None]] = {
    "patch": _patch,
    "resume": _resume,
    "bench": _bench,
    "import": _import,
    "screen": _screen,
    "load": _load,
    "classroom": _classroom,
    "location": _location,
    "sign": _sign,
}


def _post(kind: str, /, **fields: object) -> None:
    if _session.post is not None:
        _session.post(json.dumps({"type": kind, **fields}, default=_by_reference))


def _announce(text: str, lasting: bool = False) -> None:
    _post("announce", text=text, lasting=lasting)


def _hand_out(kind: str, /, **fields: object) -> None:
    """Give the page a text to copy or to download, or word of how far a long task is."""
    _post(kind, **fields)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _by_reference(value: object) -> object:
    """Name a buffer where it stands; its bytes travel beside the message."""
    if isinstance(value, Buffer):
        return value.ref
    raise TypeError(f"{type(value).__name__} cannot be sent to the page")
