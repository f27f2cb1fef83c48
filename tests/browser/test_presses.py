"""What is pressed and not answered: kept, pressed again after a restart, entered once, and never called saved before it is."""

import json

import pytest
from playwright.sync_api import expect
from tests.browser.learner import Learner, eventually
from tests.browser.ledgers import midway
from tests.browser.rendered import fill_in
from tests.browser.scripts import KEEP_WORKERS
from tests.browser.test_drafts import FORMS
from tests.browser.test_saved_work import GOOD, IMPATIENT, PLACES, ledger_of, remember

from rooflab.evaluate import design_from_json
from rooflab.lab.ledger.entries import thaw
from rooflab.lab.ledger.ledger import parse

PRESS = "localStorage['rooflab:/rooflab/:press'] ?? null"
BUTTONS = FORMS | {
    "a pin": ("cloud-titan", 1, "pin", "workbench", "Pin MBU"),
    "a look at the answers": ("cloud-titan", 1, "reveal", "reveal", "Compare with the model"),
    "an attempt": ("edge-guardian", 2, "design", "workbench", "Score this design"),
}
COMMITTED = {"diagnosis": ["design", "diagnosis"], "prediction": ["prediction"] * 2, "reveal": ["reveal"] * 2}


@pytest.fixture
def mortal(learner):
    """A learner whose Python can be killed, and is missed soon."""
    learner.page.add_init_script(f"{KEEP_WORKERS}; {IMPATIENT}")
    return learner


def kill(learner):
    learner.page.evaluate("workers[0].terminate(), window.impatient = true")


def restart(learner):
    with learner.page.expect_navigation():
        learner.page.locator("#notice-stalled").get_by_role("button", name="Restart the lab").click()
    learner.wait("live")


def at(learner, url, track, part, kind):
    text = midway(track, part, before=kind)
    remember(learner.page, text)
    learner.open(f"{url}#{track}/{part}")
    return [entry.kind for entry in parse(text).entries]


@pytest.mark.parametrize("button", BUTTONS)
def test_a_press_that_python_never_heard_of_is_entered_once_after_a_restart(mortal, url, button):
    track, part, kind, region, words = BUTTONS[button]
    before = at(mortal, url, track, part, "design" if kind == "design" else kind)
    expect(mortal.page.get_by_role("button", name=words, exact=True).first).to_be_visible()
    kill(mortal)
    if button in FORMS:
        fill_in(mortal.page, region)
    mortal.press(words)
    expect(mortal.page.locator("#notice-stalled")).to_contain_text("is entered when you restart the lab")
    assert mortal.data("saved") == "saving"
    restart(mortal)
    if kind == "reflection":
        mortal.keep_as_it_is()

    eventually(mortal.page, lambda: mortal.kinds() == before + COMMITTED.get(kind, [kind]))
    eventually(mortal.page, lambda: mortal.page.evaluate(PRESS) is None)
    mortal.reload()
    assert mortal.kinds() == before + COMMITTED.get(kind, [kind])


def test_the_first_lock_of_all_is_entered_too(mortal, url):
    mortal.open(url)
    kill(mortal)
    mortal.predict()
    expect(mortal.page.locator("#notice-stalled")).to_contain_text("is entered when you restart the lab")
    restart(mortal)

    mortal.saved("prediction", "prediction")


def test_a_pin_is_of_the_design_that_was_on_the_bench(mortal, url):
    remember(mortal.page, ledger_of(PLACES["explore"]))
    mortal.open(url)
    bench = mortal.region("workbench")
    mortal.set("Attention kernel", "Fused, KV heads grouped")
    kill(mortal)
    bench.get_by_role("combobox", name="Dispatch").select_option(label="Graph: launch once")
    mortal.press("Pin MBU")
    bench.get_by_role("combobox", name="Dispatch").select_option(index=0)
    mortal.reload()
    mortal.saved("prediction", "prediction", "pin")

    design = design_from_json(thaw(parse(mortal.ledger_text()).entries[-1].design))
    assert (design.attention_kernel, design.dispatch) == ("fused", "graph")


def test_a_button_that_was_pressed_over_and_over_is_meant_once(mortal, url):
    before = at(mortal, url, "cloud-titan", 1, "reveal")
    kill(mortal)
    for _ in range(3):
        mortal.press("Compare with the model")
    restart(mortal)
    eventually(mortal.page, lambda: mortal.kinds() == [*before, "reveal", "reveal"])

    assert mortal.page.locator("#notice-press").count() == 0


def test_two_presses_are_entered_in_their_order(mortal, url):
    remember(mortal.page, ledger_of(PLACES["explore"]))
    mortal.open(url)
    expect(mortal.page.get_by_role("button", name="Pin MBU", exact=True)).to_be_visible()
    kill(mortal)
    mortal.press("Pin MBU")
    mortal.press("Pin MFU")
    mortal.reload()
    mortal.saved("prediction", "prediction", "pin", "pin")

    assert [entry.instrument for entry in parse(mortal.ledger_text()).of("cloud-titan", 1)[2:]] == ["mbu", "mfu"]


