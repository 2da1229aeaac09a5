"""The forms of English sentences that ask without a question mark.

Sentences are spelled out beforehand, see `asking.spelled`: small letters, no accents, no shorthand.
"""

from __future__ import annotations

from bot.domain.patterns import any_of, word_of

VERB = word_of("""
    be have get go come take make give bring need want use see know find send submit apply join attend participate
    register sign pay cost count qualify work help share start begin end finish close open happen change include cover
    meet serve speak talk teach learn run host lead lend carry hold keep stay sit stand leave move drop pick grab
    try ask tell say answer reply respond call text email write read review watch look check click download upload edit
    fill complete turn hand set put print post update add remove cancel switch swap trade wait show let love like hate
    enjoy think feel believe hope guess agree understand mean remember forget reach confirm verify handle manage cook
    clean buy sell order drive ride walk travel park rest eat drink play offer provide donate pass miss fail live do
    record accept become involve require receive expect fit matter stop return log follow count welcome cater mute
    impact match fund cap spend pick choose decide score split send build represent replace transfer
""")
"""As it stands behind a helping verb; right there it says that whoever writes has left themselves out."""
_HEDGE = word_of("""
    not also just really definitely probably always never only still gladly happily certainly maybe absolutely
    totally hardly barely easily finally have now already even too then again it's n't
""")
_AUX = r"(?:is|are|was|were|do|does|did|can|could|will|would|should|must|have|has|am)"
_MODAL = r"(?:can|could|may|should|must|will|would)"
_PRONOUN = (
    r"(?:i|we|you|he|she|they|it|there|this|that|these|those|any\w*|some\w*|every\w*|people|both|two"
    r"|one of (?:us|our|my)"
    r"|(?:all|none|most|half) of (?:us|our|the)|no ?(?:one|body))"
)
_OWNED = r"(?:the|an?|our|my|your|his|her|their|each)"
_W = r"[\w'/&()-]+ "
_NEW_CLAUSE = word_of("""
    but so then before after when while because since until if i we you he she they it to can will would and that
    best own
""")
_IN_NOUN = rf"(?:(?!{_NEW_CLAUSE}\b){_W})"
_IN_LONG_NOUN = rf"(?:(?!(?:but|so|then|when|while|because|if|i|we|you|he|she|they|it|to|can|will)\b){_W})"
_NOT_A_SUBJECT = any_of(
    word_of("""
        on in at by for from with without about under over near up down out off back away home next not also just
        really so very too still already always never now only probably definitely maybe pretty super kind kinda all
        fine ok okay good great nice cool awesome amazing lovely perfect better best worse fun hard easy right wrong
        true false sure happy glad sad tired sick late early ready done busy free open closed full due sunny cold hot
        warm rainy weird funny crazy big small new old long short like as more most less such quite almost me him them
        us mine yours how what why where when because if to today tomorrow tonight yesterday and but which who
        monday tuesday wednesday thursday friday saturday sunday worth part half way gone broken
    """),
    r"(?!(?:coaching|training|parking|funding|convening|meeting|mentoring|tutoring|housing|programming"
    r"|catering)\b)\w+ing",
    r"\w+(?:ed|ful|ous|able|ible|ly)", r"\d\S*",
)  # fmt: skip
_STATES = word_of("""
    mandatory required needed necessary allowed free included provided open recorded available possible virtual online
    paid optional covered due accepted eligible welcome ok okay confidential
""")
_PARTICIPLE = r"(?:\w+ed|been|gone|gotten|done|come|set|sent|made|begun|chosen|started|met|put|come)"
_WH = r"(?:if|how|when|where|what|whether|who|which|why)"
_WHEN = r"(?:when|where|why|how)"
_FACT = word_of("""
    time day days date dates page pages week month months hours link form forms email address room building grade
    grades ages? age size documents kind type else paperwork info
""")
MATTER = word_of("""
    link links packet rubric deadline dates? date schedule form forms application preview pager cost costs price fees?
    fee time hours address location contact email phone requirements? requirement eligibility recording webinar slides
    agenda calendar info information details instructions password passcode code zoom list copy faq budget template
    homework readings? reading coaching convenings? convening training parking childcare lunch food stipend match
    interview schedule summary
""")
"""What people ask for."""
INVERTED = any_of(
    rf"what\s+{_AUX}\b",
    rf"(?:what|which)\s+(?!(?:i|we|you|he|she|they|it|to|a|matters|helps|happened|worked"
    rf"|counts)\b)(?:\w+\s+){{1,3}}?{_AUX}\b",
    rf"{_WHEN}\s+(?:(?!(?:i|we|you|they|he|she|it|the|our|there)\b)\w+\s+)?{_AUX}\s+\w+",
    r"how\s+(?:much|many|long|often|big|far|old|soon|late|early)\b",
    r"how\s+to\b",
    r"(?:how|where)\s+(?:i|we)\s+(?:can|could|should|do)\b",
    r"how\s+(?:the )?\w+ (?:works?|is (?:done|scored|chosen|decided))\W*$",
    r"(?:what|where|when|how)'s\s+(?:the|our|your|a|an|this|in|inside|included|required|involved|needed|expected|due"
    r"|\w+'s)\b",
    r"who's\s+\w+",
    rf"what\s+(?:if|about|happens|{_FACT})\b",
    rf"which\s+{_FACT}\b",
    r"what\s+happened\s+(?:in|with)\b",
    r"what\s+(?:counts|qualifies|comes|goes|makes)\s+\w+(?!.*\bis\b)",
    r"who(?:se|m)?\s+(?:is|are|was|were|do|does|did|can|could|will|would|should|decides?|runs?|leads?|picks?|chooses?"
    r"|teaches|pays|gets|qualif\w+|selects?|reads?|reviews?|sees|makes|grades|scores|founded|created)\b",
    r"who\s+to\s+\w+",
    r"whose\s+\w+\s+(?:is|was)\b",
    r"why\s+(?:these|those|the|only)\b|how\s+come\s+\w+",
    r"who\s+(?!knows|cares|has|was|is)\w+(?:s|ed)\s+(?:it|that|the|what|our|us|this|an?)\b",
    r"which (?!(?:is|was|were|are|i|we|he|she|they|it|you|means?|makes?|reminds|works|would|will|has|had|have"
    r"|can|could|case"
    r"|just|also|never|always|in|sounds|looks|seems|explains|helps)\b)\w+ \w+",
    rf"any (?:\w+ )?{MATTER}(?!.*\b(?:please|welcome|let me)\b)",
    rf"(?!may the\b){_MODAL}\s+{any_of(_PRONOUN, _OWNED)}\b\s+\w+",
    rf"{_MODAL}\s+(?!{any_of(VERB, _HEDGE)}\b){_IN_LONG_NOUN}{{1,6}}?{VERB}\b",
    r"(?:do|did)\s+(?:i|we|you|they|people|any\w*|both)\b\s+\w+",
    rf"(?:do|did)\s+(?!{any_of(VERB, _HEDGE)}\b)(?:{_OWNED}\s+)?{_IN_NOUN}{{1,6}}?"
    rf"(?!\w+ (?:with|on|at|today|yesterday|last|together|from|and)\b){VERB}\b",
    r"any\s+(?:chance|way|possibility)\s+\w+",
    r"do\s+(?!(?:yours|ours|yourselves|always|this|dishes)\b)\w+s\s+\w+",
    r"(?:can't|couldn't|doesn't|shouldn't)\s+(?:i|we|it|they|the)\s+(?!all\b)\w+",
    rf"does\s+(?!{any_of(VERB, _HEDGE)}\b)\w+\s+\w+",
    r"am\s+i\s+\w+",
    r"have\s+(?:i|we|you|they|there|any\w*)\s+\w+",
    r"has\s+(?:it|there|the|our|any\w*|this|that|he|she)\s+\w+",
    rf"have\s+(?:the|our|my|these|those|all)\s+(?:\w+ )?\w+s\s+(?:(?:already|been|all|ever"
    rf"|yet) )?{_PARTICIPLE}\b(?! by\b)",
    rf"(?:is|are|was|were)\s+(?!{_HEDGE}\b)(?:\w+\s+){{1,5}}(?:{_STATES}|too \w+|enough)\b",
    r"(?:is|are|was|were)\s+(?:there|it|this|that|the|these|those|we|you|they|my|our|your|an?|any\w*)\s+\w+",
    r"is\s+\w+day\s+(?:the|ok|still|good|too|an?)\b",
    rf"(?:is|are)\s+(?!{_NOT_A_SUBJECT}\b)[\w'-]+\s+\w+",
    r"any\s+(?:word|news|idea|update)s?\s+(?:on|about|when|if|whether|how)\b",
    r"any(?:one|body)\s+(?:know|have|has|got)\b",
)
"""At the beginning of a sentence: a helping verb before whom it is about, or a word that asks."""

