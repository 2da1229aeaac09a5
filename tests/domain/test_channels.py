"""Which channels are unfit for the facilitators."""

from __future__ import annotations

import pytest

from bot.domain.channels import Setting, Use, answers, exposed, is_use


@pytest.mark.parametrize(
    ("private", "shared", "why"),
    [
        (True, False, ()),
        (False, False, ("public",)),
        (True, True, ("shared",)),
        (False, True, ("public", "shared")),
    ],
)
def test_facilitators_need_a_channel_of_their_own(private: bool, shared: bool, why: tuple[str, ...]) -> None:
    assert exposed("facilitators", private=private, shared=shared) == why


@pytest.mark.parametrize("use", ["cohort", "applicants", "none"])
def test_other_channels_may_be_open(use: str) -> None:
    assert exposed(use, private=False, shared=True) == ()


def test_a_setting_knows_whether_it_is_exposed() -> None:
    assert Setting("C1", "open", "facilitators").exposed == ("public",)
    assert Setting("C1", "closed", "facilitators", private=True).exposed == ()


def test_only_uses_are_uses() -> None:
    assert is_use("none")
    assert not is_use("party")


@pytest.mark.parametrize(
    ("use", "said", "when"),
    [
        ("applicants", None, "questions"),
        ("cohort", None, "mention"),
        ("facilitators", None, "mention"),
        ("none", None, "mention"),
        ("cohort", "always", "always"),
        ("applicants", "mention", "mention"),
        ("applicants", "loudly", "questions"),
    ],
)
def test_only_where_applicants_ask_questions_are_answered_unasked_unless_somebody_says_so(
    use: Use, said: str | None, when: str
) -> None:
    assert answers(use, said) == when
