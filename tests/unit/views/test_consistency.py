"""What is shown contradicts nothing else that is shown: every track and part, over designs drawn with a printed seed."""

import os
import re

import pytest

from rooflab.analyses.attempts import score_attempt
from rooflab.charts.roofline import INTENSITIES
from rooflab.lab.setting import setting
from rooflab.lab.steps.attempts import TIE_BREAKS, AttemptLog, Score, verdict
from rooflab.tracks import TRACKS
from rooflab.units import format_number
from rooflab.views.steps.attempts import AttemptsView
from rooflab.workbench.boards import AttemptsBoard
from tests.unit.designs import drawn_designs
from tests.unit.drawn_screen import Screen, cells, percent, plain, tree, width

SEED = int(os.environ.get("ROOFLAB_SEED", "12"))
DESIGNS = int(os.environ.get("ROOFLAB_DESIGNS", "200"))
PLACES = [(track.id, part.number) for track in TRACKS for part in track.parts]
MISSIONS = [(track.id, part.number) for track in TRACKS for part in track.parts if part.mission]
STATES = {"circle": "memory", "square": "compute", "triangle": "latency", "diamond": "link", "hex": "mixed"}
GRADED = ("rp-met", "rp-missed", "to spare", "met exactly", "Every target is met")
HALF = 0.011  # of a percent: widths are written with two digits


def named(place):
    return f"{place[0]} {place[1]}, seed {SEED}"


@pytest.mark.parametrize("where", PLACES, ids=named)
def test_no_screen_contradicts_itself(where):
    place = setting(*where, 0)
    screen, faults = Screen(place), []

    for number, design in enumerate(drawn_designs(place, DESIGNS, seed=SEED)):
        screen.bench.take(design)
        ids = screen.bench.outcome().operators.ids
        screen.bench.layer = ids[number % len(ids)]
        faults += [f"{design}: {each}" for check in CHECKS for each in check(screen)]

    assert not faults, f"seed {SEED}, {len(faults)} faults:\n" + "\n".join(faults[:10])


def stopped(screen):
    """What cannot run is grey, says so, and is held to no target; all else is not."""
    outcome, markup = screen.bench.outcome(), screen.markup
    if outcome.runs != ("Cannot run" not in markup) or outcome.runs == screen.greyed:
        yield "it is not told whether it runs"
    if not outcome.runs:
        yield from (f"it cannot run, and {each!r} is said" for each in GRADED if each in markup)
        if outcome.cannot_run.number not in markup and outcome.cannot_run.reason not in markup:
            yield "the number that decides is not shown"
        for gauge in screen.bench.part.gauges:
            if gauge.quantity in outcome.cannot_run.unbounded and gauges(screen)[gauge.name]["value"] != "unbounded":
                yield f"{gauge.name} has a value"


def ridges(screen):
    """The ringed dots are on that side of the ridge drawn for them which their state names, below their ceiling."""
    for name, view in (("Roofline", "roofline"), ("Trail of the design on the roofline", "trail")):
        if screen[view] is None:
            continue
        found = screen.point(name)
        words = told(screen[view])
        if found is None:
            if "of its own ridge" in words:
                yield f"{name}: a ridge is told and none is drawn"
            continue
        x, y, marker, ridge, ceiling = found
        state, (start, bend, end) = STATES[marker], ceiling
        if bend[0] != ridge:
            yield f"{name}: the ceiling bends at {bend[0]}, the ridge is at {ridge}"
        roof = start[1] * x / start[0] if x < ridge and start[1] < bend[1] else end[1]
        if y > roof * 1.000001:
            yield f"{name}: the dot is above its ceiling"
        if (state == "compute" and x < ridge * 0.999999) or (state == "memory" and x > ridge * 1.000001):
            yield f"{name}: {state}-bound at {x}, the ridge is at {ridge}"
        if ("mixed: " if state == "mixed" else f"{state}-bound") not in words:
            yield f"{name}: drawn {state}-bound, told {words}"
        side = re.search(r"(left|right) of its own ridge", words)[1]
        if (side == "left" and x > ridge * 1.000001) or (side == "right" and x < ridge * 0.999999):
            yield f"{name}: told {side}, drawn at {x}, ridge {ridge}"


