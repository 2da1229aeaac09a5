"""Pages made into passages: whole sentences, word for word, at most 400 characters, with their heading and page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import pages
from bot.domain.pages import LONGEST, Piece

BROKEN = """\
The community of practice meets every other month, and between the meet-
ings each organization has its own coach. Coaching is one-on-
one or in a group, and the self-
assessment is done together with the oppor\u00ad
tunity to ask."""
LONG = " ".join(f"This is sentence number {number} of a paragraph that goes on and on." for number in range(1, 31))


def bare(text: str) -> str:
    return " ".join(text.split())


def cut(*texts: str) -> tuple[Piece, ...]:
    return pages.cut(texts)


def said(*texts: str) -> list[str]:
    return [piece.text for piece in cut(*texts)]


def test_a_heading_comes_with_what_stands_below_it() -> None:
    (piece,) = cut("Getting there\nParking is free behind the library,\nand the bus stops at the door.")
    assert piece.text == "Getting there\nParking is free behind the library, and the bus stops at the door."
    assert (piece.page, piece.heading) == (1, "Getting there")


def test_a_question_is_the_heading_of_its_answer() -> None:
    found = cut("Is there parking?\nYes, behind the library.\nIs lunch served?\nNo, only snacks.")
    assert [(one.heading, one.text) for one in found] == [
        ("Is there parking?", "Is there parking?\nYes, behind the library."),
        ("Is lunch served?", "Is lunch served?\nNo, only snacks."),
    ]


def test_a_passage_knows_its_page() -> None:
    assert [piece.page for piece in cut("Parking is free.", "", "Snacks are served.")] == [1, 3]


def test_a_text_without_pages_has_passages_without_one() -> None:
    (piece,) = pages.cut(["Parking is free."], numbered=False)
    assert piece.page is None


def test_a_word_divided_at_the_end_of_a_line_is_whole_again() -> None:
    (text,) = said(BROKEN)
    assert "between the meetings each" in text
    assert "one-on-one or" in text
    assert "self-assessment" in text
    assert "opportunity to ask" in text


def test_a_hyphen_stays_where_the_document_writes_one_elsewhere() -> None:
    (text,) = said("The bi-monthly meeting is online, as are all that are bi-\nmonthly, whoever is invited to them.")
    assert text.count("bi-monthly") == 2


def test_ligatures_become_letters_and_what_cannot_be_seen_is_left_out() -> None:
    (text,) = said("The \ufb01rst o\ufb03ce hour is for every\u200bbody\u00a0who \u0000asks.")
    assert text == "The first office hour is for everybody who asks."


def test_what_stands_at_the_edge_of_every_page_is_no_part_of_any() -> None:
    running = [f"Informational Packet\nHere is what page {one} says to you.\nRiverside | {one}" for one in "123"]
    assert said(*running) == [f"Here is what page {one} says to you." for one in "123"]


def test_numbered_headings_of_several_pages_stay() -> None:
    found = cut("Week 1\nWe say who we are.", "Week 2\nWe say what we do.")
    assert [piece.heading for piece in found] == ["Week 1", "Week 2"]


def test_items_stay_with_the_line_that_leads_to_them_under_one_kind_of_bullet() -> None:
    assert said("Bring three things to every meeting:\n\uf0b7 a pen\n▪ paper\n- a friend") == [
        "Bring three things to every meeting:\n• a pen\n• paper\n• a friend"
    ]


def test_a_line_that_leads_to_items_is_not_parted_from_the_first() -> None:
    found = said(
        "Before you come\n"
        + "\n".join(f"• {'x' * 60} {at}" for at in range(5))
        + "\n• Bring these:\n• a pen "
        + "y" * 60
    )
    assert all(not text.endswith(":") for text in found)
    assert any("Bring these:\n• a pen" in text for text in found)


def test_a_long_paragraph_is_parted_between_sentences() -> None:
    found = cut(LONG)
    assert len(found) > 1
    assert all(piece.text.endswith(".") and piece.text.startswith("This") for piece in found)
    assert all(piece.opens and piece.closes for piece in found)
    assert " ".join(piece.text for piece in found) == LONG


def test_a_sentence_longer_than_a_quotation_is_parted_where_it_pauses_and_says_so() -> None:
    sentence = "We welcome " + ", ".join(f"organizations of kind number {number}" for number in range(40)) + "."
    first, *between, last = cut(sentence)
    assert first.text.endswith(",")
    assert first.quoted.endswith(", …")
    assert all(one.quoted.startswith("… ") and one.quoted.endswith(" …") for one in between)
    assert last.quoted.startswith("… ")
    assert last.quoted.endswith(".")


def test_a_word_longer_than_a_quotation_is_cut_through() -> None:
    assert all(len(piece.quoted) <= LONGEST for piece in cut("x" * 1500))


def test_a_sentence_that_goes_on_over_the_page_is_marked_on_both() -> None:
    first, second = cut("We will send what you need to bring", "and where to park before the first meeting.")
    assert (first.quoted, second.quoted[:5]) == ("We will send what you need to bring …", "… and")


@pytest.mark.parametrize(
    "text",
    [
        "We meet in St. Louis at 3 p.m. Central. Bring e.g. a pen, etc. Or not.",
        "Ask Dr. King. She knows.",
        "Costs are approx. 10 dollars. The U.S. Postal Service delivers.",
    ],
)
def test_a_dot_behind_a_shortened_word_ends_no_sentence(text: str) -> None:
    found = pages.sentences(text)
    assert " ".join(found) == text
    assert not [one for one in found if one.endswith(("St.", "Dr.", "e.g.", "approx.", "U.S.", "etc."))]
    assert len(found) >= 2


def test_rows_of_a_table_stand_together_under_the_first() -> None:
    (text,) = said("Calendar\nConvening 1: November 19\nConvening 2: January 21\nConvening 3: March 18")
    assert text == "Calendar\nConvening 1: November 19\nConvening 2: January 21\nConvening 3: March 18"


def test_a_heading_above_another_is_no_passage_by_itself() -> None:
    found = cut("Riverside Learners\nGetting there\nParking is free.")
    assert [piece.text for piece in found] == ["Getting there\nParking is free."]


def test_in_a_column_lines_may_be_short() -> None:
    wide = "This line goes over the whole width of the page, and so does everything that stands above the columns."
    column = "Taking part is free. Each selected program receives a sum of\n$2,500, half of it at once."
    assert said(f"{wide} It ends\nhere.\nMoney\n{column}")[-1] == f"Money\n{' '.join(column.split())}"


def test_the_number_of_the_only_page_is_no_part_of_it() -> None:
    assert said("Parking is free behind the library.\nPage 1 of 1") == ["Parking is free behind the library."]
    assert said("- 7 -\nParking is free behind the library.") == ["Parking is free behind the library."]


def test_an_empty_page_has_no_passages() -> None:
    assert said("", "\n \n", "\f") == []


def test_markdown_loses_its_marks() -> None:
    text = (
        "# Getting **there**\nPark [behind](https://example.org) the `library`.\n<!-- not this -->\n* _free_ snake_case"
    )
    assert said(pages.without_markdown(text)) == ["Getting there\nPark behind the library.\n• free snake_case"]


@pytest.mark.parametrize(
    ("text", "says"),
    [("Parking is free here.", True), ("/G01/G02 /G03", False), ("\x01\x02\x03\x04", False), ("", False)],
)
def test_the_signs_of_a_font_without_letters_say_nothing(text: str, says: bool) -> None:
    assert pages.says_something(text) is says


@given(st.lists(st.text(max_size=900), max_size=4))
def test_whatever_a_page_holds_passages_are_short_and_stand_there_word_for_word(texts: list[str]) -> None:
    tidy = [bare(page) for page in pages.tidy(texts)]
    for piece in pages.cut(texts):
        assert piece.page is not None
        assert 0 < len(piece.quoted) <= LONGEST
        assert bare(piece.text) in tidy[piece.page - 1]


@given(
    st.lists(
        st.sampled_from(
            [
                "Parking is free. ",
                "Getting there\n",
                "and so on ",
                "• a pen\n",
                "\n\n",
                "x" * 90,
                "Bring:\n",
                "3.5 e.g. ",
            ]
        ),
        max_size=40,
    )
)
def test_everything_that_looks_like_a_document_is_cut_word_for_word(parts: list[str]) -> None:
    texts = ["".join(parts[::2]), "".join(parts[1::2])]
    tidy = [bare(page) for page in pages.tidy(texts)]
    for piece in pages.cut(texts):
        assert piece.page is not None
        assert len(piece.quoted) <= LONGEST
        assert bare(piece.text) in tidy[piece.page - 1]
