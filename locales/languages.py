"""Languages by their BCP 47 tags: names in their own words, direction, and whom to ask next.

A tag is never refused because a list does not know it: CLDR (through Babel) supplies what it
knows of a language, and what it does not know falls back along `fallback_chain`, which always
ends in English, the language in which the bot's sentences are written.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import babel
from babel import localedata
from babel.core import get_global
from babel.languages import get_official_languages

ENGLISH = "en"
PSEUDO = "en-XA"
"""A made-up language in which every untranslated sentence shows; see `locales.pseudo`."""

TAG_LENGTH_MAX = 35
"""RFC 5646 section 4.4.1 asks software to have room for at least 35 characters."""

TAGS_KEPT_MAX = 256
"""Tags whose answers are kept ready: apps send any tag, so what is kept has a bound."""

_TAG = re.compile(r"(?P<language>[a-z]{2,3})(?P<rest>(-[a-z0-9]{1,8})*)", re.IGNORECASE)
_SCRIPT_LENGTH = 4
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})

_NAMELESS_MONTH = "M01"
"""What CLDR has for January where nobody gave it the names of the months."""

AUTONYMS = {
    "guc": "Wayuunaiki",
    "mas": "Maa",
    "pbb": "Nasa Yuwe",
    "tuv": "Ng'aturkana",
}
"""What speakers call languages that CLDR does not name (or of which it changed its mind)."""


def language_tag(text: str) -> str:
    """Write a tag the way BCP 47 recommends; ValueError when it is none.

    >>> language_tag("pt_br"), language_tag("ZH-hans"), language_tag("mas")
    ('pt-BR', 'zh-Hans', 'mas')
    """
    match = _TAG.fullmatch(text.replace("_", "-"))
    if match is None or len(text) > TAG_LENGTH_MAX:
        message = f"{text!r} is no language tag: write one such as sw, pt-BR or mas."
        raise ValueError(message)
    language, *rest = match[0].split("-")
    return "-".join((language.lower(), *map(_subtag, rest)))


def _subtag(text: str) -> str:
    if len(text) == _SCRIPT_LENGTH and text.isalpha():
        return text.title()
    return text.upper() if len(text) == len("KE") else text.lower()


def base_language(tag: str) -> str:
    """Return the language alone: `sw` for `sw-KE`."""
    return tag.partition("-")[0]


@lru_cache(TAGS_KEPT_MAX)
def fallback_chain(tag: str) -> tuple[str, ...]:
    """Return the languages to try in turn, the wanted one first and English last.

    After the tag and what it is a variety of come the official languages of the country where
    it is spoken, because a reader of Maa is likelier to read Swahili than English.

    >>> fallback_chain("sw-KE"), fallback_chain("mas"), fallback_chain("guc")
    (('sw-KE', 'sw', 'en'), ('mas', 'sw', 'en'), ('guc', 'es', 'en'))
    """
    chain = list(dict.fromkeys((*_varieties(tag), *_languages_of_the_country(tag), ENGLISH)))
    return tuple(chain[: chain.index(ENGLISH) + 1])


def declared_chain(tag: str, fallback: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the chain a programme declares for a tag, or `fallback_chain` where it has none.

    What is declared for a language holds for its varieties, too. English stays the last.

    >>> declared_chain("mas-TZ", {"mas": ("luo", "sw")}), declared_chain("sw", {})
    (('mas-TZ', 'mas', 'luo', 'sw', 'en'), ('sw', 'en'))
    """
    varieties = _varieties(tag)
    named = next((fallback[one] for one in varieties if one in fallback), None)
    if named is None:
        return fallback_chain(tag)
    return tuple(
        dict.fromkeys((*varieties, *(v for one in named for v in _varieties(one)), ENGLISH))
    )


def _varieties(tag: str) -> list[str]:
    subtags = tag.split("-")
    return ["-".join(subtags[:length]) for length in range(len(subtags), 0, -1)]


def _languages_of_the_country(tag: str) -> tuple[str, ...]:
    """List the official languages of the tag's region, or of the region CLDR thinks likeliest."""
    language, *rest = tag.split("-")
    likely = get_global("likely_subtags").get(language, "").split("_")
    regions = [subtag for subtag in (*rest, *likely[1:]) if re.fullmatch("[A-Z]{2}", subtag)]
    return get_official_languages(regions[0]) if regions else ()


