"""An image is put only into a Python that is linked as the build's was, and what traps is not started from it again."""

import struct

import pytest
from playwright.sync_api import expect
from tests.browser.learner import SLOPE, eventually
from tests.packing import packed_again, unpacked

IMAGE = "**/runtime/image-*"
WORKER = "**/js/worker-*"
HEAD_WORDS = 4

# An engine that knows no wasm-GC refuses Python's call trampoline.
NO_TRAMPOLINE = """
WebAssembly.Module = new Proxy(WebAssembly.Module, {
  construct(target, [bytes]) {
    if (new TextDecoder("latin1").decode(bytes).includes("trampoline_call")) {
      console.log("trampoline refused");
      throw new WebAssembly.CompileError("invalid type form");
    }
    return Reflect.construct(target, [bytes]);
  },
});
"""


def image_bytes(site):
    return bytearray(unpacked(next((site / "runtime").glob("image-*")).read_bytes()))


def layout(image):
    """Return where the layout begins in an image, and its figures."""
    head, _, _, count = struct.unpack_from("<4I", image)
    at = 4 * HEAD_WORDS + (head + 3) // 4 * 4
    return at, list(struct.unpack_from(f"<{count}I", image, at))


def prefix_worker(page, site, script):
    text = next((site / "js").glob("worker-*")).read_text()
    page.route(WORKER, lambda route: route.fulfill(body=script + text, content_type="text/javascript"))


@pytest.mark.parametrize("figure", [0, 1, 2, 3], ids=["table length", "trampoline", "memory base", "table base"])
def test_an_image_of_another_layout_is_given_up_for_the_slower_start(learner, watched, url, site, figure):
    watched.allow("memory image could not be restored.*links Python in another way")
    image = image_bytes(site)
    at, figures = layout(image)
    struct.pack_into("<I", image, at + 4 * figure, figures[figure] + 972)
    learner.page.route(IMAGE, lambda route: route.fulfill(body=packed_again(image)))
    learner.open(url)

    assert learner.data("start") == "fallback"
    expect(learner.page.locator("#status-stage")).to_have_text("Ready (slower start)")
    assert any("links Python in another way" in problem for problem in watched.problems)


def test_the_image_works_where_the_engine_has_no_trampoline(learner, site, url):
    said = []
    learner.page.on("console", lambda message: said.append(message.text))
    prefix_worker(learner.page, site, NO_TRAMPOLINE)
    learner.open(url)
    assert "trampoline refused" in said
    assert learner.data("start") == "resumed"

    learner.predict()
    learner.explore()

    assert learner.kinds() == ["prediction", "prediction", "pin"]


# At a word of the test every function is taken out of Python's table, so that its next call through it traps.
TRAPS_WHEN_TOLD = """
const { instantiate } = WebAssembly;
let table;
WebAssembly.instantiate = async (source, imports) => {
  const made = await instantiate(source, imports);
  table ??= (made.exports ?? made.instance.exports).__indirect_function_table;
  return made;
};
addEventListener("message", ({ data }) => {
  for (let i = 1; data.type === "trap" && i < table.length; i++) table.set(i, null);
});
"""


# At a word of the test a function is called that no start calls.
CALLS_WHEN_TOLD = """
const { instantiate } = WebAssembly;
let runtime;
WebAssembly.instantiate = async (source, imports) => {
  const made = await instantiate(source, imports);
  const { exports } = made.instance ?? made;
  if (exports.Py_GetVersion) runtime = exports;
  return made;
};
addEventListener("message", ({ data }) => {
  if (data.type !== "call") return;
  const at = runtime.Py_GetVersion();
  const bytes = new Uint8Array(runtime.memory.buffer, at, 5);
  postMessage({ type: "said", text: String.fromCharCode(...bytes) });
});
"""
ANSWER = """() => new Promise((resolve) => {
    labWorker.addEventListener("message", ({ data }) => data.type === "said" && resolve(data.text));
    labWorker.postMessage({ type: "call" });
})"""


