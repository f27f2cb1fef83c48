"""What is unfolded stays unfolded while the words in it follow a control."""

from playwright.sync_api import expect

OPEN = "each => each.closest('details').open"


def test_what_is_unfolded_stays_so_as_a_control_moves(learner, url):
    learner.open(url)
    learner.predict()
    bench = learner.region("workbench")
    expect(bench.get_by_text("A step takes").first).to_be_visible()
    ceiling = bench.get_by_text("Its own ceiling", exact=True)
    reach = bench.get_by_text("Its kernels can reach")
    ceiling.click()
    before = reach.inner_text()

    bench.get_by_role("combobox", name="Layer").select_option(label="Gate and up projections")

    expect(reach).not_to_have_text(before)
    expect(reach).to_be_visible()
    assert ceiling.evaluate(OPEN)

    ceiling.click()
    learner.set("Attention kernel", "Fused, KV heads grouped")
    assert not ceiling.evaluate(OPEN)