def layers(screen):
    """In the table of layers each state follows from intensity and own ridge, and the chosen row is what the title tells."""
    outcome, place = screen.bench.outcome(), screen.bench.layer_index
    rows = cells(screen["roofline"].rows.text)
    for name, state, _, flop, _, intensity, ridge, *_ in rows:
        at, bend = number(intensity), number(ridge)
        if flop != "0" and ((state == "compute" and at < bend * 0.99) or (state == "memory" and at > bend * 1.01)):
            yield f"{name}: {state}-bound at {intensity}, own ridge {ridge}"
    words = told(screen["roofline"])
    found = re.search(r"(\d[\d.e+\s-]*) FLOP per byte, .* of its own ridge at ([\d.e+\s-]*\d)\. .*device's ridge, ([\d.e+\s-]*\d),", words)
    if found:
        row, peek = rows[place], formulas(screen)
        name = outcome.operators.names[place]
        yield from differ("intensity", found[1], row[5], peek[f"Arithmetic intensity of {name}"].removesuffix(" FLOP/byte"))
        yield from differ("own ridge", found[2], row[6], peek[f"Own ridge of {name}"].removesuffix(" FLOP/byte"))
        yield from differ("datasheet ridge", found[3], peek["Ridge point"].removesuffix(" FLOP/byte"), format_number(float(outcome.ridge_flop_per_byte)))
        where = screen.named("Roofline", "own ridge")
        on_axis = max(float(found[2].replace(" ", "")), INTENSITIES[0])
        if where is None or abs(where - on_axis) > 0.006 * on_axis:
            yield f"the own ridge is {found[2]}, and {where} in the figure"


def readings(screen):
    """Gauges, headline and Math Peek show one value for one quantity; a gauge's bar is as full as its words say."""
    outcome, shown, peek = screen.bench.outcome(), gauges(screen), formulas(screen)
    headline = plain(tree(screen["verdict"].gauges.text).find("h3"))
    if outcome.runs:
        step, mbu, mfu = re.fullmatch(r"A step takes (.+?), .*: MBU (.+?), MFU (.+?)\.", headline).groups()
        for name, words, formula in (("MBU", mbu, "Model bandwidth utilisation"), ("MFU", mfu, "Model FLOP/s utilisation")):
            yield from differ(name, words, *(shown[name]["value"],) if name in shown else (), *(peek[formula],) if formula in peek else ())
        laws = [value for name, value in peek.items() if name.startswith("Iron law")]
        yield from differ("step", step, *laws)
    for name, gauge in shown.items():
        yield from (f"{name}: {each}" for each in bar_faults(gauge))


def bar_faults(gauge):
    """Yield how a gauge's bar and its words disagree."""
    fill, note, beyond = gauge["fill"], gauge["note"], gauge["beyond"]
    if fill is None:
        return
    if beyond != ("over range" in note) or (beyond and fill < 100 - HALF):
        yield f"fill {fill}%, mark {beyond}, {note!r}"
    for pattern, full in ((r"([\d.]+%) short", 100), (r"≤[^:]*: met, ([\d.]+%) to spare", 100)):
        if found := re.search(pattern, note):
            share, slack = percent(found[1])
            if abs(full - share - fill) > slack + HALF:
                yield f"fill {fill}%, {note!r}"
    if re.search(r"% over|× the limit|≥[^:]*: met, [\d.]+% to spare", note) and not beyond:
        yield f"fill {fill}% without a mark, {note!r}"
    if (": met" in note) == ("rp-missed" in gauge["class"]) and re.search("[≤≥]", note) and " only" not in note:
        yield f"{gauge['class']}, {note!r}"


