"""Places: shared by the phone, or typed as `coordinates` reads them.

A point is `latitude longitude altitude accuracy` in degrees and metres, as ODK writes it; a
phone's chat tells no altitude, so that is 0. Of a live location the first point counts. A line or
an area is points with `;` between them, shared one after the other, the last one to be taken back
at any time; an area ends where it began, as ODK closes it, and the person need not do that.

A chat has no map to draw on, so the appearances `maps`, `placement-map` and `quick` change nothing.
"""

from __future__ import annotations

from conversations.events import Event, PlaceShared, TextWritten
from conversations.phrases import Phrase, Problem, Speech, phrase, phrase_of_many, verbatim
from conversations.questions.base import (
    Asked,
    Given,
    Kind,
    Offer,
    Reading,
    Scratched,
    bare,
    done_label,
)
from conversations.questions.coordinates import Point, read_point
from conversations.replies import Block, Key, Keyboard

POINTS_MAX = 100
LINE_POINTS_MIN = 2
AREA_POINTS_MIN = 3

EXAMPLE = "-1.2921, 36.8219"


def _point_of(event: Event) -> Point | Problem:
    match event:
        case PlaceShared(latitude, longitude, accuracy):
            point: Point | None = Point(latitude, longitude, accuracy or 0)
        case TextWritten(text):
            point = read_point(text)
            if point is None and "://" in text:
                return Problem(_link_without_place())
        case _:
            point = None
    if point is None:
        return Problem(_no_place())
    return point if point.on_earth else Problem(_not_on_earth())


def _no_place() -> Phrase:
    # Translators: "Share my place" is the name of a key; please write it as you translate that.
    return phrase(
        "I could not read that as a place. Tap “Share my place”, or write latitude and "
        "longitude like this: {example}",
        example=EXAMPLE,
    )


def _link_without_place() -> Phrase:
    # Translators: the person sent a short link of a map, in which the place itself is not written.
    return phrase(
        "I cannot see a place in that link. Please send the place with the paper clip, or write "
        "latitude and longitude like this: {example}",
        example=EXAMPLE,
    )


def _not_on_earth() -> Phrase:
    # Translators: the person wrote a latitude or a longitude that is too large.
    return phrase(
        "There is no such place. Latitude comes first and goes from -90 to 90, longitude from "
        "-180 to 180. Please check the numbers."
    )


def _share() -> Key:
    # Translators: a key that sends the place where the person is now.
    return Key(phrase("Share my place"), shares_place=True)


def _show_point(point: str) -> Phrase:
    latitude, longitude, _, accuracy = f"{point} 0 0".split()[:4]
    if not float(accuracy):
        return verbatim("{latitude}, {longitude}", latitude=latitude, longitude=longitude)
    return verbatim(
        "{latitude}, {longitude} (±{metres} m)",
        latitude=latitude,
        longitude=longitude,
        metres=max(1, round(float(accuracy))),
    )


# One point


def _ask_point(_asked: Asked) -> Offer:
    # Translators: how to give a place; “Share my place” is the key below.
    how = phrase(
        "Tap “Share my place” below. To give another place, use the paper clip, or write its "
        "latitude and longitude."
    )
    return Offer((Block(how, "hint"),), keyboard=Keyboard(((_share(),),)))


def _read_point(_asked: Asked, event: Event) -> Reading:
    point = _point_of(event)
    return point if isinstance(point, Problem) else Given(str(point))


def _show_place(_asked: Asked, value: str) -> Speech:
    return _show_point(value)


# Several points, one after the other


def _undo() -> Phrase:
    # Translators: a key; the person shares places one after the other, and the last one was wrong.
    return phrase("Remove the last place")


def _ask_points(asked: Asked) -> Offer:
    points = _points(asked.scratch)
    # Translators: how to give a line or an area; "Done" is a key below.
    how = Block(phrase("Share the places one after the other, then tap Done."), "hint")
    keys = ((_share(),), *(((Key(done_label()), Key(_undo())),) if points else ()))
    return Offer((how, *_so_far(points)), keyboard=Keyboard(keys))


def _so_far(points: tuple[str, ...]) -> tuple[Block, ...]:
    if not points:
        return ()
    # Translators: while the person shares points on a map, one after the other.
    count = phrase_of_many("{count} place so far.", "{count} places so far.", len(points))
    return (Block(count), Block(_show_point(points[-1]), "answer"))


def _points(text: str) -> tuple[str, ...]:
    return tuple(point for point in text.split(";") if point)


def _read_points(asked: Asked, event: Event, points_min: int, *, closes: bool) -> Reading:
    points = _points(asked.scratch)
    if _says(asked, event, done_label()):
        return _finished(points, points_min, closes=closes)
    if _says(asked, event, _undo()):
        return Scratched(";".join(points[:-1]))
    point = _point_of(event)
    if isinstance(point, Problem):
        return point
    if len(points) == POINTS_MAX:
        return Problem(
            # Translators: too many places of a line or an area; "Done" is a key below.
            phrase_of_many(
                "That is more than {count} place. Please tap Done.",
                "That is more than {count} places. Please tap Done.",
                POINTS_MAX,
            )
        )
    return Scratched(";".join((*points, str(point))))


def _says(asked: Asked, event: Event, label: Phrase) -> bool:
    return isinstance(event, TextWritten) and bare(event.text) == bare(asked.locale.say(label))


def _finished(points: tuple[str, ...], points_min: int, *, closes: bool) -> Reading:
    if closes and len(points) > 1 and points[-1] == points[0]:
        points = points[:-1]  # Whoever closes the area by hand need not share a corner more.
    if len(points) < points_min:
        return Problem(
            # Translators: too few places of a line or an area were shared.
            phrase_of_many(
                "This needs at least {count} place. Please share another one.",
                "This needs at least {count} places. Please share another one.",
                points_min,
            )
        )
    return Given(";".join((*points, points[0]) if closes else points))


def _read_line(asked: Asked, event: Event) -> Reading:
    return _read_points(asked, event, LINE_POINTS_MIN, closes=False)


def _read_area(asked: Asked, event: Event) -> Reading:
    return _read_points(asked, event, AREA_POINTS_MIN, closes=True)


def _show_line(_asked: Asked, value: str) -> Speech:
    return _how_many(len(_points(value)))


def _show_area(_asked: Asked, value: str) -> Speech:
    """Count the corners; the point that closes an area is its first once more."""
    return _how_many(len(_points(value)) - 1)


def _how_many(count: int) -> Phrase:
    # Translators: stands in the list of answers; points on a map that the person has shared.
    return phrase_of_many("{count} place", "{count} places", count)


GEOPOINT = Kind(_ask_point, _read_point, _show_place)
GEOTRACE = Kind(_ask_points, _read_line, _show_line)
GEOSHAPE = Kind(_ask_points, _read_area, _show_area)
