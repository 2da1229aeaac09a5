"""What one sentence does: asks for information, makes conversation, tells, invites, or speaks to somebody by name.

English and Spanish. Sentences are as people type them: without capitals, signs or accents as often as with them.
The forms that ask without a question mark are those of `asking_en` and `asking_es`.
"""

from __future__ import annotations

import re
import unicodedata

from bot.domain import asking_en, asking_es, language
from bot.domain.patterns import any_of, pattern

LONGEST = 60
"""Words; a longer sentence without a question mark is told, not asked."""
MANY = 6
"""Words that make a matter of a question, whatever they are."""


def spelled(text: str) -> str:
    """A text in small letters without accents, its shorthand written out: u, ur, pls, dont, q, x fa."""
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("'", text)).casefold()
    text = "".join(one for one in text if not unicodedata.combining(one))
    for written, meant in _PHRASES:
        text = written.sub(meant, text)
    return _SHORTHAND.sub(lambda found: _MEANT[found[0]], text)


def asks(sentence: str) -> bool:
    """Whether a sentence has the form of a question, marked as one or not."""
    bare = sentence.strip()
    if bare.endswith("?") or bare.startswith("¿"):
        return len(language.words(bare)) > 1 or any(not language.is_function(word) for word in language.words(bare))
    if len(bare.split()) > LONGEST or bare.endswith("!"):
        return False
    plain = spelled(bare)
    return any(form.search(plain) for form in _ASKING) and not _SETTLED.search(plain)


def headline(sentence: str, *, alone: bool) -> bool:
    """Whether it begins like a question and may as well stand above a text: how to apply, what to bring.

    Where nothing else is said, only a colon makes it one.
    """
    if sentence.endswith("?"):
        return False
    return bool(_TITLE.search(sentence)) or (not alone and bool(_HEADLINE.search(sentence)))


def sociable(sentence: str) -> bool:
    """Whether what is asked is conversation: how people are, who comes along, what nobody could answer."""
    return any(pattern.search(sentence) for pattern in (_PEOPLE, _TO_PEERS, _RHETORICAL, _PEOPLE_ES))


def tells(sentence: str) -> bool:
    """Whether it announces something to everybody."""
    return bool(_TELLING.search(sentence))


def invites(sentence: str) -> bool:
    """Whether it tells everybody what to do: such a sentence behind a question answers it."""
    return bool(_INVITING.search(sentence))


def replies(sentence: str) -> bool:
    """Whether it goes back to what somebody has just said."""
    return bool(_REPLYING.search(sentence))


def own(sentence: str) -> bool:
    """Whether it speaks of whoever writes it, or only thanks or greets: a question may well stand before it."""
    return bool(_OWN.search(sentence))


def to_somebody(text: str) -> bool:
    """Whether a text begins by calling somebody by name."""
    greeted = _GREETED.match(text)
    if greeted and _is_name(greeted[1]):
        return True
    called = _CALLED.match(text)
    return called is not None and _is_name(called[1])


