"""Choosing: one, several, in order; tapped, typed, searched; what goes together."""

from __future__ import annotations

import pytest

from conversations.replies import FormMedia
from tests.dialogue.chat import Chat, begin, survey
from tests.dialogue.one_question import HEAD, asked


def test_ticks_are_set_and_taken_away_in_place() -> None:
    """Ticks show in the same message; Done takes them in the list's order."""
    chat = asked("select_multiple c")
    chat.taps("Reddish")
    assert ["~", "[Red]", "[✅", "Blue]"][1] in chat.taps("Blue")[2]
    chat.taps("✅ Blue")
    chat.taps("Red")
    chat.taps("Done")
    assert chat.given == {"/data/q": "red 7"}


def test_a_tick_delivered_twice_stays_a_tick() -> None:
    """The same tap again sets the same tick; it does not take it away."""
    chat = asked("select_multiple c")
    tap = chat.button("Blue")
    chat.does(tap)
    assert chat.does(tap) == []
    chat.taps("Done")
    assert chat.given == {"/data/q": "blue"}


def test_what_is_typed_beside_ticks_is_ticked_too() -> None:
    """The list stays with its ticks, and only Done answers; typing a ticked one keeps its tick."""
    chat = asked("select_multiple c")
    chat.taps("Blue")
    said = chat.writes("red")
    assert said[0] == "Well?"
    assert {"✅ Red", "✅ Blue", "Done »"} <= set(chat.labels)
    chat.writes("Blue, Red")
    assert {"✅ Red", "✅ Blue", "Reddish blue"} <= set(chat.labels)
    assert chat.given == {}
    chat.taps("Done")
    assert chat.given == {"/data/q": "red blue"}


def test_what_is_unknown_beside_ticks_leaves_them() -> None:
    """A word that is no choice is refused, and the ticks stand."""
    chat = asked("select_multiple c")
    chat.taps("Blue")
    assert chat.writes("green")[0].startswith("! That is not one of the choices.")
    chat.taps("Done")
    assert chat.given == {"/data/q": "blue"}


def test_typing_answers_once_no_tick_is_left() -> None:
    """A tick set and taken away again leaves nothing to add to."""
    chat = asked("select_multiple c")
    chat.taps("Blue")
    chat.taps("✅ Blue")
    chat.writes("red")
    assert chat.given == {"/data/q": "red"}


def test_typing_takes_the_place_of_an_answer_that_was_kept() -> None:
    """An earlier answer shows as ticks, but only ticks that are touched are added to."""
    replaced, added = asked("select_multiple c"), asked("select_multiple c")
    for chat in (replaced, added):
        chat.writes("red")
        chat.writes("/back")
        assert "✅ Red" in chat.labels
    replaced.writes("blue")
    assert replaced.given == {"/data/q": "blue"}
    added.taps("Reddish")
    added.writes("blue")
    added.taps("Done")
    assert added.given == {"/data/q": "red blue 7"}


def long_list() -> Chat:
    """Ask for several of twenty-five places."""
    choices = "\n".join(f"| | l | n{number} | Place {number} |" for number in range(1, 26))
    return begin(
        survey(
            f"{HEAD}| | select_multiple l | q | Where? | | | |\n| | text | after | And? | | | |\n"
            f"| choices |\n| | list_name | name | label |\n{choices}"
        )
    )


def test_turning_the_page_touches_no_tick() -> None:
    """A kept answer that was only looked through is replaced by what is typed."""
    chat = long_list()
    chat.writes("place 3")
    chat.writes("/back")
    chat.taps("▶")
    chat.writes("place 20")
    assert chat.given == {"/data/q": "n20"}


def test_a_tick_that_was_typed_can_be_seen() -> None:
    """The list turns to the page of what was typed, and stays where that shows already."""
    chat = long_list()
    chat.taps("Place 2")
    chat.writes("place 20")
    assert {"✅ Place 20", "2/3"} <= set(chat.labels)
    chat.writes("place 3, place 15")
    assert {"✅ Place 15", "2/3"} <= set(chat.labels)
    chat.taps("Done")
    assert chat.given == {"/data/q": "n2 n3 n15 n20"}


@pytest.mark.parametrize("kind", ["select_one c", "select_multiple c"])
def test_a_choice_typed_by_its_name_is_told_back_by_its_label(kind: str) -> None:
    """A name that is kept as it was typed still shows as its label."""
    chat = asked(kind)
    assert chat.writes("7")[:2] == ["~ Well?", "~ ✓ Reddish blue"]
    assert chat.given == {"/data/q": "7"}


