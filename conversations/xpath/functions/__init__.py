"""The functions of the ODK dialect, one module a family, gathered in `FUNCTIONS` by name."""

from conversations.xpath.functions import (
    choices,
    clocks,
    digests,
    geometry,
    logic,
    nodesets,
    numbers,
    strings,
)
from conversations.xpath.signatures import Function

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for family in (
        strings.FUNCTIONS,
        logic.FUNCTIONS,
        numbers.FUNCTIONS,
        nodesets.FUNCTIONS,
        clocks.FUNCTIONS,
        choices.FUNCTIONS,
        geometry.FUNCTIONS,
        digests.FUNCTIONS,
    )
    for function in family
}

__all__ = ["FUNCTIONS"]
