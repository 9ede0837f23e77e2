"""What the reference says by hand: of each block, option and setting. `page` fails when one is missing or too many."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """Of a kind of block: what it is for, what is checked, and the codes by which slips are told."""

    purpose: str
    checked: str
    codes: tuple[str, ...] = ()


BOX = "It has a text; a title after its name stands instead of its own."
CHOICE = ("few-options", "no-right", "two-right", "answer-mark", "same-option", "no-feedback")
PAIRS = ("pair", "few-pairs", "same-option", "too-many")
WRITTEN = ("no-right", "answer-mark", "same-option")
FILES = ("no-title", "no-transcript", "no-src", "no-file-in-media", "file-type", "file-size", "file-content")

KINDS = {
    "note": Said("A box: something to know beside the text.", BOX, ("empty-block",)),
    "tip": Said("A box: a piece of advice.", BOX, ("empty-block",)),
    "warning": Said("A box: a danger.", BOX, ("empty-block",)),
    "key": Said("A box: what to remember.", BOX, ("empty-block",)),
    "example": Said("A box: a case.", BOX, ("empty-block",)),
    "care": Said("A box: for the learner's own well-being.", BOX, ("empty-block",)),
    "details": Said("Text that opens.", "It has a title and a text.", ("no-title", "empty-block")),
    "cards": Said("Cards that turn, `- front -> back`.", "Each line is a card.", ("card", "block-in-cards", "no-id")),
    "reflection": Said(
        "Something to think about. What learners write there is sent only when they keep it in their private notes.",
        "It has an id and a text.",
        ("no-id", "empty-block"),
    ),
    "scenario": Said(
        "A branching story: steps `### Title {#step}` with choices `- [What I do](#step) {score=2}`, each with its "
        "consequence, and endings `### Title {#end outcome=good}` (`good`, `fair`, `bad`; in Spanish `final=bueno`, "
        "`regular`, `malo`, and `{nota=2}`).",
        "Every choice leads to a step, every step is reached, there is an ending; a choice without a consequence is a "
        "warning.",
        ("step", "no-step", "unreachable", "dead-end", "no-ending", "ending-goes-on", "way-score", "no-consequence"),
    ),
    "single": Said(
        "One right option. The last paragraph before the options is the question; what stands before it is the "
        "situation. Each option may have a reason below, and a key `{a}` of its own.",
        "Exactly one `[x]` and two options or more; an option without a reason is a warning.",
        CHOICE,
    ),
    "multiple": Said(
        "Several right options. They earn (right − wrong) / right, never less than nothing; with `score=all` everything "
        "or nothing.",
        "One `[x]` or more, and two options or more.",
        CHOICE,
    ),
    "true-false": Said("Two options, shown in the order written.", "Two options, one `[x]`.", (*CHOICE, "two-options")),
    "match": Said(
        "Items to what belongs to each. Several items may share a match; `- -> text` fits none.",
        "Two pairs and two different matches, or more.",
        PAIRS,
    ),
    "order": Said("Items in their right order.", "Three or more, numbered in order.", ("few-items", "item-number")),
    "short": Said(
        "A word or a few. `- [x]` each accepted form, `- [ ]` a common mistake with its reason.",
        "One `[x]` or more, 100 characters at most.",
        (*WRITTEN, "long-answer", "match"),
    ),
    "numeric": Said(
        "A number: `18`, `18 ± 1` or `17..19`, with a decimal comma or point. `- [ ]` a common mistake.",
        "Each is such a number or range; one `[x]` or more.",
        (*WRITTEN, "number"),
    ),
    "classify": Said(
        "Items to categories, `- item -> category`; categories repeat.",
        "Two items and two categories, or more.",
        PAIRS,
    ),
    "blanks": Said(
        "A text with gaps: `[[word ; another spelling]]` to be written, `[[(right) | wrong | wrong]]` to be chosen from. "
        "A paragraph before the first one with a gap is the question.",
        "A gap opens and closes on one line; a list has one word in `( )`; 20 gaps at most; a gap outside this block is "
        "an error.",
        ("no-gap", "gap", "gap-open", "gap-right", "gap-place", "gap-outside"),
    ),
    "hint": Said(
        "Inside a question: help to be opened before answering. There may be several.",
        "It stands in a question and holds only text.",
        ("outside-question", "block-in-question"),
    ),
    "explanation": Said(
        "Inside a question: told after answering, right or wrong.",
        "One for each question.",
        ("two-explanations", "outside-question"),
    ),
    "poll": Said(
        "A question without a right answer. Counted without a name; how others answered is shown once there are ten.",
        "Two to twenty options, without reasons.",
        ("few-options", "poll-reason", "no-id"),
    ),
    "scale": Said(
        "Steps between two ends, counted as a poll is.",
        "`low` and `high` say what the ends mean; there are no options.",
        ("ends", "steps", "scale-options"),
    ),
    "audio": Said(
        "A sound of the folder `media`, loaded when it is played. The text within is the transcript.",
        "A title and a transcript; the file is what its name says.",
        FILES,
    ),
    "video": Said(
        "A film of the folder `media`, loaded when it is played. The text within is the transcript.",
        "A title, a transcript and captions; the file is what its name says.",
        (*FILES, "no-captions"),
    ),
}
OPTIONS = {
    "points": "how much the question counts: 1 to 99, 1 without it",
    "pool": "only in a test: the pool that the question belongs to",
    "score": "`partial` (each right part counts) or `all` (everything right, or nothing)",
    "match": "`loose` (accents make no difference, ñ stays ñ) or `exact`",
    "steps": "how many: 2 to 10, 5 without it",
    "low": "what the first step means, in quotes",
    "high": "what the last step means, in quotes",
    "src": "the file",
    "captions": "its captions, a WebVTT file",
}
SETTINGS = {
    "course.yml": {
        "format": "the format's number",
        "id": "permanent; the folder may be renamed",
        "version": "your own label, in quotes",
        "source": "the language it is written in, such as `es`",
        "languages": "every language it has; a module that is not translated yet is shown in the source language",
        "code": "two to eight capital letters and digits that say nothing: it goes on certificates",
        "modules": "the modules' ids, in order",
        "completion": "what it takes to complete the course",
        "completion.modules": "`all`, or a list of the modules asked for",
        "completion.certificate": "the test that earns the certificate",
        "hours": "what the certificate says",
        "minutes": "what the catalogue says",
        "topics": "words to find it by",
        "level": "for whom, in a word",
        "audience": "whom it is for",
        "access": "`enrolled`: only with a group's code",
        "sensitive": "a neutral tab title, a quick exit, and the outward title on certificates",
        "public_title": "the outward title by language; a sensitive course needs it",
        "content_warning": "by language: what may be hard to read; shown on the course's page before anything can be begun",
        "help_note": "where to turn, told on the course's page, at both ends of each module and beside results; or a text of "
        "your own before it, `{es: …, en: …}`",
        "cover": "a decorative picture of the folder `media`, on the course's page and in the catalogue",
        "license": "such as CC-BY-SA-4.0",
        "credits": "who made it",
        "credits[].name": "a name",
        "credits[].role": "what she did",
        "review": "how far specialists have looked at it; learners are told",
        "review.status": "`draft` without it; the others once specialists have signed",
        "review.on": "the day on which they signed, such as 2026-11-24",
        "review.by": "their roles, without names, `{es: …, en: …}`",
        "major": "raise it when a completion from before must not count any more",
        "retired": "ids that were used once and must not come back",
        "renamed": "old ids with their new ones",
        "accepted": "advice about the wording that is not to be followed here (see authoring.md)",
        "accepted[].code": "its code in “What the check says”",
        "accepted[].unit": "the id of the question or block, `module#section`, the module, the term, or `about`",
        "accepted[].text": "words of it, where a unit has several",
        "accepted[].why": "the reason, for whoever reads it next",
    },
    "course.md": {
        "title": "the course's title",
        "summary": "two sentences for the catalogue",
        "audience": "whom it is for, in a sentence",
    },
    "a module": {
        "id": "permanent, the same in every language",
        "title": "its title",
        "minutes": "how long it takes",
        "picture": "a decorative picture of the folder `media` at its head; a translation without it has the source's",
        "objectives": "what she will be able to do",
        "kind": "`test` for a final test",
        "completion": "what it takes beside the button at the module's end",
        "completion.quiz": "the percentage of its questions that she has to reach",
        "completion.attempts": "how often she may answer; 0 for no limit",
        "reviewed": "when somebody last looked at it",
        "translators": "who translated it",
        "pass": "in a test: the percentage that passes, 80 without it",
        "attempts": "in a test: how often it may be tried, 0 for no limit",
        "wait": "in a test: minutes between two attempts",
        "draw": "in a test: how many questions of each pool, `{m1: 4, m2: 3}`",
        "review": "in a test: which module to go back to for each pool, `{m1: m-first}`",
        "shuffle": "in a test: whether the questions come in another order each time; yes without it",
        "offline": "in a test: whether it may be taken without a connection; no without it",
    },
}
