"""The learner's work on the built site: resumed, damaged, moved, refused, overtaken; nothing is ever lost."""

import json
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from tests.browser.learner import CLAIM, Learner, eventually
from tests.browser.scripts import ASKS, FILL_STORAGE, KEEP_WORKERS, MAKE_ROOM

from rooflab.lab.ledger.entries import Diagnosis, Observation, Pin, Prediction, Reflection, Reveal
from rooflab.lab.ledger.ledger import Ledger, append, dump, parse

AT = "2026-11-02T09:30:00Z"
STAMP = {"at": AT, "track": "cloud-titan", "part": 1}
DESIGN = {"kind": "serving", "batch": 52}

PREDICTIONS = [
    Prediction(**STAMP, question_id="slope", choice_id="no", confidence=0.8),
    Prediction(**STAMP, question_id="half-the-bits", choice_id="large", confidence=0.7),
]
PIN = Pin(**STAMP, instrument="mbu", design=DESIGN, name="MBU", value=0.12, unit="")
OBSERVATION = Observation(**STAMP, question_id="doubled-roofs", choice_id="both", right=False)
REVEALS = [Reveal(**STAMP, question_id="slope"), Reveal(**STAMP, question_id="half-the-bits")]
DIAGNOSIS = Diagnosis(**STAMP, choice_id="memory", right=False)
REFLECTION = Reflection(
    **STAMP, task="binding-constraint", choice_id="memory", claim="Mine", evidence=(2,), tradeoff="b", residual_risk="c"
)
PLACES = {
    "explore": PREDICTIONS,
    "reveal": [*PREDICTIONS, PIN, OBSERVATION],
    "diagnose": [*PREDICTIONS, PIN, *REVEALS],
    "reflect": [*PREDICTIONS, PIN, *REVEALS, DIAGNOSIS],
    "done": [*PREDICTIONS, PIN, *REVEALS, DIAGNOSIS, REFLECTION],
}


def ledger_of(entries):
    ledger = Ledger.new(AT, "another-device")
    for entry in entries:
        ledger = append(ledger, entry)
    return dump(ledger)


def remember(page, text, key="rooflab:/rooflab/:ledger"):
    """Put a text into the browser's storage before the page's own scripts run, once."""
    page.add_init_script(
        f"sessionStorage.seeded ?? (localStorage.setItem({json.dumps(key)}, {json.dumps(text)}), sessionStorage.seeded = 1)"
    )


@pytest.mark.parametrize("step", PLACES)
def test_a_returning_learner_is_where_they_left(learner, url, step):
    text = ledger_of(PLACES[step])
    remember(learner.page, text)
    learner.open(url)

    assert learner.step() == step
    assert learner.ledger_text() == text
    assert learner.page.locator("#saved-place").is_hidden()
    shown = {"explore": "workbench", "reveal": "reveal"}.get(step, "reflection")
    expect(learner.region(shown)).to_be_visible()
    for name, section, opens_at in (("Predict", "lock", "explore"), ("Reveal", "reveal", "reveal"), ("Diagnose", "reflection", "diagnose")):
        open_now = list(PLACES).index(step) >= list(PLACES).index(opens_at)
        expect(learner.region(section).locator("h3, button, .rp-predicted").first).to_be_attached(attached=open_now)
        learner.open_step(name)
        expect(learner.region(section)).to_be_visible(visible=open_now)


def test_a_reload_brings_each_step_back(learner, url):
    learner.open(url)
    learner.predict()
    learner.saved("prediction", "prediction")
    learner.reload()
    learner.explore()
    learner.reload()
    learner.look_at("Pinned")
    expect(learner.region("pins").get_by_text("1 reading pinned")).to_be_visible()
    learner.observe()
    learner.reload()
    learner.reveal()
    learner.reload()
    learner.diagnose()
    learner.reload()
    learner.reflect()
    learner.reload()

    expect(learner.region("reflection").get_by_text(CLAIM)).to_be_visible()
    assert learner.step() == "done"


