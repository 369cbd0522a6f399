"""Which wording people misread: what stands out, what does not, and what is never shown."""

from __future__ import annotations

import random
from collections.abc import Sequence

from conversations.phrases import Speech
from conversations.validating.agreeing import Agreements, agreements_of, notices, shown
from conversations.validating.board import Changed, Load, Measured, apart, board
from conversations.verdicts.wording import Judged, Misread, by_area, misread, sliced
from locales.locale import locale_of

WATER, ROAD = ("well", "water"), ("well", "road")


def judged(  # noqa: PLR0913 - what was answered about how many reports, by how many.
    reports: int,
    agree: int,
    *,
    question: tuple[str, str] = WATER,
    language: str = "en",
    wording: str = "1",
    area: str = "hill",
    people: int = 6,
    each: int = 3,
) -> list[Judged]:
    """Return answers about so many reports, of which the answers of the first `agree` agree."""
    about = f"{question}{language}{wording}{area}"
    return [
        Judged(
            question, language, wording, area, f"{about}{report}",
            f"{about}{(report * each + number) % people}", report < agree,
        )
        for report in range(reports)
        for number in range(each)
    ]  # fmt: skip


def found(*parts: Sequence[Judged]) -> list[tuple[tuple[str, str], str, str]]:
    """Return what stands out among all."""
    stands_out = misread([one for part in parts for one in part])
    return [(one.question, one.language, one.wording) for one in stands_out]


def test_one_language_stands_out() -> None:
    """Where a translation is misread its agreement lies far below the others'."""
    english, swahili = judged(20, 18), judged(20, 9, language="sw", wording="1")
    assert found(english, swahili) == [(WATER, "sw", "1")]
    (one,) = misread([*english, *swahili])
    assert one == Misread(WATER, "sw", "1", 20, 45, 90)


def test_one_wording_stands_out_beside_the_words_that_replaced_it() -> None:
    """Versions that word a question otherwise are told apart."""
    before, after = judged(20, 8, wording="1, 2"), judged(20, 18, wording="3")
    assert found(before, after) == [(WATER, "en", "1, 2")]


def test_a_question_with_one_wording_is_compared_with_the_others() -> None:
    """Where a question has no other words, all other questions stand beside it."""
    assert found(judged(15, 5), judged(30, 27, question=ROAD)) == [(WATER, "en", "1")]
    assert found(judged(15, 15), judged(15, 3, question=ROAD)) == [(ROAD, "en", "1")]


def test_alone_it_stands_out_below_half() -> None:
    """With nothing beside it a wording stands out if most say otherwise than moderators."""
    assert found(judged(30, 6)) == [(WATER, "en", "1")]
    assert found(judged(30, 12)) == []
    (one,) = misread(judged(30, 6))
    assert one.otherwise is None


def test_a_language_stands_out_over_all_questions() -> None:
    """Each question alone says too little; all of them in one language say enough."""
    few = [judged(5, 2, question=("well", f"q{n}"), language="sw") for n in range(6)]
    english = [judged(5, 5, question=("well", f"q{n}")) for n in range(6)]
    assert found(*few, *english) == [(("", ""), "sw", "")]


def test_few_say_nothing() -> None:
    """Nine reports, four people, or a small gap do not make a wording stand out."""
    assert found(judged(9, 0, language="sw"), judged(40, 40)) == []
    assert found(judged(20, 5, language="sw", people=4), judged(40, 40)) == []
    assert found(judged(400, 340, language="sw"), judged(400, 380)) == []


def test_many_answers_about_few_reports_are_few_signs() -> None:
    """A hundred answers about five disputed reports do not speak against the words."""
    assert found(judged(5, 0, language="sw", people=20, each=20), judged(30, 27)) == []


def test_chance_rarely_makes_one_stand_out() -> None:
    """With the same agreement everywhere, about one set of a hundred tells of something."""
    rng = random.Random(5)  # noqa: S311
    alarms = 0
    for _ in range(200):
        parts = [
            Judged(WATER, language, "1", "hill", f"{language}{report}",
                   f"{rng.randrange(30)}", rng.random() < 0.8)
            for language in ("en", "sw")
            for report in range(25)
            for _ in range(3)
        ]  # fmt: skip
        alarms += bool(misread(parts))
    assert alarms <= 6


def said(*words: Speech) -> list[str]:
    """Say phrases in English."""
    return [locale_of("en").say(one) for one in words]


def test_notices_are_plain() -> None:
    """A coordinator reads what stands out, how far, and what to do."""
    one = Misread(WATER, "sw", "1, 2", 20, 45, 90)
    alone = Misread(("", ""), "fr", "", 30, 20, None)
    first, second = said(*notices([one, alone]))
    assert first == (
        "⚠ All questions in fr: residents and moderators say the same in only 20 of 100 answers "
        "(reports: 30). People may misread it: let somebody who speaks the language look at its "
        "words."
    )
    assert second == (
        "⚠ water (sw, version 1, 2): residents and moderators say the same in 45 of 100 answers, "
        "elsewhere in 90 of 100 (reports: 20). People may misread it: let somebody who speaks the "
        "language look at its words."
    )


def test_small_figures_are_not_shown() -> None:
    """A place of two people, and a question about four reports, are left out."""
    of_two = judged(9, 0, area="river", people=2)
    parts = [*judged(6, 5), *of_two, *judged(4, 4, question=ROAD)]
    assert sliced(parts, by_area)["river",].answers == 27
    blocks = said(*(block.speech for block in shown(agreements_of(parts))))
    assert blocks == [
        "Residents and moderators say the same:",
        "water (en): 15 of 45",
        "The same by place:",
        "hill: 27 of 30",
    ]


def test_a_small_place_cannot_be_worked_out_from_the_whole() -> None:
    """One small place is put together with the next, so that the rest is never that place."""
    grades = {"hill": {"disputed": 9}, "lake": {"disputed": 6}, "river": {"rejected": 1}}
    assert apart(grades) == [("hill", {"disputed": 9}), ("", {"rejected": 1, "disputed": 6})]
    assert apart({"river": {"rejected": 2}}) == []


def test_the_load_of_few_people_is_not_shown() -> None:
    """Of fewer than five people nobody reads how often one was asked, or how soon they answered."""
    load = Load(4, 4, 0, 2, 3, None, 1, 4)
    found = Measured(90, {"": {"disputed": 1}}, Agreements(), load, Changed(0, 0, 0))
    words = said(*(block.speech for block in board(found).blocks))
    assert "People: fewer than 5" in words
    assert not any("at most" in one or "hour" in one for one in words)