def test_labels_typed_as_they_stand_are_not_told_back() -> None:
    """The chat shows them already, just below the question."""
    chat = asked("select_multiple c")
    assert chat.writes("Red, Blue")[0] == "And?"
    assert chat.given == {"/data/q": "red blue"}


def test_nothing_ticked_is_no_answer() -> None:
    """Done without a tick leaves an optional question blank and refuses a required one."""
    optional, required = asked("select_multiple c"), asked("select_multiple c", required="yes")
    assert optional.taps("Done")[-2] == "And?"
    assert required.taps("Done")[0] == "! Please choose at least one."


def test_a_long_list_has_pages() -> None:
    """Ten choices show at once; the others are a tap away, and can be typed from any page."""
    choices = "\n".join(f"| | l | n{number} | Place {number} |" for number in range(1, 26))
    form = survey(
        f"{HEAD}| | select_one l | q | Where? | | | |\n| choices |\n"
        f"| | list_name | name | label |\n{choices}"
    )
    chat = begin(form)
    assert "[◀] [1/3] [▶]" in " ".join(f"[{label}]" for label in chat.labels)
    chat.taps("▶")
    chat.taps("Place 20")
    assert chat.given == {"/data/q": "n20"}
    typed = begin(form)
    typed.writes("place 25")
    assert typed.given == {"/data/q": "n25"}


def test_long_labels_are_listed_and_tapped_by_number() -> None:
    """Labels that fit no button stand in the message, numbered."""
    long = "Somebody else from the village or from another place nearby"
    form = survey(
        f"{HEAD}| | select_one l | q | Who? | | | |\n| choices |\n"
        f"| | list_name | name | label |\n| | l | a | The mother |\n| | l | b | {long} |"
    )
    chat = begin(form)
    assert chat.labels[:2] == ["1", "2"]
    assert chat.taps("2")[1] == f"~ ✓ {long}"


def test_choices_are_ranked_by_tapping_them_in_order() -> None:
    """The last choice takes the last place by itself."""
    chat = asked("rank c")
    assert "~ [1️⃣ Blue]" in chat.taps("Blue")
    chat.taps("Reddish")
    assert chat.given == {"/data/q": "blue 7 red"}


def test_reading_is_acknowledged() -> None:
    """An acknowledgement is kept as OK and shown as read."""
    chat = asked("acknowledge")
    chat.taps("OK")
    assert chat.given == {"/data/q": "OK"}
    assert "1. Well? read" in chat.writes("x")


# Typed and not quite right


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


MEANT = [
    (("Bogotá", "Cali"), "bogota", "a"),
    (("Bogotá", "Cali"), "BOGOTÁ", "a"),
    (("Ng'ombe", "Mbuzi"), "ng\N{RIGHT SINGLE QUOTATION MARK}ombe", "a"),
    (("أحمد", "مكة"), "احمد", "a"),
    (("مَكّة", "جدة"), "مكه", "a"),
    (("Yes", "No"), "n", "b"),
    (("Yes", "No"), "٢", "b"),
    (("Yes", "No"), "2.", "b"),
    (("1-4 km", "5-9 km"), "5", "b"),
    (("5-9", "10-14"), "10", "b"),
    (("Mother and child", "Road"), "mother and child", "a"),
    (("👍", "👎"), "👎", "b"),
    (("Mas", "Más"), "más", "b"),
    (("**Red** one", "Blue"), "red one", "a"),
]


@pytest.mark.parametrize(("labels", "written", "name"), MEANT)
def test_what_can_mean_only_one_choice_is_taken(
    labels: tuple[str, ...], written: str, name: str
) -> None:
    """Capitals, accents, points, digits of any script and unfinished words are forgiven."""
    chat = of_list(*labels)
    chat.writes(written)
    assert chat.given["/data/q"] == name


ASKED = [
    (("Kisumu", "Narok"), "kisumo", ["Kisumu"]),
    (("Majimoto", "Narok"), "mahimoto", ["Majimoto"]),
    (("Maji Moto", "Narok"), "majimoto", ["Maji Moto"]),
    (("The water pipe", "The road"), "water", ["The water pipe"]),
    (("Narok Town", "Narok North", "Kisii"), "narok", ["Narok Town", "Narok North"]),
    (("Narok Town", "South Narok"), "narok", ["Narok Town", "South Narok"]),
    (("I have no water", "A road"), "water", ["I have no water"]),
    (("1-4 km", "10 km"), "2", ["10 km"]),
    (("Under 5", "5-9", "10+"), "3", ["Under 5"]),
    (("Under 5", "5-9", "10+"), "5", ["Under 5", "5-9"]),
    (("<5", "5-9", "≥10"), "70", ["≥10"]),
    (("60+", "20-59", "below 20"), "٣٠", ["20-59"]),
    (("Not more than 2", "3 or more"), "1", ["Not more than 2"]),
    (("1,000-4,999", "5,000-9,999"), "1500", ["1,000-4,999"]),
    (("0.5-1.5 km", "1.5-3 km"), "1", ["0.5-1.5 km"]),
    (("5-9", "1-4"), "1", ["1-4"]),
    (("Mas", "Más"), "mäs", ["Mas", "Más"]),
    (("Ndiyo", "Hapana"), "ndio", ["Ndiyo"]),
]


