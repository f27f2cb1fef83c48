"""What is filled in and not committed: kept as it is typed, put back wherever a page ends, dropped when it is committed."""

import json

import pytest
from playwright.sync_api import expect
from tests.browser.learner import CLAIM, SLOPE, Learner, eventually
from tests.browser.ledgers import midway
from tests.browser.rendered import fill_in, rendered
from tests.browser.scripts import ASKS, FILL_STORAGE, KEEP_WORKERS, MAKE_ROOM
from tests.browser.test_saved_work import PLACES, REFUSALS, ledger_of, remember
from tests.browser.test_start import IMAGE, held

from rooflab.lab.ledger.ledger import parse

DRAFTS = "Object.keys(localStorage).filter((key) => key.includes(':draft:')).map((key) => [key, localStorage[key]])"
FORMS = {
    "a lock": ("edge-guardian", 1, "prediction", "lock", "Lock in my predictions"),
    "a diagnosis": ("cloud-titan", 1, "diagnosis", "reflection", "Commit to this diagnosis"),
    "a reflection with a stance": ("tiny-pioneer", 1, "reflection", "reflection", "Enter it in the ledger"),
    "a tiling": ("mobile-nomad", 2, "proposal", "reflection", "Propose this tiling"),
    "an answer to the stakeholder": ("edge-guardian", 3, "reply", "reflection", "Answer with this design"),
    "a defence": ("cloud-titan", 3, "reflection", "reflection", "Enter it in the ledger"),
}


@pytest.fixture
def reflecting(learner, url):
    """A learner at the reflection of the first part."""
    remember(learner.page, ledger_of(PLACES["reflect"]))
    learner.open(url)
    expect(learner.page.get_by_role("textbox", name="Claim")).to_be_visible()
    return learner


def typed(learner, field):
    return learner.page.get_by_role("textbox", name=field)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_as_it_was_left_and_can_be_committed(learner, url, form):
    track, part, kind, region, button = FORMS[form]
    remember(learner.page, midway(track, part, before=kind))
    learner.open(f"{url}#{track}/{part}")
    expect(learner.page.get_by_role("button", name=button)).to_be_visible()
    fill_in(learner.page, region)
    left = rendered(learner.page, region)
    learner.reload()
    expect(learner.page.get_by_role("button", name=button)).to_be_visible()
    eventually(learner.page, lambda: rendered(learner.page, region) == left)

    learner.press(button)
    if kind == "reflection":
        learner.keep_as_it_is()

    eventually(learner.page, lambda: learner.kinds()[-1:] == [kind])
    eventually(learner.page, lambda: learner.page.evaluate(DRAFTS) == [])


def test_a_text_that_is_still_being_typed_is_kept(reflecting):
    typed(reflecting, "Claim").press_sequentially("No blur yet")
    reflecting.reload()
    expect(typed(reflecting, "Claim")).to_have_value("No blur yet")

    typed(reflecting, "Claim").press("Control+a")
    typed(reflecting, "Claim").press("Delete")
    reflecting.reload()

    expect(typed(reflecting, "Trade-off")).to_be_visible()
    expect(typed(reflecting, "Claim")).to_have_value("")


@pytest.mark.parametrize("way", ["another track", "another length", "a page beside it", "a closed tab"])
def test_no_way_out_of_a_form_loses_it(context, reflecting, url, way):
    page = reflecting.page
    typed(reflecting, "Claim").fill("Half a thought")
    if way == "another track":
        page.locator("#tracks input[value=edge-guardian]").check()
        expect(page.locator("#path[data-track=edge-guardian]")).to_have_count(1)
        page.locator("#tracks input[value=cloud-titan]").check()
    elif way == "another length":
        page.click("#open-menu")
        page.locator("#modes input[value=compact]").check()
        expect(page.locator("#modes input[value=compact]")).to_be_checked()
    elif way == "a page beside it":
        page.goto(f"{url}model.html")
        page.go_back()
    else:
        page.close()
        reflecting.page = context.new_page()
        reflecting.open(url)

    expect(typed(reflecting, "Claim")).to_have_value("Half a thought")


