"""Native HTML elements: what everything that the user sets is made of, so that keyboards and screen readers know it.

The page is drawn anew whenever the server says something, and then every field is set to what the page holds as its value.
So a field writes what is typed into the page's own record at once (`KEPT`), or half a word would be lost to a number that
streams in; and the server, told of a value, takes it over without sending it back (`hold`), or a hand that is quicker than the
server would be set back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

KEPT = "Vue.toRaw(element.props).value = e.target.value;"
"""Writes a field's content into the page's record, where `element` is the field's own entry."""
Handler = Callable[..., Any]


def tag(name: str, /, words: str = "", classes: str = "", **props: Any) -> TextElement:
    """An element of HTML with words in it, which are never markup; `aria_label` stands for `aria-label`, `for_` for `for`."""
    made = TextElement(tag=name, text=words)
    if classes:
        made.classes(classes)
    with made.props.suspend_updates():
        made.props.update({key.strip("_").replace("_", "-"): value for key, value in props.items() if value is not None})
    return made


def button(words: str, press: Handler, classes: str = "", **props: Any) -> TextElement:
    """A button that does something at once."""
    return tag("button", words, f"button {classes}".strip(), type="button", **props).on("click", lambda _: press(), args=[])


def field(kind: str, take: Callable[[str], Any], classes: str = "", **props: Any) -> TextElement:
    """A line to write in; `take` gets what stands there on Enter, or when the line is left, if it has changed."""
    made = tag("input", "", classes, type=kind, autocomplete="off", **props)
    made.on("input", js_handler=f"(e) => {{ {KEPT} }}")
    sent = "e.target.validity.badInput ? 'not a number' : e.target.value"
    return made.on("change", lambda event: take(str(event.args)), js_handler=f"(e) => emit({sent})")


def choice(options: Mapping[str, str], value: str, take: Callable[[str], Any], classes: str = "", **props: Any) -> TextElement:
    """A list to choose from: what is taken by its words."""
    made = tag("select", "", classes, **props)
    fill(made, options)
    hold(made, value=value)
    return made.on(
        "change", lambda event: take(str(event.args)), js_handler=f"(e) => {{ {KEPT} emit(e.target.value); }}"
    )  # fmt: skip


def fill(chooser: ui.element, options: Mapping[str, str]) -> None:
    """Other options in a list to choose from."""
    chooser.clear()
    with chooser:
        for value, words in options.items():
            tag("option", words, value=value)


def tick(take: Callable[[bool], Any], classes: str = "", **props: Any) -> TextElement:
    """A box to tick. What is ticked is written into the record with a redraw, so that a refusal can take it back."""
    made = tag("input", "", classes, type="checkbox", **props)
    keep = "element.props.checked = e.target.checked;"
    return made.on("change", lambda event: take(bool(event.args)), js_handler=f"(e) => {{ {keep} emit(e.target.checked); }}")


def labelled(words: str, made: ui.element, classes: str = "") -> TextElement:
    """A label for an element, after it."""
    return tag("label", words, classes, for_=made.html_id)


def hold(made: ui.element, **props: Any) -> None:
    """Take over what the browser shows already, without sending it back."""
    with made.props.suspend_updates():
        for key, value in props.items():
            made.props.set_optional(key.replace("_", "-"), value)


def put(made: ui.element, *, always: bool = False, **props: Any) -> None:
    """Set properties; what is as it was is not sent, but for what must be shown anew whatever the browser shows."""
    fresh = {key.replace("_", "-"): value for key, value in props.items()}
    if always or any(made.props.get(key) != value for key, value in fresh.items()):
        hold(made, **props)
        made.update()


def say(made: TextElement, words: str) -> None:
    """Set an element's words, and hide it where there are none."""
    if made.text != words:
        made.set_text(words)
    put(made, hidden=None if words else True)


def lines(made: ui.element, sentences: Sequence[str]) -> None:
    """Sentences below each other, each a paragraph."""
    made.clear()
    with made:
        for sentence in sentences:
            tag("p", sentence)
    put(made, hidden=None if sentences else True)


def focus(made: ui.element) -> None:
    """Put the keyboard where it goes on, when what it was at has gone."""
    made.client.run_javascript(f"getHtmlElement({made.id})?.focus()")
