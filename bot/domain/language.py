"""What the words of a question are worth: how they are cut down, which are alike, and what kind of thing is asked for.

English, with as much Spanish as people mix in. Nothing here knows any program: its words come from its own questions.
"""

from __future__ import annotations

import re
import unicodedata

from bot.domain.written import BLANK

_ENTITY = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_CODE = re.compile(r"```.*?```|(?<!\w)`[^`\n]*`(?!\w)", re.DOTALL)
_MARKUP = re.compile(r"<([^<>\s|][^<>|]*)(?:\|([^<>]*))?>")
_EMOJI_NAME = re.compile(r":[a-z0-9_+'-]+:", re.IGNORECASE)
_PICTURE = re.compile("[^\ufe0f]\ufe0f\u20e3?")
"""A letter, a digit or a sign that is shown as an emoji: a keycap is no number."""
_BLANK = re.compile(f"[{BLANK}]")
_APOSTROPHES = re.compile("[’‘ʼ´`′＇]")
_BARE_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)


def clean(text: str) -> str:
    """What a person typed, from what Slack delivers: no mentions, links, code, emoji names or invisible characters."""
    text = _MARKUP.sub(lambda found: _label(found[1], found[2]), _CODE.sub(" ", text))
    for entity, character in _ENTITY.items():
        text = text.replace(entity, character)
    text = _BARE_LINK.sub(" ", _EMOJI_NAME.sub(" ", text))
    text = _BLANK.sub(" ", _PICTURE.sub(" ", text))
    text = "".join(one if one.isspace() or unicodedata.category(one)[0] != "C" else "" for one in text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def usual(text: str) -> str:
    """The same in usual letters and marks: full-width ones, and other scripts' question marks, are what they mean."""
    return text.translate(_USUAL)


_USUAL: dict[int, int | str] = {0x3000: " ", 0x061F: "?", **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}}


def _label(target: str, label: str | None) -> str:
    if target[0] in "@!":
        return " "
    if target[0] == "#":
        return f" {label or ''} "
    return f" {label} " if label and label != target and not label.startswith(("http", "www.")) else " "


_CONTRACTED = (
    (re.compile(r"\be-(?=mail)"), "e"),
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'(?:s|re|m|ll|d|ve)\b"), ""),
    (re.compile(r"\b(what|when|where|how|who)s\b"), r"\1"),
)
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Small letters without accents, with contractions undone."""
    text = _APOSTROPHES.sub("'", text).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold()
        text = "".join(one for one in text if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")
    for pattern, instead in _CONTRACTED:
        text = pattern.sub(instead, text)
    return text


def words(text: str) -> list[str]:
    """The words of a text, plain, in order."""
    return _WORD.findall(plain(text))


_ALIKE = {
    word: line.split()[0]
    for line in """
        appli apply applies applied applying application applications applicant applicants aplicar aplication
        organiz organization organizations organisation organisations org orgs organizacion organizaciones
        inform info information informational informacion informativo
        person people persons
        particip participant participants participation participate participating participar
        select selection selected selecting
        decid decision decisions decide decided
        submit submission submissions submitted submitting
        requir requirement requirements require required requires requisitos
        eligib eligible eligibility
        commit commitment commitments committed
        defin definition define defined
        notif notification notify notified
        frequ frequency frequent frequently frecuencia
        locat location located locations
        regist register registration registered
        facilit facilitator facilitators facilitate facilitates facilitated facilitation facilitadores
        month months monthly mes meses mensual
        week weeks weekly semana
        day days daily
        year years yearly annual annually
        meet meets meeting meetings met reunion reuniones
        begin begins began begun beginning
        child children child kids kid
        send sends sent sending
        pay pays paid paying payment
        zone zones timezone timezones
    """.strip().splitlines()
    for word in line.split()
}
_ENDINGS = (
    ("ations", "at"),
    ("ation", "at"),
    ("ings", ""),
    ("ing", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
)


def stem(word: str) -> str:
    """What a plain word shares with its other forms; it need not be a word itself."""
    if word in _ALIKE:
        return _ALIKE[word]
    if len(word) <= 3:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not (ending == "s" and word.endswith("ss")):
            word = word[: -len(ending)] + instead
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FUNCTION = _set("""
    a an the of to in on at for from with by and or as is are was were be been am do does did will would can could
    should shall may might must have has had having i me my mine we us our ours you your yours he she it its they them
    their this that these those there here so if but not no yes please hi hello hey thanks thank thx just also too very
    really actually exactly still even about into than then up out off over let which what who whom whose when where
    why how good morning afternoon evening dear pls quick
    el la los las un una unos unas de del en y o a al es son ser que por para con se mi su tu sus nos nuestro nuestra
    me lo le les hay si como cuando donde cual cuales quien quienes cuanto cuanta cuantos cuantas este esta esto hola
    gracias
