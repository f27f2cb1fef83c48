"""How a class answered a question: a bar a choice, divided into correct, incorrect and not revealed."""

from textwrap import wrap

from rooflab.views.figures.svg import bar, label, picture

__all__ = ["answers_figure"]

WIDTH, LINE, BAR, GAP = 400, 18, 14, 10
LETTERS = 52
"""How many letters of a choice fit on a line."""
LONGEST = 200.0

PARTS = (("right_count", "correct", "rp-fig-right"), ("wrong_count", "incorrect", "rp-fig-wrong"), ("unrevealed_count", "not revealed", "rp-fig-open"))


def answers_figure(asked, title):
    """Draw how often each choice was taken; what is correct is known of those who revealed it alone."""
    most = max((each.count for each in asked.choices), default=0) or 1
    drawn, top = [], 0.0
    for each in asked.choices:
        lines = wrap(each.text if each.count else f"{each.text}: 0", LETTERS)
        drawn += [label(0, top + LINE * number - 4, words) for number, words in enumerate(lines, 1)]
        top += LINE * len(lines)
        if each.count:
            drawn += _bar(each, top, LONGEST / most)
            top += BAR
        top += GAP
    words = "; ".join(f"{each.text}: {_counts(each)}" for each in asked.choices)
    return picture(title, f"{words}.", WIDTH, round(top), *drawn)


def _bar(choice, top, scale):
    left = 0.0
    for field, _, class_ in PARTS:
        width = getattr(choice, field) * scale
        if width:
            yield bar(left, top, width, BAR, class_)
        left += width
    yield label(left + 6, top + BAR - 2, _counts(choice))


def _counts(choice):
    return ", ".join(f"{count} {words}" for field, words, _ in PARTS if (count := getattr(choice, field))) or "0"
