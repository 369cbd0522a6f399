"""Answers and what follows from them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conversations.xform.editing import read_submission
from conversations.xform.instance import (
    Change,
    Instance,
    QuestionStop,
    Refusal,
    RepeatStop,
    UnfinishedError,
)
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from tests.xform.conftest import NOW, begin, form, surroundings, widened

_BIRTH = """
    | survey |
    |  | type | name | label::English (en) | label::Kiswahili (sw) | relevant | required |
    |  | integer | age | Age | Umri | | yes |
    |  | select_one place | place | Where, at ${age}? | Wapi, miaka ${age}? | | |
    |  | select_one town | town | Town | Mji | ${place} = 'home' | |
    |  | select_one county | county | County | Kaunti | | |
    |  | calculate | twice | | | | |
    |  | begin group | more | More | Zaidi | ${place} = 'home' | |
    |  | text | who | Who | Nani | | yes |
    |  | end group | | | | | |
    | choices |
    |  | list_name | name | label::English (en) | label::Kiswahili (sw) | county |
    |  | place | home | Home | Nyumbani | |
    |  | place | ward | Ward | Wadi | |
    |  | county | k | Kajiado | Kajiado | |
    |  | county | n | Narok | Narok | |
    |  | town | ng | Ngong | Ngong | k |
    |  | town | ma | Maa Mahiu | Maa Mahiu | n |
    """
_FURTHER = {
    "age": {
        "constraint": ". > 9 and . < 60",
        "constraint_message::English (en)": "Between 10 and 59",
        "constraint_message::Kiswahili (sw)": "Kati ya 10 na 59",
    },
    "twice": {"calculation": "${age} * 2"},
    "town": {"choice_filter": "county = ${county}"},
}
BIRTH = widened(_BIRTH, _FURTHER)
CHILDREN = """
    | survey |
    |  | type | name | label | repeat_count | calculation | default | relevant |
    |  | begin repeat | child | Child | | | | |
    |  | text | name | Name | | | | |
    |  | integer | doses | Doses | | | | |
    |  | begin repeat | dose | Dose | ${doses} | | | |
    |  | text | what | What of ${name}? | | | | |
    |  | end repeat | | | | | | |
    |  | calculate | place | | | position(..) | | |
    |  | end repeat | | | | | | |
    |  | calculate | many | | | count(${child}) | | |
    |  | calculate | total | | | sum(${doses}) | | |
    """


def value(instance: Instance, reference: str) -> str:
    """Return the value at a reference."""
    return instance.state(reference).value


def test_stops_follow_relevance() -> None:
    """A group appears once its condition holds, and goes with it."""
    instance = begin(BIRTH)
    assert [stop.reference for stop in instance.stops()] == [
        "/data/age",
        "/data/place",
        "/data/county",
    ]
    change = instance.answer("/data/place", "home")
    assert isinstance(change, Change)
    assert set(change.changed) >= {"/data/town", "/data/more", "/data/more/who"}
    stop = instance.stops()[-1]
    assert isinstance(stop, QuestionStop)
    assert (stop.reference, stop.groups) == ("/data/more/who", ("/data/more",))


def test_calculation_follows_answer() -> None:
    """A calculation is worked out again when what it reads changes."""
    instance = begin(BIRTH)
    assert value(instance, "/data/twice") == ""
    instance.answer("/data/age", "21")
    assert value(instance, "/data/twice") == "42"
    instance.answer("/data/age", "")
    assert value(instance, "/data/twice") == ""


def test_constraint_refuses_in_the_persons_language() -> None:
    """A refused answer changes nothing and is told in the language of the person."""
    instance = begin(BIRTH, "sw")
    assert instance.answer("/data/age", "5") == Refusal("constraint", "Kati ya 10 na 59")
    assert instance.answer("/data/age", "ten") == Refusal("type")
    assert value(instance, "/data/age") == ""
    instance.surroundings = surroundings("en-GB")
    assert instance.check("/data/age", "99") == Refusal("constraint", "Between 10 and 59")


def test_label_tells_earlier_answer() -> None:
    """An output in a label is filled in, in the current language."""
    instance = begin(BIRTH, "sw")
    instance.answer("/data/age", "30")
    state = instance.state("/data/place")
    assert state.label == "Wapi, miaka 30?"
    assert [choice.label for choice in state.choices] == ["Nyumbani", "Wadi"]


def test_select_loses_a_choice_its_filter_took() -> None:
    """A town of another county is cleared, and a later answer may choose only what is offered."""
    instance = begin(BIRTH)
    for reference, given in (("place", "home"), ("county", "k"), ("town", "ng")):
        instance.answer(f"/data/{reference}", given)
    assert instance.answer("/data/town", "ma") == Refusal("choice")
    instance.answer("/data/county", "n")
    assert value(instance, "/data/town") == ""
    assert [choice.name for choice in instance.state("/data/town").choices] == ["ma"]


def test_what_is_not_relevant_is_kept_but_left_out() -> None:
    """A hidden answer comes back with its condition, and is not part of the submission."""
    instance = begin(BIRTH)
    for reference, given in (("age", "20"), ("place", "home"), ("more/who", "Naserian")):
        instance.answer(f"/data/{reference}", given)
    instance.answer("/data/place", "ward")
    assert "Naserian" not in instance.finish(NOW).xml
    instance.answer("/data/place", "home")
    assert value(instance, "/data/more/who") == "Naserian"


def test_finish_tells_everything_that_is_missing() -> None:
    """A form with a required question unanswered is not finished, and says which."""
    instance = begin(BIRTH)
    instance.answer("/data/place", "home")
    with pytest.raises(UnfinishedError) as caught:
        instance.finish(NOW)
    assert [failure.reference for failure in caught.value.failures] == [
        "/data/age",
        "/data/more/who",
    ]


def test_repeats_grow_and_shrink() -> None:
    """Counts, sums and positions follow as instances come and go."""
    instance = begin(CHILDREN)
    instance.answer("/data/child[1]/doses", "2")
    assert instance.add_repeat("/data/child") == "/data/child[2]"
    instance.answer("/data/child[2]/doses", "1")
    instance.answer("/data/child[2]/dose[1]/what", "BCG")
    assert [value(instance, f"/data/{name}") for name in ("many", "total")] == ["2", "3"]
    assert value(instance, "/data/child[2]/place") == "2"
    instance.remove_repeat("/data/child", 1)
    assert [value(instance, f"/data/{name}") for name in ("many", "total")] == ["1", "1"]
    assert value(instance, "/data/child[1]/place") == "1"
    assert value(instance, "/data/child[1]/dose[1]/what") == "BCG"


def test_repeat_stop_stands_after_the_instances() -> None:
    """A person may add to a repeat without count; a counted one asks for nothing more."""
    instance = begin(CHILDREN)
    instance.answer("/data/child[1]/doses", "1")
    assert [stop.reference for stop in instance.stops()] == [
        "/data/child[1]/name",
        "/data/child[1]/doses",
        "/data/child[1]/dose[1]/what",
        "/data/child",
    ]
    stop = instance.stops()[-1]
    assert isinstance(stop, RepeatStop)
    assert (stop.count, stop.can_add) == (1, True)
    assert instance.state("/data/child").label == "Child"


def test_draft_comes_back_exactly() -> None:
    """A draft survives JSON and brings back values, repeats and hidden answers alike."""
    instance = begin(CHILDREN)
    instance.answer("/data/child[1]/doses", "2")
    instance.add_repeat("/data/child")
    instance.answer("/data/child[2]/name", "Sein")
    instance.answer("/data/child[1]/dose[2]/what", "Polio")
    draft = instance.draft()
    pairs = tuple((path, text) for path, text in json.loads(json.dumps(draft)))
    back = Instance.resume(instance.form, pairs, surroundings())
    assert back.draft() == draft
    assert back.stops() == instance.stops()
    assert value(back, "/data/total") == "2"


def test_submission_is_what_odk_sends() -> None:
    """The XML has the id and version of the form, its order, its namespaces, and the given id."""
    instance = begin(
        """
        | survey   |
        |          | type  | name | label | parameters |
        |          | start | s    |       |            |
        |          | end   | e    |       |            |
        |          | image | pic  | Pic   | max-pixels=640 |
        |          | text  | t    | T     |            |
        | settings |
        |          | form_id | version | instance_name |
        |          | f       | 3       | concat('no ', ${t}) |
        """
    )
    instance.answer("/data/pic", "a.jpg")
    instance.answer("/data/t", "<7>")
    done = instance.finish(NOW)
    assert (done.instance_id, done.name, done.attachments) == ("uuid:0f1e", "no <7>", ("a.jpg",))
    assert done.xml == (
        '<data id="f" version="3">'
        "<s>2026-11-22T21:30:00.000+03:00</s><e>2026-11-22T21:30:00.000+03:00</e>"
        "<pic>a.jpg</pic><t>&lt;7&gt;</t><meta><instanceID>uuid:0f1e</instanceID>"
        "<instanceName>no &lt;7&gt;</instanceName></meta></data>"
    )


def test_submission_is_opened_again() -> None:
    """An edit holds the kept answers, an id of its own, and the id it replaces."""
    instance = begin(CHILDREN)
    instance.add_repeat("/data/child")
    instance.answer("/data/child[2]/doses", "1")
    instance.answer("/data/child[2]/dose[1]/what", "BCG")
    kept = instance.finish(NOW)
    edit = read_submission(instance.form, kept.xml, surroundings(instance_id="beef"))
    assert value(edit, "/data/child[2]/dose[1]/what") == "BCG"
    again = edit.finish(NOW)
    assert again.instance_id == "uuid:beef"
    assert ":deprecatedID>uuid:0f1e<" in again.xml or "<deprecatedID>uuid:0f1e<" in again.xml
    assert again.xml.count("<child>") == 2


def test_trigger_sets_a_value() -> None:
    """A triggered calculation runs when its trigger changes, and not before."""
    instance = begin(
        """
        | survey |
        |  | type | name | label | trigger | calculation |
        |  | text | a    | A     |         |             |
        |  | text | b    | B     | ${a}    | concat(${a}, '!') |
        """
    )
    assert value(instance, "/data/b") == ""
    instance.answer("/data/a", "x")
    assert value(instance, "/data/b") == "x!"
    instance.answer("/data/b", "mine")
    back = Instance.resume(instance.form, instance.draft(), surroundings())
    assert value(back, "/data/b") == "mine"


def test_dynamic_default_holds_once() -> None:
    """A dynamic default is set at the beginning and kept when the day changes."""
    markdown = """
        | survey |
        |  | type | name | label | default |
        |  | date | d    | D     | today() |
        |  | text | u    | U     | uuid()  |
        """
    instance = begin(markdown)
    assert value(instance, "/data/d") == "2026-11-22"
    later = surroundings(now=NOW.replace(day=25))
    back = Instance.resume(instance.form, instance.draft(), later)
    assert value(back, "/data/d") == "2026-11-22"
    assert value(back, "/data/u") == value(instance, "/data/u") != ""


def test_choices_from_a_file() -> None:
    """select_one_from_file and pulldata read the CSV that travels with the form."""
    read = form(
        """
        | survey |
        |  | type | name | label | calculation | choice_filter |
        |  | select_one_from_file wards.csv | w | Ward | | town = 'ng' |
        |  | calculate | chief | | pulldata('wards', 'chief', 'name', ${w}) | |
        """,
        {"wards.csv": b"name,label,town,chief\nw1,Oloolua,ng,Ole\nw2,Mai,ma,Na\n"},
    )
    instance = Instance.begin(read, surroundings())
    assert [choice.label for choice in instance.state("/data/w").choices] == ["Oloolua"]
    instance.answer("/data/w", "w1")
    assert value(instance, "/data/chief") == "Ole"


def test_last_saved_answer_is_offered() -> None:
    """A default from the last submission is there when the host hands it over."""
    markdown = """
        | survey |
        |  | type | name   | label  | default           |
        |  | text | street | Street | ${last-saved#street} |
        """
    last = "<data><street>Baraza Road</street></data>"
    assert value(begin(markdown, last_saved=last), "/data/street") == "Baraza Road"
    assert value(begin(markdown), "/data/street") == ""


def test_entity_is_declared() -> None:
    """A form that makes an entity fills in its id, its label and that it is new."""
    instance = begin(
        """
        | survey   |
        |          | type | name | label | save_to |
        |          | text | n    | Name  | title   |
        | entities |
        |          | list_name | label |
        |          | trees     | ${n}  |
        """
    )
    instance.answer("/data/n", "Olive")
    xml = instance.finish(NOW).xml
    assert 'dataset="trees"' in xml
    assert 'create="1"' in xml
    assert "<label>Olive</label>" in xml or ":label>Olive<" in xml


def test_properties_come_from_the_host() -> None:
    """Preloads of the device and the person are what the host says."""
    markdown = """
        | survey |
        |  | type     | name | label |
        |  | deviceid | dev  |       |
        |  | username | who  |       |
        |  | today    | day  |       |
        |  | text     | t    | T     |
        """
    instance = begin(markdown, properties={"deviceid": "d1", "username": "amina"})
    found = [value(instance, f"/data/{name}") for name in ("dev", "who", "day")]
    assert found == ["d1", "amina", "2026-11-22"]


def test_other_choice_asks_to_specify() -> None:
    """or_other adds a choice and a question that follows it."""
    instance = begin(
        """
        | survey |
        |  | type | name | label |
        |  | select_one l or_other | a | A |
        | choices |
        |  | list_name | name | label |
        |  | l | x | X |
        """
    )
    instance.answer("/data/a", "other")
    assert instance.stops()[-1].reference == "/data/a_other"


@pytest.mark.parametrize(
    ("type_", "given", "kept"),
    [
        ("integer", " 007 ", "7"),
        ("integer", "1.5", None),
        ("integer", "1e3", None),
        ("integer", "9" * 16, None),
        ("decimal", "1.50", "1.5"),
        ("decimal", "-0.0", "0"),
        ("decimal", "nan", None),
        ("date", "2026-11-22", "2026-11-22"),
        ("date", "2026-02-30", None),
        ("date", "22/11/2026", None),
        ("time", "10:35:00", "10:35:00"),
        ("time", "25:00:00", None),
        ("dateTime", "2026-11-22T10:35:00", "2026-11-22T10:35:00.000+03:00"),
        ("geopoint", "-1.29 36.82", "-1.29 36.82 0 0"),
        ("geopoint", "-91 0", None),
        ("geotrace", "1 2;3 4", "1 2 0 0; 3 4 0 0"),
        ("geoshape", "1 2;3 4;5 6", "1 2 0 0; 3 4 0 0; 5 6 0 0; 1 2 0 0"),
        ("acknowledge", "yes", "OK"),
        ("text", "\x00", None),
        ("image", "../a.jpg", None),
    ],
)
def test_values_have_one_form(type_: str, given: str, kept: str | None) -> None:
    """A value is kept as XForms writes it, or refused where it is none of its type."""
    instance = begin(f"| survey |\n| | type | name | label |\n| | {type_} | q | Q |")
    outcome = instance.answer("/data/q", given)
    assert outcome == (Refusal("type") if kept is None else Change("/data/q", kept))


def test_restless_form_is_stopped() -> None:
    """Two answers that change each other for ever end in an error and not in a loop."""
    xml = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        '<h:head><model><instance><data id="x"><a/><b/></data></instance></model></h:head><h:body>'
        '<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/b"'
        ' value="/data/b + 1"/></input><input ref="/data/b"><setvalue'
        ' event="xforms-value-changed" ref="/data/a" value="/data/b"/></input></h:body></h:html>'
    )
    instance = Instance.begin(read_form(xml), surroundings())
    with pytest.raises(FormError, match="come to rest"):
        instance.answer("/data/b", "1")


def test_language_may_change_in_the_middle() -> None:
    """Replacing the surroundings changes the language of every text from then on."""
    instance = begin(BIRTH, "en")
    assert instance.state("/data/age").label == "Age"
    instance.surroundings = replace(instance.surroundings, language="sw-TZ")
    assert instance.state("/data/age").label == "Umri"
