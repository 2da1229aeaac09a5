"""Who asks in Spanish is spoken to in Spanish, from the first word to what a person answers."""

from __future__ import annotations

from typing import Any

from bot.views import ids
from tests.journeys.workspace import (
    ADA,
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    GENERAL,
    KOFI,
    LENA,
    Message,
    Workspace,
    text_of,
)

DEADLINE = "¿Hasta cuándo puedo enviar la solicitud?"
UNKNOWN = "¿Hay estacionamiento?"


def last(workspace: Workspace, user: str, channel: str = APPLICANTS) -> Message:
    return workspace.messages(channel, user)[-1]


def said(message: Message) -> str:
    return text_of(message["blocks"])


def labels(message: Message) -> list[str]:
    rows: list[dict[str, Any]] = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


def test_a_command_in_spanish_is_answered_and_shared_in_spanish(workspace: Workspace) -> None:
    workspace.command(ADA, f"/ask {DEADLINE}")
    answer = last(workspace, ADA)
    assert "viernes 16 de octubre, 11:59 p. m. (St. Louis)" in said(answer)
    assert "Fuente:" in said(answer)
    assert labels(answer) == ["Compartir en el canal", "Me sirve", "No me sirve"]
    workspace.press(ADA, ids.FAQ_SHARE, channel=APPLICANTS, message_ts=answer["ts"])
    assert f"<@{ADA}> preguntó:" in said(last(workspace, FAY))
    kept = next(one for one in workspace.messages(APPLICANTS, ADA) if one["ts"] == answer["ts"])
    assert "Ya se compartió en el canal." in said(kept)


def test_the_answer_says_something_else_once_it_is_too_late(over_http: Workspace) -> None:
    over_http.command(ADA, f"/ask {DEADLINE}")
    before = said(last(over_http, ADA))
    over_http.clock(to="2020-10-17T00:00")
    over_http.command(ADA, f"/ask {DEADLINE}")
    after = said(last(over_http, ADA))
    assert ("a más tardar" in before, "a más tardar" in after) == (True, False)
    assert "viernes 16 de octubre" in after


def test_a_reader_in_another_zone_reads_their_own_time_in_spanish(over_http: Workspace) -> None:
    over_http.command(KOFI, f"/ask {DEADLINE}", COHORT)
    assert "sábado 17 de octubre, 12:59 a. m. en su hora local" in said(last(over_http, KOFI, COHORT))


def test_what_nobody_knows_goes_to_a_person_and_comes_back_in_spanish(workspace: Workspace) -> None:
    workspace.command(ADA, f"/ask {UNKNOWN}")
    declined = last(workspace, ADA)
    assert "No tengo esa información." in said(declined)
    assert labels(declined) == ["Preguntar a una persona"]
    workspace.press(ADA, ids.FAQ_HAND_OVER, channel=APPLICANTS, message_ts=declined["ts"])
    assert "a más tardar el martes 13 de octubre" in said(last(workspace, ADA))
    card = workspace.messages(FACILITATORS, FAY)[-1]
    assert UNKNOWN in said(card)
    assert "A question for a person" in said(card)
    workspace.press(FAY, ids.QUESTION_ANSWER, channel=FACILITATORS, message_ts=card["ts"])
    workspace.submit(FAY, {"Your answer": "No, todo es virtual."})
    told = workspace.told(ADA)[-1]
    assert "Fay Whitaker responde:\nNo, todo es virtual." in said(told)
    assert f"Usted preguntó: {UNKNOWN}" in said(told)


def test_a_thank_you_and_a_form_are_spanish_as_well(workspace: Workspace) -> None:
    direct = workspace.direct(LENA)
    workspace.message(LENA, "gracias!", channel=direct)
    assert workspace.told(LENA)[-1]["text"] == "¡De nada!"
    workspace.message(LENA, "ayuda", channel=direct)
    menu = workspace.told(LENA)[-1]
    assert labels(menu)[:2] == ["Hacer una pregunta", "Ver las fechas"]
    workspace.press(LENA, ids.ASK_OPEN, channel=direct, message_ts=menu["ts"])
    refused = workspace.submit(LENA, {"Su pregunta": "🙂"})
    assert "Escriba su pregunta" in str(refused["errors"])
    answer = workspace.submit(LENA, {"Su pregunta": DEADLINE})
    assert text_of(answer["view"]["title"]).strip() == "Su pregunta"
    workspace.press(LENA, ids.FAQ_HELPFUL, view_id=answer["view"]["id"])
    assert "Le sirvió esta respuesta." in text_of(workspace.view(LENA))


def test_where_the_bot_is_not_sharing_says_so_in_spanish(over_http: Workspace) -> None:
    over_http.command(KOFI, f"/ask {DEADLINE}", channel=GENERAL)
    over_http.press(KOFI, ids.FAQ_SHARE, channel=GENERAL, message_ts=last(over_http, KOFI, GENERAL)["ts"])
    assert "No estoy en" in text_of(over_http.view(KOFI))
