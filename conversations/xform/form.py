"""A form as frozen values: questions, groups, repeats, binds, texts, choices.

Nothing here knows an answer. `reader` makes these values from an XForm; `instance` fills them in.
A `path` is absolute and without positions (`/data/child/name`); a *reference* is a path with
positions inside repeats (`/data/child[2]/name`), and belongs to an instance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from conversations.xform.extras import Extras
from conversations.xform.languages import NO_LANGUAGE, parents_of, tag_of
from conversations.xform.plan import Plan
from conversations.xform.problems import FormProblem
from conversations.xpath import Expression, Node

Control: TypeAlias = Literal[
    "input", "select1", "select", "upload", "trigger", "range", "rank", "secret"
]
Kind: TypeAlias = Literal[
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "dateTime",
    "boolean",
    "geopoint",
    "geotrace",
    "geoshape",
    "select_one",
    "select_multiple",
    "rank",
    "range",
    "acknowledge",
    "barcode",
    "image",
    "audio",
    "video",
    "file",
    "note",
]
VOICE_FILE = re.compile(r"[0-9a-f]{8}-[0-9-]{1,20}\.[a-z0-9]{1,5}")
"""How the file of a spoken answer is named, which tells it from one that is written."""

Piece: TypeAlias = "str | Expression"


LANGUAGES_KEPT_MAX = 1_024
"""Answers to the question which of a form's languages somebody understands, found again."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A text written where it is used; an expression among the pieces is an `output`."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Translated:
    """A text that stands in `Form.texts` under this id, in each language."""

    text_id: str


@dataclass(frozen=True, slots=True)
class TranslatedBy:
    """A text whose id in `Form.texts` an expression gives."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Computed:
    """A text that an expression gives, such as the label column of a choice list."""

    expression: Expression


Wording: TypeAlias = "Plain | Translated | TranslatedBy | Computed"
TextForms: TypeAlias = Mapping[str, tuple[Piece, ...]]
"""One text in one language: `long` is the text itself, beside it `short`, `guidance`, and the
files `image`, `big-image`, `audio`, `video`."""


@dataclass(frozen=True, slots=True)
class Bind:
    """What holds for the nodes of a path; an absent property is None, or blank."""

    path: str
    type: str = "string"
    relevant: Expression | None = None
    required: Expression | None = None
    readonly: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    constraint_message: Wording | None = None
    required_message: Wording | None = None
    preload: str = ""
    preload_parameters: str = ""
    save_incomplete: bool = False
    saveto: str = ""


@dataclass(frozen=True, slots=True)
class FixedChoice:
    """A choice written into the question itself."""

    name: str
    label: Wording | None


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices that an expression finds; `name` and `label` are read from each node it gives."""

    nodes: Expression
    name: Expression
    label: Wording | None


@dataclass(frozen=True, slots=True)
class SetValue:
    """A value set when something happens: the form is begun, a repeat added, an answer changed.

    `source` is the path of the question or repeat whose event it is (blank: the form). `value`
    None means `text`.
    """

    events: frozenset[str]
    target: str
    value: Expression | None
    text: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person answers, or a note to read.

    `kind` says in one word which XLSForm type it is. `parameters` are those of the type: `start`,
    `end`, `step` of a range, `max-pixels` of an image; `media_type` is that of an upload
    (`image/*`).
    """

    path: str
    name: str
    control: Control
    kind: Kind
    appearance: frozenset[str] = frozenset()
    label: Wording | None = None
    hint: Wording | None = None
    choices: tuple[FixedChoice, ...] | Itemset | None = None
    media_type: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    rows: int | None = None

    @property
    def takes_voice(self) -> bool:
        """Tell whether a text may be spoken instead: `voice` is `yes` in the column `body`."""
        return self.kind == "text" and self.parameters.get("voice") == "yes"

    def holds_file(self, value: str) -> bool:
        """Tell whether a value of this question names an attachment."""
        if self.takes_voice:
            return VOICE_FILE.fullmatch(value) is not None
        return self.control == "upload" and bool(value)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together; `path` is blank for a group that only gathers."""

    path: str
    name: str
    children: tuple[Element, ...]
    appearance: frozenset[str] = frozenset()
    label: Wording | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Questions asked several times.

    With `count` the form says how often; without, the person adds instances unless `fixed`.
    """

    path: str
    name: str
    children: tuple[Element, ...]
    appearance: frozenset[str] = frozenset()
    label: Wording | None = None
    count: Expression | None = None
    fixed: bool = False


Element: TypeAlias = "Question | Group | Repeat"


@dataclass(frozen=True, slots=True)
class ModelNode:
    """A node of the primary instance as the form gives it, with its default value.

    `template` marks the pattern (`jr:template`) of a repeat, which is no instance of it itself.
    `attributes` carry their namespace in braces, as lxml writes them.
    """

    path: str
    name: str
    namespace: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    children: tuple[ModelNode, ...] = ()
    template: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """In which place each question stands, by its path, counted from 0; and how many there are."""

    places: Mapping[str, int] = field(default_factory=dict)
    count: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A form that can be filled in.

    `languages` are named as in the workbook (`Kiswahili (sw)`), in its order; it is empty where
    the form speaks one unnamed language. `elements` finds a body element by its path; `binds`
    has every path with a bind; `texts` are by language and id, `instances` the secondary instances
    by id (without `last_saved`, the id under which the last submission is read). `extras` are the
    rows of the sheets beside the form. `source` is the XForm it was read from. `reads_the_clock`
    says that some expression asks for the time of day, so that texts and conditions may be others
    at each moment.
    """

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    default_language: str
    body: tuple[Element, ...]
    model: ModelNode
    binds: Mapping[str, Bind] = field(repr=False)
    elements: Mapping[str, Element] = field(repr=False)
    texts: Mapping[str, Mapping[str, TextForms]] = field(repr=False)
    plan: Plan = field(repr=False)
    order: Order = field(default=Order(), repr=False)
    set_values: tuple[SetValue, ...] = field(default=(), repr=False)
    instances: Mapping[str, Node] = field(default_factory=dict, repr=False)
    last_saved: frozenset[str] = frozenset()
    namespaces: Mapping[str, str] = field(default_factory=dict, repr=False)
    warnings: tuple[FormProblem, ...] = ()
    extras: Extras = field(default_factory=dict, repr=False)
    source: str = field(default="", repr=False)
    reads_the_clock: bool = True

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the BCP 47 tags of the languages, the default language's first.

        Texts under no language have no tag.
        """
        names = sorted(self.languages, key=lambda name: name != self.default_language)
        return tuple(tag_of(name) for name in names if name != NO_LANGUAGE)

    def language(self, *chain: str) -> str:
        """Return the form's name of the first language of a chain it has, or its default language.

        The tag stands in parentheses after the name (`Kiswahili (sw)`) or is the name itself;
        `sw-KE` finds `sw`. A plain name (`Swahili`) is found too, and finds itself.
        """
        return self.spoken(*chain)[0]

    def spoken(self, *chain: str) -> tuple[str, ...]:
        """List the form's names of the languages of a chain that it has, its default one last."""
        return _spoken(self.languages, self.default_language, chain)


@lru_cache(LANGUAGES_KEPT_MAX)
def _spoken(
    languages: tuple[str, ...], default_language: str, chain: tuple[str, ...]
) -> tuple[str, ...]:
    wanted = (tag_of(form) for tag in chain for form in (tag, *parents_of(tag)))
    names = {tag_of(name): name for name in reversed(languages)}
    found = (names[tag] for tag in wanted if tag in names)
    return tuple(dict.fromkeys((*found, default_language)))
