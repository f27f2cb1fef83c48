"""What the controls of a region show, read from what is rendered, and a hand that fills in every one of them."""

WALK = """region => {
    const fields = [];
    const walk = (root) => {
        for (const each of root.querySelectorAll("*")) {
            if (each.matches("input, textarea, select")) fields.push(each);
            if (each.shadowRoot) walk(each.shadowRoot);
        }
    };
    walk(document.getElementById(`region-${region}`));
    const group = (each) => each.closest("[role=radiogroup], [role=group]")?.getAttribute("aria-label") ?? "";
    const label = (each) => (each.getAttribute("aria-label") ?? each.labels?.[0]?.innerText ?? each.closest("label")?.innerText ?? "").trim();
    const chosen = {};
    for (const each of fields) {
        const choice = each.matches("[type=radio], [type=checkbox]");
        const name = choice ? group(each) : label(each);
        if (!choice) chosen[name] = each.matches("select") ? each.selectedOptions[0]?.innerText ?? "" : each.value;
        else chosen[name] = [...(chosen[name] ?? []), ...(each.checked ? [label(each)] : [])];
    }
    return chosen;
}"""


def rendered(page, region):
    """Return what each control of a region shows, by its name: a text, or the list of what is chosen."""
    return page.evaluate(WALK, region)


def fill_in(page, region):
    """Give every text, choice and drop-down of a region something to hold, as a learner does."""
    at = page.locator(f"#region-{region}")
    for number, field in enumerate(at.get_by_role("textbox").all()):
        field.press_sequentially(f"Half a thought {number}")
    for group in at.get_by_role("radiogroup").all():
        group.get_by_role("radio").last.check()
    for box in at.get_by_role("checkbox").all():
        box.check()
    for choice in at.get_by_role("combobox").all():
        choice.select_option(index=2)
