"""What axe finds on a page that shuts somebody out."""

from axe_playwright_python.base import AXE_SCRIPT

__all__ = ["serious", "serious_in_any_light", "violations"]

# Axe waits most of a second for audio and video to load; there is none.
USUAL = {"resultTypes": ["violations"], "preload": False}
CONTRAST = {"runOnly": ["color-contrast"]}  # of all rules, this alone depends on colours
RUN = """async ([within, options]) => {
    const { violations } = await axe.run(within ?? document, options);
    const told = ({ target, failureSummary }) => ({ target, failureSummary });
    return violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(told) }));
}"""


def violations(page, within=None, **options):
    """Return all that axe finds within a selector, or on the whole page: rule, impact, and place and reason of each node.

    A page is given axe once: its half a megabyte takes longer to read than most pages to judge.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, [within, USUAL | options])


def serious(page, within=None, **options):
    """Return the rule, the place and the reason of each node that axe finds serious or critical."""
    bad = (each for each in violations(page, within, **options) if each["impact"] in ("serious", "critical"))
    return [(each["id"], node["target"], node["failureSummary"]) for each in bad for node in each["nodes"]]


def serious_in_any_light(page, within=None):
    """The same by all rules in light colours, and once more by contrast in dark ones; the page is light again after it."""
    found = serious(page, within)
    page.emulate_media(color_scheme="dark")
    found += serious(page, within, **CONTRAST)
    page.emulate_media(color_scheme="light")
    return found
