"""What the studio's panels have in common: the style sheet, icons and small builders."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import ipywidgets as widgets

LOGO = (
    '<svg width="20" height="16" viewBox="0 0 20 16" aria-hidden="true"><rect width="20" height="16" rx="4" '
    'fill="currentColor"/><path d="M8 4.6v6.8L13.6 8z" fill="var(--rl-surface)"/></svg>'
)
ICONS = {
    "done": '<path d="M3 8.5l3.4 3.4L13 5" />',
    "running": '<path d="M8 2a6 6 0 1 1-6 6" />',
    "waiting": '<circle cx="8" cy="8" r="5.2" />',
    "failed": '<path d="M8 2.5l6 11H2zM8 7v3M8 12v.2" />',
    "file": '<path d="M4 2h5l3 3v9H4zM9 2v3h3" />',
    "bell": '<path d="M4 11V7.5a4 4 0 0 1 8 0V11l1 1.2H3zM7 14h2" />',
}


def icon(name: str, *, spinning: bool = False) -> str:
    """An icon as inline SVG, in the text's colour."""
    turning = ' class="rl-spin"' if spinning else ""
    return (
        f'<svg{turning} width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" '
        f'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{ICONS[name]}</svg>'
    )


@cache
def _css() -> str:
    static = files("storyreel.studio") / "static"
    rules = [(static / "panels.css").read_text(encoding="utf-8")]
    for picture in sorted((static / "styles").iterdir(), key=lambda path: path.name):
        name, kind = picture.name.rsplit(".", 1)
        data = b64encode(picture.read_bytes()).decode()
        picture_url = f"url(data:image/{kind};base64,{data})"
        chosen = f".storyreel .rl-styles .jupyter-button.rl-style-{name}::before"
        rules.append(f"{chosen} {{ background-image: {picture_url}; }}")
    return "\n".join(rules)


def style_sheet() -> widgets.HTML:
    """The panels' style as a widget; one is enough for a page."""
    return widgets.HTML(f"<style>{_css()}</style>", layout=widgets.Layout(display="none"))


def html(markup: str, *classes: str) -> widgets.HTML:
    """Markup that we wrote ourselves; texts of people go through `html.escape` first."""
    widget = widgets.HTML(markup)
    for name in classes:
        widget.add_class(name)
    return widget


def button(label: str, act: Callable[[], object], *classes: str, tooltip: str = "") -> widgets.Button:
    """A button that calls `act`."""
    widget = widgets.Button(description=label, tooltip=tooltip)
    for name in classes:
        widget.add_class(name)
    widget.on_click(lambda _: act())
    return widget


def row(children: Sequence[Any], *classes: str) -> widgets.HBox:
    """Widgets side by side."""
    box = widgets.HBox(list(children))
    for name in classes:
        box.add_class(name)
    return box


def column(children: Sequence[Any], *classes: str) -> widgets.VBox:
    """Widgets one below the other."""
    box = widgets.VBox(list(children))
    for name in classes:
        box.add_class(name)
    return box


def alert(sentence: str) -> str:
    """A sentence about something that went wrong, as markup; empty for none."""
    return f'<div class="rl-alert" role="alert">{escape(sentence)}</div>' if sentence else ""


def show(widget: Any, visible: bool) -> None:
    """Show a widget, or take it from the page without forgetting it."""
    (widget.remove_class if visible else widget.add_class)("rl-hidden")


def dollars(amount: float) -> str:
    """An amount as people write it: "$0.64", "$0.004" below a cent, "Free" for nothing."""
    if not amount:
        return "Free"
    return f"${amount:.2f}" if amount >= 0.01 else f"${amount:.3f}"
