"""The way in: `locale_of(tag)` gives what `conversations.phrases.Locale` asks for.

A locale never fails in the middle of a turn: a language nobody translated falls back, and a
translation with a place for a parameter that is not there gives way to the English sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations

import babel

from conversations.phrases import FormText, Parameter, Phrase, Speech
from conversations.readings import Amount, DayReading
from locales import amounts, dates, numerals, times, weeks
from locales.catalogs import completeness, translated_languages, translations_of
from locales.languages import (
    ENGLISH,
    TAGS_KEPT_MAX,
    autonym,
    cldr_locale,
    declared_chain,
    fallback_chain,
    language_tag,
    names_of,
    text_direction,
)
from locales.speech import (
    SENTENCES_KEPT_MAX,
    commands_apart,
    fill,
    fill_right_to_left,
    placeholders,
    plain_text,
)


@dataclass(frozen=True, slots=True, eq=False)  # There is one of each; see `locale_of`.
class CatalogLocale:
    """One language: its catalog and CLDR's conventions for it."""

    tag: str
    cldr: babel.Locale
    translations: NullTranslations
    chain: tuple[str, ...] = (ENGLISH,)
    """The languages to try in turn for a text, this one first."""
    _said: dict[str, str] = field(default_factory=dict, repr=False)
    """Sentences without parameters as they were said before."""

    @property
    def right_to_left(self) -> bool:
        """Tell whether the language is written from right to left."""
        return text_direction(self.tag) == "rtl"

    @property
    def autonym(self) -> str:
        """Return what the speakers call their language, such as `Kiswahili`."""
        return autonym(self.tag)

    @property
    def names(self) -> tuple[str, ...]:
        """Return what it is called in every language the bot speaks, and the codes it has."""
        return names_of(self.tag, translated_languages())

    @property
    def month_names(self) -> tuple[str, ...]:
        """Return the short names of the months, January first."""
        return dates.month_names(self.cldr)

    @property
    def day_names(self) -> tuple[str, ...]:
        """Return the short names of the days of the week, Monday first."""
        return dates.day_names(self.cldr)

    def typeset(self, text: str) -> str:
        """Return a text of a form or programme as it is to be shown: with its /commands whole."""
        return commands_apart(text) if self.right_to_left else text

    def say(self, speech: Speech) -> str:
        """Return the sentence in this language as plain text, parameters filled in."""
        if isinstance(speech, FormText):
            return plain_text(speech.markdown)
        if speech.parameters or speech.plural is not None:
            return self._filled(speech)
        said = self._said.get(speech.text)
        if said is None:
            said = self._filled(speech)
            if len(self._said) < SENTENCES_KEPT_MAX:
                self._said[speech.text] = said
        return said

    def _filled(self, phrase: Phrase) -> str:
        translated = self._translated(phrase)
        places = placeholders(translated)
        if not places and not self.right_to_left:
            return translated  # Most sentences, without a look for what there is to fill in.
        values = {name: self._shown(value) for name, value in _parameters(phrase).items()}
        fits = places <= values.keys()
        template = translated if fits else _english(phrase)
        filled = fill_right_to_left if self.right_to_left else fill
        return filled(template, values)

    def _translated(self, phrase: Phrase) -> str:
        if not phrase.text:
            return ""  # The catalog's header has the blank message id.
        if phrase.plural is None or phrase.count is None:
            return self.translations.gettext(phrase.text)
        return self.translations.ngettext(phrase.text, phrase.plural, phrase.count)

    def _shown(self, value: Parameter) -> str:
        match value:
            case str():
                return value
            case int() | Decimal():
                return self.show_number(value)
            case datetime():
                return self.show_datetime(value)
            case date():
                return self.show_date(value)
            case time():
                return self.show_time(value)
            case Phrase() | FormText():
                return self.say(value)

    def read_number(self, text: str) -> Decimal | None:
        """Read a number typed in this locale's digits and separators; None if it is none."""
        return numerals.read_number(text, self.cldr)

    def read_amount(self, text: str, question: str) -> Amount | None:
        """Read the number of a text that may name a measure or what is counted."""
        return amounts.read_amount(text, question, self.tag, self.cldr)

    def read_days(self, text: str, today: date) -> DayReading | None:
        """Read the day, or the days, that a text can mean; None if it is no date."""
        return dates.read_days(text, today, self.tag)

    def read_times(self, text: str) -> tuple[time, ...]:
        """Read the times of day that a text can mean, in their order; none if it is no time."""
        return times.read_times(text, self.tag)

    def weekdays(self) -> tuple[str, ...]:
        """Return short names of the days of a week, the one that weeks begin with first."""
        return weeks.weekday_names(self.tag)

    @property
    def first_weekday(self) -> int:
        """Return the day on which weeks begin, 0 for Monday."""
        return weeks.first_weekday(self.tag)

    def show_year(self, year: int) -> str:
        """Write a year in the digits of people here."""
        return numerals.own_digits(f"{year:04}", self.cldr)

    def show_weekday(self, day: date) -> str:
        """Write a day with its name and without its year, such as `Monday 16 March`."""
        return dates.show_weekday(day, self.cldr)

    def show_number(self, number: Decimal | int) -> str:
        """Write a number as people here write it."""
        return numerals.show_number(number, self.cldr)

    def show_date(self, day: date) -> str:
        """Write a day as people here write it."""
        return dates.show_date(day, self.cldr)

    def show_month(self, day: date) -> str:
        """Write the month of a day with its year, such as `November 2026`."""
        return dates.show_month(day, self.cldr)

    def show_time(self, moment: time) -> str:
        """Write a time of day as people here write it."""
        return times.show_time(moment, self.cldr)

    def show_datetime(self, moment: datetime) -> str:
        """Write a day and its time as people here write them, in the zone `moment` is in."""
        pattern = str(self.cldr.datetime_formats["medium"])
        day, clock = self.show_date(moment.date()), self.show_time(moment.time())
        return pattern.replace("{1}", day).replace("{0}", clock)


