"""Build the lab's document: regions, each filled when the ledger unlocks it."""

import re
from dataclasses import replace

import panel as pn

from ridgepoint.errors import LabError, LedgerError, LedgerTooNew
from ridgepoint.lab.early import parse_early
from ridgepoint.lab.entries import DesignCommitted, Diagnosis, Imported, Pin, Prediction, Reflection, Reveal
from ridgepoint.lab.ledger import Ledger, append, digest, dump, parse, summary, was_edited
from ridgepoint.lab.locks import place, unlocked
from ridgepoint.lab.scoring import calibration, score_predictions
from ridgepoint.tracks import track
from ridgepoint.views.bench import WorkbenchView
from ridgepoint.views.design import LabDesign
from ridgepoint.views.diagnosis import DiagnosedView, DiagnosisView
from ridgepoint.views.lock import LockView, PredictedView
from ridgepoint.views.pins import pin_words
from ridgepoint.views.reflection import ReflectedView, ReflectionView
from ridgepoint.views.reveal import Revealed, RevealedView, RevealView
from ridgepoint.views.transfer import TransferView
from ridgepoint.workbench import (
    CONSTRAINTS,
    DiagnosisForm,
    Pinboard,
    PredictionForm,
    ReflectionForm,
    RevealForm,
    TransferForm,
    Workbench,
)

__all__ = ["REGIONS", "App"]

REGIONS = ("lock", "workbench", "reveal", "reflection", "transfer")
TRACK_ID = "cloud-titan"
PART_NUMBER = 1
BEFORE_ANY_SESSION = Ledger.new("1970-01-01T00:00:00Z", "none")
"""Stands until `resume` brings the learner's session; empty, so every learner's first screen is the same."""

_VARIANT = re.compile(r"(?:^|[#&])variant=(\d{1,6})(?:&|$)")

NOT_SAVED = {
    "full": "This browser's storage is full, so your last step is not saved. Export your ledger from the menu now.",
    "forbidden": "This browser does not let the page store anything. Export your ledger from the menu before you leave.",
    "absent": "This browser has no storage for the page. Export your ledger from the menu before you leave.",
    "conflict": "Another tab has changed the ledger, so your last step is not saved here. Close one of the two tabs.",
}
NOT_SAVED_AT_ALL = "Your last step could not be saved. Export your ledger from the menu now."


