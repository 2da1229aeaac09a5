"""What the bot says where a form is written without one: its fixed sentences, in English and Spanish."""

from __future__ import annotations

from dataclasses import dataclass

BUTTON = "Write it here instead"
"""On every form that takes long words, and under what reminds of one."""


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