def requests_of_the_rest(page):
    asked = []
    page.on("request", lambda request: "wasm_rest" in request.url and asked.append(request.url))
    return asked


def test_a_function_that_has_not_come_is_brought_while_its_caller_waits(learner, site, url):
    prefix_worker(learner.page, site, CALLS_WHEN_TOLD + "globalThis.setTimeout = () => 0;")  # nothing comes by itself
    asked = requests_of_the_rest(learner.page)
    learner.open(url)
    assert learner.data("start") == "resumed"
    assert asked == []

    assert [learner.page.evaluate(ANSWER) for _ in range(2)] == ["3.14.", "3.14."]
    assert len(asked) == 1


def test_the_rest_comes_by_itself_once_the_lab_is_live(learner, site, url):
    prefix_worker(learner.page, site, CALLS_WHEN_TOLD)
    asked = requests_of_the_rest(learner.page)
    library = []
    learner.page.on("response", lambda response: "runtime/library" in response.url and library.append(response.url))
    learner.open(url)
    assert asked == []
    eventually(learner.page, lambda: library)

    assert learner.page.evaluate(ANSWER) == "3.14."
    assert len(asked) == 1


def test_a_rest_that_did_not_come_is_fetched_again_when_it_is_needed(learner, watched, url):
    watched.allow("Failed to load resource", "The rest of the library did not arrive")
    page = learner.page
    page.route("**/runtime/wasm_rest-*", lambda route: route.abort())
    with page.expect_console_message(lambda said: "did not arrive" in said.text):
        learner.open(url)
    page.unroute("**/runtime/wasm_rest-*")
    asked = requests_of_the_rest(page)

    page.evaluate("location.hash = '#report'")

    expect(page.locator("#section-report")).to_be_visible()
    assert len(asked) == 1


def test_what_a_learner_does_on_the_bench_needs_nothing_of_the_rest(learner, site, url):
    prefix_worker(learner.page, site, "globalThis.setTimeout = ((wait) => (act, ms) => (ms === 1500 ? 0 : wait(act, ms)))(setTimeout);")
    asked = requests_of_the_rest(learner.page)
    learner.open(url)
    learner.predict()
    learner.explore()

    assert learner.kinds() == ["prediction", "prediction", "pin"]
    assert asked == []


def trap(learner):
    """Move a control of a Python that traps, and let the page say so."""
    learner.page.evaluate("labWorker.postMessage({ type: 'trap' })")
    learner.choose(SLOPE, "No, its time stays the same")
    expect(learner.page.get_by_role("button", name="Restart the lab")).to_be_visible()


def test_after_a_trap_the_lab_restarts_without_the_image(learner, watched, site, url):
    watched.allow("fatal error", "RuntimeError", "null function", "function signature mismatch", "Something went wrong")
    prefix_worker(learner.page, site, TRAPS_WHEN_TOLD)
    learner.open(url + "#cloud-titan/1")
    trap(learner)
    learner.press("Restart the lab")
    learner.wait("live")
    assert learner.data("start") == "fallback"
    assert learner.page.url == url + "#cloud-titan/1"

    learner.predict()

    learner.saved("prediction", "prediction")


def test_only_this_tab_and_this_version_start_without_the_image(learner, watched, context, site, url):
    watched.allow("fatal error", "RuntimeError", "null function", "function signature mismatch", "Something went wrong")
    prefix_worker(learner.page, site, TRAPS_WHEN_TOLD)
    learner.open(url)
    trap(learner)
    learner.reload()
    assert learner.data("start") == "fallback"

    other = type(learner)(context.new_page()).open(url)
    assert other.data("start") == "resumed"
    other.page.close()

    learner.page.evaluate("sessionStorage['rooflab:trapped'] = 'js/worker-of-another-version.js'")
    learner.reload()
    assert learner.data("start") == "resumed"
