"""Scripts that several tests run in the page."""

__all__ = ["ASKS", "FILL_STORAGE", "KEEP_WORKERS", "MAKE_ROOM"]

# Leaves no room for a single character.
FILL_STORAGE = """for (let size = 1 << 22; size >= 1; ) {
    try { localStorage["filler" + size + Math.random()] = "x".repeat(size); } catch { size >>= 1; }
}"""

MAKE_ROOM = "for (const key of Object.keys(localStorage)) if (key.startsWith('filler')) delete localStorage[key];"

# Whether the page asks before it is left.
ASKS = "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"

# Before the page's own: keeps the workers that the page makes, so that a test can end one.
KEEP_WORKERS = """{
    const Real = window.Worker;
    window.workers = [];
    window.Worker = class extends Real { constructor(...words) { super(...words); workers.push(this); } };
}"""
