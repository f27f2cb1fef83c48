"""What a learner reads of the page and the document before anything is unfolded, line by line."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from bokeh.models import (
    Axis,
    Button,
    CategoricalSlider,
    CheckboxGroup,
    Div,
    Legend,
    RadioGroup,
    Select,
    Spinner,
    TextAreaInput,
    Title,
    Toggle,
)

FIGURE = re.compile(r"[-−]?\d[\d.,]*(\s\d{3})*\s?[×%]?([kMGTmµn]?(s|B|W|J|FLOP|B/s|FLOP/s)\b)?")
PAGE = Path(__file__).parents[3] / "site" / "index.html"
FOLDED = {"script", "style", "noscript", "dialog", "head"}
LATER = {"waiting", "notice", "extra", "progress", "saved-place", "skip-link", "bar", "rail", "foot"}
"""Classes of the page that stand there only in another state of it, or are no step: header, path and footer."""
UNSEEN = {"visually-hidden", "rp-unseen"}
"""Classes of what a screen reader alone is told."""
EMPTY = {"br", "hr", "wbr", "input", "link", "meta", "img", "path", "circle"}
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "div", "section", "dt", "dd", "tr", "td", "th", "label", "button", "legend", "summary", "ol", "ul"}


class _Lines(HTMLParser):
    """Collect the text outside of what is folded; of a `details` only its summary."""

    def __init__(self, shown=frozenset()):
        super().__init__()
        self.lines, self._open, self._words, self._shown = [], [], "", shown

    def handle_starttag(self, tag, attributes):
        if tag in EMPTY:
            return
        found = dict(attributes)
        classes = set((found.get("class") or "").split())
        folded = tag in FOLDED or classes & (LATER | UNSEEN) or found.get("aria-hidden") == "true"
        folded = folded or ("hidden" in found and found.get("id") not in self._shown)
        self._open.append((tag, bool(folded)))
        if tag in BLOCKS:
            self._break()
        elif tag == "span":
            self._words += " "

    def handle_endtag(self, tag):
        if tag in [name for name, _ in self._open]:
            while self._open.pop()[0] != tag:
                pass
        if tag == "span":
            self._words += " "
        if tag in BLOCKS:
            self._break()

    def handle_data(self, data):
        names = [tag for tag, _ in self._open]
        inside = "details" in names and "summary" not in names
        if not inside and not any(folded for _, folded in self._open):
            self._words += data

    def _break(self):
        if words := " ".join(self._words.split()):
            self.lines.append(words)
        self._words = ""

    def close(self):
        super().close()
        self._break()
        return self.lines


def lines_of(markup, shown=frozenset()):
    parser = _Lines(shown)
    parser.feed(markup)
    return parser.close()


def page_lines(place, number):
    """Return the lines of the static page around a part, with its briefing."""
    shown = {"section-attempt"} if number > 1 else set()
    facts = [f"{name} {words}" for name, words in place["facts"].items()]
    return [*lines_of(PAGE.read_text(), shown), place["northStar"], *place["briefing"], *facts]


def document_lines(roots):
    """Return the lines of every model that can be seen."""
    return [line for root in roots for model in _seen(root) for line in _of(model) if line]


def _seen(model):
    if getattr(model, "visible", True) is False:
        return
    yield model
    for name in ("children", "renderers", "above", "below", "left", "right", "center"):
        inside = getattr(model, name, None)
        for child in inside if isinstance(inside, list) else ():
            if hasattr(child, "properties"):
                yield from _seen(child)
    if hasattr(model, "title") and isinstance(model.title, Title):
        yield model.title


def _of(model):
    if isinstance(model, Div):
        return lines_of(model.text)
    if isinstance(model, Select):
        labels = dict(each if isinstance(each, tuple) else (each, each) for each in model.options)
        return [model.title, str(labels.get(model.value, model.value))]
    if isinstance(model, RadioGroup | CheckboxGroup):
        return list(model.labels)
    if isinstance(model, Button | Toggle):
        return [model.label]
    if isinstance(model, TextAreaInput):
        return [model.title, model.placeholder]
    if isinstance(model, CategoricalSlider | Spinner):
        return [model.title]
    if isinstance(model, Title):
        return [model.text]
    if isinstance(model, Axis):
        return [model.axis_label or ""]
    if isinstance(model, Legend):
        return [str(getattr(each.label, "value", "")) for each in model.items]
    return []


def words_count(lines):
    """Return the number of words; figures with their units, and signs, are none."""
    plain = (FIGURE.sub(" ", str(line)) for line in lines)
    return sum(bool(re.search(r"[^\W\d_]{2}", word)) for line in plain for word in line.split())


class Read:
    """Everything read so far; a line that was there before is not read again, nor what the learner wrote."""

    def __init__(self, own=()):
        self.seen, self.own, self.by_step = Counter(), set(own), {}

    def take(self, step, lines):
        now = Counter(line for line in lines if line not in self.own)
        new = list((now - self.seen).elements())
        self.seen |= now
        self.by_step[step] = self.by_step.get(step, 0) + words_count(new)
        return new
