"""Mistakes that authors make: how each changes the sample course, and the code and line that must be told.

`@` in a new text marks the line; it is taken out before the course is read.
"""

from dataclasses import dataclass

Q = "::: unica #q-x\n¿Cuál?\n\n- [x] Uno\n  > Sí.\n- [ ] Dos\n  > No.\n:::\n"
"""A whole question to change."""


@dataclass(frozen=True)
class Mistake:
    """In `file`, `old` becomes `new` (an empty `old`: `new` is appended)."""

    code: str
    file: str
    old: str
    new: str
    says: str = ""


def one(code: str, new: str, *, says: str = "") -> Mistake:
    """A mistake appended to the first module."""
    return Mistake(code, "es/01-uno.md", "", new, says)


def front(code: str, old: str, new: str, *, says: str = "") -> Mistake:
    """A mistake in the first module's front matter or text."""
    return Mistake(code, "es/01-uno.md", old, new, says)


def yml(code: str, old: str, new: str, *, says: str = "") -> Mistake:
    """A mistake in course.yml."""
    return Mistake(code, "course.yml", old, new, says)


def test(code: str, old: str, new: str) -> Mistake:
    """A mistake in the final test."""
    return Mistake(code, "es/90-prueba.md", old, new)


SHORT = "::: corta #q-x\n¿Qué?\n\n- [x] Uno\n  > Sí.\n:::\n"
BLANKS = "::: completar #q-x\nComplete.\n\nEs [[uno]] y [[(dos) | tres]].\n:::\n"
SCALE = '::: escala #s-x low="Nada" high="Mucho"\n¿Cuánto?\n:::\n'
POLL = "::: encuesta #p-x\n¿Qué prefiere?\n\n- Uno\n- Dos\n:::\n"
LONG = "::: relacionar #q-x\nUna.\n\n" + "".join(f"- cosa {n} -> lugar {n}\n" for n in range(20)) + ":::\n"
VIDEO = "::: video src=media/x.mp4 captions=media/x.vtt Un video\nSe oye: hola.\n:::\n"


