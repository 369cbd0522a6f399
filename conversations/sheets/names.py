"""What `${name}` stands for in the sheets beside a form.

A question or calculation of the form; `${parent.name}`, of the report that the follow-up belongs
to; `${answer.name}`, of the answers that the follow-up got. The last two are read from instances
of one row (`Surroundings.beside`), whose columns only the programme knows.
"""

from __future__ import annotations

import re
from typing import Final

from conversations.xform.dependencies import resolve
from conversations.xform.form import Form, Question
from conversations.xform.model import PARENT
from conversations.xform.plan import Place
from conversations.xform.unknowns import nearest
from conversations.xpath import Expression, Path

__all__ = ["ANSWER", "PARENT", "REFERENCE", "Names", "NoName", "answers_under"]

REFERENCE: Final = re.compile(r"\$\{\s*([^{}$]{1,200}?)\s*\}")
ANSWER: Final = "answer"
_STRAIGHT: Final = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}
"""A word processor's quotes, which pyxform reads as plain ones."""


class NoName(Exception):
    """A reference that leads nowhere: `what` is wrong, and how to `mend` it."""

    def __init__(self, what: str, mend: str) -> None:
        """Keep the words."""
        self.what, self.mend = what, mend
        super().__init__(f"{what} {mend}")


def answers_under(name: str, instance_id: str) -> str:
    """Return the expression that reads a column of an instance beside the form.

    >>> answers_under("due_date", "parent")
    "instance('parent')/root/due_date"
    """
    return f"instance('{instance_id}')/root/{name}"


class Names:
    """The names of one form, by which its sheets speak of it."""

    def __init__(self, form: Form) -> None:
        """Know every node of the form's data but attributes."""
        self.form = form
        self._paths: dict[str, list[str]] = {}
        for path, place in form.plan.places.items():
            if not place.names[-1].startswith("@"):
                self._paths.setdefault(place.names[-1], []).append(path)

    @property
    def known(self) -> list[str]:
        """List the names that may stand between `${` and `}`."""
        return [name for name, paths in self._paths.items() if len(paths) == 1]

    def path(self, name: str) -> str:
        """Return the path of a name; NoName where none or several have it."""
        found = self._paths.get(name, ())
        if len(found) == 1:
            return found[0]
        if found:
            raise NoName(f"Several rows are called {name}.", "Give each a name of its own.")
        mend = nearest(name, self.known, "Write the name of a question.")
        raise NoName(f"The form has no question {name}.", mend)

    def place(self, path: str) -> Place:
        """Return where a path stands in the data."""
        return self.form.plan.places[path]

    def question(self, path: str) -> Question | None:
        """Return the question at a path; None for a calculation, or a group."""
        found = self.form.elements.get(path)
        return found if isinstance(found, Question) else None

    def resolved(self, name: str) -> str:
        """Return what to write in an expression for `${name}`; NoName where it leads nowhere."""
        beside, _, column = name.partition(".")
        if column and beside in {PARENT, ANSWER} and name not in self._paths:
            return answers_under(column, beside)
        return self.path(name)

    def written_out(self, text: str) -> str:
        """Return an expression with paths for names; NoName where one leads nowhere."""
        straight = text.translate(_STRAIGHT)
        return REFERENCE.sub(lambda found: f" {self.resolved(found[1])} ", straight)

    def unknown_in(self, expression: Expression) -> NoName | None:
        """Find a bare word that was meant as a question or as a text."""
        for location in expression.paths:
            if location.start in {"context", "current"} and "*" not in "".join(location.names):
                found = self._stray(location)
                if found is not None:
                    return found
        return None

    def _stray(self, location: Path) -> NoName | None:
        names, _ = resolve(location, self.form.plan.places[self.form.model.path].names)
        if "/" + "/".join(names) in self.form.plan.places or not location.names:
            return None
        word = location.names[-1]
        if word in self._paths:
            return NoName(f"{word} stands without its sign.", f"Write ${{{word}}}.")
        mend = nearest(word, self.known, f"Write '{word}' in quotes if it is a choice's name.")
        return NoName(f"{word} is no question of the form.", mend)
