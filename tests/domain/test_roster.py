"""A list of people is read as spreadsheets write it, and every mistake in it is named with what would be right."""

from __future__ import annotations

import pytest

from bot.domain.roster import Roster, Row, read, single

HEADER = "name,email,slack_id,role,organization\n"
TOMAS = "Tomás Rivera,tomas@example.org,U0TOMAS01,participant,Bright Labs\n"
JUNE = "June Park,june@example.org,,coach,\n"


def _read(text: str, encoding: str = "utf-8") -> Roster:
    return read(text.encode(encoding))


def _says(text: str) -> list[str]:
    return [str(problem) for problem in _read(text).problems]


def test_people_are_read() -> None:
    assert _read(HEADER + TOMAS + JUNE).rows == (
        Row(2, "Tomás Rivera", "tomas@example.org", "U0TOMAS01", "participant", "Bright Labs"),
        Row(3, "June Park", "june@example.org", None, "coach", None),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_that_excel_writes_is_read(encoding: str) -> None:
    assert _read(HEADER + TOMAS, encoding).rows[0].name == "Tomás Rivera"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_separator_that_excel_writes_is_read(delimiter: str) -> None:
    assert _read((HEADER + TOMAS).replace(",", delimiter)).rows[0].organization == "Bright Labs"


def test_windows_line_ends_blank_lines_and_the_separator_line_do_not_matter() -> None:
    found = _read("sep=;\r\n" + (HEADER + TOMAS + "\n;;;;\n" + JUNE).replace(",", ";").replace("\n", "\r\n"))
    assert [row.line for row in found.rows] == [3, 6]
    assert found.problems == ()


def test_columns_may_stand_in_any_order_and_be_written_in_many_ways() -> None:
    found = _read("Organisation,ROLE,E-mail,Slack ID,Name\nBright Labs,Participant,Tomas@Example.org,U0TOMAS01,Tomás\n")
    assert found.rows == (Row(2, "Tomás", "tomas@example.org", "U0TOMAS01", "participant", "Bright Labs"),)


def test_quotes_hold_commas_and_lines_together_and_the_next_line_keeps_its_number() -> None:
    found = _read(HEADER + '"Rivera,\nTomás",tomas@example.org,,participant,"Bright, Labs"\nJune,june@x,,coach,\n')
    assert found.rows[0].name == "Rivera, Tomás"
    assert found.rows[0].organization == "Bright, Labs"
    assert [problem.line for problem in found.problems] == [4]


def test_empty_cells_behind_the_last_column_do_not_matter() -> None:
    assert len(_read("email,role,,\njune@example.org,coach,,\nsam@example.org,applicant\n").rows) == 2


def test_spaces_around_and_inside_are_squeezed() -> None:
    assert _read(HEADER + "  June\u00a0 Park , june@example.org ,, coach ,\n").rows[0].name == "June Park"


def test_one_person_may_stand_in_several_roles() -> None:
    assert len(_read(HEADER + JUNE + "June Park,june@example.org,,facilitator,\n").rows) == 2


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Sam,,,coach,", "line 2, email: is empty, and so is slack_id. One of the two says who this is."),
        (
            "Sam,sam at home,,coach,",
            "line 2, email: 'sam at home' is not an e-mail address. Write it like ada@example.org.",
        ),
        ("Sam,sam@example.org,,,", "line 2, role: is empty. Roles: applicant, participant, coach, facilitator, admin."),
        (
            "Sam,sam@example.org,,particpant,River",
            "line 2, role: 'particpant' is not a role. Did you mean participant? "
            "Roles: applicant, participant, coach, facilitator, admin.",
        ),
        (
            "Sam,sam@example.org,,participant,",
            "line 2, organization: is empty. A participant takes part for an organization: write its name.",
        ),
        (
            "Lee, Sam,sam@example.org,,coach,",
            'line 2: 6 cells under 5 columns. A comma inside a name needs quotes around it: "Lee, Sam".',
        ),
    ],
)
def test_a_wrong_line_says_what_would_be_right(line: str, problem: str) -> None:
    assert _says(HEADER + line + "\n") == [problem]


def test_a_wrong_slack_id_says_where_to_find_the_right_one() -> None:
    assert "Copy member ID" in _says(HEADER + "Sam,,@sam,coach,\n")[0]


def test_a_long_organization_says_how_long_it_may_be() -> None:
    assert "Up to 75 fit" in _says(HEADER + f"Sam,sam@example.org,,participant,{'x' * 76}\n")[0]


