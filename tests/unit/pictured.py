"""What the tests of pictures share: seeded designs of every part, and what must hold of any picture."""

from math import isclose

from tests.unit.designs import drawn_designs
from tests.unit.rendered_bench import quantities

from rooflab.evaluate import evaluate
from rooflab.lab.setting import setting

DESIGNS = 20
LEAST_S, MOST_S = 2.0, 6.0
"""What a period lasts on the page."""


def drawn_outcomes(track_id, number, *, variants=(0, 1)):
    """Yield places, designs and outcomes of a part: of each variant the first design, then seeded ones."""
    for variant in variants:
        place = setting(track_id, number, variant)
        for design in (place.start, *drawn_designs(place, DESIGNS, seed=variant)):
            yield place, design, evaluate(place.scenario, design)


def labels(value):
    """Yield every text in the numbers of a picture."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from labels(each)
    elif isinstance(value, str):
        yield value


def untold(picture, *, but=()):
    """Return the numbers with units that the drawing shows and neither the words nor the table tell; `but` are ticks of axes."""
    told = [(each.value, each.unit) for each in quantities(f"{picture.words} {' '.join(f'{name} {value}' for name, value in picture.rows)}")]
    shown = [each for text in labels(picture.numbers) if text not in but for each in quantities(text) if each.unit]
    return {(each.value, each.unit) for each in shown} - set(told)


def lasts_s(picture):
    """Return what a period lasts on the page at the pace that the words name."""
    pace = picture.pace
    words = pace.words[pace.chosen]
    named, page = [1.0, 1.0] if words == "in real time" else [each.value for each in quantities(words)]
    assert isclose(named, pace.rungs_s[pace.chosen]) and page == 1.0
    return pace.period_s / named
