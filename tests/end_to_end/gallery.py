"""Makes the gallery of questions: `python -m tests.end_to_end.gallery` in the checkout's root.

The real bot holds a short chat with each entry of `gallery_entries`. What stands on the phone is
photographed in light and dark (`.github/pictures/questions/`), what is kept is written beside the
rows that asked for it (`conversations/questions/README.md`). With `--text` only the page is made.
The pictures that are kept were drawn with Noto Sans and Noto Color Emoji: without them all differ.
"""

from __future__ import annotations

import asyncio
import importlib
import io
import pkgutil
import sys
from asyncio import timeout
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, TypeAlias

from PIL import Image, ImageDraw
from playwright.async_api import Browser, Locator, Page
from pyxform.xls2xform import convert  # type: ignore[import-untyped] # it ships no types.

from bot.terminal import programme_around
from conversations import questions
from conversations.programme import Programme
from conversations.questions.kinds import KINDS, kind_of
from conversations.xform.form import Question
from conversations.xform.reader import read_form
from tests.end_to_end.gallery_entries import ENTRIES, Entry
from tests.end_to_end.pictures import SETTLED_MILLISECONDS, opened
from tests.end_to_end.process import ROOT
from tests.page.browsing import browsing
from tests.player import notation
from tests.player.stage import Stage, stage

PAGE: Final = ROOT / "conversations" / "questions" / "README.md"
PICTURES: Final = ROOT / ".github" / "pictures" / "questions"
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
WINDOW: Final = (440, 1000)
QUALITY: Final = 55
GAP: Final = 12
BYTES_MAX: Final = 1_500_000
CHAT_SECONDS_MAX: Final = 120
"""No chat takes nearly as long with its two pictures; what hangs was named last."""

XFORMS_ONLY: Final = frozenset({"boolean"})
"""Kinds that no row of a workbook makes."""

ANIMALS: Final = {"cow.png": "sienna", "goat.png": "slategray", "camel.png": "tan"}

OPENING: Final = """\
# conversations/questions

How each kind of question is asked and understood. Pure, as all of `conversations`.

## Contract
`base` holds it: a `Kind` is three functions. `ask(asked)` offers keys and says how to answer,
`read(asked, event)` makes sense of what a person did, `show(asked, value)` tells a value back in
words. A kind knows one question and nothing of the session: not what came before, not what follows.
What a person did becomes a value as XForms writes it (`Given`), a `Problem` to tell them, or a
`Scratched`: the same question once more, on another page or with other ticks. Buttons address
choices by their place, for an action has 24 ASCII characters.

## To add a kind
1. A `Kind` in a module here, a line in `kinds`, a row in `tests/dialogue/test_kinds.py`.
2. A transcript that shows it, with all it refuses (`tests/transcripts`).
3. An entry in `tests/end_to_end/gallery_entries.py`, and `python -m tests.end_to_end.gallery`,
   which makes this page and its pictures. Look at them.

## The files
| File | What |
|---|---|
"""


Look: TypeAlias = Callable[[Stage, Entry], Awaitable[None]]
"""What is done with a chat as it stands on the picture, before it goes on to its end."""


async def main() -> None:
    """Make the page, and the pictures unless only the text is wanted."""
    if "--text" in sys.argv[1:]:
        PAGE.write_text(await page(), "utf-8")
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with browsing() as browser:
        PAGE.write_text(await page(partial(photograph, browser)), "utf-8")
    size = sum(path.stat().st_size for path in PICTURES.iterdir())
    assert size <= BYTES_MAX, f"The pictures have {size} bytes together."


async def nothing(_played: Stage, _entry: Entry) -> None:
    """Do nothing with a chat but let it go on."""


# The page


async def page(look: Look = nothing) -> str:
    """Write the page: the opening, the files, and each entry with what its chat kept."""
    sections = ["\n".join(_section(entry, await kept(entry, look))) for entry in ENTRIES]
    return "\n\n".join((OPENING + "\n".join(files()), GALLERY, *sections)) + "\n"


GALLERY: Final = """\
## The gallery
Each kind with the rows that made it, its chat in light and dark, and the answer as it is kept."""


def files() -> Iterator[str]:
    """Write a row of a table for each module, with the first line of its docstring."""
    for found in pkgutil.walk_packages(questions.__path__, f"{questions.__name__}."):
        words = (importlib.import_module(found.name).__doc__ or "").strip().partition("\n\n")[0]
        short = found.name.removeprefix(f"{questions.__name__}.").replace(".", "/")
        yield f"| `{short}` | {' '.join(words.split())} |"


def _section(entry: Entry, answer: str) -> Iterator[str]:
    modules = ", ".join(f"`{name}`" for name in sorted(modules_of(entry)))
    yield from (f"### {entry.title}", "", entry.about, "", "```", entry.form(), "```", "")
    yield " ".join(_picture(entry, scheme) for scheme in SCHEMES)
    yield from ("", f"Kept as `{answer}`. Made by {modules}.")


