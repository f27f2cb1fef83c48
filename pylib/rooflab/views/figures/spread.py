"""Every sample of every row, as a multiple of the row's best: a strip of dots a row."""

from rooflab.units import counted
from rooflab.views.figures.svg import circle, label, line, picture, place_between

__all__ = ["spread_figure"]

WIDTH, ROW, HEAD = 420, 16, 14
ALONG = (226.0, 408.0)


def spread_figure(rows, unsteady):
    """Draw (name, multiples of the best, whether it is steady) from the top; `unsteady` is the median from which a row is not."""
    most = max([1.1 * unsteady, *(value for _, values, _ in rows for value in values)])
    foot = HEAD + ROW * len(rows)

    def at(value):
        return place_between(value, (1.0, most), ALONG)

    drawn = []
    for number, (name, values, steady) in enumerate(rows):
        y = HEAD + ROW * (number + 0.5)
        drawn.append(label(0, y + 4, name if steady else f"✗ {name}"))
        drawn += [circle(at(value), y, 2.5, "rp-fig-dot" if steady else "rp-fig-last") for value in values]
    return picture(
        "Time of a sample against the best of its row", f"{counted(len(rows), 'row')}, the slowest sample {most:.2f} times the best.", WIDTH, foot + 40,
        line((ALONG[0], foot), (ALONG[1], foot), "rp-fig-axis"),
        line((at(unsteady), HEAD), (at(unsteady), foot), "rp-fig-other"),
        *drawn,
        *(label(at(value), foot + 14, f"{value:.3g}×", anchor="middle") for value in (1.0, unsteady)),
        label(sum(ALONG) / 2, foot + 32, "dashed: a median beyond it is unsteady", anchor="middle"),
    )  # fmt: skip