""")
_LIGHT = _set("""
    get got gets getting give gives given want wants wanted need needs needed like liked know knows tell say says said
    mean means make makes made go goes going come comes coming able someone somebody anyone anybody something anything
    thing things everybody everyone one ones whole now again maybe some any all each every both either only own same
    other others another more most much many lot lots bit find found see look looking looks use uses used using happen
    happens happened available share show shows hold held holds offer offers offered provide provided include included
    includes take takes taken taking put set keep allow allowed possible okay ok ask asking asks wonder wondering kind
    kinds type types sort part parts stuff way ways case plan plans planning think thought sure somewhere anywhere
    somehow etc else instead around currently already yet soon ever never always usually today tomorrow
    puedo puede pueden podemos tengo tiene tienen tenemos hacer hace quiero queremos saber
""")


def is_function(word: str) -> bool:
    """Whether a plain word only holds a sentence together."""
    return word in _FUNCTION


def weight(word: str) -> float:
    """What a plain word tells of the matter: 1 for most, little for words that stand in any question."""
    if word in _FUNCTION:
        return 0.15
    return 0.4 if word in _LIGHT else 1.0


_SPANISH = _set("""
    que qué cuando cuándo donde dónde adonde adónde como cómo cual cuál cuales cuáles quien quién quienes quiénes cuanto
    cuánto cuanta cuánta cuantos cuántos cuantas cuántas por porque porqué para con y en es está esta este esto eso esa
    ese estas estos están estan estoy estamos estar son soy somos ser sera será sería seria fue hay habrá habra haber si
    sí se lo le nos les mi mis su sus nuestro nuestra nuestros nuestras una uno unos unas al del pero también tambien ya
    muy más mas sobre hasta desde entre sin puedo puede pueden podemos podría podria tengo tiene tienen tenemos
    tener hago hace hacen hacer hacemos quiero quiere quieren queremos quisiera saber sé necesito necesita necesitamos
    necesitan debo debe deben debemos voy va van vamos ir dar doy da dan vivo trabajo trabajamos sirve funciona dura
    durar cuesta cuestan costo costos paga pagan pago pagar gratis gratuito dinero beca becas apoyo ayuda ayudar hola
    ajustes preferencias mensajes configuración configuracion pausa pausar
    gracias buenos buenas días dias día dia tardes noches mes meses semana semanas año años hora horas mañana tarde hoy
    fecha fechas límite limite plazo entregar entrega entregan tarea tareas reunión reunion reuniones solicitud
    solicitudes solicitar aplico aplicar aplicamos aplicación aplicacion inscribir inscribirme inscribirnos inscripción
    inscripcion requisito requisitos programa programas participar participa participan organización organizacion
    organizaciones escuela escuelas niños niñas jóvenes jovenes maestros personas persona alguien nadie nada algo todos
    todas todo otra otro otros enlace correo pregunta preguntas preguntar español espanol inglés ingles idioma llamar
    escribo escribir envío envio enviar mando mandar recibir recibo grabación grabacion seminario consulta dos tres
    menú opciones
""")
_SLIGHTLY_SPANISH = _set("de la el los las un e o a me no te")
_ENGLISH = _set("""
    the of to is are was were be been am do does did don didn doesn will would can could should must may have has had i
    my we our us you your it its they them their there here what who which whose when where why how and or for from with
    by at about if this that these those not an any some in on as so just please than then get need want know let hi
    hey hello thanks thank but
