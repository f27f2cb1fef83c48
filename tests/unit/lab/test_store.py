"""A store answers whether it kept the text."""

from rooflab.lab.store import MemoryStore


def test_a_save_is_confirmed():
    store, heard = MemoryStore(), []
    store.on_saved = lambda ok, reason: heard.append((ok, reason))

    store.save("one")

    assert (store.text, heard) == ("one", [(True, "")])


def test_a_failed_save_says_why_and_keeps_what_was_there():
    store, heard = MemoryStore("before"), []
    store.on_saved = lambda ok, reason: heard.append((ok, reason))
    store.failure = "full"

    store.save("after")

    assert (store.text, heard) == ("before", [(False, "full")])


def test_text_set_aside_is_kept_with_its_reason():
    store = MemoryStore("broken")

    store.save("fresh", aside="unreadable")

    assert (store.text, store.aside) == ("fresh", [("unreadable", "broken")])
