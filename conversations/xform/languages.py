"""Which language a workbook means: `Kiswahili (sw)`, `Swahili` and `sw` are one.

XLSForm asks for the BCP 47 tag in parentheses after the name; many workbooks have the name alone,
in English or in the language itself. The table holds the names that are met, not all there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

NO_LANGUAGE: Final = "default"
"""What pyxform calls the language of texts that stand under no language, beside others that do."""

_NAMES: Final = """
    af afrikaans | am amharic አማርኛ | ar arabic العربية | ay aymara | az azerbaijani |
    bn bangla bengali বাংলা | bg bulgarian | bs bosnian | ca catalan català | cs czech |
    da danish dansk | de german deutsch | el greek | en english |
    es spanish español castellano | et estonian | fa persian farsi dari فارسی |
    ff fula fulfulde fulani | fi finnish | fr french français | gn guarani | gu gujarati |
    ha hausa | he hebrew | hi hindi हिन्दी | hr croatian | ht haitian creole |
    hu hungarian | hy armenian | id indonesian | ig igbo | it italian italiano |
    ja japanese 日本語 | ka georgian | kk kazakh қазақша | km khmer | kn kannada |
    ko korean | ku kurdish | ky kyrgyz | lg luganda ganda | ln lingala | lo lao |
    luo dholuo | mas maa maasai masai | mg malagasy | mk macedonian | ml malayalam |
    mn mongolian | mr marathi | ms malay | my burmese myanmar | ne nepali नेपाली |
    nl dutch nederlands | no norwegian | ny chichewa nyanja | om oromo | or odia |
    pa punjabi | pl polish polski | ps pashto | pt portuguese português | qu quechua |
    rn kirundi rundi | ro romanian | ru russian русский | rw kinyarwanda | si sinhala |
    sk slovak | sl slovenian | sn shona | so somali soomaali | sq albanian | sr serbian |
    ss swati | st sesotho | sv swedish svenska | sw swahili kiswahili | ta tamil தமிழ் |
    te telugu | tg tajik | th thai ไทย | ti tigrinya ትግርኛ | tl tagalog filipino |
    tn tswana setswana | tr turkish türkçe | ts tsonga | uk ukrainian українська |
    ur urdu اردو | uz uzbek | vi vietnamese | wo wolof | xh xhosa | yo yoruba |
    zh chinese 中文 | zu zulu
"""
_TAG: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*", re.ASCII).fullmatch
_TAGS: Final[Mapping[str, str]] = {
    name: tag for entry in _NAMES.split("|") for tag, *names in [entry.split()] for name in names
}


def tag_of(name: str) -> str:
    """Return the tag of a language of a workbook, in small letters; an unknown name is its own.

    >>> tag_of("Kiswahili (sw)"), tag_of("Swahili"), tag_of("pt-BR"), tag_of("Somewhere")
    ('sw', 'sw', 'pt-br', 'somewhere')
    """
    before, _, inner = name.strip().rpartition("(")
    written = inner.removesuffix(")") if before and name.strip().endswith(")") else name
    plain = written.strip().lower()
    return _TAGS.get(plain, plain)


def parents_of(tag: str) -> tuple[str, ...]:
    """List what a tag is a variety of, the nearest first.

    >>> parents_of("zh-Hant-TW"), parents_of("sw")
    (('zh-Hant', 'zh'), ())
    """
    subtags = tag.split("-")
    return tuple("-".join(subtags[:length]) for length in range(len(subtags) - 1, 0, -1))


def is_tag(text: str) -> bool:
    """Tell whether a text has the form of a BCP 47 tag rather than of a name.

    >>> is_tag("pt-br"), is_tag("somewhere"), is_tag("")
    (True, False, False)
    """
    return _TAG(text) is not None