""")
_ACCENTS = frozenset("áéíóúü")
_TOKEN = re.compile(r"[^\W\d_]+")
_NAMED = re.compile(r"(?:\b(?:de|del|el|la|las|los|y)\s+)+(?=[A-ZÀ-Þ])")
_SPANISH_ENDING = re.compile(
    r".{3,}(?:ción|cion|ciones|dad|dades|mente|amos|emos|imos|aron|ieron|iendo|arme|irme|erme|arnos|irnos|ernos)"
)


def is_spanish(text: str) -> bool:
    """Whether a text is rather Spanish than English; one that could be either is not."""
    return language_of(text) == "es"


def language_of(text: str, otherwise: str = "en") -> str:
    """The language of a question, `es` or `en`; `otherwise` for a text that could be either, such as a single name.

    It goes by the words that hold a sentence together. Names tell nothing: words with a capital inside a sentence, and
    the articles before them.
    """
    text = unicodedata.normalize("NFKC", text)
    spanish = 1.5 if "¿" in text or "¡" in text else 0.0
    english = 0.0
    said = text.casefold() if text.isupper() else _NAMED.sub(" ", text)
    for sentence in re.split(r"[.!?¿¡:\n]+", said):
        for at, token in enumerate(_TOKEN.findall(sentence)):
            word = token.casefold()
            english += word in _ENGLISH
            if at == 0 or token == word:
                spanish += _how_spanish(word)
    if max(spanish, english) < 1 or spanish == english:
        return otherwise
    return "es" if spanish > english else "en"


def _how_spanish(word: str) -> float:
    if word in _SPANISH or _SPANISH_ENDING.fullmatch(word) or "ñ" in word:
        return 1.0
    return 0.4 if word in _SLIGHTLY_SPANISH or _ACCENTS.intersection(word) else 0.0


_CONCEPTS: dict[str, frozenset[str]] = {}
for _line in """
    deadline due
    submit hand turn send
    often frequency
    online virtual virtually remote remotely zoom
    organization nonprofit company agency institution
    person individual staff colleague participant member
    convening meeting session
    length duration long last
    start begin first
    cost price fee charge pay free money expensive
    pay stipend salary compensation
    link url
    register sign enroll
    tiny small little
    notify announce hear
    accept select choose admit chosen admission
    homework assignment tarea prep preparation
    webinar recording video
    eligible qualify allowed
    requirement criteria condition prerequisite
    contact reach email write
    packet pdf document brochure
    score judge evaluate assess rate grade
    run organize lead host
    goal aim purpose objective
    summary overview
    calendar schedule date timetable
    spot place seat slot
""".strip().splitlines():
    for _word in _line.split():
        _CONCEPTS[stem(_word)] = _CONCEPTS.get(stem(_word), frozenset()) | {f"~{_line.split()[0]}"}


def concepts(stemmed: str) -> frozenset[str]:
    """What a stem is another word for."""
    return _CONCEPTS.get(stemmed, frozenset())


_KINDS = tuple(
    (f"?{name}", re.compile(pattern))
    for name, pattern in (
        ("count", r"\bhow many\b|\bnumber of\b|\bcuant[oa]s\b"),
        ("often", r"\bhow often\b|\bhow frequent|\bfrequency\b|\bcada cuanto\b|\bcon que frecuencia\b"),
        ("length", r"\bhow long\b|\bduration\b|\blength\b|\bcuanto dura\b|\bhow many hours\b"),
        (
            "hours",
            r"\bhow much time\b|\bhow many hours\b|\bhours (?:per|a|each)\b|\btime commitment\b"
            r"|\bcuanto tiempo\b|\bcuantas horas\b",
        ),
        (
            "money",
            r"^(?!.*\b(?:hours?|time|days?)\b).*(?:\bcosts?\b|\bfees?\b|\bpaid\b|\bpay\b|\bprice|\bmoney\b|\bfund"
            r"|\bstipend|\bexpens|\bfree\b|\$|\bcuesta|\bdinero\b|\bgratis\b)",
        ),
        (
            "when",
            r"\bwhen\b|\bwhat (?:time|day|date)|\bwhich (?:day|date)|\bby what\b|\bdates?\b|\buntil\b|\blast day\b"
            r"|\bdeadline\b|\bdue\b|\bcuando\b|\bque hora\b",
        ),
        ("where", r"\bwhere\b|\blocation\b|\bdonde\b|\blink\b|\baddress\b"),
        ("who", r"\bwho(?:m|se)?\b|\bquien"),
        ("why", r"\bwhy\b|\breason\b|\bpor que\b"),
    )
)


def kinds(text: str) -> frozenset[str]:
    """What kind of thing a text asks for (a number, a time, a place, a person, ...), as far as its words say."""
    bare = plain(text)
    return frozenset(name for name, pattern in _KINDS if pattern.search(bare))
