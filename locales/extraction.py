"""From the sentences in the code to the template, and from the template to the catalogs.

The files written here change only when a sentence changes: no line numbers, no dates, no
version of a tool, the order of the code's files and within them of the English text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from locales.catalogs import FOLDER, read_catalog

PACKAGES = ("bot", "conversations", "locales")
KEYWORDS = {"phrase": None, "phrase_of_many": (1, 2)}
COMMENT_TAG = "Translators:"
TEMPLATE = FOLDER / "baraza.pot"

_NOISE = (
    '"POT-Creation-Date',
    '"PO-Revision-Date: YEAR',
    '"Generated-By',
    '"Report-Msgid-Bugs-To: EMAIL',
    '"Last-Translator: FULL NAME',
    '"Language-Team: ',
)
"""Header lines that change by themselves or that nobody has filled in."""
_TEMPLATE_HEADER = """\
# The sentences of the Baraza bot, as they stand in its code.
# Made by `python -m locales.update`; do not edit."""
_CATALOG_HEADER = """\
# The sentences of the Baraza bot. How to work on this file: locales/README.md"""


def source_files(root: Path = FOLDER.parent) -> list[Path]:
    """Return the modules that may name sentences, in a steady order."""
    files = (path for package in PACKAGES for path in (root / package).rglob("*.py"))
    return sorted(files)


def extract_template(root: Path = FOLDER.parent) -> Catalog:
    """Collect every sentence named by `phrase` and `phrase_of_many`, with its comments."""
    template = Catalog(
        header_comment=_TEMPLATE_HEADER, project="Baraza", version="bot", fuzzy=False
    )
    for path in source_files(root):
        where = [(path.relative_to(root).as_posix(), 0)]
        for sentence, comments in _sentences(path):
            template.add(sentence, auto_comments=comments, locations=where)
    return template


def _sentences(path: Path) -> Iterator[tuple[str | tuple[str, ...], list[str]]]:
    found = extract_from_file(
        "python", path, KEYWORDS, comment_tags=[COMMENT_TAG], strip_comment_tags=True
    )
    named = [(sentence, comments) for _, sentence, comments, _ in found]
    yield from sorted(named, key=lambda pair: (str(pair[0]), pair[1]))


def merged(path: Path, template: Catalog) -> Catalog:
    """Return a catalog brought up to the template; translations of old sentences are kept.

    A sentence much like an old one gets its translation marked fuzzy, for a person to judge.
    """
    exists = path.exists()
    catalog = read_catalog(path) if exists else _begun(path.parent.name, _CATALOG_HEADER)
    catalog.update(template)
    return catalog


def _begun(tag: str | None, header: str) -> Catalog:
    locale = tag.replace("-", "_") if tag else None
    return Catalog(locale, header_comment=header, project="Baraza", version="bot", fuzzy=False)


def po_text(catalog: Catalog) -> str:
    """Write a catalog as .po text without anything that changes by itself."""
    file = io.BytesIO()
    write_po(file, catalog, width=92, include_lineno=False, include_previous=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_NOISE))
