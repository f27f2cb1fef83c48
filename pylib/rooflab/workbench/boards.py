"""What a learner fills in on the bench of parts 2 and 3: attempts, a tiling, an answer to the stakeholder."""

from dataclasses import dataclass

import param

from rooflab.analyses.attempts import best_attempt
from rooflab.analyses.claim import attributable
from rooflab.analyses.demand import replies
from rooflab.analyses.tiles import Tiles, score_tiles
from rooflab.lab.steps.challenge import reply_id
from rooflab.specs import TileProblem

__all__ = ["AttemptsBoard", "DemandForm", "ProposedTiling", "TilingForm"]

UNCHOSEN = ""


class AttemptsBoard(param.Parameterized):
    """The budget of attempts: what was scored, how much is left, and the truth once the learner has ended.

    `revealed` is a Verdict of `lab.attempts`; it is None until the learner has ended and, where a stakeholder asks,
    has been answered.
    """

    controls = param.Parameter(constant=True, doc="The controls, in whose words designs are told")
    objective = param.Parameter(constant=True, doc="The Objective that ranks feasible designs")
    start = param.Parameter(constant=True, doc="The design that the first attempt is compared with")
    attempts = param.List(default=[], doc="Attempt records in order")
    left = param.Integer(default=0, bounds=(0, None), doc="Attempts left")
    opened = param.Boolean(default=False, doc="Whether attempts may be made yet")
    named = param.Boolean(doc="Whether the final design is named")
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
        return self.named or self.left == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedTiling:
    """A tiling with the product for which it was proposed."""

    problem: TileProblem
    tiles: Tiles


class TilingForm(param.Parameterized):
    """A tiling for a matrix product of the baseline: sizes of a tile, and into how many parts the depth goes."""

    problem = param.ClassSelector(class_=TileProblem, doc="The product to tile, of the baseline")
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
        words = {"tile_rows": "rows of a tile", "tile_columns": "columns of a tile", "split": "split-K"}
        return [each for name, each in words.items() if getattr(self, name) == UNCHOSEN]

    @property
    def chosen(self):
        """The tiling of the sizes chosen; before all are, the one proposed last, or None."""
        if self.missing():
            return self.proposed and self.proposed.tiles
        return score_tiles(self.problem, tile_rows=self.tile_rows, tile_columns=self.tile_columns, splits=self.split)

    def has_proposed(self, tiles):
        """Say whether a tiling is the one proposed last, so that its times are known."""
        known = self.proposed and self.proposed.tiles
        return known is not None and all(getattr(known, name) == getattr(tiles, name) for name in ("tile_rows", "tile_columns", "splits"))

    def propose(self, problem, *, tile_rows, tile_columns, split):
        """Show a proposal, new or from the ledger, with its score."""
        tiles = score_tiles(problem, tile_rows=tile_rows, tile_columns=tile_columns, splits=split)
        self.proposed = ProposedTiling(problem=problem, tiles=tiles)


class DemandForm(param.Parameterized):
    """The answer to the stakeholder: what brought the gain of the design on the bench, and what follows.

    `given` are the replies in the ledger with their designs; `answer` (a DemandAnswer) is None until it is `over`.
    """

    place = param.Parameter(constant=True, doc="The Setting, with the mission and the demand")
    attempts = param.List(default=[], constant=True, doc="The scored Attempt records, by which a design is named")
    final = param.Parameter(constant=True, doc="The final design; None if none was named")
    given = param.List(default=[], constant=True, doc="Pairs of a Reply and its Design, the first and its revision")
    over = param.Boolean(default=False, constant=True, doc="Whether nothing more can be answered")
    answer = param.Parameter(constant=True, doc="What the whole space of designs says")
    attributed = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Id of what brought most of the gain")
    choice = param.Selector(default=None, allow_None=True, check_on_set=True, doc="Id of the reply")
    message = param.String(doc="What is still missing, in words")
    put_back = param.Event(doc="The learner wants the final design on the bench again")
    submit = param.Event(doc="The learner answers")

    def __init__(self, **params):
        super().__init__(**params)
        part, mission = self.place.part, self.place.mission
        self.param.attributed.objects = {words: each for each, words in attributable(part.controls)}
        self.param.choice.objects = {words: reply for reply, words in replies(mission, part.demand)}
        if self.given and not self.over:
            first, _ = self.given[0]
            self.param.update(attributed=first.attributed_id, choice=reply_id(first))

    @property
    def demand(self):
        """What is demanded."""
        return self.place.part.demand

    def name_of(self, design):
        """Name a design by the attempt that scored it."""
        number = next((each.number for each in self.attempts if each.design == design), None)
        scored = "an unscored design" if number is None else f"attempt {number}"
        return f"{scored}, your final design" if design == self.final else scored

    def missing(self):
        """List, in words, what has not been answered."""
        gaps = {"what brought most of the gain": self.attributed, "what you answer": self.choice}
        return [words for words, value in gaps.items() if value is None]