@pytest.mark.parametrize(("labels", "written", "candidates"), ASKED)
def test_what_may_mean_another_choice_is_asked_about(
    labels: tuple[str, ...], written: str, candidates: list[str]
) -> None:
    """Nothing is guessed: who typed sees what is near, and the whole list one tap away."""
    chat = of_list(*labels)
    chat.writes(written)
    assert "/data/q" not in chat.given
    assert [label for label in chat.labels if label in labels] == candidates
    chat.taps("Show all")
    assert [label for label in chat.labels if label in labels] == list(labels)


NO_SCALE = [
    (("Ward 3 (2400 people)", "Ward 4 (1800 people)"), "700"),
    (("8:00-12:00", "12:00-16:00"), "700"),
    (("1/2-3/4", "3/4-5/4"), "700"),
    (("Form A1-B9", "Form B10-C40"), "7"),
    (("5 goats", "60 goats"), "30"),
    (("20-24", "All others"), "22"),
    (("10-14", "15-19"), "12 km"),
    (("10-14", "15-19"), "40"),
]


@pytest.mark.parametrize(("labels", "written"), NO_SCALE)
def test_a_number_is_looked_for_in_a_scale_alone(labels: tuple[str, ...], written: str) -> None:
    """Numbers in no order, times, parts, numbers of letters and other measures are no steps."""
    chat = of_list(*labels)
    assert chat.writes(written)[0].startswith("! That is not one of the choices.")


@pytest.mark.parametrize("kind", ["select_one", "select_multiple"])
def test_a_number_says_which_of_those_found_is_meant(kind: str) -> None:
    """Whoever is asked "which of these" may count them."""
    chat = of_list("Road", "Narok Town", "Narok North", "Kisii", kind=kind)
    chat.writes("narok")
    chat.writes("2")
    assert chat.given["/data/q"] == "c"


@pytest.mark.parametrize("written", ["pipe", "water", "22"])
def test_what_is_written_again_is_meant(written: str) -> None:
    """Whoever is asked "did you mean" need not know that yes is a word for it."""
    chat = of_list("Ages 20 to 24, the water pipe", "Ages 25 to 29")
    chat.writes(written)
    assert "/data/q" not in chat.given
    chat.writes(written)
    assert chat.given["/data/q"] == "a"


def test_a_number_found_by_its_place_that_is_a_label_too_is_asked_about() -> None:
    """Counting gives way to what a label says."""
    chat = of_list("Plot 2, left", "Plot 1, left", "Plot 3")
    chat.writes("left")
    chat.writes("2")
    assert "/data/q" not in chat.given
    assert {"Plot 2, left", "Plot 1, left"} <= set(chat.labels)
    assert "Plot 3" not in chat.labels


def test_a_suggestion_is_taken_by_tapping_it() -> None:
    """One near spelling is asked about by name."""
    chat = of_list("Kisumu", "Narok")
    assert "Did you mean “Kisumu”?" in chat.writes("kisumo")
    chat.taps("Kisumu")
    assert chat.given["/data/q"] == "a"


def test_a_number_that_may_be_a_name_is_asked_about() -> None:
    """Where no numbers show, a number may be a place in the list or the name of another choice."""
    table = (
        "| | type | name | label |\n| | select_one l | q | Which? |\n| choices |\n"
        "| | list_name | name | label |\n| | l | 2 | Red |\n| | l | 1 | Blue |"
    )
    chat = begin(survey(table))
    chat.writes("1")
    assert chat.given == {}
    assert {"Red", "Blue"} <= set(chat.labels)