def _picture(entry: Entry, scheme: str) -> str:
    path = f"../../.github/pictures/questions/{entry.name}-{scheme}.webp"
    return f'<img src="{path}" width="300" alt="{entry.title}, {scheme}">'.replace("`", "")


def questions_of(entry: Entry) -> list[Question]:
    """List the questions of an entry's form."""
    (form,) = programme_of(entry).forms.values()
    return [one for one in form.elements.values() if isinstance(one, Question)]


def modules_of(entry: Entry) -> set[str]:
    """Name the modules that ask an entry's questions."""
    fixed = {"repeat": {"repeats"}, "field_list": {"../screens"}, "summary": {"../summary"}}
    made = (kind_of(question).read.__module__ for question in questions_of(entry))
    short = {name.removeprefix(f"{questions.__name__}.").replace(".", "/") for name in made}
    return fixed.get(entry.name, short)


def missing_kinds() -> set[str]:
    """Name the kinds that no entry shows."""
    shown = {question.kind for entry in ENTRIES for question in questions_of(entry)}
    return set(KINDS) - shown - XFORMS_ONLY


# The chats


async def kept(entry: Entry, look: Look = nothing) -> str:
    """Hold an entry's chat to its end and return the answers as they are kept."""
    async with timeout(CHAT_SECONDS_MAX), chatting(entry) as played:
        await look(played, entry)
        lines = await _act(played, (*entry.after, "[Send ✓]"))
    (saved,) = (line for line in lines if line.startswith("saved:"))
    return saved.removeprefix(f"saved: {entry.name} ")


@asynccontextmanager
async def chatting(entry: Entry) -> AsyncIterator[Stage]:
    """Hold an entry's chat up to its picture."""
    with TemporaryDirectory() as folder:
        async with stage(programme_of(entry), Path(folder)) as played:
            await played.act(notation.Entry(0, [], "", "amina has agreed, in en"))
            await _act(played, ("/start", *entry.before))
            yield played


async def _act(played: Stage, acts: Iterable[str]) -> list[str]:
    lines: list[str] = []
    for act in acts:
        lines += await played.act(notation.Entry(0, [], "amina", act))
    wrong = [line for line in lines if "impossible:" in line]
    if wrong:
        raise SystemExit("\n".join(lines))
    return lines


def programme_of(entry: Entry) -> Programme:
    """Put a programme around an entry's form."""
    title = entry.title.replace("`", "")
    settings = (
        f"| settings |\n| | form_id | form_title | version |\n| | {entry.name} | {title} | 1 |"
    )
    media = _media()
    form = read_form(convert(f"{entry.form()}\n{settings}").xform.encode(), media)
    return replace(programme_around(form), media=media)


def _media() -> Mapping[str, bytes]:
    """Paint the pictures of the choices: a beast in its colour."""
    return {name: _painted(colour) for name, colour in ANIMALS.items()}


def _painted(colour: str) -> bytes:
    picture = Image.new("RGB", (320, 240), "oldlace")
    brush = ImageDraw.Draw(picture)
    brush.ellipse((80, 80, 240, 160), fill=colour)
    brush.ellipse((215, 55, 275, 110), fill=colour)
    for leg in (100, 130, 190, 218):
        brush.rectangle((leg, 140, leg + 12, 205), fill=colour)
    kept_in = io.BytesIO()
    picture.save(kept_in, "PNG")
    return kept_in.getvalue()


# The pictures


async def photograph(browser: Browser, played: Stage, entry: Entry) -> None:
    """Keep what stands on the phone, in light and in dark, and say so."""
    sys.stderr.write(f"{entry.name}\n")
    window = await opened(browser, played.address, WINDOW, "light", "en-KE")
    try:
        for scheme in SCHEMES:
            await window.emulate_media(color_scheme=scheme)
            picture = Image.open(io.BytesIO(await _photo(window)))
            size: Any = tuple(side * 3 // 4 for side in picture.size)
            small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
            small.save(PICTURES / f"{entry.name}-{scheme}.webp", quality=QUALITY, method=6)
    finally:
        await window.close()


async def _photo(window: Page) -> bytes:
    """Photograph the phone from its first message down, with no trace of the focus."""
    phone = window.get_by_role("region", name="Amina\u2019s phone")
    await phone.locator(".message").last.wait_for()
    await window.evaluate("document.activeElement.blur()")
    await window.wait_for_timeout(SETTLED_MILLISECONDS)
    whole, first = await phone.bounding_box(), await _first_seen(phone)
    assert whole is not None
    height = whole["y"] + whole["height"] - first
    return await window.screenshot(
        clip={"x": whole["x"], "y": first, "width": whole["width"], "height": height}
    )


async def _first_seen(phone: Locator) -> float:
    """Return where the picture begins: above the first message, below the phone's head."""
    head = await phone.locator("header").first.bounding_box()
    message = await phone.locator(".message").first.bounding_box()
    assert head is not None
    assert message is not None
    return max(head["y"] + head["height"], message["y"] - GAP)


if __name__ == "__main__":
    asyncio.run(main())