def test_a_choice_made_before_python_is_there_is_kept(learner, url):
    with held(learner.page, IMAGE):
        learner.open(url, stage="painted")
        learner.choose(SLOPE, "No, its time stays the same")
    learner.reload()

    group = learner.page.get_by_role("radiogroup", name=SLOPE)
    expect(group.get_by_role("radio", name="No, its time stays the same")).to_be_checked()


def on_bench(learner):
    return {name: held for name, held in rendered(learner.page, "workbench").items() if name}


@pytest.fixture
def exploring(learner, url):
    """A learner at the bench of the first part."""
    learner.page.add_init_script(KEEP_WORKERS)
    remember(learner.page, ledger_of(PLACES["explore"]))
    learner.open(url)
    expect(learner.region("workbench").get_by_text("A step takes").first).to_be_visible()
    return learner


def test_a_bench_is_as_it_was_left(exploring):
    exploring.set("Attention kernel", "Fused, KV heads grouped")
    exploring.set("Dispatch", "Graph: launch once")
    left = on_bench(exploring)
    exploring.reload()

    assert on_bench(exploring) == left


def test_a_control_that_python_never_heard_of_is_as_it_was_left(exploring):
    exploring.page.evaluate("workers[0].terminate()")
    bench = exploring.region("workbench")
    bench.get_by_role("combobox", name="Dispatch").select_option(label="Graph: launch once")
    bench.get_by_role("textbox").first.fill("9")
    bench.get_by_role("textbox").first.press("Enter")
    exploring.reload()

    expect(bench.get_by_role("combobox", name="Dispatch")).to_have_value("Graph: launch once")
    expect(bench.get_by_role("textbox").first).to_have_value("9")
    eventually(exploring.page, lambda: "bench" not in json.loads(exploring.page.evaluate(DRAFTS)[0][1]))


def test_a_number_that_is_still_being_typed_is_kept(exploring):
    number = exploring.region("workbench").get_by_role("textbox").first
    number.press("Control+a")
    number.press_sequentially("9")
    exploring.reload()
    expect(number).to_have_value("9")

    exploring.reload()
    expect(number).to_have_value("9")


def test_drafts_go_with_their_ledger(reflecting):
    page = reflecting.page
    typed(reflecting, "Claim").fill("Mine")
    page.set_input_files("#import-file", {"name": "theirs.json", "mimeType": "application/json", "buffer": midway("cloud-titan", 1, before="reflection").encode()})
    reflecting.press("Replace my ledger with this one")
    expect(typed(reflecting, "Claim")).to_have_value("")
    typed(reflecting, "Claim").fill("Theirs")

    page.click("#open-menu")
    page.click("#undo-import")
    reflecting.wait("live")

    expect(typed(reflecting, "Claim")).to_have_value("Mine")


def test_starting_over_begins_without_drafts(learner, url):
    learner.open(url)
    learner.choose(SLOPE, "No, its time stays the same")
    learner.page.click("#open-menu")
    learner.page.click("#start-over")
    with learner.page.expect_navigation():
        learner.page.click("#start-over-confirm")
    learner.wait("live")

    assert not any(rendered(learner.page, "lock").values())


def test_drafts_of_a_ledger_that_is_nowhere_any_more_go(learner, url):
    learner.open(url)
    page = learner.page
    page.evaluate("localStorage['rooflab:/rooflab/:aside:2026-11-02 start-over'] = '{\"session\":\"kept\"}'")
    for session in ("kept", "gone"):
        page.evaluate(f"localStorage['rooflab:/rooflab/:draft:{session}:cloud-titan:1'] = '{{\"reflection\":{{\"claim\":\"x\"}}}}'")
    page.evaluate("localStorage.removeItem('rooflab:/rooflab/:session')")
    learner.reload()

    assert [key.split(":")[3] for key, _ in page.evaluate(DRAFTS)] == ["kept"]


