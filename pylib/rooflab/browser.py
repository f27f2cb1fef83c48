"""Run the lab inside a browser worker: the only module that knows Pyodide.

`prepare` runs once, at build time, and what it leaves behind is the memory image. `connect` and `attach` run in
every learner's worker, restored or not. Everything crosses the border as JSON text, the numbers of charts as bytes
beside it, so no object outlives a call.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections import ChainMap
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from threading import get_ident
from typing import TYPE_CHECKING, Any

import bokeh.util.serialization
import param.parameterized
from bokeh.core.serialization import Buffer, BytesRep, Deserializer, NDArrayRep, Ref, Serializer, UnknownReferenceError
from bokeh.document import Document
from bokeh.document.callbacks import DocumentCallbackManager
from bokeh.document.events import DocumentChangedEvent, DocumentPatchedEvent
from bokeh.document.json import PatchJson
from bokeh.document.models import DocumentModelManager
from bokeh.io.doc import set_curdoc
from bokeh.model import Model
from panel.io.state import state
from panel.viewable import Viewable
from param.parameterized import Comparator

from rooflab.app import App
from rooflab.evaluate import Design
from rooflab.lab.ledger.entries import Entry, TrackEntry
from rooflab.lab.ledger.machine_entries import MACHINE_KINDS, PLACE
from rooflab.lab.situation import facts_of
from rooflab.quick_models import quicken
from rooflab.tracks import TRACKS

if TYPE_CHECKING:
    from pyodide.ffi import JsBuffer

    from rooflab.app.desk import Desk

__all__ = ["attach", "connect", "document", "forget", "lab", "models", "page_words", "prepare", "receive"]

Post = Callable[..., None]
"""Takes a message as JSON text, and the bytes that go beside it if there are any."""

PLAIN = frozenset({str, bool, int, type(None)})
COMPARED = PLAIN | {float}
NUMBERS = frozenset({int, float})
MOST_INT = 2**53  # JavaScript's numbers are exact up to here


class PageStore:
    """The ledger's store as Python sees it: the page keeps the text, and tells the learner where it cannot."""

    def save(self, text: str, aside: str | None = None, entries: Sequence[Entry] = ()) -> None:
        """Ask the page to keep `text`; `aside` says why the text it replaces must be kept too, `entries` what is new."""
        kinds = [(entry.track, entry.part, entry.kind) for entry in entries if isinstance(entry, TrackEntry)]
        kinds += [(PLACE, 0, entry.kind.removeprefix("machine_")) for entry in entries if isinstance(entry, MACHINE_KINDS)]
        _post("save", text=text, aside=aside, entries=kinds, place=_session.app.place())

    def keep_bench(self, track: str, part: int, **left: str | int) -> None:
        """Ask the page to keep what is on the bench of a part."""
        _post("bench", track=track, part=part, left=left)


class PatchSerializer(Serializer):
    """Encodes a patch; quicker than Bokeh's own with arrays and with lists of words or numbers, and to the same effect.

    Bokeh looks up an id for each array in its settings, encodes each item of a list by itself, and lists all models of
    the document for each patch to know which ones the page has.
    """

    def __init__(self, models: DocumentModelManager) -> None:
        super().__init__()
        self._models = models

    def get_ref(self, obj: object) -> Ref | None:
        """Return the reference of a model that the page has, or gets earlier in this patch; None for anything else."""
        if isinstance(obj, Model) and obj.id in self._models and obj not in self._models._new_models:
            return obj.ref
        return super().get_ref(obj)

    def encode(self, obj: object) -> object:
        """Return plain values as they are; whole numbers beyond JavaScript's are not among them."""
        return obj if type(obj) in PLAIN and (type(obj) is not int or abs(obj) < MOST_INT) else super().encode(obj)

    def _encode_ndarray(self, obj: Any) -> NDArrayRep:
        if obj.dtype != float:
            return super()._encode_ndarray(obj)
        return NDArrayRep(type="ndarray", array=self._encode_bytes(obj.data), shape=list(obj.shape), dtype="float64", order="little")

    def _encode_bytes(self, obj: bytes | memoryview) -> BytesRep:
        buffer = Buffer(str(len(self._buffers)), obj)
        self._buffers.append(buffer)
        return BytesRep(type="bytes", data=buffer.ref)

    def _encode_list(self, obj: list) -> list:
        kinds = set(map(type, obj))
        if kinds <= {str} or (kinds <= NUMBERS and math.isfinite(total := sum(map(abs, obj))) and total < MOST_INT):
            return obj
        return super()._encode_list(obj)


class PatchDeserializer(Deserializer):
    """Decodes what the page changed; Bokeh's own lists all models of the document, once for each change."""

    def __init__(self, models: DocumentModelManager) -> None:
        super().__init__(setter="page")
        self._made: dict[str, Model] = {}
        self._references = ChainMap(self._made, models._models)

    def has_ref(self, obj: Model) -> bool:
        """Return whether the page made this model: any other that is new has still to be sent to it."""
        return obj.id in self._made


