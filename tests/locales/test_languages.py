"""Languages: tags, names, direction, and whom to ask next."""

from __future__ import annotations

import pytest

from locales.languages import (
    autonym,
    cldr_locale,
    fallback_chain,
    first_guess,
    language_tag,
    text_direction,
)


@pytest.mark.parametrize(
    ("typed", "tag"),
    [("SW", "sw"), ("pt_br", "pt-BR"), ("zh-hans-cn", "zh-Hans-CN"), ("es-419", "es-419")],
)
def test_a_tag_is_written_as_bcp_47_recommends(typed: str, tag: str) -> None:
    """Whoever writes a tag with other capitals or an underscore means the same language."""
    assert language_tag(typed) == tag


@pytest.mark.parametrize("text", ["", "s", "../etc", "sw-", "sw KE", "a" * 40, "sw-KE" + "-x" * 20])
def test_what_is_no_tag_is_refused(text: str) -> None:
    """A text that is no tag is refused with what to write instead."""
    with pytest.raises(ValueError, match="write one such as sw"):
        language_tag(text)


@pytest.mark.parametrize(
    ("tag", "chain"),
    [
        ("en", ("en",)),
        ("sw-KE", ("sw-KE", "sw", "en")),
        ("mas", ("mas", "sw", "en")),
        ("guc", ("guc", "es", "en")),
        ("wo", ("wo", "fr", "en")),
        ("qxx", ("qxx", "en")),
    ],
)
def test_a_language_falls_back_on_those_of_its_country(tag: str, chain: tuple[str, ...]) -> None:
    """After the language come its country's official ones, and English last."""
    assert fallback_chain(tag) == chain


def test_the_languages_call_themselves_by_their_own_names() -> None:
    """Names are autonyms with a capital, also where neither Telegram nor CLDR knows them."""
    tags = ("en", "sw", "es", "fr", "mas", "guc", "ar", "qxx")
    names = ["English", "Kiswahili", "Español", "Français", "Maa", "Wayuunaiki", "العربية", "qxx"]
    assert [autonym(tag) for tag in tags] == names


@pytest.mark.parametrize(
    ("tag", "direction"),
    [("ar", "rtl"), ("fa", "rtl"), ("ur", "rtl"), ("he", "rtl"), ("ff-Adlm", "rtl"), ("sw", "ltr")],
)
def test_a_language_is_written_in_its_direction(tag: str, direction: str) -> None:
    """The script decides the direction."""
    assert text_direction(tag) == direction


@pytest.mark.parametrize(
    ("code", "guess"),
    [
        ("sw", "sw"),
        ("sw-tz", "sw"),
        ("luo", "sw"),
        ("en-us", "en"),
        ("de", "en"),
        ("pt", "pt-BR"),
        ("mas", "mas"),
        (None, "mas"),
        ("", "mas"),
        ("nonsense", "mas"),
    ],
)
def test_the_first_guess_is_an_offered_language(code: str | None, guess: str) -> None:
    """The app's language is matched, else a language of its country, else the first offered."""
    assert first_guess(code, ["mas", "en", "sw", "pt-BR"]) == guess


def test_english_is_that_of_the_world() -> None:
    """Plain English puts the day first; American English must be asked for."""
    assert str(cldr_locale("en")) == "en_001"
    assert str(cldr_locale("en-US")) == "en_US"
    assert str(cldr_locale("qxx")) == "en_001"
    assert str(cldr_locale("guc")) == "es"
