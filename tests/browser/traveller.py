"""A learner who goes through all three parts of any track, with mouse or keyboard, in the words of the track itself."""

import re

from tests.browser.learner import BUILT, KeyboardLearner, Learner, eventually
from playwright.sync_api import expect

from rooflab.lab.classroom.replay import replay
from rooflab.lab.ledger.ledger import parse
from rooflab.lab.steps.progress import progress
from rooflab.tracks import TRACKS, track
from rooflab.views.steps.stakeholder import ANSWER_AGAIN, ATTRIBUTED, DECIDED

SURE = "70%"
PART_ONE, PART_TWO, PART_THREE = 1, 2, 3


def first_pin(part) -> str:
    """Return the gauge that a traveller pins: MFU and MBU are in the strip of every part."""
    return next(each.name for each in part.gauges if each.quantity in ("mfu_fraction", "mbu_fraction"))


class Journey:
    """What a learner does in each step of a part; `choose`, `press`, `write`, `tick` and `pick` are the learner's."""

    def enter(self, track_id: str) -> None:
        """Choose a track and wait until the path is its own."""
        raise NotImplementedError

    def pick(self, name: str, option: str) -> None:
        """Choose from the drop-down of that name."""
        raise NotImplementedError

    def go_to_part(self, track_id: str, number: int) -> None:
        """Follow the path's link to a part."""
        self.follow_link(f"{number}. {track(track_id).part(number).title}")
        expect(self.page.locator(f"#path[data-part='{number}']")).to_have_count(1)

    def travel(self, track_id: str, variant: int = 0, *, after_step=lambda: None) -> None:
        """Take every step of the three parts."""
        if track_id != TRACKS[0].id:
            self.enter(track_id)
        for number in (PART_ONE, PART_TWO, PART_THREE):
            if number > PART_ONE:
                self.go_to_part(track_id, number)
            self.take_part(track(track_id).part(number), track(track_id), variant, after_step)

    def take_part(self, part, of, variant, after_step) -> None:
        """Take the steps of one part."""
        scenario = part.mission(variant).scenario if part.mission else of.scenario(variant)
        steps = [
            lambda: self.lock(part),
            lambda: self.measure(part),
            lambda: self.say_what_it_showed(part),
            self.reveal,
            *([lambda: self.name_the_cause(part, scenario)] if part.diagnosis else []),
            *([lambda: self.attempt_twice(part)] if part.mission else []),
            *([self.propose] if part.tiling else []),
            *([self.answer_the_stakeholder] if part.demand else []),
            lambda: self.argue(part),
        ]
        for step in steps:
            step()
            after_step()

    def lock(self, part) -> None:
        for number, question in enumerate(part.questions, 1):
            self.choose(question.text, question.choices[-1].text)
            self.choose(f"Question {number}: How sure are you?", SURE)
        self.press("Lock in my predictions")
        expect(self.page.locator("#title-workbench")).to_be_focused()

    def measure(self, part) -> None:
        self.pin(first_pin(part))

    def say_what_it_showed(self, part) -> None:
        self.look_at("Task")
        self.choose(part.observation.text, part.observation.choices[0].text)
        self.press("Say what it showed")
        self.has_said_what_it_showed()

    def name_the_cause(self, part, scenario) -> None:
        self.go_on()
        question = part.diagnosis
        self.choose(question.text, question.choice(question.answer(scenario)).text)
        self.press("Commit to this diagnosis")
        expect(self.region("reflection").get_by_text("Your diagnosis is supported", exact=True)).to_be_visible()

    def attempt_twice(self, part) -> None:
        """Score the baseline and a neighbour of it, then stand by what is best."""
        self.go_on()
        self.open_controls()
        self.press("Score this design")
        expect(self.region("attempt").get_by_text("Attempt 1 is scored")).to_be_visible()
        control = next(each for each in part.controls if each.choices and not each.chain)
        now = getattr(part.mission(0).baseline, control.id)
        self.pick(control.label, next(each.text for each in control.choices if each.id != now))
        self.press("Score this design")
        expect(self.region("attempt").get_by_text("Attempt 2 is scored")).to_be_visible()
        feasible = self.region("attempt").get_by_text("The best so far is attempt").count()
        self.press("Stand by the best" if feasible else "End without a feasible design")
        self.close_controls()
        expect(self.region("attempt").get_by_text("The mission has ended.")).to_be_visible()

    def propose(self) -> None:
        self.go_on()
        for name in ("Rows of a tile", "Columns of a tile", "Split-K"):
            options = self.region("reflection").get_by_role("combobox", name=name).locator("option")
            self.pick(name, options.nth(1).inner_text())
        self.press("Propose this tiling")
        expect(self.region("reflection").get_by_text("Your tiling").first).to_be_visible()

    def answer_the_stakeholder(self) -> None:
        """Answer with what is offered first, and once more if that does not hold."""
        self.go_on()
        reflection = self.region("reflection")
        for group in (ATTRIBUTED, DECIDED):
            first = self.page.get_by_role("radiogroup", name=group).get_by_role("radio").first
            self.choose(group, first.evaluate("each => each.closest('label').innerText.trim()"))
        self.press("Answer with this design")
        expect(reflection.get_by_role("heading", name=re.compile("^Your (first )?answer"))).to_be_visible()
        if reflection.get_by_role("button", name=ANSWER_AGAIN).count():
            self.press(ANSWER_AGAIN)
            expect(reflection.get_by_role("heading", name=re.compile("^Your answer"))).to_be_visible()
        expect(reflection.get_by_role("button", name=re.compile("^Answer"))).to_have_count(0)

    def argue(self, part) -> None:
        stance = {1: ("The constraint you claim", "BWₘₑₘ: memory bandwidth binds"), 3: ("What you optimised", "Both: neither alone meets every target")}
        if part.number in stance:
            self.choose(*stance[part.number])
        self.write("Claim", "What was pinned as reading 1 says so.")
        self.tick(f"1. {first_pin(part)}")
        self.write("Trade-off", "Another kernel has to be maintained by us.")
        if part.number == PART_THREE:
            self.write("Rejected alternative", "The tempting design, which misses 1 target.")
        self.write("Residual risk", "The load may change with every release.")
        if part.number == PART_THREE:
            self.write("What would change your mind", "If throughput had to be 2 times as high.")
        self.enter_reflection()
        expect(self.region("reflection").get_by_text(f"Part {part.number} is done")).to_be_visible()


