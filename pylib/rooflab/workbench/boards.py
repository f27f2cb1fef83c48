"""What a learner fills in on the bench of parts 2 and 3: attempts, a tiling, an answer to the stakeholder."""

from dataclasses import dataclass

import param

from rooflab.analyses.attempts import best_attempt
from rooflab.analyses.demand import replies
from rooflab.analyses.tiles import Tiles, score_tiles
from rooflab.specs import TileProblem

__all__ = ["AttemptsBoard", "DemandForm", "ProposedTiling", "TilingForm"]

UNCHOSEN = ""


class AttemptsBoard(param.Parameterized):
    """The budget of attempts: what was scored, how much is left, and the truth once the learner has ended.

    `revealed` is None until then; it is a Verdict of `lab.attempts`.
    """

    controls = param.Parameter(constant=True, doc="The controls, in whose words designs are told")
    objective = param.Parameter(constant=True, doc="The Objective that ranks feasible designs")
    start = param.Parameter(constant=True, doc="The design that the first attempt is compared with")
    attempts = param.List(default=[], doc="Attempt records in order")
    left = param.Integer(default=0, bounds=(0, None), doc="Attempts left")
    opened = param.Boolean(default=False, doc="Whether attempts may be made yet")
    revealed = param.Parameter(doc="How the mission ended, beside the best design there is")
    message = param.String(doc="What happened to the last submission, in words")
    submit = param.Event(doc="The learner has the present design scored")
    finish = param.Event(doc="The learner stands by the best attempt")

    @property
    def best(self):
        """The best feasible attempt; None without any."""
        return best_attempt(self.attempts, self.objective)

    def scored(self, design):
        """Return the attempt that had this very design; None if none had."""
        return next((each for each in self.attempts if each.design == design), None)

    @property
    def ended(self):
        """Whether nothing more can be scored."""
        return self.revealed is not None or self.left == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTiling:
    """A tiling with the product for which it was proposed."""

    problem: TileProblem
    tiles: Tiles


class TilingForm(param.Parameterized):
    """A tiling for the matrix product of the design: sizes of a tile, and into how many parts the depth goes."""

    problem = param.ClassSelector(class_=TileProblem, doc="The product to cut, as the design stands")
    tile_rows = param.Selector(check_on_set=True, doc="Rows of a tile")
    tile_columns = param.Selector(check_on_set=True, doc="Columns of a tile")
    split = param.Selector(check_on_set=True, doc="Parts of the depth")
    proposed = param.ClassSelector(class_=ProposedTiling, doc="The last proposal; None before the first")
    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner proposes the tiling")

    def __init__(self, **params):
        super().__init__(**params)
        for name, sizes in (
            ("tile_rows", self.problem.tile_rows),
            ("tile_columns", self.problem.tile_columns),
            ("split", self.problem.splits),
        ):
            self.param[name].objects = {"Choose": UNCHOSEN, **{str(size): size for size in sizes}}
            setattr(self, name, UNCHOSEN)

    def missing(self):
        """List, in words, what has not been chosen."""
        words = {"tile_rows": "rows of a tile", "tile_columns": "columns of a tile", "split": "parts of the depth"}
        return [each for name, each in words.items() if getattr(self, name) == UNCHOSEN]

    def propose(self, problem, *, tile_rows, tile_columns, split):
        """Show a proposal, new or from the ledger, with its score."""
        tiles = score_tiles(problem, tile_rows=tile_rows, tile_columns=tile_columns, splits=split)
        self.proposed = ProposedTiling(problem=problem, tiles=tiles)


class DemandForm(param.Parameterized):
    """The answer to the stakeholder: accept with the present design, or name what stands in the way.

    `answer` (a DemandAnswer) and `judged` (a DemandReply) are None until the learner has answered.
    """

    mission = param.Parameter(constant=True, doc="The Mission, with its targets and its baseline")
    demand = param.Parameter(constant=True, doc="The Demand")
    choice = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Id of the reply")
    message = param.String(doc="What is still missing, in words")
    submit = param.Event(doc="The learner answers")
    answer = param.Parameter(doc="What the whole space of designs says")
    judged = param.Parameter(doc="The learner's reply, weighed")

    def __init__(self, **params):
        super().__init__(**params)
        self.param.choice.objects = {words: reply for reply, words in replies(self.mission, self.demand)}

    def missing(self):
        """List, in words, what has not been answered."""
        return ["an answer"] if self.choice is None else []
