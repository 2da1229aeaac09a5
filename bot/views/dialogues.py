"""Writing without a form: forms as questions, what the bot says at each, and answers as the fields of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.dialogues import Answer, Answers, Choice, Kind, Part, Script, State, Step, minutes
from bot.domain.drafts import About, Values
from bot.domain.hours import Unit
from bot.domain.messages import Block, Message
from bot.views import hours, ids
from bot.views.blocks import (
    MESSAGE_BLOCKS,
    OPTION,
    actions,
    button,
    checkboxes,
    clip,
    confirm,
    context,
    date_input,
    distinct,
    esc,
    modal,
    multi_select,
    option,
    paragraphs,
    section,
    select,
)
from bot.views.times import day_words

KINDS: Mapping[str, Kind] = {
    "plain_text_input": "words",
    "static_select": "one",
    "radio_buttons": "one",
    "multi_static_select": "several",
    "checkboxes": "several",
    "datepicker": "day",
}
INITIAL = {"datepicker": "initial_date", "plain_text_input": "initial_value"}
MOST_BUTTONS = 5
"""Choices that are buttons; more are a menu."""
MOST_BOXES = 10
NOTED = 200
"""How much of an answer is repeated."""
WHOLE = 10_000
"""Characters of answers that one message has room for; of longer ones each is shown in part."""
BUTTON = "Write it here instead"
"""On every form that takes long words, and under what reminds of one."""

View = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """The fixed sentences of one language; names in braces are filled in with what is escaped."""

    begun: str
    taken_over: str
    steer: str
    noted: str
    skipped: str
    needed: str
    back: str
    now: str
    first: str
    over: str
    changed: str
    gone: str
    unclear_one: str
    unclear_several: str
    unclear_day: str
    unclear_words: str
    unclear_whole: str
    place: str
    one_of: str
    several_of: str
    optional: str
    whole: str
    whole_next: str
    nothing: str
    pause: str
    early: str
    sure_over: str
    yes_answer: str
    no_answer: str
    stop_here: str
    skip_button: str
    back_button: str
    stop_button: str
    over_button: str
    keep_button: str
    change_button: str
    take_button: str
    over_title: str
    over_text: str
    go_on: str
    handed_in: str
    thrown_away: str
    stopped: str
    kept_as_draft: str
    nothing_kept: str
    ended: str
    refused: str
    parts: str
    rather: str
    button: str
    button_label: str
    in_messages: str
    gone_over: str
    question: str


ENGLISH = Words(
    begun="Let's write {title} here. I ask one thing at a time, and nothing is handed in before you say so.",
    taken_over="I have taken over what you had written already.",
    steer=(
        "Answer in your own words; dictated is fine. *skip* leaves out what is optional, *back* goes to the question "
        "before, *stop* keeps it for later, *start over* begins anew."
    ),
    noted="Noted for “{label}”: {answer}",
    skipped="Left out: “{label}”.",
    needed="This one is needed. A few words are enough; *stop* keeps it for later.",
    back="Back to this one. What you say now takes the place of what stands there.",
    now="Now: {answer}",
    first="This is the first question.",
    over="Started over.",
    changed="You changed your message. Noted for “{label}”: {answer}",
    gone="You deleted your message, so I ask “{label}” again.",
    unclear_one="I could not tell which one you mean. Say its number or its name, or press a button.",
    unclear_several="I could not tell which ones you mean. Say their numbers, like *1 and 3*, or choose below.",
    unclear_day="I can read days like *yesterday*, *last Tuesday*, *October 12* or *10/12*.",
    unclear_words="I can read words only. Write it as a message, or dictate it.",
    unclear_whole=(
        "Not handed in yet. Say *hand in*, or *change 2* for another answer. To ask me something else, say *stop* "
        "first: I keep this."
    ),
    place="{number} of {all}",
    one_of="Say the number or the name.",
    several_of="Say the numbers, like *1 and 3*, or choose and press the button.",
    optional="optional",
    whole="*Here is the whole:* {title}. Nothing is handed in yet.",
    whole_next="Say *hand in*, or *change 2* to write an answer anew. *stop* keeps it for later.",
    nothing="_left out_",
    pause=(
        "We were writing {title}, and it has been a while. You just wrote:\n{held}\nIs that your answer to “{label}”?"
    ),
    early="You wrote this before my question was here:\n{held}\nIs it your answer to “{label}”?",
    sure_over="Start over? What you have answered so far goes.",
    yes_answer="Yes, take it",
    no_answer="No, ask me again",
    stop_here="Stop for now",
    skip_button="Skip",
    back_button="Back",
    stop_button="Stop for now",
    over_button="Start over",
    keep_button="Keep: {answer}",
    change_button="Change an answer…",
    take_button="Take these",
    over_title="Start over?",
    over_text="What you have answered so far goes.",
    go_on="Go on",
    handed_in="Handed in.",
    thrown_away="Thrown away.",
    stopped="Stopped. Nothing is handed in.",
    kept_as_draft="What you wrote is kept as a draft, for you alone, for 30 days.",
    nothing_kept="There was nothing to keep yet.",
    ended="That was handed in meanwhile, so I ask no further. You can change it: open the form again.",
    refused="I cannot go on with this. {why}",
    parts="A long answer is shown in part; all of it is handed in.",
    rather="*Rather without a form?* In our direct message I ask one thing at a time.",
    button=BUTTON,
    button_label="Write it here instead, in the direct message",
    in_messages="In our messages",
    gone_over=(
        "*I am asking you in our direct message now.* What you had typed here is taken along. Close this, and open "
        "*Messages* with me."
    ),
    question="a question",
)
SPANISH = Words(
    begun="Escribamos aquí {title}. Pregunto una cosa a la vez, y no se entrega nada hasta que usted lo diga.",
    taken_over="Tomé lo que usted ya había escrito.",
    steer=(
        "Responda con sus propias palabras; también puede dictar. *saltar* deja fuera lo opcional, *atrás* vuelve a la "
        "pregunta anterior, *parar* lo guarda para después, *empezar de nuevo* comienza otra vez."
    ),
    noted="Anotado en «{label}»: {answer}",
    skipped="Se deja fuera: «{label}».",
    needed="Esta hace falta. Bastan pocas palabras; *parar* lo guarda para después.",
    back="Volvemos a esta. Lo que diga ahora reemplaza lo que está ahí.",
    now="Ahora: {answer}",
    first="Esta es la primera pregunta.",
    over="Empezamos de nuevo.",
    changed="Usted cambió su mensaje. Anotado en «{label}»: {answer}",
    gone="Usted borró su mensaje, así que pregunto otra vez «{label}».",
    unclear_one="No sé cuál quiere decir. Diga su número o su nombre, o presione un botón.",
    unclear_several="No sé cuáles quiere decir. Diga los números, como *1 y 3*, o elija abajo.",
    unclear_day="Entiendo días como *ayer*, *el martes pasado*, *12 de octubre* o *10/12* (mes/día).",
    unclear_words="Solo puedo leer palabras. Escríbalo como mensaje, o díctelo.",
    unclear_whole=(
        "Todavía no se entregó. Diga *entregar*, o *cambiar 2* para otra respuesta. Para preguntarme otra cosa, diga "
        "primero *parar*: lo guardo."
    ),
    place="{number} de {all}",
    one_of="Diga el número o el nombre.",
    several_of="Diga los números, como *1 y 3*, o elija y presione el botón.",
    optional="opcional",
    whole="*Esto es todo:* {title}. Todavía no se entregó nada.",
    whole_next="Diga *entregar*, o *cambiar 2* para escribir otra vez una respuesta. *parar* lo guarda para después.",
    nothing="_se deja fuera_",
    pause="Estábamos escribiendo {title}, y pasó un rato. Acaba de escribir:\n{held}\n¿Es su respuesta a «{label}»?",
    early="Escribió esto antes de que llegara mi pregunta:\n{held}\n¿Es su respuesta a «{label}»?",
    sure_over="¿Empezar de nuevo? Se pierde lo que respondió hasta ahora.",
    yes_answer="Sí, es esa",
    no_answer="No, pregunte otra vez",
    stop_here="Parar por ahora",
    skip_button="Saltar",
    back_button="Atrás",
    stop_button="Parar por ahora",
    over_button="Empezar de nuevo",
    keep_button="Dejar: {answer}",
    change_button="Cambiar una respuesta…",
    take_button="Tomar estas",
    over_title="¿Empezar de nuevo?",
    over_text="Se pierde lo que respondió hasta ahora.",
    go_on="Seguir",
    handed_in="Entregado.",
    thrown_away="Descartado.",
    stopped="Paramos aquí. No se entregó nada.",
    kept_as_draft="Lo que escribió queda guardado como borrador, solo para usted, durante 30 días.",
    nothing_kept="Todavía no había nada que guardar.",
    ended="Eso ya se entregó entretanto, así que no pregunto más. Puede cambiarlo: abra otra vez el formulario.",
    refused="No puedo seguir con esto. {why}",
    parts="Una respuesta larga se muestra en parte; se entrega completa.",
    rather="*¿Mejor sin formulario?* En nuestros mensajes directos pregunto una cosa a la vez.",
    button="Mejor escribirlo aquí",
    button_label="Mejor escribirlo aquí, en el mensaje directo",
    in_messages="En nuestros mensajes",
    gone_over=(
        "*Ahora le pregunto en nuestros mensajes directos.* Llevo lo que usted ya había escrito aquí. Cierre esto y "
        "abra *Mensajes* conmigo."
    ),
    question="una pregunta",
)


def of(language: str) -> Words:
    """The sentences of a language, English for one that is not here."""
    return SPANISH if language == "es" else ENGLISH


# The way in


def instead(program_id: int, language: str = "en") -> Block:
    """In a form: the way to write it without one."""
    said = of(language)
    press = button(said.button, ids.DIALOGUE_BEGIN, ids.reference(program_id), label=said.button_label)
    return section(said.rather, accessory=press, block_id="dialogue.instead")


def begin_button(about: About) -> Block:
    """The same under a message."""
    return button(BUTTON, ids.DIALOGUE_BEGIN, ids.reference(about.program_id, f"{about.form}/{about.subject}"))


def gone_over(language: str = "en") -> Block:
    """What the form turns into, once it goes on in the direct message."""
    said = of(language)
    return modal(ids.DIALOGUE_WINDOW, said.in_messages, [section(said.gone_over)])


def stale(state: str | None) -> str:
    """For a button under a question that is not asked any more."""
    match state:
        case "open":
            return "That question has been answered. The newest one is at the bottom; *back* goes to the one before."
        case "handed in":
            return "That is handed in already. The receipt has a button to change it."
        case None:
            return "That is no longer there."
        case _:
            return "I ask no further about that. A draft is on my Home, as long as there is one."


# A form as questions


def script(view: View, title: str, units: Mapping[str, Unit], leave: Sequence[str] = ()) -> Script:
    """A form as questions; fields of `leave` are not asked. `units` are by the beginning of a field's name."""
    lead: list[str] = []
    steps: list[Step] = []
    for block in view["blocks"]:
        name = str(block.get("block_id") or "")
        if block["type"] in ("section", "context") and not name.startswith(("draft.", "dialogue.")):
            lead += _texts(block)
        if (
            block["type"] != "input"
            or block["element"]["type"] not in KINDS
            or name.startswith(tuple(leave) or ("\n",))
        ):
            continue
        unit = next((unit for begin, unit in units.items() if name.startswith(begin)), None)
        steps.append(_step(block, "\n".join(lead), unit))
        lead = []
    return Script(title, tuple(steps), str((view.get("submit") or {}).get("text") or "Hand in"))


