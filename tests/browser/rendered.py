"""What the controls of a region show, read from what is rendered, and a hand that fills in every one of them."""

from functools import partial

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
    for fill in hands(page, region):
        fill()


def hands(page, region, chance=None):
    """Return one act for each text, choice and drop-down of a region; `chance` draws what is typed and chosen."""
    at = page.locator(f"#region-{region}")
    acts = []
    for number, field in enumerate(at.get_by_role("textbox").all()):
        words = f"Half a thought {number}"
        acts.append(partial(field.press_sequentially, words[: chance.randint(1, len(words))] if chance else words))
    for group in at.get_by_role("radiogroup").all():
        choices = group.get_by_role("radio").all()
        acts.append(chance.choice(choices).check if chance else choices[-1].check)
    acts += [box.check for box in at.get_by_role("checkbox").all()]
    for choice in at.get_by_role("combobox").all():
        last = choice.locator("option").count() - 1
        acts.append(partial(_choose, choice, chance.randint(1, last) if chance else min(2, last)))
    return acts


def _choose(choice, index):
    """Choose an option, or the last if another choice has left fewer of them."""
    choice.select_option(index=min(index, choice.locator("option").count() - 1))
