"""XML in, under walls; light nodes out.

lxml only parses here. A document type is refused (entities and expansions need one), nothing is
fetched, and depth and size are bounded.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from conversations.xform.problems import FormError, FormProblem
from conversations.xpath import Kind, Node, document

XML_BYTES_MAX = 20_000_000
DEPTH_MAX = 80
"""Elements that may stand inside one another; the deepest forms that are met have some twenty."""

XFORMS = "http://www.w3.org/2002/xforms"
JAVAROSA = "http://openrosa.org/javarosa"
OPENROSA = "http://openrosa.org/xforms"

_NOT_HELD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0: controls, halves of characters, and what is none at all."""
_BREAKS = "\v\f"


def holdable(text: str) -> str:
    r"""Leave out of a text what XML cannot hold; a vertical tab or a form feed breaks the line.

    Such characters come with what people paste, and with base64-decode() of what is no text.

    >>> holdable("one\x0btwo\x00")
    'one\ntwo'
    """
    if _NOT_HELD.search(text) is None:
        return text
    return _NOT_HELD.sub(lambda found: "\n" if found[0] in _BREAKS else "", text)


def parse(xml: bytes | str, subject: str = "The form") -> etree._Element:
    """Parse XML within bounds and return its root element; raise FormError where that fails."""
    data = xml.encode(errors="replace") if isinstance(xml, str) else xml
    if len(data) > XML_BYTES_MAX:
        raise _refused(f"{subject} is larger than {XML_BYTES_MAX:,} bytes.", "Make it smaller.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(_plain(data), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _refused(
            f"{subject} is not well-formed XML: {error}.", "Convert the workbook again."
        ) from error
    if root.getroottree().docinfo.doctype:
        raise _refused(f"{subject} declares a document type.", "Take the DOCTYPE line out.")
    if _is_deep(root):
        what = f"{subject} has more than {DEPTH_MAX} levels inside one another."
        raise _refused(what, "Take groups out of one another.")
    return root


def _is_deep(root: etree._Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEPTH_MAX:
            return True
    return False


def children(element: etree._Element, name: str | None = None) -> list[etree._Element]:
    """List the element children, those of one local name where a name is given."""
    return list(element.iterchildren("{*}*" if name is None else f"{{*}}{name}"))


def grouped(element: etree._Element) -> dict[str, list[etree._Element]]:
    """Return the element children by local name, in document order."""
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(local(child), []).append(child)
    return found


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return _split(str(element.tag))[1]


def namespace(element: etree._Element) -> str:
    """Return the namespace of an element, blank for none and for that of XForms itself.

    The root of an instance inherits the namespace of the form around it; ODK drops it.
    """
    uri = _split(str(element.tag))[0]
    return "" if uri == XFORMS else uri


def attributes(element: etree._Element) -> dict[str, str]:
    """Return the attributes by local name."""
    return {_split(name)[1] if name[:1] == "{" else name: value for name, value in element.items()}


def text_of(element: etree._Element) -> str:
    """Return the text of an element and all below it."""
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


@lru_cache(maxsize=1_000)
def _split(tag: str) -> tuple[str, str]:
    """Split a name as lxml writes it into namespace and local name."""
    uri, _, name = tag.rpartition("}")
    return uri.removeprefix("{"), name


def read_nodes(root: etree._Element) -> Node:
    """Make light nodes of an element and all below it; return their document node."""
    return document(_node(root))


def _node(element: etree._Element) -> Node:
    node = Node(local(element), namespace=namespace(element))
    for name, value in element.items():
        uri, plain = _split(name)
        node.append(Node(plain, value, kind=Kind.ATTRIBUTE, namespace=uri))
    inner = children(element)
    if not inner:
        node.text = text_of(element)
    for child in inner:
        node.append(_node(child))
    return node


def _plain(data: bytes) -> bytes:
    # A byte order mark or blank lines before the XML declaration are a common slip of editors.
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()


def _refused(what: str, mend: str) -> FormError:
    return FormError([FormProblem(what, mend)])