FURTHER = any_of(
    rf"{_MODAL}\s+(?:i|we|it|they|there|any\w*|some\w*|the|our|my|this|that)\b\s+\w+",
    r"(?:do|did|can't|couldn't|shouldn't)\s+(?:i|we|they)\s+\w+",
    r"does\s+(?:it|that|this|the|our|my|any\w*)\s+\w+",
    r"am\s+i\s+\w+",
    r"(?:is|are)\s+(?:it|there|that|this|they|those|these|we)\s+\w+",
    rf"what\s+{_AUX}\b",
    rf"{_WHEN}\s+(?:else\s+)?{_AUX}\s+(?:i|we|you|they|it|the|our|my)\b",
    r"how\s+(?:much|many|long|often)\b",
    r"(?:what|where|when)'s\s+(?:the|our|this|that)\b",
    r"who\s+(?:do|does|should|can)\b",
)
"""The same behind a comma, after something has been told: only what can hardly be anything else."""

FURTHER_AT_ONCE = r"(?:can|do|would|should|will|does|is|are) (?:i|we|it|there) \w+"
"""Even without a comma, behind a condition."""
_BEFORE = word_of("""
    i we you they it that this as so than nor neither all what whatever best most if only when where why here there
    which how ask asks asked asking
""")
RUN_ON = any_of(
    rf"\b(?!{_BEFORE}\b)[\w']+ (?:(?:can|should|do) (?:i|we)|does (?:it|that|this|he|she)|is (?:it|there)) \w+",
    r"\bis (?:it|that|this) (?:ok|okay|enough|allowed|possible|alright|bad|a problem|too \w+)\W*$",
    rf"\bbut no {MATTER}\W*$",
    r"(?<!know) (?<!asked )(?:how|where|when) (?:do|can|should) (?:i|we) \w+",
)
"""Even without anything between what is told and what is asked."""
TAG = any_of(
    r"^so (?!.*(?:is|are|was|were|be|'s) right).* right\W*$",
    r",\s*(?:right|correct|is (?:it|there)|do (?:we|i)|(?:are|can) we|(?:does|will|won't|doesn't) it|or not|or no)\W*$",
)
"""At the end, where something is told to hear whether it is so."""

