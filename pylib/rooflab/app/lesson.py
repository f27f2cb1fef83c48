"""One part of one track under a learner's hands: its forms, its bench, and what each region shows."""

from functools import cached_property
from math import isfinite

from rooflab.app.forms import complete
from rooflab.app.mission import MissionDesk
from rooflab.errors import BadLink, LabError
from rooflab.evaluate import design_from_json
from rooflab.lab.arguments import asked_again
from rooflab.lab.evidence import claim_of, diagnosis_weighed, weighed
from rooflab.lab.instruments import instruments_of
from rooflab.lab.ledger.entries import Prediction, Reflection, thaw
from rooflab.lab.scoring import calibration, score_predictions
from rooflab.lab.setting import setting
from rooflab.lab.situation import differences, reference_rows
from rooflab.lab.steps.commits import committed, diagnosed, experimented, observed, pinned, revealed
from rooflab.lab.steps.experiments import finding, newly_done, trial
from rooflab.lab.steps.hints import hint_state, next_hint
from rooflab.lab.steps.own_roof import own_roof
from rooflab.lab.steps.progress import progress
from rooflab.lab.steps.share import decode, encode
from rooflab.specs import Bearing
from rooflab.tracks import TRACKS
from rooflab.tracks.parts import STANCES
from rooflab.views.bench import ALWAYS_IN_SIGHT, Bench
from rooflab.views.steps.comparison import changed_card, reference_card
from rooflab.views.steps.diagnosis import DiagnosedView, DiagnosisView
from rooflab.views.steps.hints import HintForm, HintsView
from rooflab.views.steps.lock import LockView, PredictedView
from rooflab.views.steps.observation import ObservationView, ObservedView
from rooflab.views.steps.pins import PinsView, pin_words
from rooflab.views.steps.reflection import FIELDS, STANCE_LABELS, ReflectedView, ReflectionView
from rooflab.views.steps.reveal import RevealView, Revealed, RevealedView
from rooflab.views.steps.tasks import TasksView
from rooflab.views.tags import PartTags
from rooflab.workbench import (
    ChoiceForm,
    DiagnosisForm,
    Pinboard,
    PredictionForm,
    ReflectionForm,
    RevealForm,
    TaskBoard,
    make_workbench,
)
from rooflab.workbench.pictures import PictureBoard

__all__ = ["Lesson", "right_choices"]

TASKS = {1: "binding-constraint", 2: "kernel-tiling", 3: "strategy"}
UNKNOWN_PIN = "a reading that this version cannot compute"


