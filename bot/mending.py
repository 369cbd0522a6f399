"""What moderators change in a report: answers corrected and put back, words and pictures hidden.

A correction is a further submission in the report's chain, as ODK Central keeps edits, so tables
show it and the original stands beside it. Words that are blacked out go from every version in the
chain, and so do those beside a file; what stood there is kept sealed, for whoever holds the key.
So is a picture of which a part is painted black: all versions with that picture have the painted
one (made by `bot.blackening`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from conversations.phrases import Locale, Problem, phrase
from conversations.programme import Programme
from conversations.refusals import refused
from conversations.replies import KeepSubmission
from conversations.reviewing.acts import (
    Correction,
    EditAnswer,
    RedactPicture,
    RedactText,
    RestorePicture,
    RevertAnswer,
)
from conversations.scene import Scene, surroundings_of
from conversations.session import Session
from conversations.turn import Occasion, Person
from conversations.xform.editing import read_submission
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Refusal, UnfinishedError
from conversations.xform.xml import local, parse
from storage import attachments, sealing, submissions
from storage.errors import ConsentMissing
from storage.store import Store, Unit
from storage.submissions import Standing, Submission

BLACK: Final = "█"


@dataclass(frozen=True, slots=True)
class NewPicture:
    """What a picture becomes: the SHA-256 of what it was and of what it is, which stands in Files.

    `sealed` is the SHA-256 of the sealed original; blank where the original itself comes back.
    """

    was: str
    sha256: str
    size_bytes: int
    sealed: str


@dataclass(frozen=True, slots=True)
class Mending:
    """Changes reports of one programme, in the caller's unit."""

    store: Store
    programme: Programme
    locale_of: Callable[[str], Locale]

    async def mend(
        self,
        unit: Unit,
        instance_id: str,
        wanted: Correction,
        now: datetime,
        picture: NewPicture | None = None,
    ) -> Problem | None:
        """Change a report, by its original's id; or say why not, having changed nothing.

        `picture` is what a picture becomes, where one is to be changed.
        """
        standing = await submissions.standing_of(unit, instance_id)
        form = self._form(standing.submission) if standing else None
        if standing is None or form is None:
            # Translators: to a moderator: the form of a report is not kept any more.
            return Problem(phrase("This report cannot be changed: its form is not here any more."))
        match wanted:
            case EditAnswer(reference, value):
                return await self._edit(unit, standing, form, reference, value, now)
            case RevertAnswer(reference):
                original = await submissions.by_id(unit, standing.original)
                assert original is not None  # noqa: S101 - what stands has an original.
                value = _value(self.opened(form, original, now), reference)
                return await self._edit(unit, standing, form, reference, value, now)
            case RedactText(reference, start, end):
                value = self.value_of(standing, reference, now)
                files = await attachments.of_submission(unit, standing.submission.instance_id)
                file = next((one for one in files if one.name == value), None)
                if file is not None:
                    words = file.caption[start:end]
                    return await self._black_out_beside(unit, standing, reference, words, now)
                return await self._black_out(unit, standing, reference, value[start:end], now)
            case RedactPicture() | RestorePicture() if picture is None:
                # Translators: to a moderator.
                return Problem(phrase("A picture cannot be changed here."))
            case RedactPicture(reference) | RestorePicture(reference):
                name = self.value_of(standing, reference, now)
                return await self._replace(unit, standing, name, picture, now)

    def value_of(self, standing: Standing | None, reference: str, now: datetime) -> str:
        """Return an answer of a report as the form holds it; blank where there is none."""
        form = self._form(standing.submission) if standing else None
        if standing is None or form is None:
            return ""
        return _value(self.opened(form, standing.submission, now), reference)

    def _form(self, sent: Submission) -> Form | None:
        return self.programme.forms.get((sent.form_id, sent.form_version))

    def opened(self, form: Form, sent: Submission, now: datetime) -> Instance:
        """Open a submission, to be read or to become the next in its chain."""
        return read_submission(form, sent.xml, surroundings_of(self._scene(sent, now), form))

    def _scene(self, sent: Submission, now: datetime) -> Scene:
        """Return the surroundings in which a report is corrected: those of its reporter."""
        key, began = uuid5(NAMESPACE_URL, sent.instance_id).hex, sent.kept_at.isoformat()
        about = (sent.form_id, sent.form_version)
        session = Session(key, sent.language, "summary", *about, began_at=began)
        occasion = Occasion(now, key, self.locale_of)
        return Scene(self.programme, Person(sent.language), session, occasion)

    async def _edit(  # noqa: PLR0913, PLR0917 - which answer of which report, as it shall be, when.
        self,
        unit: Unit,
        standing: Standing,
        form: Form,
        reference: str,
        value: str,
        now: datetime,
    ) -> Problem | None:
        sent = standing.submission
        instance = self.opened(form, sent, now)
        try:
            outcome = instance.answer(reference, value)
            if isinstance(outcome, Refusal):
                return refused(self._scene(sent, now), instance, reference, outcome)
            finished = instance.finish(now.astimezone(self.programme.zone))
        except KeyError:
            # Translators: to a moderator who wants to correct an answer.
            return Problem(phrase("This question is not part of the report."))
        except UnfinishedError:
            # Translators: to a moderator: a corrected answer makes others necessary.
            return Problem(phrase("With that answer, others would be missing. Ask the reporter."))
        kept = KeepSubmission(
            *(finished.instance_id, sent.form_id, sent.form_version, sent.language),
            *(sent.receipt, finished.xml, finished.attachments, sent.instance_id),
        )
        return await self._keep(unit, sent, kept, now)

    async def _keep(
        self, unit: Unit, sent: Submission, kept: KeepSubmission, now: datetime
    ) -> Problem | None:
        try:
            await submissions.keep(unit, sent.reporter, self.programme.name, kept, now)
        except ConsentMissing:
            # Translators: to a moderator: whoever sent the report has taken back their consent.
            return Problem(phrase("Its reporter has taken back their consent: nothing is changed."))
        names = kept.attachments
        await attachments.inherit(unit, sent.instance_id, kept.instance_id, names)
        return None

    async def _black_out(
        self, unit: Unit, standing: Standing, reference: str, words: str, now: datetime
    ) -> Problem | None:
        if not words.strip():
            # Translators: to a moderator who wants to black out a part of an answer.
            return Problem(phrase("These words do not stand in the answer."))
        chain = await submissions.chain_of(unit, standing.original)
        for sent in chain:
            xml, before = _without(sent.xml, reference, words)
            if before:
                for text in before:
                    await sealing.keep(unit, self.store, sent.instance_id, reference, text, now)
                await submissions.rewrite(unit, sent.instance_id, xml)
        return None

    async def _black_out_beside(
        self, unit: Unit, standing: Standing, reference: str, words: str, now: datetime
    ) -> Problem | None:
        """Black words out that somebody wrote beside a file, in all versions of the report."""
        if not words.strip():
            # Translators: to a moderator who wants to black out a part of an answer.
            return Problem(phrase("These words do not stand in the answer."))
        for sent in await submissions.chain_of(unit, standing.original):
            for file in await attachments.of_submission(unit, sent.instance_id):
                if words in file.caption:
                    about = (sent.instance_id, reference, file.caption)
                    await sealing.keep(unit, self.store, *about, now)
                    hidden = file.caption.replace(words, BLACK * len(words))
                    await attachments.recaption(unit, sent.instance_id, file.name, hidden)
        return None

    async def _replace(
        self, unit: Unit, standing: Standing, name: str, picture: NewPicture, now: datetime
    ) -> Problem | None:
        """Let a picture be another one in all versions; keep, or forget, what is sealed of it."""
        files = await attachments.of_submission(unit, standing.submission.instance_id)
        if picture.was not in {one.sha256 for one in files if one.name == name}:
            # Translators: to a moderator who wants to black out a part of a picture.
            return Problem(phrase("The picture was changed meanwhile. Look at it again."))
        original = standing.original
        about = (original, picture.was, picture.sha256, picture.size_bytes)
        await attachments.replace(unit, *about)
        hidden = await sealing.files_of(unit, original)
        before = next((one for one in hidden if one.painted == picture.was), None)
        if not picture.sealed:
            if before:
                await sealing.forget_file(unit, before)
        elif before:
            await sealing.repainted(unit, original, picture.was, picture.sha256)
        else:
            await sealing.keep_file(unit, original, picture.sha256, picture.sealed, now)
        return None


def _value(instance: Instance, reference: str) -> str:
    try:
        return instance.state(reference).value
    except KeyError:
        return ""


def _without(xml: str, reference: str, words: str) -> tuple[str, list[str]]:
    """Black words out of an answer wherever it stands; return the XML and what stood there."""
    root = parse(xml, "The submission")
    path = [part.partition("[")[0] for part in reference.strip("/").split("/")]
    before: list[str] = []
    for element in _at(root, path):
        if element.text and words in element.text:
            before.append(element.text)
            element.text = element.text.replace(words, BLACK * len(words))
    return etree.tostring(root, encoding="unicode"), before


def _at(root: etree._Element, path: list[str]) -> Iterable[etree._Element]:
    found = [root] if local(root) == path[0] else []
    for name in path[1:]:
        found = [child for element in found for child in element if local(child) == name]
    return found
