"""What may come between two questions: help, leaving, beginning again, a word in passing."""

from __future__ import annotations

from conversations.commands import listed_commands
from conversations.events import ButtonTapped, Event
from conversations.phrases import FormText, Speech, phrase, verbatim
from conversations.prompt import Prompt
from conversations.replies import Block, Button, Send
from conversations.scene import Scene
from conversations.session import Session


def remark(speech: Speech) -> Send:
    """Say something in passing; the question that waits stays as it is."""
    return Send((Block(speech),))


def help_message(scene: Scene, guidance: tuple[Block, ...] = ()) -> Send:
    """Say what this is and how to find one's way; `guidance` is about the question that waits."""
    text = scene.programme.text(scene.programme.help, *scene.locale.chain)
    commands = (
        Block(verbatim("/{name}: {meaning}", name=known.name, meaning=known.meaning), "item")
        for known in listed_commands(
            discreet=scene.programme.is_high_risk, roles=scene.person.roles
        )
        if known.name != "help"
    )
    return Send(
        (
            *guidance,
            *((Block(FormText(text)),) if text else ()),
            *commands,
        )
    )


def cancel_prompt(session: Session) -> Prompt:
    """Ask whether the answers shall really be thrown away; a report that was sent stays."""
    # Translators: asked after /cancel; two buttons follow.
    question = phrase("Shall I throw away your answers? This cannot be undone.")
    if session.amends:
        # Translators: the person is changing a report that was sent before, and wants to stop.
        question = phrase("Shall I throw away your changes? The report stays as you sent it.")
    # Translators: a button; the report is given up and all its answers with it.
    yes = (Button(phrase("Yes, throw them away"), "yes", "yes"),)
    # Translators: a button under a question to which the answer is no; the next question comes.
    no = (Button(phrase("No, go on"), "no", "no"),)
    return Prompt((Block(question, "question"),), (yes, no))


def thrown_away(session: Session) -> Speech:
    """Say what became of the answers after the person chose to throw them away."""
    if session.amends:
        # Translators: the person has stopped changing a report that was sent before.
        return phrase("Your report stays as you sent it. Send /start at any time.")
    # Translators: after the person chose to stop and throw the answers away.
    return phrase("Your answers are thrown away. Send /start at any time.")


def looks_at_others(session: Session | None, event: Event) -> bool:
    """Tell whether a turn may ask for the reports set aside: a tap at a question never does."""
    if session is None or not session.form_id:
        return False
    return session.stage != "question" or not isinstance(event, ButtonTapped)


def restart_prompt(scene: Scene) -> Prompt:
    """Offer to go on with what is unfinished, or to begin again; a mere "no" deletes nothing.

    Where more than one report may be open, the one in hand can also be kept for later.
    """
    # Translators: asked after /start while a report is open; two or three buttons follow.
    question = phrase("You have begun a report that is not sent yet. Shall we go on with it?")
    # Translators: a button; the person goes on with the report that is not sent yet.
    go_on = (Button(phrase("Yes, go on"), "go-on", "yes"),)
    # Translators: a button; the report that is not sent yet is given up for a new one.
    anew = (Button(phrase("No, delete it and begin again"), "anew"),)
    asked, most = Block(question, "question"), scene.programme.limits.reports_open
    if most == 1 or scene.session.due_id or scene.session.amends:
        return Prompt((asked,), (go_on, anew))
    if scene.person.aside + 1 >= most:
        # Translators: a person has begun as many reports as they may without sending one.
        full = phrase("{count} reports of yours are open; no more can wait.", count=most)
        return Prompt((asked, Block(full, "hint")), (go_on, anew))
    # Translators: a button; the report that is not sent yet waits while the person makes another.
    later = (Button(phrase("Keep it for later"), "later"),)
    return Prompt((asked,), (go_on, later, anew))


def person_message(scene: Scene) -> Send:
    """Say which person may help: whom the programme names, with its own words about help."""
    programme = scene.programme
    text = programme.text(programme.help, scene.session.language)
    # Translators: {contact} is the address of people who run this, such as an e-mail address.
    who = phrase("This is how to reach a person: {contact}", contact=programme.responder)
    return Send((Block(who), *((Block(FormText(text)),) if text else ())))


def stuck_hint(*, may_skip: bool) -> Speech:
    """Point to the way out when an answer was refused again and again."""
    if may_skip:
        # Translators: "Help" and "Skip" are keys below; please write them the same way.
        return phrase("If this is difficult, tap Help, or tap Skip to leave it out.")
    # Translators: "Help" is a button below; please write it the same way.
    return phrase("If this is difficult, tap Help.")
