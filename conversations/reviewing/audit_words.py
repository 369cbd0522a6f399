"""What the audit says was done, and by whom, in words: what `words.act_named` does not name.

An act that has no words here stands as it is kept, so that nothing in the audit is hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from conversations.phrases import Phrase, phrase
from conversations.reviewing.words import act_named


def deed_named(name: str) -> Phrase:
    """Name what an entry of the audit says was done."""
    return DEEDS.get(name) or act_named(name)


def doer_named(who: str) -> Phrase | None:
    """Name who did it where that was nobody with a role; None for who has one."""
    return DOERS.get(who)


DOERS: Final[Mapping[str, Phrase]] = {
    # Translators: in a list of what was done: the bot did it by itself.
    "system": phrase("the bot"),
    # Translators: in a list of what was done: whoever runs the machine did it by a command.
    "command": phrase("command line"),
    # Translators: in a list of what was done: whoever sent the report did it.
    "reporter": phrase("the reporter"),
}

DEEDS: Final[Mapping[str, Phrase]] = {
    # Translators: in a list of what was done: a moderator looked at a report.
    "Saw": phrase("looked at"),
    # Translators: in a list of what was done: a moderator looked at a file of a report.
    "SawFile": phrase("looked at a file"),
    # Translators: in a list of what was done: a moderator looked at the files of a report.
    "SawFiles": phrase("looked at files"),
    # Translators: in a list of what was done: a decided report was shown to a second moderator.
    "SawAgain": phrase("second look begun"),
    # Translators: in a list of what was done: a second moderator judged a decided report.
    "SecondLook": phrase("second look"),
    # Translators: in a list of what was done: a moderator practised on a decided report.
    "SawSample": phrase("practised on it"),
    # Translators: in a list of what was done: a moderator came into the web page.
    "Enter": phrase("came into the console"),
    # Translators: in a list of what was done: a link into the web page was made for a moderator.
    "Link": phrase("link into the console made"),
    # Translators: in a list of what was done: somebody was invited to a role.
    "Invite": phrase("invited to a role"),
    # Translators: in a list of what was done: an invited person took a role.
    "Take role": phrase("role taken"),
    # Translators: in a list of what was done: a role was taken away from somebody.
    "Revoke": phrase("role taken away"),
    # Translators: in a list of what was done: an export of all reports was begun.
    "Export": phrase("export begun"),
    # Translators: in a list of what was done: all reports were exported.
    "Exported": phrase("reports exported"),
    # Translators: in a list of what was done: a back-up was made.
    "BackedUp": phrase("back-up made"),
    # Translators: in a list of what was done: a moderator answered an alarm.
    "AlarmTakenUp": phrase("alarm taken up"),
    # Translators: in a list of what was done: after an alarm, questions go on.
    "AlarmGoesOn": phrase("alarm: goes on"),
    # Translators: in a list of what was done: after an alarm, no more questions are asked.
    "AlarmLeft": phrase("alarm: left in peace"),
    # Translators: in a list of what was done: an alarm is over.
    "AlarmEnded": phrase("alarm ended"),
    # Translators: in a list of what was done: earlier reports go by a changed sheet from now on.
    "TakeReportsOver": phrase("reports to be taken over"),
    # Translators: in a list of what was done: earlier reports go by a changed sheet now.
    "ReportsTakenOver": phrase("reports taken over"),
    # Translators: in a list of what was done: people said that a number should not be asked about.
    "DecideObjections": phrase("decided about a question"),
    # Translators: in a list of what was done: a report was erased for good.
    "Erased": phrase("report erased"),
    # Translators: in a list of what was done: all about a person was erased for good.
    "ErasedPerson": phrase("person erased"),
    # Translators: in a list of what was done: reports went because their time was over.
    "Expired": phrase("kept long enough, erased"),
    # Translators: in a list of what was done: what a register says of a report was changed.
    "record changed": phrase("record changed"),
    # Translators: in a list of what was done: people say otherwise than a moderator decided.
    "residents disagree": phrase("residents disagree"),
    # Translators: in a list of what was done: how reliable people are was worked out anew.
    "reliabilities estimated": phrase("worked out anew"),
    # Translators: in a list of what was done: who had answered about reports was erased.
    "validator erased": phrase("an answer was erased"),
    # Translators: in a list of what was done: people seem to misread how a question is worded.
    "wording stands out": phrase("a wording stands out"),
}
