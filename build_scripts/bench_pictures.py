"""How smoothly the living pictures run: frames a second, what each costs the main thread, and none where nobody looks."""

from __future__ import annotations

from bench_browser import Browsers, await_round_trip, round_trip_count, round_trip_figures
from bench_lab import go_to, kept_ledger
from console import BuildError
from playwright.sync_api import Page
from trees import Tree

__all__ = ["COUNT_FRAMES", "picture_figures"]

LEAST_FRAMES_PER_S = 50
MOST_FRAME_MS = 4.0
WATCHED_MS = 3000
MOVES = 24

# A frame of a picture is one that clears its canvas; its cost is that of the whole callback.
COUNT_FRAMES = """() => {
    const [clear, ask] = [CanvasRenderingContext2D.prototype.clearRect, window.requestAnimationFrame];
    let drawn = 0;
    window.pictureFrames = [];
    CanvasRenderingContext2D.prototype.clearRect = function (...words) {
        if (this.canvas.closest("#picture")) drawn++;
        return clear.apply(this, words);
    };
    window.requestAnimationFrame = (act) => ask.call(window, (at) => {
        const [before, begun] = [drawn, performance.now()];
        act(at);
        if (drawn > before) pictureFrames.push(performance.now() - begun);
    });
}"""
ENTRIES = "([name, since]) => performance.getEntriesByType('measure').filter(e => e.name === name && e.startTime > since).map(e => e.duration)"
WATCH = """(ms) => new Promise((resolve) => {
    pictureFrames.length = 0;
    setTimeout(() => resolve([...pictureFrames]), ms);
})"""


def picture_figures(browsers: Browsers, tree: Tree) -> dict[str, object]:
    """Watch the picture of each track's first part run, then stopped, then out of sight, then follow a control."""
    figures: dict[str, object] = {}
    with browsers.live(tree.site, kept=kept_ledger(tree)) as (page, errors):
        page.evaluate(COUNT_FRAMES)
        for track in tree.vocabulary["tracks"]:
            figures |= _watched(page, track["id"])
        if errors:
            raise BuildError(f"Something went wrong while pictures ran: {errors}")
    return figures


def _watched(page: Page, track_id: str) -> dict[str, object]:
    go_to(page, track_id, 1)
    page.locator("#picture canvas").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)  # what the bench does once it is open
    frames = sorted(page.evaluate(WATCH, WATCHED_MS))
    page.locator("#picture").get_by_role("button", name="Stop the picture").click()
    page.wait_for_timeout(200)
    stopped = len(page.evaluate(WATCH, 1000))
    page.locator("#picture").get_by_role("button", name="Let the picture run").click()
    page.evaluate("document.getElementById('picture').style.display = 'none'")
    page.wait_for_timeout(200)
    hidden = len(page.evaluate(WATCH, 1000))
    page.evaluate("document.getElementById('picture').style.display = ''")
    per_s = len(frames) / (WATCHED_MS / 1000)
    middle, late = (frames[int(share * (len(frames) - 1))] if frames else 0.0 for share in (0.5, 0.95))
    kept = per_s >= LEAST_FRAMES_PER_S and late <= MOST_FRAME_MS and stopped == hidden == 0
    return {
        f"{track_id}: picture, frames a second; ms of a frame, p50, p95": [round(per_s, 1), round(middle, 2), round(late, 2)],
        f"{track_id}: picture, frames while stopped, while hidden; as promised": [stopped, hidden, kept],
        f"{track_id}: from a move to the picture, p50, p95; to the charts, ms": _moved(page),
    }


def _moved(page: Page) -> list[float]:
    """Choose to and fro with the first drop-down, and return how soon the picture, and then every chart, followed."""
    choice = page.locator("#region-controls").get_by_role("combobox").first
    since = page.evaluate("performance.now()")
    for _ in range(MOVES):
        count = round_trip_count(page)
        choice.select_option(index=(choice.evaluate("each => each.selectedIndex") + 1) % 2)
        await_round_trip(page, count)
    picture, charts = (page.evaluate(ENTRIES, [f"rooflab:{name}", since]) for name in ("picture", "round-trip"))
    if len(picture) < MOVES:
        raise BuildError(f"Of {MOVES} moves only {len(picture)} reached the picture.")
    return [*round_trip_figures(picture), *round_trip_figures(charts)]