def _texts(block: View) -> list[str]:
    if block["type"] == "section":
        return [block["text"]["text"]]
    return [one["text"] for one in block["elements"] if "text" in one]


def _step(block: View, lead: str, unit: Unit | None) -> Step:
    element = block["element"]
    kind = KINDS[element["type"]]
    offered = tuple(Choice(one["value"], one["text"]["text"]) for one in _options(element))
    preset = () if kind == "words" else _initial(element)
    return Step(
        key=str(block["block_id"]),
        label=block["label"]["text"],
        kind=kind,
        hint=str((block.get("hint") or {}).get("text") or ""),
        lead=lead,
        optional=bool(block.get("optional")),
        choices=offered,
        action=str(element["action_id"]),
        preset=preset,
        unit=unit,
    )


def _options(element: View) -> list[dict[str, Any]]:
    groups = element.get("option_groups")
    return [one for group in groups for one in group["options"]] if groups else list(element.get("options") or ())


def _initial(element: View) -> tuple[str, ...]:
    """What a field begins with."""
    given = element.get(INITIAL.get(element["type"], "initial_options"), element.get("initial_option"))
    if not given:
        return ()
    if isinstance(given, list):
        return tuple(str(one["value"]) for one in given)
    return (str(given["value"]),) if isinstance(given, dict) else (str(given),)