class App:
    """The whole lab over a ledger store; what is open is a function of the ledger.

    `announce(words, lasting=False)` speaks to the learner; what is lasting stays until it is dismissed.
    """

    def __init__(self, store, clock, announce):
        pn.config.design = LabDesign
        self.store, self.clock, self.announce = store, clock, announce
        self.roots = {
            name: pn.Column(css_classes=["rp-root"], sizing_mode="stretch_width") for name in REGIONS
        }
        self.bench = None
        self.board = Pinboard()
        self.form = self.diagnosis = self.reflection = None
        self.revising = False
        self._built = {}
        self._aside = None
        self._before_import = None
        self._take(BEFORE_ANY_SESSION)

    # What the page calls

    def resume(self, ledger_text, early, fragment, session):
        """Take up where the ledger left off; a fresh learner's document stays as it is."""
        ledger = Ledger.new(self.clock(), session, _variant(fragment))
        unreadable = None
        if ledger_text is not None:
            try:
                ledger = parse(ledger_text)
            except LedgerError as error:
                unreadable = error
        self._take(ledger)
        if unreadable is not None:
            self._set_aside(unreadable)
        self._take_early(early)

    def follow(self, fragment):
        """Take the variant that a link names, while nothing is in the ledger yet."""
        if not self.ledger.entries:
            self._take(replace(self.ledger, variant=_variant(fragment)))

    def offer_import(self, text):
        """Preview an imported ledger, to be confirmed or cancelled; nothing changes before."""
        try:
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

    def on_saved(self, ok, reason):
        """Hear whether the last save succeeded, and say so if not."""
        if not ok:
            self.announce(NOT_SAVED.get(reason, NOT_SAVED_AT_ALL))

    def place(self):
        """Say where on the path the learner is."""
        return place(TRACK_ID, self.ledger, PART_NUMBER)

    # What the learner commits

    def _commit(self, *entries):
        """Append entries, save, and build what they unlock; all of them or none."""
        ledger = self.ledger
        try:
            for entry in entries:
                ledger = append(ledger, entry)
        except LabError as error:
            self.announce(str(error), lasting=True)
            return
        self.ledger = ledger
        self._save()
        self._build()

    def _submit_predictions(self, form):
        if not _is_complete(form):
            return
        if self.revising:
            self._submit_revision(form)
            return
        self._commit(*self._predictions(form, self.clock(), revision=False))
        self.announce("Your predictions are locked. The workbench is open.")

    def _submit_revision(self, form):
        """Record the answers that changed; those that did not are no revision."""
        last = {entry.question_id: entry for entry in self.ledger.of(TRACK_ID, PART_NUMBER) if isinstance(entry, Prediction)}
        changed = [
            entry
            for entry in self._predictions(form, self.clock(), revision=True)
            if (entry.choice_id, entry.confidence) != (last[entry.question_id].choice_id, last[entry.question_id].confidence)
        ]
        self.revising = False
        if changed:
            self._commit(*changed)
        else:
            self._build()
        self.announce("Your revision is on record." if changed else "Nothing was changed.")

    def _revise(self):
        self.revising = True
        self._build()

    def _pin(self, reading):
        self._commit(
            Pin(
                **self._stamp(),
                instrument=reading.instrument,
                design=self.bench.design().to_json(),
                name=reading.name,
                value=reading.value,
                unit=reading.unit,
            )
        )
        self.announce(f"Pinned: {pin_words(self.board.pins[-1])}.")

    def _reveal(self):
        self._commit(*(Reveal(**self._stamp(), question_id=question.id) for question in self.part.questions))
        self.announce("The model's answers stand beside your predictions.")

    def _submit_diagnosis(self, form):
        if not _is_complete(form):
            return
        right = form.choice == self.part.diagnosis.answer(self.scenario)
        outcome = self.bench.outcome()
        design = self.bench.design().to_json()
        figures = {
            name.replace("_", "-"): float(getattr(outcome, name))
            for name in ("step_time_s", "tokens_per_s", "mfu_fraction", "mbu_fraction", "kv_time_fraction")
        }
        self._commit(
            DesignCommitted(
                **self._stamp(), design=design, digest=digest({"design": design, "figures": figures}), figures=figures
            ),
            Diagnosis(**self._stamp(), choice_id=form.choice, right=right),
        )
        self.announce("Your diagnosis holds." if right else "Your diagnosis does not hold; the reason stands beside it.")

    def _submit_reflection(self, form):
        if not _is_complete(form):
            return
        self._commit(
            Reflection(
                **self._stamp(),
                task="binding-constraint",
                choice_id=form.constraint,
                claim=form.written("claim"),
                evidence=tuple(form.evidence),
                tradeoff=form.written("tradeoff"),
                residual_risk=form.written("residual_risk"),
            )
        )
        self.announce("Your reflection is in the ledger. Part 1 is done.")

    def _import(self, ledger, edited):
        self._before_import = self.ledger
        imported = append(ledger, Imported(at=self.clock(), entries=len(ledger.entries), edited=edited))
        self._take(imported)
        self._save(aside="import")
        form = TransferForm(stage="taken", title="The file's ledger is yours now", lines=list(summary(imported).lines()))
        form.param.watch(lambda _event: self._undo_import(), "undo")
        self._show_transfer(form)
        self.announce("The ledger was imported. The one before it is kept, and the import can be undone.")

    def _undo_import(self):
        self._take(self._before_import)
        self._save(aside="import")
        self.roots["transfer"].clear()
        self.announce("The import is undone: your ledger is as it was before.")

    def _drop_import(self):
        self.roots["transfer"].clear()
        self.announce("Nothing was imported.")

    # From the ledger to the document

    def _take(self, ledger):
        """Make `ledger` the learner's, and build what it unlocks."""
        other_scenario = getattr(self, "ledger", None) is None or ledger.variant != self.ledger.variant
        self.ledger = ledger
        self.revising = False
        if other_scenario:
            self.part = track(TRACK_ID).part(PART_NUMBER)
            self.scenario = track(TRACK_ID).scenario(ledger.variant)
            self.bench = None
        self._build()

    def _build(self):
        """Fill each region as the ledger has it; a region whose state did not change is left alone."""
        entries = self.ledger.of(TRACK_ID, PART_NUMBER)
        open_steps = unlocked(TRACK_ID, self.ledger, PART_NUMBER)
        variant = self.ledger.variant
        predictions = tuple(entry for entry in entries if isinstance(entry, Prediction))
        revealed = bool([entry for entry in entries if isinstance(entry, Reveal)])
        diagnosis = next((entry for entry in entries if isinstance(entry, Diagnosis)), None)
        reflection = next((entry for entry in reversed(entries) if isinstance(entry, Reflection)), None)

        self._fill(
            "lock",
            # The variant is left out while nothing is answered: the questions do not depend on it.
            (predictions, self.revising, revealed),
            lambda: self._lock_views(predictions, revealed),
        )
        self._fill("workbench", "explore" in open_steps and (variant,), self._bench_views)
        self._show_pins([entry for entry in entries if isinstance(entry, Pin)])
        self._fill(
            "reveal",
            "reveal" in open_steps and (variant, revealed, revealed and predictions),
            lambda: self._reveal_views(revealed),
        )
        self._fill(
            "reflection",
            "diagnose" in open_steps and (variant, diagnosis, reflection),
            lambda: self._reflection_views(diagnosis, reflection, open_steps),
        )
        if self.reflection is not None:
            self.reflection.offer([(f"{number}. {pin_words(pin)}", pin.seq) for number, pin in enumerate(self.board.pins, 1)])

    def _fill(self, region, state, build):
        """Build a region anew if its state changed; a false state empties it."""
        if self._built.get(region, False) == state:
            return
        self._built[region] = state
        self.roots[region][:] = build() if state else []

    def _lock_views(self, predictions, revealed):
        answered = {entry.question_id for entry in predictions}
        asked = any(question.id not in answered for question in self.part.questions)
        form = PredictionForm(self.part.questions, revision=self.revising)
        if asked or self.revising:
            self.form = form
            for answer in form.answers:
                given = [entry for entry in predictions if entry.question_id == answer.question.id]
                if given:
                    answer.param.update(choice=given[-1].choice_id, confidence=given[-1].confidence)
            form.param.watch(lambda _event: self._submit_predictions(form), "submit")
            return [LockView(form=form)]
        form.param.watch(lambda _event: self._revise(), "revise")
        predicted = [self._predicted(question, predictions) for question in self.part.questions]
        return [PredictedView(form=form, predicted=predicted, revisable=not revealed)]

    def _predicted(self, question, predictions):
        given = [
            (question.choice(entry.choice_id).text, entry.confidence)
            for entry in predictions
            if entry.question_id == question.id
        ]
        return question.text, given[0], given[-1] if len(given) > 1 else None

    def _bench_views(self):
        self.bench = Workbench(scenario=self.scenario, part=self.part)
        self.bench.param.watch(lambda event: self._pin(event.new), "pinned", onlychanged=False)
        return [WorkbenchView(bench=self.bench, board=self.board)]

    def _show_pins(self, pins):
        if pins != self.board.pins:
            self.board.pins = pins

    def _reveal_views(self, revealed):
        if not revealed:
            form = RevealForm()
            form.param.watch(lambda _event: self._reveal(), "reveal")
            return [RevealView(form=form)]
        right_choices = {
            (TRACK_ID, PART_NUMBER, question.id): question.answer(self.scenario) for question in self.part.questions
        }
        scored = score_predictions(self.ledger, right_choices)
        return [RevealedView(revealed=[self._revealed(each) for each in scored], calibration=calibration(scored))]

    def _revealed(self, scored):
        question = next(each for each in self.part.questions if each.id == scored.question_id)
        return Revealed(
            question=question.text,
            predicted=question.choice(scored.choice_id).text,
            confidence_fraction=scored.confidence_fraction,
            revised=question.choice(scored.revised_to).text if scored.revised_to not in (None, scored.choice_id) else None,
            answer=question.choice(scored.right_choice_id).text,
            right=scored.right,
            feedback=question.explain(self.scenario, scored.choice_id),
        )

    def _reflection_views(self, diagnosis, reflection, open_steps):
        question = self.part.diagnosis
        if diagnosis is None:
            self.diagnosis = form = DiagnosisForm(question=question)
            form.param.watch(lambda _event: self._submit_diagnosis(form), "submit")
            return [DiagnosisView(form=form)]
        views = [
            DiagnosedView(
                question=question.text,
                given=question.choice(diagnosis.choice_id).text,
                answer=question.choice(question.answer(self.scenario)).text,
                right=diagnosis.right,
                feedback=question.explain(self.scenario, diagnosis.choice_id),
            )
        ]
        if reflection is not None:
            self.reflection = None
            return [*views, ReflectedView(rows=self._reflected(reflection))]
        self.reflection = form = ReflectionForm()
        form.param.watch(lambda _event: self._submit_reflection(form), "submit")
        return [*views, ReflectionView(form=form, task=self.part.reflection)]

    def _reflected(self, reflection):
        pins = {pin.seq: pin_words(pin) for pin in self.board.pins}
        return [
            ("Binding constraint", CONSTRAINTS.get(reflection.choice_id, reflection.choice_id)),
            ("Claim", reflection.claim),
            ("Evidence", "; ".join(pins[seq] for seq in reflection.evidence)),
            ("Trade-off", reflection.tradeoff),
            ("Residual risk", reflection.residual_risk),
        ]

    # Small things

    def _stamp(self):
        return {"at": self.clock(), "track": TRACK_ID, "part": PART_NUMBER}

    def _save(self, aside=None):
        aside, self._aside = aside or self._aside, None
        self.store.save(dump(self.ledger), aside)

    def _set_aside(self, error):
        """Say that the stored text cannot be used; it is kept before anything replaces it."""
        self._aside = "newer" if isinstance(error, LedgerTooNew) else "unreadable"
        if self._aside == "unreadable":
            self._save()
        words = f"{error} It is set aside in this browser, not lost; you begin with an empty ledger."
        self.announce(words, lasting=True)

    def _take_early(self, early):
        """Enter what was submitted before Python was there, with the time at which it was."""
        try:
            submission = parse_early(early)
        except LedgerError as error:
            self.announce(str(error), lasting=True)
            return
        locked = not isinstance(self._built["lock"], tuple) or self._built["lock"][0]
        if submission is None or locked or (submission.track, submission.part) != (TRACK_ID, PART_NUMBER):
            return
        for answer in self.form.answers:
            choice, confidence = submission.answers.get(answer.question.id, (None, None))
            answer.param.update(
                choice=_chosen(answer.param.choice.objects, choice),
                confidence=_chosen(answer.param.confidence.objects, confidence),
            )
        if self.form.missing():
            self._submit_predictions(self.form)
            return
        self._commit(*self._predictions(self.form, submission.at, revision=False))
        self.announce("Your predictions are locked. The workbench is open.")

    def _predictions(self, form, at, *, revision):
        return [
            Prediction(
                at=at,
                track=TRACK_ID,
                part=PART_NUMBER,
                question_id=answer.question.id,
                choice_id=answer.choice,
                confidence=answer.confidence,
                revision=revision,
            )
            for answer in form.answers
        ]

    def _show_transfer(self, form):
        self.roots["transfer"][:] = [TransferView(form=form)]


def _chosen(offered, value):
    """Return the offered value that a widget's raw value means: an index, or the value itself; else None."""
    offered = list(offered)
    if isinstance(value, int):
        return offered[value] if 0 <= value < len(offered) else None
    return value if value in offered else None


def _variant(fragment):
    """Return the variant that a fragment such as #variant=3 names; 0 where it names none."""
    found = _VARIANT.search(fragment or "")
    return int(found[1]) if found else 0


def _is_complete(form):
    """Say whether a form lacks nothing; what it lacks is written into it, where the view shows it as an alert."""
    gaps = form.missing()
    form.message = f"Still missing: {_listed(gaps)}." if gaps else ""
    return not gaps


def _listed(words):
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
