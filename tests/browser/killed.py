"""Journeys that are cut off at a seeded moment, and what is missing of them afterwards.

Each begins at a stored ledger, with one form or button of one part of one track. Whatever was typed or chosen must be
in the form again, and whatever was pressed must be in the ledger, once.
"""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from random import Random

from playwright.sync_api import Error, expect
from tests.browser.learner import Learner, eventually
from tests.browser.ledgers import midway
from tests.browser.rendered import hands, rendered
from tests.browser.scripts import KEEP_WORKERS
from tests.browser.traveller import first_pin

from rooflab.evaluate import design_from_json
from rooflab.lab.ledger.entries import thaw
from rooflab.lab.ledger.ledger import parse
from rooflab.lab.setting import setting
from rooflab.tracks import TRACKS
from rooflab.workbench import make_workbench

STORE = "text => localStorage.setItem(`rooflab:${location.pathname.replace(/[^/]*$/, '')}:ledger`, text)"
LONGEST_MS = 400
WAYS = ("reload", "closed tab", "crashed tab", "killed worker")

# The region of each form and its button, by the kind of the entry that comes of it.
BUTTONS = {
    "prediction": ("lock", "Lock in my predictions"),
    "pin": ("workbench", "Pin {gauge}"),
    "observation": ("observation", "Say what it showed"),
    "reveal": ("reveal", "Compare with the model"),
    "diagnosis": ("reflection", "Commit to this diagnosis"),
    "design": ("workbench", "Score this design"),
    "proposal": ("reflection", "Propose this tiling"),
    "reply": ("reflection", "Answer with this design"),
    "reflection": ("reflection", "Enter it in the ledger"),
}
NOTHING_TO_FILL_IN = {"reveal", "design"}


@dataclass(frozen=True)
class Journey:
    """One part up to one step, what is done there, and how and when it ends."""

    track: str
    part: int
    kind: str
    pressed: bool
    way: str
    seed: int

    def __str__(self):
        return f"{self.track}/{self.part} {self.kind}{' pressed' if self.pressed else ''}, {self.way}, seed {self.seed}"


def journeys(count, seed=0):
    """Draw so many journeys: the parts of all tracks in turn, everything else by chance."""
    parts = [(track, part) for track in TRACKS for part in track.parts]
    drawn = []
    for number in range(count):
        track, part = parts[number % len(parts)]
        chance = Random(f"{seed} {number}")
        kind = chance.choice([kind for kind in BUTTONS if _has(part, kind)])
        pressed = kind in NOTHING_TO_FILL_IN or chance.random() < 0.5
        way = WAYS[(number + number // len(parts)) % len(WAYS)]
        drawn.append(Journey(track.id, part.number, kind, pressed, way, chance.randrange(10_000)))
    return drawn


def missing(context, url, journey):
    """Make a journey, cut it off, come back, and return what is missing: nothing if all is well."""
    chance = Random(journey.seed)
    before = midway(journey.track, journey.part, before=journey.kind)
    address = f"{url}#{journey.track}/{journey.part}"
    learner = _opened(Learner(context.new_page()), address, before)
    region, button = _form(journey)
    expect(learner.page.get_by_role("button", name=button, exact=True).first).to_be_visible()
    if journey.way == "killed worker" and chance.random() < 0.5:
        _kill_worker(learner.page)
    bench = make_workbench(**_bench(journey)) if journey.kind == "pin" else None
    acts = _moves(learner.page, bench, chance) if bench else hands(learner.page, region, chance)
    for act in acts if journey.pressed or not acts else chance.sample(acts, chance.randint(1, len(acts))):
        act()
    left = shown(bench) if bench else rendered(learner.page, region)
    if journey.pressed:
        learner.press(button)
    learner.page.wait_for_timeout(chance.randint(0, LONGEST_MS))
    again = _cut_off(context, learner, journey.way, address)
    if journey.pressed:
        return _not_in_the_ledger(again, parse(before), journey, bench)
    return _not_in_the_form(again, region, left)


def _has(part, kind):
    if kind in ("design", "proposal", "reply"):
        return {"design": part.number > 1, "proposal": bool(part.tiling), "reply": bool(part.demand)}[kind]
    return kind != "diagnosis" or bool(part.diagnosis)


def _part(journey):
    return next(track for track in TRACKS if track.id == journey.track).part(journey.part)


def _form(journey):
    region, words = BUTTONS[journey.kind]
    return region, words.format(gauge=first_pin(_part(journey)))


def _opened(learner, address, text):
    learner.page.add_init_script(KEEP_WORKERS)
    learner.page.goto(address.partition("#")[0] + "model.html")
    learner.page.evaluate(STORE, text)
    return learner.open(address)


def _bench(journey):
    place = setting(journey.track, journey.part, 0)
    return {"scenario": place.scenario, "part": place.part, "start": place.start, "mission": place.mission}


def _choosers(bench):
    """Return the controls of a bench that are drop-downs."""
    return [each for each in bench.part.controls if not each.chain and (each.choices or each.values)]


def _moves(page, bench, chance):
    """Return acts that each set a control of the page, and of the native bench beside it."""

    def move(control, index):
        page.get_by_role("combobox", name=control.label, exact=True).select_option(index=index)
        setattr(bench, control.id, list(bench.param[control.id].objects.values())[index])

    controls = chance.sample(_choosers(bench), min(3, len(_choosers(bench))))
    return [partial(move, control, chance.randrange(len(bench.param[control.id].objects))) for control in controls]


def shown(bench):
    """Return what the drop-downs of the page show of a bench, by their names."""
    words = {each.id: {value: name for name, value in bench.param[each.id].objects.items()} for each in _choosers(bench)}
    return {each.label: words[each.id][getattr(bench, each.id)] for each in _choosers(bench)}


def _kill_worker(page):
    page.evaluate("workers[0].terminate()")


def _cut_off(context, learner, way, address):
    """End the page and return the learner who is there again."""
    page = learner.page
    if way == "killed worker":
        _kill_worker(page)
    if way in ("killed worker", "reload"):
        return learner.reload()
    if way == "crashed tab":
        with suppress(Error):  # which says that it crashed
            page.goto("chrome://crash")
    page.close(run_before_unload=False)
    return Learner(context.new_page()).open(address)


def _not_in_the_ledger(learner, before, journey, bench):
    part = _part(journey)
    count = len(part.questions) if journey.kind in ("prediction", "reveal") else 1
    came = ["design"] * (journey.kind == "diagnosis") + [journey.kind] * count
    made = lambda: _committed(learner.kinds()[len(before.entries) :])  # noqa: E731
    with suppress(AssertionError):
        if journey.kind == "reflection":
            learner.keep_as_it_is()
        eventually(learner.page, lambda: len(made()) >= len(came))
    if made() != came:
        return [f"wanted {came}, found {made()}"]
    if bench:
        pin = next(each for each in reversed(parse(learner.ledger_text()).entries) if each.kind == "pin")
        if design_from_json(thaw(pin.design)) != bench.design():
            return [f"the pin is not of {shown(bench)}"]
    return []


def _committed(kinds):
    """Return the kinds of what was pressed: an experiment is ticked by the moves before."""
    return [kind for kind in kinds if kind != "experiment"]


def _not_in_the_form(learner, region, left):
    def differences():
        found = rendered(learner.page, region)
        # A control that is being drawn has no name yet and nothing that could be lost.
        named = {name: held for name, held in left.items() if name or held}
        return [f"{name!r}: {held!r}, found {found.get(name)!r}" for name, held in named.items() if found.get(name) != held]

    with suppress(AssertionError):
        eventually(learner.page, lambda: not differences())
    return differences()
