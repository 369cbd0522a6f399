"""Submissions as ODK Central's CSV lays them out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from conversations.tables import Receipt, TableRow, cells_of, headings_of, rows_of, tables_of
from conversations.xform.form import Bind, Form, Repeat
from conversations.xform.model import read_model_node
from conversations.xform.plan import Plan

BIRTH = """
<data id="birth"><start/><place><county/><at/>
  <child template=""><name/><given><dose/></given><dose><n/></dose></child>
  <child><name/><given><dose/></given><dose><n/></dose></child>
</place><meta><instanceID/></meta></data>"""
REPEATS = ("/data/place/child", "/data/place/child/dose")
RECEIPT = Receipt(
    datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC),
    "3",
    "received",
    2,
    1,
    "4T7K",
    language="sw",
    consent="2026-11",
)


def form_of(instance: str, *repeats: str, geopoints: tuple[str, ...] = ()) -> Form:
    """Return a form with just what tables look at."""
    return Form(
        form_id="birth",
        version="3",
        title="Birth",
        languages=(),
        default_language="",
        body=(),
        model=read_model_node(etree.fromstring(instance)),
        binds={path: Bind(path, "geopoint") for path in geopoints},
        elements={path: Repeat(path, path.rpartition("/")[2], ()) for path in repeats},
        texts={},
        plan=Plan(places={}, steps=(), readers={}),
    )


def test_headings() -> None:
    """Groups are joined by a dash, places take four columns, repeats have their own tables."""
    tables = tables_of([form_of(BIRTH, *REPEATS, geopoints=("/data/place/at",))])
    assert [(table.name, ",".join(headings_of(table))) for table in tables] == [
        (
            "",
            (
                "SubmissionDate,start,place-county,place-at-Latitude,place-at-Longitude,"
                "place-at-Altitude,place-at-Accuracy,meta-instanceID,KEY,SubmitterID,SubmitterName,"
                "AttachmentsPresent,AttachmentsExpected,Status,ReviewState,DeviceID,Edits,FormVersion"
                ",Receipt,Language,ConsentVersion"
            ),
        ),
        ("child", "name,given-dose,PARENT_KEY,KEY"),
        ("dose", "n,PARENT_KEY,KEY"),
    ]


def test_rows() -> None:
    """Every instance of a repeat is a row that says where it stands."""
    tables = tables_of([form_of(BIRTH, *REPEATS, geopoints=("/data/place/at",))])
    xml = """<data xmlns:orx="http://openrosa.org/xforms" id="birth"><place><county>Narok</county>
      <at>-1.29 36.82 0 5</at><child><name>A</name></child>
      <child><name>B</name><given><dose>x y</dose></given><dose><n>1</n></dose><dose><n>2</n></dose>
      </child></place><orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>"""
    written = [
        (table.name, *cells_of(table, row, RECEIPT))
        for table in tables
        for row in rows_of(xml, "uuid:1", tables)
        if row.table == table.path
    ]
    assert written == [
        (
            *("", "2026-11-22T09:30:15.123Z", "", "Narok", "-1.29", "36.82", "0", "5", "uuid:1"),
            *("uuid:1", "", "", "1", "2", "", "received", "", "0", "3", "4T7K", "sw", "2026-11"),
        ),
        ("child", "A", "", "uuid:1", "uuid:1/place/child[1]"),
        ("child", "B", "x y", "uuid:1", "uuid:1/place/child[2]"),
        ("dose", "1", "uuid:1/place/child[2]", "uuid:1/place/child[2]/dose[1]"),
        ("dose", "2", "uuid:1/place/child[2]", "uuid:1/place/child[2]/dose[2]"),
    ]


def test_versions_together() -> None:
    """Columns stand in the newest version's order, those only older versions have after them."""
    newer, older = form_of("<data><b/><a/></data>"), form_of("<data><a/><gone/><b/></data>")
    (table,) = tables_of([newer, older])
    assert [column.path for column in table.columns] == ["/data/b", "/data/a", "/data/gone"]


def test_nothing_dropped() -> None:
    """An answer that no known version of the form asks for is kept in a column of its own."""
    (table,) = tables_of([form_of("<data><a/></data>")])
    xml = "<data><a>1</a><a>2</a><new><x>3</x><x>4</x></new></data>"
    (row,) = rows_of(xml, "uuid:1", [table])
    assert row == TableRow(
        "/data", "uuid:1", "", {"/data/a": "1"}, {"a": "2", "new-x": "3", "new-x[2]": "4"}
    )
    assert cells_of(table, row, RECEIPT, ["new-x"])[1:3] == ("1", "3")


@pytest.mark.parametrize("name", ["one", "two"])
def test_repeats_of_one_name(name: str) -> None:
    """Two repeats of one name are told apart by the groups around them."""
    instance = "<data><one><kid><a/></kid></one><two><kid><a/></kid></two></data>"
    tables = tables_of([form_of(instance, "/data/one/kid", "/data/two/kid")])
    assert f"{name}-kid" in {table.name for table in tables}
