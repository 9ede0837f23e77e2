"""Spanish syllables by the rules of spelling; English ones about right."""

import pytest

from lms.content.wording.syllables import english, spanish

WORDS = """
casa:2 trata:2 tráfico:3 persona:3 derechos:3 albergue:3 consentimiento:5 niñez:2 sol:1
que:1 queso:2 quien:1 quórum:2 guerra:2 guitarra:3 guion:1 Miguel:2 distinguir:3 agua:2 ambiguo:3 Guatemala:4 Nicaragua:4
vergüenza:3 pingüino:3 antigüedad:4 averigüe:4 averigüéis:4
y:1 ya:1 yo:1 rey:1 muy:1 hay:1 hoy:1 leyes:2 mayo:2 cuyo:2 Paraguay:3 Uruguay:3 whisky:2 buey:1
migración:3 ciudad:2 seguimiento:4 riesgo:2 fui:1 fue:1 construir:2 jesuita:3 viuda:2 cuídate:3 construí:2 deuda:2 aún:2 aun:1
país:2 países:3 maíz:2 baúl:2 oír:2 oído:3 reúne:3 río:2 rió:1 creía:3 creíais:3 oíais:3 vivíais:3 bahía:3 secretaría:5
secretaria:4 actúa:3 continúa:4 continua:3 continuo:3 sitúan:3 estudiáis:3 averiguáis:4 sandía:3
aéreo:4 línea:3 área:3 héroe:3 poeta:3 caer:2 leer:2 creer:2 caoba:3 microondas:4 cooperan:4 zoología:5 extraer:3 idea:3
búho:2 ahí:2 vehículo:4 prohíbe:3 prohibir:2 prohibido:3 ahijado:3 cohibir:2 rehúsa:3 desahucio:3 rehén:2 alcohol:3 zanahoria:4
ahorro:3 azahar:3 cacahuete:4 hierro:2 huérfano:3 deshielo:3 inhumano:4 hacia:2 hacía:3 noche:2
chiita:3 antihigiénico:6 duunvirato:5 LGBTI:1 mm:1
""".split()
EXPECTED = [(word, int(count)) for word, _, count in (each.partition(":") for each in WORDS)]


@pytest.mark.parametrize(("word", "count"), EXPECTED)
def test_a_spanish_word_has_the_syllables_of_its_spelling(word: str, count: int) -> None:
    assert spanish(word) == spanish(word.upper()) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1),
        ("safe", 1),
        ("table", 2),
        ("helped", 1),
        ("wanted", 2),
        ("services", 3),
        ("migration", 3),
        ("hmm", 1),
    ],
)
def test_an_english_word_has_about_its_syllables(word: str, count: int) -> None:
    assert english(word) == count
