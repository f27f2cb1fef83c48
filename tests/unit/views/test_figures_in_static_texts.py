"""No static text of the page, its scripts or the package's sentences has a typed figure of the model.

What is computed is formatted where it is shown. A number may stand in a text that is written down only if it defines a word,
counts what is there, or belongs to files, browsers and formats. Those are listed, with the reason.
"""

import ast
import html
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "pylib/rooflab"
FIGURE = re.compile(r"(?<![\w.,#@{-])\d[\d.,]*\d(?!\w)|(?<![\w.,#@{-])\d(?!\w)")
WORD = re.compile(r"[A-Za-z]{3}")
FORMULA = re.compile(r"^\S+ (?:=|×|≤) |^2 t_m|[=×≤Σ(−] ?\d")
NUMBERED = re.compile(r"part[s]? (?:are numbered )?[123]|^[123]\. |move 0|^1 [a-z]+|[1-3] to 3")
EXIT_CODES = re.compile(r"^Ends with 0")

DEFINES = {
    "95": "of an interval",
    "1 in 20": "what is outside of it",
    "about 1%": "how far the recording's tail is computed",
    "1000 of them": "p99.9",
    "95 of 100": "of an interval",
    "Above 100%": "all of it",
    "more than 1%": "p99",
    "above 0.1%": "p99.9",
    "99.9%": "p99.9",
    "0.25": "Brier of a coin toss",
    "80% sure, 80%": "what calibration means",
    "2 of 4": "what 2:4 means",
    "one of four takes 2 bits": "what 2:4 means",
    "2 FLOP": "a multiply-add",
    "Below 1": "a ratio of one",
    "Fenton 1960": "a year",
    "(Shapley 1953)": "a year",
    "et al. 2023": "a year",
    "within 1% of the best (within 10%": "the rubric",
    "activation 1": "a name",
    "activation 2": "a name",
    "digits, 1 where": "a format",
    "draft_tokens must be 0": "a format",
    "minutes": "how long a mode takes",
    "whole number from": "a format",
    "2026-11-02T09:30:00Z": "a format",
    "64": "hexadecimal digits or letters of a format",
    "2**53": "a format",
    "above 0": "a format",
    "1 or 1.2": "a format",
    "by default": "a default of the command line",
    "0 when all are taken": "a parameter's own words",
    "At most 40 characters": "a name's length",
    "for 20 seconds": "how long the page waits",
    "more than 20": "copies that are kept",
}
"""Part of a text, and why its number is none of the model."""

SENTENCES = ("views", "app", "charts", "workbench", "lab", "command", "analyses", "systems")


def literals(path):
    """Yield the literals of a file that are no docstring; an f-string's own words too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {id(each.value) for owner in ast.walk(tree) if isinstance(owner, owners) for each in owner.body if isinstance(each, ast.Expr)}
    docs |= {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in docs:
            yield each.value


def sentences():
    """Yield (where, text) of every static text."""
    for folder in SENTENCES:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            yield from ((path.relative_to(PACKAGE).as_posix(), each) for each in literals(path))
    page = "".join((ROOT / "site" / name).read_text(encoding="utf-8") for name in ("index.html", "landing.html"))
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", "", page[page.index("<body") :], flags=re.S)
    yield from (("index.html", html.unescape(each.strip())) for each in re.findall(r">([^<]+)<", body))
    for path in sorted((ROOT / "site/js").rglob("*.js")):
        source = re.sub(r"/\*.*?\*/|(?:^|\s)//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S)
        for plain, template in re.findall(r'"([^"\n]*)"|`([^`]*)`', source):
            yield path.name, re.sub(r"\$\{[^}]*\}", "", plain or template)


def figures(text):
    """Return the numbers of a sentence; nothing of a formula, of a pattern, or of what is no sentence."""
    if " " not in text.strip() or not WORD.search(text) or "\\b" in text or "@" in text or FORMULA.search(text):
        return []
    return FIGURE.findall(text)


def excused(text):
    return NUMBERED.search(text) or EXIT_CODES.search(text) or any(each in text for each in DEFINES)


def test_no_static_text_has_a_typed_figure_of_the_model():
    typed = [(where, text) for where, text in sentences() if figures(text) and not excused(text)]

    assert typed == []


@pytest.mark.parametrize("text", ["The ridge is at 153 FLOP per byte.", "At 1 mW there are", "profilers add 10 to 20%", "A hop comes every 5 ms"])
def test_a_figure_of_the_model_would_be_found(text):
    assert figures(text) and not excused(text)


def test_every_excuse_is_needed():
    every = [text for _, text in sentences() if figures(text)]

    assert [each for each in DEFINES if not any(each in text for text in every)] == []
