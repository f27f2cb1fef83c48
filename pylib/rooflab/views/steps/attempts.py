"""The budget of attempts: every scored design, what it changed, and, at the end, how far the best was away."""

import panel as pn
import param

from rooflab.analyses.attempts import best_attempt
from rooflab.analyses.changes import changes
from rooflab.units import format_count, format_fraction, format_reading
from rooflab.views.markup import element, joined, table
from rooflab.views.tags import press
from rooflab.views.widgets import button, text
from rooflab.workbench.boards import AttemptsBoard

__all__ = ["AttemptsView", "left_words"]


class AttemptsView(pn.viewable.Viewer):
    """A log with one row an attempt; the optimum and the regret are written only after the end."""

    board = param.ClassSelector(class_=AttemptsBoard, constant=True, doc="The attempts so far")

    def __init__(self, **params):
        self.head = text("", "rp-head")
        self.log = text("")
        self.end = text("", "rp-end")
        self._message = text("", "rp-said")
        super().__init__(**params)
        self._submit = button(self.board.param.submit, "Score this design", "rp-primary", tags=press("attempt"))
        self._finish = button(self.board.param.finish, "Stand by the best", tags=press("final"))
        self._layout = pn.Column(
            self.head,
            pn.Row(self._submit, self._finish, css_classes=["rp-actions"], sizing_mode="stretch_width"),
            self._message,
            self.log,
            self.end,
            css_classes=["rp-card", "rp-attempts"],
            sizing_mode="stretch_width",
        )
        self._draw()
        self._say()

    @param.depends("board.attempts", "board.left", "board.revealed", watch=True)
    def _draw(self):
        board = self.board
        self.head.text = joined(element("h3", _finding(board)), element("p", _budget(board)))
        self.log.update(text=_log(board) if board.attempts else "", visible=bool(board.attempts))
        self.end.update(text=_end(board) if board.revealed else "", visible=board.revealed is not None)
        self._submit.param.update(visible=not board.ended)
        self._finish.param.update(
            visible=bool(board.attempts) and board.revealed is None,
            label="Stand by the best" if board.best else "End without a feasible design",
        )

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
        return f"No attempt is feasible yet. {missed} a target."
    return f"The best so far is attempt {best.number}: {board.objective.name} {_value(board, best.value)}."


def _asked(objective):
    return f"{'More' if objective.maximise else 'Less'} is better: {objective.name}."


def _budget(board):
    if board.revealed is not None:
        return "The mission has ended."
    if board.left == 0:
        return "The budget is spent: no more can be scored. Stand by the best, and see how far it was from the best of all."
    return f"{left_words(board)} Only scored designs count; moving the controls is free."


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
                _value(board, each.value),
                _verdict(each),
                "none" if best is None else _value(board, best.value) + (" (this one)" if best is each else ""),
            )
        )
        before = each.design
    return table(
        "Scored attempts; each is compared with the one before, the first with the start",
        ("Attempt", "Changed", board.objective.name, "Feasible", "Best so far"),
        rows,
        class_="rp-table rp-log rp-attempt-log",
    )


def _changed(board, before, after):
    told = changes(board.controls, before, after)
    return "nothing" if not told else joined(*(element("div", each.words) for each in told))


def _verdict(attempt):
    if attempt.feasible:
        return element("span", "Feasible", class_="rp-verdict rp-right")
    return joined(
        element("span", "Not feasible", class_="rp-verdict rp-wrong"), *(element("div", each) for each in attempt.reasons)
    )


def _end(board):
    """Lay the best of all designs beside the final one, control by control."""
    revealed = board.revealed
    found, final = revealed.optimum, revealed.final
    best = found.best[0]
    told = changes(board.controls, final.design, best)
    return joined(
        element("h3", _regret(board)),
        element(
            "p",
            f"The controls allow {format_count(found.designs_count)} designs, of which {format_count(found.feasible_count)} are "
            f"feasible. The best reaches {_value(board, found.value)}; yours, attempt {final.number}, {_value(board, final.value)}.",
        ),
        table(
            "Where the best design differs from yours",
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
        return "Your final design misses a target, so it has no place beside the best."
    if revealed.reached_at is not None:
        return f"You found the best: attempt {revealed.reached_at} of {len(board.attempts)}."
    return f"Regret {format_fraction(revealed.regret_fraction)}: by that share your final design falls short of the best there is."


def _value(board, value):
    return format_reading(value, board.objective.unit)
