"""The budget of attempts: every scored design, what it changed, and, at the end, how far the best was away."""

import panel as pn
import param

from rooflab.analyses.attempts import best_attempt
from rooflab.analyses.changes import changes
from rooflab.units import format_apart, format_count, format_fraction, format_reading
from rooflab.views.markup import element, folded, joined, table
from rooflab.views.widgets import text
from rooflab.workbench.boards import AttemptsBoard

__all__ = ["AttemptsView", "left_words"]

ENDED = "The mission has ended."


class AttemptsView(pn.viewable.Viewer):
    """A log with one row an attempt; the optimum and the regret are written only after the end."""

    board = param.ClassSelector(class_=AttemptsBoard, constant=True, doc="The attempts so far")

    def __init__(self, **params):
        self.head = text("", "rp-head")
        self.log = text("")
        self.end = text("", "rp-end")
        self._message = text("", "rp-said")
        super().__init__(**params)
        self._layout = pn.Column(
            self.head,
            self._message,
            self.log,
            self.end,
            css_classes=["rp-card", "rp-attempts"],
            sizing_mode="stretch_width",
        )
        self._draw()
        self._say()

    @param.depends("board.attempts", "board.left", "board.named", "board.revealed", watch=True)
    def _draw(self):
        board = self.board
        self.head.text = element("h3", ENDED) if board.revealed else joined(element("h3", _finding(board)), element("p", _budget(board)))
        self.log.update(text=_log(board) if board.attempts else "", visible=bool(board.attempts))
        self.end.update(text=_end(board) if board.revealed else "", visible=board.revealed is not None)

    @param.depends("board.message", watch=True)
    def _say(self):
        words = self.board.message
        self._message.update(text=element("p", words, role="status") if words else "", visible=bool(words))

    def __panel__(self):
        return self._layout


def _finding(board):
    best = board.best
    if not board.attempts:
        return f"Nothing is scored yet. {_asked(board.objective)}"
    if best is None:
        missed = "The one attempt misses" if len(board.attempts) == 1 else f"{'Both' if len(board.attempts) == 2 else f'All {len(board.attempts)}'} attempts miss"
        ran = sum(each.runs for each in board.attempts)
        return f"No attempt is feasible yet. {missed} a target." if ran == len(board.attempts) else f"No attempt is feasible yet: {len(board.attempts) - ran} cannot run."
    return f"The best so far is attempt {best.number}: {board.objective.name} {_value(board, best.value)}."


def _asked(objective):
    return f"{'More' if objective.maximise else 'Less'} is better: {objective.name}."


def _budget(board):
    if board.named:
        return f"{ENDED} Answer the product lead, then see the best design."
    if board.left == 0:
        return "No attempt is left. Stand by the best, and see how far it is from the best of all."
    return f"{left_words(board)} Moving controls is free."


def left_words(board):
    """Say how many attempts are left."""
    return "1 attempt is left." if board.left == 1 else f"{board.left} attempts are left."


def _log(board):
    rows, before = [], board.start
    for place, each in enumerate(board.attempts):
        best = best_attempt(board.attempts[: place + 1], board.objective)
        rows.append(
            (
                str(each.number),
                _changed(board, before, each.design),
                _value(board, each.value) if each.runs else "–",
                _verdict(each),
                "none" if best is None else _value(board, best.value) + (" (this one)" if best is each else ""),
            )
        )
        before = each.design
    made = table(
        "Scored attempts",
        ("Attempt", "Changed", board.objective.name, "Feasible", "Best so far"),
        rows,
        class_="rp-table rp-log rp-attempt-log",
    )
    return folded("Scored attempts", made) if board.named else made


def _changed(board, before, after):
    told = changes(board.controls, before, after)
    return "nothing" if not told else joined(*(element("div", each.words) for each in told))


def _verdict(attempt):
    if attempt.feasible:
        return element("span", "Feasible", class_="rp-verdict rp-right")
    return joined(
        element("span", "Not feasible" if attempt.runs else "Cannot run", class_="rp-verdict rp-wrong"), *(element("div", each) for each in attempt.reasons)
    )


def _end(board):
    """Lay the best of all designs beside the final one, control by control."""
    revealed = board.revealed
    found, final = revealed.optimum, revealed.final
    best = found.best[0]
    told = changes(board.controls, final.design, best)
    values = format_apart((found.value, final.value), board.objective.unit)
    yours = values[1] if final.runs else "cannot run"
    return joined(
        element("h3", _regret(board)),
        element("p", revealed.tie_words) if revealed.tie_words else None,
        element(
            "p",
            f"Of {format_count(found.designs_count)} designs {format_count(found.feasible_count)} are feasible. The best reaches "
            f"{values[0]}; yours {yours}.",
        ),
        table(
            "Where the design that the tie-break prefers differs from yours" if revealed.tied else "Where the best design differs from yours",
            ("Control", "Yours", "Best"),
            [(each.label, each.before, each.after) for each in told],
            class_="rp-table rp-log",
        )
        if told
        else None,
    )


def _regret(board):
    revealed = board.revealed
    if revealed.regret_fraction is None:
        return f"Your final design {'misses a target' if revealed.final.runs else 'cannot run'}, so it is not compared with the best."
    if revealed.tied:
        return f"Your final design ties with the best: {board.objective.name} {_value(board, revealed.final.value)}."
    if revealed.is_best:
        return f"You found the best: attempt {revealed.reached_at} of {len(board.attempts)}."
    apart = format_fraction(revealed.regret_fraction)
    if board.objective.maximise:
        return f"Your final design is {apart} below the best feasible design."
    return f"The best feasible design is {apart} below yours."


def _value(board, value):
    return format_reading(value, board.objective.unit)
