"""Transcripts: the notation in which a chat is written down, read and written.

    amina: /start                     a person writes (further lines are indented)
    amina: [Blocked drain]            taps a button of the newest message that has it
    amina: (twice) [Blocked drain]    taps it two times before the bot has answered
    amina: (late) [Blocked drain]     taps a button that is gone: her phone does not know it yet
    amina: (location -1.29, 36.82)    shares a place; a third number is its accuracy in metres
    amina: (live -1.29, 36.82)        shares her place as it moves; also (venue -1.29, 36.82) Clinic
    amina: (photo) Look at this       sends a photo with a caption; also (voice), (audio), (video),
                                      (document); (document well.jpg) names the file,
                                      (document 25 MB) says how large it is
    amina: (workbook well.xlsx)       sends the workbook of that name as a document; also (bomb),
                                      one that unpacks to far more than it seems;
                                      (workbook a.xlsx b.xlsx) sends both at once
    amina: (album 3)                  sends three photos at once
    amina: (sticker)                  also (contact), a contact card; (forwarded) text, a text of
                                      somebody else's, (forwarded voice) a voice; (edits) text,
                                      her last message, (edits Ada) Ida, the one with Ada
    amina: (4096 🙂)                   writes so many of these
    amina: (in the group) /here        writes into the group; (in the group) [Take it] taps there
      bot: What did you see?          a message; further lines are indented to its text
           [Blocked drain] [Flood]    a row of buttons
           <📍 Share> <Skip>           a row of the keyboard that replaces the phone's
      bot to juma: …                  a message to somebody else, where several people chat
      bot to the group, Births: …     a message to the group, in a topic of it; also "edits in …"
      bot makes a topic: Births       in the group
      bot edits: …                    a message changed in place; "(buttons gone)": only its buttons
      bot toast: …                    the answer to a tap, for a moment; "bot alert" is to be closed
    saved: drains what=blocked        a submission was kept: form and answers (⏎ is a new line)
    -- restart --                     the process ends and begins again
    -- again --                       Telegram delivers the last updates once more
    -- 3 days later --                time passes (minutes, hours, days, weeks)
    -- the bot is away for 20 minutes --   nobody is answered, then it comes back
    -- amina has agreed, in sw --     skips the beginning: language and consent are kept already
    -- amina's phone speaks fr --     the language code of her app
    -- juma blocks the bot --          the bot does not know it before it writes to him
    -- reports may be changed for 24 hours --    as programme.toml may say
    -- reports that wait for 3 days are sent --    or thrown away
    -- one person may send 3 updates a minute --  also reports a day, MB of files a day
    -- one person may have 2 reports open --  begun and not sent
    -- mas falls back on sw --        programme.toml lets Swahili stand in for Maa
    -- the programme is of high risk --         as programme.toml may say, too
    -- the consent text changes --    what was agreed to before does not stand any more
    -- the form is replaced by a newer version --
    -- juma and zawadi live in hill --          known for a month, and registered for that area
    -- 6 people report: village=hill --         others, who have no part in the chat;
                                      amina reports: …, one who has
    -- amina, juma are in a group with topics --   also in a group, in a small group (no supergroup
                                      yet), in a group with topics that the bot may not manage
    -- the topic Births is deleted --           the bot is not told
    -- the group becomes a supergroup --        -- the bot is removed from the group --
    -- the bot is in the group again --
    -- the programme is under attack --         programme.toml says probation = true
    -- amina is coordinator --        she has the role already
    -- amina is coordinator no more --          also moderator, senior moderator, case worker
    -- "invite-spring" invites a coordinator --    for a week
    -- every report is reviewed --    as programme.toml may say
    -- two persons must agree --      before a report counts or is rejected
    -- reports may be rejected as elsewhere: "We do not work there." --
    -- reporters may be asked which: "Which clinic was it?" --

In a Markdown file these stand in fenced `chat` blocks; a fenced `form` block before them holds
the form as a Markdown table (otherwise the shipped programme is played), one opened with
`form register` a form that is only asked after it, a fenced `media` block the
files that belong to it, one a line, such as `well.jpg 34 kB`. A block opened with
`workbook well.xlsx` holds, as a table like a form's, a workbook that people have on their phones.
Everything else is prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^```(\w*) ?([\w.-]*)\s*$")
_DIRECTIVE = re.compile(r"^-- (.+) --$")
_PERSON = re.compile(r"^([a-z][a-z0-9_]*): ?(.*)$")
_ANSWER = ("  bot", "  impossible:", "saved:")


class NotationError(Exception):
    """A transcript is not written as this module says."""


@dataclass(slots=True)
class Entry:
    """One thing that happens, with the lines that answer it.

    `who` is blank for a directive, whose words are `said`. `line` counts from 1 in the file.
    """

    line: int
    written: list[str]
    who: str
    said: str
    answers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Chat:
    """One `chat` block: where it stands in the file, and what happens in it."""

    first_line: int
    last_line: int
    form: str
    media: str
    entries: list[Entry]
    workbooks: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)


def read_transcript(path: Path) -> list[Chat]:
    """Read the chats of a Markdown file; raise `NotationError` with the line that is wrong."""
    chats: list[Chat] = []
    form, media, workbooks, asked = "", "", dict[str, str](), dict[str, str]()
    for kind, name, start, lines in _blocks(path.read_text("utf-8").splitlines()):
        text = "\n".join(lines)
        if kind == "form" and name:
            asked = {**asked, name: f"{text}\n"}
        elif kind == "form":
            form, media, asked = f"{text}\n", "", {}
        elif kind == "media":
            media = text
        elif kind == "workbook":
            workbooks = {**workbooks, name: text}
        elif kind == "chat":
            last, entries = start + len(lines) - 1, list(_entries(start, lines))
            chats.append(Chat(start, last, form, media, entries, workbooks, asked))
    return chats


def rewrite(path: Path, number: int, answers: list[list[str]]) -> None:
    """Put what the bot really answered into a file's chat (counted from 0); people's lines stay."""
    chat = read_transcript(path)[number]
    lines = path.read_text("utf-8").splitlines()
    lines[chat.first_line - 1 : chat.last_line] = [
        line
        for entry, heard in zip(chat.entries, answers, strict=True)
        for line in (*entry.written, *heard)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _blocks(lines: list[str]) -> Iterator[tuple[str, str, int, list[str]]]:
    kind, name, start = "", "", 0
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        if fence and not start:
            kind, name, start = fence.group(1), fence.group(2), number + 1
        elif fence:
            yield kind, name, start, lines[start - 1 : number - 1]
            start = 0


def _entries(start: int, lines: list[str]) -> Iterator[Entry]:
    entry: Entry | None = None
    for number, line in enumerate(lines, start):
        begun = _begun(number, line)
        if begun is not None:
            if entry is not None:
                yield entry
            entry = begun
        elif entry is None:
            raise NotationError(f"line {number}: a chat begins with a person or a directive")
        else:
            _continue(entry, line)
    if entry is not None:
        yield entry


def _begun(number: int, line: str) -> Entry | None:
    if directive := _DIRECTIVE.match(line):
        return Entry(number, [line], "", directive.group(1))
    if line.startswith(_ANSWER):
        return None
    if person := _PERSON.match(line):
        return Entry(number, [line], person.group(1), person.group(2))
    return None


def _continue(entry: Entry, line: str) -> None:
    if entry.answers or line.startswith(_ANSWER):
        entry.answers.append(line)
    else:
        entry.written.append(line)
        entry.said += "\n" + line.strip()
