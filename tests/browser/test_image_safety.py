"""An image is put only into a Python that is linked as the build's was, and what traps is not started from it again."""

import gzip
import struct

import pytest
from playwright.sync_api import expect
from tests.browser.learner import SLOPE

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
    return bytearray(gzip.decompress(next((site / "runtime").glob("image-*")).read_bytes()))


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
    learner.page.route(IMAGE, lambda route: route.fulfill(body=gzip.compress(image, 1)))
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
