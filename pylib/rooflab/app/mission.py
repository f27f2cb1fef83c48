"""The work of parts 2 and 3 beside the bench: attempts, the tiling proposal, the stakeholder's demand."""

from rooflab.app.forms import complete
from rooflab.evaluate import design_from_json
from rooflab.lab.ledger.entries import thaw
from rooflab.lab.setting import demand_answer, design_of
from rooflab.lab.steps.attempts import attempt_log, verdict
from rooflab.lab.steps.challenge import may_tell_best
from rooflab.lab.steps.commits import committed, proposed, replied
from rooflab.units import format_reading
from rooflab.views.steps.attempts import AttemptsView
from rooflab.views.steps.stakeholder import StakeholderView
from rooflab.views.steps.tiling import TilingView
from rooflab.workbench.boards import AttemptsBoard, DemandForm, TilingForm

__all__ = ["MissionDesk"]


class MissionDesk:
    """What a mission asks of the learner besides predictions; `lesson` has the bench and the learner's progress."""

    def __init__(self, lesson):
        self.lesson = lesson
        self.tiling = self.demand = self._shown = None
        mission = self.place.mission
        self.board = AttemptsBoard(
            controls=self.place.part.controls,
            objective=mission.objective,
            start=self.place.start,
            left=mission.attempts_count,
        )
        self.board.param.watch(lambda _event: self._attempt(), "submit")
        self.board.param.watch(lambda _event: self._finish(), "finish")

    @property
    def place(self):
        """The track, the part and the variant."""
        return self.lesson.place

    def region(self, opened):
        """Open the board or keep it closed; say what the region of the attempts depends on, and how to build it."""
        self.board.opened = "attempt" in opened
        return self.board.opened and self.place.key, lambda: [AttemptsView(board=self.board)]

    def settle(self):
        """Let the board show the attempts of the ledger, which are evaluated once."""
        own = self.lesson.progress
        shown = own.attempts, own.final, may_tell_best(own)
        if shown != self._shown:
            self._shown = shown
            log = attempt_log(self.place, own)
            self.board.param.update(
                attempts=[score.attempt for score in log.scores],
                left=log.left_count,
                named=log.final is not None,
                revealed=verdict(log) if may_tell_best(own) else None,
            )
        if self.lesson.bench is not None:
            self.lesson.bench.unseal(
                sealing="attempt" in own.steps and own.final is None, scored=[each.design for each in self.board.attempts]
            )

    # Attempts

    def _attempt(self):
        bench = self.lesson.bench
        again = self.board.scored(bench.design())
        if again is not None:
            self.board.message = (
                f"This design is attempt {again.number} already: "
                + (f"{self.board.objective.name} {format_reading(again.value, self.board.objective.unit)}" if again.runs else "it cannot run")
                + ". No attempt is used for it."
            )
            self._say()
            return
        entry = committed(self.place, bench.design(), at=self.lesson.desk.clock(), role="attempt")
        before = len(self.board.attempts)
        self.lesson.desk.commit(entry)
        if len(self.board.attempts) == before:
            return  # refused, and said so
        scored = self.board.attempts[-1]
        self.board.message = (
            f"Attempt {scored.number} is scored and feasible."
            if scored.feasible
            else f"Attempt {scored.number} is scored, and {'not feasible' if scored.runs else 'cannot run'}: {scored.reasons[0]}"
        )
        self._say()

    def _say(self):
        """Tell what came of scoring, where the button is."""
        self.lesson.desk.announce(self.board.message)
        self.lesson.desk.point_at("controls", mark="rp-said")

    def _finish(self):
        """Name the best feasible attempt as the final design; the last one where none is."""
        if not self.board.attempts:
            return
        chosen = self.board.best or self.board.attempts[-1]
        self.lesson.desk.commit(
            committed(self.place, chosen.design, at=self.lesson.desk.clock(), role="final")
        )
        named = f"You stand by attempt {chosen.number}." if chosen.feasible else (
            f"You end without a feasible design; attempt {chosen.number}, the last, is kept as your final one."
        )
        self.board.message = f"{named} The best of all designs is shown below." if may_tell_best(self.lesson.progress) else named
        self.lesson.desk.announce(self.board.message)
        self.lesson.desk.point_at("attempt")

    # What closes the part

    def closing_views(self, steps):
        """Return the proposal (part 2) or the stakeholder (part 3), if its step is open."""
        views = []
        if "propose" in steps and self.place.part.tiling:
            views.append(self._tiling_view(self.lesson.progress))
        if "challenge" in steps and self.place.part.demand:
            views.append(self._demand_view(self.lesson.progress))
        return views

    def _tiling_view(self, own):
        self.tiling = form = TilingForm(problem=self.place.part.tiling(self.place.scenario, self.place.start))
        if own.proposals:
            last = own.proposals[-1]
            problem = self.place.part.tiling(self.place.scenario, design_from_json(thaw(last.design)))
            form.propose(problem, tile_rows=last.tile_rows, tile_columns=last.tile_columns, split=last.split)
        form.param.watch(lambda _event: self._propose(form), "submit")
        self.lesson.bench.tiling = form
        return TilingView(bench=self.lesson.bench, form=form, tags=self.lesson.tags)

    def _propose(self, form):
        if not complete(form):
            return
        sizes = {"tile_rows": form.tile_rows, "tile_columns": form.tile_columns, "split": form.split}
        form.propose(form.problem, **sizes)
        self.lesson.desk.commit(proposed(self.place, self.place.start, at=self.lesson.desk.clock(), **sizes))
        self.lesson.desk.announce("Your tiling has its time.")
        self.lesson.desk.point_at("reflection", heading="Your tiling")

    def _demand_view(self, own):
        log = attempt_log(self.place, own)
        over = may_tell_best(own)
        self.demand = form = DemandForm(
            place=self.place,
            attempts=[score.attempt for score in log.scores],
            final=log.final and log.final.attempt.design,
            given=[(each, design_of(self.place, each.design)) for each in own.replies[:2]],
            over=over,
            answer=demand_answer(*self.place.key) if over else None,
        )
        form.param.watch(lambda _event: self.lesson.bench.take(form.final), "put_back")
        form.param.watch(lambda _event: self._reply(form), "submit")
        return StakeholderView(bench=self.lesson.bench, form=form, tags=self.lesson.tags)

    def _reply(self, form):
        """Record the answer, or its one revision; the model's reply tells the truth after that."""
        if form.over or not complete(form):
            return
        entry = replied(
            self.place,
            self.lesson.bench.design(),
            form.choice,
            attributed_id=form.attributed,
            at=self.lesson.desk.clock(),
            revision=bool(form.given),
        )
        self.lesson.desk.commit(entry)
        more = " You may revise it once." if not (entry.right or form.given) else ""
        self.lesson.desk.announce(f"Your answer is {'correct' if entry.right else 'incorrect'}; the reason stands beside it.{more}")
        self.lesson.desk.point_at("reflection", heading="Your")
