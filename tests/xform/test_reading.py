"""What a form says of itself once it is read, and why a form is refused."""

from __future__ import annotations

import pytest

from conversations.xform.form import Group, Question, Repeat
from conversations.xform.instance import Instance
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from tests.xform.conftest import begin, form, surroundings

LANGUAGES = """
    | survey |      |      |              |                       |
    |        | type | name | label::English (en) | label::Kiswahili (sw) |
    |        | text | q    | Name         | Jina                  |
    """
KINDS = """
    | survey |
    |        | type                 | name | label | appearance | parameters | read_only |
    |        | text                 | a    | A     | multiline  |            |           |
    |        | integer              | b    | B     |            |            |           |
    |        | decimal              | c    | C     |            |            |           |
    |        | date                 | d    | D     |            |            |           |
    |        | geopoint             | e    | E     |            |            |           |
    |        | select_one l         | f    | F     | minimal    |            |           |
    |        | select_multiple l    | g    | G     |            |            |           |
    |        | rank l               | h    | H     |            |            |           |
    |        | range                | i    | I     |            | start=1 end=5 step=1 |  |
    |        | acknowledge          | j    | J     |            |            |           |
    |        | image                | k    | K     |            | max-pixels=640 |       |
    |        | audio                | l    | L     |            |            |           |
    |        | file                 | m    | M     |            |            |           |
    |        | note                 | n    | N     |            |            |           |
    |        | barcode              | o    | O     |            |            |           |
    |        | time                 | p    | P     |            |            |           |
    |        | dateTime             | r    | R     |            |            |           |
    | choices |
    |         | list_name | name | label |
    |         | l         | x    | X     |
    |         | l         | y    | Y     |
    """


def test_language_is_found_by_tag() -> None:
    """A tag, its parent and a foreign tag find the right language of the workbook."""
    read = form(LANGUAGES)
    assert read.languages == ("English (en)", "Kiswahili (sw)")
    assert read.language("sw") == read.language("sw-KE") == "Kiswahili (sw)"
    assert read.language("fr") == read.default_language


def test_kinds_of_questions() -> None:
    """Each XLSForm type is told by one word."""
    kinds = [one.kind for one in form(KINDS).body if isinstance(one, Question)]
    assert kinds == [
        *("text", "integer", "decimal", "date", "geopoint", "select_one", "select_multiple"),
        *("rank", "range", "acknowledge", "image", "audio", "file", "note", "barcode"),
        *("time", "dateTime"),
    ]


def test_parameters_and_appearance() -> None:
    """Parameters of a range and the words of an appearance reach the question."""
    elements = form(KINDS).elements
    scale, name = elements["/data/i"], elements["/data/a"]
    assert isinstance(scale, Question)
    assert isinstance(name, Question)
    assert (scale.parameters["start"], scale.parameters["end"]) == ("1", "5")
    assert name.appearance == {"multiline"}


def test_groups_and_repeats_keep_their_place() -> None:
    """A repeat takes the label of the group that XLSForm writes around it."""
    read = form(
        """
        | survey |
        |        | type         | name  | label    | appearance |
        |        | begin group  | home  | Home     | field-list |
        |        | begin repeat | child | Children |            |
        |        | text         | name  | Name     |            |
        |        | end repeat   |       |          |            |
        |        | end group    |       |          |            |
        """
    )
    group = read.body[0]
    assert isinstance(group, Group)
    assert group.appearance == {"field-list"}
    repeat = group.children[0]
    assert isinstance(repeat, Repeat)
    assert (repeat.path, repeat.label is None, repeat.count) == ("/data/home/child", False, None)


def _model(binds: str, nodes: str = "<a/><b/><c/>") -> str:
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        f'<h:head><model><instance><data id="x">{nodes}</data></instance>{binds}</model></h:head>'
        '<h:body><input ref="/data/a"><label>A</label></input></h:body></h:html>'
    )


