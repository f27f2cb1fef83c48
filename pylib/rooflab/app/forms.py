"""Whether what a learner filled in is complete."""

__all__ = ["complete"]


def complete(form):
    """Say whether a form lacks nothing; what it lacks is written into it, where the view shows it as an alert."""
    gaps = form.missing()
    form.message = f"Still missing: {_listed(gaps)}." if gaps else ""
    return not gaps


def _listed(words):
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