def test_two_tabs_keep_the_fields_that_each_wrote(context, reflecting, url):
    second = Learner(context.new_page())
    second.open(url)
    typed(reflecting, "Claim").fill("From the first tab")
    typed(second, "Trade-off").fill("From the second tab")
    reflecting.reload()

    expect(typed(reflecting, "Claim")).to_have_value("From the first tab")
    expect(typed(reflecting, "Trade-off")).to_have_value("From the second tab")


@pytest.mark.parametrize("refusal", REFUSALS)
def test_without_storage_drafts_are_no_trouble(learner, url, refusal):
    learner.page.add_init_script(REFUSALS[refusal])
    learner.open(url)
    expect(learner.page.locator("#notices")).to_contain_text("until you close this tab")
    learner.choose(SLOPE, "No, its time stays the same")

    assert learner.page.locator("#notice-drafts").count() == 0


def test_a_full_storage_is_said_once_for_drafts(reflecting):
    reflecting.page.evaluate(f"() => {{ {FILL_STORAGE} }}")
    typed(reflecting, "Claim").press_sequentially("one")
    notice = reflecting.page.locator("#notice-drafts")
    expect(notice).to_contain_text("This browser has no room left")
    notice.get_by_role("button", name="Dismiss").click()
    typed(reflecting, "Claim").press_sequentially("two")

    assert notice.count() == 0
    expect(typed(reflecting, "Claim")).to_have_value("onetwo")


def test_a_draft_that_had_no_room_is_asked_about_and_kept_when_there_is_some(reflecting):
    page, notice = reflecting.page, reflecting.page.locator("#notice-drafts")
    page.evaluate(f"() => {{ {FILL_STORAGE} }}")
    typed(reflecting, "Claim").fill("Had no room")
    expect(notice).to_be_visible()
    assert page.evaluate(ASKS)

    page.evaluate(f"() => {{ {MAKE_ROOM} }}")
    typed(reflecting, "Trade-off").fill("Had room")

    expect(notice).to_have_count(0)
    assert not page.evaluate(ASKS)
    reflecting.reload()
    expect(typed(reflecting, "Claim")).to_have_value("Had no room")
    expect(typed(reflecting, "Trade-off")).to_have_value("Had room")


def test_a_form_that_had_no_room_is_there_after_a_look_at_another_track(reflecting):
    page = reflecting.page
    page.evaluate(f"() => {{ {FILL_STORAGE} }}")
    typed(reflecting, "Claim").fill("Half a thought")
    page.locator("#tracks input[value=edge-guardian]").check()
    expect(page.locator("#path[data-track=edge-guardian]")).to_have_count(1)
    page.locator("#tracks input[value=cloud-titan]").check()

    expect(typed(reflecting, "Claim")).to_have_value("Half a thought")


HOSTILE = {
    "not JSON": "{",
    "a list": "[1]",
    "null": "null",
    "kinds that are texts": {"reflection": "claim"},
    "wrong types": {"reflection": {"claim": 7, "stance": ["memory"], "evidence": "1. MBU", "tradeoff": {"a": 1}, "residual_risk": None}},
    "too long": {"reflection": {"claim": "x" * 100_001}},
    "not offered": {"reflection": {"stance": "Elsewhere", "evidence": ["9. Nothing"]}},
    "prototype": '{"__proto__":{"claim":"x"},"constructor":{"prototype":1}}',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_drafts_that_no_lab_wrote_are_left_out(learner, url, kind):
    text = HOSTILE[kind] if isinstance(HOSTILE[kind], str) else json.dumps(HOSTILE[kind])
    learner.page.add_init_script(f"localStorage['rooflab:/rooflab/:draft:another-device:cloud-titan:1'] ??= {json.dumps(text)}")
    remember(learner.page, ledger_of(PLACES["reflect"]))
    learner.open(url)
    expect(typed(learner, "Claim")).to_be_visible()
    assert not any(rendered(learner.page, "reflection").values())

    learner.reflect()

    assert parse(learner.ledger_text()).entries[-1].claim == CLAIM
