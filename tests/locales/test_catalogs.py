"""The catalogs are complete and right: every sentence, every language, every placeholder."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from locales.calendar_words import MONTHS_A_YEAR, SPOKEN_MONTHS
from locales.catalogs import (
    FOLDER,
    catalog_path,
    is_translated,
    read_catalog,
    translated_languages,
    translations_of,
)
from locales.extraction import TEMPLATE, extract_template, merged, po_text, source_files
from locales.languages import ENGLISH
from locales.speech import placeholders
from locales.update import update

BUTTON_LENGTH_MAX = 30
COMPLETE_LANGUAGES = ("ar", "es", "fr", "pt", "sw")
HOW = "run `python -m locales.update` and translate"


@cache
def template() -> Catalog:
    """Extract what the code says, once for all tests."""
    return extract_template()


@cache
def labels_in_code() -> frozenset[str]:
    """Return every sentence written straight into a button or key."""
    return frozenset(label for path in source_files() for label in labels_in(path))


def sentences(catalog: Catalog) -> list[Message]:
    """Return the messages of a catalog without its header."""
    return [message for message in catalog if message.id]


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """Return the singular and plural forms of a message id or its translation."""
    return [text] if isinstance(text, str) else list(text or ())


def is_button(message: Message) -> bool:
    """Tell whether a comment says that the sentence is the label of a button or key."""
    comment = " ".join(message.auto_comments)
    return bool(re.match(r"((a|the) )?(button|key)\b", comment, re.IGNORECASE))


def translated(tag: str) -> list[tuple[str, list[str]]]:
    """Return the key of each message with its translations; English translates itself."""
    catalog = template() if tag == ENGLISH else read_catalog(catalog_path(tag))
    return [
        (forms(message.id)[0], forms(message.id if tag == ENGLISH else message.string))
        for message in sentences(catalog)
        if message.string or tag == ENGLISH
    ]


def test_the_bot_speaks_its_six_languages() -> None:
    """English needs no catalog; each other language is a folder."""
    assert {ENGLISH, *COMPLETE_LANGUAGES} <= set(translated_languages())


def test_the_template_holds_what_the_code_says() -> None:
    """The template is what would be extracted now, letter by letter."""
    assert TEMPLATE.read_text(encoding="utf-8") == po_text(template()), HOW


def test_translators_are_told_where_each_sentence_stands() -> None:
    """Every sentence has its note (`# Translators:`), for alone it could mean several things."""
    assert [one.id for one in sentences(template()) if not "".join(one.auto_comments).strip()] == []


@pytest.mark.parametrize("tag", COMPLETE_LANGUAGES)
def test_a_catalog_is_up_to_the_template_and_complete(tag: str) -> None:
    """No sentence is missing, unfinished, fuzzy or left over."""
    path = catalog_path(tag)
    catalog = merged(path, template())
    undone = [message.id for message in sentences(catalog) if not is_translated(message)]
    assert undone == [], HOW
    assert po_text(catalog) == path.read_text(encoding="utf-8"), HOW


@pytest.mark.parametrize("tag", translated_languages()[1:])
def test_a_translation_has_the_places_of_its_sentence(tag: str) -> None:
    """A placeholder is neither invented nor lost; a single thing may go without its count."""
    wrong = []
    for message in sentences(read_catalog(catalog_path(tag))):
        wanted = frozenset().union(*map(placeholders, forms(message.id)))
        spare = {"count"} if message.pluralizable else set()
        written = [placeholders(form) for form in forms(message.string) if form]
        wrong += [message.id for names in written if not wanted - spare <= names <= wanted]
    assert wrong == []


def labels_in(path: Path) -> list[str]:
    """Return the sentences a module writes straight into a `Button` or `Key`."""
    labels = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(
                func=ast.Name("Button" | "Key"),
                args=[ast.Call(func=ast.Name("phrase"), args=[ast.Constant(str(label))]), *_],
            ):
                labels.append(label)
    return labels


@pytest.mark.parametrize("tag", translated_languages())
def test_a_button_label_fits_on_a_phone(tag: str) -> None:
    """What the code or a comment makes a button or key has at most 30 characters."""
    buttons = {forms(one.id)[0] for one in sentences(template()) if is_button(one)}
    buttons |= labels_in_code()
    labels = [label for key, labels in translated(tag) if key in buttons for label in labels]
    assert len(labels) >= len(buttons) or tag not in {ENGLISH, *COMPLETE_LANGUAGES}
    assert [label for label in labels if len(label) > BUTTON_LENGTH_MAX] == []


@pytest.mark.parametrize("tag", translated_languages()[1:])
def test_commands_and_emoji_survive_translation(tag: str) -> None:
    """A /command or a sign such as ✓ or » stands in the translation as in English."""
    kept = re.compile(r"(?<!\w)/[a-z]+|[✓✔✗✘«»▸◂←→☐☑]|[\U0001F300-\U0001FAFF]")
    pairs = [(key, form) for key, found in translated(tag) for form in found if form]
    lost = {key: set(kept.findall(key)) - set(kept.findall(form)) for key, form in pairs}
    assert {key: marks for key, marks in lost.items() if marks} == {}


@pytest.mark.parametrize("tag", translated_languages())
def test_the_spoken_months_are_twelve(tag: str) -> None:
    """A list of months of another length could not be told apart."""
    listed = translations_of(tag).gettext(SPOKEN_MONTHS.text).split(";")
    assert len(listed) == MONTHS_A_YEAR
    assert all(name.strip() for name in listed)


def test_every_sentence_in_the_code_can_be_extracted() -> None:
    """`phrase` gets its English sentence written out, never a variable or an f-string."""
    hidden = [place for path in source_files() for place in unextractable(path)]
    assert hidden == []


def unextractable(path: Path) -> list[str]:
    """Return the places in a module where the sentence given to `phrase` is not written out."""
    places = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name("phrase"), args=[*said]) if len(said) == 1:
                pass
            case ast.Call(func=ast.Name("phrase_of_many"), args=[one, many, *_]):
                said = [one, many]
            case ast.Call(func=ast.Name("phrase" | "phrase_of_many")):
                said = []
            case _:
                continue
        if not said or not all(map(is_written_out, said)):
            places.append(f"{path.relative_to(FOLDER.parent)}:{node.lineno}")
    return places


def is_written_out(node: ast.expr) -> bool:
    """Tell whether an argument is a plain text."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def project(root: Path, source: str) -> Path:
    """Lay out a project with one module that names sentences."""
    (root / "conversations").mkdir(parents=True)
    (root / "conversations" / "said.py").write_text(source, encoding="utf-8")
    return root


