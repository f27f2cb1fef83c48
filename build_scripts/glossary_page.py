"""The page of words: the lab's glossary, each word linked to those that belong to it."""

from __future__ import annotations

from itertools import groupby

from page_markup import Page, Raw, section, text

__all__ = ["glossary_page"]


def glossary_page() -> Page:
    """Return the glossary as a page of the site, in the alphabet's order."""
    from rooflab.lab.report.glossary import GLOSSARY

    names = {each.id: each.name for each in GLOSSARY}
    terms = sorted(GLOSSARY, key=lambda each: each.name.lower())
    letters = [(letter, list(own)) for letter, own in groupby(terms, key=lambda each: each.name[0].upper())]
    return Page(
        name="glossary.html",
        title="Glossary",
        lead="The words and symbols of the lab, each in a sentence.",
        sections=tuple((f"letter-{letter}", letter) for letter, _ in letters),
        body="".join(section(f"letter-{letter}", letter, _entries(own, names)) for letter, own in letters),
    )


def _entries(terms: list[object], names: dict[str, str]) -> str:
    entries = "".join(f'<dt id="{text(each.id)}">{text(each.name)}</dt>\n<dd>{_meaning(each, names)}</dd>\n' for each in terms)
    return f"<dl>\n{entries}</dl>\n"


def _meaning(term: object, names: dict[str, str]) -> Raw:
    see = ", ".join(f'<a href="#{text(each)}">{text(names[each])}</a>' for each in term.see)
    return Raw(text(term.words) + (f" See {see}." if see else ""))
