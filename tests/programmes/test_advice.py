"""What works but should be mended is told to the author, with the row to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.programmes import check

SURVEY = """
| survey |
| | type | name | label::English (en) | label::Kiswahili (sw) | relevant | choice_filter |
| | select_one ward | ward | Ward? | Kata? | | |
| | select_one village | village | Village? | Kijiji? | | ward = ${ward} |
| | text | why | Why? | Kwa nini? | ${ward} = 'north' | |
| choices |
| | list_name | name | label::English (en) | label::Kiswahili (sw) | ward |
| | ward | north | North | Kaskazini | |
| | ward | south | South | Kusini | |
| | village | hill | Hill | Mlima | north |
| | village | river | River | Mto | south |
"""

CASES: dict[str, tuple[str, str, list[str]]] = {
    "nothing to mend": ("", "", []),
    "a missing translation": (
        "| Why? | Kwa nini? |",
        "| Why? | |",
        [
            (
                "sheet survey, row 6, why: Not translated into Kiswahili (sw): 1 of 7 texts, "
                "first the label of why. Fill in the columns that end in ::Kiswahili (sw)."
            )
        ],
    ),
    "a missing translation of a choice": (
        "| South | Kusini |",
        "| South | |",
        [
            (
                "sheet choices, row 10, ward/south: Not translated into Kiswahili (sw): 1 of 7 "
                "texts, first the label of the choice south."
            )
        ],
    ),
    "a long label": (
        "Kusini",
        "Kusini mwa mto mkubwa, karibu na soko la zamani",
        ["sheet choices, row 10, ward/south: This label is long for a button of a small phone"],
    ),
    "a filter that lets nobody through": (
        "| Mto | south |",
        "| Mto | suoth |",
        [
            (
                "sheet choices, row 12, village/river: The choice 'river' is never offered: "
                "ward is 'suoth'. Did you mean 'south'?"
            )
        ],
    ),
    "a condition on no choice": (
        "= 'north'",
        "= 'nort'",
        [
            (
                "sheet survey, row 6, why: relevant compares ward with 'nort', which is none of "
                "its choices. Did you mean 'north'?"
            )
        ],
    ),
    "a selected() of no choice": (
        "${ward} = 'north'",
        "selected(${ward}, 'east')",
        ["sheet survey, row 6, why: relevant compares ward with 'east', which is none"],
    ),
    "a question nobody reaches": (
        "${ward} = 'north'",
        "false()",
        ["sheet survey, row 6, why: Nobody will be asked this: relevant never holds."],
    ),
    "a question that waits for one that nobody reaches": (
        "| text | why | Why? | Kwa nini? | ${ward} = 'north' | |",
        (
            "| text | why | Why? | Kwa nini? | ${ward} = 'north' and ${ward} = 'south' | |\n"
            "| | text | how | How? | Vipi? | ${why} = 'so' | |"
        ),
        [
            (
                "why: Nobody will be asked this: no answer to ward meets ${ward} = 'north' and "
                "${ward} = 'south'."
            ),
            "row 7, how: Nobody will be asked this: it waits for why, which nobody is asked.",
        ],
    ),
    "a column of another name": (
        "ward = ${ward}",
        "wart = ${ward}",
        [
            (
                "village: choice_filter speaks of a column 'wart', which the list 'village' does "
                "not have. Did you mean 'ward'?"
            )
        ],
    ),
    "a text without quotes": (
        "${ward} = 'north'",
        "${ward} = north",
        [
            (
                "row 6, why: relevant speaks of north, which the form does not have. Put a text in "
                "quotes."
            )
        ],
    ),
    "a list of another name": (
        "${ward} = 'north'",
        "count(instance('vilage')/root/item) > 1",
        [
            (
                "why: relevant speaks of a list 'vilage', which the form does not have. Did you "
                "mean 'village'?"
            )
        ],
    ),
    "a comparison of another type": (
        "| text | why | Why? | Kwa nini? | ${ward} = 'north' | |",
        (
            "| integer | age | Age? | Umri? | | |\n"
            "| | date | day | Day? | Siku? | ${age} = 'many' and ${day2} > '31/12/2026' | |\n"
            "| | date | day2 | Day? | Siku? | ${why} > 5 | |\n"
            "| | text | why | Why? | Kwa nini? | | |\n"
            "| | select_multiple ward | wards | Wards? | Kata? | | |\n"
            "| | text | which | Which? | Zipi? | ${wards} = 'north' | |"
        ),
        [
            "row 7, day: relevant compares age, a number, with 'many'. Write a number.",
            "row 7, day: relevant compares day2, a date, with '31/12/2026'. Write dates as",
            "row 8, day2: relevant compares why, a text, with a number. Ask for it with type int",
            (
                "row 11, which: relevant compares wards with 'north', which holds only where "
                "nothing else is chosen. Write selected(${wards}, 'north')."
            ),
        ],
    ),
    "a list nobody uses": (
        "| | village | river |",
        "| | towns | river |",
        ["sheet choices, row 12, towns: No question uses this list. Ask it, or take it out."],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_advice(case: str, tmp_path: Path) -> None:
    """Each piece of advice names sheet and row, what is the matter and what to do."""
    old, new, expected = CASES[case]
    path = tmp_path / "form.md"
    path.write_text(SURVEY.replace(old, new) if old else SURVEY, "utf-8")
    said = check(path)
    assert [problem.level for problem in said] == ["warning"] * len(expected)
    for problem, sentence in zip(said, expected, strict=True):
        assert sentence in str(problem)
