"""Secondary instances: lists of the form itself, and files that travel with it.

CSV, XML and GeoJSON become the same light nodes: `<root><item>` with one child a column.
Source: https://getodk.github.io/xforms-spec/#secondary-instances
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from conversations.xform.problems import FormError, FormProblem
from conversations.xform.xml import parse, read_nodes
from conversations.xpath import Node, document

ROWS_MAX = 200_000


def read_source(source: str, media: Mapping[str, bytes]) -> Node | None:
    """Read the file a `jr://` address names; None where the form came without it.

    Raises FormError where the file cannot be read.
    """
    name = source.rpartition("/")[2]
    data = _find(name, media)
    if data is None:
        return None
    try:
        return _read(name, data)
    except UnicodeDecodeError as error:
        problem = FormProblem(f"The file {name} is not in UTF-8.", "Save it as CSV UTF-8.")
        raise FormError([problem]) from error
    except (ValueError, KeyError, TypeError, csv.Error, RecursionError) as error:
        problem = FormProblem(f"The file {name} cannot be read: {error}.", "Save it again.")
        raise FormError([problem]) from error


def blank() -> Node:
    """Return an instance without items, which stands in for a file that is not there."""
    return document(Node("root"))


def one_row(cells: Mapping[str, str]) -> Node:
    """Return an instance of one row, such as the report that a follow-up belongs to."""
    root = Node("root")
    for name, text in cells.items():
        root.append(Node(name, text))
    return document(root)


def _find(name: str, media: Mapping[str, bytes]) -> bytes | None:
    if name in media:
        return media[name]
    lower = name.lower()
    for candidate, data in media.items():
        if candidate.rpartition("/")[2].lower() in (lower, f"{lower}.csv"):
            return data
    return None


def _read(name: str, data: bytes) -> Node:
    lower = name.lower()
    if lower.endswith(".xml"):
        return read_nodes(parse(data, f"The file {name}"))
    if lower.endswith((".geojson", ".json")):
        return _from_geojson(json.loads(data))
    return _from_csv(data.decode("utf-8-sig"))


def _from_csv(text: str) -> Node:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns = [_element_name(column) for column in next(rows, [])]
    return _items(
        list(zip(columns, row, strict=False)) for row in rows if any(cell.strip() for cell in row)
    )


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else ","


def _element_name(column: str) -> str:
    return re.sub(r"[^\w.\-]", "_", column.strip())


def _from_geojson(collection: Any) -> Node:  # noqa: ANN401 - a file may hold anything.
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        message = "it is no FeatureCollection"
        raise ValueError(message)
    return _items(_feature(dict(feature)) for feature in collection["features"])


def _feature(feature: Mapping[str, Any]) -> list[tuple[str, str]]:
    geometry = feature.get("geometry")  # Null is a feature without a place (RFC 7946, 3.2).
    cells = [("geometry", "" if geometry is None else _geometry(dict(geometry)))]
    cells += [(key, _cell(value)) for key, value in dict(feature.get("properties") or {}).items()]
    if "id" in feature:
        cells = [cell for cell in cells if cell[0] != "id"] + [("id", _cell(feature["id"]))]
    return cells


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _geometry(geometry: Mapping[str, Any]) -> str:
    places = geometry["coordinates"]
    match geometry["type"]:
        case "Point":
            return _point(places)
        case "LineString":
            return "; ".join(_point(place) for place in places)
        case "Polygon":
            return "; ".join(_point(place) for place in places[0])
    message = f"a geometry of type {geometry['type']} has no ODK form"
    raise ValueError(message)


def _point(place: list[float]) -> str:
    longitude, latitude, *_ = place
    return f"{latitude} {longitude} 0 0"


def _items(rows: Any) -> Node:  # noqa: ANN401 - any iterable of rows of cells.
    root = Node("root")
    for count, row in enumerate(rows):
        if count >= ROWS_MAX:
            message = f"it has more than {ROWS_MAX:,} rows"
            raise ValueError(message)
        item = root.append(Node("item"))
        for name, text in row:
            if name:
                item.append(Node(name, text))
    return document(root)
