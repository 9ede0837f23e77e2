"""The text of docs/format.md."""

from lms.content.blocks import MAX_NESTING
from lms.content.knowledge import LEAST, MOST
from lms.content.media import MB, SORTS
from lms.content.names import KINDS, MATCHES, OPTIONS, SCORES, Kind
from tests.reference import cuts, words
from tests.reference.codes import findings
from tests.reference.settings import settings

FILES = " ".join(
    f"{purpose.capitalize()}: {', '.join(sort.types)}, {sort.most / MB:g} MB at most."
    for purpose, sort in SORTS.items()
)
INTRO = f"""# The course format

Everything that a course may hold, as it is written and as it looks. This page is made by `make reference` from the course
[muestrario](muestrario), which a test holds to be without a slip; [authoring.md](authoring.md) tells how to begin.

- [Text](#text) · [Blocks](#blocks) · [Settings](#settings) ·
  [Before and after](#before-and-after) · [What an answer earns](#what-an-answer-earns) ·
  [What the check says](#what-the-check-says)

## Text

A module is Markdown: paragraphs, lists (a list within a list is indented by four spaces), quotes, tables, code, and
definitions with `: ` on the line below the word. Two to four `#` make a heading; `{{#id}}` after it gives it an id of its own.
There is no HTML.

| what | how |
|---|---|
| a source | `[^name]` in the text, and a line `[^name]: …` anywhere in the file; used and defined |
| … that depends on the country or the date | `{{verify}}` (`{{verifique}}`) at the end of that line: learners see “check in your country” after it, also in translations |
| a word of the glossary | `[word](term:g-word)`; in `glossary.md` a line `Word {{#g-word}}` and the next `: its meaning` |
| an abbreviation | a line `*[CAD]: its meaning` |
| a link | to `https://…`, `mailto:…`, `tel:…`, or `#section` of the same module |
| a picture | `![what it shows](../media/x.svg "Caption")` alone on its line; `![](../media/x.svg){{decorative}}` when it says nothing |
| in another language | `x.en.svg` beside `x.svg` is used in English; so with sound, film and captions |

{FILES}
"""
BLOCKS = f"""## Blocks

`::: name #id option=value Title` opens a block; a line `:::` closes the innermost. Every name and option has an English and a
Spanish form, which may be mixed; accents and capitals make no difference. A value of several words stands in quotes. Blocks
may stand within blocks, {MAX_NESTING} deep; questions, polls, scenarios, reflections and cards stand by themselves.

An id is made of small letters, digits and hyphens, unique in the course, the same in every language, and kept for ever:
results belong to it. Neighbouring questions make one quiz with one button. Learners see options in another order each
(true before false, and a text's gaps, stay), so never write “the first one” or “all of the above”.

What Word and phones make of a line is understood: `：：：`, smart quotes, `[X]`, `•` for `-`, spaces that don't break.
"""
KNOWLEDGE = f"""## Before and after

A file `knowledge.md` beside `course.md` holds questions that learners may answer before the course and after it, so that the
programme sees whether it teaches. They are two forms alike, `pool=a` and `pool=b` (`banco=a`, `banco=b`): {LEAST} to {MOST}
questions in each, the same number, and in the same order questions of the same kind with the same points. Questions of every
kind may stand there, and their sources; nothing else. Reasons and explanations are for whoever reviews the course: learners
are never told them. There are no hints. A language that lacks one of the questions does not ask any.
"""
EARNS = """## What an answer earns

Each question earns a share, 0 to 1, of its points. `tests/vectors/grading.json` holds thousands of answers with their shares,
for any program that grades. By the keys of options, items, targets and gaps:

| kind | answer | share |
|---|---|---|
| single, true-false | `["b"]` | 1 for the right option |
| multiple | `["a", "c"]` | (right − wrong) / right ones there are, 0 at least; with `all` 1 for exactly the right ones |
| match, classify | `{"1": "t2"}` | right items / items; an item left out is not right |
| order | `["2", "1", "3"]`, all of them | items in their place / items |
| short | `"Palermo"` | 1 if it is the same as an accepted form |
| numeric | `"18,5"` | 1 if it is a number within a right range, its ends included |
| blanks | `{"1": "word", "2": "3"}` (what was written, or the key of the word chosen) | right gaps / gaps |

With `score=all` a match, classification, order or text earns 1 when every part is right, and 0 otherwise.

**What does not fit earns 0, all of it**: another type of value, a key that the question does not have (of an option, item,
target, gap or word), the same option twice, more than one option in a single or true-false, an order without all items, more than
200 characters (Unicode code points) in one writing. In a text an empty string is a gap left open.

**Two writings are the same** when this makes the same of both: Unicode NFC; `’ ‘ ´` and the backtick become `'`, `“ ” « »` become
`"`, `‐ ‑` become `-`; small letters (Unicode's own, of no language); runs of white space become one space, none at the ends; full
stops and spaces at the end go. With `loose` then: every accent goes (what NFD sets apart, U+0300 to U+036F), except the tilde
of ñ. An empty writing is never right.

**A number** is, with white space around it, a sign or none (`+`, `-`, `−`, `–`), digits 0–9 with spaces between them (plain,
U+00A0, U+202F; 22 characters at most), and perhaps a comma or point with 1 to 12 digits; 40 characters in all. `1.200` is
one and two tenths. It is compared exactly. A release keeps `18 ± 1` as `17..19`.
"""


