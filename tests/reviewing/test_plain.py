"""Sentences outlive the turn in which they were thought."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from conversations.phrases import FormText, Parameter, Speech, phrase, phrase_of_many
from conversations.plain import from_plain, to_plain

VALUES: list[Parameter] = [
    "a", 3, Decimal("1.50"), date(2026, 11, 22), datetime(2026, 11, 22, 9, tzinfo=UTC), time(8, 30),
    phrase("inside {x}", x=1), FormText("**bold**"),
]  # fmt: skip


@pytest.mark.parametrize(
    "speech",
    [
        FormText("What did you see?"),
        phrase("Nothing to fill in."),
        phrase_of_many("{count} answer", "{count} answers", count=2, form="birth"),
        *(phrase("It is {value}.", value=value) for value in VALUES),
    ],
    ids=repr,
)
def test_a_sentence_comes_back_equal(speech: Speech) -> None:
    """Whatever a sentence holds, it comes back from JSON as it was."""
    assert from_plain(json.loads(json.dumps(to_plain(speech)))) == speech
