"""What one sentence does: asks for information, makes conversation, tells, invites, or speaks to somebody by name.

English and Spanish. Sentences are as people type them: without capitals, signs or accents as often as with them.
"""

from __future__ import annotations

import re

from bot.domain import language

LONGEST = 60
"""Words; a longer sentence without a question mark is told, not asked."""
MANY = 6
"""Words that make a matter of a question, whatever they are."""


def asks(sentence: str) -> bool:
    """Whether a sentence has the form of a question, marked as one or not."""
    bare = sentence.strip()
    if bare.endswith("?") or bare.startswith("¿"):
        return len(language.words(bare)) > 1 or any(not language.is_function(word) for word in language.words(bare))
    if len(bare.split()) > LONGEST or bare.endswith("!"):
        return False
    return bool(_INVERTED.search(bare) or _WONDERING.search(bare) or _INVERTED_ES.search(bare))


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


def _any(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


_OPENING = _any(
    "hi", "hey", "hello", "hola", "ok", "okay", "so", "and", "but", "or", "also", "just", "sorry", "please", "well",
    "good (?:morning|afternoon|evening)", "(?:(?:quick|one|another|a) )?question", "all", "everyone", "everybody",
    "team", "folks", "friends", "there", "thanks", "thank you", "one more(?: thing)?",
    r"(?:just )?(?:asking|checking|curious)(?: for \w+ \w+)?",
    r"sorry if \w+ (?:was|has been|is) asked(?: before| already)?",
    "y", "o", "pero", "buenos d[ií]as", "buenas(?: tardes| noches)?", "disculpen?", "perd[oó]n", "oigan", "gracias",
    "a todos", "a todas", "tod[oa]s", "una (?:duda|pregunta)", "por favor", "entonces",
)  # fmt: skip
_IS = "(?:is|are|r|was|were|do|does|did|can|could|will|would|should|must|have|has|am)"
_SUBJECT = (
    r"(?:i|we|you|it|they|the|this|that|there|these|those|our|my|your|an?|any\w*|some\w*|he|she|two|both|people"
    r"|organi[sz]ation|program|org|school|(?:\w+ ){0,2}\w+s)"
)
_WHAT = _any("what", "which", "wha?t", "waht", "hwat", "whcih", "wich")
_WHEN = _any("when", "where", "why", "how", "wen", "whn", "wehn", "hwen", "whre", "wher", "hwere", "hwo", "hw")
_INVERTED = _pattern(
    rf"^(?:{_OPENING}\W+)*"
    + _any(
        rf"{_WHAT.replace('|which', '')}\s+{_IS}\b",
        rf"{_WHAT}\s+(?!(?:i|we|you|he|she|they|it|to|a)\b)(?:\w+\s+){{1,3}}?{_IS}\b",
        rf"{_WHEN}\s+(?:(?!(?:i|we|you|they|he|she|it|the|our)\b)\w+\s+)?{_IS}\s+\w+",
        r"(?:how|hwo)\s+(?:much|many|long|often|big|far|old|soon|late|early)\b",
        r"how\s+to\b|why\s+only\b",
        r"(?:wha?t|where|when|how)(?:'?s|’s)\s+(?:the|our|your|a|an|this)\b",
        r"what\s+(?:if|about|happens|time|kind|type|else)\b",
        r"who(?:se|m)?\s+(?:is|are|was|were|do|does|did|can|could|will|would|should|decides?|runs?|leads?|picks?|chooses?"
        r"|teaches|pays|gets|qualif\w+|selects?|reads?|reviews?|sees|makes)\b",
        rf"(?:can|cn|could|may|should|must|do|does|did|will|would|am)\s+{_SUBJECT}\b\s+\w+",
        r"(?:have|has)\s+(?:i|we|you|it|they|there|the|our|any\w*|this|that)\s+\w+",
        r"(?:is|are|was|were)\s+(?:\w+\s+){1,3}(?:mandatory|required|needed|necessary|allowed|free|included|provided|open"
        r"|recorded|available|possible|virtual|online|paid|optional|covered|due|accepted|eligible|welcome|ok|okay"
        r"|confidential)\b",
        r"(?:is|are|was|were)\s+(?:there?|it|this|that|the|these|those|we|you|they|my|our|your|an?|any\w*)\s+\w+",
        r"any\s+(?:word|news|idea|update)s?\s+(?:on|about|when|if|whether|how)\b",
    )
)
_WH = r"(?:if|how|when|where|what|whether|who|which|why)"
_WONDERING = _pattern(
    r"\b"
    + _any(
        rf"i(?:'m|’m|'d|’d| am| was| would)?\s+(?:still |just |also |only )?(?:wonder\b|curious {_WH}\b"
        r"|like to (?:know|ask)\b|love to (?:know|ask)\b)",
        rf"(?:would|i'd) (?:like|love) to (?:know|ask) {_WH}\b",
        rf"wondering {_WH}\b",
        rf"(?:not|un)\s?(?:sure|clear)(?: yet)?(?: about| on)? {_WH}\b",
        rf"(?:do|does|did) any(?:one|body) know\b|^(?:{_OPENING}\W+)*any(?:one|body) know\b",
        rf"(?:trying to|want to|need to|like to) (?:know|find out|figure out|understand) {_WH}\b",
        rf"(?:can't|can’t|cannot|can not|couldn't|could not|don't|don’t|do not) (?:quite |really )?"
        rf"(?:figure out|find out|tell|know|understand|see|work out)\b(?: \w+){{0,4}} {_WH}\b",
        r"(?:don't|don’t|do not) (?:quite |really )?understand (?:what|how|why|which|the)\b",
        r"(?:can't|can’t|cannot|can not|couldn't|could not) (?:seem to )?(?:find|locate)\b",
        r"need to know\b",
        r"(?:need|looking for) (?:the|a) "
        r"(?:link|form|address|packet|dates?|copy|list|schedule|password|recording)\b",
        r"(?:can|could|would|will) (?:any|some)(?:one|body) (?:please )?"
        r"(?:tell|explain|help me|send|share|point|remind|clarify|confirm)\b",
        rf"tell (?:me|us) {_WH}\b",
        rf"let (?:me|us) know {_WH}\b(?! you)",
    )
)
_VERB_ES = (
    r"(?:es|son|fue|est[aá]n?|hay|puedo|puede|pueden|podemos|debo|debemos|tengo|tenemos|tienen?|cuestan?|duran?"
    r"|empiezan?|terminan?|cierran?|abren?|se|encuentro|encontramos|hago|hacemos|hace|solicito|solicitamos|significa"
    r"|pasa|necesito|necesitamos|envío|envio|enviamos|mando|ayuda|participan?|funcionan?|ser[aá]n?|vence|piden|llega"
    r"|decide|eligen?|aplico|entrego|dan|tarda|va|van)"
)
_INVERTED_ES = _pattern(
    rf"^(?:{_OPENING}\W+)*"
    + _any(
        r"(?:hasta |para |desde )?(?:cu[aá]ndo|c[oó]mo|d[oó]nde|qui[eé]n(?:es)?|cu[aá]nto)\s+(?:me |nos |se |le )?"
        + _VERB_ES
        + r"\b",
        r"(?:a |de |en |con |por |para |hasta |desde )?(?:qu[eé]|cu[aá]l(?:es)?|cu[aá]nt[oa]s?)\s+(?:\w+\s+){0,3}?"
        + _VERB_ES
        + r"\b",
        r"(?:puedo|podemos|se puede)\s+(?:aplicar|solicitar|participar|enviar|mandar|entregar|usar|inscribir\w*|cambiar"
        r"|subir|pedir|postular\w*)\b",
        r"pueden?\s+\w+\s+(?:un|una|el|la|los|las|varios|varias|dos)\b",
        r"hay que\s+(?:\w+\s+){1,2}alg\w+",
        r"hay\s+alg\w+",
        r"es\s+(?:necesari[oa]|obligatori[oa]|posible|gratis)\s+\w+",
        r"algu(?:ien|no)\s+(?:sabe|tiene idea|(?:me|nos)\s+puede)\b",
        r"(?:me|nos)\s+(?:pueden?|podr[ií]an?)\s+(?:decir|explicar|aclarar|ayudar)\b",
        r"(?:quisiera|quiero|me gustar[ií]a|necesito|queremos|necesitamos|nos gustar[ií]a)\s+(?:saber|preguntar)\b",
        r"no\s+(?:s[eé]|sabemos|entiendo|encuentro)\s+(?:si|c[oó]mo|cu[aá]ndo|d[oó]nde|qu[eé]|cu[aá]l|cu[aá]nt\w+|el|la)\b",
    )
)
_HEADLINE = _pattern(r"^\W*(?:how|what|where|when|c[oó]mo|qu[eé])\s+(?:to|you|\w+r)\b(?!.*\bdo\s+(?:we|i|you)\b)")
_TITLE = _pattern(r"^\W*(?:what|why|how|when|where|who|which|c[oó]mo|qu[eé])\b[^?]*:")
_TELLING = _pattern(
    r"\b"
    + _any(
        "reminder", "fyi", "heads[- ]up", "please note", "please remember", "don't forget", "do not forget",
        r"(?:we(?:'re| are|'ll| will)?|to) announc\w+", "announcements?:", r"congrat\w+", "welcome to",
        "please welcome", "save the date", "join us", "are you joining us", "sign up (?:here|now)",
        r"(?:we(?:'re| are)|i(?:'m| am)) (?:excited|happy|thrilled|pleased|proud|delighted) to",
        "see you (?:all|there|then|at|on|tomorrow|soon)", "(?:dear|best) (?:partners|regards|all)", "kind regards",
        "(?:got|have|any) questions", "did you know", "what are (?:you|we) waiting",
        "recordatorio", "recuerden", "aviso", "felicidades", "bienvenid[oa]s", r"les compart\w+", "l[oe]s esperamos",
        "no olviden", "nos vemos", "[uú]nanse", r"¿preguntas\?", "tienen preguntas",
    )
    + r"(?:\b|(?<=[:?]))"
)  # fmt: skip
_INVITING = _pattern(
    r"^\W*(?:(?:just|please|then|so|simply|or|and) )*"
    + _any(
        "join", "come", "ask", "e?-?mail", "contact", "write", "message", "dm", "ping", "check", "click", "drop",
        "stop by", "register", "sign up", "see", "visit", "read", "let me (?!know)", "let us (?!know)",
        "we(?:'re| are) here", "reach out", "apply", "watch", "fill", "go to", "look", "head", "get in touch", "call",
        "take", "try", "tell", "here(?:'s| is| are)",
        "vengan", "escr[ií]banme", "escriban", "inscr[ií]banse", "visiten", "lean", "vean", "miren", "pregunten",
        "preg[uú]ntenme", "manden", "env[ií]en",
    )
    + r"\b"
)  # fmt: skip
_REPLYING = _pattern(
    r"^\W*"
    + _any(
        r"(?:yes|yep|yeah|yup|nope|same here|me too|us too|really|seriously|exactly|agreed|true|right|sure"
        r"|of course|oh no|oh|ah|wow|sounds good|no worries|no problem|no idea|perfect|cool|great|nice|s[ií]|claro"
        r"|exacto|igual aqu[ií])\b\W*(?=[,.!?;:]|$|\w)",
        r"no,",
        r"(?:that|it) depends\b|depends\b|good question\b",
        r"(?:well, )?i (?:think|thought|guess|believe|heard|assume|suppose)\b",
        r"(?:it|that)(?:'s|’s| is) (?:\w+,? ){1,4}i (?:think|guess|believe)\b",
        r"are you sure\b",
        r"we (?:did|do|are|have|were)\b\W*$",
        r"creo que\b",
    )
)
_OWN = _pattern(
    r"\b(?:i|i'm|i’m|i'd|i've|we|we're|we’re|we've|we’ve|my|our|me|us|ours|mine|thanks|thank you|thx|tia|please|sorry"
    r"|asking|appreciate\w*|gracias|por favor|soy|somos|mi|mis|nuestr[oa]s?|nos|saludos|cheers|best|estamos|tenemos"
    r"|trabajamos|queremos|quiero|quisiera|anyone know|anybody know)\b"
)
# What a program, and not somebody in the channel, is asked to do, to have or to be.
_KNOWS = _any(
    rf"(?:\w+ ){{0,2}}{_any('knows?', 'tell', 'explain', 'send', 'share', 'point', 'remind', 'clarify', 'confirm')}",
    r"have (?:the|a copy|an? (?:link|idea)|any (?:idea|info\w*))", "help (?:me|us)", "apply", "applies", "participate",
    "attend", "eligible", "allowed", "from (?:each|every|an?|our|my|the|outside|other)", "who", "under", "with(?:out)?",
    "can", "may", "needs? to", "has to", "at", "in (?:our|my|the)", "of", "on", "and", "or",
)  # fmt: skip
_DONE = _any("decided?", "announced?", "post(?:ed)?", "record(?:ed)?", "extend(?:ed)?", "changed?", "publish(?:ed)?",
    "choose", "chosen", "select(?:ed)?", "picked", "moved?", "set", "got (?:the|a date)")  # fmt: skip
_DOES = _any("record", "send", "announce", "publish", "post", "offer", "provide", "extend", "share", "accept",
    "consider", "recommend", "take", "repeat", "let (?:us|me|people|applicants)")  # fmt: skip
_IS_TO = _any("open", "accepting", "taking", "looking", "offering", "able to", "affiliated", "connected", "providing",
    "hosting", "requiring", "located", "based", "still (?:accepting|taking|open)",
    rf"(?:going|planning) to {_DOES}")  # fmt: skip
_OFFERED = _any(
    r"(?:\w+ ){0,3}(?:application|form|proposal)", "budget (?:to|with the)", "with the (?:program|committee)",
    "somebody else", "a (?:guest|colleague)",
)  # fmt: skip
_YOU = r"(?:you|y'?all)"
_PEOPLE = _pattern(
    r"\b"
    + _any(
        r"how (?:are|is|was|were|did) (?:you|things|we|y'?all|every(?:one|body)(?:'?s)?|all|yours?|the (?:day|week))\b",
        r"how(?:'s| is) it (?:going|already|even)",
        r"how (?:was|were) (?:the|your|that|this) \w+\W*$",
        r"how(?:'s|s) (?:it|every\w+|your|the (?:day|week))\b",
        r"how did (?:it go|your)",
        r"what'?s up\b",
        r"wh\w+ did \w+ (?:say|think|mean|tell)\b",
        r"(?:is|are|was|were) yours?\b",
        r"^\W*(?:did|does|was|were|has|have) (?:it|that|they|he|she) \w+\W*$",
        r"who (?:had|said|brings|brought|took|made|let|saw|won|ate|likes|loves|remembers|misses|feels)\b",
        r"who(?:'s|’s| is| are|'?s all| all is| all)? (?:else|in|up|coming|going|watching|joining|with|free|around|here"
        r"|ready|excited|planning|bringing|driving|wants?|needs|still|has time|stayed|could use)\b",
        r"who (?:does|would|did|has|could|wo|ca|can|is|was)n'?[t’]",
        rf"(?!some\w+ from)(?:any|some|every)(?:one|body)(?:'s|’s)?\s+(?!{_KNOWS}\b)",
        r"any (?:plans|takers)\b",
        r"you\b.* (?:too|as well|either)\W*$",
        r"where you are\b",
        r"(?:is|was) it (?:\w+ )?(?:snow|rain|hot|cold|freez|sunny|windy)\w*",
        r"(?:grab|get|have|for|do|at|go to) (?:a |some )?(?:lunch|coffee|dinner|drinks?|beer)"
        r"(?=\W*$| (?:with|after|before|together|some|to(?:day|morrow|gether|night)|first|on|later)\b)",
        rf"did (?:you|yours|y'?all|every\w+)\s+(?!{_DONE}\b)",
        rf"do {_YOU} (?:guys|all|two|both|want|wanna|think|remember|like|mean|see|agree|ever|feel|hear|watch|get)\b",
        rf"do {_YOU} (?:have (?:a (?:minute|moment|second|sec)|time|kids|plans)|need (?:help|a hand)|work with)",
        rf"have {_YOU} (?!{_DONE}\b)",
        rf"are you (?!{_IS_TO}\b)",
        rf"(?:will|would) you (?!{_DOES}\b|be (?:record|offer|post|shar|announc|accept|tak|provid|host|send)ing\b)",
        r"(?:can|could) you (?:two|both|guys|believe|imagine|hear|see|come|join|make it|call|look)\b",
        rf"(?:what|how|and) (?:about )?(?:{_YOU}|yourself|yourselves|yours)\W*$",
        r"what do you (?:all )?(?:think|mean)",
        r"\w+ ones? do you mean",
        r"what are you (?:all )?(?:waiting|doing|up to|working|thinking|wearing|making|reading)",
        r"(?:what|how) about (?:lunch|coffee|\d|to(?:day|night|morrow)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
        r"(?:mornings or evenings|which (?:day|time) (?:works|suits))",
        r"^\W*(?:what|which|who|when|where|why|how|qu[eé]|cu[aá]l|qui[eé]n|cu[aá]ndo|d[oó]nde)(?:\s+\w+)?\W*$",
    )
)
_TO_PEERS = _pattern(
    r"^\W*(?:"
    + _any(
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
_RHETORICAL = _pattern(
    r"(?:^\W*(?:\w+[,:]\s+)?"
    + _any(
        r"how (?:cool|great|nice|awesome|exciting|funny|amazing|lovely|sweet|weird|hard can)\b",
        r"(?:isn|wasn|aren|ain)'?[t’]t? (?:it|that|this|these|they|you|we|\w+ (?:community|group|team|program))\b",
        r"isn[’']t\b",
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
        r"qui[eé]n (?:lo hubiera|lo dir[ií]a|no)\b",
    )
    + r")|(?:,\s*(?:huh|eh|ay|no cierto)\W*$)|\bi wonder why\b"
)
_PEOPLE_ES = _pattern(
    r"(?:^|\W)"
    + _any(
        r"c[oó]mo (?:est[aá]n?|est[aá]s|les va|te va|les fue|amanecieron|la pasaron)\b",
        r"qu[eé] tal\b|qu[eé] (?:les|te) pareci[oó]\b",
        r"qui[eé]n(?:es)? (?:viene|va|trae|tiene|vienen|van|quiere|quieren|se (?:apunta|anima)|m[aá]s)\b",
        r"alguien (?:quiere|viene|va|se (?:apunta|anima)|m[aá]s)\b",
        r"(?:quieres?|quieren|necesitas|necesitan) (?:ayuda|venir|que|ir|una mano)\b",
        r"por qu[eé] no (?:vienen|vienes|vamos|vas|se|nos|lo)\b",
        r"(?:est[aá]n|est[aá]s) (?:list[oa]s?|bien|ah[ií]|aqu[ií])\b",
        r"(?:ya )?(?:vieron|viste|oyeron|supieron|terminaron|terminaste|mandaste|enviaste|leyeron)\b",
        r"verdad que\b",
        r"se (?:lo )?imaginan\b",
        r"y (?:t[uú]|ustedes|usted)\W*$",
    )
)
_NAME = r"([A-ZÀ-Þ][^\W\d_]+)"
_GREETED = re.compile(
    r"^\W*(?:[Hh](?:i|ey|ello|ola)|[Gg]ood (?:morning|afternoon|evening)|[Tt]hanks|[Tt]hank you(?: so much)?"
    r"|[Mm]orning|[Oo]k(?:ay)?|[Gg]racias|[Bb]uen[oa]s (?:d[ií]as|tardes|noches)|[Dd]ear|[Oo]ye)[\s,]+" + _NAME + r"\b"
)
_CALLED = re.compile(
    r"^\W*" + _NAME + r"(?:\s*,\s*(?=.*\?)|\s*(?:,|:|-|–|—)\s*(?=.*\b(?:you|your|yours|u|te|tu|t[uú]|puedes|tienes)\b)"
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
