"""HTML and SVG as text in which nothing that users wrote is taken for markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"meta", "input", "br"})


class Markup(str):
    """Text that is markup already; any other text is escaped."""

    __slots__ = ()


Child = str | None | Iterable["Child"]


def tag(name: str, /, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """An element, well-formed as XML too.

    Args:
        name: of the element.
        children: text, which is escaped unless it is `Markup`; None is nothing; iterables count as their items.
        attributes: an underscore in a name stands for a hyphen, one at its end for nothing (`class_`); True gives the
            attribute without a value, None and False leave it out.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}/>")
    return Markup(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Markup:
    """Children one after the other, without an element around them."""
    return Markup("".join(map(_child, children)))


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    return escape(_encodable(child)) if isinstance(child, str) else joined(*child)


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    text = "" if value is True else escape(_encodable(str(value)))
    return f' {key.rstrip("_").replace("_", "-")}="{text}"'


def _encodable(text: str) -> str:
    """A name of a file may hold bytes that are no UTF-8; characters that no page may hold become the sign for that."""
    whole = text.encode("utf-8", "replace").decode()
    return "".join(sign if sign >= " " or sign in "\t\n" else "\ufffd" for sign in whole)
