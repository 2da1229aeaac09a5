"""What people say in a channel or to the bot: a question, a wish to open something, a courtesy, or none of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from bot.domain import asking, language

Wish = Literal["reflection", "checkin", "dates", "homework", "settings", "menu", "help"]
Courtesy = Literal["thanks", "seen", "wordless"]

LONGEST_WISH = 80
"""Characters; whoever writes more than that wants more than to open something."""
LONGEST_SAID = 1000
"""Characters; a longer text in a channel is not written to get an answer from a bot."""

_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\bst\.)(?<!\b[dm][rs]\.)(?<!\bmrs\.)(?<!\bvs\.)\s+|\n+", re.IGNORECASE)
_MENTION = re.compile(r"<[@!][^<>]*>")
_MAIL = re.compile(
    r"^\W*(?:(?:fwd?|re|rv)\s*:|begin forwarded message|(?:from|subject|sent|de|asunto)\s*:)|forwarded message\s*-",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^\s*(?:&gt;|>).*$", re.MULTILINE)
_QUOTED = re.compile(r"[“\"][^“”\"\n]{3,}[”\"]|«[^«»\n]{3,}»")
_JOINING_IN = re.compile(
    r"^\W*(?:\+1|same (?:here|question)|me too|us too|following|(?:good|great) question|thanks for \w+"
    r"|i(?:'d| would)? (?:also )?(?:wonder|like to know)|(?:i|we) have the same"
    r"|igual|misma (?:pregunta|duda)|yo tambi[eé]n|buena pregunta)[^,.;]*$",
    re.IGNORECASE,
)
_LINK_NAME = re.compile(r"<(?:https?://|mailto:)[^<>]*>")


def questions_in(text: str) -> tuple[str, ...]:
    """The sentences of a longer text that ask something, up to three; none if it is only one sentence."""
    sentences = _sentences(language.usual(text))
    if len(sentences) < 2:
        return ()
    return tuple(one for one in sentences if asking.asks(one))[:3]


def is_question(text: str) -> bool:
    """Whether something said in a channel asks for information, of nobody in particular.

    `text` is as Slack delivers it. Announcements, thanks, small talk, replies, offers, what others are quoted with,
    mails that are passed on, code, links alone and whatever speaks to somebody are not questions in this sense.
    """
    if len(text) > 4 * LONGEST_SAID or _MENTION.search(text) or "```" in text or _MAIL.search(text):
        return False
    lines = [language.usual(language.clean(line)) for line in _in_own_words(text).splitlines()]
    said = " ".join(lines)
    if len(said) > LONGEST_SAID or courtesy(said) or asking.to_somebody(said):
        return False
    sentences = tuple(asking.spelled(one) for one in _sentences("\n".join(lines)))
    asked = [at for at in range(len(sentences)) if _asks_all(sentences, at)]
    if not asked or asking.replies(sentences[0]) or any(asking.tells(one) for one in sentences):
        return False
    # What stands behind a question and is not about whoever asks it answers it, or says where the answer is to be had.
    after = sentences[asked[-1] + 1 :]
    return not any(asking.invites(one) or not (asking.own(one) or courtesy(one)) for one in after)


def may_answer(text: str) -> bool:
    """Whether a reply to a question may be its answer: it has words, and neither thanks, nor asks, nor joins in."""
    said = language.clean(text)
    if courtesy(said) in ("thanks", "wordless") or _JOINING_IN.search(said):
        return False
    sentences = _sentences(said)
    return not all(asking.asks(one) for one in sentences)


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
        "settings",
        re.compile(
            r"settings?|preferences|preferencias|ajustes?|configuracion|messages|mensajes|"
            r"(?:pause|pausa|pausar)(?: messages| mensajes)?"
        ),
    ),
    ("menu", re.compile(r"menu|options|opciones")),
    (
        "help",
        re.compile(r"help|ayuda|start|commands|what can you do|who are you|(?:hi|hello|hey|hola)(?: there| convene)?"),
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


def _asks_all(sentences: Sequence[str], at: int) -> bool:
    """Whether one sentence asks everybody for something that can be known; what it is may stand in the one before."""
    sentence = sentences[at]
    if not asking.asks(sentence) or asking.sociable(sentence):
        return False
    told = at > 0 and len(sentence.split()) > 1 and asking.own(sentences[at - 1]) and asking.matters(sentences[at - 1])
    return (told or asking.matters(sentence)) and not asking.headline(sentence, alone=len(sentences) == 1)


def _in_own_words(text: str) -> str:
    """What somebody says themselves: without quoted lines, quoted questions, and what a link is called."""
    text = _QUOTED_LINE.sub("\n", _LINK_NAME.sub(" ", text))
    return _QUOTED.sub(lambda found: " so " if "?" in found[0] else found[0], text)


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in _SENTENCE_END.split(text) if language.words(one))