def test_a_form_that_is_not_complete_is_asked_for_and_not_pressed_again(mortal, url):
    at(mortal, url, "cloud-titan", 1, "reflection")
    mortal.write("Claim", "Half a thought")
    mortal.press("Enter it in the ledger")
    expect(mortal.region("reflection").get_by_role("alert")).to_contain_text("Still missing")

    eventually(mortal.page, lambda: mortal.page.evaluate(PRESS) is None)
    eventually(mortal.page, lambda: mortal.data("saved") == "saved")


def test_a_form_that_was_changed_after_the_press_is_left_to_the_learner(mortal, url):
    before = at(mortal, url, "cloud-titan", 1, "reflection")
    kill(mortal)
    fill_in(mortal.page, "reflection")
    mortal.press("Enter it in the ledger")
    mortal.write("Claim", "On second thoughts")
    mortal.press("Enter it in the ledger")
    expect(mortal.page.locator("#notice-stalled")).to_contain_text("Restart the lab and press it again")
    restart(mortal)

    expect(mortal.page.get_by_role("textbox", name="Claim")).to_have_value("On second thoughts")
    assert mortal.kinds() == before


def test_a_press_that_fails_twice_is_given_up_and_said(mortal, url):
    before = at(mortal, url, "cloud-titan", 1, "reflection")
    kill(mortal)
    fill_in(mortal.page, "reflection")
    mortal.press("Enter it in the ledger")
    mortal.page.add_init_script("""{
        const Mortal = window.Worker;
        window.Worker = class extends Mortal {
            postMessage(message, ...more) {
                if (message.patch?.includes("button_click")) this.terminate(), (window.died = true);
                super.postMessage(message, ...more);
            }
        };
    }""")
    for _ in range(2):
        mortal.reload()
        eventually(mortal.page, lambda: mortal.page.evaluate("window.died"))
    mortal.reload()

    expect(mortal.page.locator("#notice-press")).to_contain_text("could not be entered")
    assert (mortal.kinds(), mortal.page.evaluate(PRESS)) == (before, None)
    assert mortal.page.evaluate("window.died") is None


def test_a_press_is_not_entered_in_a_ledger_that_has_gone_on(mortal, url):
    at(mortal, url, "cloud-titan", 1, "reveal")
    mortal.open_step("Explore")
    kill(mortal)
    mortal.press("Pin MBU")
    mortal.page.evaluate("text => localStorage['rooflab:/rooflab/:ledger'] = text", GOOD)
    mortal.reload()

    assert mortal.page.evaluate(PRESS) is None
    assert mortal.ledger_text() == GOOD


def test_a_start_that_fails_is_no_try(mortal, watched, url):
    watched.allow("Failed to load resource", "memory image could not be restored", "Aborted", "wasm instantiation failed")
    before = at(mortal, url, "cloud-titan", 1, "reveal")
    mortal.open_step("Explore")
    kill(mortal)
    mortal.press("Pin MBU")
    mortal.page.route("**/runtime/**", lambda route: route.abort())
    for _ in range(3):
        mortal.reload(stage="failed")
    mortal.page.unroute("**/runtime/**")
    mortal.reload()

    eventually(mortal.page, lambda: mortal.kinds() == [*before, "pin"])


HOSTILE = ["{", "[]", "null", {"presses": 1}, {"presses": [None, 1, {"name": "reflection"}]}, {"presses": [{"track": "<img src=x>", "part": "x", "name": "no", "bench": None}]}]


@pytest.mark.parametrize("kept", HOSTILE, ids=str)
def test_presses_that_no_lab_kept_do_nothing(mortal, url, kept):
    mortal.page.add_init_script(KEEP_PRESS % json.dumps(kept if isinstance(kept, str) else json.dumps(kept)))
    remember(mortal.page, GOOD)
    mortal.open(url)
    mortal.open_step("Explore")
    mortal.press("Pin MFU")

    eventually(mortal.page, lambda: mortal.kinds()[-1:] == ["pin"] and mortal.page.evaluate(PRESS) is None)


KEEP_PRESS = "sessionStorage.pressed ?? (localStorage['rooflab:/rooflab/:press'] = %s, sessionStorage.pressed = 1)"


def test_another_tab_does_not_press_again_what_was_answered(context, mortal, url):
    remember(mortal.page, GOOD)
    mortal.open(url)
    mortal.open_step("Explore")
    mortal.press("Pin MFU")
    eventually(mortal.page, lambda: len(mortal.kinds()) == 5)
    other = Learner(context.new_page())
    other.open(url)

    assert len(other.kinds()) == 5
