"""A made-up language (`en-XA`): accented, longer, in brackets, with its placeholders whole.

Run a transcript in it and whatever stands there without brackets never went through the
catalogs; whatever is cut off would be cut off in a language that needs more room than English.
"""

from __future__ import annotations

import re
from gettext import NullTranslations

_ACCENTED = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
_KEPT_WHOLE = re.compile(r"(\{\w+\}|/\w+)")
_LONGER = 0.4


def pseudo_translation(text: str) -> str:
    """Return the sentence as the made-up language has it; without a word it stays as it is.

    >>> pseudo_translation("Hello {name}, see /help.")
    '[Hélló {name}, séé /help. ~~~~~~~~~~]'
    >>> pseudo_translation("{label}: {count}")
    '{label}: {count}'
    """
    parts = _KEPT_WHOLE.split(text)
    if not any(character.isalpha() for character in "".join(parts[::2])):
        return text
    parts[::2] = [part.translate(_ACCENTED) for part in parts[::2]]
    return f"[{''.join(parts)} {'~' * round(len(text) * _LONGER)}]"


class PseudoTranslations(NullTranslations):
    """A gettext catalog of everything."""

    def gettext(self, message: str) -> str:
        """Return the pseudo-translation of any sentence."""
        return pseudo_translation(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the pseudo-translation of the form English has for `n`."""
        return pseudo_translation(msgid1 if n == 1 else msgid2)
