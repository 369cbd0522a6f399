"""A sentence nobody finished is looked for in the next language, and English ends the search."""

from __future__ import annotations

from pathlib import Path

import pytest

from conversations.phrases import Phrase, phrase, phrase_of_many
from locales import catalogs
from locales.locale import locale_of, locales_of, spoken_share

MAA = r"""
msgid ""
msgstr ""
"Language: mas\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Finished"
msgstr "finished in Maa"

#, fuzzy
msgid "Doubtful"
msgstr "doubtful in Maa"

msgid "{count} cow"
msgid_plural "{count} cows"
msgstr[0] "{count} in Maa"
msgstr[1] ""
"""

SWAHILI = r"""
msgid ""
msgstr ""
"Language: sw\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Finished"
msgstr "finished in Swahili"

msgid "Doubtful"
msgstr "doubtful in Swahili"

msgid "{count} cow"
msgid_plural "{count} cows"
msgstr[0] "{count} in Swahili"
msgstr[1] "{count} many in Swahili"
"""


@pytest.fixture
def two_catalogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put an unfinished Maa and a Swahili catalog in the place of the bot's own."""
    for tag, text in (("mas", MAA), ("sw", SWAHILI)):
        (tmp_path / tag).mkdir()
        (tmp_path / tag / "baraza.po").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogs, "FOLDER", tmp_path)


@pytest.fixture(autouse=True)
def forget_catalogs() -> None:
    """Read catalogs anew before each test, and after the last."""
    catalogs._compiled.cache_clear()  # noqa: SLF001 - The cache is what the test must get past.
    catalogs.translations_of.cache_clear()
    locale_of.cache_clear()


@pytest.mark.usefixtures("two_catalogs")
@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (phrase("Finished"), "finished in Maa"),
        (phrase("Doubtful"), "doubtful in Swahili"),
        (phrase_of_many("{count} cow", "{count} cows", 1), "1 in Swahili"),
        (phrase_of_many("{count} cow", "{count} cows", 7), "7 many in Swahili"),
        (phrase("Nowhere"), "Nowhere"),
        (phrase_of_many("{count} ox", "{count} oxen", 7), "7 oxen"),
    ],
)
def test_an_unfinished_sentence_falls_back(said: Phrase, sentence: str) -> None:
    """Missing, fuzzy or with a plural form left blank: the next language says it whole."""
    locale = locale_of("mas")
    catalogs._compiled.cache_clear()  # noqa: SLF001 - Nothing of this test may stay behind.
    catalogs.translations_of.cache_clear()
    locale_of.cache_clear()
    assert locale.say(said) == sentence


def test_the_plural_follows_the_rule_of_the_language() -> None:
    """French has one form for none and one; Spanish and Swahili have it for one alone."""
    said = [
        locale_of(tag).say(phrase_of_many("{count} place", "{count} places", count))
        for tag in ("fr", "es")
        for count in (0, 1, 2)
    ]
    assert said == ["0 lieu", "1 lieu", "2 lieux", "0 lugares", "1 lugar", "2 lugares"]


def test_a_programme_says_which_language_stands_in() -> None:
    """What a programme declares goes before what is spoken in the country."""
    said = locales_of({"mas": ("es",)})
    assert (said("mas").chain, said("mas-TZ").chain[-2:]) == (("mas", "es", "en"), ("es", "en"))
    assert said("mas").say(phrase("Yes")) == "Sí"
    assert said("luo").chain == locale_of("luo").chain


def test_a_language_says_how_much_the_bot_has_in_it() -> None:
    """A whole catalog is counted; of a language without one it is said who stands in."""
    assert spoken_share(locale_of("ar")).startswith("العربية: ")
    assert "falls back" not in spoken_share(locale_of("pt-BR"))
    maa = spoken_share(locales_of({"mas": ("sw",)})("mas"))
    assert maa.startswith("Maa: 0 of ")
    assert maa.endswith("sentences, falls back to Kiswahili, English")
