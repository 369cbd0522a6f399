"""The bot's own sentences in each language, as gettext knows them.

The .po files are the source and nothing else is kept: they are compiled in memory when first
needed, so a stale .mo file cannot ship. A sentence without a translation (missing, unfinished
or marked fuzzy) is looked for along `fallback_chain`, and the English message id ends the search.
"""

from __future__ import annotations

import io
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from locales.languages import (
    ENGLISH,
    PSEUDO,
    TAGS_KEPT_MAX,
    base_language,
    fallback_chain,
)
from locales.pseudo import PseudoTranslations

FOLDER = Path(__file__).parent
DOMAIN = "baraza"


def catalog_path(tag: str) -> Path:
    """Return where the catalog of a language is, or would be."""
    return FOLDER / tag / f"{DOMAIN}.po"


def translated_languages() -> tuple[str, ...]:
    """Return the languages the bot's own sentences exist in, English first."""
    tags = sorted(path.parent.name for path in FOLDER.glob(f"*/{DOMAIN}.po"))
    return (ENGLISH, *tags)


def read_catalog(path: Path) -> Catalog:
    """Read a .po file; a broken one raises Babel's PoFileError with the line."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.name.replace("-", "_"), abort_invalid=True)


def is_translated(message: Message) -> bool:
    """Tell whether a translator finished a message, all its plural forms included."""
    strings = message.string or ""
    return bool(strings) and all(strings) and not message.fuzzy


def completeness(tag: str) -> tuple[int, int]:
    """Count the sentences a language's own catalog has, and all there are.

    >>> done, all_there_are = completeness("mas")
    >>> (done, completeness("en") == (all_there_are, all_there_are))
    (0, True)
    """
    with (FOLDER / f"{DOMAIN}.pot").open("rb") as file:
        known = {message.id for message in read_po(file) if message.id}
    if base_language(tag) == ENGLISH:
        return len(known), len(known)
    path = catalog_path(tag) if catalog_path(tag).exists() else catalog_path(base_language(tag))
    said = list(read_catalog(path)) if path.exists() else []
    return sum(1 for one in said if one.id in known and is_translated(one)), len(known)


@lru_cache(TAGS_KEPT_MAX)
def translations_of(tag: str, chain: tuple[str, ...] = ()) -> NullTranslations:
    """Return gettext's view of a language: its own catalog, then those it falls back on."""
    found = NullTranslations()
    for candidate in reversed(chain or fallback_chain(tag)):
        compiled = _compiled(candidate)
        if compiled is not None:
            translations = GNUTranslations(io.BytesIO(compiled))
            translations.add_fallback(found)
            found = translations
    return PseudoTranslations() if tag == PSEUDO else found


@cache
def _compiled(tag: str) -> bytes | None:
    path = catalog_path(tag)
    if not path.exists():
        return None
    file = io.BytesIO()
    write_mo(file, _finished(read_catalog(path)))
    return file.getvalue()


def _finished(catalog: Catalog) -> Catalog:
    """Drop unfinished messages: Babel would put English in the place of a missing plural form."""
    unfinished = [message for message in catalog if message.id and not is_translated(message)]
    for message in unfinished:
        catalog.delete(message.id, message.context)
    return catalog
