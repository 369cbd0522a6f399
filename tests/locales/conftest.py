"""What the tests of the locales share."""

from __future__ import annotations

from hypothesis import settings

# The first example of a language reads its CLDR data, which takes longer than the others.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