class Changes(DocumentCallbackManager):
    """Tells of changes; Bokeh's own makes the document the current one for each, which it always is here."""

    def trigger_on_change(self, event: DocumentChangedEvent) -> None:
        """Call back those who listen to the model, then those who listen to the document."""
        if self.hold_value is not None:
            super().trigger_on_change(event)
            return
        if event.callback_invoker is not None:
            event.callback_invoker()
        for told in self.change_callbacks():
            told(event)


class Session:
    """One running lab: its document, its app and the changes not yet sent to the page."""

    def __init__(self) -> None:
        self.document = Document()
        self.events: list[DocumentPatchedEvent] = []
        self.post: Post | None = None
        self.receiving = False
        self.flush_due = False
        self.document.callbacks = Changes(self.document)
        set_curdoc(self.document)
        state.curdoc = self.document
        self.app = App(PageStore(), _now, _announce, _hand_out)
        self.desk: Desk | None = None
        for name, view in self.app.roots.items():
            root = view.get_root(self.document)
            root.name = name
            self.document.add_root(root)

    def take(self, event: dict[str, Any]) -> None:
        """Make one change that came from the page; one of a model that is no longer shown changes nothing.

        Raises:
            UnknownReferenceError: no model ever had that id.
        """
        models = self.document.models
        deserializer = PatchDeserializer(models)
        try:
            decoded = deserializer.deserialize(event)
        except UnknownReferenceError as error:
            if models.seen(error.id):
                return
            raise
        DocumentPatchedEvent.handle_event(self.document, decoded, "page")
        models.flush_synced(lambda model: not deserializer.has_ref(model))

    def changed(self, event: DocumentPatchedEvent) -> None:
        """Note a change made by Python; changes that came from the page are not sent back."""
        if getattr(event, "setter", None) == "page":
            return
        self.events.append(event)
        if not self.receiving and not self.flush_due:
            self.flush_due = True
            asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Send all noted changes as one patch."""
        self.flush_due = False
        if not self.events:
            return
        events, self.events = self.events, []
        serializer = PatchSerializer(self.document.models)
        patch = PatchJson(events=serializer.encode(events))
        self.document.models.flush_synced(lambda model: not serializer.has_ref(model))
        arrays = [bytes(buffer.data) for buffer in serializer.buffers]
        _post("patch", b"".join(arrays), patch=patch, sizes=[len(each) for each in arrays])


_session: Session  # one worker, one lab

_USUAL_IS_EQUAL = Comparator.is_equal

FIRST_ID = 100_000
"""Model ids of the lab begin here, above any that importing or rehearsing can have used up."""


def prepare() -> None:
    """Build the fresh learner's lab, with the same model ids whatever was imported or made before."""
    global _session
    # Panel counts what it is busy with, for an indicator that this page has not: a fifth of every answer.
    state._add_busy_event = state._remove_busy_event = lambda event_id: None
    Comparator.is_equal = _is_equal
    quicken()
    bokeh.util.serialization._simple_id = FIRST_ID - 1
    param.parameterized.object_count = 0
    _session = Session()


def _is_equal(before: object, value: object) -> bool:
    """Compare two values of a parameter as param does, which makes its table of types anew each time: for every watcher of a design."""
    if type(before) is type(value):
        if type(value) in COMPARED:
            return before == value
        if isinstance(value, Design):
            return False
    return _USUAL_IS_EQUAL(before, value)


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
    return json.dumps({"north_star": track.north_star, "facts": facts_of(track, part), "briefing": part.briefing})


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
    _session.receiving = True
    try:
        _HANDLERS[kind](message)
    finally:
        _session.receiving = False
        _session.flush()


def _patch(message: dict) -> None:
    """Make the page's changes one by one, each answered before the next; one that names a model which is gone is left out."""
    for event in message["events"]:
        _session.take(event)
        _session.flush()


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


def _tab(message: dict) -> None:
    _session.app.look_at(message["name"])


def _screen(message: dict) -> None:
    _desk().open(message["name"])


def _load(message: dict) -> None:
    _desk().open_bench.load(message["name"], message["data"])


def _machine(message: dict) -> None:
    _desk().machine.take(message)


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


def _picture(message: dict) -> None:
    _session.app.look_at_picture(message.get("name"), message.get("frame"))


def _sign(message: dict) -> None:
    _session.app.sign(message["name"])


_HANDLERS: dict[str, Callable[[dict], None]] = {
    "patch": _patch,
    "resume": _resume,
    "bench": _bench,
    "import": _import,
    "tab": _tab,
    "screen": _screen,
    "load": _load,
    "classroom": _classroom,
    "machine": _machine,
    "location": _location,
    "sign": _sign,
    "picture": _picture,
}


def _post(kind: str, beside: bytes = b"", /, **fields: object) -> None:
    """Say something to the page at once, in the middle of `receive` too."""
    if _session.post is not None:
        _session.post(json.dumps({"type": kind, **fields}), *([beside] if beside else []))


def _announce(text: str, lasting: bool = False) -> None:
    _post("announce", text=text, lasting=lasting)


def _hand_out(kind: str, /, **fields: object) -> None:
    """Give the page a text to copy or to download, or word of how far a long task is."""
    _post(kind, **fields)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