def text() -> str:
    """The whole page; raises when something that the format has is not told, or the other way round."""
    parts = [INTRO, _written(_prose()), _picture("text", "The text above, as it looks"), BLOCKS]
    parts += [_block(kind) for kind in KINDS.values()]
    parts += [_settings(), KNOWLEDGE, _written(_knowledge()), EARNS, _findings()]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _prose() -> str:
    read = cuts.section("en", "01-la-caja.md", "A paragraph has", "## Where to put it")
    return f"{read}\n\n{cuts.section('en', '01-la-caja.md', '[^guia]', '')}"


def _knowledge() -> str:
    return cuts.section("en", "knowledge.md", "::: single #k-a-ficha", "::: single #k-b-ficha")


def _block(kind: Kind) -> str:
    said = words.KINDS[kind.name]
    unknown = set(said.codes) - {each.code for each in findings()}
    if unknown:
        raise ValueError(f"{kind.name}: no finding has the code {sorted(unknown)}")
    spanish = kind.spanish if kind.spanish != kind.name else "the same"
    codes = ", ".join(f"`{code}`" for code in said.codes)
    lines = [
        *(
            f"### `{kind.name}`",
            "",
            f"{said.purpose} In Spanish: `{spanish}`." if spanish != "the same" else said.purpose,
        ),
        *("", *_options(kind)),
        *(f"Checked: {said.checked} ({codes})", ""),
        _written(cuts.blocks("en")[kind.name]),
        *("", "In Spanish:", "", _written("\n".join(cuts.openings("es", kind.name))), ""),
        _picture(kind.name, f"{kind.name}, as it looks"),
    ]
    return "\n".join(lines)


def _options(kind: Kind) -> list[str]:
    if not kind.options:
        return []
    rows = [f"| {_names(option)} | {words.OPTIONS[option]}{_values(option)} |" for option in kind.options]
    return ["| option | what |", "|---|---|", *rows, ""]


def _names(option: str) -> str:
    return " ".join(f"`{name}`" for name, meant in OPTIONS.items() if meant == option)


def _values(option: str) -> str:
    spoken = {"score": SCORES, "match": MATCHES}.get(option, {})
    spanish = [f"`{word}`" for word, meant in spoken.items() if word != meant]
    return f"; in Spanish {', '.join(spanish)}" if spanish else ""


def _settings() -> str:
    parts = ["## Settings", "", "A key that is not named here is an error, with a guess at what was meant."]
    for file, told in words.SETTINGS.items():
        asked = {each.key: each for each in settings(file)}
        if asked.keys() != told.keys():
            raise ValueError(f"{file}: the words and the program differ by {sorted(asked.keys() ^ told.keys())}")
        parts += ["", f"### In {'the front matter of ' if file != 'course.yml' else ''}{file}", ""]
        parts += ["| key | takes | what |", "|---|---|---|"]
        parts += [
            f"| `{key}`{' (required)' if asked[key].required else ''} | {asked[key].takes} | {what} |"
            for key, what in told.items()
        ]
    parts += ["", "### The muestrario's own", "", _written(cuts.whole("course.yml"), "yaml")]
    parts += ["", _written(cuts.section("en", "90-prueba.md", "---", "Seven questions"), "yaml")]
    return "\n".join(parts)


def _findings() -> str:
    rows = [f"| `{each.code}` | {each.severity} | {_plain(each.sentence)} |" for each in findings()]
    intro = "`lms check` tells each finding as `file:line: code: sentence`, in Spanish or English. An error stops publishing."
    return "\n".join(["## What the check says", "", intro, "", "| code | | sentence |", "|---|---|---|", *rows])


def _plain(sentence: str) -> str:
    """A sentence within a table: its places named, nothing of it taken for Markdown."""
    named = sentence.replace("%(", "‹").replace(")s", "›")
    return "".join(f"\\{each}" if each in "|[]<*_`" else each for each in named)


def _written(block: str, language: str = "markdown") -> str:
    return f"~~~~{language}\n{block}\n~~~~"


def _picture(name: str, words: str) -> str:
    return f"![{words}](pictures/format/{name}.png)"