_FINITE = word_of("is are was were will has have had can am 's moved extended posted changed works worked looks")
_UNFINISHED = rf"(?!.*(?:[:;,\d]|\b{_FINITE}\b))"
_NO_MATTER = word_of("""
    no not more one two three four five everyone everybody all quiet patience hands fingers next whoever someone
    anyone only hi hello hey thank thanks yes
""")
_IN_MATTER = (
    rf"(?:to [\w'-]+ |(?!(?:{VERB}|you|your|everyone|everybody|yourself)\b)[\w'/&-]+ "
    r"|(?:cost|contact|email|call|match|cover|review|record|start|end|score) )"
)
BARE = any_of(
    rf"(?:(?:the|an?) )?(?!{any_of(_NO_MATTER, _FINITE)}\b){_IN_MATTER}{{1,8}}please(?: (?:and )?thank(?:s| you))?\W*$",
    rf"(?:the )?(?:\w+ ){{0,2}}?{MATTER} (?:when|where|what (?:time|day)|how (?:much|long|many))\W*$",
    rf"(?:please|quick) (?:the|an?) {_UNFINISHED}(?:\w+ ){{0,2}}{MATTER}\b",
    r"(?:the )?(?:(?:total|due|start|end|application|program) )?(?:costs?|price|last day|latest date|minimum"
    r"|maximum|fees?|deadline|date|requirements?"
    rf"|eligibility|time commitment|length) (?:for|to|of|on|per|in) {_UNFINISHED}[\w'-]+(?: [\w'-]+){{0,6}}\W*$",
)
"""A matter and no verb, with a word that asks for it."""
AND_ALSO = any_of(
    rf"(?:and|also|or) (?:the |about |for |a )*{_UNFINISHED}(?:[\w-]+ )?{MATTER}(?: (?:for|of|to"
    rf"|in) \w+(?: \w+){{0,2}})?\W*$",
    rf"(?:and|also|or|but) (?:the |about |for |a )*(?:[\w-]+ )?{MATTER} (?:how|when|what|where)\b",
    r"(?:and|but|or|so) (?:what )?if (?:i|we|my|our)\b"
    r"(?!.* (?:i|we|you|it|they|let|dm|come|will|can|then|please|just)\b)(?: [\w'-]+){1,10}\W*$",
)
"""What comes on top of a question that was asked before."""