# Texts that no lab wrote

GOOD = ledger_of(PLACES["reveal"])
SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
HOSTILE = {
    "not JSON": "hello",
    "empty": "",
    "truncated": GOOD[: len(GOOD) // 2],
    "two megabytes": '{"schema_version":1,"x":"' + "y" * 2_000_000,
    "wrong types": GOOD.replace('"entries":[', '"entries":7,"more":['),
    "a number that is none": GOOD.replace("0.12", "NaN"),
    "infinite": GOOD.replace("0.12", "1e999"),
    "newer": GOOD.replace('"schema_version":2', '"schema_version":99'),
    "deep": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "a list": "[]",
    "two of a key": GOOD.replace('"variant":0', '"variant":0,"variant":1'),
    "prototype": GOOD.replace('"variant":0', '"__proto__":{"polluted":1},"variant":0'),
}


def test_a_damaged_entry_is_said_and_the_rest_of_the_ledger_is_read(learner, url):
    text = GOOD.replace('"MBU"', json.dumps(SCRIPT)).replace('"pin"', '"No such kind"')
    remember(learner.page, text)

    learner.open(url)

    expect(learner.page.locator("#notices")).to_contain_text("1 entry cannot be computed under this version")
    assert [entry.kind for entry in parse(learner.export()).entries] == ["prediction", "prediction", "", "observation"]
    assert learner.ledger_text() == text


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_text_that_is_no_ledger_is_kept_and_the_lab_is_usable(learner, url, kind):
    remember(learner.page, HOSTILE[kind])
    learner.open(url)
    expect(learner.page.locator("#notices")).to_contain_text("set aside in this browser, not lost")
    learner.predict()
    learner.saved("prediction", "prediction")

    assert learner.asides() == [HOSTILE[kind]]
    assert learner.page.evaluate("({}).polluted") is None


HUGE = "x" * 5_000_000  # more than half of what a browser keeps for an origin


def test_a_text_that_has_no_room_twice_is_set_aside_by_moving_it(learner, url):
    remember(learner.page, HUGE)
    learner.open(url)
    learner.predict()
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()

    assert learner.asides() == [HUGE]
    assert learner.kinds() == ["prediction", "prediction"]


def test_a_text_that_cannot_be_set_aside_is_not_overwritten(learner, url):
    remember(learner.page, HUGE)
    learner.page.add_init_script(f"sessionStorage.filled ?? (() => {{ {FILL_STORAGE} sessionStorage.filled = 1 }})()")
    learner.open(url)
    expect(learner.page.locator("#notices")).to_contain_text("storage is full")
    learner.predict()
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()

    assert learner.ledger_text() == HUGE
    assert [entry.kind for entry in parse(learner.export()).entries] == ["prediction", "prediction"]


def test_words_that_look_like_markup_stay_words(learner, url):
    entries = [*PLACES["reflect"], Reflection(**STAMP, task="binding-constraint", choice_id="memory", claim=SCRIPT, evidence=(2,), tradeoff=SCRIPT, residual_risk=SCRIPT)]
    entries[2] = replace(entries[2], name=SCRIPT)
    remember(learner.page, ledger_of(entries))
    learner.open(url)

    expect(learner.region("reflection").get_by_text(SCRIPT).first).to_be_visible()
    learner.open_step("Explore")
    learner.look_at("Pinned")
    expect(learner.region("pins").get_by_text(SCRIPT).first).to_be_visible()
    assert learner.page.locator("img[src=x]").count() == 0


IMPATIENT = "{ const real = setTimeout; window.setTimeout = (run, ms, ...more) => real(run, ms === 20000 && window.impatient ? 300 : ms, ...more); }"
ENDINGS = {
    "killed": "workers[0].terminate(), window.impatient = true",
    "an exception in Python": "workers[0].postMessage({ type: 'patch', seq: 9999, patch: 'no patch' })",
    "an error in the worker": "workers[0].dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }))",
}
# The export waits for Python as long as it takes.
NEVER_TIRED = "{ const real = setTimeout; window.setTimeout = (run, ms, ...more) => real(run, ms === 5000 ? 1e9 : ms, ...more); }"


# In and out by file


def test_an_exported_ledger_is_the_saved_one(learner, url):
    remember(learner.page, GOOD)
    learner.open(url)

    assert learner.export() == GOOD


def test_an_exported_ledger_has_the_learners_name_and_a_class_shows_it(learner, url):
    remember(learner.page, GOOD)
    learner.page.add_init_script(NEVER_TIRED)
    learner.open(url)

    text = learner.export("Ada")
    learner.page.goto(url + "#instructors")
    learner.page.set_input_files("#class-files", {"name": "l.json", "mimeType": "application/json", "buffer": text.encode()})

    assert parse(text).entries[-1].name == "Ada"
    expect(learner.region("classroom")).to_contain_text("l.json (Ada)")


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_python_the_ledger_goes_out_as_it_is(learner, url, ending):
    remember(learner.page, GOOD)
    learner.page.add_init_script(KEEP_WORKERS)
    learner.open(url)
    learner.page.evaluate(ENDINGS[ending])
    if ending != "killed":
        expect(learner.page.locator("#notice-stalled")).to_be_visible()

    assert learner.export("Ada") == GOOD


def test_an_import_is_previewed_taken_and_undone(learner, url):
    mine = ledger_of(PLACES["explore"])
    remember(learner.page, mine)
    learner.open(url)
    dialog = learner.page.locator("#dialog-transfer")

    learner.offer(ledger_of(PLACES["done"]))
    expect(dialog.get_by_text("Replace your ledger with this one?")).to_be_visible()
    expect(dialog.get_by_text("1 reflection")).to_be_visible()
    learner.press("Cancel")
    expect(dialog.get_by_text("Replace your ledger with this one?")).to_be_hidden()
    assert learner.ledger_text() == mine

    dialog.get_by_role("button", name="Close").click()
    learner.offer(ledger_of(PLACES["done"]))
    learner.press("Replace my ledger with this one")
    expect(learner.region("reflection").get_by_text("Part 1 is done")).to_be_visible()
    learner.saved(*(entry.kind for entry in PLACES["done"]), "import")
    assert learner.step() == "done"

    learner.page.click("#open-menu")
    learner.page.click("#undo-import")
    learner.wait("live")
    eventually(learner.page, lambda: learner.step() == "explore")
    assert learner.ledger_text() == mine


def test_an_import_changed_by_hand_says_so(learner, url):
    learner.open(url)
    learner.offer(GOOD.replace("0.12", "0.99"))
    dialog = learner.page.locator("#dialog-transfer")
    expect(dialog.get_by_text("This file was changed after the lab wrote it.")).to_be_visible()
    learner.press("Replace my ledger with this one")
    learner.saved(*(entry.kind for entry in PLACES["reveal"]), "import")

    assert parse(learner.ledger_text()).entries[-1].edited


@pytest.mark.parametrize("kind", ["truncated", "newer", "a number that is none"])
def test_a_bad_import_is_refused_in_words_and_changes_nothing(learner, url, kind):
    remember(learner.page, GOOD)
    learner.open(url)
    learner.offer(HOSTILE[kind])

    dialog = learner.page.locator("#dialog-transfer")
    expect(dialog.get_by_text("This file was not imported")).to_be_visible()
    assert dialog.get_by_role("button").all_inner_texts() == ["Close"]
    assert learner.ledger_text() == GOOD


# Storage that refuses


def test_a_full_store_is_said_and_the_export_has_all(learner, url):
    learner.open(url)
    learner.page.evaluate(f"() => {{ {FILL_STORAGE} }}")
    learner.predict()
    expect(learner.page.locator("#status-saved")).to_have_text("Not saved")
    expect(learner.page.locator("#notices")).to_contain_text("storage is full")
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()

    assert [entry.kind for entry in parse(learner.export()).entries] == ["prediction", "prediction"]


def test_a_step_that_is_not_saved_is_told_and_asked_about_until_it_is(learner, watched, url):
    watched.allow("^dialog: ")
    remember(learner.page, ledger_of(PLACES["reflect"]))
    learner.open(url)
    told = learner.page.locator("#notices .notice")
    learner.page.evaluate(f"() => {{ {FILL_STORAGE} }}")
    learner.reflect()
    expect(learner.page.locator("#status-saved")).to_have_text("Not saved")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("your latest step is not saved")
    learner.page.evaluate("location.reload()")
    eventually(learner.page, lambda: watched.problems)  # the dialog, and the answer is to stay
    expect(learner.region("reflection").get_by_text(CLAIM)).to_be_visible()

    learner.page.evaluate(f"() => {{ {MAKE_ROOM} }}")
    learner.open_step("Explore")
    learner.press("Pin MFU")

    learner.saved(*(entry.kind for entry in PLACES["done"]), "pin")
    expect(told).to_have_count(0)
    assert not learner.page.evaluate(ASKS)


REFUSALS = {
    "forbidden": "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })",
    "absent": "Object.defineProperty(window, 'localStorage', { value: null })",
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_browser_without_storage_is_told_and_the_lab_works(learner, url, refusal):
    learner.page.add_init_script(REFUSALS[refusal])
    learner.open(url)
    expect(learner.page.locator("#notices")).to_contain_text("until you close this tab")
    learner.predict()
    expect(learner.page.locator("#status-saved")).to_have_text("Not saved")
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()

    assert [entry.kind for entry in parse(learner.export()).entries] == ["prediction", "prediction"]


# Two tabs


def test_a_second_tab_is_noticed_and_neither_overwrites_the_other(context, url):
    first, second = Learner(context.new_page()), Learner(context.new_page())
    first.open(url)
    second.open(url)
    expect(first.page.locator("#notices")).to_contain_text("open in another tab too")
    first.predict()
    first.saved("prediction", "prediction")
    theirs = first.ledger_text()
    expect(second.page.locator("#notices")).to_contain_text("Another tab has saved newer work")
    second.predict(slope="Yes, in proportion to the TFLOPS added")
    expect(second.page.locator("#status-saved")).to_have_text("Not saved")

    assert first.ledger_text() == theirs
    assert [parse(text).entries[0].choice_id for text in first.asides()] == ["proportional"]


def test_work_that_another_tab_came_before_is_told_once_and_lies_under_saved_copies(context, url):
    first, second = Learner(context.new_page()), Learner(context.new_page())
    for tab in (first, second):
        tab.open(url)
    first.predict()
    first.saved("prediction", "prediction")
    expect(second.page.locator("#notices")).to_contain_text("Another tab has saved newer work")
    second.predict(slope="Yes, in proportion to the TFLOPS added")
    told = second.page.locator("#notices .notice")
    expect(told).to_contain_text("Saved copies")
    expect(told).to_have_count(1)
    assert not second.page.evaluate(ASKS)

    told.get_by_role("button", name="Reload").click()
    expect(second.region("workbench").get_by_text("A step takes").first).to_be_visible()

    assert second.kinds() == ["prediction", "prediction"]
    assert second.page.locator("#notice-press").count() == 0
    second.page.click("#open-menu")
    second.page.click("#open-copies")
    expect(second.page.locator("#copies").get_by_role("listitem")).to_contain_text("2 entries")


# Python gone


@pytest.mark.parametrize("ending", ENDINGS)
def test_python_gone_is_said_and_a_restart_goes_on(learner, url, ending):
    learner.page.add_init_script(f"{KEEP_WORKERS}; {IMPATIENT}")
    learner.open(url)
    learner.predict()
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()
    learner.page.evaluate(ENDINGS[ending])
    if ending == "killed":
        learner.ask_for("Profiler mode")
    notice = learner.page.locator("#notice-stalled")
    expect(notice).to_contain_text("Everything you committed is saved")
    notice.get_by_role("button", name="Restart the lab").click()
    learner.wait("live")
    eventually(learner.page, lambda: learner.step() == "explore")

    assert learner.kinds() == ["prediction", "prediction"]


def test_python_gone_with_unsaved_work_offers_the_export_first(learner, url):
    learner.page.add_init_script(REFUSALS["forbidden"] + ";" + KEEP_WORKERS)
    learner.open(url)
    learner.predict()
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()
    learner.page.evaluate(ENDINGS["an exception in Python"])
    notice = learner.page.locator("#notice-stalled")
    expect(notice).to_contain_text("export your ledger before you restart")
    with learner.page.expect_download() as download:
        notice.get_by_role("button", name="Export my ledger").click()

    assert len(parse(download.value.path().read_text()).entries) == 2
    expect(notice.get_by_role("button", name="Restart the lab")).to_be_visible()


def test_starting_over_begins_afresh_and_keeps_the_old_ledger(learner, url):
    remember(learner.page, GOOD)
    learner.open(url)
    learner.page.click("#open-menu")
    learner.page.click("#start-over")
    learner.page.click("#start-over-confirm")
    learner.wait("live")
    expect(learner.page.get_by_role("button", name="Lock in my predictions")).to_be_visible()

    assert learner.ledger_text() is None
    assert learner.asides() == [GOOD]


# Asleep, or only slow

HOLD_ANSWERS = """{
    const Real = window.Worker;
    window.heldAnswers = null;
    window.Worker = class extends Real {
        set onmessage(take) { super.onmessage = (event) => (window.heldAnswers ? heldAnswers.push([take, event]) : take(event)); }
    };
    window.giveAnswers = () => { const held = heldAnswers; heldAnswers = null; for (const [take, event] of held) take(event); };
}"""


def held_up(learner, url):
    """Open the lab with a clock in the test's hands, and keep back an answer that is owed."""
    learner.page.add_init_script(HOLD_ANSWERS)
    learner.page.clock.install()
    remember(learner.page, GOOD)
    learner.open(url)
    learner.open_step("Explore")
    learner.page.evaluate("heldAnswers = []")
    learner.ask_for("Profiler mode")
    return learner.page.locator("#notice-stalled")


def test_an_answer_that_comes_late_takes_the_notice_away(learner, url):
    notice = held_up(learner, url)
    learner.page.clock.run_for(25_000)
    expect(notice).to_contain_text("Python has not answered for 20 seconds")

    learner.page.evaluate("giveAnswers()")

    expect(notice).to_be_hidden()
    expect(learner.region("workbench").get_by_text("Modelled, not measured")).to_be_visible()


def test_a_page_that_slept_gives_python_one_more_period(learner, url):
    notice = held_up(learner, url)
    learner.page.clock.fast_forward("01:00:00")
    assert notice.count() == 0

    learner.page.clock.run_for(25_000)
    expect(notice).to_contain_text("Python has not answered for 20 seconds")


def test_a_reflection_that_says_nothing_is_asked_for_again_and_then_kept(learner, url):
    remember(learner.page, ledger_of(PLACES["reflect"]))
    learner.open(url)
    learner.choose("The constraint you claim", "BWₘₑₘ: memory bandwidth binds")
    learner.tick("MBU")
    region = learner.region("reflection")
    expect(region.get_by_text("Does not bear on your claim.")).to_be_visible()
    for field, text in (("Claim", "a"), ("Trade-off", "b"), ("Residual risk", "c")):
        learner.write(field, text)
    before = learner.kinds()

    learner.press("Enter it in the ledger")

    expect(region.get_by_role("alert").get_by_text("say it in a sentence").first).to_be_visible()
    assert learner.kinds() == before

    learner.press("Enter it in the ledger")

    eventually(learner.page, lambda: learner.kinds() == [*before, "reflection"])
    assert parse(learner.ledger_text()).entries[-1].asked_again == "claim tradeoff residual_risk evidence"
