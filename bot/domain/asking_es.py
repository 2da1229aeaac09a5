"""The forms of Spanish sentences that ask without a question mark, most of them typed without accents.

Sentences are spelled out beforehand, see `asking.spelled`: small letters, no accents (`manana`), no shorthand.
"""

from __future__ import annotations

from bot.domain.patterns import any_of, word_of

_VERB = word_of("""
    es son sera seran era fue esta estan hay habra puedo puede pueden podemos podria podriamos debo debe debemos tengo
    tiene tenemos tienen cuestan? duran? empiezan? comienzan? terminan? acaban? cierran? abren? se encuentro
    encontramos hago hace hacemos hacen solicito solicitamos significa pasa necesito necesita necesitamos envio
    enviamos mando mandamos ayuda ayudan participan? participo funcionan? vence piden pide llega llegan decide deciden
    eligen? escogen aplico aplicamos entrego entregamos dan da tarda va van voy vamos subo subimos veo ven avisan
    anuncian califica califican reciben? recibo pagan? pago pagamos cobran queda incluye sirve toca corresponde firma
    firmo lleno llenamos pongo ponemos llevo llevamos quiere decir contacto llamo escribo escribimos veo consigo bajo
    descargo registro inscribo inscribimos entro entramos evaluan revisan ocupo ocupamos falta trata diferencia dice
    paso hubo significan empezo empezaron fueron eligieron surgio nacio reunimos reunen ofrece ofrecen promete
    contiene usan organiza organizo dirige facilitan? forman escribe define definen trabajan ensenan dedicaron
    hicieron quieren buscan logran conecto conectamos pedimos pido leo leemos escogemos escogio integramos pone ponen
    pregunta preguntan tardan duro viene vienen hacer saben? falto busca dicen
""")
_WITH = r"(?:(?:a|cada|de|en|con|por|para|hasta|desde|sobre|entre) )?"
_ITSELF = r"(?:no )?(?:me |nos |se |le |les |lo |la |te )*"
_NO_TIME = (
    r"(?!.*\b(?:manana|hoy|ahorita|antes|temprano|min|minutos|lunes|martes|miercoles|jueves|viernes|sabado|domingo"
    r"|a las|todos|siempre|seguir)\b)"
)
"""What is told to be done has a time."""
_EXCLAIMED = word_of("""
    buen[oa]? bien padre lind[oa] bonit[oa] chid[oa] ric[oa] gusto alegria emocion pena lastima risa frio calor suerte
    maravilla increible divertid[oa] hermos[oa] cool tengan? les te descansen? pasen? vaya dios viva barbar[oa] manera
    rapido tarde lejos pronto lento facil dificil grande chiquit[oa] cosas honor sea tod[oa]s siga sigan orgullo
    envidia miedo
""")
_INFINITIVE = (
    r"\w*(?:ar|er|ir|arme|erme|irme|arnos|ernos|irnos|arlo|erlo|irlo|arla|erla|irla|arlas|arlos|arse|erse|irse)"
)
_OFFERED = any_of(
    "llevar", "traer", "ayudar", "compartir", "pasar", "prestar", "manejar", "dar", "ofrecer", "invitar", "darles",
    r"(?:\w+)(?:les|te|los)", "entrar", "decir", "hablar", "esperar", "ir por", "confirmar", "asegurar",
    "apoyar", "poner", "ver",
    "(?:ver|reunir|juntar|ir)nos",
)  # fmt: skip
MATTER = word_of("""
    cupos? lugar lugares espacio costos? cuota precio lunch comida almuerzo estacionamiento parqueo becas? requisitos?
    limite transporte interprete traduccion grabacion guarderia cuidado fechas? link liga enlace tarea formulario
    forma aplicacion solicitud horarios? informacion info paquete rubrica presupuesto correo telefono contacto
    direccion coaching convening convenings taller talleres reunion reuniones sesion sesiones seminario webinar zoom
    entrevista documentos? papeles carta cartas permiso permisos experiencia licencia seguro contrasena clave
    calendario programa plazo certificado asesoria pagina apoyo traductor recursos materiales pago dinero
    deadline homework packet ingles pdf folleto lista guia
""")
"""What people ask for."""
_REQUIRED = word_of("""
    tener ser estar ir asistir vivir viajar pagar participar prender firmar contestar aplicar usar saber pedir cumplir
    registrar(?:se|nos|me) inscribir(?:se|nos|me) llenar mandar enviar subir entregar escribir leer venir haber comprar
    imprimir
""")
"""What a program may require of people."""
_ABOUT_US = r"(?:no )?" + word_of("""
    soy somos tengo tenemos puedo podemos llego llegamos falto faltamos mi nuestr[oa]s? alguien hay trabajo trabajamos
    hablo hablamos alcanzo alcanzamos nos me
""")

