"""A chat that stands at one question of a kind."""

from __future__ import annotations

from tests.dialogue.chat import Chat, begin, survey

CHOICES = """
| choices |
| | list_name | name | label |
| | c | red | Red |
| | c | blue | Blue |
| | c | 7 | Reddish blue |
"""
HEAD = "| | type | name | label | appearance | parameters | required |\n"


def asked(kind: str, appearance: str = "", parameters: str = "", required: str = "") -> Chat:
    """Ask one question of a kind, and another text after it."""
    row = f"| | {kind} | q | Well? | {appearance} | {parameters} | {required} |\n"
    after = "| | text | after | And? | | | |"
    return begin(survey(HEAD + row + after + CHOICES))