class Lesson:
    """A part in one variant.

    `desk` is the app, which has the ledger: `desk.ledger`, `desk.clock()`, `desk.announce(words)`,
    `desk.hand_out(kind, **fields)` and `desk.commit(*entries)`, which appends, saves and builds anew.
    `desk.benches` is what the store kept of each bench, by track and part, and `desk.store` keeps it.
    """

    def __init__(self, desk, place):
        self.desk, self.place = desk, place
        self.tags = PartTags(*place.key[:2])
        self.bench = self.pieces = self.pictures = self.lying = self._marked = None
        self.bench_moved = False
        self.board = Pinboard()
        self.tasks = TaskBoard(experiments=list(self.progress.offered))
        self.form = self.observation = self.diagnosis = self.reflection = None
        self.revising = False
        self.mission = MissionDesk(self) if place.mission else None

    @property
    def progress(self):
        """How far the learner is in this part."""
        return progress(self.place.track.id, self.desk.ledger).part(self.place.part.number)

    def regions(self):
        """Say for each region what its content depends on, false for empty, and how to build it."""
        own, key = self.progress, self.place.key
        opened, predictions, was_revealed = own.unlocked, own.predictions, bool(own.reveals)
        hints = hint_state(self.place.track.id, self.place.part.number, self.desk.ledger)
        self._show_pins(list(own.pins))
        if self.bench is not None:
            self._show_findings(own.experiments)
            self.bench.own_roof = own_roof(self.desk.ledger)
        regions = {
            # The variant is left out while nothing is answered: the questions do not depend on it.
            "lock": (
                "predict" in opened and (*key[:2], predictions, self.revising, was_revealed),
                lambda: self._lock_views(own),
            ),
            **self._bench_regions("explore" in opened and key, own.offered),
            "hints": ("explore" in opened and hints and (key, hints), lambda: self._hint_views(hints)),
            "observation": (
                self._asks_what_it_showed(own) and (key, own.observation),
                lambda: self._observation_views(own.observation),
            ),
            "reveal": (
                "reveal" in opened and (*key, was_revealed, was_revealed and predictions),
                lambda: self._reveal_views(was_revealed),
            ),
            "attempt": (False, list),
        }
        if self.mission:
            regions["attempt"] = self.mission.region(opened)
        regions["reflection"] = self._reflection_region(own)
        return regions

    def _bench_regions(self, state, offered):
        """Return the regions of the bench, the controls first: with them it is made."""
        return {
            "controls": (state, self._bench_views),
            "roofline": (state, lambda: [self.pieces.charted]),
            "verdict": (state, lambda: [self.pieces.stopped, self.pieces.verdict]),
            "tasks": (state and (state, offered), self._task_views),
            "panel": (state, lambda: [self.pieces.panel]),
            "pins": (state, lambda: [PinsView(board=self.board, controls=self.place.part.controls, start=self.place.start)]),
            "baseline": (state, lambda: _cards(self._compared)),
        }

    def tabs(self):
        """List the tabs of the bench, id and name each; none while it is locked."""
        opened = self.progress.unlocked
        if "explore" not in opened:
            return []
        attempts = [("attempts", "Attempts")] if "attempt" in opened and self.mission else []
        baseline = [("baseline", "Baseline")] if self._compared else []
        instruments = [(each.id, each.title) for each in instruments_of(self.place.part) if each.id not in ALWAYS_IN_SIGHT]
        return [{"id": each, "name": name} for each, name in (*attempts, ("task", "Task"), *instruments, ("pins", "Pinned"), *baseline)]

    def settle(self):
        """Do what follows from the ledger but is no region's content."""
        if self.reflection is not None:
            self.reflection.offer(
                [(f"{number}. {pin_words(pin)}", pin.seq) for number, pin in enumerate(self.board.pins, 1)]
            )
        if self.mission:
            self.mission.settle()
        if self.bench is not None:
            self._mark_bench()
            self.bench.kept = {pin.instrument: pin.design for pin in self.progress.pins}
        if self.bench_moved:
            self._keep_bench()

    # The lock

    def submit_predictions(self, form):
        """Record the answers, or the revisions, if all are given."""
        if not complete(form):
            return
        if self.revising:
            self._submit_revision(form)
            return
        self.desk.commit(*self.predictions(form, self.desk.clock(), revision=False))
        self.desk.announce("Your predictions are locked. The workbench is open.")
        self.desk.point_at("bench")

    def predictions(self, form, at, *, revision):
        """Return the form's answers as entries."""
        return [
            Prediction(
                at=at,
                track=self.place.track.id,
                part=self.place.part.number,
                question_id=answer.question.id,
                choice_id=answer.choice,
                confidence=answer.confidence,
                revision=revision,
            )
            for answer in form.answers
        ]

    def _submit_revision(self, form):
        """Record the answers that changed; those that did not are no revision."""
        last = {entry.question_id: entry for entry in self.progress.predictions}
        changed = [
            entry
            for entry in self.predictions(form, self.desk.clock(), revision=True)
            if (entry.choice_id, entry.confidence)
            != (last[entry.question_id].choice_id, last[entry.question_id].confidence)
        ]
        self.revising = False
        self.desk.commit(*changed)
        self.desk.announce("Your revision is on record." if changed else "Nothing was changed.")

    def _revise(self):
        self.revising = True
        self.desk.build()

    def _lock_views(self, own):
        questions = self.place.part.questions
        form = PredictionForm(questions, revision=self.revising)
        if self.revising or not all(own.predicted(question.id) for question in questions):
            self.form = form
            for answer in form.answers:
                if given := own.predicted(answer.question.id):
                    answer.param.update(choice=given[-1].choice_id, confidence=given[-1].confidence)
            form.param.watch(lambda _event: self.submit_predictions(form), "submit")
            return [LockView(form=form, tags=self.tags)]
        form.param.watch(lambda _event: self._revise(), "revise")
        predicted = [_predicted(question, own.predicted(question.id)) for question in questions]
        return [PredictedView(form=form, predicted=predicted, revisable=not own.reveals)]

    # The bench

    def _bench_views(self):
        left = self.bench and self.bench.design()
        self.bench = make_workbench(
            scenario=self.place.scenario, part=self.place.part, start=self.place.start, mission=self.place.mission
        )
        self.bench.own_roof = own_roof(self.desk.ledger)
        self._put_back(left)
        self.pictures = PictureBoard(bench=self.bench, tell=self.desk.hand_out, name_of_picture=self.desk.picture_name)
        self._show_findings(self.progress.experiments)
        self.lying = self._on_bench()
        self.bench.param.watch(lambda _event: self._moved(), ["current", "layer", "recording", "frame"])
        self.bench.param.watch(lambda event: self._pin(event.new), "pinned", onlychanged=False)
        self.bench.param.watch(lambda _event: self._share(), "share")
        self.bench.param.watch(lambda _event: self._say_supposed(), "scenario")
        self.pieces = Bench(self.bench, attempts=self.mission and self.mission.board, tags=self.tags)
        return [self.pieces.controls]

    def _task_views(self):
        self.tasks.experiments = list(self.progress.offered)
        return [TasksView(board=self.tasks)] if self.tasks.experiments else []

    @cached_property
    def _compared(self):
        """The part's beginning beside that of the part before it, and the crisis beside what it is measured against."""
        changed = differences(self.place)
        cards = [(changed_card, self.place.part.number, changed)] if changed else []
        return cards if self.place.scenario.reference_answers else cards + self._referred

    @cached_property
    def _referred(self):
        """What the crisis is measured against: the function that makes its card, and what it tells."""
        rows = reference_rows(self.place)
        return [(reference_card, self.place.scenario.reference_name, rows)] if rows else []

    def _moved(self):
        """Keep what a learner did to the bench, and the experiments in it; what lay there as it was opened is nobody's doing."""
        before, self.lying = self.lying, self._on_bench()
        if self.lying != before:
            self._keep_bench()
            self._experiment()

    def _on_bench(self):
        return self.bench.design(), self.bench.look, self.bench.what_if

    def _keep_bench(self):
        """Have what is on the bench kept; it counts until the ledger has a newer design."""
        self.bench_moved = True
        try:
            link = encode(*self.place.key, self.bench.design())
        except BadLink:
            return  # of an older lab, from the ledger, which has it still
        track_id, number, _ = self.place.key
        self.desk.store.keep_bench(track_id, number, after=len(self.progress.designs), link=link, **self.bench.look)

    def _mark_bench(self):
        """Keep in sight what was last pinned or scored; a design that this lab cannot compute is no ghost."""
        designs = self.progress.designs
        if not designs or self._marked == (self.bench, designs[-1]):
            return
        self._marked = self.bench, designs[-1]
        try:
            self.bench.marked = design_from_json(thaw(designs[-1].design))
        except (LabError, ValueError):
            self.bench.marked = None

    def _put_back(self, left):
        """Give the bench the design that it was left with, or else the one last pinned or committed."""
        if left is not None:
            self.bench.take(left)
            return
        designs = self.progress.designs
        if self._take_kept(len(designs)) or not designs:
            return
        try:
            self.bench.take(design_from_json(thaw(designs[-1].design)))
        except (LabError, ValueError):
            self.bench.take(self.place.start)  # of an older lab; the pin itself stays as it is

    def _take_kept(self, count):
        """Say whether the bench is as it was kept; anything else than what this lab wrote is left."""
        try:
            kept = self.desk.benches[f"{self.place.track.id}:{self.place.part.number}"]
            shared = decode(kept["link"])
            if kept["after"] != count or (shared.track_id, shared.part, shared.variant) != self.place.key:
                return False
            self.bench.take(shared.design)
            self.bench.look_at(kept)
        except (LabError, KeyError, TypeError, ValueError):
            return False
        return True

    def _pin(self, read):
        if self.bench.what_if.words:
            self.desk.announce(f"What if ({self.bench.what_if.words}): a reading of what is not so cannot be pinned. Suppose nothing first.")
            return
        if self.bench.seals(read.instrument):
            self.desk.announce(f"{read.name} is hidden until the design is scored.")
            return
        if not isfinite(read.value):
            self.desk.announce(f"{read.name} has no number here, so there is nothing to pin.")
            return
        self.desk.commit(pinned(self.place, self.bench.design(), read, at=self.desk.clock()))
        self.desk.announce(f"Pinned: {pin_words(self.board.pins[-1])}.")

    def _share(self):
        try:
            self.desk.hand_out("copy", text=encode(*self.place.key, self.bench.design()))
        except BadLink as error:
            self.desk.announce(str(error))

    # The experiments, and what they showed

    def _experiment(self):
        """Record the experiments that the bench now does."""
        tried = trial(self.place, self.bench.design(), layer=self.bench.layer, what_if=self.bench.what_if)
        done = tuple(newly_done(self.progress, tried))
        if not done:
            return
        self.desk.commit(*(experimented(self.place, each.id, tried, at=self.desk.clock()) for each in done))
        for each in done:
            self.desk.announce(f"Experiment done. {self.tasks.findings.get(each.id, '')}")

    def _show_findings(self, entries):
        """Let the tasks show what each recorded experiment found; computed once."""
        found = self.tasks.findings
        for entry in entries:
            if entry.experiment_id not in found:
                found = {**found, entry.experiment_id: finding(self.place, entry)}
        if found is not self.tasks.findings:
            self.tasks.findings = found

    def _say_supposed(self):
        words = self.bench.what_if.words
        self.desk.announce(f"What if: {words}." if words else "Nothing is supposed any more.")

    def _asks_what_it_showed(self, own):
        """Say whether the question stands, or its answer; a reveal without one was made before the lab asked."""
        if self.place.part.observation is None or "explore" not in own.unlocked or not own.explored:
            return False
        return own.observation is not None or not own.reveals

    def _observation_views(self, given):
        question = self.place.part.observation
        if given is None:
            self.observation = form = ChoiceForm(question=question)
            form.param.watch(lambda _event: self._observe(form), "submit")
            return [ObservationView(form=form, tags=self.tags)]
        return [ObservedView(**self._answered(question, given))]

    def _answered(self, question, given):
        """Return what the view of an answer lays out: what was asked and said, the right answer, and the mechanism."""
        return {
            "question": question.text,
            "given": question.choice(given.choice_id).text,
            "answer": question.choice(self.place.answer(question)).text,
            "right": given.right,
            "feedback": question.explain(self.place.scenario, given.choice_id),
        }

    def _observe(self, form):
        if not complete(form):
            return
        entry = observed(self.place, form.choice, at=self.desk.clock())
        self.desk.commit(entry)
        self.desk.announce("That is what it showed." if entry.right else "It showed something else; the reason stands beside your answer.")
        self.desk.point_at("observation")

    def _show_pins(self, pins):
        if pins != self.board.pins:
            self.board.pins = pins

    def _hint_views(self, hints):
        views = []
        for state in hints:
            form = HintForm(step=state.step, taken=list(state.taken), next_level=state.next_level)
            form.param.watch(lambda event: self._take_hint(event.obj.step), "take")
            views.append(HintsView(form=form))
        return views

    def _take_hint(self, step):
        track_id, number = self.place.track.id, self.place.part.number
        self.desk.commit(next_hint(track_id, number, self.desk.ledger, step, at=self.desk.clock()))
        self.desk.announce("The hint is on the screen, and in your ledger.")
        self.desk.point_at("hints")

    # The reveal

    def _reveal(self):
        self.desk.commit(*revealed(self.place, at=self.desk.clock()))
        self.desk.announce("The model's answers stand beside your predictions.")
        self.desk.point_at("reveal")

    def _reveal_views(self, was_revealed):
        if not was_revealed:
            form = RevealForm()
            form.param.watch(lambda _event: self._reveal(), "reveal")
            return [RevealView(form=form)]
        ledger = self.desk.ledger
        scored = score_predictions(ledger, right_choices(ledger))
        own = [
            each for each in scored if (each.track, each.part) == (self.place.track.id, self.place.part.number)
        ]
        return [RevealedView(revealed=[self._revealed(each) for each in own], calibration=calibration(scored))]

    def _revealed(self, scored):
        question = next(each for each in self.place.part.questions if each.id == scored.question_id)
        return Revealed(
            question=question.text,
            predicted=question.choice(scored.choice_id).text,
            confidence_fraction=scored.confidence_fraction,
            revised=question.choice(scored.revised_to).text
            if scored.revised_to not in (None, scored.choice_id)
            else None,
            answer=question.choice(scored.right_choice_id).text,
            right=scored.right,
            feedback=question.explain(self.place.scenario, scored.choice_id),
            repeat=scored.repeat,
        )

    # Diagnosis and reflection

    def _reflection_region(self, own):
        steps = own.unlocked & {"diagnose", "propose", "challenge", "verify", "reflect"}
        said = (own.proposals, own.replies) if self.mission else own.diagnosis
        state = steps and (self.place.key, tuple(sorted(steps)), said, own.reflection)
        return state, lambda: self._reflection_views(steps, own)

    def _reflection_views(self, steps, own):
        views = self.mission.closing_views(steps) if self.mission else self._diagnosis_views(own)
        self.reflection = None
        if own.reflection is not None:
            rows = self._reflected(own.reflection)
            return [*views, ReflectedView(track_id=self.place.track.id, part_number=self.place.part.number, rows=rows)]
        if "reflect" not in steps:
            return views
        self.reflection = form = ReflectionForm(part_number=self.place.part.number, written_fields=list(own.fields))
        form.param.watch(lambda _event: self._submit_reflection(form), "submit")
        form.param.watch(lambda *_events: self._weigh(form), ["stance", "evidence"])
        return [*views, ReflectionView(form=form, task=self.place.part.reflection, tags=self.tags)]

    def _diagnosis_views(self, own):
        question, diagnosis = self.place.part.diagnosis, own.diagnosis
        if diagnosis is None:
            self.diagnosis = form = DiagnosisForm(question=question)
            form.param.watch(lambda _event: self._submit_diagnosis(form), "submit")
            return [DiagnosisView(form=form, tags=self.tags)]
        return [
            DiagnosedView(**self._answered(question, diagnosis), weighed=self._bearing_on(diagnosis, own.pins)),
            *(_cards(self._referred) if self.place.scenario.reference_answers else ()),
        ]

    def _bearing_on(self, diagnosis, pins):
        """Return what the readings pinned before the diagnosis say of it, where they bear on it."""
        found = diagnosis_weighed(self.place, diagnosis.choice_id, [pin for pin in pins if pin.seq < diagnosis.seq])
        return [each for each in found if each.bearing is not Bearing.SILENT]

    def _submit_diagnosis(self, form):
        if not complete(form):
            return
        entry = diagnosed(self.place, form.choice, at=self.desk.clock())
        design = committed(self.place, self.bench.design(), at=self.desk.clock(), role="explored")
        self.desk.commit(design, entry)
        self.desk.announce(
            "Your diagnosis is supported." if entry.right else "Your diagnosis is not supported; see why beside it."
        )
        self.desk.point_at("reflection", heading="Your diagnosis")

    def _weigh(self, form):
        """Say of every chosen reading what it shows, and whether it bears on the claim."""
        claim = claim_of(self.place, form.stance or "")
        chosen = [pin for pin in self.board.pins if pin.seq in form.evidence] if claim else []
        form.weighed = list(weighed(self.place, claim, chosen))

    def _doubts(self, form):
        """Return what says nothing, by field: texts, and readings that do not bear on the claim."""
        self._weigh(form)
        texts = {name: form.written(name) for name in form.written_fields}
        doubts = asked_again(self.place.part, texts, [pin.name for pin in self.board.pins])
        idle = [each for each in form.weighed if each.bearing is not Bearing.SUPPORTS]
        if idle:
            doubts["evidence"] = " ".join(each.words for each in idle)
        return doubts

    def _submit_reflection(self, form):
        if not complete(form):
            return
        doubts = self._doubts(form)
        if form.doubted(doubts):
            self.desk.announce("Something is asked for again before your reflection is kept.")
            return
        number = self.place.part.number
        self.desk.commit(
            Reflection(
                at=self.desk.clock(),
                track=self.place.track.id,
                part=number,
                task=TASKS[number],
                choice_id=form.stance or "",
                evidence=tuple(form.evidence),
                asked_again=" ".join(doubts),
                **{name: form.written(name) for name in form.written_fields},
            )
        )
        self.desk.announce(f"Your reflection is in the ledger. Part {number} is done.")
        self.desk.point_at("reflection", heading=f"Part {number} is done")

    def _reflected(self, reflection):
        pins = {pin.seq: pin_words(pin) for pin in self.board.pins}
        number = self.place.part.number
        rows = []
        if reflection.choice_id:
            rows.append((STANCE_LABELS.get(number, "Position"), STANCES[number].get(reflection.choice_id, reflection.choice_id)))
        rows.append(("Claim", reflection.claim))
        rows.append(("Evidence", "; ".join(pins.get(seq, UNKNOWN_PIN) for seq in reflection.evidence)))
        rows += [
            (FIELDS[name][0], words) for name in FIELDS if name != "claim" and (words := getattr(reflection, name))
        ]
        if kept := reflection.asked_again.split():
            rows.append(("Asked again, kept", ", ".join(FIELDS[each][0] if each in FIELDS else "Evidence" for each in kept)))
        return rows


def right_choices(ledger):
    """Return the right choice of every question whose answer was revealed, by track, part and question."""
    found = {}
    for track in TRACKS:
        for part in track.parts:
            if not progress(track.id, ledger).part(part.number).reveals:
                continue
            place = setting(track.id, part.number, ledger.variant)
            found |= {(track.id, part.number, each.id): place.answer(each) for each in part.questions}
    return found


def _predicted(question, predictions):
    given = [(question.choice(entry.choice_id).text, entry.confidence) for entry in predictions]
    return question.text, given[0], given[-1] if len(given) > 1 else None


def _cards(compared):
    return [card(*told) for card, *told in compared]
