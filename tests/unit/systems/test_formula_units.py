"""Math Peek's units: what is put into a formula combines to the unit of its result, and only like is added to like."""

import re
from collections import Counter

import pytest

from rooflab.evaluate import evaluate, formulas
from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS

PARTS = [(each.id, part.number) for each in TRACKS for part in each.parts]
OF_UNIT = {
    "FLOP": "flop", "B": "byte", "byte": "byte", "s": "s", "Hz": "/ s", "FPS": "/ s", "J": "J", "W": "J / s", "K": "K", "°C": "K",
    "tokens": "", "images": "", "frames": "", "outputs": "", "pixels": "", "%": "", "": "",
}  # fmt: skip
NAMES = "|".join(map(re.escape, sorted(filter(None, OF_UNIT), key=len, reverse=True)))
QUANTITY = re.compile(rf"(?<![\w.])\d[\d.]*(?: ?[pnµmkMGTP]?((?:{NAMES})(?:/(?:{NAMES}))?)(?![\w/]))?")
COUNTED = {"suppression"}  # operations are counted: no unit goes in, FLOP come out


def dimensions(unit):
    """Return the powers of the units that one is made of."""
    powers = Counter()
    for place, part in enumerate(unit.split("/")):
        above, _, below = OF_UNIT[part].partition("/")
        sign = -1 if place else 1
        for names, power in ((above, sign), (below, -sign)):
            for name in names.split():
                powers[name] += power
    return {name: power for name, power in powers.items() if power}


class Amount:
    """Something in units; a result of adding what is unlike is an error."""

    def __init__(self, powers):
        self.powers = powers

    def _with(self, other, sign):
        powers = Counter(self.powers)
        for name, power in other.powers.items():
            powers[name] += sign * power
        return Amount({name: power for name, power in powers.items() if power})

    def __mul__(self, other):
        return self._with(other, 1)

    def __truediv__(self, other):
        return self._with(other, -1)

    def __add__(self, other):
        assert self.powers == other.powers, (self.powers, other.powers)
        return self

    __sub__ = __add__

    def __neg__(self):
        return self

    def __pow__(self, _power):
        return self if not self.powers else NotImplemented


def bare(amount):
    """Stand for a function of a number; of a logarithm only differences are shown, so that its unit drops out."""
    assert isinstance(amount, Amount)
    return Amount({})


def least(first, second):
    return first + second


def combined(words):
    """Return the unit that the right side of a formula combines to."""
    words = re.sub(r"(?<=\d)\N{NO-BREAK SPACE}(?=\d)", "", words)
    written = QUANTITY.sub(lambda found: f"Amount({dimensions(found[1] or '')})", words.replace("²", "**2").replace("^", "**"))
    for symbol, name in (("×", "*"), ("−", "-"), ("Φ", "bare"), ("ln", "bare"), ("exp", "bare"), ("min", "least")):
        written = written.replace(symbol, name)
    written = re.sub(r"(?<=\)) [a-zA-Z][\w, ]*?(?= [+*/-]|$|\))", "", written)
    return eval(written, {"Amount": Amount, "bare": bare, "least": least}).powers  # noqa: S307: the lab's own words


def designs(place):
    """Return the design that a part begins with, and those that its drop-downs lead to, one at a time."""
    changes = [{each.id: choice.id} for each in place.part.controls for choice in each.choices if not each.chain]
    return [place.start, *(place.scenario.mend(place.start.replace(**each))[0] for each in changes)]


@pytest.mark.parametrize(("track_id", "number"), PARTS, ids=str)
def test_units_combine_to_that_of_the_result(track_id, number):
    place, checked = setting(track_id, number, 0), Counter()
    for design in designs(place):
        outcome = evaluate(place.scenario, design)
        for each in formulas(place.scenario, design, outcome, operator_id=outcome.operators.ids[1]):
            if " at " in each.result or " to " in each.result or "≤" in each.numbers or each.id in COUNTED:
                continue
            _, equals, right = each.numbers.partition(" = ")
            unit = QUANTITY.search(each.result.replace("\N{NO-BREAK SPACE}", "").partition(" of ")[0])
            for side in (right if equals else each.numbers).split(" = "):
                assert combined(side) == dimensions((unit and unit[1]) or ""), (each.id, side, each.result)
            checked[each.id] += 1
    assert len(checked) >= 10, checked