class Traveller(Journey, Learner):
    """With a mouse."""

    def enter(self, track_id: str) -> None:
        self.page.locator(f"#tracks input[value={track_id}]").check()
        expect(self.page.locator(f"#path[data-track={track_id}]")).to_have_count(1)

    def follow_link(self, name: str) -> None:
        self.page.get_by_role("link", name=name).click()

    def pick(self, name: str, option: str) -> None:
        self.page.get_by_role("combobox", name=name, exact=True).select_option(label=option)


class KeyboardTraveller(Journey, KeyboardLearner):
    """With a keyboard alone, and without haste: what Tab goes through is there before it is pressed."""

    def focus(self, *name: str, **words: str) -> None:
        eventually(self.page, lambda: self.page.locator("#status-stage .words").inner_text() == "Ready")
        eventually(self.page, lambda: self.page.evaluate(BUILT))
        super().focus(*name, **words)

    def enter(self, track_id: str) -> None:
        self.focus(part_of_name=TRACKS[0].name)
        for each in TRACKS[1:]:
            self.page.keyboard.press("ArrowDown")
            expect(self.page.locator(f"#path[data-track={each.id}]")).to_have_count(1)
            if each.id == track_id:
                return

    def follow_link(self, name: str) -> None:
        self.focus(name)
        self.page.keyboard.press("Enter")

    def pick(self, name: str, option: str) -> None:
        self.focus(name)
        for key in ("Home", *["ArrowDown"] * 20):
            self.page.keyboard.press(key)
            chosen = self.page.get_by_role("combobox", name=name, exact=True)
            if chosen.evaluate("each => each.selectedOptions[0].label") == option:
                return
        raise AssertionError(f"the arrow keys never reached {option!r} of {name!r}")


def assert_whole(learner, track_id: str) -> None:
    """The ledger says that a track was gone through to its end, with an entry of each kind, and every figure of it is derived again."""
    ledger = eventually(learner.page, lambda: _done(learner, track_id))
    checked = replay(ledger)
    assert (checked.differences, checked.findings) == ((), ())
    assert {entry.kind for entry in ledger.of(track_id)} >= {"prediction", "pin", "reveal", "design", "diagnosis", "proposal", "reply", "reflection"}


def _done(learner, track_id):
    text = learner.ledger_text()
    ledger = parse(text) if text else None
    return ledger if ledger and progress(track_id, ledger).part(3).complete else None