@pytest.mark.parametrize(
    "binds",
    [
        '<bind nodeset="/data/a" calculate=". + 1"/>',
        '<bind nodeset="/data/a" relevant=". &gt; 0"/>',
        '<bind nodeset="/data/a" required=". &gt; 0"/>',
        '<bind nodeset="/data/a" readonly="/data/a &gt; 0"/>',
        '<bind nodeset="/data/a" calculate="/data/b"/><bind nodeset="/data/b" calculate="../a"/>',
    ],
)
def test_circles_are_refused(binds: str) -> None:
    """A form whose values wait for each other is refused, and the circle is named."""
    with pytest.raises(FormError, match=r"A circle: a → (a|b → a)"):
        read_form(_model(binds))


@pytest.mark.parametrize("aspect", ["required", "readonly"])
def test_questions_may_require_each_other(aspect: str) -> None:
    """What two questions require of each other's answers is no circle: nothing is worked out twice.

    JavaRosa's TriggerableDag orders only relevance and calculations (ConditionAction.isCascading)
    and asks for this in TriggerableDagTest, though its parser has refused such forms.
    """
    one = f'<bind nodeset="/data/a" {aspect}="/data/b &gt; 0"/>'
    other = f'<bind nodeset="/data/b" {aspect}="/data/a &gt; 0"/>'
    assert read_form(_model(one + other)).binds


def test_constraint_may_speak_of_its_own_value() -> None:
    """A constraint is no circle."""
    assert read_form(_model('<bind nodeset="/data/a" constraint=". &gt; 10"/>')).binds


def test_all_problems_are_told_at_once() -> None:
    """Two broken expressions give two problems."""
    binds = '<bind nodeset="/data/a" relevant="1 +"/><bind nodeset="/data/b" calculate="nope("/>'
    with pytest.raises(FormError) as caught:
        read_form(_model(binds))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"PK\x03\x04",
        b"<a>",
        b"<html/>",
        b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 100_000,
    ],
)
def test_hostile_xml_is_refused(xml: bytes) -> None:
    """What is no XForm, or an attack, is refused with a problem."""
    with pytest.raises(FormError):
        read_form(xml)


def test_what_a_chat_cannot_do_is_a_warning() -> None:
    """A drawing and a line on a map are named, and the form still loads."""
    warnings = form(
        """
        | survey |
        |        | type     | name | label | appearance |
        |        | image    | sign | Sign  | signature  |
        |        | geotrace | path | Path  |            |
        """
    ).warnings
    assert [warning.name for warning in warnings] == ["/data/sign", "/data/path"]
    assert all(warning.level == "warning" for warning in warnings)


WARDS = """
    | survey |
    |        | type                     | name   | label   | required | choice_filter    |
    |        | text                     | county | County? |          |                  |
    |        | select_one_external ward | ward   | Ward?   | yes      | county=${county} |
    | external_choices |
    |         | list_name | name | label | county |
    |         | ward      | east | East  | n      |
    """


def test_choices_left_beside_the_form_are_warned_of() -> None:
    """A `query` whose list did not come with the XForm is warned of by name, and asked as text."""
    instance = begin(WARDS)
    (warning,) = instance.form.warnings
    assert warning.name == "ward"
    assert "instance('ward')" in warning.what
    assert "as text" in warning.mend
    assert instance.answer("/data/ward", "anything")
    assert instance.state("/data/ward").value == "anything"
    assert instance.state("/data/ward").required_ok
    assert not instance.failures()


def test_a_query_of_a_list_in_the_form_is_a_choice() -> None:
    """A `query` whose list is in the XForm offers it."""
    source = form(WARDS).source
    wards = "<root><item><name>east</name><label>East</label><county>n</county></item></root>"
    inside = source.replace("<bind", f'<instance id="ward">{wards}</instance><bind', 1)
    instance = Instance.begin(read_form(inside), surroundings())
    instance.answer("/data/county", "n")
    assert [choice.label for choice in instance.state("/data/ward").choices] == ["East"]
    question = instance.form.elements["/data/ward"]
    assert isinstance(question, Question)
    assert question.kind == "select_one"
    assert not instance.form.warnings