def given(view: View) -> dict[str, Answer]:
    """The words that a form begins with, by field."""
    inputs = (one for one in view["blocks"] if one["type"] == "input")
    words = {str(one["block_id"]): str(one["element"].get("initial_value") or "") for one in inputs}
    return {name: Answer((Part("", text),)) for name, text in words.items() if text}


def typed(view: View, values: Values) -> dict[str, Answer]:
    """What stands in an open form: its words, and what was chosen otherwise than it was at first."""
    found: dict[str, Answer] = {}
    for block in view["blocks"]:
        if block["type"] != "input" or block["element"]["type"] not in KINDS:
            continue
        name, element = str(block["block_id"]), block["element"]
        state = next(iter((values.get(name) or {}).values()), {})
        if element["type"] == "plain_text_input":
            text = str(state.get("value") or "")
            if text.strip():
                found[name] = Answer((Part("", text),))
            continue
        chosen = _chosen(state)
        if chosen and chosen != _initial(element):
            found[name] = Answer(values=chosen)
    return found


def _chosen(state: Mapping[str, Any]) -> tuple[str, ...]:
    if state.get("selected_date"):
        return (str(state["selected_date"]),)
    if state.get("selected_option"):
        return (str(state["selected_option"]["value"]),)
    return tuple(str(one["value"]) for one in state.get("selected_options") or ())