_NOT = r"(?:can't|cannot|can not|couldn't|could not|don't|do not|didn't|did not|doesn't|does not|haven't|have not)"
_SOMEBODY = any_of(
    r"(?:some|any)(?:one|body)(?! (?:who|else|applying|that))", r"one of (?:you|the|your)",
    r"(?:an?|the|some|your)(?: real| actual| live)? (?:person|human|people|facilitators?|coach|coordinator|staff|"
    r"organizers?|director|team)",
)  # fmt: skip
_BROKEN = (
    r"(?:doesn't|does not|isn't|is not|won't|will not|not|never|keeps|just|is broken|broken|expired|bounced|gives)"
)
WONDERING = any_of(
    rf"i(?:'m|'d| am| was| would)?\s+(?:still |just |also |only )?(?:wonder\b|curious {_WH}\b"
    r"|like to (?:know|ask)\b|love to (?:know|ask)\b)",
    rf"(?:would|i'd) (?:like|love) to (?:know|ask|learn|understand) (?:{_WH}|more|about)\b",
    r"wondering about (?:the|what|how|our|my)\b",
    rf"(?:wanted|want) to (?:check|see|ask|confirm|make sure) (?:{_WH}|about)\b(?! (?:any|you|every))",
    r"not sure (?:if )?(?:i|we|our \w+|my \w+) .*(?:enough|qualif\w+|eligible|fits?|meets?|counts?)\b",
    rf"(?:wondering|curious(?: to know)?) (?:{_WH}|{_AUX})\b(?! (?:the|my|our|your|it|they|this) (?:\w+ )?"
    r"(?:will|would|goes|went|do)\b)",
    rf"(?:not|un)\s?(?:sure|clear)(?: yet)?(?: about| on)? {_WH}\b(?! (?:i|we) (?:can|could|will) (?:make|come"
    rf"|be|join))",
    r"(?:^|i'm |i am |we're |we are |(?:still|so|bit|little|kinda|really|just|totally|very|super|more|also) )"
    r"(?:confused|lost|unclear|unsure|puzzled|stuck|not (?:\w+ )?(?:sure|clear)|fuzzy|mixed up)"
    rf" (?:about|on|with|by|as to|regarding|over|{_WH})\b(?! (?:you|everyone|everybody)\b)(?! (?:i|we) (?:can"
    rf"|could|will) (?:make|come|be|join))",
    r"(?:do|does|did) any(?:one|body) know\b",
    rf"(?:trying to|want to|need to|like to|no clue|no idea) (?:(?:know|find out|figure out|understand) )?{_WH}\b",
    r"(?:trying|want|need|like|love) to (?:know|understand|learn) (?:more|about|the)\b",
    rf"{_NOT} (?:quite |really |even )?"
    rf"(?:figure out|find out|tell|know|understand|see|work out|catch|get|follow|remember)\b(?: \w+){{0,4}} {_WH}\b",
    rf"{_NOT} (?:quite |really |even )?(?:say|mention|explain|specify) (?:{_WH}|anything|the)\b",
    r"(?:don't|do not) (?:quite |really )?(?:understand|follow) (?:what|how|why|which|the|this)\b",
    rf"(?:don't|do not) get (?:the|this) (?:\w+ )?{MATTER}\b",
    r"(?:can't|cannot|can not|couldn't|could not) (?:seem to )?"
    r"(?:find|locate|open|access|download|upload|submit|log in|sign in|get into)\b",
    rf"(?:never|didn't|did not|haven't|have not) (?:get|got|gotten|receive|received|see|seen|saw) (?:the|an?|my"
    rf"|our|any) "
    rf"(?:\w+ ){{0,2}}?{MATTER}\b",
    rf"(?:login|account|link|form|site|website|page|button|portal|zoom|video|webinar|pdf|file|upload|packet|code|password)"
    rf"(?: (?:for|to|on|of|in)(?: \w+){{1,3}}?)? {_BROKEN}\b(?! (?:due|ready|required|needed|until))",
    r"(?:won't|isn't|not|doesn't) (?:let|letting) (?:me|us)\b",
    r"(?:need|wants?|needs) to know\b",
    rf"(?:is|are|keeps?) (?:asking|wondering) (?:me |us )?{_WH}\b",
    rf"(?:looking for|(?:^|\b(?:i|we|still|just|also|really|and|but|so) )(?:need|want)) (?:all the|the|an?|some|more"
    rf"|that) (?:[\w-]+ ){{0,2}}?{MATTER}\b"
    r"(?! (?:back|from|by|to you|done|in by))(?!.*\b(?:your|everyone|everybody)\b)",
    r"(?:can|could|would|will) (?:any|some)(?:one|body) (?:please )?"
    r"(?:tell|explain|help me|send|share|point|remind|clarify|confirm|walk|show|give)\b",
    rf"(?:tell|remind|show) (?:me|us) (?:again )?(?:{_WH}|more about)\b(?! you)",
    r"tell me about (?:the|how|what)\b",
    r"(?:need|want) (?:some|any)(?:one|body) to (?:explain|show|tell|walk|help (?:me|us))\b",
    r"(?:lost|missing|forgot) (?:the|my|our) (?:\w+ )?(?:link|form|packet|pass\w+|code|address|schedule|rubric)\b",
    rf"please (?:send|share|post) (?:the|an?) (?:\w+ )?{MATTER}(?: again| here| please)*\W*$",
    r"please (?:explain|clarify|confirm|advise|resend|(?:send|share|give|show) (?:me|us))\b(?! your)",
    rf"(?:give|send|show) (?:me|us) (?:the|a|an|some|more) (?:\w+ ){{0,2}}?(?:{MATTER}|version|idea|rundown)\b",
    rf"let (?:me|us) know {_WH}\b(?! (?:you|any|some|it (?:goes|went)|that goes))",
    r"(?:^|\b(?:i|we|i've|i just|also) )(?:have|got|had) (?:an?|another|one|some|few|a few|two"
    r"|more) (?:\w+ )?(?:question|doubt)s? "
    r"(?:about|on|re|regarding|with|for|that)\b",
    rf"(?:don't|can't|do not|cannot) see (?:the|an?|any) (?:\w+ ){{0,2}}?(?:{MATTER}|button|option|place|file)\b",
    r"^(?:\w+ )?questions? (?:about|on|re|regarding) (?:the|how|what|if|when|who|my|our)\b",
    r"(?:help|trouble|issues|problems|a hard time) (?:understanding|figuring|filling|finding|uploading|applying|opening"
    r"|logging|getting)\b",
    rf"(?:need|having|have|want|get) (?:some |a bit of |more )?(?:help|trouble|issues|problems) with (?:\w+ ){{1,3}}?"
    rf"(?:{MATTER}|question|number|part|page|section|upload|portal|reflection|site|login)\b",
    rf"(?:like|love|want|need|hoping|prefer|wish) to (?:talk|speak|chat|meet|connect)(?: \w+)? (?:to|with) {_SOMEBODY}",
)
"""Anywhere in a sentence: that somebody does not know, would like to know, or would like to talk to a person."""

SETTLED = any_of(
    r"nvm", r"never ?mind", r"figured (?:it|that|this) out", r"found (?:it|them)\b",
    r"(?:makes|made) (?:more |total )?sense",
    r"(?:fixed|sorted|clear|working|solved) now", r"all (?:good|set) now", r"got it now",
    r"(?:was|were|been) (?:so |a bit |really |also )?(?:confused|lost|unsure|stuck|wondering) .*\b(?:but|until"
    r"|now|then)",
)  # fmt: skip
"""What was not clear is clear by now."""
