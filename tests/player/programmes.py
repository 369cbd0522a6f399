"""What a stage direction changes about a programme."""

from __future__ import annotations

import re
from dataclasses import replace

from conversations.moderation import Moderation
from conversations.programme import Consent, FormKey, Limits, Programme
from conversations.xform.form import Form

_REASON = re.compile(r'reports may be rejected as (\w+): "(.+)"')
_QUESTION = re.compile(r'reporters may be asked (\w+): "(.+)"')
_FALLS_BACK = re.compile(r"([\w-]+) falls back on ([\w-]+)")
_UNSENT = re.compile(r"reports that wait for (\d+) days are (sent|thrown away)")
_CHANGEABLE = re.compile(r"reports may be changed for (\d+) hours")
_LIMITED = re.compile(
    r"one person may (?:send|have) (\d+) "
    r"(updates a minute|reports a day|reports open|MB of files a day)"
)


def changed(programme: Programme, said: str) -> Programme | None:
    """Return the programme as a directive changes it; None where it changes none."""
    if said == "the form is replaced by a newer version":
        return _with_newer_forms(programme)
    if said == "the programme is of high risk":
        return replace(programme, safety="high-risk")
    if said == "the programme is under attack":
        return replace(programme, validation=replace(programme.validation, probation=True))
    if said == "the consent text changes":
        return _with_newer_consent(programme)
    if unsent := _UNSENT.fullmatch(said):
        courtesy = replace(
            programme.courtesy, expire_days=int(unsent[1]), hand_in=unsent[2] == "sent"
        )
        return replace(programme, courtesy=courtesy)
    if stands_in := _FALLS_BACK.fullmatch(said):
        return replace(programme, fallback={stands_in[1]: (stands_in[2],)})
    if reviewed := _reviewed(programme.moderation, said):
        return replace(programme, moderation=reviewed)
    if hours := _CHANGEABLE.fullmatch(said):
        return replace(programme, edit_hours=int(hours.group(1)))
    if limited := _LIMITED.fullmatch(said):
        return replace(programme, limits=_limited(programme.limits, *limited.groups()))
    return None


def _reviewed(moderation: Moderation, said: str) -> Moderation | None:
    """Return how the programme reviews as a directive changes it; None where it does not."""
    if said == "every report is reviewed":
        return replace(moderation, review="all")
    if said == "two persons must agree":
        return replace(moderation, rules=replace(moderation.rules, two_persons=True))
    if question := _QUESTION.fullmatch(said):
        questions = {**moderation.questions, question.group(1): {"en": question.group(2)}}
        return replace(moderation, questions=questions)
    if reason := _REASON.fullmatch(said):
        reasons = {**moderation.reasons, reason.group(1): {"en": reason.group(2)}}
        return replace(moderation, reasons=reasons)
    return None


def _limited(limits: Limits, number: str, what: str) -> Limits:
    match what:
        case "updates a minute":
            return replace(limits, updates_a_minute=int(number))
        case "reports a day":
            return replace(limits, reports_a_day=int(number))
        case "reports open":
            return replace(limits, reports_open=int(number))
        case _:
            return replace(limits, attachment_bytes_a_day=int(number) * 1_000_000)


def _with_newer_forms(programme: Programme) -> Programme:
    """Offer each form in a newer version; the older ones stay, as `storage.forms` keeps them."""
    newer = dict(_newer(form) for form in programme.forms.values())
    return replace(programme, forms={**programme.forms, **newer}, offered=tuple(newer))


def _newer(form: Form) -> tuple[FormKey, Form]:
    newer = replace(form, version=f"{form.version}1")
    return (newer.form_id, newer.version), newer


def _with_newer_consent(programme: Programme) -> Programme:
    consent = programme.consent
    return replace(programme, consent=Consent(f"{consent.version}.1", consent.text))
