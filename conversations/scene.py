"""What a turn is about: who, where they stand, in which programme, when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TypedDict

from conversations.hearing import Hearing
from conversations.phrases import Locale, phrase
from conversations.programme import Programme
from conversations.replies import FormMedia
from conversations.session import Session
from conversations.sheets.names import PARENT
from conversations.turn import Occasion, Person
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from conversations.xform.languages import is_tag, tag_of

LOCALES_KEPT_MAX = 256
"""Lists of locales that are found again: one for each language in which somebody is spoken to."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A turn's surroundings, the session as it now is among them."""

    programme: Programme
    person: Person
    session: Session
    occasion: Occasion

    @property
    def locale(self) -> Locale:
        """Return how the person's language speaks."""
        return self.occasion.locale_of(self.session.language)

    @property
    def locales(self) -> tuple[Locale, ...]:
        """Return how the programme's languages speak, the person's own first."""
        return _locales(self.occasion.locale_of, self.session.language, self.programme.languages)

    @property
    def hearing(self) -> Hearing:
        """Return how what the person types is read."""
        own, *others = self.locales or (self.locale,)
        return Hearing(own, tuple(others))

    @property
    def now(self) -> datetime:
        """Return the time of the turn in the programme's zone."""
        return self.occasion.now.astimezone(self.programme.zone)

    @property
    def form(self) -> Form | None:
        """Return the form the session is pinned to; None if none, or if it is no longer kept."""
        return self.programme.forms.get((self.session.form_id, self.session.form_version))

    @property
    def agreed(self) -> bool:
        """Tell whether the person's consent stands, or the programme asks for none."""
        consent = self.programme.consent
        return not any(consent.text.values()) or consent.version in self.person.agreed

    def spoken(self, sentence: str) -> tuple[FormMedia, ...]:
        """Find the programme's voice for a sentence of the bot's own, such as `consent.sw.ogg`.

        `sentence` is `consent`, `summary` or `thanks`.
        """
        tag = self.session.language
        names = (f"{sentence}.{one}.ogg" for one in (tag, tag.partition("-")[0]))
        found = next((name for name in names if name in self.programme.media), None)
        return (FormMedia("audio", found),) if found else ()

    def at(self, session: Session) -> Scene:
        """Return the scene with the session changed."""
        return Scene(self.programme, self.person, session, self.occasion)


@lru_cache(LOCALES_KEPT_MAX)
def _locales(
    locale_of: Callable[[str], Locale], own: str, languages: tuple[str, ...]
) -> tuple[Locale, ...]:
    tags = dict.fromkeys((own, *languages))
    return tuple(locale_of(tag) for tag in tags if is_tag(tag.lower()))


def instance_of(scene: Scene, form: Form) -> Instance:
    """Take up the session's instance where the host still has it, else bring it back."""
    live, spoken = scene.occasion.live, surroundings_of(scene, form)
    if live is None or not live.agrees(form, scene.session.draft, spoken):
        return instance_anew(scene, form)
    live.surroundings = spoken
    return live


def instance_anew(scene: Scene, form: Form) -> Instance:
    """Bring the session's instance back from its draft, or begin it; nobody else has it."""
    spoken = surroundings_of(scene, form)
    if scene.session.draft:
        return Instance.resume(form, scene.session.draft, spoken)
    return Instance.begin(form, spoken)


def surroundings_of(scene: Scene, form: Form) -> Surroundings:
    """Return what the session's instance knows of the world."""
    session, now = scene.session, scene.now
    began_at = datetime.fromisoformat(session.began_at).astimezone(now.tzinfo)
    return Surroundings(
        now=now,
        language=scene.session.language,
        stand_ins=scene.locale.chain,
        seed=session.key,
        instance_id=_as_uuid(session.key),
        started_at=began_at,
        deprecated_id=session.amends,
        beside={PARENT: dict(session.parent)} if session.parent else {},
        **_words_in(scene.occasion.locale_of, _tag_of_form(scene, form)),
    )


def _as_uuid(key: str) -> str:
    """Write 32 hexadecimal digits as a UUID.

    >>> _as_uuid("0123456789abcdef0123456789abcdef")
    'uuid:01234567-89ab-cdef-0123-456789abcdef'
    """
    return f"uuid:{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


class _Words(TypedDict):
    month_names: tuple[str, ...]
    day_names: tuple[str, ...]
    other: str
    specify_other: str


def worded(surroundings: Surroundings, locale: Locale) -> Surroundings:
    """Return surroundings with the words that a form leaves to whoever shows it."""
    return replace(surroundings, **_words(locale))


@lru_cache(LOCALES_KEPT_MAX)
def _words_in(locale_of: Callable[[str], Locale], tag: str) -> _Words:
    return _words(locale_of(tag))


def _words(locale: Locale) -> _Words:
    return _Words(
        month_names=locale.month_names,
        day_names=locale.day_names,
        # Translators: the last choice of a list, for what is not on it; a question for it follows.
        other=locale.say(phrase("Other")),
        # Translators: the question that follows when a person has chosen “Other” from a list.
        specify_other=locale.say(phrase("Specify other.")),
    )


def _tag_of_form(scene: Scene, form: Form) -> str:
    """Return the tag of the language in which the form's texts are shown."""
    tag = tag_of(form.language(*scene.locale.chain))
    return tag if is_tag(tag) else scene.session.language
