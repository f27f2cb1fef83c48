"""Scripts that several tests run in the page."""

__all__ = ["FILL_STORAGE", "KEEP_WORKERS"]

# Leaves no room for a single character.
FILL_STORAGE = """for (let size = 1 << 22; size >= 1; ) {
    try { localStorage["filler" + size + Math.random()] = "x".repeat(size); } catch { size >>= 1; }
}"""

# Before the page's own: keeps the workers that the page makes, so that a test can end one.
KEEP_WORKERS = """{
    const Real = window.Worker;
    window.workers = [];
    window.Worker = class extends Real { constructor(...words) { super(...words); workers.push(this); } };
}"""
