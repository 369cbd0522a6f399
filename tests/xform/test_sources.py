"""Files that travel with a form, as the rows its expressions read."""

from __future__ import annotations

import pytest

from conversations.xform.instance import Instance
from conversations.xform.problems import FormError
from conversations.xform.reader import read_form
from conversations.xform.sources import read_source
from conversations.xpath import Node
from tests.xform.conftest import surroundings
from tests.xform.test_hostile import xform

Row = dict[str, str]

_POINT = (
    b'{"type": "Feature", "id": "f1", "geometry": {"type": "Point", "coordinates": [102, 0.5]},'
    b' "properties": {"id": "own", "name": "Spring", "depth": 77, "safe": true, "owner": null}}'
)
_LINE = (
    b'{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2, 9], [3, 4]]}}'
)
_SHAPE = (
    b'{"type": "Feature", "geometry": {"type": "Polygon",'
    b' "coordinates": [[[1, 2], [3, 4], [5, 6], [1, 2]]]}, "properties": {}}'
)
_NOWHERE = b'{"type": "Feature", "geometry": null, "properties": {"name": "Somewhere"}}'


def _features(*features: bytes) -> bytes:
    return b'{"type": "FeatureCollection", "features": [' + b",".join(features) + b"]}"


FILES: dict[str, tuple[bytes, list[Row]]] = {
    "quoted.csv": (
        b'name,label,first name\n1,"a, b",x\n\n2,"say ""hi""\nthere",\n3\n',
        [
            {"name": "1", "label": "a, b", "first_name": "x"},
            {"name": "2", "label": 'say "hi"\nthere', "first_name": ""},
            {"name": "3"},
        ],
    ),
    "excel.csv": (b"\xef\xbb\xbfname;label\r\n1;A\r\n", [{"name": "1", "label": "A"}]),
    "rows.xml": (
        b'<root><item><name>1</name><label lang="en">A</label></item></root>',
        [{"name": "1", "label": "A"}],
    ),
    "point.geojson": (
        _features(_POINT),
        [
            {
                "geometry": "0.5 102 0 0",
                "name": "Spring",
                "depth": "77",
                "safe": "true",
                "owner": "",
                "id": "f1",
            }
        ],
    ),
    "ways.geojson": (
        _features(_LINE, _SHAPE),
        [{"geometry": "2 1 0 0; 4 3 0 0"}, {"geometry": "2 1 0 0; 4 3 0 0; 6 5 0 0; 2 1 0 0"}],
    ),
    "nowhere.geojson": (_features(_NOWHERE), [{"geometry": "", "name": "Somewhere"}]),
}


def rows(top: Node | None) -> list[Row]:
    """Return the rows of a file's document by column."""
    assert top is not None
    return [{cell.name: cell.text for cell in item.children} for item in top.children[0].children]


@pytest.mark.parametrize("name", FILES)
def test_a_file_becomes_rows(name: str) -> None:
    """CSV, XML and GeoJSON become the same rows, each cell a text; a place is written as ODK's."""
    data, expected = FILES[name]
    assert rows(read_source(f"jr://file/{name}", {name: data})) == expected


REFUSED = {
    "latin.csv": ("name,label\n1,café\n".encode("latin-1"), "Save it as CSV UTF-8"),
    "text.geojson": (b"[]", "it is no FeatureCollection"),
    "points.geojson": (
        _features(b'{"geometry": {"type": "MultiPoint", "coordinates": [[1, 2]]}}'),
        "MultiPoint has no ODK form",
    ),
    "broken.xml": (b"<root><item>", "broken.xml"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_in_words(name: str) -> None:
    """The refusal names the file and says what is wrong with it."""
    data, said = REFUSED[name]
    with pytest.raises(FormError, match=said):
        read_source(f"jr://file/{name}", {name: data})


def test_a_file_is_found_whatever_its_kind() -> None:
    """A calculation reads a row of an XML and of a GeoJSON file alike."""
    instances = (
        '</instance><instance id="a" src="jr://file/rows.xml"/>'
        '<instance id="b" src="jr://file/point.geojson">'
    )
    binds = (
        '<bind nodeset="/data/q" calculate="instance(\'a\')/root/item[name = 1]/label"/>'
        "<bind nodeset=\"/data/r\" calculate=\"pulldata('b', 'geometry', 'id', 'f1')\"/>"
    )
    whole = xform("<q/><r/>", binds).replace("</instance>", f"{instances}</instance>", 1)
    media = {name: data for name, (data, _) in FILES.items()}
    instance = Instance.begin(read_form(whole, media), surroundings())
    assert instance.state("/data/q").value == "A"
    assert instance.state("/data/r").value == "0.5 102 0 0"
