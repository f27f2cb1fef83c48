"""How a class came to the best design: a line a learner, the best feasible attempt so far below the best of all."""

from collections import Counter

from rooflab.lab.classroom.paths import median_path
from rooflab.units import counted, format_fraction
from rooflab.views.figures.svg import circle, label, line, path, picture, place_between

__all__ = ["paths_figure"]

WIDTH, HEIGHT = 400, 250
ACROSS, UP = (52.0, 388.0), (206.0, 24.0)


def paths_figure(mission):
    """Draw the regret of each learner's best feasible attempt so far, the median of all, and the optimum as a line."""
    paths, middle = mission.paths, median_path(mission.paths)
    most = min(max((each for one in paths for each in one if each is not None), default=0.0) or 0.01, 1.0)
    attempts = max(mission.attempts_count, *map(len, paths), 2)

    def at(number, regret):
        return place_between(number, (1, attempts), ACROSS), place_between(-regret, (-most, 0.0), UP)

    lost = sum(one[-1] is None for one in paths)
    told = [(number, regret) for number, regret in enumerate(middle, 1) if regret is not None]
    return picture(
        f"Best feasible attempt so far, {counted(len(paths), 'learner')}", _words(told, lost), WIDTH, HEIGHT,
        line((ACROSS[0], UP[0]), (ACROSS[1], UP[0]), "rp-fig-axis"),
        line((ACROSS[0], UP[1]), (ACROSS[1], UP[1]), "rp-fig-best"),
        *(_drawn([at(*each) for each in one], "rp-fig-alike" if count > 1 else "rp-fig-path") for one, count in sorted(Counter(map(_known, paths)).items()) if one),
        *([_drawn([at(*each) for each in told], "rp-fig-median")] if told else []),
        *(circle(*at(*each), 3.5, "rp-fig-met") for each in told),
        label(ACROSS[0], UP[1] - 6, "best of all"),
        *([label(ACROSS[0] + 6, UP[0] - 6, f"nothing feasible: {lost} of {len(paths)}")] if lost else []),
        label(ACROSS[0] - 5, UP[1] + 5, "0%", anchor="end"),
        label(ACROSS[0] - 5, UP[0], format_fraction(most), anchor="end"),
        label(0, (UP[0] + UP[1]) / 2, "short"),
        *(label(at(number, 0.0)[0], UP[0] + 18, str(number), anchor="middle") for number in (1, (1 + attempts) // 2, attempts)),
        label(sum(ACROSS) / 2, UP[0] + 34, "attempt; dots: the median", anchor="middle"),
    )  # fmt: skip


def _known(one):
    return tuple((number, regret) for number, regret in enumerate(one, 1) if regret is not None)


def _drawn(points, class_):
    """Join points; a path of one point is a short dash."""
    return path(points if len(points) > 1 else [points[0], (points[0][0] + 6, points[0][1])], class_)


def _words(told, lost):
    if not told:
        return f"{counted(lost, 'learner')} had no feasible attempt."
    steps = "; ".join(f"attempt {number}: {format_fraction(regret)}" for number, regret in told)
    return f"Short of the best of all, median: {steps}."