def test_several_are_typed_with_commas_or_and() -> None:
    """Known ones are ticked; the doubtful one is asked about; the unknown one refuses all."""
    known = of_list("Road", "Water", "Power", kind="select_multiple")
    known.writes("water and road")
    assert known.given["/data/q"] == "a b"
    spaced = of_list("Road", "Water", "Power", kind="select_multiple")
    spaced.writes("1 3")
    assert spaced.given["/data/q"] == "a c"
    doubtful = of_list("Road", "Water", "Power", kind="select_multiple")
    doubtful.writes("road, watr")
    assert "Water" in doubtful.labels
    assert "Power" not in doubtful.labels
    doubtful.taps("Water")
    doubtful.taps("Done")
    assert doubtful.given["/data/q"] == "a b"
    unknown = of_list("Road", "Water", "Power", kind="select_multiple")
    assert unknown.writes("road, xyz")[0].startswith("! That is not one")


# What goes together

NONE_ALONE = "count-selected(.) = 1 or not(selected(., 'c'))"


def test_none_of_these_clears_the_others_and_they_clear_it() -> None:
    """A choice that the constraint takes alone, and with no other, never stands beside one."""
    chat = of_list("Road", "Water", "None", kind="select_multiple", more=NONE_ALONE)
    chat.taps("Road")
    chat.taps("Water")
    chat.taps("None")
    assert {"Road", "Water", "✅ None"} <= set(chat.labels)
    chat.taps("Road")
    assert {"✅ Road", "Water", "None"} <= set(chat.labels)
    chat.taps("Done")
    assert chat.given["/data/q"] == "a"


def test_at_most_one_of_several_changes_over() -> None:
    """Where the form takes one only, the newest tick is the answer."""
    more = "count-selected(.) <= 1"
    chat = of_list("Road", "Water", kind="select_multiple", more=more)
    chat.taps("Road")
    chat.taps("Water")
    assert {"Road", "✅ Water"} <= set(chat.labels)


@pytest.mark.parametrize("more", ["count-selected(.) <= 2", "count-selected(.) >= 4"])
def test_too_many_and_too_few_keep_their_ticks(more: str) -> None:
    """A bound is no reason to clear ticks: the form's message tells, and the person unticks."""
    chat = of_list("A", "B", "C", "D", kind="select_multiple", more=more)
    for label in "ABC":
        chat.taps(label)
    assert {"✅ A", "✅ B", "✅ C"} <= set(chat.labels)
    assert chat.taps("Done")[0].startswith("! ")
    assert {"✅ A", "✅ B", "✅ C"} <= set(chat.labels)


# Going back


def test_ticks_stay_when_one_goes_back() -> None:
    """Ticks that were not yet given with Done are there when the question comes again."""
    chat = of_list("Road", "Water", kind="select_multiple")
    chat.taps("Water")
    chat.writes("/back")
    assert chat.given == {"/data/before": "x"}
    chat.writes("y")
    assert "✅ Water" in chat.labels
    chat.taps("Done")
    assert chat.given["/data/q"] == "b"


def test_ticks_changed_behind_an_answer_come_again() -> None:
    """Who changes ticks of a question answered before and goes back meets that question again."""
    chat = of_list("Road", "Water", kind="select_multiple")
    chat.writes("road")
    chat.writes("/back")
    chat.taps("Water")
    chat.writes("/back")
    chat.writes("y")
    assert {"✅ Road", "✅ Water"} <= set(chat.labels)
    assert chat.given["/data/q"] == "a"


def test_back_from_the_summary_changes_nothing() -> None:
    """Ticks set while an answer is changed from the summary go when the change is called off."""
    chat = of_list("Road", "Water", kind="select_multiple")
    chat.writes("road")
    chat.writes("z")
    chat.taps("2")
    chat.taps("Water")
    chat.taps("Back")
    assert chat.given["/data/q"] == "a"
    chat.taps("2")
    assert {"✅ Road", "Water"} <= set(chat.labels)


# Looks


def rows_of(chat: Chat) -> list[int]:
    """Return how many choices stand in each row."""
    assert chat.keys is not None
    return [len(row) for row in chat.keys.rows[:-1]]


LOOKS = [
    ("", ("Yes", "No", "So"), [3]),
    ("", ("Red apple", "Blue", "Green"), [2, 1]),
    ("columns-3", ("Red apple", "Blue", "Green"), [3]),
    ("columns-2", ("Yes", "No", "So"), [2, 1]),
    ("columns-4", ("A fairly long label", "Blue", "Green"), [1, 1, 1]),
    ("columns-1", ("Yes", "No"), [1, 1]),
    ("columns-pack", ("1", "2", "3", "4", "5", "6"), [6]),
    ("horizontal-compact", ("Yes", "No"), [2]),
    ("quick", ("Yes", "No"), [2]),
    ("likert", ("1", "2", "3", "4", "5"), [5]),
    ("likert", ("Very bad indeed", "Bad", "So", "Good", "Very good indeed"), [5]),
    ("likert", tuple(str(number) for number in range(11)), [6, 5]),
]


