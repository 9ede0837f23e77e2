"""Words as search compares them: small letters without accents, cut to their stem, the commonest left out.

Every accent goes, the tilde of ñ too: who types "nino" means "niño". Folding comes before stemming, so that a word typed
without its accents has the stem of the same word written well.
"""

import re
import unicodedata
from collections.abc import Callable

import snowballstemmer

WORD = re.compile(r"[^\W_]+")
"""A word in NFC text."""
ALGORITHMS = {"es": "spanish", "en": "english"}
STOP_WORDS = {
    "es": frozenset(
        "a al algo alguna algun algunas alguno algunos ante antes asi aun aunque cada como con cual cuales cuando de del"
        " desde donde e el ella ellas ellos en entre era eran es esa esas ese eso esos esta estan estas este esto estos"
        " fue fueron ha han hasta hay la las le les lo los mas me mi mis muy ni no nos o otra otras otro otros para pero"
        " por porque pues que quien quienes se sea sean ser si sin sino sobre son su sus tambien tan te tiene tienen toda"
        " todas todo todos tu tus u un una unas uno unos usted ustedes y ya yo".split()
    ),
    "en": frozenset(
        "a about all also an and any are as at be because been but by can could did do does each for from had has have"
        " he her him his how i if in into is it its may me more most my no not of on only or other our she should so"
        " some such than that the their them then there these they this those to too was we were what when where which"
        " who whom why will with would you your".split()
    ),
}


def fold(word: str) -> str:
    """The word in small letters without accents."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFD", word.lower())
    return "".join(each for each in apart if not unicodedata.combining(each))


def folded_words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return [fold(word) for word in WORD.findall(unicodedata.normalize("NFC", text))]


def stop_words(language: str) -> frozenset[str]:
    """The folded words of that language that searching leaves out."""
    return STOP_WORDS.get(base(language), frozenset())


def stemmer(language: str) -> Callable[[str], str]:
    """What cuts a folded word to its stem: Snowball's for the languages named here, else nothing. For one thread."""
    if base(language) not in ALGORITHMS:
        return str
    cut: Callable[[str], str] = snowballstemmer.stemmer(ALGORITHMS[base(language)]).stemWord
    return cut


def base(language: str) -> str:
    """`es` of `es-GT`."""
    return language.partition("-")[0].lower()
