"""The fixed sentences of answering, in each language: the same fields in all of them.

`of(language)` gives the sentences. Names in braces are filled in with `format`, and whatever people have written is
escaped before that. Spanish says *usted*. What only facilitators read is not here: it stays in one language.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.chatter import Wish


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody wishes to open: the words before the button, and the button."""

    words: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one language."""

    language: str

    # How moments are said
    weekdays: tuple[str, ...]
    """From Monday."""
    months: tuple[str, ...]
    am: str
    pm: str
    day: str
    day_of_year: str
    date: str
    """A day among the small print, without its weekday."""
    yours: str
    over: str
    sample: str
    undated: str
    more_dates: str
    join: str
    open_application: str
    open_page: str

    # Above everything that is said in practice
    practice: str

    # An answer
    you_asked: str
    asked: str
    question_and_answer: str
    window: str
    languages: dict[str, str]
    not_translated: str
    source: str
    verified: str
    lapsed: str
    helpful: str
    not_helpful: str
    share: str
    is_shared: str
    was_helpful: str
    noted: str
    person_instead: str

    # No answer, or several
    quoted: str
    page: str
    named: str
    """A question within a sentence."""
    also_asked: str
    unsure: str
    unsure_of_two: str
    did_you_mean: str
    none_fits: str
    something_else: str
    """The same under a single suggestion."""
    unknown: str
    write_to: str
    write_to_about: str
    write_to_team: str
    """To those who take part: their facilitators, by name, before the contact."""
    office_hour: str

    # A person
    ask_person: str
    ask_program: str
    owner_answers: str
    team_answers: str
    passed_on_thread: str
    passed_on_direct: str
    passed_on_unasked: str
    """To a question that turned to nobody."""
    has_answered: str
    answers: str
    adds: str
    taken_out: str
    nobody: str

    # How to ask
    ask_anything: str
    for_example: str
    too_long: str
    form: str
    form_program: str
    form_button: str
    form_hint: str
    form_empty: str
    close: str
    not_saved: str

    # Courtesies, and what can be opened
    welcome: str
    wordless: str
    help: str
    help_about: str
    ask: str
    openings: dict[Wish, Opening]

    # Whether somebody comes to a date
    coming: str
    not_coming: str
    readers_of_answer: str
    you_come: str
    you_do_not_come: str
    noted_coming: str
    noted_not_coming: str
    date_over: str
    date_cancelled: str
    date_moved: str
    date_gone: str
    not_taking_part: str
    not_confirmed: str
    has_left: str
    told_cancelled: str
    told_moved: str
    told_again: str
    more_told: str

    # What cannot be done
    not_in_channel: str
    cannot_share: str
    is_reserved: str


ENGLISH = Words(
    language="en",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    am="am",
    pm="pm",
    day="{weekday}, {month} {day}",
    day_of_year="{weekday}, {month} {day}, {year}",
    date="{month} {day}, {year}",
    yours="{time} your time",
    over="over",
    sample="sample",
    undated="not on the calendar yet",
    more_dates="and {number} more",
    join="Join",
    open_application="Open the application",
    open_page="Open the page",
    practice="*Practice:* this program is not live yet.",
    you_asked="You asked: {question}",
    asked="{who} asked:",
    question_and_answer="A question and its answer: {answer}",
    window="Your question",
    languages={"en": "English", "es": "Spanish"},
    not_translated="This answer is not in English yet; here it is in {language}.",
    source="Source: {source}",
    verified="verified by {by} on {day}",
    lapsed="last verified by {by} on {day}; please check with {contact}",
    helpful="Helpful",
    not_helpful="Not helpful",
    share="Share in channel",
    is_shared="Shared in the channel.",
    was_helpful="You found this helpful. Thanks for telling me.",
    noted="Thanks, noted.",
    person_instead="Thanks for telling me. A person can answer it instead.",
    quoted="I have no answer of my own to this. {title} says:",
    page="{title}, p. {page}",
    named="“{question}”",
    also_asked="You also asked: {questions} To that I have no sure answer.",
    unsure="I am not sure I understand. Did you mean:",
    unsure_of_two="Do you mean “{one}” or “{other}”?",
    did_you_mean="Did you mean:",
    none_fits="None of these",
    something_else="Something else",
    unknown="I don't have that.",
    write_to="Write to {contact}.",
    write_to_about="Write to {contact} about {program}.",
    write_to_team="Ask your facilitators ({names}), or write to {contact}.",
    office_hour="Or ask at the next office hour: {line}",
    ask_person="Ask a facilitator",
    ask_program="Ask {program}",
    owner_answers="{owner} answers",
    team_answers="The facilitators of {program} answer",
    passed_on_thread="Passed on. {who} by {due}; you will read it here in this thread.",
    passed_on_direct="Passed on. {who} by {due}; you will read it by direct message.",
    passed_on_unasked="I don't have that, so I passed it on. {who} by {due}; you will read it here in this thread.",
    has_answered="{by} has answered this.",
    answers="{by} answers",
    adds="{by} adds",
    taken_out="the answer was taken out meanwhile. Write to {contact}.",
    nobody="No facilitator of {program} can be reached from here yet. Please write to {contact}.",
    ask_anything="Ask me anything about {program}, in your own words.",
    for_example="For example:",
    too_long=(
        "That is longer than I can read as one question: {length:,} characters. Ask it in a sentence or two, "
        "up to {most:,} characters; for the whole story write to {contact}."
    ),
    form="Only you see the answer. I answer from the texts of {program}; when I don't know, a person can.",
    form_program="the program",
    form_button="Ask",
    form_hint="In your own words",
    form_empty="Write your question in a few words.",
    close="Close",
    not_saved="Not saved yet. Your words are still here; press again. (Number {number})",
    welcome="You're welcome!",
    wordless="Got it. If you have a question, write it in your own words.",
    help="Ask me anything, in your own words. These buttons do the rest:",
    help_about="Ask me anything about {program}, in your own words. These buttons do the rest:",
    ask="Ask a question",
    openings={
        "reflection": Opening("Here you hand in a reflection:", "Hand in a reflection"),
        "checkin": Opening("Here you log a coaching check-in:", "Log a check-in"),
        "dates": Opening("Here is what comes next:", "See the dates"),
        "homework": Opening("What is due, and what your organization has handed in:", "See the homework"),
        "settings": Opening("Pauses, quiet hours, reminders, language, your record:", "My messages"),
    },
    coming="I'm coming",
    not_coming="I can't come",
    readers_of_answer="Your facilitators see who comes; admins see only how many.",
    you_come="You said that you are coming",
    you_do_not_come="You said that you can't come",
    noted_coming=(
        "You said that you are coming to {title} on {when}; your facilitators see this. "
        "If that changes, press the other button."
    ),
    noted_not_coming=(
        "You said that you can't come to {title} on {when}; your facilitators see this. "
        "If that changes, press the other button."
    ),
    date_over=(
        "{title} has taken place already, so nothing was noted. What comes next is under `/dates` and in my *Home*."
    ),
    date_cancelled=(
        "{title} on {when} is cancelled, so there is nothing for you to do. "
        "What comes next is under `/dates` and in my *Home*."
    ),
    date_moved=(
        "{title} has another time now: {when}. The button was of the old one, so nothing was noted. Can you come then?"
    ),
    date_gone="This date is not on your calendar any more. What comes next is under `/dates` and in my *Home*.",
    not_taking_part=(
        "Whoever takes part in {program} says here whether they come, and you are not on that list yet, "
        "as far as I know. Write to {contact} if you should be."
    ),
    not_confirmed="You are on the list of {program}, and not confirmed yet, so nothing was noted. Write to {contact}.",
    has_left="You have left {program}, so nothing was noted. If that is a mistake, write to {contact}.",
    told_cancelled=(
        "{title} on {before} is cancelled. You said that you are coming: there is nothing for you to do. "
        "Questions go to {contact}."
    ),
    told_moved=(
        "{title} has moved to {when}. It was to be {before}. "
        "You said that you are coming, and are still counted in: can you come then, too?"
    ),
    told_again="{title} takes place after all: {when}. You said that you are coming, and that stands.",
    more_told="and {number} more: `/dates` shows them all.",
    not_in_channel=(
        "I am not in {channel}, so I cannot post there. Invite me with `/invite @Convene` and press again, "
        "or copy the answer."
    ),
    cannot_share="Ask in the channel where you want to share the answer: this is a direct message.",
    is_reserved="This answer is for those who take part in the program. Share it in the cohort's channel: ask there.",
)

SPANISH = Words(
    language="es",
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    am="a. m.",
    pm="p. m.",
    day="{weekday} {day} de {month}",
    day_of_year="{weekday} {day} de {month} de {year}",
    date="{day} de {month} de {year}",
    yours="{time} en su hora local",
    over="ya pasó",
    sample="ejemplo",
    undated="todavía sin fecha en el calendario",
    more_dates="y {number} más",
    join="Unirse",
    open_application="Abrir la solicitud",
    open_page="Abrir la página",
    practice="*En práctica:* este programa todavía no está en marcha.",
    you_asked="Usted preguntó: {question}",
    asked="{who} preguntó:",
    question_and_answer="Una pregunta y su respuesta: {answer}",
    window="Su pregunta",
    languages={"en": "inglés", "es": "español"},
    not_translated="Esta respuesta todavía no está en español; aquí la tiene en {language}.",
    source="Fuente: {source}",
    verified="verificado por {by} el {day}",
    lapsed="verificado por última vez por {by} el {day}; por favor, confírmelo con {contact}",
    helpful="Me sirve",
    not_helpful="No me sirve",
    share="Compartir en el canal",
    is_shared="Ya se compartió en el canal.",
    was_helpful="Le sirvió esta respuesta. Gracias por decírmelo.",
    noted="Gracias, tomo nota.",
    person_instead="Gracias por decírmelo. Una persona puede responderle.",
    quoted="No tengo una respuesta propia. {title} dice:",
    page="{title}, pág. {page}",
    named="«{question}»",
    also_asked="También preguntó: {questions} Para eso no tengo una respuesta segura.",
    unsure="No sé si le entendí bien. Quizás quiso preguntar:",
    unsure_of_two="¿Quiere decir «{one}» o «{other}»?",
    did_you_mean="Quizás quiso preguntar:",
    none_fits="Ninguna de estas",
    something_else="Otra cosa",
    unknown="No tengo esa información.",
    write_to="Escriba a {contact}.",
    write_to_about="Escriba a {contact} sobre {program}.",
    write_to_team="Pregunte a quienes facilitan su grupo ({names}), o escriba a {contact}.",
    office_hour="O pregunte en la próxima hora de consulta: {line}",
    ask_person="Preguntar a una persona",
    ask_program="Preguntar a {program}",
    owner_answers="{owner} le responde",
    team_answers="El equipo de {program} le responde",
    passed_on_thread="Su pregunta ya está en buenas manos. {who} a más tardar el {due}; lo leerá aquí, en este hilo.",
    passed_on_direct="Su pregunta ya está en buenas manos. {who} a más tardar el {due}; lo leerá por mensaje directo.",
    passed_on_unasked=(
        "No tengo esa información, así que la pedí por usted. {who} a más tardar el {due}; lo leerá aquí, en este hilo."
    ),
    has_answered="{by} ya respondió a esta pregunta.",
    answers="{by} responde",
    adds="{by} añade",
    taken_out="esta respuesta se retiró entretanto. Escriba a {contact}.",
    nobody="Desde aquí todavía no se puede avisar a nadie del equipo de {program}. Por favor, escriba a {contact}.",
    ask_anything="Pregúnteme lo que quiera sobre {program}, con sus propias palabras.",
    for_example="Por ejemplo:",
    too_long=(
        "Es más largo de lo que puedo leer como una sola pregunta: {length:,} caracteres. Pregunte en una o dos "
        "frases, de hasta {most:,} caracteres; para contarlo todo, escriba a {contact}."
    ),
    form="Solo usted ve la respuesta. Respondo con los textos de {program}; si no lo sé, puede hacerlo una persona.",
    form_program="el programa",
    form_button="Preguntar",
    form_hint="Con sus propias palabras",
    form_empty="Escriba su pregunta en pocas palabras.",
    close="Cerrar",
    not_saved="Todavía no se guardó. Sus palabras siguen aquí; presione otra vez. (Número {number})",
    welcome="¡De nada!",
    wordless="Recibido. Si tiene una pregunta, escríbala con sus propias palabras.",
    help="Pregúnteme lo que quiera, con sus propias palabras. Estos botones hacen lo demás:",
    help_about="Pregúnteme lo que quiera sobre {program}, con sus propias palabras. Estos botones hacen lo demás:",
    ask="Hacer una pregunta",
    openings={
        "reflection": Opening("Aquí entrega una reflexión:", "Entregar una reflexión"),
        "checkin": Opening("Aquí anota una sesión de coaching:", "Anotar una sesión"),
        "dates": Opening("Esto es lo que viene:", "Ver las fechas"),
        "homework": Opening("Lo que hay que entregar, y lo que su organización ya entregó:", "Ver las tareas"),
        "settings": Opening("Pausas, horas de silencio, recordatorios, idioma, lo que entregó:", "Mis mensajes"),
    },
    coming="Ahí estaré",
    not_coming="No puedo ir",
    readers_of_answer="Quienes facilitan su grupo ven quién viene; la administración solo ve cuántas personas.",
    you_come="Usted dijo que viene",
    you_do_not_come="Usted dijo que no puede venir",
    noted_coming=(
        "Usted dijo que viene a {title}, {when}; lo ven quienes facilitan su grupo. "
        "Si eso cambia, presione el otro botón."
    ),
    noted_not_coming=(
        "Usted dijo que no puede venir a {title}, {when}; lo ven quienes facilitan su grupo. "
        "Si eso cambia, presione el otro botón."
    ),
    date_over="{title} ya pasó, así que no se anotó nada. Lo que viene está en `/dates` y en mi pestaña *Home*.",
    date_cancelled=(
        "{title}, {when}, se canceló, así que usted no tiene que hacer nada. "
        "Lo que viene está en `/dates` y en mi pestaña *Home*."
    ),
    date_moved=(
        "{title} tiene ahora otra hora: {when}. El botón era de la anterior, así que no se anotó nada. ¿Puede venir?"
    ),
    date_gone="Esta fecha ya no está en su calendario. Lo que viene está en `/dates` y en mi pestaña *Home*.",
    not_taking_part=(
        "Aquí dicen si vienen quienes participan en {program}, y usted todavía no está en esa lista, que yo sepa. "
        "Si debería estarlo, escriba a {contact}."
    ),
    not_confirmed=(
        "Usted está en la lista de {program}, pero falta confirmarlo, así que no se anotó nada. Escriba a {contact}."
    ),
    has_left="Usted dejó {program}, así que no se anotó nada. Si es un error, escriba a {contact}.",
    told_cancelled=(
        "{title}, {before}, se canceló. Usted dijo que viene: no tiene que hacer nada. "
        "Si tiene preguntas, escriba a {contact}."
    ),
    told_moved=(
        "{title} se cambió: {when}. Iba a ser {before}. "
        "Usted dijo que viene, y así queda anotado: ¿puede venir también entonces?"
    ),
    told_again="{title} sí tendrá lugar: {when}. Usted dijo que viene, y así queda.",
    more_told="y {number} más: `/dates` las muestra todas.",
    not_in_channel=(
        "No estoy en {channel}, así que no puedo escribir ahí. Invíteme con `/invite @Convene` y presione otra vez, "
        "o copie la respuesta."
    ),
    cannot_share="Pregunte en el canal donde quiere compartir la respuesta: este es un mensaje directo.",
    is_reserved=(
        "Esta respuesta es para quienes participan en el programa. Para compartirla, pregunte en el canal del grupo."
    ),
)

LANGUAGES: dict[str, Words] = {one.language: one for one in (ENGLISH, SPANISH)}


def of(language: str) -> Words:
    """The sentences of a language (`es`); of one that is not here, the English ones."""
    return LANGUAGES.get(language, ENGLISH)
