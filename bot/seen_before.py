"""A picture that arrived, held against those of other reports; its report's case is weighed again.

The bytes of a photo come after the report that names it was kept, so these two checks come later
than the others, in a transaction of their own.
"""

from __future__ import annotations

from datetime import datetime

from bot.casebook import keep_weighed
from conversations.areas import area_at
from conversations.checks.doubts import Doubt
from conversations.checks.facts import Facts, Picture
from conversations.checks.pictures import old_photos, same_pictures
from conversations.plain import to_plain
from conversations.programme import Programme
from conversations.reviewing.cases import Case
from conversations.sheets.flags import Severity
from storage import cases, flags, pictures, precedents, submissions
from storage.attachments import Attachment, Look
from storage.flags import Raised
from storage.store import Unit


async def look_at(
    unit: Unit, programme: Programme, attachment: Attachment, look: Look, now: datetime
) -> bool:
    """Raise what a picture gives cause to doubt; tell whether anything was raised.

    A picture of a report that is still under way is looked at with that, when it is sent.
    """
    sent = await submissions.by_id(unit, attachment.instance_id) if attachment.instance_id else None
    if sent is None or sent.programme != programme.name:
        return False
    original = await submissions.original_of(unit, sent.instance_id)
    known_in = await pictures.like(unit, programme.name, original, look.bits)
    await pictures.note(unit, programme.name, original, attachment.name, look.bits, now)
    if programme.moderation.review == "none":
        return False
    picture = Picture(attachment.name, look.bits, look.taken_at, known_in)
    facts = Facts((), sent.language, sent.kept_at.astimezone(programme.zone), pictures=(picture,))
    found = [*same_pictures(facts), *old_photos(facts)]
    fresh = [one for one in found if one.check not in programme.moderation.checks_off]
    raised = [await _raise(unit, programme, original, one, now) for one in fresh]
    if not any(raised):
        return False
    case, place = await cases.hold(unit, original), await precedents.place_of(unit, original)
    area = area_at(programme.areas, place) if place else ""
    begun = Case(original, sent.form_id, sent.language, now, Severity.LOW, area=area)
    standing = await flags.of(unit, original)
    await keep_weighed(unit, programme, case, begun, standing, now)
    return True


async def _raise(
    unit: Unit, programme: Programme, original: str, doubt: Doubt, now: datetime
) -> bool:
    about = (original, programme.name, "check", doubt.check, doubt.severity)
    words = to_plain(doubt.words)
    return await flags.raise_(
        unit,
        Raised(*about, words, now, "queue", doubt.about, doubt.other),  # type: ignore[arg-type]  # One of the three sources.
    )