INVERTED = any_of(
    rf"(?!como (?:ven|dice|saben)\b|(?:cuando|donde) hay .*\b(?:hay|se)\b){_WITH}(?:cuando|como|donde|quien(?:es)?"
    rf"|cuanto)\s+{_ITSELF}{_VERB}\b(?!.*(?:, |\b(?:les? avis|pong|va el|va la)))",
    rf"{_WITH}(?:cual(?:es)?|cuant[oa]s)\s+(?:\w+\s+){{0,4}}?{_VERB}\b",
    rf"{_WITH}que\s+(?!{_EXCLAIMED}\b)(?:\w+\s+){{0,3}}?{_VERB}\b",
    rf"{_WITH}(?:que (?:dias?|horas?|fechas?|tan|tipo|clase|pagina|documentos?|requisitos|pasa)"
    r"|cuanto (?:tiempo|dinero|es)|cuant[oa]s (?:horas|dias|veces|personas|sesiones|reuniones|paginas))\b",
    rf"(?:puedo|podemos|se puede|podria|podriamos|se podria)\s+(?!{_OFFERED}\b){_INFINITIVE}\b",
    r"pueden?\s+(?!ver\b|dejar\b|pasar\b|recoger\b|bajar\b|encontrar\b)\w+\s+(?:un|una|el|la|los|las|varios"
    r"|varias|dos)\b",
    r"(?:puede|podria|pueden|podrian)\s+(?:ir|venir|aplicar|participar|asistir|entrar|solicitar|postular)\s+\w+",
    r"hay que\s+(?:\w+\s+){1,2}alg\w+",
    rf"(?:hay|habra|tengo|tenemos|tiene|se tiene) que\s+{_REQUIRED}\b{_NO_TIME}",
    r"hay\s+alg\w+",
    rf"(?:hay|habra|va a haber|tendran|todavia hay|aun hay)\s+(?:\w+\s+)?{MATTER}\b(?!.*\b(?:a las|en la|el \w+es)\b)",
    r"tienen\s+alg\w+",
    rf"tienen\s+(?:el|la|los|las|un|una|unos|algun\w*|mas)?\s*(?:\w+ )?{MATTER}\b",
    r"(?:aceptan|ofrecen|reciben|cobran|graban|pagan|dan|nos dan|nos pagan|consideran|requieren|piden|necesitan)\s+"
    r"(?!(?:muchas|las gracias|ganas|gusto|ayuda)\b)\w+",
    r"van? a (?:grabar|dar|mandar|haber|publicar|abrir|extender|ofrecer|repetir|pagar|avisar|anunciar|hacer otr\w)\b"
    r"(?!.*(?: les | a las |, ))",
    r"ya (?:salieron|mandaron|publicaron|avisaron|eligieron|anunciaron|escogieron|dieron|abrieron|cerraron|se sabe"
    r"|se cerr(?:o|aron)|se abri(?:o|eron)|empezo|cerro|paso la fecha)\b",
    rf"(?:se (?:necesita|requiere|ocupa)|hace falta|necesito|necesitamos|ocupo|ocupamos)\s+(?:(?:un|una|algun|alguna|el"
    rf"|la|los|las|mas|algo de) )?(?:{MATTER}|ser|tener|estar|saber|pagar|firmar|llenar|hablar|escribir|mandar)\b",
    r"(?!\w+ dan (?:much[oa]s? )?(?:gusto|ganas|alegria))(?:nos|les|me) (?:explican|ayudan|pagan|dan|mandan"
    r"|avisan|cobran|ensenan|apoyan|piden|reembolsan)\s+\w+",
    r"(?:esta|estan|sigue|siguen|son)\s+\w+(?:ad|id|ert)[oa]s?\s+(?:el|la|los|las)\b",
    r"(?:nos|les|me) van a (?:dar|mandar|pagar|avisar|llamar|decir|ensenar|cobrar|ayudar|explicar)\b",
    r"(?:estamos|estoy) a tiempo\b|alcanz(?:o|amos) a\b|califi(?:co|camos)\b",
    r"(?:me|nos) va a (?:quitar|tomar|costar|llevar|servir)\b",
    r"(?:tengo|tenemos) que\s+(?:\w+\s+){1,2}alg\w+",
    rf"(?:dejan|hacen|usan)\s+(?:much[oa]s?|algun\w*|un\w*)?\s*{MATTER}\b",
    r"existen?\s+(?:ya )?\w+",
    r"sirve\s+(?:si|que|de|para)\b",
    r"(?:es|son|seria|sera)\s+(?:necesari[oa]|obligatori[oa]|posible|gratis|requisito|virtual|presencial"
    r"|en linea)\s+(?!y\b)\w+",
    r"(?:es|son|seria|sera)\s+(?:necesari[oa]|obligatori[oa]|gratis)\W*$",
    r"algu(?:ien|no)\s+(?:sabe|tiene (?:idea|el|la|los|las)|(?:me|nos)\s+(?:puede|podria))\b",
    r"(?:me|nos)\s+(?:pueden?|podrian?)\s+(?:decir|explicar|aclarar|ayudar|mandar|enviar|pasar|compartir|dar"
    r"|recordar|confirmar)\b",
    r"(?:pueden?|podrian?)\s+(?:\w+(?:me|nos)|repetir|explicar|aclarar|confirmar|(?:mandar|enviar|pasar"
    r"|compartir) el)\b",
    rf"(?:y|o|pero)\s+si\s+{_ABOUT_US}\b(?: [\w'-]+){{1,10}}\W*$",
    rf"(?:el|la|los|las|lo)\s+(?:\w+ ){{0,2}}?(?:{MATTER})\s+(?:(?:de|del) \w+ )?"
    r"(?:cuando|cuanto|donde|como|a que|en que)\b",
)
"""At the beginning of a sentence, where a question has its verb or its asking word."""

