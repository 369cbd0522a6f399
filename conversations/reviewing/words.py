"""What people read about cases: moderators why an act does not count, reporters what was decided.

Nothing here says who. A reporter reads the code of the report and never what it is about, for a
phone may be searched.
"""

from __future__ import annotations

from collections.abc import Iterator

from conversations.phrases import Phrase, Speech, phrase, verbatim
from conversations.replies import Block
from conversations.reviewing.acts import (
    AddSource,
    Approve,
    AskReporter,
    Claim,
    EditAnswer,
    Escalate,
    MarkDuplicate,
    NotVerifiable,
    PassOn,
    RedactPicture,
    RedactText,
    Reject,
    Release,
    RestorePicture,
    RevertAnswer,
    Undo,
    Verify,
)
from conversations.reviewing.cases import Outcome
from conversations.reviewing.deciding import Refused
from conversations.sheets.flags import Severity

APPEAL = "Appeal"
ANSWER = "Answer"
NO_ANSWER = "NoAnswer"
"""What reporters themselves do to a case, beside the acts of moderators."""

RECHECK = "Recheck"
"""What the checks do after a correction."""


def refusal(why: Refused) -> Phrase:  # noqa: C901, PLR0912 - a table of all there are.
    """Say to a moderator why an act does not count, and what to do."""
    match why:
        case "own report":
            # Translators: to a moderator who wants to decide about a report of their own.
            return phrase("This report is your own. Somebody else decides about it.")
        case "not served":
            # Translators: to a moderator: the report is outside the areas or forms they look after.
            return phrase("This report is not one of those you look after.")
        case "changed meanwhile":
            # Translators: to a moderator: somebody else did something to the same report.
            return phrase("Somebody changed this case meanwhile. Here is how it stands now.")
        case "held by another":
            # Translators: to a moderator.
            return phrase("Somebody else is working on this case.")
        case "decided already":
            # Translators: to a moderator.
            return phrase("This case is decided already.")
        case "not decided":
            # Translators: to a moderator who wants to take a decision back, or a reporter who
            # objects to one.
            return phrase("Nothing is decided about this report at present.")
        case "too late":
            # Translators: a decision can be taken back, or objected to, once and not for ever.
            return phrase("It is too late for that, or it was done before.")
        case "same person":
            # Translators: to a moderator; two different people must decide alike.
            return phrase("You have said so already. A second person must agree.")
        case "too few sources":
            # Translators: to a moderator who wants to call a report verified.
            return phrase("Too few independent sources are recorded to call this verified.")
        case "seniors only":
            # Translators: to a moderator.
            return phrase("Only a senior moderator can do that here.")
        case "no words":
            # Translators: to a moderator who gave no reason, or a text that is too long.
            return phrase("Please say it in words, in at most 2,000 characters.")
        case "itself":
            # Translators: to a moderator who called a report a duplicate of the same report.
            return phrase("A report cannot be a duplicate of itself.")
        case "decided by you":
            # Translators: to a moderator; the reporter has objected to their decision.
            return phrase("You decided this before. Somebody else looks at the objection.")
        case "own doubt":
            # Translators: to a moderator who said themselves that a published number is wrong.
            return phrase("This doubt is your own. Somebody else decides about it.")
        case "nothing to correct":
            # Translators: to a moderator: a published number was counted again.
            return phrase("Counting again gives the same number. Keep it, or withdraw it.")


def outcome_named(outcome: Outcome) -> Phrase:
    """Name what was decided, for moderators."""
    match outcome:
        case "":
            # Translators: to moderators: what was decided about a report.
            return phrase("not decided")
        case "approved":
            # Translators: to moderators: what was decided about a report.
            return phrase("approved")
        case "verified":
            # Translators: to moderators: what was decided about a report.
            return phrase("verified")
        case "rejected":
            # Translators: to moderators: what was decided about a report.
            return phrase("rejected")
        case "has issues":
            # Translators: to moderators: what was decided about a report: its reporter was asked.
            return phrase("reporter asked back")
        case "duplicate":
            # Translators: to moderators: what was decided about a report.
            return phrase("duplicate of another report")
        case "not verifiable":
            # Translators: to moderators: what was decided about a report.
            return phrase("cannot be verified")


def severity_named(severity: Severity) -> Phrase:
    """Name how grave a doubt is."""
    match severity:
        case Severity.LOW:
            # Translators: how grave a doubt about a report is.
            return phrase("low")
        case Severity.MEDIUM:
            # Translators: how grave a doubt about a report is.
            return phrase("medium")
        case Severity.HIGH:
            # Translators: how grave a doubt about a report is.
            return phrase("high")
        case Severity.URGENT:
            # Translators: how grave a doubt about a report is.
            return phrase("urgent")


def act_named(name: str) -> Phrase:
    """Name what was done to a case, in its history; `name` is that of the act's class."""
    return _ACTS.get(name) or verbatim("{name}", name=name)


