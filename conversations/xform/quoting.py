"""Expressions as their author wrote them: `${age}`, where the form has ` /data/age `.

pyxform writes references out as paths with a space on either side; this is the way back.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

_STEP: Final = r"[\w\-]+(?:\.[\w\-]+)*"
_PATH: Final = re.compile(rf"(?<![\w.)\]/])(?:current\(\)/)?((?:/|(?:\.\./)+){_STEP}(?:/{_STEP})*)")
_SPACED: Final = (
    (re.compile(r"([( ]) +(?=\$\{)"), r"\1"),
    (re.compile(r"(?<=\}) +([ ),])"), r"\1"),
)
"""pyxform puts a space before and after each path."""


def in_authors_words(sentence: str, known: Container[str]) -> str:
    """Return a sentence with paths as references: `/data/visit/age` as `${age}`.

    `known` holds the paths and the unique names of the workbook's rows.
    """
    told = _PATH.sub(lambda found: _as_reference(found[0], found[1], known), sentence)
    for spaced, closed in _SPACED if told != sentence else ():
        told = spaced.sub(closed, told)
    return told


def _as_reference(whole: str, path: str, known: Container[str]) -> str:
    name = path.rpartition("/")[2]
    return f"${{{name}}}" if (path if path.startswith("/") else name) in known else whole