def test_a_long_name_says_how_long_it_may_be() -> None:
    assert "Up to 80 fit" in _says(HEADER + f"{'x' * 81},sam@example.org,,coach,\n")[0]


@pytest.mark.parametrize("cell", ["x" * 300 + "@example.org", "U" * 300])
def test_what_is_far_too_long_is_not_repeated_whole(cell: str) -> None:
    (said,) = _says(HEADER + (f"Sam,{cell},,coach,\n" if "@" in cell else f"Sam,,{cell},coach,\n"))
    assert len(said) < 300


def test_marks_that_nobody_sees_are_no_part_of_an_address_or_a_name() -> None:
    text = HEADER + "\ufeffSam\u200b Lee,\u200bsam@example.org\u2060,,participant,River\u00ad Robotics\n"
    (row,) = _read(text).rows
    assert (row.name, row.email, row.organization) == ("Sam Lee", "sam@example.org", "River Robotics")


def test_an_organization_that_nobody_sees_is_none() -> None:
    assert "organization: is empty" in _says(HEADER + "Sam,sam@example.org,,participant,\u200b\u200d\n")[0]


def test_one_person_with_two_names_is_a_contradiction() -> None:
    text = HEADER + JUNE + "Kay Park,JUNE@example.org,,facilitator,\n"
    assert _says(text) == [
        "line 3, name: june@example.org is June Park in line 2, and Kay Park here. One of the two is wrong."
    ]


def test_every_problem_of_every_line_is_named() -> None:
    found = _read(HEADER + JUNE + "Sam,,,boss,\n" + TOMAS + "Lena,lena,,participant,\n").problems
    assert [(one.line, one.column) for one in found] == [
        (3, "email"),
        (3, "role"),
        (5, "email"),
        (5, "organization"),
    ]


def test_the_same_person_twice_in_one_role_is_told_where_the_first_stands() -> None:
    assert _says(HEADER + JUNE + TOMAS + JUNE) == [
        "line 4, role: line 2 says already that june@example.org is coach. Leave one of the two out."
    ]


def test_one_address_with_two_slack_ids_is_a_contradiction() -> None:
    text = HEADER + "June,june@example.org,U0JUNE001,coach,\nJune,june@example.org,U0JUNE002,facilitator,\n"
    assert _read(text).problems[0].column == "slack_id"


def test_one_slack_id_with_two_addresses_is_a_contradiction() -> None:
    text = HEADER + "June,june@example.org,U0JUNE001,coach,\nJune,june@example.com,U0JUNE001,facilitator,\n"
    assert _read(text).problems[0].column == "email"


def test_a_list_of_organizations_and_their_people_needs_no_column_for_roles() -> None:
    found = _read("Full name;E-mail address;Org\nPriya Nair;priya@example.org;Bright Labs\n")
    assert [(one.name, one.role, one.organization) for one in found.rows] == [
        ("Priya Nair", "participant", "Bright Labs")
    ]


def test_without_roles_whoever_has_no_organization_is_named() -> None:
    assert _says("email,organization\npriya@example.org,\n") == [
        "line 2, organization: is empty. A participant takes part for an organization: write its name."
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "the file is empty. Its first line is: name,email,slack_id,role,organization"),
        ("\n\n", "the file is empty"),
        (HEADER, "nobody stands below this line"),
        ("name,email\nSam,sam@example.org\n", "role: is missing"),
        ("name,role\nSam,coach\n", "email: is missing, and so is slack_id"),
        ("email,role,organisaton\n", "organisaton: is not a column of this list. Did you mean organization?"),
        ("email,role,shoe size\n", "shoe size: is not a column of this list. Take it out of the file."),
        ("email,role,email\n", "email: is there twice"),
        (HEADER + 'Sam,"sam@example.org,,coach,\n', "the quotes do not match"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, hint: str) -> None:
    assert hint in "\n".join(_says(text))


@pytest.mark.parametrize("data", [b"PK\x03\x04rest of a workbook", b"name\x00email", b"\x81\x8d\x8f"])
def test_what_is_no_text_is_sent_back_to_the_spreadsheet(data: bytes) -> None:
    found = read(data)
    assert found.rows == ()
    assert "CSV UTF-8" in found.problems[0].says


def test_a_single_person_is_checked_like_a_line() -> None:
    assert single("Ada@example.org", "applicant", "") == Row(1, "", "ada@example.org", None, "applicant", None)
    assert single("U0ADA0001", "coach", "") == Row(1, "", None, "U0ADA0001", "coach", None)
    wrong = single("ada", "king", "")
    assert not isinstance(wrong, Row)
    assert [problem.column for problem in wrong] == ["slack_id", "role"]
