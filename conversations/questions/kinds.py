"""Which kind of the form is asked by which module: the one table."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.questions.base import Kind
from conversations.questions.choices.agreeing import ACKNOWLEDGE, YES_OR_NO
from conversations.questions.choices.one import SELECT_ONE
from conversations.questions.choices.several import SELECT_MULTIPLE
from conversations.questions.clocks import MOMENT, TIME
from conversations.questions.dates import DATE, MONTH, YEAR
from conversations.questions.media import MEDIA
from conversations.questions.notes import NOTE
from conversations.questions.places import GEOPOINT, GEOSHAPE, GEOTRACE
from conversations.questions.ranges import RANGE
from conversations.questions.rankings import RANK
from conversations.questions.spoken import SPOKEN
from conversations.questions.typed import BARCODE, DECIMAL, INTEGER, TEXT
from conversations.xform import form
from conversations.xform.form import Question

KINDS: Mapping[form.Kind, Kind] = {
    "text": TEXT,
    "integer": INTEGER,
    "decimal": DECIMAL,
    "date": DATE,
    "time": TIME,
    "dateTime": MOMENT,
    "boolean": YES_OR_NO,
    "geopoint": GEOPOINT,
    "geotrace": GEOTRACE,
    "geoshape": GEOSHAPE,
    "select_one": SELECT_ONE,
    "select_multiple": SELECT_MULTIPLE,
    "rank": RANK,
    "range": RANGE,
    "acknowledge": ACKNOWLEDGE,
    "barcode": BARCODE,
    "image": MEDIA,
    "audio": MEDIA,
    "video": MEDIA,
    "file": MEDIA,
    "note": NOTE,
}


def kind_of(question: Question) -> Kind:
    """Find how a question is asked; some dates and texts are kinds of their own."""
    if question.takes_voice:
        return SPOKEN
    if question.kind == "date" and "month-year" in question.appearance:
        return MONTH
    if question.kind == "date" and "year" in question.appearance:
        return YEAR
    return KINDS[question.kind]