FURTHER = any_of(
    rf"(?:puedo|podemos|se puede|podriamos|podria)\s+(?!{_OFFERED}\b){_INFINITIVE}\b",
    rf"{_WITH}(?:cuando|donde|como|cuanto|cual|cuant[oa]s|quien)\s+{_ITSELF}(?:\w+\s+)?{_VERB}\b(?<!como siempre)",
    r"(?:es|seria) (?:obligatori[oa]|necesari[oa]|posible|gratis)\b",
    r"vale la pena\b",
    r"califica(?:mos|n)?\b",
    r"que (?:hago|hacemos|puedo|podemos|pasa|tengo|tenemos|necesito|necesitamos|dia|hora)\b",
    r"(?:hay|tenemos|tengo) (?:algun\w*|cupo|lugar|que pagar|que ir)\b",
)
"""The same behind a comma, after something has been told."""

RUN_ON = (
    r"\b(?!(?:si|no|que|como|cuando|ya|solo|tambien|donde|lo|nos|y|asi|juntos|todos|hoy|manana|\w+es|tarde"
    r"|noche|sabado|domingo)\b)\w+ (?:podemos|puedo|se puede) "
    r"(?:aplicar|participar|ir|asistir|inscribir\w*|entrar|mandar\w*|cambiar\w*|subir\w*|usar|hacer|tomar|llenar|pagar)\b"
)
"""Even without anything between what is told and what is asked."""

