"""The whole lab over a ledger store; what is open is a function of the ledger."""

import logging
from dataclasses import replace

import panel as pn

from rooflab.app.incoming import Incoming
from rooflab.app.lesson import Lesson
from rooflab.app.where import FIRST, Where, asked, last_place
from rooflab.errors import LabError, LedgerError, LedgerTooNew
from rooflab.lab.ledger.computable import computable_part, set_apart_words
from rooflab.lab.ledger.early import parse_early
from rooflab.lab.ledger.entries import SIGNATURE_LIMIT, Imported, Signed, TrackOpened, clean_text
from rooflab.lab.ledger.files import only_ledger
from rooflab.lab.ledger.ledger import Ledger, append, dump, parse, summary, unknown_words, was_edited
from rooflab.lab.setting import setting
from rooflab.lab.situation import facts_of
from rooflab.lab.steps.progress import PART_LOCKED, progress
from rooflab.lab.steps.share import carries_design
from rooflab.views.panel_theme import LabDesign
from rooflab.views.screens.transfer import TransferView
from rooflab.workbench import TransferForm

__all__ = ["REGIONS", "App"]

BENCH = ("controls", "roofline", "verdict", "tasks", "panel", "pins", "baseline")
REGIONS = ("lock", *BENCH, "hints", "observation", "reveal", "attempt", "reflection", "report", "classroom", "open-bench", "machine", "transfer")
FILLED = {"roofline"}
"""Regions that the page gives a height, which their content fills."""
ABOVE_THE_BENCH = {"lock"}
BEFORE_ANY_SESSION = Ledger.new("1970-01-01T00:00:00Z", "none")
"""Stands until `resume` brings the learner's session; empty, so every learner's first screen is the same."""

OTHER_VARIANT = (
    "The link asks for variant {asked}; your ledger is of variant {own}, and keeps its numbers. "
    "To work in the link's variant, export your ledger and start over."
)
CANNOT_OPEN = (
    "This version cannot open your ledger. It is kept as it is in this browser: export it from the menu before you go on. "
    "You begin with an empty ledger; your first step sets the old one aside."
)
CANNOT_IMPORT = "This version cannot open that ledger, so nothing was changed."
CANNOT_FOLLOW = "This version cannot open that part with your ledger, so you stay where you are."


