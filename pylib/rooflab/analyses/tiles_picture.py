"""The living picture of tiles: one product cut up, wave by wave over the processors, and its waves against its bytes."""

from rooflab.analyses.tiles import Tiles
from rooflab.specs import TileProblem
from rooflab.systems.picture import Pace, Picture, pace_of
from rooflab.units import counted, format_bytes, format_count, format_fraction, format_time
from rooflab.values import Plain

__all__ = ["tiles_picture"]

UNPROPOSED = "timed once you propose it"
_WAVE_S = 2.0  # of the picture, where a wave has no time yet


def tiles_picture(problem: TileProblem, tiles: Tiles | None, *, timed: bool) -> Picture:
    """Return one tiling of a product; None before all its sizes are chosen.

    Its times are part of the picture once it is proposed (`timed`): before that the clock counts waves. A period is the
    kernel, in which every wave has the same share.
    """
    numbers = {
        "product": _product(problem),
        "tiles": None if tiles is None else _tiles(problem, tiles),
        "times": _times(problem, tiles) if tiles is not None and timed and tiles.fits else None,
        "untimed": UNPROPOSED if tiles is not None and tiles.fits and not timed else None,
    }
    return Picture(
        kind="tiles",
        title=_title(problem, tiles, numbers),
        words=_words(problem, tiles, numbers),
        rows=_rows(problem, tiles, numbers),
        pace=_pace(tiles, numbers),
        numbers=numbers,
    )


def _product(problem: TileProblem) -> dict[str, Plain]:
    rows, columns = format_count(problem.rows), format_count(problem.columns)
    return {
        "name": problem.name,
        "rows": problem.rows,
        "columns": problem.columns,
        "label": f"{rows} × {columns} outputs, each a sum over {format_count(problem.depth)}",
        "rows_label": rows,
        "columns_label": columns,
        "slots": problem.slots,
        "slots_label": f"{counted(problem.slots, 'tile')} at once",
        "on_chip_bytes": float(problem.on_chip_bytes),
        "on_chip_label": f"{format_bytes(problem.on_chip_bytes)} on the chip",
    }


def _tiles(problem: TileProblem, tiles: Tiles) -> dict[str, Plain]:
    count, waves, splits = int(tiles.tiles_count), int(tiles.waves_count), int(tiles.splits)
    last = count - (waves - 1) * problem.slots
    idle, beyond = problem.slots - last, 1 - float(tiles.tile_fraction)
    return {
        "tile_rows": int(tiles.tile_rows),
        "tile_columns": int(tiles.tile_columns),
        "splits": splits,
        "label": f"{tiles.tile_rows} × {tiles.tile_columns}" + (f", split-K {splits}" if splits > 1 else ""),
        "count": count,
        "waves": waves,
        "waves_label": f"{counted(count, 'tile')} in {counted(waves, 'wave')}",
        "last": last,
        "idle": idle,
        "idle_label": f"{idle} of {problem.slots} idle in the last wave" if idle else "no processor is idle",
        "busy_fraction": float(tiles.wave_fraction),
        "beyond_fraction": beyond,
        "beyond_label": f"{format_fraction(beyond)} of the area over the edge" if beyond else None,
        "needed_bytes": float(tiles.needed_bytes),
        "needed_label": f"a tile needs {format_bytes(tiles.needed_bytes)}",
        "fits": bool(tiles.fits),
    }


def _times(problem: TileProblem, tiles: Tiles) -> dict[str, Plain]:
    """Return the arithmetic of the waves against the bytes of each memory, and the kernel that both make."""
    lanes = [("waves", float(tiles.waves_s)), (problem.memory.name, float(tiles.memory_s))]
    if problem.cache:
        lanes.append((problem.cache.name, float(tiles.cache_s)))
    binds = max(lanes, key=lambda each: each[1])[0]
    kernel_s = float(tiles.kernel_s)
    return {
        "kernel_s": kernel_s,
        "kernel_label": f"kernel {format_time(kernel_s)}",
        "lanes": [{"name": name, "s": time_s, "label": format_time(time_s), "binds": name == binds} for name, time_s in lanes],
        "binds_label": f"{binds} {'bind' if binds == 'waves' else 'binds'}",
        "moved_label": f"{format_bytes(tiles.moved_bytes)} moved",
    }


