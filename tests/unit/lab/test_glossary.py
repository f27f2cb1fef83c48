"""One sentence a word, and every reference leads somewhere."""

import re

import pytest

from rooflab.lab.report.glossary import GLOSSARY


@pytest.mark.parametrize("each", GLOSSARY, ids=lambda each: each.id)
def test_a_term_is_explained_in_one_sentence_or_two_short_ones(each):
    assert each.words[0].isupper()
    assert each.words.endswith(".")
    assert len(re.findall(r"[.;:!?](?=\s|$)", each.words)) <= 2
    assert len(each.words) <= 130


def test_every_reference_leads_to_a_term():
    ids = {each.id for each in GLOSSARY}

    assert all(other in ids and other != each.id for each in GLOSSARY for other in each.see)


def test_terms_are_unique_and_in_order():
    ids = [each.id for each in GLOSSARY]

    assert ids == sorted(ids)
    assert len(ids) == len(set(ids))
