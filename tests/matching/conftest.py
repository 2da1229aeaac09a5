"""One model, and one matcher over a small bakery, for all tests of the matching."""

from __future__ import annotations

import pytest

from bot.domain.programs import Entry
from bot.matching import model
from bot.matching.matcher import Matcher
from bot.matching.model import Model
from bot.services.vectors import Vectors


def entry(key: str, question: str, *phrasings: str, answer: str = "Yes.") -> Entry:
    return Entry(key=key, question=question, phrasings=phrasings, answer=answer, source="The page", owner="Adam")


BAKERY = (
    entry("opening", "When does the bakery open?", "opening hours", "are you open on Sunday", "what time do you open"),
    entry("rye", "Do you bake rye bread?", "rye", "is there dark bread", "bread without wheat", "¿hay pan de centeno?"),
    entry("cake", "How do I order a birthday cake?", "cake order", "can you make a cake for my birthday"),
    entry("people", "How many people work here?", "number of staff", "how big is the team"),
    entry("oven", "Which oven do you use?", "what kind of oven is it", "is it a wood oven", "brand of the oven"),
    entry("first-course", "When is the first baking course?", "date of course one", "first course start"),
    entry("second-course", "When is the second baking course?", "date of course two", "second course start"),
)


@pytest.fixture(scope="session")
def encoder() -> Model:
    return model.load()


@pytest.fixture(scope="session")
def bakery(encoder: Model) -> Matcher:
    found = Vectors(load=lambda _: encoder).finder(BAKERY)
    assert found is not None
    return found