def _parameters(phrase: Phrase) -> Mapping[str, Parameter]:
    if phrase.count is None:
        return phrase.parameters
    return {"count": phrase.count, **phrase.parameters}


def _english(phrase: Phrase) -> str:
    return phrase.plural if phrase.plural and phrase.count != 1 else phrase.text


@lru_cache(TAGS_KEPT_MAX)
def locale_of(tag: str, chain: tuple[str, ...] = ()) -> CatalogLocale:
    """Return the locale of any BCP 47 tag, known to anybody or not; ValueError if it is no tag.

    `chain` says which languages to try in turn; those of `fallback_chain` if it is left out.
    """
    written = language_tag(tag)
    tried = chain or fallback_chain(written)
    return CatalogLocale(
        written, cldr_locale(written, chain), translations_of(written, tried), tried
    )


def locales_of(fallback: Mapping[str, tuple[str, ...]]) -> Callable[[str], CatalogLocale]:
    """Return `locale_of` for a programme that declares which languages stand in for which."""

    @lru_cache(TAGS_KEPT_MAX)
    def declared(tag: str) -> CatalogLocale:
        return locale_of(tag, declared_chain(language_tag(tag), fallback))

    return declared


def spoken_share(locale: CatalogLocale) -> str:
    """Say how many of the bot's sentences a language has, and which languages say the others.

    >>> spoken_share(locale_of("mas")).partition(" of ")[0]
    'Maa: 0'
    """
    done, total = completeness(locale.tag)
    said = f"{locale.autonym}: {done} of {total} sentences"
    others = [autonym(tag) for tag in locale.chain if tag not in locale.tag]
    return said if done == total else f"{said}, falls back to {', '.join(others)}"
