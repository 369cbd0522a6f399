"""A year of people who are asked, answer, put off and keep silent."""

from __future__ import annotations

import pytest

from tests.followups.year import simulate


@pytest.mark.parametrize("seed", [7])
async def test_a_year(seed: int) -> None:
    """Nothing is asked twice, at night, or too often, and every chain ends."""
    lived = await simulate(12, seed)
    assert lived.wrong == ()
    assert lived.heard > 50
