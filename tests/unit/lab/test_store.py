"""A store keeps what it was given."""

from rooflab.lab.store import MemoryStore


def test_a_save_replaces_the_text():
    store = MemoryStore("one")

    store.save("two")

    assert (store.text, store.aside) == ("two", [])


def test_text_set_aside_is_kept_with_its_reason():
    store = MemoryStore("broken")

    store.save("fresh", aside="unreadable")

    assert (store.text, store.aside) == ("fresh", [("unreadable", "broken")])
