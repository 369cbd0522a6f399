"""What a chat cannot do, said when a form is read: warnings that name the question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from conversations.xform.form import Form, Question
from conversations.xform.gathering import Gathering
from conversations.xform.xml import attributes, children, local

_APPEARANCES: Final = {
    "draw": ("A drawing cannot be made in a chat.", "A photo of a drawing will be asked for."),
    "annotate": ("A picture cannot be drawn on in a chat.", "A photo will be asked for."),
    "signature": ("A signature cannot be drawn in a chat.", "A photo of it will be asked for."),
    "image-map": ("Parts of a picture cannot be tapped.", "The choices are shown as a list."),
    "bearing": ("A chat cannot read the compass.", "Degrees will be asked for as a number."),
    "masked": (
        "What is typed stays in sight in the chat.",
        "The bot shows it as dots; ask only for what may be seen.",
    ),
    "map": ("Choices cannot be shown on a map in a chat.", "They are shown as a list."),
}
_CALENDARS: Final = frozenset(
    {"bikram-sambat", "coptic", "ethiopian", "islamic", "myanmar", "persian"}
)
_KINDS: Final = {
    "geotrace": ("A line cannot be drawn on a map.", "Its points are asked for one by one."),
    "geoshape": ("An area cannot be drawn on a map.", "Its corners are asked for one by one."),
}
_ACTIONS: Final = {
    "setgeopoint": ("A chat cannot find the place in the background.", "Ask for a geopoint."),
    "recordaudio": ("A chat cannot record sound in the background.", "Ask for an audio answer."),
}


def warn_of_limits(form: Form, model: etree._Element, gathering: Gathering) -> None:
    """Warn of every question, action or setting that a chat cannot honour."""
    for element in form.elements.values():
        if isinstance(element, Question):
            for what, mend in _of_question(element):
                gathering.warn(what, mend, element.path)
    for action in (*children(model), *_nested_actions(model)):
        if local(action) in _ACTIONS:
            gathering.warn(*_ACTIONS[local(action)], attributes(action).get("ref"))
    if any("base64RsaPublicKey" in attributes(one) for one in children(model, "submission")):
        gathering.warn(
            "Submissions are not encrypted with public_key.",
            "They are kept on your own machine; take public_key out of the settings.",
            "public_key",
            "settings",
        )
    if f"{form.model.path}/meta/audit" in form.plan.places:
        gathering.warn(
            "A chat keeps no audit log of screens.", "It stays blank; take it out.", "audit"
        )


def _nested_actions(model: etree._Element) -> Iterator[etree._Element]:
    document = model.getroottree().getroot()
    for body in children(document, "body"):
        for element in body.iter():
            if isinstance(element.tag, str):
                yield element


def _of_question(question: Question) -> Iterator[tuple[str, str]]:
    if question.kind in _KINDS:
        yield _KINDS[question.kind]
    for appearance in sorted(question.appearance):
        if appearance in _APPEARANCES:
            yield _APPEARANCES[appearance]
        elif appearance in _CALENDARS:
            yield (
                "Dates are asked for in the Gregorian calendar.",
                "They are kept as ODK keeps them.",
            )
        elif appearance.startswith("ex:"):
            yield "A chat cannot open another app.", "Its answer will be asked for."
        elif appearance.startswith("printer"):
            yield "A chat cannot print.", "Leave the question out, or have its text copied."
        elif appearance.startswith("search("):
            yield (
                "The appearance search() is not supported.",
                "Use select_one_from_file instead.",
            )