_ACTS = {
    # Translators: what was done to a report, in its history.
    Claim.__name__: phrase("taken on"),
    # Translators: what was done to a report, in its history.
    Release.__name__: phrase("put back"),
    # Translators: what was done to a report, in its history.
    PassOn.__name__: phrase("passed on"),
    # Translators: what was done to a report, in its history.
    Escalate.__name__: phrase("left to a senior moderator"),
    # Translators: what was done to a report, in its history.
    Approve.__name__: phrase("approved"),
    # Translators: what was done to a report, in its history.
    Verify.__name__: phrase("verified"),
    # Translators: what was done to a report, in its history.
    AddSource.__name__: phrase("source recorded"),
    # Translators: what was done to a report, in its history.
    Reject.__name__: phrase("rejected"),
    # Translators: what was done to a report, in its history.
    AskReporter.__name__: phrase("reporter asked back"),
    # Translators: what was done to a report, in its history.
    EditAnswer.__name__: phrase("answer corrected"),
    # Translators: what was done to a report, in its history.
    RevertAnswer.__name__: phrase("correction taken back"),
    # Translators: what was done to a report, in its history.
    RedactText.__name__: phrase("text blacked out"),
    # Translators: what was done to a report, in its history.
    RedactPicture.__name__: phrase("picture blacked out"),
    # Translators: what was done to a report, in its history: a picture is whole again.
    RestorePicture.__name__: phrase("picture shown whole again"),
    # Translators: what was done to a report, in its history.
    MarkDuplicate.__name__: phrase("duplicate of another report"),
    # Translators: what was done to a report, in its history.
    NotVerifiable.__name__: phrase("cannot be verified"),
    # Translators: what was done to a report, in its history.
    Undo.__name__: phrase("decision taken back"),
    # Translators: what was done to a report, in its history.
    APPEAL: phrase("the reporter asked for another look"),
    # Translators: what was done to a report, in its history.
    ANSWER: phrase("the reporter answered"),
    # Translators: what was done to a report, in its history: nobody answered a question in time.
    NO_ANSWER: phrase("no answer came in time"),
    # Translators: what was done to a report, in its history: the bot's checks looked at it again.
    RECHECK: phrase("checked again"),
    # Translators: what was done to a published number, in its history.
    "ClaimFigure": phrase("taken on"),
    # Translators: what was done to a published number, in its history.
    "ReleaseFigure": phrase("put back"),
    # Translators: what was done to a published number, in its history.
    "KeepFigure": phrase("published number kept"),
    # Translators: what was done to a published number, in its history.
    "CorrectFigure": phrase("published number corrected"),
    # Translators: what was done to a published number, in its history.
    "WithdrawFigure": phrase("published number withdrawn"),
    # Translators: what was done to a published number, in its history.
    "UndoFigure": phrase("decision taken back"),
}


# To reporters


def decided(outcome: Outcome, code: str, why: Speech | None) -> Iterator[Block]:
    """Tell a reporter what was decided about their report, why, and what comes next."""
    match outcome:
        case "approved":
            # Translators: to whoever sent a report; {code} is its code, such as 4T7K-9WXM.
            yield Block(phrase("Your report {code} was looked at, and it counts.", code=code))
            # Translators: follows "Your report … counts."
            yield Block(phrase("Thank you. There is nothing more to do."))
        case "verified":
            # Translators: to whoever sent a report; {code} is its code.
            yield Block(phrase("Your report {code} was verified, and it counts.", code=code))
            # Translators: to whoever sent a report, after what was decided about it.
            yield Block(phrase("Thank you. There is nothing more to do."))
        case "rejected":
            # Translators: to whoever sent a report; {code} is its code.
            yield Block(
                phrase("Your report {code} was looked at, and it does not count.", code=code)
            )
            yield from _why(why)
        case "duplicate":
            # Translators: to whoever sent a report; {code} is its code.
            told = phrase(
                "Your report {code} tells of something that was reported before.", code=code
            )
            yield Block(told)
            # Translators: follows "Your report … tells of something reported before."
            yield Block(phrase("It is counted once, with the earlier report. Thank you."))
        case "not verifiable":
            # Translators: to whoever sent a report; {code} is its code.
            told = phrase("Your report {code} can be neither confirmed nor refuted yet.", code=code)
            yield Block(told)
            yield from _why(why)
            # Translators: follows "Your report … can be neither confirmed nor refuted yet."
            yield Block(phrase("It stays open, in case more becomes known."))
        case "" | "has issues":
            return


def _why(why: Speech | None) -> Iterator[Block]:
    if why is not None:
        # Translators: why a report does not count.
        yield Block(phrase("The reason: {why}", why=why))


def may_appeal(days: int) -> Phrase:
    """Tell a reporter that they can object, and until when."""
    # Translators: to whoever sent a report that does not count; a button below says it.
    return phrase(
        "If you think this is wrong, somebody else can look at it again. You can ask for that "
        "once, within {days} days.",
        days=days,
    )


def taken_back(code: str) -> Phrase:
    """Tell a reporter that what was decided is open again."""
    # Translators: to whoever sent a report; {code} is its code.
    return phrase(
        "What was decided about your report {code} is taken back. It is being looked at again.",
        code=code,
    )


def corrected(code: str) -> Phrase:
    """Tell a reporter that somebody corrected an answer of theirs."""
    # Translators: to whoever sent a report; {code} is its code.
    return phrase(
        "An answer of your report {code} was corrected by who looks after the reports. What you "
        "wrote is kept beside it.",
        code=code,
    )


def asked_back_again(code: str) -> Phrase:
    """Open a question to a reporter that was put before."""
    # Translators: to whoever sent a report; below stands a question about it that was put before.
    return phrase("A question about your report {code} still waits for you:", code=code)


def asked_back(code: str) -> Phrase:
    """Open a question to a reporter about their report."""
    # Translators: to whoever sent a report; below stands a question about it. {code} is its code.
    return phrase("There is a question about your report {code}:", code=code)
