"""What the console says, by the name under which its pages ask for it.

Sentences that the chat says too (outcomes, refusals, how grave a doubt is) stand in
`conversations.reviewing.words`. Translators: all of these stand on a web page for moderators;
short ones are headings, buttons and columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from conversations.phrases import Locale, Parameter, Phrase, phrase

PAGES: Final[Mapping[str, Phrase]] = {
    # Translators: the name of the web page on which moderators work; a heading.
    "console": phrase("Console"),
    # Translators: web page for moderators: the list of reports that wait; a menu entry.
    "queue": phrase("Queue"),
    # Translators: web page for moderators: a button that brings the report to be looked at next.
    "next": phrase("Next case"),
    # Translators: web page for moderators: decided reports that somebody else judges once more,
    # without knowing what was decided; a menu entry.
    "second": phrase("Second looks"),
    # Translators: web page for moderators: how much each has done, how far they agree.
    "work": phrase("Work and agreement"),
    # Translators: web page for moderators: the list of who did what and when.
    "audit": phrase("Audit"),
    # Translators: web page for moderators: a button that ends the visit.
    "leave": phrase("Leave"),
    # Translators: web page for moderators: a button that shows the keys of the keyboard.
    "keys": phrase("Keys"),
    # Translators: web page for moderators: a button that closes a small window.
    "close": phrase("Close"),
    # Translators: web page for moderators: jumps over the menu, for those who hear the page.
    "skip": phrase("Go to the content"),
    # Translators: web page for moderators: what cannot be found or is none of theirs.
    "missing": phrase("There is nothing here, or it is not one of those you look after."),
    # Translators: web page for moderators: the request had no proof that it came from our page.
    "not_ours": phrase("This page was open for too long. Nothing was done; please try again."),
    # Translators: web page for moderators: no valid session.
    "out": phrase("You are not signed in, or were away for too long."),
    # Translators: web page for moderators: how to sign in; /console is a command and stays.
    "how_in": phrase("Send /console to the bot: it answers with a link that works once."),
    # Translators: web page for moderators: the link was used before or is too old.
    "used": phrase("This link was used already or is too old."),
    # Translators: web page for moderators: somebody has no right to be here.
    "no_role": phrase("You do not look after reports in this programme."),
    # Translators: web page for moderators: a button that opens it.
    "open": phrase("Open the console"),
    # Translators: web page for moderators: opened inside another page, where it cannot stay.
    "in_tab": phrase("Open in a tab of its own"),
}

LISTS: Final[Mapping[str, Phrase]] = {
    # Translators: web page for moderators: a box for the code of a report, such as 4T7K-9WXM.
    "find": phrase("Find by code"),
    # Translators: web page for moderators: the questions of a report belong to one form.
    "form": phrase("Form"),
    # Translators: web page for moderators: a column: the district or village of a report.
    "area": phrase("Area"),
    # Translators: web page for moderators: a column: the language of a report.
    "language": phrase("Language"),
    # Translators: web page for moderators: a column: low, medium, high or urgent.
    "severity": phrase("How grave"),
    # Translators: web page for moderators: a column: why a report should be looked at.
    "flag": phrase("Doubt"),
    # Translators: web page for moderators: a column: the code of a report.
    "code": phrase("Code"),
    # Translators: web page for moderators: a column: until when a report should be looked at.
    "look_by": phrase("Look by"),
    # Translators: web page for moderators: a column: where a case stands.
    "state": phrase("State"),
    # Translators: web page for moderators: which list is shown: reports nobody has decided about.
    "waiting": phrase("Waiting"),
    # Translators: web page for moderators: which list is shown: the reporter was asked something.
    "asked": phrase("Reporter asked"),
    # Translators: web page for moderators: which list is shown.
    "decided": phrase("Decided"),
    # Translators: web page for moderators: which list is shown: a second person must agree.
    "awaiting_second": phrase("Second person wanted"),
    # Translators: web page for moderators: shows only what the moderator has taken on or decided.
    "mine": phrase("Mine"),
    # Translators: web page for moderators: shows only what was left to a senior moderator.
    "apart": phrase("Left to seniors"),
    # Translators: web page for moderators: shows only decisions to which the reporter objected.
    "appealed": phrase("Objected to"),
    # Translators: web page for moderators: no filter, in a list of choices.
    "all": phrase("All"),
    # Translators: web page for moderators: a button that applies filters.
    "show": phrase("Show"),
    # Translators: web page for moderators: the list is empty.
    "nothing": phrase("Nothing waits here."),
    # Translators: web page for moderators: a link to the rest of a list.
    "more": phrase("More"),
    # Translators: web page for moderators: {who} is working on the report.
    "held_by": phrase("with {who}"),
    # Translators: web page for moderators: the moderator's own, in "with you".
    "you": phrase("you"),
    # Translators: web page for moderators: a box to tick a report, for several at once.
    "tick": phrase("Tick"),
    # Translators: web page for moderators: the same decision for all ticked reports; a heading.
    "together": phrase("Ticked cases together"),
    # Translators: web page for moderators: why only some reports can be decided together.
    "together_how": phrase(
        "Only cases with the same doubt can be decided together. Choose it first."
    ),
    # Translators: web page for moderators: asks whether so many reports shall be decided alike.
    "together_sure": phrase("Decide {count} cases with the doubt “{flag}”?"),
    # Translators: web page for moderators: how many of the ticked reports were decided.
    "together_done": phrase("Done: {done}. Not done, because something changed: {left}."),
    # Translators: web page for moderators: a button that goes on.
    "go_on": phrase("Go on"),
    # Translators: web page for moderators: a button that goes back without doing anything.
    "back": phrase("Go back"),
}

CASE: Final[Mapping[str, Phrase]] = {
    # Translators: web page for moderators: above a report's questions and answers.
    "answers": phrase("Answers"),
    # Translators: web page for moderators: above the reasons why a report should be looked at.
    "flags": phrase("Doubts"),
    # Translators: web page for moderators: above a small map.
    "place": phrase("Place"),
    # Translators: web page for moderators: said of a map, for those who hear the page.
    "map": phrase("Where the report is, among the areas of the programme"),
    # Translators: web page for moderators: how many reports the same person sent before.
    "record": phrase("Reports of the same person"),
    # Translators: web page for moderators: the answers of other people who were asked.
    "validation": phrase("What others say"),
    # Translators: web page for moderators: above what the same person answered later, when asked.
    "later": phrase("What came later"),
    # Translators: web page for moderators: above the report to which this one answers.
    "before": phrase("What it answers"),
    # Translators: web page for moderators: what was done to a report so far.
    "history": phrase("What was done"),
    # Translators: web page for moderators: questions to the reporter and their answers.
    "talk": phrase("Questions to the reporter"),
    # Translators: web page for moderators: the reporter has not answered yet.
    "no_answer": phrase("No answer yet."),
    # Translators: web page for moderators: a report that may tell of the same thing.
    "alike": phrase("A report that may tell of the same"),
    # Translators: web page for moderators: a column: this report.
    "this": phrase("This report"),
    # Translators: web page for moderators: a column: the other report.
    "other": phrase("The other one"),
    # Translators: web page for moderators: answers before and after they were changed.
    "changes": phrase("What was changed"),
    # Translators: web page for moderators: a column: as the reporter wrote it.
    "original": phrase("Original"),
    # Translators: web page for moderators: a column: as it stands now.
    "now": phrase("Now"),
    # Translators: web page for moderators: until when somebody has taken a report on.
    "until": phrase("until {moment}"),
    # Translators: web page for moderators: when a report was sent.
    "sent_at": phrase("Sent {moment}"),
    # Translators: web page for moderators: how many independent sources speak for a report.
    "sources": phrase("Independent sources: {count}"),
    # Translators: web page for moderators: the report does not count in results at present.
    "held": phrase("Kept out of results for now"),
    # Translators: web page for moderators: who decided.
    "decided_by": phrase("{outcome}, by {who}, {moment}"),
    # Translators: web page for moderators: the file has not arrived, or could not be fetched.
    "no_file": phrase("The file is not here yet."),
    # Translators: web page for moderators: a link to a file.
    "get_file": phrase("Get the file"),
    # Translators: web page for moderators: what changed while the moderator was looking.
    "meanwhile": phrase("Meanwhile"),
    # Translators: web page for moderators: nobody knows this moderator's name any more.
    "somebody": phrase("somebody"),
    # Translators: web page for moderators: said once an act is done.
    "done": phrase("Done."),
}

ACTS: Final[Mapping[str, Phrase]] = {
    # Translators: web page for moderators: a button: work on this report.
    "claim": phrase("Take it on"),
    # Translators: web page for moderators: a button: work on it no more.
    "release": phrase("Put it back"),
    # Translators: web page for moderators: a button: give it to another moderator.
    "pass_on": phrase("Pass it on"),
    # Translators: web page for moderators: a box: to whom a report is passed on.
    "to": phrase("To whom"),
    # Translators: web page for moderators: a button: leave the report to a senior moderator.
    "escalate": phrase("Leave it to a senior"),
    # Translators: web page for moderators: a button: the report counts.
    "approve": phrase("Approve"),
    # Translators: web page for moderators: a button: the report counts as verified.
    "verify": phrase("Verify"),
    # Translators: web page for moderators: a button: record an independent source.
    "add_source": phrase("Record a source"),
    # Translators: web page for moderators: which source; never a name of a person.
    "source_words": phrase("Which source (never a name)"),
    # Translators: web page for moderators: a button: the report does not count.
    "reject": phrase("Reject"),
    # Translators: web page for moderators: a box: the reason, which the reporter reads.
    "reason": phrase("Reason"),
    # Translators: web page for moderators: a box: the moderator's own words.
    "words": phrase("In your words"),
    # Translators: web page for moderators: a list of prepared questions to the reporter.
    "question": phrase("Question"),
    # Translators: web page for moderators: no prepared reason, in a list of reasons.
    "own_words": phrase("In your own words, below"),
    # Translators: web page for moderators: a button: ask the reporter something.
    "ask": phrase("Ask the reporter"),
    # Translators: web page for moderators: which answer the question is about.
    "about": phrase("About"),
    # Translators: web page for moderators: about the whole report.
    "whole": phrase("the whole report"),
    # Translators: web page for moderators: a button: correct one answer.
    "edit": phrase("Correct"),
    # Translators: web page for moderators: a button: the reporter's own answer again.
    "revert": phrase("Take the correction back"),
    # Translators: web page for moderators: a button: make marked words of an answer unreadable.
    "redact": phrase("Black out what is marked"),
    # Translators: web page for moderators: a button: make a part of a picture black.
    "blacken": phrase("Black out a part"),
    # Translators: web page for moderators: how to choose the part of a picture.
    "draw": phrase(
        "Draw on the picture, move a part with the arrow keys (with Shift: its size), or write "
        "the edges in percent."
    ),
    # Translators: web page for moderators: one of the parts of a picture that become black.
    "part": phrase("A part of the picture"),
    # Translators: web page for moderators: a button: one more part of the picture becomes black.
    "another": phrase("One more part"),
    # Translators: web page for moderators: a button: this part of the picture stays as it is.
    "without": phrase("Without this part"),
    # Translators: web page for moderators: said under a picture.
    "painted": phrase("A part of this picture is blacked out."),
    # Translators: web page for moderators: a button: show again what was made black in a picture.
    "restore": phrase("Show the picture whole again"),
    # Translators: web page for moderators: the left edge of a part of a picture.
    "left": phrase("Left"),
    # Translators: web page for moderators: the upper edge of a part of a picture.
    "top": phrase("Top"),
    # Translators: web page for moderators: the right edge of a part of a picture.
    "right": phrase("Right"),
    # Translators: web page for moderators: the lower edge of a part of a picture.
    "bottom": phrase("Bottom"),
    # Translators: web page for moderators: a button: it tells of the same as another report.
    "duplicate": phrase("Duplicate"),
    # Translators: web page for moderators: a box for the code of the other report.
    "of": phrase("Code of the other report"),
    # Translators: web page for moderators: a button: can be neither confirmed nor refuted.
    "not_verifiable": phrase("Cannot be verified"),
    # Translators: web page for moderators: a button: take the last decision back.
    "undo": phrase("Take the decision back"),
    # Translators: web page for moderators: a key: the next line of a list.
    "down": phrase("Next line"),
    # Translators: web page for moderators: a key: the line before.
    "up": phrase("Line before"),
    # Translators: web page for moderators: a key: open what is marked.
    "enter": phrase("Open"),
}

FIGURES: Final[Mapping[str, Phrase]] = {
    # Translators: web page for moderators: a column: who.
    "who": phrase("Who"),
    # Translators: web page for moderators: a column: what was done.
    "what": phrase("What"),
    # Translators: web page for moderators: a column: to which report or role.
    "which": phrase("To which"),
    # Translators: web page for moderators: a column: when.
    "when": phrase("When"),
    # Translators: web page for moderators: a heading: what each did in 30 days.
    "thirty_days": phrase("In 30 days"),
    # Translators: web page for moderators: a heading: how far moderators' decisions are borne out.
    "trust": phrase("Borne out by others"),
    # Translators: web page for moderators: how trust in moderators grows. /train is a command.
    "trust_how": phrase(
        "Counted is what somebody else looked at again: second looks, objections of reporters, and "
        "samples of /train. Of whoever is borne out often, fewer decisions are looked at again, "
        "and what they leave to a senior comes sooner. At first it is one decision in ten."
    ),
    # Translators: web page for moderators: a column: decisions that others found right.
    "borne_out": phrase("Borne out"),
    # Translators: web page for moderators: a column: how many decisions are judged again.
    "looked_at_again": phrase("Looked at again"),
    # Translators: web page for moderators: so many of so many decisions.
    "of_them": phrase("{right} of {all}"),
    # Translators: web page for moderators: of so many decisions one is judged again.
    "one_in": phrase("one in {count}"),
    # Translators: web page for moderators: a heading: how far two moderators agree.
    "agreement": phrase("Agreement"),
    # Translators: web page for moderators: a heading: what people of the place say about reports.
    "residents": phrase("Residents and moderators"),
    # Translators: web page for moderators: what the figures of agreement mean; kappa is a figure.
    "agreement_how": phrase(
        "Some decided cases are judged again by somebody who does not know what was decided. "
        "Kappa is how far the two agree beyond chance: 1 is always, 0 no more than chance."
    ),
    # Translators: web page for moderators: two people whose decisions are compared.
    "pair": phrase("Who with whom"),
    # Translators: web page for moderators: how many cases two people judged alike.
    "agreed": phrase("Alike"),
    # Translators: web page for moderators: how many cases were compared.
    "cases": phrase("Cases"),
    # Translators: web page for moderators: all moderators together.
    "together_all": phrase("All together"),
    # Translators: web page for moderators: too few cases for a figure.
    "too_few": phrase("too few"),
    # Translators: web page for moderators: how many cases wait.
    "waiting_now": phrase("Waiting now"),
    # Translators: web page for moderators: the list of what was done was checked from end to end.
    "chain_whole": phrase("The audit is whole: {count} entries."),
    # Translators: web page for moderators: somebody has changed the list of what was done.
    "chain_broken": phrase("The audit was tampered with: entry {number} does not fit."),
    # Translators: web page for moderators: a button: check the list of what was done.
    "check": phrase("Check all of it"),
    # Translators: web page for moderators: how a second look works.
    "second_how": phrase("Somebody has decided about this report. Judge it as if nobody had."),
    # Translators: web page for moderators: thanks for a second look.
    "second_done": phrase("Kept. It changes nothing about the report."),
}

FLAG_NAMES: Final[Mapping[str, Phrase]] = {
    # Translators: web page for moderators: a kind of doubt, in a list of choices.
    "duplicate": phrase("possible duplicate"),
    # Translators: web page for moderators: a kind of doubt: the place of a report.
    "outside": phrase("outside the areas"),
    # Translators: web page for moderators: a kind of doubt: answered faster than one can read.
    "fast": phrase("very fast"),
    # Translators: web page for moderators: a kind of doubt: always the same choice.
    "straight": phrase("always the same answer"),
    # Translators: web page for moderators: a kind of doubt: a number unlike all others.
    "outlier": phrase("unusual number"),
    # Translators: web page for moderators: a kind of doubt: written in another language.
    "language": phrase("another language"),
    # Translators: web page for moderators: a kind of doubt: names, numbers or addresses in a text.
    "personal": phrase("personal data"),
    # Translators: web page for moderators: a kind of doubt: the same picture in another report.
    "picture": phrase("known picture"),
    # Translators: web page for moderators: a kind of doubt: a day far off.
    "date": phrase("unusual date"),
    # Translators: web page for moderators: a kind of doubt: the photo is older than the report.
    "photo": phrase("old photo"),
    # Translators: web page for moderators: a kind of doubt: handed in before it was finished.
    "partial": phrase("not finished"),
}

PUBLISHED: Final[Mapping[str, Phrase]] = {
    # Translators: web page for moderators: a heading above numbers of the monthly results.
    "published": phrase("Published numbers that are doubted"),
    # Translators: web page for moderators: what a case is about, beside reports.
    "published_figure": phrase("Published number"),
    # Translators: web page for moderators: above the number as it was published.
    "published_as": phrase("As it was published"),
    # Translators: web page for moderators: above what counting again gives.
    "counted_again": phrase("Counted again now"),
    # Translators: web page for moderators: a button: a published number is right and stays.
    "figure_keep": phrase("It stands"),
    # Translators: web page for moderators: a button: a published number becomes another.
    "figure_correct": phrase("Correct: {reports}"),
    # Translators: web page for moderators: a button: a published number is taken back.
    "figure_withdraw": phrase("Withdraw it"),
    # Translators: web page for moderators: what was decided about a published number.
    "figure_kept": phrase("It stands"),
    # Translators: web page for moderators: what was decided about a published number.
    "figure_corrected": phrase("Corrected"),
    # Translators: web page for moderators: what was decided about a published number.
    "figure_withdrawn": phrase("Withdrawn"),
}

WORDS: Final[Mapping[str, Phrase]] = {
    **PAGES,
    **LISTS,
    **CASE,
    **ACTS,
    **FIGURES,
    **PUBLISHED,
}


def speaker(locale: Locale) -> Callable[..., str]:
    """Return what says a sentence of this page by its name, its parameters filled in."""

    def say(name: str, /, **parameters: Parameter) -> str:
        known = WORDS[name]
        return locale.say(replace(known, parameters=parameters) if parameters else known)

    return say