_WHAT = r"(?:si|como|cuando|donde|que|cual(?:es)?|cuant\w+|quien(?:es)?|a que|en que|por que|hasta cuando)"
_ADMITTED = r"(?:quisiera|quisieramos|quiero|me gustaria|necesito|queremos|necesitamos|nos gustaria|queria|queriamos)"
WONDERING = any_of(
    rf"{_ADMITTED}\s+(?:saber|preguntar\w*|entender|informacion|info|mas (?:info\w*|detalles))\b",
    rf"{_ADMITTED}\s+(?:hablar|platicar|conversar|comunicarme|comunicarnos)\s+con\s+(?:alguien|algun\w*|una? "
    r"|el |la |los |las |ustedes|quien)",
    rf"{_ADMITTED}\s+(?:el|la|los|las|un|una) {MATTER}\b",
    r"(?:ando|estoy|estamos) (?:buscando|batallando con|tratando de (?:saber|entender|subir|encontrar|mandar)) ?\w*",
    rf"no\s+(?:se|sabemos|entiendo|entendemos|encuentro|encontramos|veo|entendi|recuerdo|dice)\s+(?:bien "
    rf"|muy bien |aun )?"
    rf"(?:{_WHAT}|el|la|los|las|lo)\b(?!.*(?:llegar|llegue|vaya a poder))",
    r"no\s+(?:me|nos)\s+(?:queda|quedo|es|esta)\s+(?:muy |tan |bien |del todo )?clar[oa]\b",
    rf"no\s+(?:estoy|estamos)\s+segur[oa]s?\s+(?:de\s+)?(?:{_WHAT}|lo|la|el)\b",
    r"(?:estoy|estamos|sigo|ando|me siento)\s+(?:\w+ )?(?:perdid[oa]s?|confundid[oa]s?|atorad[oa]s?|hech[oa] bolas)\s+"
    r"(?:con|sobre|por)\b",
    r"me\s+(?:confunde|perdi con|confundi con)\b",
    r"(?:tengo|tenemos|me queda|nos queda|me surge|traigo)\s+(?:un|una|otra|dos|unas"
    r"|varias)\s+(?:\w+ )?(?:dudas?|preguntas?)\b",
    r"^(?:una |otra |la )?(?:duda|pregunta)\s+(?:con|de|sobre|acerca|del)\b",
    rf"no\s+(?:me|nos)\s+(?:llego|ha llegado|llega)\s+(?:\w+ ){{0,2}}?{MATTER}\b",
    r"no\s+(?:me|nos)\s+(?:deja|aparece|sale|abre|funciona|permite)\b",
    r"(?:link|liga|enlace|formulario|pagina|zoom|video|boton|archivo)\s+(?:\w+ ){0,3}?no\s+(?:me |nos |se )?"
    r"(?:sirve|funciona|abre|jala|carga|deja)\b",
    r"no\s+(?:puedo|podemos|pude|pudimos)\s+(?:abrir|subir|entrar|encontrar|mandar|enviar|descargar|ver el|ver la)\b",
    r"(?:diganme|digame|diganos|expliquenme|expliqueme|avisenme|avisen|me avisan) (?:por favor )?"
    + _WHAT + r"\b(?! (?:van|vienen|necesitan|quieren|llegan|pueden|tienen))",
    rf"me (?:pasas?|das?|mandas?|envias?|compartes?) (?:el|la|los|las) (?:\w+ )?{MATTER}\b",
    r"me (?:hablan de|cuentan|mandan|pasan|envian|comparten|explican|dicen) (?:el|la|los|las|como|cuando|donde"
    r"|que|si|cuant\w+)\b",
    r"me interesa saber\b",
    rf"perdi(?:mos)? (?:el|la|mi) {MATTER}\b",
)  # fmt: skip
"""Anywhere in a sentence: that somebody does not know, would like to know, or would like to talk to a person."""

_EITHER = word_of(
    "es son sera seran seria esta cuesta dura tiene va van puedo podemos vamos hay hace hacen hacemos reunen aplico"
)
_FINITE = word_of("es son fue esta estan hay sera ya quedo cambio cambia tienen tiene van")
BARE = any_of(
    rf"(?!.*\b(?:traer|llevar|traigan)\b)(?:\w+ ){{0,4}}?{_EITHER} (?:[\w,]+ ){{1,8}}?o (?!(?:sea|menos|algo|mas"
    rf"|asi)\b)\w+(?: \w+){{0,4}}\W*$",
    rf"(?:(?:el|la|los|las|un|una) )?(?!.*\b{_FINITE}\b)(?:\w+ ){{0,4}}?{MATTER} (?:\w+ ){{0,4}}?"
    r"(?:por favor|porfa|porfis)\b\W*$",
    rf"(?:por favor|porfa) (?:el|la|los|las) (?:\w+ ){{0,2}}?{MATTER}\b",
    r"(?:y|o|tambien) (?:el|la|los|las|del|de la|para el|para la|lo del|lo de la) "
    rf"(?!.*\b{_FINITE}\b)(?:\w+ )?{MATTER}(?: (?:de|del|para) \w+(?: \w+){{0,2}})?\W*$",
    rf"(?:costos?|precio|fecha limite|requisitos|horarios?) (?:de|del|para) (?!.*\b{_FINITE}\b)\w+(?: \w+){{0,5}}\W*$",
)
"""Two things to choose from, or a matter and hardly a verb, with a word that asks for it."""

SETTLED = any_of(
    r"ya (?:entendi|entendimos|encontre|lo encontre|la encontre|quedo claro|me quedo claro|llegue|vi|no)\b",
    r"no encuentro palabras", r"olvidenlo", r"no importa\b",
)  # fmt: skip
"""What was not clear is clear by now."""