def test_extraction_knows_comments_and_plurals(tmp_path: Path) -> None:
    """A comment before the call reaches the translator, and both plural forms are found."""
    source = (
        "# Translators: a button.\n"
        'A = phrase("One " "two")\n'
        'B = phrase_of_many("{count} bird", "{count} birds", count=2)\n'
        "C = phrase(A)\n"
    )
    found = sentences(extract_template(project(tmp_path, source)))
    assert [message.id for message in found] == [("{count} bird", "{count} birds"), "One two"]
    assert found[1].auto_comments == ["a button."]
    assert is_button(found[1])


def test_moving_code_changes_no_catalog(tmp_path: Path) -> None:
    """Lines that move and days that pass leave the files as they are."""
    first = project(tmp_path / "a", 'A = phrase("one")\nB = phrase("two")\n')
    moved = project(tmp_path / "b", '\n\nB = phrase("two")\n\n\nA = phrase("one")\n')
    assert po_text(extract_template(first)) == po_text(extract_template(moved))


def test_a_changed_sentence_keeps_its_translation_for_a_person_to_judge(tmp_path: Path) -> None:
    """A translation of nearly the same sentence is marked fuzzy; of a lost one, it is kept."""
    path = tmp_path / "sw" / "baraza.po"
    path.parent.mkdir()
    old = project(tmp_path / "a", 'phrase("Please send a photo.")\nphrase("Goodbye")\n')
    catalog = merged(path, extract_template(old))
    catalog["Please send a photo."].string = "Tafadhali tuma picha."
    catalog["Goodbye"].string = "Kwaheri"
    path.write_text(po_text(catalog), encoding="utf-8")
    new = project(tmp_path / "b", 'phrase("Please send the photo.")\n')
    text = po_text(merged(path, extract_template(new)))
    assert "#, fuzzy" in text
    assert '#~ msgstr "Kwaheri"' in text


def test_a_language_is_begun_with_its_plural_rule(tmp_path: Path) -> None:
    """Also a language CLDR does not know gets a file to translate."""
    lines = update(tmp_path, ["ar", "guc", "pt_br"])
    begun = {"ar العربية", "guc Wayuunaiki", "pt-BR Português (Brasil)"}
    assert begun <= {line.split(":")[0] for line in lines}
    assert "nplurals=6" in (tmp_path / "ar" / "baraza.po").read_text("utf-8")
    assert "Language: guc" in (tmp_path / "guc" / "baraza.po").read_text("utf-8")
