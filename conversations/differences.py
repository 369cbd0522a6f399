"""What an answer changed beside itself, in words: so that nobody is surprised when they send.

Only what a person can see is told: answers that fell away because they are not asked any more,
answers that have to be given again, and what the form worked out anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conversations.asking import group_name, question_label
from conversations.entries import answer_of, question_of
from conversations.phrases import Speech, phrase, phrase_of_many, verbatim
from conversations.progress import is_note
from conversations.replies import Block
from conversations.scene import Scene, instance_anew
from conversations.session import Draft
from conversations.xform.instance import Instance, QuestionStop, Stop

LINES_MAX = 12
"""So many of one sort are told one by one."""


@dataclass(frozen=True, slots=True)
class Before:
    """How things stood before an answer: what was to be visited, and what had been given."""

    stops: tuple[Stop, ...]
    draft: Draft


def differences(
    scene: Scene, before: Before, later: Instance, but: str, changed: Iterable[str] = ()
) -> tuple[Block, ...]:
    """Tell what an answer to `but` changed beside it.

    `scene` is that before the answer; `but` may be a repeat, whose own instances are not told.
    `changed` are the references that the form worked out again.
    """
    found = _Found.between(before, later, but, frozenset(changed), scene.session.trail)
    if scene.form is None or not found:
        return ()
    earlier = instance_anew(scene, scene.form)
    # Translators: stands above answers that are not needed any more after another one was changed.
    gone = phrase("No longer asked, so these answers fell away:")
    # Translators: stands above questions that must be answered again after another was changed.
    anew = phrase("To be answered again, because of that:")
    # Translators: stands above sums and the like that changed together with an answer.
    worked_out = phrase("Worked out again:")
    return (
        *_listed(gone, [_line(scene, earlier, stop) for stop in found.gone]),
        *_listed(anew, [_line(scene, earlier, stop) for stop in found.anew]),
        *_listed(worked_out, list(_worked_out(scene, earlier, later, found.seen))),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Stops whose answers went, are to be given again, or may read otherwise now."""

    gone: tuple[QuestionStop, ...]
    anew: tuple[QuestionStop, ...]
    seen: tuple[QuestionStop, ...]

    def __bool__(self) -> bool:
        return bool(self.gone or self.anew or self.seen)

    @classmethod
    def between(
        cls,
        before: Before,
        later: Instance,
        but: str,
        changed: frozenset[str],
        trail: Sequence[str],
    ) -> _Found:
        """Compare by references, which is cheap: most answers change nothing beside them."""
        here, read = {stop.reference for stop in later.stops()}, frozenset(trail)
        given, kept = dict(before.draft), dict(later.draft())
        others = tuple(_others(before.stops, but))
        answered = [stop for stop in others if given.get(stop.reference)]
        return cls(
            gone=tuple(stop for stop in answered if stop.reference not in here),
            anew=tuple(s for s in answered if s.reference in here and not kept.get(s.reference)),
            seen=tuple(
                stop
                for stop in others
                if stop.reference in here
                and (stop.reference in changed or stop.question.kind == "note")
                and (stop.reference in read or not is_note(stop, later))
            ),
        )


def _others(stops: Iterable[Stop], but: str) -> Iterator[QuestionStop]:
    for stop in stops:
        inside = stop.reference == but or stop.reference.startswith(f"{but}[")
        if isinstance(stop, QuestionStop) and not inside:
            yield stop


def _line(scene: Scene, instance: Instance, stop: QuestionStop) -> tuple[Block, ...]:
    """Write a question, with the instance of the repeat it stands in, and its answer."""
    answer = answer_of(scene, instance, stop)
    question = question_of(scene, instance, stop, colon=answer is not None)
    place = _place(instance, stop.groups)
    line = verbatim("• {question}", question=question)
    if place is not None:
        line = verbatim("• {place}: {question}", place=place, question=question)
    return (Block(line, "item"), *((Block(answer, "answer"),) if answer else ()))


def _place(instance: Instance, groups: Sequence[str]) -> Speech | None:
    """Name the instance of the innermost repeat around a question."""
    inside = [group for group in groups if group.endswith("]")]
    return group_name(instance, inside[-1]) if inside else None


def _worked_out(
    scene: Scene, earlier: Instance, later: Instance, stops: Iterable[QuestionStop]
) -> Iterator[tuple[Block, ...]]:
    for stop in stops:
        if not is_note(stop, later):
            was, now = earlier.state(stop.reference).value, later.state(stop.reference).value
            if now and was != now:
                yield _line(scene, later, stop)
        elif (now_reads := _reads(later, stop)) != _reads(earlier, stop):
            yield (Block(now_reads, "item"),)


def _reads(instance: Instance, stop: QuestionStop) -> Speech:
    state = instance.state(stop.reference)
    label = question_label(state, stop)
    if not state.value:
        return verbatim("• {label}", label=label)
    return verbatim("• {label} {value}", label=label, value=state.value)


def _listed(title: Speech, lines: Sequence[tuple[Block, ...]]) -> Iterator[Block]:
    if not lines:
        return
    yield Block(title, "plain")
    for line in lines[:LINES_MAX]:
        yield from line
    if (rest := len(lines) - LINES_MAX) > 0:
        # Translators: ends a list of answers that is too long to be shown whole.
        yield Block(phrase_of_many("and {count} more", "and {count} more", rest), "item")