def _pace(tiles: Tiles | None, numbers: dict[str, Plain]) -> Pace | None:
    if numbers["times"]:
        kernel_s = numbers["times"]["kernel_s"]
        return pace_of(kernel_s, step_s=kernel_s / numbers["tiles"]["waves"])
    if tiles is None or not tiles.fits:
        return None
    slow, fast = 2 * _WAVE_S, _WAVE_S / 2
    lasting_s = (slow, _WAVE_S, fast)
    return Pace(
        period_s=float(tiles.waves_count),
        step_s=1.0,
        rungs_s=tuple(1 / each for each in lasting_s),
        words=tuple(f"1 wave here is {each:g} s" for each in lasting_s),
        chosen=1,
    )


def _title(problem: TileProblem, tiles: Tiles | None, numbers: dict[str, Plain]) -> str:
    if tiles is None:
        return f"{problem.name}: choose rows and columns of a tile"
    cut = numbers["tiles"]
    if not tiles.fits:
        return f"{cut['label']} cannot run: {cut['needed_label']}, {numbers['product']['on_chip_label']}"
    if numbers["times"]:
        return f"{cut['waves_label']}: {numbers['times']['binds_label']}, {numbers['times']['kernel_label']}"
    return f"{cut['waves_label']}: {cut['idle_label']}"


def _words(problem: TileProblem, tiles: Tiles | None, numbers: dict[str, Plain]) -> str:
    product, cut, times = numbers["product"], numbers["tiles"], numbers["times"]
    begin = f"{product['name']}: {product['label']}, {product['slots_label']}, {product['on_chip_label']}."
    if tiles is None:
        return f"{begin} No tile is chosen yet."
    if not tiles.fits:
        return f"{begin} Tiles of {cut['label']}: {cut['needed_label']}, so none can run."
    edge = f", {cut['beyond_label']}" if cut["beyond_label"] else ""
    timed = UNPROPOSED
    if times:
        lanes = ", ".join(f"{each['name']} {each['label']}" for each in times["lanes"])
        timed = f"{lanes}; {times['binds_label']}, {times['moved_label']}, {times['kernel_label']}"
    return f"{begin} {cut['waves_label']} of {cut['label']}, {cut['idle_label']}{edge}. Times: {timed}."


def _rows(problem: TileProblem, tiles: Tiles | None, numbers: dict[str, Plain]) -> tuple[tuple[str, str], ...]:
    product, cut, times = numbers["product"], numbers["tiles"], numbers["times"]
    rows = [("Product", product["label"]), ("Tiles at once", f"{problem.slots}"), ("Memory of a tile on the chip", format_bytes(problem.on_chip_bytes))]
    if tiles is None:
        return tuple(rows)
    rows += [
        ("Tile", cut["label"]),
        ("A tile needs", format_bytes(tiles.needed_bytes)),
        ("Area over the edge", format_fraction(cut["beyond_fraction"])),
    ]
    if not tiles.fits:
        return (*rows, ("Runs", "no"))
    rows += [
        ("Tiles", format_count(cut["count"])),
        ("Waves", format_count(cut["waves"])),
        ("Processors busy in the last wave", f"{cut['last']} of {problem.slots}"),
        ("Processors busy in all waves", format_fraction(cut["busy_fraction"])),
    ]
    if times is None:
        return (*rows, ("Times", UNPROPOSED))
    return (
        *rows,
        *((f"{each['name']} take" if each["name"] == "waves" else f"Bytes of {each['name']} take", each["label"]) for each in times["lanes"]),
        ("Binds", times["binds_label"]),
        ("Bytes moved", times["moved_label"].removesuffix(" moved")),
        ("Kernel", format_time(times["kernel_s"])),
    )
