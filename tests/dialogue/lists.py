"""A question with a list of choices, one question before and one behind."""

from __future__ import annotations

from tests.dialogue.chat import Chat, begin, survey


def of_list(*labels: str, kind: str = "select_one", appearance: str = "", more: str = "") -> Chat:
    """Ask a question with these labels, named a, b, c and so on."""
    rows = "\n".join(f"| | l | {chr(97 + at)} | {label} |" for at, label in enumerate(labels))
    table = (
        f"| | type | name | label | appearance | constraint |\n"
        f"| | text | before | First? | | |\n"
        f"| | {kind} l | q | Which? | {appearance} | {more} |\n"
        f"| | text | after | And? | | |\n"
        f"| choices |\n| | list_name | name | label |\n{rows}"
    )
    chat = begin(survey(table))
    chat.writes("x")
    return chat