def memory(screen):
    """The memory needed is the same in gauge, card and reason, and every part is as long as its percentage says."""
    capacity = screen.bench.outcome().capacity
    gauge = gauges(screen)["Memory" if capacity.fits else "Out of memory"]
    needed, available = gauge["value"], gauge["note"].removeprefix("of ")
    if screen["memory"] is None:
        return
    words = plain(screen["memory"].head.text)
    if needed not in words or (capacity.available_bytes and available not in words):
        yield f"gauge {needed} of {available}, card {words}"
    largest = re.search(r"The largest part of it is (.+?): (.+?), ", words)
    mark = width(tree(screen["memory"].bars.text).find(".//b"), "left")
    for row in tree(screen["memory"].bars.text).iterfind(".//tbody/tr"):
        lane = row.find("td/i")
        share = percent(plain(row[3]))
        if share and mark and width(lane) and abs(100 * width(lane) / mark - share[0]) > share[1] + share[0] * (HALF / mark + HALF / width(lane)):
            yield f"{plain(row)}: {width(lane)}% long, mark at {mark}%"
        if largest and plain(row[0]) != "Free" and amount(plain(row[2])) > amount(largest[2]) * 1.01:
            yield f"the largest part is {largest[1]}, {plain(row)}"


def bars(screen):
    """The bars of the step, the kernels and the watts are as long as their percentages say."""
    step = tree(screen["readings"].gauges.text).find("./div[@class='rp-step']")
    binds = next(each for each in tree(screen["verdict"].gauges.text).iter("div") if "rp-binds" in each.get("class", ""))
    for name, bars_ in (("step", step.findall("div/i")), ("what binds", binds.findall("div/i"))):
        drawn = {each.get("class"): each for each in bars_}
        for item in step.findall("ul/li"):
            bar = drawn[item.find("i").get("class").removeprefix("rp-swatch ")]
            share, slack = percent(plain(item.find("span")))
            if abs(width(bar) - share) > slack + HALF:
                yield f"{name}: {plain(item)}, {width(bar)}% long"
    longest = max(step.findall("ul/li"), key=lambda item: percent(plain(item.find("span")))[0])
    if plain(longest.find("span")) != plain(binds[1]):
        yield f"what binds: {plain(binds)}, and most of the step is {plain(longest)}"
    if screen["profiler"] is not None:
        for row in tree(screen["profiler"].trace.text).iterfind(".//tbody/tr"):
            share, slack = percent(plain(row[4]))
            if abs(width(row[1][1]) - share) > slack + HALF:
                yield f"profiler: {plain(row)}, {width(row[1][1])}% long"
    if screen["heat"] is not None:
        yield from watts(tree(screen["heat"].watts.text), plain(screen["heat"].head.text), gauges(screen))


def watts(drawn, title, shown):
    """Yield how the bar of watts, its percentages and the power in title and gauge disagree."""
    mark = width(drawn.find("./div/b"), "left")
    for bar, item in zip(drawn.findall("./div/i"), drawn.findall("./ul/li"), strict=False):
        share, slack = percent(plain(item.find("span")))
        if width(bar) and abs(100 * width(bar) / mark - share) > slack + share * (HALF / mark + HALF / width(bar)):
            yield f"watts: {plain(item)}, {width(bar)}% long, mark at {mark}%"
    if "Power" in shown and shown["Power"]["value"] not in title:
        yield f"power {shown['Power']['value']}, and {title}"


def traffic(screen):
    """Bars of bytes are in the ratio of their bytes, and the share saved is that of the two ends."""
    if screen["traffic"] is None:
        return
    rows = {plain(row[0]): row for row in tree(screen["traffic"].bars.text).iterfind(".//tbody/tr")}
    ends = [row for name, row in rows.items() if name == "Nothing fused" or name.startswith("Now")]
    (before, old), (after, new) = ((sum(width(each) for each in row[1]), amount(plain(row[2]))) for row in ends)
    if abs(after / before - new / old) > 0.012:
        yield f"traffic: {before}% for {old}, {after}% for {new}"
    told = re.search(r"(saves|adds) .*?, ([\d.]+%) of the traffic", plain(screen["traffic"].head.text))
    if told:
        share, slack = percent(told[2])
        saved = 100 * (1 - new / old) * (1 if told[1] == "saves" else -1)
        if abs(saved - share) > slack + 1.2:
            yield f"traffic: {told[0]}, from {old} to {new}"