MISTAKES = [
    # blocks
    one("unknown-block", "@::: unicas #q-x\n:::", says="unica"),
    one("unknown-block", "@::: zzzzzz\nx\n:::"),
    one("not-closed", "@::: nota\nTexto sin cerrar.\n\n## Otra sección\n\nMás."),
    one("not-closed", "@::: nota\nTexto sin cerrar hasta el final."),
    one("not-closed", "@::: unica #q-x\n¿Cuál?\n\n- [x] a\n  > b\n- [ ] c\n  > d\n\n" + Q.replace("q-x", "q-y")),
    one("nothing-to-close", "Texto.\n\n@:::"),
    one("colons", "@:: nota\nTexto."),
    one("nesting", "::: nota\n::: aviso\n::: clave\n::: consejo\n@::: ejemplo\nx\n:::\n:::\n:::\n:::\n:::"),
    one("empty-block", "@::: nota\n:::"),
    one("empty-block", "@::: tarjetas #fc-z\n:::"),
    one("two-ids", "@::: tarjetas #fc-x #fc-y\n- a -> b\n:::"),
    one("bad-id", "@::: tarjetas #FC_x\n- a -> b\n:::"),
    one("no-id", "@::: tarjetas Las dos caras\n- a -> b\n:::", says="fc-las-dos-caras"),
    one("unknown-option", "@" + Q.replace("#q-x", "#q-x pints=2"), says="points"),
    one("unknown-option", "@::: nota zzz=2 Título\nx\n:::"),
    one("repeated-option", "@" + Q.replace("#q-x", "#q-x points=2 puntos=3")),
    one("option-after-title", "@" + Q.replace("#q-x", "Un título #q-x")),
    one("braces", "@::: tarjetas Un título {#fc-x}\n- a -> b\n:::"),
    one("no-title", "@::: desplegable\nTexto.\n:::"),
    one("card", "::: tarjetas #fc-x\n@- solo el frente\n:::"),
    one("block-in-cards", "::: tarjetas #fc-x\n- a -> b\n@::: nota\nx\n:::\n:::"),
    # questions
    one("no-prompt", "@::: unica #q-x\n- [x] a\n  > b\n- [ ] c\n  > d\n:::"),
    one("no-right", "@" + Q.replace("[x]", "[ ]")),
    one("two-right", "@" + Q.replace("[ ]", "[x]")),
    one("few-options", "@::: unica #q-x\n¿Cuál?\n\n- [x] Uno\n  > Sí.\n:::"),
    one("two-options", "@" + Q.replace("unica", "verdadero-falso").replace("- [ ]", "- [ ] Tres\n  > No.\n- [ ]")),
    one("too-many", "@" + Q.replace("- [ ]", "".join(f"- [ ] n{n}\n  > No.\n" for n in range(20)) + "- [ ]")),
    one("answer-mark", Q.replace("- [x]", "@- [✓]")),
    one("answer-mark", Q.replace("- [x]", "@- []")),
    one("answer-mark", Q.replace("- [x]", "@- ( )")),
    one("answer-mark", Q.replace("- [ ]", "@- ")),
    one("no-feedback", Q.replace("- [x] Uno\n  > Sí.\n", "@- [x] Uno\n")),
    one("empty-option", Q.replace("- [x] Uno", "@- [x]")),
    one("same-option", Q.replace("- [ ] Dos", "@- [ ] Uno")),
    one("same-key", Q.replace("[x] Uno", "[x] {a} Uno").replace("- [ ] Dos", "@- [ ] {a} Dos")),
    one("bad-key", Q.replace("- [x] Uno", "@- [x] {Á} Uno")),
    one("text-after-options", Q.replace("  > No.\n", "  > No.\n\n@Y esto.\n")),
    one("points", "@" + Q.replace("#q-x", "#q-x points=dos")),
    one("score", "@" + Q.replace("unica #q-x", "multiple #q-x score=mitad")),
    one("block-in-question", Q.replace("¿Cuál?\n", "¿Cuál?\n@::: nota\nx\n:::\n")),
    one("not-inline", "::: unica #q-x\nMire:\n\n@- uno\n- dos\n\n- [x] a\n  > b\n- [ ] c\n  > d\n:::"),
    one("picture-place", Q.replace("¿Cuál?", "@¿Cuál ![x](../media/cuadro.svg)?")),
    one("answer-outside", "Texto.\n\n@- [x] suelta"),
    one("pair", "::: relacionar #q-x\nUna.\n\n@- solo\n- b -> c\n- d -> e\n:::"),
    one("few-pairs", "@::: relacionar #q-x\nUna.\n\n- a -> b\n:::"),
    one("few-items", "@::: ordenar #q-x\nOrdene.\n\n1. a\n2. b\n:::"),
    one("item-number", "::: ordenar #q-x\nOrdene.\n\n1. a\n@3. b\n4. c\n:::"),
    one("pool-outside-test", "@" + Q.replace("#q-x", "#q-x pool=p1")),
    one("same-id", "@" + Q.replace("q-x", "q-a")),
    # marks of answers where learners would see them
    *(
        one("answer-outside", f"Texto.\n\n{text}\n")
        for text in (
            "@[x] uno",
            "@– [x] uno",
            "@a) [x] uno",
            "@- [x ] uno",
            "@- **[x]** uno",
            "| a | b |\n|---|---|\n@| uno | [x] |",
            "@> [✓] uno",
        )
    ),
    one("answer-outside", "::: tarjetas #fc-x\n@- [x] uno -> dos\n:::"),
    one("answer-outside", "@::: desplegable [x] uno\nTexto.\n:::"),
    one("answer-outside", "@::: unica #q-x [x] uno\n¿Cuál?\n\n- [x] a\n  > s\n- [ ] b\n  > n\n:::"),
    one("answer-outside", Q.replace("- [x] Uno\n", "- [x] Uno\n@  [x] Tres\n")),
    one("answer-outside", Q.replace("¿Cuál?", "@1. [x] Uno\n\n¿Cuál?")),
    # forms and tests
    one("form-too-long", "@" + "".join(LONG.replace("q-x", f"q-x{n}") for n in range(40))),
    test("link-in-test", "::: unica #q-t11 pool=p1\nPregunta 1", "@::: unica #q-t11 pool=p1\nPregunta [1](#otra)"),
    Mistake("poll-place", "es/90-prueba.md", "", "@::: encuesta #p-x\n¿Qué?\n\n- Uno\n- Dos\n:::\n"),
    front("answer-outside", "title: Módulo uno", "title: Módulo [x] uno"),
    one("answer-outside", "@![Un cuadro [x]](../media/cuadro.svg)"),
    one("gap-outside", "Texto.\n\n@Una palabra [[sin cerrar."),
    # settings by language
    yml("other-language", "source: es", "@content_warning: {ess: Habla de violencia.}\nsource: es", says="es"),
    yml("other-language", "source: es", "@content_warning: {Español: Habla de violencia.}\nsource: es"),
    # something to write
    one("no-right", "@" + SHORT.replace("[x]", "[ ]")),
    one("answer-mark", SHORT.replace("- [x]", "@- [✓]")),
    one("empty-option", SHORT.replace("- [x] Uno", "@- [x]")),
    one("same-option", SHORT.replace("  > Sí.\n", "  > Sí.\n@- [ ] UNO\n  > No.\n")),
    one("long-answer", SHORT.replace("- [x] Uno", "@- [x] " + "uno " * 30)),
    one("match", "@" + SHORT.replace("#q-x", "#q-x match=casi"), says="loose"),
    one("unknown-option", "@" + SHORT.replace("#q-x", "#q-x mach=loose"), says="match"),
    one("unknown-option", "@" + SHORT.replace("#q-x", "#q-x score=all")),
    one("number", "::: numerica #q-x\n¿Cuántos?\n\n@- [x] dieciocho\n  > Sí.\n:::"),
    one("number", "::: numerica #q-x\n¿Cuántos?\n\n@- [x] 19..17\n  > Sí.\n:::"),
    one("number", "::: numerica #q-x\n¿Cuántos?\n\n@- [x] 18 años\n  > Sí.\n:::"),
    one("same-option", "::: numerica #q-x\n¿Cuántos?\n\n- [x] 18\n  > Sí.\n@- [ ] 18,0\n  > No.\n:::"),
    one("few-pairs", "@::: clasificar #q-x\nUna.\n\n- a -> b\n- c -> b\n:::", says="categories"),
    one("pair", "::: clasificar #q-x\nUna.\n\n@- solo\n- b -> c\n- d -> e\n:::", says="category"),
    one("no-gap", "@" + BLANKS.replace("[[uno]]", "uno").replace("[[(dos) | tres]]", "dos")),
    one("gap", BLANKS.replace("Es [[uno]]", "@Es [[]]")),
    one("gap", BLANKS.replace("Es [[uno]]", "@Es [[uno ; ]]")),
    one("gap-open", BLANKS.replace("Es [[uno]]", "@Es [[uno")),
    one("gap-right", BLANKS.replace("Es [[uno]] y [[(dos)", "@Es [[uno]] y [[dos")),
    one("gap-right", BLANKS.replace("Es [[uno]] y [[(dos) | tres", "@Es [[uno]] y [[(dos) | (tres)")),
    one("same-option", BLANKS.replace("Es [[uno]] y [[(dos) | tres", "@Es [[uno]] y [[(dos) | dos")),
    one("gap-place", "@" + BLANKS.replace("[[uno]]", "[un [[uno]] enlace](https://example.org)")),
    one("gap-outside", "Texto.\n\n@La palabra es [[uno]]."),
    one("gap-outside", Q.replace("¿Cuál?", "@¿Cuál [[uno]]?")),
    one("too-many", "@" + BLANKS.replace("[[uno]]", "[[uno]] " * 21)),
    one("block-in-question", BLANKS.replace("Complete.\n", "Complete.\n@::: nota\nx\n:::\n")),
    one("no-id", "@" + BLANKS.replace(" #q-x", ""), says="q-complete"),
    one("no-id", "@" + SHORT.replace(" #q-x", ""), says="q-que"),
    # hints and explanations
    one("outside-question", "@::: pista\nPiense.\n:::"),
    one("outside-question", "::: nota\n@::: explicación\nPorque sí.\n:::\n:::"),
    one("two-explanations", Q.replace("¿Cuál?", "¿Cuál?\n::: explicacion\nA.\n:::\n@::: explicacion\nB.\n:::\n")),
    one("empty-block", Q.replace("¿Cuál?", "¿Cuál?\n@::: pista\n:::\n")),
    one("block-in-question", Q.replace("¿Cuál?", "¿Cuál?\n::: pista\n@::: nota\nx\n:::\n:::\n")),
    # polls
    one("few-options", "@" + POLL.replace("- Dos\n", "")),
    one("same-option", POLL.replace("- Dos", "@- Uno")),
    one("answer-mark", POLL.replace("- Uno", "@- [x] Uno")),
    one("poll-reason", POLL.replace("- Dos\n", "- Dos\n@  > No.\n")),
    one("no-prompt", "@::: encuesta #p-x\n- Uno\n- Dos\n:::"),
    one("block-in-question", POLL.replace("¿Qué prefiere?\n", "¿Qué prefiere?\n@::: nota\nx\n:::\n")),
    one("no-id", "@" + POLL.replace(" #p-x", ""), says="p-que-prefiere"),
    one("same-id", "@" + POLL.replace("p-x", "q-a")),
    one("steps", "@" + SCALE.replace("#s-x", "#s-x steps=20")),
    one("ends", '@::: escala #s-x low="Nada"\n¿Cuánto?\n:::'),
    one("scale-options", SCALE.replace("¿Cuánto?\n", "¿Cuánto?\n\n@- Uno\n")),
    one("not-closed", "@" + POLL.replace("\n:::\n", "\n\n") + Q),
    # sound and film
    one("no-title", "@" + VIDEO.replace(" Un video", "")),
    one("no-transcript", "@" + VIDEO.replace("Se oye: hola.\n", "")),
    one("no-captions", "@" + VIDEO.replace(" captions=media/x.vtt", "")),
    one("no-src", "@" + VIDEO.replace(" src=media/x.mp4", "")),
    one("no-file-in-media", "@" + VIDEO.replace("x.mp4", "cuadro.mp4"), says="cuadro.svg"),
    one("file-type", "@" + VIDEO.replace("x.mp4", "cuadro.svg")),
    one("unknown-option", "@" + VIDEO.replace("src=", "scr="), says="src"),
    one("unknown-block", "@" + VIDEO.replace("video src", "vídeos src"), says="video"),
    # the program's own words
    one("reserved-id", "@" + Q.replace("q-x", "language")),
    one("reserved-id", "@" + Q.replace("q-x", "questions")),
    front("reserved-id", "id: m-uno", "@id: review", says="m-review"),
    # scenario
    one("no-title", "@::: escenario #e-x\nx\n\n### Fin {#f outcome=good}\nx\n:::"),
    one("no-steps", "@::: escenario #e-x Una historia\nx\n:::"),
    one(
        "step",
        "::: escenario #e-x Una historia\n@### Sin id\nx\n\n- [A](#f)\n  > b\n\n### Fin {#f outcome=good}\nx\n:::",
    ),
    one("outcome", "::: escenario #e-x Una\n### A {#a}\nx\n\n- [A](#f)\n  > b\n\n@### Fin {#f outcome=raro}\nx\n:::"),
    one(
        "no-step",
        "::: escenario #e-x Una\n### A {#a}\nx\n\n@- [A](#fim)\n  > b\n\n### Fin {#fin outcome=good}\nx\n:::",
        says="fin",
    ),
    one(
        "no-step", "::: escenario #e-x Una\n### A {#a}\nx\n\n@- [A](#zzz)\n  > b\n\n### Fin {#fin outcome=good}\nx\n:::"
    ),
    one("dead-end", "::: escenario #e-x Una\n@### A {#a}\nx\n\n### Fin {#f outcome=good}\nx\n:::"),
    one("no-ending", "@::: escenario #e-x Una\n### A {#a}\nx\n\n- [A](#a)\n  > b\n:::"),
    one(
        "unreachable", "::: escenario #e-x Una\n### A {#a}\nx\n\n- [A](#a)\n  > b\n\n@### Fin {#f outcome=good}\nx\n:::"
    ),
    one("same-step", "::: escenario #e-x Una\n### A {#a}\nx\n\n- [A](#a)\n  > b\n\n@### B {#a outcome=good}\nx\n:::"),
    one("ending-goes-on", "::: escenario #e-x Una\n@### A {#a outcome=good}\nx\n\n- [A](#a)\n  > b\n:::"),
    one("empty-step", "::: escenario #e-x Una\n@### A {#a outcome=good}\n:::"),
    one(
        "way-score",
        "::: escenario #e-x Una\n### A {#a}\nx\n\n@- [A](#f) {score=9}\n  > b\n\n### F {#f outcome=good}\nx\n:::",
    ),
    one(
        "text-after-ways",
        "::: escenario #e-x Una\n### A {#a}\nx\n\n- [A](#f)\n  > b\n\n@Más.\n\n### F {#f outcome=good}\nx\n:::",
    ),
    one("no-consequence", "::: escenario #e-x Una\n### A {#a}\nx\n\n@- [A](#f)\n\n### F {#f outcome=good}\nx\n:::"),
    # text
    one("raw-html", "Texto.\n@Con <b>negrita</b>."),
    one("heading-level", "@# Un título"),
    one("underlined-heading", "Un título\n@========"),
    one("heading-place", "Texto:\n\n- lista\n\n    @### dentro"),
    one("same-anchor", "@## Otra {#primera}"),
    one("bad-id", "@## Otra {#Primera Parte}".replace(" Parte", "")),
    one("no-anchor", "Vaya [allá](#no-existe).".replace("Vaya", "@Vaya")),
    one("link-target", "@Vea [esto](http://example.org)."),
    one("link-target", "@Vea [esto](//example.org)."),
    one("no-term", "@Un [término](term:g-mestra).", says="g-muestra"),
    one("no-reference", "@Un dato.[^unp]\n", says="uno"),
    one("unused-reference", "@[^otro]: *Nada*, 2026."),
    one("same-reference", "Un dato.[^dos]\n\n[^dos]: *A*.\n@[^dos]: *B*."),
    one("reference-name", "Un dato.[^dos]\n\n[^dos]: *A*.\n@[^Tres]: *B*."),
    one("too-dense", "@" + "[" * 400),
    one("too-long", "@" + "palabra " * 3000),
    one("fence-open", "@```\ncódigo"),
    one("no-alt", "@![](../media/cuadro.svg)"),
    one("alt-decorative", "@![Un cuadro](../media/cuadro.svg){decorative}"),
    one("no-file-in-media", "@![Un cuadro](../media/cuadra.svg)", says="cuadro.svg"),
    one("file-name", "@![Un cuadro](../media/Cuadro.SVG)"),
    one("control-character", "Texto @\u202e al revés."),
    # front matter
    front("front-matter-open", "---\nid: m-uno", "@---\nid: m-uno", says=""),
    front("missing-key", "title: Módulo uno\n", ""),
    front("unknown-key", "minutes: 4", "@minuts: 4", says="minutes"),
    front("unknown-key", "minutes: 4", "@zzzzzzz: 4"),
    front("repeated-key", "minutes: 4", "minutes: 4\n@minutes: 5"),
    front("value", "minutes: 4", "@minutes: cuatro"),
    front("value", "id: m-uno", "@id: M Uno"),
    front("value", "objectives: [Ver cada bloque., Responder una vez.]", "@objectives: uno"),
    front("value", "completion: {quiz: 70}", "@completion: todo"),
    front("value", "completion: {quiz: 70}", "completion: {quiz: 70}\n@kind: otro"),
    front("yaml", "minutes: 4", "@minutes: [4"),
    front("yaml-trick", "minutes: 4", "@minutes: &a 4"),
    front("yaml-trick", "minutes: 4", "@minutes: !!int 4"),
    front("yaml-deep", "minutes: 4", "@minutes: [[[[[[[[[[4]]]]]]]]]]"),
    # test
    test("no-pool", "::: unica #q-t11 pool=p1", "@::: unica #q-t11"),
    test("pool", "::: unica #q-t11 pool=p1", "@::: unica #q-t11 pool=P_1"),
    test("pool-not-drawn", "::: unica #q-t11 pool=p1", "@::: unica #q-t11 pool=p9"),
    test("value", "draw: {p1: 2, p2: 2}", "@draw: {p1: 9, p2: 2}"),
    test("value", "draw: {p1: 2, p2: 2}", "@draw: {p1: x, p2: 2}"),
    test("value", "review: {p1: m-uno, p2: m-dos}", "@review: {p1: m-uno, p7: m-dos}"),
    test("value", "pass: 80", "@pass: 200"),
    test("value", "pass: 80", "pass: 80\n@shuffle: quizás"),
    test(
        "scenario-place",
        "Cuatro preguntas.",
        "@::: escenario #e-x Una\n### A {#a outcome=good}\nx\n:::\n\nCuatro preguntas.",
    ),
    Mistake("question-place", "es/course.md", "## Qué trae", "@" + Q + "\n## Qué trae"),
    # course.yml
    yml("value", 'version: "1"', f'@version: "{"1" * 41}"', says="at most 40 characters"),
    yml("value", "format: 1", "@format: 9"),
    yml("missing-key", 'version: "1"\n', ""),
    yml("value", "code: D3M0", "@code: demo uno"),
    yml("value", "languages: [es]", "@languages: [español]"),
    yml("value", "languages: [es]", "@languages: [en]"),
    yml("no-language", "languages: [es]", "@languages: [es, en]"),
    yml("value", "hours: 1", "@hours: mucho"),
    yml("value", "access: open", "@access: abierto"),
    yml("value", "review: {status: draft}", "@review: {status: official, on: ayer}"),
    yml("value", "review: {status: draft}", "@review: {status: official, on: 2026-13-45}"),
    yml("value", "review: {status: draft}", "@review: {status: official}", says="2026-11-24"),
    yml("draft-day", "review: {status: draft}", "@review: {status: draft, on: 2026-11-24}"),
    yml("value", "review: {status: draft}", "@review: {status: draft, by: Ana}"),
    yml("other-language", "review: {status: draft}", "@review: {status: draft, by: {e s: x}}"),
    yml("value", "credits: [{name: Equipo de pruebas, role: autoría}]", "@credits: nadie"),
    yml("value", "access: open", "access: open\n@public_title: Curso"),
    yml("value", "access: open", "access: open\n@sensitive: true", says=""),
    yml("no-module", "modules: [m-uno, m-dos, m-prueba]", "@modules: [m-unoo, m-dos, m-prueba]", says="m-uno"),
    yml("value", "modules: [m-uno, m-dos, m-prueba]", "@modules: [m-uno, m-uno, m-dos, m-prueba]"),
    yml(
        "value",
        "completion: {modules: all, certificate: m-prueba}",
        "@completion: {modules: [m-x], certificate: m-prueba}",
    ),
    yml(
        "value",
        "completion: {modules: all, certificate: m-prueba}",
        "@completion: {modules: todo, certificate: m-prueba}",
    ),
    yml("value", "completion: {modules: all, certificate: m-prueba}", "@completion: {modules: all, certificate: m-x}"),
    yml(
        "certificate",
        "completion: {modules: all, certificate: m-prueba}",
        "@completion: {modules: all, certificate: m-uno}",
    ),
    yml(
        "certificate",
        "completion: {modules: all, certificate: m-prueba}",
        "@completion: {modules: [m-uno], certificate: m-prueba}",
    ),
    yml(
        "value",
        "completion: {modules: all, certificate: m-prueba}",
        "@completion: {modules: []}",
        says="names no module",
    ),
    yml("renamed", "access: open", "access: open\n@renamed: {q-viejo: q-mas-viejo, q-mas-viejo: q-viejo}"),
    yml("retired-used", "access: open", "access: open\n@retired: [q-a]"),
    yml("renamed", "access: open", "access: open\n@renamed: {q-viejo: q-nada}"),
    yml("yaml", "format: 1", '@format: "1'),
    # other files
    Mistake("glossary", "es/glossary.md", "", "@Suelto\n"),
    Mistake("glossary", "es/glossary.md", "", "\n@Otro {#g-otro}\n"),
    Mistake("term-id", "es/glossary.md", "", "\n@Otro {#otro}\n: Algo.\n"),
    Mistake("glossary-link", "es/glossary.md", "", "\nOtro {#g-otro}\n@: Ver [x](#nada).\n"),
    Mistake("same-term", "es/glossary.md", "", "\n@Otro {#g-muestra}\n: Algo.\n"),
    Mistake("missing-key", "es/course.md", "summary: Un curso pequeño que usa cada bloque una vez.\n", ""),
    Mistake("same-module", "es/02-dos.md", "id: m-dos", "id: m-uno"),
    Mistake("not-listed", "es/02-dos.md", "id: m-dos", "id: m-tres"),
    # more of the same kinds, where authors do them
    one("unknown-block", "@::: note-box\nx\n:::"),
    one("unknown-block", "@::: 2024\nx\n:::"),
    one("unknown-option", "@" + Q.replace("#q-x", "#q-x score=all")),
    one("points", "@" + Q.replace("#q-x", "#q-x points=0")),
    one("points", "@" + Q.replace("#q-x", "#q-x points=100")),
    one("colons", "@: nota\nTexto."),
    one("nothing-to-close", Q + "@:::"),
    one("not-closed", "::: nota\nx\n:::\n\n@::: aviso\ny\n\n## Otra\n\nz"),
    one("answer-mark", Q.replace("- [x]", "@- [v]")),
    one("answer-mark", Q.replace("- [x]", "@- (x)")),
    one("same-option", "::: ordenar #q-x\nOrdene.\n\n1. a\n2. b\n@3. a\n:::"),
    one("same-option", "::: relacionar #q-x\nUna.\n\n- a -> b\n@- a -> c\n:::"),
    one("same-key", "::: ordenar #q-x\nOrdene.\n\n1. {2} a\n@2. b\n3. c\n:::"),
    one("bad-key", "::: relacionar #q-x\nUna.\n\n@- {clave_1} a -> b\n- c -> d\n:::"),
    one("pair", "::: relacionar #q-x\nUna.\n\n- a -> b\n@- c -> d -> e\n- f -> g\n:::"),
    one("few-pairs", "@::: relacionar #q-x\nUna.\n\n- a -> b\n- c -> b\n:::"),
    one("item-number", "::: ordenar #q-x\nOrdene.\n\n1. a\n2. b\n@4. c\n:::"),
    one("no-id", "@" + Q.replace(" #q-x", ""), says="q-cual"),
    one("no-id", "@::: reflexion\n¿Qué aprendió?\n:::", says="r-que-aprendio"),
    one("same-id", "@::: tarjetas #m-dos\n- a -> b\n:::"),
    one("card", "::: tarjetas #fc-x\n- a -> b\n@- a -> b -> c\n:::"),
    one("step", "::: escenario #e-x Una\n### A {#a outcome=good}\nx\n\n@#### B {#b}\n:::"),
    one("raw-html", "Texto.\n\n@<!-- pendiente -->"),
    one("raw-html", Q.replace("  > No.", "@  > <br>No.")),
    one("raw-html", "::: tarjetas #fc-x\n- a -> b\n@- <u>c</u> -> d\n:::"),
    one("raw-html", "Un dato.[^dos]\n\n@[^dos]: <i>Libro</i>."),
    one("link-target", "@Vea [esto](../02-dos.md)."),
    one("link-target", "@Vea [esto](javascript:x)."),
    one("heading-level", "@##### Muy hondo"),
    one("bad-id", "@## Otra {#Año}"),
    one("no-file-in-media", "@![Un cuadro](../media/zzzzz.png)"),
    one("picture-place", "@Aquí ![Un cuadro](../media/cuadro.svg) en medio."),
    one("not-inline", "::: tarjetas #fc-x\n@- > a -> b\n:::"),
    one("too-dense", "@" + "*" * 700),
    Mistake("raw-html", "es/glossary.md", "", "\nOtro {#g-otro}\n@: Con <b>letra</b>.\n"),
    Mistake("unknown-key", "es/course.md", "audience: Quien", "@audiense: Quien", "audience"),
    Mistake("unknown-block", "es/course.md", "", "@::: notas\nx\n:::", "nota"),
    Mistake("no-reference", "es/course.md", "programa.[^pr]", "@programa.[^pr][^pt]"),
    yml("unknown-key", "license: CC-BY-SA-4.0", "@licence: CC-BY-SA-4.0", says="license"),
    yml("unknown-key", "role: autoría}]", "role: autoría,\n@  rol: autoría}]", says="role"),
    yml("repeated-key", "hours: 1", "hours: 1\n@hours: 2"),
    yml("yaml-trick", "topics: [ejemplo]", "@topics: &uno [ejemplo]"),
    yml("yaml-trick", "topics: [ejemplo]", "topics: [ejemplo]\n@level2: !x uno"),
    yml("value", "modules: [m-uno, m-dos, m-prueba]", "@modules: [m-uno, m-dos, m-prueba, M Tres]"),
    yml("value", "access: open", "access: open\n@major: 0"),
    yml("value", "id: demo-course", "@id: Demo"),
    yml("value", "id: demo-course", "@id:"),
    yml("renamed", "access: open", "access: open\n@renamed: {q-a: q-b}"),
    Mistake("question-place", "es/course.md", "", "@" + Q),
    Mistake("question-place", "es/course.md", "", "@::: escenario #e-x Una\n### A {#a outcome=good}\nx\n:::"),
    Mistake("scenario-place", "es/90-prueba.md", "", "@::: escenario #e-x Una\n### A {#a outcome=good}\nx\n:::"),
]
