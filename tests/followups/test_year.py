"""A year of people who are asked, answer, put off and keep silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.followups.year import simulate


@pytest.mark.parametrize("seed", [7])
async def test_a_year(seed: int, tmp_path: Path) -> None:
    """Nothing is asked twice, at night, or too often, and every chain ends."""
    year, wrong = await simulate(12, seed, tmp_path)
    assert wrong == []
    assert sum(len(one.heard) for one in year.people.values()) > 50