CHECKS = (stopped, ridges, layers, readings, memory, bars, traffic)


@pytest.mark.parametrize("where", MISSIONS, ids=named)
def test_no_best_is_beaten_and_ties_are_called_ties(where):
    place = setting(*where, 0)
    objective, count = place.mission.objective, place.mission.attempts_count
    designs = list(drawn_designs(place, 4 * count, seed=SEED))

    for first in range(0, len(designs), count):
        attempts = [score_attempt(place.mission, each, number=at) for at, each in enumerate(designs[first : first + count], 1)]
        board = AttemptsBoard(controls=place.part.controls, objective=objective, start=place.start, attempts=attempts)
        view = AttemptsView(board=board)
        final = board.best or attempts[-1]
        scores = tuple(Score(seq=at, attempt=each, best_so_far=None) for at, each in enumerate(attempts))
        head = plain(view.head.text)
        board.revealed = ended = verdict(AttemptLog(setting=place, scores=scores, final=scores[final.number - 1]))

        for row, attempt in zip(cells(view.log.text), attempts, strict=True):
            assert ("Cannot run" in row[3]) == (not attempt.runs) == (row[2] == "–")
            assert row[3].startswith("Feasible") == attempt.feasible
        best = board.best
        if best is not None:
            assert f"attempt {best.number}: " in head
            better = [each for each in attempts if each.feasible and (each.value > best.value) == objective.maximise and each.value != best.value]
            assert not better
        title = plain(tree(view.end.text).find("h3"))
        assert ("ties with the best" in title) == ended.tied
        assert ("You found the best" in title) == (final.design in ended.optimum.best)
        if "below" in title:
            values = re.search(r"The best reaches (.+?); yours (.+?)\.(?: |$)", plain(view.end.text)).groups()
            assert values[0] != values[1]


@pytest.mark.parametrize("where", MISSIONS, ids=named)
def test_every_tie_break_has_a_name(where):
    assert {name for name, _ in setting(*where, 0).mission.objective.ties} <= set(TIE_BREAKS)


def told(view):
    """Return the words of a finding: its title, and what is unfolded below it."""
    return plain(view.head.text + (view.legend.text if hasattr(view, "legend") else ""))


def gauges(screen):
    """Return every gauge of strip and readings by its name: value, class, note, how full its bar is, and whether it has the mark of over range."""
    strip, others = (_gauges(screen[each].gauges.text) for each in ("verdict", "readings"))
    assert all(strip[name] == others[name] for name in strip.keys() & others.keys())
    return strip | others


def _gauges(markup):
    found = {}
    for each in tree(markup).iter("div"):
        class_ = each.get("class", "")
        if (not class_.startswith("rp-gauge ") and class_ != "rp-gauge") or "rp-binds" in class_:
            continue
        parts = {part.get("class"): part for part in each}
        bar = parts.get("rp-bar")
        found[plain(parts["rp-gauge-name"])] = {
            "value": plain(parts["rp-gauge-value"]),
            "class": class_,
            "note": plain(parts["rp-note"]) if "rp-note" in parts else "",
            "fill": None if bar is None else width(bar.find("i")),
            "beyond": bar is not None and any(part.get("class") == "rp-beyond" for part in bar),
        }
    return found


def formulas(screen):
    """Return the result of every formula of Math Peek by its name."""
    return {
        plain(each[0]): plain(each[3]).removeprefix("= ") for each in tree(screen["peek"].formulas.text).iterfind(".//dl/div")
    }


def differ(name, *values):
    """Yield a fault if one quantity is shown with several values."""
    if len({" ".join(each.split()) for each in values}) > 1:
        yield f"{name} is {' and '.join(values)}"


def number(words):
    return float(re.sub(r"\s", "", words))


def amount(words):
    """Return a quantity in its plain unit."""
    found = re.match(r"[−+-]?([\d.]+) ?([kMGTP]?)", words)
    return float(found[1]) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}[found[2]]