def matters(sentence: str) -> bool:
    """Whether there is a word in it that says what it is about."""
    words = language.words(sentence)
    return len(words) >= MANY or any(language.weight(word) == 1.0 and word not in _EMPTY for word in words)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OPENING = any_of(
    "hi", "hey", "hello", "hola", "ok", "okay", "so", "and",
    "but", "or", "also", "just", "sorry", "please", "well",
    "good (?:morning|afternoon|evening)", "(?:(?:quick|one|another|a) )?question", "all", "everyone", "everybody",
    r"sorry for (?:the|this|my|a) (?:\w+ )?question", "team", "folks", "friends", "there", "thanks",
    "thank you", "one more(?: thing)?",
    r"(?:just )?(?:asking|checking|curious)(?: for \w+ \w+)?",
    r"sorry if \w+ (?:was|has been|is) asked(?: before| already)?",
    "(?:by|until|at|in|on|for|from|since|over|under)(?= (?:what|when|how|which))", "y", "o", "pero",
    "buenos dias", "buenas(?: tardes| noches)?", "disculpen?", "perdon", "oigan", "gracias",
    "todavia", "aun", "a todos", "a todas", "tod[oa]s", "una (?:duda|pregunta)", "por favor", "entonces",
)  # fmt: skip
_OF_ALL = (
    r"(?:(?:and|so|but|also|ok) )*(?:there|all|every(?:one|body)|team|folks|friends) "
    r"(?:is|are|was|were|do|does|did|can|could|will|would|should|must|have|has)\b"
    r"|so (?:do|does|did|is|are|can|will) \w+\W*$"
)
"""Not a greeting, but what a sentence tells of."""
_ASKING = (
    pattern(rf"^(?!{_OF_ALL})(?:{_OPENING}\W+)*{any_of(asking_en.INVERTED, asking_en.BARE)}"),
    pattern(rf"^(?:{_OPENING}\W+)*{any_of(asking_es.INVERTED, asking_es.BARE)}"),
    pattern(rf"^\W*{asking_en.AND_ALSO}"),
    pattern(rf"(?:[,;:]|\.\.+| -+)\s+(?:{_OPENING}\W+)*{any_of(asking_en.FURTHER, asking_es.FURTHER)}"),
    pattern(rf"^(?:if|since|because|once|when) (?:i|we|my|our|the|it)\b.*(?<! we)(?<! i) {asking_en.FURTHER_AT_ONCE}"),
    pattern(asking_en.RUN_ON),
    pattern(asking_es.RUN_ON),
    pattern(asking_en.TAG),
    pattern(rf"\b{any_of(asking_en.WONDERING, asking_es.WONDERING)}"),
)
_SETTLED = pattern(rf"\b{any_of(asking_en.SETTLED, asking_es.SETTLED)}\b")
_APOSTROPHES = re.compile("[’‘ʼ´`′＇]")
_SPELLING = """
    you: u
    your: ur
    are: r
    you all: yall y'all ya'll
    please: pls plz plss plse pleas
    thanks: thx
    about: abt
    through: thru
    hours: hrs
    want to: wanna
    going to: gonna
    have to: gotta hafta
    let me: lemme
    i'm: im
    i've: ive
    i don't know: idk
    don't: dont
    doesn't: doesnt
    didn't: didnt
    can't: cant
    couldn't: couldnt
    won't: wont
    wouldn't: wouldnt
    isn't: isnt
    aren't: arent
    haven't: havent
    hasn't: hasnt
    what's: whats
    where's: wheres
    when's: whens
    how's: hows
    who's: whos
    that's: thats
    what: wat wut waht hwat wht
    which: whcih wich
    when: wen whn wehn hwen whne
    where: whre wher hwere
    how: hwo hw ohw
    there: ther thier
    does: dose deos
    will: wil
    much: mcuh
    many: mnay mny
    apply: aply
    tiempo: tienpo
    need: nede
    can: cn cna
    que: q ke
    por que: xq pq porq
    por favor: porfavor
    porfa: porfas xfa
    tambien: tmb tb
    necesito: nesesito nececito
    quiero: kiero
"""
_MEANT = {
    short: meant
    for meant, _, shorts in (line.strip().partition(":") for line in _SPELLING.splitlines())
    for short in shorts.split()
}
_SHORTHAND = re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, _MEANT))})(?![\w'])")
_PHRASES = (
    (re.compile(r"\bx (?=cuant|que\b|q\b|cual|favor|donde)"), "por "),
    (re.compile(r"\bid (?=(?:really |also )?(?:like|love|want|rather|need|prefer)\b)"), "i'd "),
    (re.compile(r"\b(quick|one|another) q\b"), r"\1 question"),
    (re.compile(r"\bpor fa\b"), "porfa"),
    (re.compile(r"^\W*were (?=(?:can|do|is|should) )"), "where "),
    (re.compile(r"\bay (?=que|al|apoyo|cup|lugar|cost|una? )"), "hay "),
)
_HEADLINE = pattern(r"^\W*(?:how|what|where|when|como|que)\s+(?:to|you|\w+r)\b(?!.*\bdo\s+(?:we|i|you)\b)")
_TITLE = pattern(r"^\W*(?:what|why|how|when|where|who|which|como|que)\b[^?]*:")
_TELLING = pattern(
    r"\b"
    + any_of(
        "reminder", "fyi", "heads[- ]up", "please note", "please remember", "don't forget", "do not forget",
        r"(?:we(?:'re| are|'ll| will)?|to) announc\w+", "announcements?:", r"congrat\w+", "welcome to",
        "please welcome", "save the date", "join us", "are you joining us", "sign up (?:here|now)",
        r"(?:we(?:'re| are)|i(?:'m| am)) (?:excited|happy|thrilled|pleased|proud|delighted) to",
        "see you (?:all|there|then|at|on|tomorrow|soon)", "(?:dear|best) (?:partners|regards|all)", "kind regards",
        "(?:got|have|any) questions", "did you know", "what are (?:you|we) waiting",
        "recordatorio", "recuerden", "aviso", "felicidades", "bienvenid[oa]s", r"les compart\w+", "l[oe]s esperamos",
        "no olviden", "nos vemos", "unanse", r"¿preguntas\?", "tienen preguntas",
    )
    + r"(?:\b|(?<=[:?]))"
)  # fmt: skip
_INVITING = pattern(
    r"^\W*(?:(?:just|please|then|so|simply|or|and) )*"
    + any_of(
        "join", "come", "ask", "e?-?mail", "contact", "write", "message", "dm", "ping", "check", "click", "drop",
        "stop by", "register", "sign up", "see", "visit", "read", "let me (?!know)", "let us (?!know)",
        "we(?:'re| are) here", "reach out", "apply", "watch", "fill", "go to", "look", "head", "get in touch", "call",
        "take", "try", "tell", "i(?:'ll| will) (?:ask|bring|call|check|e?mail)", "here(?:'s| is| are)",
        "vengan", "escribanme", "escriban", "inscribanse", "visiten", "lean", "vean", "miren", "pregunten",
        "preguntenme", "manden", "envien",
    )
    + r"\b"
)  # fmt: skip
_REPLYING = pattern(
    r"^\W*"
    + any_of(
        r"(?:yes|yep|yeah|yup|nope|same here|me too|us too|really|seriously|exactly|agreed|true|right|sure"
        r"|of course|oh no|oh|ah|wow|sounds good|no worries|no problem|no idea(?! (?:if|how|where|what|when|who"
        r"|which))|perfect|cool|great|nice|claro"
        r"|exacto|igual aqui)\b\W*(?=[,.!?;:]|$|\w)",
        r"no,",
        r"si(?:[,.!]|$| (?:claro|por favor|se puede|gracias|es|hay|tienes?|asi)\b)",
        r"(?:that|it) depends\b|depends\b|good question\b",
        r"(?:well, )?i (?:think|thought|guess|believe|heard|assume|suppose)\b",
        r"(?:it|that)(?:'s| is) (?:\w+,? ){1,4}i (?:think|guess|believe)\b",
        r"are you sure\b",
        r"we (?:did|do|are|have|were)\b\W*$",
        r"creo que\b",
    )
)
_OWN = pattern(
    r"\b(?:i|i'm|i'd|i've|we|we're|we've|my|our|me|us|ours|mine|thanks|thank you|thx|tia|please|sorry"
    r"|asking|appreciate\w*|gracias|por favor|soy|somos|mi|mis|nuestr[oa]s?|nos|saludos|cheers|best|estamos|tenemos"
    r"|trabajamos|queremos|quiero|quisiera|anyone know|anybody know)\b"
)
# What a program, and not somebody in the channel, is asked to do, to have or to be.
_KNOWS = any_of(
    rf"(?:\w+ ){{0,2}}{any_of('knows?', 'tell', 'explain', 'send', 'share', 'point', 'remind', 'clarify', 'confirm')}",
    r"(?:have|has|got) (?:the|a copy|an? (?:link|idea)|any (?:idea|info\w*))", "help (?:me|us)",
    "work with (?:just )?(?:us|our|me)", "check (?:our|my)",
    "(?:be )?like us", "(?:call|contact|e?mail|notify|text) (?:us|me)", "there to (?:answer|help)", "apply",
    "applies", "participate",
    "attend", "eligible", "allowed", "from (?:each|every|an?|our|my|the|outside|other)", "who", "under", "with(?:out)?",
    "can", "may", "needs? to", "has to", "mentioned", "told (?:me|us)", "i", "we", "like (?:us|me)",
    "to (?:explain|show|walk|help (?:me|us)|talk|call|ask|contact|write|speak|e?mail)",
    "at", "in (?:our|my|the)", "of", "on", "and", "or",
)  # fmt: skip
_DONE = any_of("decided?", "announced?", "post(?:ed)?", "record(?:ed)?", "extend(?:ed)?", "changed?", "publish(?:ed)?",
    "choose", "chosen", "select(?:ed)?", "picked", "moved?", "set", "receiv(?:ed?)", "done this",
    "got (?:the|a date)")  # fmt: skip
_DOES = any_of("record", "send", "announce", "publish", "post", "offer", "provide", "extend", "share", "accept",
    "consider", "recommend", "take", "repeat", "evaluate", "add", "give us", "write", "pay", "cover",
    "reimburse", "match", "train", "fund", "host", "review", "choose", "require", "meet", "charge", "allow",
    "let (?:us|me|people|applicants)")  # fmt: skip
_IS_TO = any_of("open", "accepting", "taking", "looking", "offering", "able to", "affiliated", "connected", "providing",
    "hosting", "hiring", "choosing", "selecting", "paying", "covering", "trying to", "requiring", "located",
    "based", "still (?:accepting|taking|open)",
    rf"(?:going|planning) to {_DOES}")  # fmt: skip
_OFFERED = any_of(
    r"(?:\w+ ){0,3}(?:application|form|proposal)", "budget (?:to|with the)", "with the (?:program|committee)",
    "somebody else", "a (?:guest|colleague|friend|sub|plus one)",

      "my (?:dog|kids?|child|children|baby|son|daughter|husband|wife|spouse|colleague|boss|own|co-?\\w+"
    "|(?:whole )?team|staff|students?)",
)  # fmt: skip
_YOU = r"(?:you|y'?all)"
_PEOPLE = pattern(
    r"\b"
    + any_of(
        r"how (?:are|is|was|were|did) (?:you|things|we|y'?all|every(?:one|body)(?:'?s)?|all|yours?|the (?:day|week))\b",
        r"how(?:'s| is) it (?:going|already|even)",
        r"how (?:was|were) (?:the|your|that|this) \w+\W*$",
        r"how(?:'s|s) (?:it|every\w+|your|the (?:day|week))\b",
        r"how did (?:it go|your)",
        r"what'?s up\b",
        r"wh\w+ did \w+ (?:say|think|mean|tell)\b",
        r"(?<!what )(?:is|are|was|were) yours?\b",
        r"^\W*(?:did|does|was|were|has|have) (?:it|that|they|he|she) \w+\W*$",
        r"who (?:had|said|brings|brought|took|made|let|saw|won|ate|likes|loves|remembers|misses|feels)\b",
        r"who(?:'s| is| are|'?s all| all is| all)? (?:else(?! (?:can|should|do) (?:i|we)\b)|in(?! charge)|up|coming"
        r"|going|watching|joining|with|free|around|here|ready|excited|planning|bringing|driving|wants?|needs|still"
        r"|has time|stayed|could use)\b",
        r"who would like\b|^\W*which (?:ones? )?of you\b",
        r"who (?:does|would|did|has|could|wo|ca|can|is|was)n'?t",
        rf"(?!some\w+ from)(?<!to )(?<!with )(?:any|some|every)(?:one|body)(?:'s)?\s+(?!{_KNOWS}\b)",
        r"any (?:plans|takers)\b",
        r"you\b.* (?:too|as well|either)\W*$",
        r"where you are\b",
        r"(?:is|was) it (?:\w+ )?(?:snow|rain|hot|cold|freez|sunny|windy)\w*",
        r"(?:grab|get|have|for|do|at|go to) (?:a |some )?(?:lunch|coffee|dinner|drinks?|beer)"
        r"(?=\W*$| (?:with|after|before|together|some|to(?:day|morrow|gether|night)|first|on|later)\b)",
        rf"did (?:you|yours|y'?all|every\w+)\s+(?!(?:guys |all )?{_DONE}\b)",
        rf"do {_YOU} (?:(?:guys|all) (?!{_DOES}\b|do\b|have (?:an?|the|any)\b)|two|both|want|wanna|think"
        rf"|remember|like|mean(?! by)|see|agree|ever|feel|hear|watch|get)\b",
        rf"do {_YOU} (?:have (?:a (?:minute|moment|second|sec)|time|kids|plans)|need (?:help|a hand)|work with)",
        rf"(?<!what )have {_YOU} (?!{_DONE}\b)",
        r"what have you (?:been|done|got|all|guys|tried)\b",
        rf"(?<!what )are you (?!{_IS_TO}\b|doing this\b)",
        rf"(?:will|would) you (?!{_DOES}\b|be (?:record|offer|post|shar|announc|accept|tak|provid|host|send)ing\b)",
        r"(?:can|could) you (?:two|both|guys|all|believe|imagine|hear|see|come|join|make it|call|look)\b",
        rf"(?:what|how|and) (?:about )?(?:{_YOU}|yourself|yourselves|yours)\W*$",
        r"what do you (?:all )?(?:think|mean(?! by))",
        r"\w+ ones? do you mean",
        r"what are you (?:all )?(?:waiting|doing|up to|working|thinking|wearing|making|reading"
        r"|bringing|eating|having|cooking|driving|playing|planning|guys|two|even|talking|serving)",
        r"(?:what|how) about (?:lunch|coffee|\d|to(?:day|night|morrow)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
        r"(?:mornings or evenings|which (?:day|time) (?:works|suits))",
        r"^\W*(?:what|which|who|when|where|why|how|que|cual|quien|cuando|donde)(?:\s+\w+)?\W*$",
    )
)
_TO_PEERS = pattern(
    r"^\W*(?:"
    + any_of(
        r"(?:\w+\W+){0,3}?shall (?:i|we)\b",
        r"(?:\w+\W+){0,3}?should we meet\b",
        r"(?:\w+\W+){0,3}?(?:would|does|will) it help\b",
        r"(?:\w+\W+){0,3}?(?:can|could|may|should) i "
        r"(?:help|offer|share|post|bring|show|get (?:any|every|you)\w*|invite|introduce) "
        rf"(?!{_OFFERED}\b)",
        r"(?:want|wanna|need (?:a hand|help|inspiration|ideas|some))\b",
        r"looking for (?:a |an )?(?:partner|buddy|ride|help|inspiration)\b",
    )
    + r")"
)
_RHETORICAL = pattern(
    r"(?:^\W*(?:\w+[,:]\s+)?"
    + any_of(
        r"how (?:cool|great|nice|awesome|exciting|funny|amazing|lovely|sweet|weird|hard can)\b",
        r"(?:isn|wasn|aren|ain)'?t (?:it|that|this|these|they|you|we|\w+ (?:community|group|team|program))\b",
        r"isn't\b",
        r"why (?:not|me|bother|am i|do i always|is it always|oh why)\b",
        r"who (?:knew|cares|would have|'?d have|does that|writes|even|in the world)\b",
        r"what a\b",
        r"what (?:would|could) (?:we|i|possibly|you|go)\b(?: do without| ever| go wrong|.*wrong)?",
        r"where (?:did|has|does) (?:the|all the|my) (?:time|year|week|day|month)",
        r"is it (?:just me|(?:already |really )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|the weekend|over|lunch)",
        r"can (?:you|we) believe",
        r"am i right",
        r"(?:does|can|could) it get\b",
        r"(?:can|could) we (?:all|just|please all) \w+",
        r"do (?:i|we) (?:look|seem|sound|ever)",
        r"is there anything (?:better|worse|more|nicer)",
        r"what (?:can|could) we (?:all )?(?:learn|take away)",
        r"why (?:is|are|does|do|must) .*(?:like this|so \w+|always|never)\W*$",
        r"how (?:on earth|in the world)",
        r"guess (?:who|what)",
        r"no es\b(?!.*(?:necesari|obligatori|posible|gratis|demasiado))",
        r"quien (?:lo hubiera|lo diria|no)\b",
    )
    + r")|(?:,\s*(?:huh|eh|ay|no cierto)\W*$)|\bi wonder why\b"
)
_PEOPLE_ES = pattern(
    r"(?:^|\W)"
    + any_of(
        r"como (?:estan?|estas|les va|te va|les fue|amanecieron|la pasaron)\b",
        r"que tal\b|que (?:les|te) parecio\b",
        r"quien(?:es)? (?:viene|va(?! a (?:ser|dar|ensenar|leer|revisar|decidir)\b)|trae|tiene|vienen|van"
        r"|quiere|quieren|se (?:apunta|anima)|mas)\b",
        r"alguien (?:quiere|viene|va|se (?:apunta|anima)|mas)\b",
        r"(?:quieres?|quieren|necesitas|necesitan) (?:ayuda|venir|que|ir|una mano)\b",
        r"por que no (?:vienen|vienes|vamos|vas|se|nos|lo)\b",
        r"(?:estan|estas) (?:list[oa]s?|bien|ahi|aqui)\b",
        r"(?:ya )?(?:vieron|viste|oyeron|supieron|terminaron|terminaste|mandaste|enviaste|leyeron)\b",
        r"verdad que\b",
        r"se (?:lo )?imaginan\b",
        r"y (?:tu|ustedes|usted)\W*$",
    )
)
_NAME = r"([A-ZÀ-Þ][^\W\d_]+)"
_GREETED = re.compile(
    r"^\W*(?:[Hh](?:i|ey|ello|ola)|[Gg]ood (?:morning|afternoon|evening)|[Tt]hanks|[Tt]hank you(?: so much)?"
    r"|[Mm]orning|[Oo]k(?:ay)?|[Gg]racias|[Bb]uen[oa]s (?:dias|tardes|noches)|[Dd]ear|[Oo]ye)[\s,]+" + _NAME + r"\b"
)
_CALLED = re.compile(
    r"^\W*" + _NAME + r"(?:\s*,\s*(?=.*\?)|\s*(?:,|:|-|–|—)\s*(?=.*\b(?:you|your|yours|u|te|tu|tu|puedes|tienes)\b)"
    r"|\s+(?:can|could|did|do|are|will|would|have|what|when|where|which|how)\s+(?:\w+\s+){0,3}?(?:you|your|u)\b)"
)
_NOT_NAMES = _set("""
    all everyone everybody team there folks friends again convene both guys colleagues people neighbors applicants
    quick question questions another today tomorrow also actually however anyway lastly finally first second next
    hola hello hi hey good morning afternoon evening thanks thank please sorry disculpen perdon oigan gracias buenos
    buenas dias tardes noches todos todas equipo amigos amigas program programs organizations applications convenings
    one two well ok okay dear just maybe hopefully unfortunately does how what when where why who which whom is are
""")
"""What stands with a capital at the beginning, or behind a greeting, and is nobody's name."""
_EMPTY = _set("""
    happened happens mean means hear sound sounds right wrong guess hope sure exactly friday monday tuesday
    wednesday thursday saturday sunday nobody cool great nice verdad cierto luego pues bien hoy todos todas
""")


def _is_name(word: str) -> bool:
    plain = language.plain(word)
    return plain not in _NOT_NAMES and not language.is_function(plain) and language.weight(plain) == 1.0
