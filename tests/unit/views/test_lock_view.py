"""The lock asks, and says what is missing."""

from ridgepoint.app import App


def test_submitting_an_empty_lock_says_what_is_missing():
    app = App(None, lambda: "2026-01-01T00:00:00Z", print)

    app.form.param.trigger("submit")

    assert "how sure you are of question 2" in app.form.message


def test_what_is_locked_is_not_built():
    app = App(None, lambda: "2026-01-01T00:00:00Z", print)

    assert [name for name, root in app.roots.items() if len(root)] == ["lock"]
