"""Scripts that speak for Python to a page that measures: what it would ask, and what the page tells it.

The bench and the tests use them. They go around the screen, so they hold whatever that looks like.
"""

__all__ = ["FRAGMENT", "LISTEN", "ask"]

FRAGMENT = "#your-machine"

LISTEN = """{
    const post = labWorker.postMessage.bind(labWorker);
    window.machineTold = [];
    labWorker.postMessage = (message, ...words) => {
        if (message.type === "machine") machineTold.push(message);
        post(message, ...words);
    };
}"""
"""Keep what the page tells Python of its machine."""

_ASK = """labWorker.dispatchEvent(new MessageEvent("message", { data: { type: "machine", ask: "%s" } }));"""


def ask(what: str) -> str:
    """Return the script that asks as Python does."""
    return _ASK % what
