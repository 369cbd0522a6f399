"""How a programme reviews what people report: which reports, by which rules, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from conversations.reviewing.cases import Rules

Reviewed: TypeAlias = Literal["doubtful", "all", "none"]
"""Which reports come before moderators: those with a flag, every one, or none at all."""


@dataclass(frozen=True, slots=True)
class Moderation:
    """What `[moderation]` in programme.toml says.

    `checks_off` are the names of checks that are not wanted. `reasons` are canned reasons for
    rejecting a report, `questions` canned questions to its reporter; each a text by language tag
    that the reporter reads.
    """

    review: Reviewed = "doubtful"
    rules: Rules = field(default_factory=Rules)
    checks_off: frozenset[str] = frozenset()
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