def values(view: View, answers: Answers) -> dict[str, dict[str, dict[str, Any]]]:
    """Answers as they would stand in the fields of a form, those not asked as it begins with them."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, answer = block["element"], answers.get(str(block["block_id"]))
            chosen = answer.values if answer is not None else _initial(element)
            found[block["block_id"]] = {element["action_id"]: _state(element, answer, chosen)}
    return found


def _state(element: View, answer: Answer | None, chosen: Sequence[str]) -> dict[str, Any]:
    match KINDS.get(element["type"]):
        case "words":
            return {"value": answer.text if answer is not None else None}
        case "day":
            return {"selected_date": chosen[0] if chosen else None}
        case "one":
            offered = {one["value"]: one for one in _options(element)}
            return {"selected_option": offered.get(chosen[0]) if chosen else None}
        case _:
            return {"selected_options": [one for one in _options(element) if one["value"] in chosen]}


def filled(view: View, answers: Answers) -> dict[str, Any]:
    """A form as it would be handed in with these answers."""
    return {**view, "state": {"values": values(view, answers)}}


# What the bot says


def turn(found: State, asked: Script, program_id: int, place: str, language: str) -> Message:
    """The next thing said; `place` is the dialogue and the turn, `5/3`, for its buttons."""
    said = of(language)
    step = asked.step(found.at)
    if found.asks == "over":
        return _sure(said, program_id, place)
    if found.asks:
        return _is_it(found, asked, step, said, program_id, place)
    if step is None:
        return _whole(found, asked, said, program_id, place)
    return _question(found, asked, step, said, program_id, place)


def _question(found: State, asked: Script, step: Step, said: Words, program_id: int, place: str) -> Message:
    open_ = [one for one in asked.steps if not one.settled]
    number = open_.index(step) + 1
    what = _what(found, asked, step, said)
    optional = f" ({said.optional})" if step.optional else ""
    lines = [f"*{said.place.format(number=number, all=len(open_))} · {esc(step.label)}*{optional}"]
    if step.hint and not step.choices:
        lines.append(esc(step.hint))
    before = found.answers.get(step.key) or (Answer(values=step.preset) if step.preset else None)
    if before is not None and not before.empty:
        lines.append(said.now.format(answer=shown(step, before)))
    if step.kind in ("one", "several"):
        # Where each choice is in view with its number, that is enough.
        if len(step.choices) > (MOST_BUTTONS if step.kind == "one" else MOST_BOXES):
            lines += [f"{esc(one)}" for one in _numbered(step)]
        lines.append(said.one_of if step.kind == "one" else said.several_of)
    lead = _lead(asked, step) if found.said not in ("unclear", "needed", "help") or number == 1 else ""
    blocks = [
        *([section(what)] if what else []),
        *(paragraphs(lead) if lead else []),
        section("\n".join(lines)),
        *_picks(step, said, program_id, place),
        _steering(found, asked, step, before, said, program_id, place),
        *([context(said.steer)] if found.said in ("begun", "over", "help") else []),
    ]
    return Message(f"{esc(step.label)}", distinct(blocks))


def _lead(asked: Script, step: Step) -> str:
    """What stands above a question, and above those before it that need not be asked."""
    leads: list[str] = []
    for one in asked.steps[: asked.steps.index(step) + 1]:
        leads = [*leads, one.lead] if one.settled or one is step else []
    return "\n".join(filter(None, leads))


def _what(found: State, asked: Script, step: Step, said: Words) -> str:
    """What became of what was said last; mrkdwn."""
    last = asked.step(found.last)
    label = esc(clip(last.label, 80)) if last is not None else ""
    answer = shown(last, found.answers[last.key]) if last is not None and last.key in found.answers else ""
    match found.said:
        case "begun":
            taken = f"\n{said.taken_over}" if any(not one.empty and one.parts for one in found.answers.values()) else ""
            return said.begun.format(title=asked.title) + taken
        case "noted" if answer:
            return said.noted.format(label=label, answer=answer)
        case "changed" if answer:
            return said.changed.format(label=label, answer=answer)
        case "skipped":
            return said.skipped.format(label=label)
        case "gone":
            return said.gone.format(label=label)
        case "unclear":
            return esc(found.why) or _unclear(step, said)
        case "needed" | "back" | "first" | "over":
            return {"needed": said.needed, "back": said.back, "first": said.first, "over": said.over}[found.said]
        case _:
            return ""


def _unclear(step: Step, said: Words) -> str:
    by_kind = {"one": said.unclear_one, "several": said.unclear_several, "day": said.unclear_day}
    return by_kind.get(step.kind, said.unclear_words)


def _picks(step: Step, said: Words, program_id: int, place: str) -> list[Block]:
    """What can be chosen without a word."""
    if step.kind == "day":
        first = date.fromisoformat(step.preset[0]) if step.preset else None
        return [actions(date_input(ids.DIALOGUE_DAY, first), block_id=f"dialogue.day:{program_id}:{place}")]
    if step.kind == "one" and len(step.choices) <= MOST_BUTTONS:
        return [actions(*(_pick(one, at, program_id, place) for at, one in enumerate(_numbered(step))))]
    options = [option(one, f"{program_id}:{place}/{at}") for at, one in enumerate(_numbered(step))]
    if step.kind == "one":
        return [actions(select(ids.DIALOGUE_CHOOSE, options, placeholder="…"))]
    if step.kind == "several":
        few = len(options) <= MOST_BOXES
        given_ = [
            one["value"] for one, choice in zip(options, step.choices, strict=True) if choice.value in step.preset
        ]
        names = [str(one) for one in given_]
        menu = (
            checkboxes(ids.DIALOGUE_TICK, options, initial=names)
            if few
            else multi_select(ids.DIALOGUE_TICK, options, initial=names, placeholder="…")
        )
        take = button(said.take_button, ids.DIALOGUE_TAKE, ids.reference(program_id, place), style="primary")
        return [actions(menu, block_id="dialogue.tick"), actions(take)]
    return []


def _numbered(step: Step) -> list[str]:
    """What can be chosen, each with the number by which it can be said; some are numbers themselves."""
    labels = [one.label for one in step.choices]
    if all(label.startswith(f"{at}:") for at, label in enumerate(labels, 1)):
        return labels
    return [f"{at}. {label}" for at, label in enumerate(labels, 1)]


def _pick(words: str, at: int, program_id: int, place: str) -> Block:
    return button(clip(words, OPTION), ids.DIALOGUE_PICK, ids.reference(program_id, f"{place}/{at}"))


def _steering(
    found: State, asked: Script, step: Step, before: Answer | None, said: Words, program_id: int, place: str
) -> Block:
    buttons = []
    offered = step.kind == "one" and len(step.choices) <= MOST_BUTTONS
    if before is not None and not before.empty and not offered:
        words = clip(plainly(step, before).replace("\n", " "), 40)
        buttons.append(_say(said.keep_button.format(answer=words), "keep", program_id, place))
    if step.optional:
        buttons.append(_say(said.skip_button, "skip", program_id, place))
    if step is not next((one for one in asked.steps if not one.settled), None):
        buttons.append(_say(said.back_button, "back", program_id, place))
    buttons.append(_say(said.stop_button, "stop", program_id, place))
    if any(one.key in found.answers for one in asked.steps if not one.settled):
        buttons.append(_over(said, program_id, place))
    return actions(*buttons)


def _over(said: Words, program_id: int, place: str) -> Block:
    sure = confirm(said.over_title, said.over_text, said.over_button, said.go_on)
    value = ids.reference(program_id, f"{place}/start over")
    return button(said.over_button, ids.DIALOGUE_SAY, value, confirm=sure)


def _say(words: str, what: str, program_id: int, place: str, *, primary: bool = False) -> Block:
    value = ids.reference(program_id, f"{place}/{what}")
    return button(words, ids.DIALOGUE_SAY, value, style="primary" if primary else None)


def _sure(said: Words, program_id: int, place: str) -> Message:
    buttons = (_say(said.over_button, "yes", program_id, place), _say(said.go_on, "no", program_id, place))
    return Message(said.sure_over, distinct([section(said.sure_over), actions(*buttons)]))


def _is_it(
    found: State, asked: Script, step: Step | None, said: Words, program_id: int, place: str
) -> Message:  # fmt: skip
    """Whether what came after a pause, or before the question, is its answer."""
    label = esc(step.label) if step is not None else asked.title
    held = "\n".join(f"> {line}" for line in esc(clip("\n".join(one.text for one in found.held), 600)).splitlines())
    words = said.pause if found.asks == "pause" else said.early
    text = words.format(title=asked.title, held=held, label=label)
    buttons = (
        _say(said.yes_answer, "yes", program_id, place, primary=True),
        _say(said.no_answer, "no", program_id, place),
        _say(said.stop_here, "stop", program_id, place),
    )
    return Message(text, distinct([section(text), actions(*buttons)]))


def _whole(found: State, asked: Script, said: Words, program_id: int, place: str) -> Message:
    """All the answers, before they are handed in."""
    room = _room([esc(plainly(one, found.answers[one.key])) for one in asked.steps if one.key in found.answers])
    blocks: list[Block] = []
    last = asked.step(found.last)
    if found.said == "unclear":
        blocks.append(section(esc(found.why) or said.unclear_whole))
    elif last is not None:
        blocks.append(section(_what(found, asked, last, said)))
    blocks.append(section(said.whole.format(title=asked.title)))
    blocks += paragraphs(asked.steps[0].lead) if asked.steps else []
    cut = False
    for number, step in enumerate(asked.steps, 1):
        answer = found.answers.get(step.key)
        words = esc(plainly(step, answer)) if answer is not None else ""
        cut = cut or len(words) > room
        blocks += paragraphs(f"*{number}. {esc(step.label)}*\n{clip(words, room) or said.nothing}")
    options = [option(f"{at}. {one.label}", f"{program_id}:{place}/{at}") for at, one in enumerate(asked.steps, 1)]
    hand_in = _say(asked.button, "hand in", program_id, place, primary=True)
    steer = [select(ids.DIALOGUE_ALTER, options, placeholder=said.change_button)]
    steer += [_say(said.stop_button, "stop", program_id, place), _over(said, program_id, place)]
    end = [context(f"{said.whole_next}{' ' + said.parts if cut else ''}"), actions(hand_in, *steer)]
    return Message(said.whole.format(title=asked.title), distinct([*blocks[: MESSAGE_BLOCKS - 2], *end]))


def _room(answers: Sequence[str]) -> int:
    """How much of each answer is shown, so that all of them fit."""
    lengths = [len(one) for one in answers]
    if sum(lengths) <= WHOLE:
        return max([*lengths, 1])
    return WHOLE // max(len([one for one in lengths if one > 300]), 1) - 300


def shown(step: Step, answer: Answer) -> str:
    """An answer in short, escaped."""
    return esc(clip(plainly(step, answer).replace("\n", " "), NOTED))


def plainly(step: Step, answer: Answer) -> str:
    """An answer as it was understood."""
    if step.kind == "day" and answer.values:
        return day_words(date.fromisoformat(answer.values[0]))
    if answer.values:
        names = {one.value: one.label for one in step.choices}
        return ", ".join(names.get(one, one) for one in answer.values)
    length = minutes(step, answer)
    return hours.words(length) if length is not None else answer.text


def past(asked: Script, key: str | None, how: str, language: str) -> Message:
    """A question that is answered, without its buttons; the whole, once it is handed in."""
    said = of(language)
    step = asked.step(key)
    ends = {"handed in": said.handed_in, "thrown away": said.thrown_away}
    words = f"*{esc(step.label)}*" if step is not None else f"{asked.title[:1].upper()}{asked.title[1:]}"
    text = f"{words}\n{ends[how]}" if how in ends else words
    return Message(text, [section(text)])


def ended(why: str, how: str, kept: bool, language: str, buttons: Sequence[Block]) -> Message:
    """It is not written here any more; `buttons` are for the draft that it is kept as, if it is."""
    said = of(language)
    if how == "ended":
        return Message(said.ended, [section(said.ended)])
    head = said.refused.format(why=why) if why else said.stopped
    text = f"{head} {said.kept_as_draft if kept else said.nothing_kept}"
    return Message(text, [section(text), *([actions(*buttons)] if kept else [])])
