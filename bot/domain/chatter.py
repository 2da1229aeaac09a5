"""What people say in a channel or to the bot: a question, a wish to open something, a courtesy, or none of these."""

from __future__ import annotations

import re
from typing import Literal

from bot.domain import language

Wish = Literal["reflection", "checkin", "dates", "homework", "help"]
Courtesy = Literal["thanks", "seen", "wordless"]

LONGEST_QUESTION = 60
"""Words; a longer sentence without a question mark is told, not asked."""
LONGEST_WISH = 80
"""Characters; whoever writes more than that wants more than to open something."""
LONGEST_SAID = 1000
"""Characters; a longer text in a channel is not written to get an answer from a bot."""


def _any(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_MENTION = re.compile(r"<[@!][^<>]*>")
_OPENING = _any(
    "hi", "hey", "hello", "hola", "ok", "okay", "so", "and", "but", "or", "also", "just", "sorry", "please", "well",
    "good (?:morning|afternoon|evening)", "(?:quick )?question", "all", "everyone", "everybody", "team", "folks",
    "there", "thanks", "thank you",
)  # fmt: skip
_ASKING = _pattern(
    rf"^(?:{_OPENING}\W+)*"
    + _any(
        r"(?:what|which|who|whom|whose|when|where|why|how)\s+(?:\w+\s+){0,4}?"
        r"(?:is|are|was|were|do|does|did|can|could|will|would|should|may|must|have|has|am)\b",
        r"how\s+(?:to|many|much|long|often|big|far|old)\b",
        r"what\s+(?:if|about|happens|time|kind|type)\b",
        r"(?:can|could|may|should|must|do|does|did|will|would|have|has|am)\s+"
        r"(?:i|we|you|it|they|the|this|that|there|our|my|your|an?|any\w*|some\w*|he|she|two|people|organizations?"
        r"|programs?)\b",
        r"(?:is|are|was|were)\s+(?:there|it|this|that|the|these|those|we|you|they|my|our|your|an?|any\w*)\b",
        r"(?:cu[aá]ndo|c[oó]mo|d[oó]nde|qu[eé]|qui[eé]n(?:es)?|cu[aá]l(?:es)?|cu[aá]nt[oa]s?|puedo|podemos|hay)\s+\w+",
    )
)
_WONDERING = _pattern(
    r"\b"
    + _any(
        r"i(?:'m| am|'d| was| would)?\s+"
        r"(?:wonder|like to (?:know|ask)|curious|not sure (?:if|how|when|where|what|whether))",
        r"wondering (?:if|how|when|where|what|whether|who)",
        r"do(?:es)? any(?:one|body) know",
        r"need to know",
        r"(?:can|could) (?:any|some)(?:one|body) (?:tell|explain|help)",
        r"tell me (?:how|when|where|what|if|whether|who)",
    )
    + r"\b"
)
_TELLING = _pattern(
    r"\b"
    + _any(
        "reminder", "fyi", "heads[- ]up", "please note", "please remember", "don't forget", "do not forget",
        r"announc\w+", r"congrat\w+", "welcome to", "save the date", "join us", "sign up (?:here|now)",
        r"(?:we(?:'re| are)|i(?:'m| am)) (?:excited|happy|thrilled|pleased|proud|delighted) to",
        "see you (?:all|there|then|at|tomorrow)",
    )
    + r"\b"
)  # fmt: skip
_INVITING = _pattern(
    r"^\W*(?:(?:just|please|then|so) )*"
    + _any(
        "join", "come", "ask", "e?-?mail", "contact", "write", "message", "dm", "ping", "check", "click", "drop",
        "stop by", "register", "sign up", "see", "visit", "read", "let (?:me|us)", "we(?:'re| are) here", "reach out",
    )
    + r"\b"
)  # fmt: skip
_SOCIAL = _pattern(
    r"\b"
    + _any(
        r"how are (?:you|things|we|y'?all)",
        r"how(?:'s| is) (?:it|everyone|everybody|your|the (?:day|week))",
        r"what'?s up",
        r"how was your",
        r"how did (?:it|your)",
        r"(?:any|some)(?:one|body)(?: else)? (?:up for|wants?|interested|free|around|in|going|coming|here|from)",
        r"who(?:'s| is|'?s all)? (?:else|in for|up for|coming|going|with me|excited)",
        r"who wants",
        r"(?:lunch|coffee|dinner)",
        r"(?:did|do) you (?:see|hear|guys|all|watch|want)",
        r"are you (?:all|guys|coming|going|ok|okay|free|around|there|ready|sure)",
        r"you (?:ok|okay|coming|ready|sure)",
        r"what do you (?:all )?think",
        r"isn'?t (?:it|that|this)",
        r"wasn'?t it",
        r"shall we",
        r"should we meet",
        r"can you (?:two|both|guys)",
        r"how (?:cool|great|nice|awesome|exciting|funny) is",
    )
    + r"\b"
)
_TO_SOMEBODY = re.compile(
    r"^(?:[Hh](?:i|ey|ello) (?!all\b|everyone\b|everybody\b|team\b|there\b|folks\b|friends\b|again\b|[Cc]onvene\b)"
    r"[^\W\d_]+\s*[,!]|[A-ZÀ-Þ][^\W\d_]+, (?:can|could|do|did|are|will|would|have) you\b)"
)


def questions_in(text: str) -> tuple[str, ...]:
    """The sentences of a longer text that ask something, up to three; none if it is only one sentence."""
    sentences = _sentences(text)
    if len(sentences) < 2:
        return ()
    return tuple(one for one in sentences if _asks(one))[:3]


def is_question(text: str) -> bool:
    """Whether something said in a channel asks for information, of nobody in particular.

    `text` is as Slack delivers it. Announcements, thanks, small talk, code, links alone and whatever speaks to somebody
    are not questions in this sense.
    """
    if _MENTION.search(text) or "```" in text:
        return False
    said = language.clean(text)
    if len(said) > LONGEST_SAID or courtesy(said) or _content(said) == 0 or _TO_SOMEBODY.search(said):
        return False
    sentences = _sentences(said)
    asked = [at for at, sentence in enumerate(sentences) if _asks(sentence)]
    if not asked or _TELLING.search(said):
        return False
    if all(_SOCIAL.search(sentences[at]) for at in asked):
        return False
    return not any(_INVITING.search(sentence) for sentence in sentences[asked[-1] + 1 :])


def wish(text: str) -> Wish | None:
    """What somebody who writes a word or two to the bot wants to open; None for a question and anything else."""
    if len(text) > LONGEST_WISH:
        return None
    bare = " ".join(language.words(text))
    core = " ".join(_FILLER.sub(" ", bare).split()) or bare
    return next((name for name, pattern in _WISHES if pattern.fullmatch(core) or pattern.fullmatch(bare)), None)


def courtesy(text: str) -> Courtesy | None:
    """Whether there is nothing to answer: thanks, a word that says "seen", or no word at all."""
    said = set(language.words(text[:LONGEST_SAID]))
    if not said:
        return "wordless"
    if said <= _SEEN:
        return "seen"
    return "thanks" if said & _THANKS and said <= _SEEN | _THANKS | _WITH_THANKS else None


_THING = r"(?:homework|assignments?|reflections?|it)"
_WISHES: tuple[tuple[Wish, re.Pattern[str]], ...] = (
    ("reflection", re.compile(rf"reflect(?:ion|ions|ing)?|(?:hand|turn) (?:{_THING} )?in(?: {_THING})?")),
    ("checkin", re.compile(r"(?:coaching )?check ?ins?")),
    ("dates", re.compile(r"dates?|calendar|what next|next dates?|fechas|ics")),
    ("homework", re.compile(r"homework|assignments?|tareas?|what due")),
    (
        "help",
        re.compile(
            r"help|ayuda|menu|start|commands|what can you do|who are you|(?:hi|hello|hey|hola)(?: there| convene)?"
        ),
    ),
)
_FILLER = re.compile(
    r"\b(?:please|pls|i|id|we|want|would|like|need|to|can|could|let|us|me|my|our|a|an|the|your|open|show|see|new|log|"
    r"write|submit|send|do|fill|out|some|is|there|(?:hello|hi|hey|start)(?= \w)|quiero|ver|mi|mis|las|los|la)\b"
)
_SEEN = frozenset(
    (
        *("ok", "okay", "k", "great", "perfect", "cool", "super", "nice", "good", "got", "it", "see", "yes", "yep"),
        *("yeah", "no", "nope", "sure", "fine", "awesome", "wow", "lol", "haha", "bye", "goodbye", "will", "do", "i"),
        *("understood", "alright", "vale", "si", "bueno", "ah", "oh", "all", "right", "have", "nice", "a", "day"),
    )
)
_THANKS = frozenset(("thanks", "thank", "thx", "ty", "gracias"))
_WITH_THANKS = frozenset(
    ("you", "so", "very", "many", "much", "lot", "again", "bunch", "everyone", "for", "the", "your")
)
_WITH_THANKS |= {"answer", "help", "muchas", "that", "this", "team", "convene"}


def _asks(sentence: str) -> bool:
    bare = sentence.strip()
    if bare.endswith("?") or bare.startswith("¿"):
        return len(language.words(bare)) > 1 or _content(bare) > 0
    if len(bare.split()) > LONGEST_QUESTION or bare.endswith("!"):
        return False
    return bool(_ASKING.search(bare) or _WONDERING.search(bare))


def _content(text: str) -> int:
    """How many words there are that mean something by themselves."""
    return sum(not language.is_function(word) for word in language.words(text))


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in _SENTENCE_END.split(text) if language.words(one))
