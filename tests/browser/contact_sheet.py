"""Pictures of every screen at three widths, light and dark, on one page of HTML in the output folder of the tests."""

import shutil
from html import escape

__all__ = ["Camera", "assert_on_sheet"]

SIZES = ((1280, 800), (1920, 1080), (360, 740))
SCHEMES = ("light", "dark")
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
TOO_WIDE = "() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)"

STYLE = """body{margin:16px;font:14px system-ui;background:#ddd}h2{margin:24px 0 4px}
div{display:flex;flex-wrap:wrap;gap:8px;align-items:start}figure{margin:0}img{height:300px;width:auto;display:block}"""


class Camera:
    """Takes each screen in every size and scheme, and notes where a page is wider than its window."""

    def __init__(self, page, folder):
        self.page, self.folder = page, folder
        self.taken, self.too_wide = [], {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def take(self, screen):
        """Take a screen and leave the page as it was."""
        before = self.page.viewport_size
        place = len(self.taken) + 1
        for at, (width, height) in enumerate(SIZES):
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES[:: -1 if at % 2 else 1]:  # to and fro: each change of colours paints all figures anew
                self.page.emulate_media(color_scheme=scheme)
                self.page.evaluate(FRAMES)
                name = f"{place:02d} {screen} {width} {scheme}.jpg".replace("/", "-")
                self.page.screenshot(path=self.folder / name, type="jpeg", quality=60)
            if over := self.page.evaluate(TOO_WIDE):
                self.too_wide[screen, width] = over
        self.taken.append(screen)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(before)
        self.page.evaluate(FRAMES)


def assert_on_sheet(camera):
    """Every screen that was taken has its pictures, the sheet shows them, and no screen was wider than its window."""
    pictures = sorted(camera.folder.glob("*.jpg"))
    sheet = _write_sheet(camera.folder.parent).read_text()
    assert len(pictures) == len(camera.taken) * len(SIZES) * len(SCHEMES)
    assert all(f"{each.parent.name}/{each.name}" in sheet for each in pictures)
    assert camera.too_wide == {}


def _write_sheet(folder):
    """Write index.html over all pictures below a folder, a line a screen, and return it."""
    rows = {}
    for path in sorted(folder.rglob("*.jpg")):
        screen = path.stem.rsplit(" ", 2)[0]
        rows.setdefault((path.parent.name, screen), []).append(path)
    body = "".join(f"<h2>{escape(where)}: {escape(screen)}</h2><div>{''.join(map(_figure(folder), paths))}</div>" for (where, screen), paths in rows.items())
    sheet = folder / "index.html"
    sheet.write_text(f'<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>{STYLE}</style>{body}', encoding="utf-8")
    return sheet


def _figure(folder):
    def figure(path):
        name = escape(path.relative_to(folder).as_posix())
        return f'<figure><a href="{name}"><img src="{name}" alt="" loading="lazy"></a>{escape(" ".join(path.stem.split(" ")[-2:]))}</figure>'

    return figure
