"""What the bot says: parameters, plural forms, fallbacks, Markdown."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from gettext import NullTranslations

import pytest

from conversations.phrases import FormText, Locale, Parameter, Phrase
from locales.languages import cldr_locale
from locales.locale import CatalogLocale, locale_of
from locales.speech import plain_text


class Translations(NullTranslations):
    """A catalog written down in the test."""

    def gettext(self, message: str) -> str:
        """Return the translation, or the message itself."""
        return {"{count} report": "ripoti {count}", "Hello {name}": "Habari {jina}"}.get(
            message, message
        )


def spoken(text: str, **parameters: Parameter) -> str:
    """Say a sentence in a Spanish without catalog."""
    locale = CatalogLocale("es", cldr_locale("es"), Translations())
    return locale.say(Phrase(text, parameters))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("as it is", "as it is"),
        ("{other}", "{other}"),
        (12345, "12.345"),
        (Decimal("0.5"), "0,5"),
        (date(2026, 3, 12), "12 de marzo de 2026"),
        (time(14, 30), "14:30"),
        (datetime(2026, 3, 12, 14, 30), "12 de marzo de 2026, 14:30"),  # noqa: DTZ001 - No zone is shown.
        (FormText("**Where** is _it_?"), "Where is it?"),
        (Phrase("{count} report", {"count": 3}), "ripoti 3"),
    ],
)
def test_a_parameter_is_shown_by_its_type(value: Parameter, shown: str) -> None:
    """Numbers, dates, sentences and form texts are written as people here read them."""
    assert spoken("<{value}>", value=value) == f"<{shown}>"


def test_a_translation_with_a_wrong_placeholder_gives_way_to_english() -> None:
    """A slip of a translator costs the sentence its language, never the person the turn."""
    assert spoken("Hello {name}", name="Amina") == "Hello Amina"


def test_a_place_without_a_parameter_stays() -> None:
    """A slip of a developer shows, and nothing fails."""
    assert spoken("Hello {stranger} { and }") == "Hello {stranger} { and }"


def test_a_translation_reaches_no_attribute_of_a_value() -> None:
    """A place is a name and nothing more."""
    assert spoken("{name.__class__} {name!r} {name:>9}", name="x") == (
        "{name.__class__} {name!r} {name:>9}"
    )


def test_the_blank_sentence_is_blank() -> None:
    """The catalog keeps its header under the blank message id; nobody hears it."""
    assert locale_of("sw").say(Phrase("")) == ""


@pytest.mark.parametrize(("count", "said"), [(0, "0 birds"), (1, "1 bird"), (1200, "1,200 birds")])
def test_a_count_chooses_the_form_and_fills_its_place(count: int, said: str) -> None:
    """An English sentence with a number needs no catalog."""
    assert locale_of("en").say(Phrase("{count} bird", {}, "{count} birds", count)) == said


def test_every_language_is_a_locale() -> None:
    """What `conversations` asks for is what it gets."""
    locale: Locale = locale_of("mas")
    assert (locale.tag, locale.autonym) == ("mas", "Maa")


def test_a_locale_is_made_once() -> None:
    """Asking again costs nothing."""
    assert locale_of("sw") is locale_of("sw")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("plain", "plain"),
        ("**bold** and __bold__", "bold and bold"),
        ("*soft* and _soft_", "soft and soft"),
        ("***both***", "both"),
        ("**one _in_ the other**", "one in the other"),
        ("**one *in* the other**", "one in the other"),
        ("# Title\nbody", "Title\nbody"),
        ("#1 in line", "#1 in line"),
        ("[here](https://example.org/a_b)", "here (https://example.org/a_b)"),
        ('<span style="color:red">red</span>', "red"),
        ("snake_case_name", "snake_case_name"),
        ("3 * 4 * 5", "3 * 4 * 5"),
        ("2*3*4", "2*3*4"),
        (r"\*not bold\*", "*not bold*"),
        ("a < b and b > c", "a < b and b > c"),
        ("_" * 5000, "_" * 5000),
    ],
)
def test_markdown_is_read_as_plain_text(markdown: str, text: str) -> None:
    """The marks go, the words and what only looks like marks stay."""
    assert plain_text(markdown) == text


def test_a_made_up_language_shows_what_went_through_the_catalogs() -> None:
    """In en-XA every sentence of the bot is accented, in brackets and longer."""
    said = locale_of("en-XA").say(Phrase("Hello {name}", {"name": "Amina"}))
    assert said == "[Hélló Amina ~~~~~]"
