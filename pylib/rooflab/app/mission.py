"""The work of parts 2 and 3 beside the bench: attempts, the tiling proposal, the stakeholder's demand."""

from rooflab.analyses.demand import ACCEPT, judge_reply
from rooflab.app.forms import complete
from rooflab.evaluate import design_from_json
from rooflab.lab.ledger.entries import thaw
from rooflab.lab.setting import demand_answer
from rooflab.lab.steps.attempts import attempt_log, verdict
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
        self.tiling = self.demand = None
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
        """Let the board show the attempts of the ledger."""
        log = attempt_log(self.place, self.lesson.progress)
        self.board.param.update(
            attempts=[score.attempt for score in log.scores], left=log.left_count, revealed=verdict(log)
        )

    # Attempts

    def _attempt(self):
        bench = self.lesson.bench
        again = self.board.scored(bench.design())
        if again is not None:
            self.board.message = (
                f"This design is attempt {again.number} already: {self.board.objective.name} "
                f"{format_reading(again.value, self.board.objective.unit)}. No attempt is used for it."
            )
            return
        entry = committed(
            self.place, bench.design(), at=self.lesson.desk.clock(), role="attempt", outcome=bench.outcome()
        )
        before = len(self.board.attempts)
        self.lesson.desk.commit(entry)
        if len(self.board.attempts) == before:
            return  # refused, and said so
        scored = self.board.attempts[-1]
        self.board.message = (
            f"Attempt {scored.number} is scored and feasible."
            if scored.feasible
            else f"Attempt {scored.number} is scored, and not feasible: {scored.reasons[0]}"
        )

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
        self.board.message = f"{named} The best of all designs is shown below."

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
        bench = self.lesson.bench
        design = design_from_json(thaw(own.final.design)) if own.final else bench.design()
        self.tiling = form = TilingForm(problem=self.place.part.tiling(self.place.scenario, design))
        if own.proposals:
            last = own.proposals[-1]
            problem = self.place.part.tiling(self.place.scenario, design_from_json(thaw(last.design)))
            form.propose(problem, tile_rows=last.tile_rows, tile_columns=last.tile_columns, split=last.split)
        form.param.watch(lambda _event: self._propose(form), "submit")
        return TilingView(bench=bench, form=form, tags=self.lesson.tags)

    def _propose(self, form):
        if not complete(form):
            return
        sizes = {"tile_rows": form.tile_rows, "tile_columns": form.tile_columns, "split": form.split}
        design = self.lesson.bench.design()
        form.propose(form.problem, **sizes)
        self.lesson.desk.commit(proposed(self.place, design, at=self.lesson.desk.clock(), **sizes))
        self.lesson.desk.announce("Your tiling has its number.")

    def _demand_view(self, own):
        self.demand = form = DemandForm(mission=self.place.mission, demand=self.place.part.demand)
        if own.replies:
            last = own.replies[-1]
            self._weigh(form, last.named_id or ACCEPT, design_from_json(thaw(last.design)))
        form.param.watch(lambda _event: self._reply(form), "submit")
        return StakeholderView(bench=self.lesson.bench, form=form, tags=self.lesson.tags)

    def _reply(self, form):
        """Record the first answer; the model's reply tells the truth, so there is no second."""
        if form.judged is not None or not complete(form):
            return
        design = self.lesson.bench.design()
        entry = replied(self.place, design, form.choice, at=self.lesson.desk.clock())
        self._weigh(form, form.choice, design)
        self.lesson.desk.commit(entry)
        self.lesson.desk.announce("Your answer holds." if entry.right else "Your answer does not hold; the reason stands beside it.")

    def _weigh(self, form, reply, design):
        answer = demand_answer(*self.place.key)
        judged = judge_reply(self.place.mission, form.demand, answer, reply=reply, present=design)
        form.param.update(answer=answer, judged=judged)
