"""Bring the template and the catalogs up to the code: `python -m locales.update [TAG ...]`.

A TAG names a language to begin. Prints, for each language, how much is still to be done.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog

from locales.catalogs import FOLDER, catalog_path, is_translated, translated_languages
from locales.extraction import TEMPLATE, extract_template, merged, po_text
from locales.languages import ENGLISH, autonym, language_tag


def update(folder: Path, new_tags: list[str]) -> list[str]:
    """Write the template and every catalog below `folder`; return a line about each language."""
    template = extract_template()
    (folder / TEMPLATE.name).write_text(po_text(template), encoding="utf-8")
    tags = dict.fromkeys((*translated_languages(), *map(language_tag, new_tags)))
    return [_updated(folder, tag, template) for tag in tags if tag != ENGLISH]


def _updated(folder: Path, tag: str, template: Catalog) -> str:
    path = folder / catalog_path(tag).relative_to(FOLDER)
    catalog = merged(path, template)
    path.parent.mkdir(exist_ok=True)
    path.write_text(po_text(catalog), encoding="utf-8")
    messages = [message for message in catalog if message.id]
    done = sum(map(is_translated, messages))
    return f"{tag} {autonym(tag)}: {done} of {len(messages)} sentences translated"


if __name__ == "__main__":
    sys.stdout.write("\n".join(update(FOLDER, sys.argv[1:])) + "\n")