class App:
    """The lab: a ledger, and the lesson that the learner has open.

    `announce(words, lasting=False)` speaks to the learner; what is lasting stays until it is dismissed.
    `hand_out(kind, **fields)` gives the page a text to `copy` or to `download`; without a page nothing comes of it.
    `when_built` is called whenever the regions follow a change of the ledger.
    """

    def __init__(self, store, clock, announce, hand_out=lambda kind, /, **fields: None):
        pn.config.design = LabDesign
        self.store, self.clock, self.announce, self.hand_out = store, clock, announce, hand_out
        self.roots = {
            name: pn.Column(css_classes=["rp-root"], sizing_mode="stretch_both" if name in FILLED else "stretch_width")
            for name in REGIONS
        }
        self._lessons = {}
        self._built = {}
        self._aside = None
        self._before_import = None
        self._incoming = Incoming()
        self.benches = {}
        self.picture_name = "system"
        self._pictured = None
        self.when_built = lambda: None
        self.lesson = None
        self._bench_held = False
        self._tab = ""
        self._take(BEFORE_ANY_SESSION, FIRST)

    @property
    def bench(self):
        """The bench of the lesson that is open; None while it is locked."""
        return self.lesson.bench

    # What the page calls

    def resume(self, ledger_text, early, fragment, session, benches=None):
        """Take up where the ledger left off, or where the link leads; a fresh learner's document stays as it is.

        `benches` is what the store kept of the benches that were moved, by track and part.
        """
        self.benches = benches or {}
        wanted = self._asked(fragment)
        ledger = self._anew = Ledger.new(self.clock(), session, wanted.variant or 0)
        unreadable = None
        if ledger_text is not None:
            try:
                ledger = parse(ledger_text)
            except LedgerError as error:
                unreadable = error
        where = None
        if self._opened_or_anew(lambda: self._resume_at(ledger, wanted)):
            where = self._allowed(wanted.where, ledger)
        self._say_what_is_not_followed(wanted, where, fragment)
        self._say_what_waits()
        if unreadable is not None:
            self._set_aside(unreadable)
        if ledger.unknown:
            self.announce(unknown_words(len(ledger.unknown)), lasting=True)
        self._take_early(early)
        self._take_mode(wanted.mode)

    def hold_bench(self):
        """Leave the workbench and what comes below it to `build_bench`: without them the page answers sooner."""
        self._bench_held = True

    def build_bench(self):
        """Build what was held."""
        self._bench_held = False
        self._opened_or_anew(self.build)

    def follow(self, fragment):
        """Go where a link leads; its variant is taken while nothing is in the ledger yet."""
        wanted = self._asked(fragment)
        ledger = self.ledger
        if not ledger.entries and wanted.variant is not None:
            ledger = replace(ledger, variant=wanted.variant)
        where = self._allowed(wanted.where, ledger)
        if not self._opened(lambda: self._take(ledger, where or self.where)):
            self.announce(CANNOT_FOLLOW, lasting=True)
            return
        self._say_what_is_not_followed(wanted, where, fragment)
        if carries_design(fragment or ""):
            self._say_what_waits()
        self._take_mode(wanted.mode)

    def offer_import(self, name, data):
        """Preview the ledger in a file, to be confirmed or cancelled; nothing changes before."""
        try:
            text = only_ledger(name, data)
            offered, edited = parse(text), was_edited(text)
        except LedgerError as error:
            self._show_transfer(TransferForm(stage="refused", title="This file was not imported", lines=[str(error)]))
            return
        lines = [*summary(offered).lines(), f"Your present ledger: {' '.join(summary(self.ledger).lines())}"]
        if edited:
            lines.insert(0, "This file was changed after the lab wrote it. It can be imported; the ledger will say so.")
        form = TransferForm(stage="offered", title="Replace your ledger with this one?", lines=lines)
        form.param.watch(lambda _event: self._import(offered, edited), "confirm")
        form.param.watch(lambda _event: self._drop_import(), "cancel")
        self._show_transfer(form)

    def place(self):
        """Say where on the path the learner is, and what the page's own texts are there."""
        track, part = self.lesson.place.track, self.lesson.place.part
        return {
            **progress(self.where.track_id, self.ledger).path(self.where.part_number),
            "title": part.title,
            "northStar": track.north_star,
            "briefing": list(self.lesson.place.briefing),
            "facts": facts_of(track, part),
            "tabs": self.lesson.tabs(),
            "variant": self.ledger.variant,
        }

    def look_at(self, tab):
        """Open the instrument behind a tab of the bench; behind the other tabs the page has what it needs."""
        self._tab = tab
        if self.lesson.pieces is not None:
            self.lesson.pieces.panel.look_at(tab)

    def point_at(self, region, *, heading="", mark=""):
        """Have the page show what an action made in a region: its newest heading, the one that begins so, or what has that class."""
        self.hand_out("made", region=region, heading=heading, mark=mark)

    # What the learner commits

    def commit(self, *entries):
        """Append entries, save, and build what they unlock; all of them or none."""
        ledger = self.ledger
        try:
            for entry in entries:
                ledger = append(ledger, entry)
        except LabError as error:
            self.announce(str(error), lasting=True)
            return
        self.ledger = ledger
        self.save(entries=entries)
        self.build()

    def sign(self, name):
        """Enter the name by which the learner wants to be known, unless the ledger has it already."""
        name = " ".join(clean_text(name).split())[:SIGNATURE_LIMIT].strip()
        signed = [entry.name for entry in self.ledger.entries if isinstance(entry, Signed)]
        if name != (signed[-1] if signed else ""):
            self.commit(Signed(at=self.clock(), name=name))

    def _import(self, ledger, edited):
        before = self.ledger
        try:
            imported = append(ledger, Imported(at=self.clock(), entries=len(ledger.entries), edited=edited))
        except LedgerError as error:
            self.announce(str(error), lasting=True)
            return
        if not self._opened(lambda: self._take_other(imported)):
            self.roots["transfer"].clear()
            self.announce(CANNOT_IMPORT, lasting=True)
            return
        self._before_import = before
        self.save(aside="import")
        form = TransferForm(stage="taken", title="The file's ledger is yours now", lines=list(summary(imported).lines()))
        form.param.watch(lambda _event: self._undo_import(), "undo")
        self._show_transfer(form)
        self.announce("The ledger was imported. The one before it is kept, and the import can be undone.")

    def _undo_import(self):
        self._take_other(self._before_import)
        self.save(aside="import")
        self.roots["transfer"].clear()
        self.announce("The import is undone: your ledger is as it was before.")

    def _drop_import(self):
        self.roots["transfer"].clear()
        self.announce("Nothing was imported.")

    # From the ledger to the document

    def _asked(self, fragment):
        """Return what a fragment asks for; a design in it asks for its part and its variant."""
        if wrong := self._incoming.read(fragment):
            self.announce(wrong, lasting=True)
        wanted, shared = asked(fragment), self._incoming.waiting
        if shared is None or not carries_design(fragment or "") or wrong:
            return wanted
        variant = shared.variant if wanted.variant is None else wanted.variant
        return replace(wanted, where=wanted.where or self._incoming.where, variant=variant)

    def _say_what_is_not_followed(self, wanted, where, fragment):
        """Say that a part is locked, or that the ledger keeps its own variant; a design's link speaks for itself."""
        if carries_design(fragment or ""):
            return
        if wanted.where and not where:
            self.announce(PART_LOCKED)
        if wanted.variant not in (None, self.ledger.variant):
            words = OTHER_VARIANT.format(asked=wanted.variant, own=self.ledger.variant)
            self.announce(words, lasting=True)

    def _say_what_waits(self):
        if self._incoming.waiting is not None:
            opened = self._allowed(self._incoming.where, self.ledger) is not None
            self.announce(self._incoming.words(opened), lasting=True)

    def _allowed(self, where, ledger):
        """Return `where` if that part may be opened, else None."""
        if where is None or not progress(where.track_id, ledger).part(where.part_number).opened:
            return None
        return where

    def _resume_at(self, ledger, wanted):
        self._take(ledger, self._allowed(wanted.where, ledger) or last_place(ledger))

    def _opened_or_anew(self, take):
        """Say whether the stored ledger could be opened; if not, an empty one is, and the next save sets it aside."""
        if self._opened(take, otherwise=(self._anew, FIRST)):
            return True
        self._aside = "unreadable"
        self.announce(CANNOT_OPEN, lasting=True)
        return False

    def _opened(self, take, otherwise=None):
        """Say whether a ledger could be taken; if not, whatever the reason, take `otherwise`, or what was there before.

        The last resort: a stored text must never keep the lab from starting.
        """
        before = otherwise or (self.ledger, self.where)
        try:
            take()
        except Exception:
            logging.exception("a ledger cannot be opened")
            self._built.clear()
            self._lessons.clear()
            self._take(*before)
            return False
        return True

    def _take_other(self, ledger):
        """Make another ledger the learner's: nothing that is on the screen belongs to it."""
        self._lessons.clear()
        self._built.clear()
        self.benches = {}
        self._take(ledger, last_place(ledger))

    def _take(self, ledger, where):
        """Make `ledger` the learner's, open the lesson there, and build what is unlocked."""
        known = len(ledger.set_apart)
        ledger = computable_part(ledger, where.track_id, where.part_number)
        self.ledger, self.where = ledger, where
        key = (where.track_id, where.part_number, ledger.variant)
        if key not in self._lessons:
            self._lessons[key] = Lesson(self, setting(*key))
        before, self.lesson = self.lesson, self._lessons[key]
        if before is not None and before.place.key[:2] == key[:2] and self.lesson.form is None:
            self.lesson.form = before.form  # the lock is the same in every variant, and stays up
        self.lesson.revising = False
        self.build()
        if len(ledger.set_apart) > known:
            self.announce(set_apart_words(len(ledger.set_apart)), lasting=True)

    def _take_mode(self, mode):
        """Record the length of the lab that the learner chose for this track."""
        if mode is None or mode == progress(self.where.track_id, self.ledger).mode:
            return
        self.commit(
            TrackOpened(at=self.clock(), track=self.where.track_id, part=self.where.part_number, mode=mode)
        )

    def build(self):
        """Fill each region as the ledger has it; a region whose state did not change is left alone."""
        for region, (state, build) in self.lesson.regions().items():
            if self._bench_held and region not in ABOVE_THE_BENCH:
                break
            self._fill(region, state, build)
        self.look_at(self._tab)  # the page keeps its tab when a bench is made anew
        self.lesson.settle()
        self._show_picture()
        if self.roots["controls"].objects and (laid := self._incoming.lay(self.lesson)):
            self.announce(laid, lasting=True)
        self.when_built()

    def _show_picture(self):
        """Have the page show the picture of a bench that was opened, or take it away with the bench."""
        board = self.lesson.pictures if self.roots["controls"].objects else None
        if board is self._pictured:
            return
        if self._pictured is not None:
            self._pictured.shown = False
        self._pictured = board
        if board is None:
            self.hand_out("picture", picture=None)
        else:
            board.shown = True

    def look_at_picture(self, name=None, frame=None):
        """Look at another picture of the bench, or at a frame in it; the next bench begins with that picture."""
        if name is not None:
            self.picture_name = name
        if self._pictured is not None:
            self._pictured.look(name=name, frame=frame)

    def _fill(self, region, state, build):
        """Build a region anew if its state changed; a false state empties it."""
        if self._built.get(region) == state:
            return
        self._built[region] = state
        self.roots[region][:] = build() if state else []

    # Small things

    def save(self, aside=None, entries=()):
        """Have the ledger kept, with these new entries; `aside` says why the text it replaces is kept too."""
        aside, self._aside = aside or self._aside, None
        self.store.save(dump(self.ledger), aside, entries)

    def _set_aside(self, error):
        """Say that the stored text cannot be used; it is kept before anything replaces it."""
        self._aside = "newer" if isinstance(error, LedgerTooNew) else "unreadable"
        if self._aside == "unreadable":
            self.save()
        words = f"{error} It is set aside in this browser, not lost; you begin with an empty ledger."
        self.announce(words, lasting=True)

    def _take_early(self, early):
        """Enter what was submitted before Python was there, with the time at which it was."""
        try:
            submission = parse_early(early)
        except LedgerError as error:
            self.announce(str(error), lasting=True)
            return
        if submission is None:
            return
        submitted = Where(track_id=submission.track, part_number=submission.part)
        if self._allowed(submitted, self.ledger) is None:
            return
        if progress(submission.track, self.ledger).part(submission.part).entries:
            return
        if submitted != self.where:
            self._take(self.ledger, submitted)  # wherever the address leads: this is where the learner answered
        for answer in self.lesson.form.answers:
            choice, confidence = submission.answers.get(answer.question.id, (None, None))
            answer.param.update(
                choice=_chosen(answer.param.choice.objects, choice),
                confidence=_chosen(answer.param.confidence.objects, confidence),
            )
        if self.lesson.form.missing():
            self.lesson.submit_predictions(self.lesson.form)
            return
        self.commit(*self.lesson.predictions(self.lesson.form, submission.at, revision=False))
        self.announce("Your predictions are locked. The workbench is open.")
        self.point_at("bench")

    def _show_transfer(self, form):
        self.roots["transfer"][:] = [TransferView(form=form)]


def _chosen(offered, value):
    """Return the offered value that a widget's raw value means: an index, or the value itself; else None."""
    offered = list(offered)
    if isinstance(value, int):
        return offered[value] if 0 <= value < len(offered) else None
    return value if value in offered else None