@lru_cache(TAGS_KEPT_MAX)
def cldr_locale(tag: str, chain: tuple[str, ...] = ()) -> babel.Locale:
    """Return the nearest locale for which CLDR names the months, for numbers and dates.

    `chain` says which languages to try; those of `fallback_chain` if it is left out.

    Plain `en` is the English of the world (day before month), not that of the United States,
    which CLDR assumes: 12/3/2026 is in March for the people this bot speaks with.
    """
    for candidate in chain or fallback_chain(tag):
        known = _parsed(candidate) if candidate != ENGLISH else None
        if known and _with_its_own_names(known).months["format"]["wide"][1] != _NAMELESS_MONTH:
            return known
    return _with_its_own_names(babel.Locale.parse("en_001"))


def _with_its_own_names(locale: babel.Locale) -> babel.Locale:
    """Give a locale its own copy of the names of months and days.

    Babel 2.18 writes a name it has looked up under an alias ("stand-alone months are as those in
    dates") into data that locales share, so that Hindi months could come out in Maa.
    """
    data = localedata.load(str(locale))
    for names in ("months", "days", "day_periods"):
        data[names] = copy.deepcopy(data[names])
    return locale


def _parsed(tag: str) -> babel.Locale | None:
    try:
        return babel.Locale.parse(tag, sep="-")
    except (babel.UnknownLocaleError, ValueError):
        return None


def autonym(tag: str) -> str:
    """Return what the speakers call their language, or the tag where nobody wrote it down.

    >>> [autonym(tag) for tag in ("sw", "es", "mas", "pt-BR", "xyz")]
    ['Kiswahili', 'Español', 'Maa', 'Português (Brasil)', 'xyz']
    """
    if tag in AUTONYMS:
        return AUTONYMS[tag]
    known = _parsed(tag)
    name = known.get_display_name(known) if known else None
    return name[0].upper() + name[1:] if name else tag


@lru_cache(TAGS_KEPT_MAX)
def names_of(tag: str, speakers: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a language is called: by itself, by the speakers of others, and by its codes.

    >>> names_of("es", ("en", "sw"))
    ('Español', 'español', 'Spanish', 'Kihispania', 'es', 'spa')
    """
    base, own = base_language(tag), cldr_locale(tag)
    others = (cldr_locale(speaker) for speaker in speakers)
    called = (locale.languages.get(base, "") for locale in (own, *others))
    aliases = get_global("language_aliases").items()
    codes = (alias for alias, meant in aliases if meant == base)
    return tuple(dict.fromkeys(filter(None, (autonym(tag), *called, base, *codes))))


@lru_cache(TAGS_KEPT_MAX)
def text_direction(tag: str) -> str:
    """Return `rtl` for a language written from right to left, else `ltr`.

    >>> [text_direction(tag) for tag in ("ar", "ff-Adlm", "uz-Arab", "mas")]
    ['rtl', 'rtl', 'rtl', 'ltr']
    """
    likely = get_global("likely_subtags").get(base_language(tag), "").split("_")[1:]
    scripts = [part for part in (*tag.split("-")[1:], *likely) if len(part) == _SCRIPT_LENGTH]
    return "rtl" if scripts and scripts[0] in _RIGHT_TO_LEFT_SCRIPTS else "ltr"


def first_guess(language_code: str | None, offered: Sequence[str]) -> str:
    """Return the offered language to propose to somebody whose app speaks `language_code`.

    An unknown or absent code gives the first offered language.

    >>> first_guess("sw-ke", ["en", "sw"]), first_guess("luo", ["en", "sw"])
    ('sw', 'sw')
    """
    try:
        wanted = fallback_chain(language_tag(language_code or ""))
    except ValueError:
        return offered[0]
    return next((found for tag in wanted if (found := _nearest(tag, offered))), offered[0])


def _nearest(tag: str, offered: Sequence[str]) -> str | None:
    if tag in offered:
        return tag
    return next((other for other in offered if base_language(other) == base_language(tag)), None)