@pytest.mark.parametrize(("appearance", "labels", "rows"), LOOKS)
def test_an_appearance_sets_the_rows(
    appearance: str, labels: tuple[str, ...], rows: list[int]
) -> None:
    """As many choices stand in a row as are asked for and have room there."""
    assert rows_of(of_list(*labels, appearance=appearance)) == rows


def test_a_scale_lists_what_its_buttons_cannot_say() -> None:
    """Numbers of its own stand on the buttons; only the ends have more to say."""
    labels = ("0 - not at all", *map(str, range(1, 10)), "10 - always and everywhere")
    chat = of_list(*labels, appearance="likert")
    said = chat.writes("/help")
    assert "0 - not at all" in said
    assert "10 - always and everywhere" in said
    assert "5" not in said
    assert [label for label in chat.labels if label.isdecimal()] == [str(n) for n in range(11)]


def test_choices_with_pictures_come_with_an_album() -> None:
    """Pictures go ahead with their numbers; after a refused try they are not sent again."""
    table = (
        "| | type | name | label |\n| | select_one l | q | Which? |\n| choices |\n"
        "| | list_name | name | label | media::image |\n"
        "| | l | a | Cow | cow.png |\n| | l | b | Goat | goat.png |"
    )
    chat = begin(survey(table))
    media = [file for reply in chat.replies for file in getattr(reply, "media", ())]
    assert [(file.file_name, chat.locale.say(file.caption)) for file in media] == [
        ("cow.png", "1. Cow"),
        ("goat.png", "2. Goat"),
    ]
    assert all(isinstance(file, FormMedia) for file in media)
    chat.writes("zebra")
    assert not any(getattr(reply, "media", ()) for reply in chat.replies)


# Thousands


def villages() -> Chat:
    """Stand before a list of ten thousand villages."""
    rows = "\n".join(f"| | v | n{at} | {_village(at)} |" for at in range(10_000))
    table = (
        f"| | type | name | label |\n| | select_one v | q | Which village? |\n"
        f"| choices |\n| | list_name | name | label |\n{rows}"
    )
    return begin(survey(table))


def _village(at: int) -> str:
    syllables = ("ka", "na", "ro", "ki", "su", "mu", "le", "lo", "to", "ma")
    return "".join(syllables[int(digit)] for digit in f"{at:04}").title()


def test_a_village_among_ten_thousand_is_found_by_its_name() -> None:
    """A wrong letter finds a few to tap; the message stays within Telegram's limits."""
    chat = villages()
    said = chat.writes("kanarokx")
    assert "Kanaroki" in chat.labels
    assert len(chat.labels) < 20
    assert sum(map(len, said)) < 4096
    chat.taps("Kanaroki")
    assert chat.given == {"/data/q": "n123"}


# Ranking


def test_the_last_place_given_is_taken_back_once() -> None:
    """Undo takes one mark away, and a second tap that comes late takes no more."""
    chat = of_list("A", "B", "C", "D", kind="rank")
    chat.taps("C")
    chat.taps("A")
    undo = chat.button("Undo")
    chat.does(undo)
    assert chat.does(undo) == []
    chat.writes("b")
    chat.writes("1")
    assert chat.given["/data/q"] == "c b a d"


ROLES = """| survey |
| | type | name | label | required |
| | select_one role | role | Who are you? | yes |
| choices |
| | list_name | name | label |
| | role | mother | Mimi ndiye mama |
| | role | family | Mtu wa familia |
| settings |
| | form_id | version |
| | roles | 1 |
"""


def test_a_guess_that_was_wrong_makes_way_for_the_whole_list() -> None:
    """After "Did you mean …?" and another word that is no choice, all choices stand there again."""
    chat = begin(ROLES)
    assert chat.writes("mama")[-2:] == ["[Mimi ndiye mama]", "[Show all]"]
    said = chat.writes("kuzaliwa")
    assert not any("Did you mean" in line for line in said)
    assert said[-2:] == ["[Mimi ndiye mama]", "[Mtu wa familia]"]


def test_a_yes_that_is_spelled_like_the_choice_is_a_yes() -> None:
    """What would only bring the same question again takes the choice that was asked about."""
    chat = begin(ROLES.replace("Mimi ndiye mama", "Red eyes"))
    assert chat.writes("yes")[-2:] == ["[Red eyes]", "[Show all]"]
    assert chat.given == {}
    chat.writes("yes")
    assert chat.given == {"/data/role": "mother"}
