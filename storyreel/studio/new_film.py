"""The new-film form: four ways in, what each asks for, and what it will cost before anything is made."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from storyreel.errors import InputError, StoryreelError
from storyreel.inputs.brief import SPOKEN_WORDS_PER_MINUTE, film_settings
from storyreel.inputs.templates import Template
from storyreel.memo.money import limit_after
from storyreel.project import Project
from storyreel.providers.estimate import Estimate
from storyreel.recipes import (
    audio_film,
    audio_works,
    continuous_flow,
    flow_works,
    script_film,
    script_works,
    title_film,
    title_works,
)
from storyreel.recipes.audio_film import AudioFilm
from storyreel.recipes.continuous_flow import FlowFilm
from storyreel.recipes.script_film import ScriptFilm
from storyreel.recipes.title_film import TitleFilm
from storyreel.settings import SHAPES
from storyreel.studio import choices
from storyreel.studio.keys import KeysPanel
from storyreel.studio.look import alert, button, column, dollars, html, row, show
from storyreel.studio.page import NOTIFYING_CLASS, plain_name
from storyreel.studio.story_arcs import ArcChoice

WAYS = {
    "title": ("Title", "We write the story."),
    "script": ("Script", "We film your words."),
    "flow": ("Prompt", "One unbroken shot."),
    "audio": ("Recording", "We picture your voice."),
}
STEP_NAMES = {
    "write_story": "Story", "write_chapter": "Chapters", "plan_scenes": "Shot list", "illustrate": "Pictures",
    "speak": "Voice", "score": "Music", "animate": "Clips", "predict": "Frames ahead", "transcribe": "Transcript",
    "effects": "Effects", "break_down": "Break-down", "write_script": "Script", "describe": "Picture prompts",
}  # fmt: skip
CHAPTERS = (("1", "1"), ("5", "5"), ("9", "9"), ("18", "18"), ("Other", ""))
SECONDS = (("5 s", "5"), ("10 s", "10"), ("15 s", "15"), ("30 s", "30"), ("60 s", "60"), ("Other", ""))
FORMAT_NAMES = (("YouTube", "youtube"), ("TikTok", "tiktok"), ("Square", "square"))
LINES = (("Full HD, 1080 lines", 1080), ("HD, 720 lines", 720), ("Small, 360 lines: fast, for trying out", 360))
CAPTIONS = ("documentary", "cinema", "short-form", "karaoke", "boxed", "pop", "none")
SCRIPT_FILES = ".txt,.md,.fountain,.docx,.pdf,.srt"
SOUND_FILES = "audio/*,video/*,.mp3,.m4a,.wav,.flac,.ogg,.opus,.webm,.mp4"
SHORTEST_TYPED_S = 0.3


class NewFilm:
    """The form and the column with its price; `begin` opens the project it asks for.

    Args:
        generate: called with the project once the person said so.
        choose_file: opens the browser's file chooser for an `accept`; the file comes back by `take_file`.
        listen: plays a sample of a voice of this computer.
    """

    def __init__(
        self,
        cache: Path,
        generate: Callable[[Project], None],
        choose_file: Callable[[str], None],
        listen: Callable[[str], None],
    ) -> None:
        self._cache, self._generate, self._choose_file = cache, generate, choose_file
        self._folder = Path(tempfile.mkdtemp(prefix="storyreel-new-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self.way, self.style = "title", "cinematic"
        self._file: Path | None = None
        self._chapters = Other("Chapters, about 5 minutes each", CHAPTERS, "1", "How many chapters, 1 to 60")
        self._seconds = Other("Length", SECONDS, "30", "How many seconds")
        text = _field(widgets.Text)
        self.title = text("Title", placeholder="The Last Lighthouse", classes=("rl-title",))
        self.script = _field(widgets.Textarea)("Script", placeholder="Paste a script, or open a file.", rows=9)
        self.prompt = _field(widgets.Textarea)(
            "What the shot shows", placeholder="A river at dawn, mist over it", rows=3
        )
        self.shape = widgets.ToggleButtons(description="Shape", options=list(SHAPES), value="16:9")
        self.format = widgets.ToggleButtons(description="Where it will be shown", options=FORMAT_NAMES)
        self.cut_fillers = widgets.Checkbox(description="Cut “um”, “ah” and the like", value=False, indent=False)
        self.voice = widgets.Dropdown(description="Voice", options=choices.voices())
        self.images = widgets.Dropdown(description="Pictures", options=choices.options("painter"))
        self.writer = widgets.Dropdown(description="Story and prompts", options=choices.options("writer"))
        self.music = widgets.Dropdown(description="Music", options=choices.options("composer"))
        self.animator = widgets.Dropdown(description="Moving pictures", options=[("On this computer", "offline")])
        self.listener = widgets.Dropdown(description="Who writes it down", options=choices.options("listener"))
        self.language = widgets.Dropdown(description="Language", options=choices.LANGUAGES, value="en")
        self.budget = text("Spend no more than, in dollars", placeholder="no limit")
        self.words = text("Words a chapter", value="800")
        self.captions = widgets.Dropdown(description="Captions", options=[(_caption(n), n) for n in CAPTIONS])
        self.lines = widgets.Dropdown(description="Picture size", options=LINES, value=1080)
        self.seed = text("Seed: another number, another film", value="0")
        self.arc = ArcChoice(cache, self._take_arc)
        self._file_name = html("", "rl-muted")
        self._ways = {way: self._way_button(way) for way in WAYS}
        self._styles = {style: self._style_button(style) for style in choices.STYLES}
        listen_button = button("Listen", lambda: listen(str(self.voice.value)), "rl-link", tooltip="Play a sample")
        show(listen_button, bool(self.voice.value) and str(self.voice.value).startswith("offline"))
        self.voice.observe(lambda change: show(listen_button, str(change["new"]).startswith("offline")), names="value")
        self._problem, self._price = html(""), html("")
        self.generate = button("Generate", self.start, "rl-primary", "rl-wide", NOTIFYING_CLASS)
        self._more = column(
            [
                row([self.words, self.captions], "rl-pair"),
                row([self.writer, self.music], "rl-pair"),
                row([self.lines, self.seed], "rl-pair"),
            ],
            "rl-gap",
        )
        show(self._more, False)
        self._more_button = button("More choices", self._toggle_more, "rl-link")
        script_file = button("Open a script file", lambda: choose_file(SCRIPT_FILES))
        sound_file = button("Choose a recording", lambda: choose_file(SOUND_FILES))
        self._parts: dict[str, list[Any]] = {
            "title": [self.title, self.arc.widget, row([self._chapters.widget, self.shape], "rl-pair")],
            "script": [
                self.script,
                row([script_file, self._file_name]),
                self.shape,
            ],
            "flow": [self.prompt, row([self._seconds.widget, self.shape], "rl-pair")],
            "audio": [row([sound_file, self._file_name]), self.format, self.cut_fillers],
        }
        self._middle = column([], "rl-gap")
        self._style_row = column([html("Style", "rl-label"), row(list(self._styles.values()), "rl-styles")], "rl-tight")
        voice = column([self.voice, listen_button])
        self._choices = {
            "title": [row([voice, self.images], "rl-pair"), row([self.language, self.budget], "rl-pair")],
            "script": [row([voice, self.images], "rl-pair"), row([self.language, self.budget], "rl-pair")],
            "flow": [row([self.images, self.music], "rl-pair"), self.budget],
            "audio": [row([self.listener, self.images], "rl-pair"), row([self.language, self.budget], "rl-pair")],
        }
        self._lower = column([], "rl-gap")
        self._keys = KeysPanel(self._keys_changed)
        self._keys.widget.add_class("rl-keys")
        show(self._keys.widget, False)
        self._keys_button = button("Keys for services", lambda: _toggle(self._keys.widget), "rl-link")
        head = html(
            "<h1>New film</h1><p class='rl-muted'>Start with what you have. Everything can be changed later.</p>"
        )
        self.form = column(
            [head, row(list(self._ways.values()), "rl-ways"), self._middle, self._style_row, self._lower,
             self._more_button, self._more],
            "rl-form",
        )  # fmt: skip
        self.price_column = column(
            [
                self._price,
                self._problem,
                self.generate,
                html(
                    "<p>You can stop at any time and keep what is finished.</p>",
                    "rl-muted",
                    "rl-small",
                    "rl-centred",
                ),
                html(_free_note()),
                self._keys_button,
                self._keys.widget,
            ],
            "rl-price-column",
        )
        for field in self._fields():
            field.observe(lambda _: self.refresh(), names="value")
        self.choose_way("title")

    def choose_way(self, way: str) -> None:
        """Show what one way in asks for."""
        self.way = way
        for name, choice in self._ways.items():
            _mark(choice, name == way)
        self._middle.children = self._parts[way]
        self._lower.children = self._choices[way]
        show(self._style_row, way != "audio")
        show(self.lines, way != "audio")
        self.refresh()

    def choose_style(self, style: str) -> None:
        """Choose the look of every picture."""
        self.style = style
        for name, choice in self._styles.items():
            _mark(choice, name == style)
        self.refresh()

    def take_file(self, path: Path, name: str) -> None:
        """Take a file that came up: a script or a recording."""
        kept = self._folder / plain_name(name)
        for old in self._folder.iterdir():
            old.unlink()
        shutil.move(path, kept)
        self._file = kept
        self._file_name.value = f"{escape(name)}, {kept.stat().st_size / 1e6:.1f} MB"
        self.refresh()

    def refuse_file(self, sentence: str) -> None:
        """Say why a file cannot be used."""
        self._problem.value = alert(sentence)

    def file_progress(self, name: str, fraction: float) -> None:
        """Say how much of a file has come up."""
        self._file_name.value = f"{escape(name)}, {fraction:.0%}"

    def refresh(self) -> None:
        """Reckon the price anew."""
        wanted = self._complete()
        self.generate.disabled = not wanted
        self._problem.value = ""
        if not wanted:
            self._price.value = _price_of(None, self._about_s())
            self.generate.description = "Generate"
            self.generate.tooltip = (
                "Give "
                + {"title": "a title", "script": "a script", "flow": "a prompt"}.get(self.way, "a recording")
                + " first"
            )
            return
        try:
            plan = self.estimate()
        except StoryreelError as error:
            self._problem.value = alert(str(error))
            self._price.value = _price_of(None, self._about_s())
            self.generate.disabled = True
            return
        self._price.value = _price_of(plan, self._about_s())
        cost = f", about {dollars(float(plan.likely_usd))}" if plan and plan.likely_usd else ""
        self.generate.description = "Generate" + cost
        self.generate.tooltip = ""

    def estimate(self) -> Estimate:
        """What the film will cost.

        Raises:
            InputError: a field holds something that cannot be used.
        """
        estimates: dict[str, Callable[..., Estimate]] = {
            "title": title_works.estimate,
            "script": script_works.estimate,
            "flow": flow_works.estimate,
            "audio": audio_works.estimate,
        }
        given, asked = self._asked()
        return estimates[self.way](*given, **asked)

    def begin(self) -> Project:
        """Open the project that the form asks for; makes nothing yet. Its price stands on the form: that is agreed to.

        Raises:
            InputError: a field holds something that cannot be used.
        """
        begins: dict[str, Callable[..., TitleFilm | ScriptFilm | FlowFilm | AudioFilm]] = {
            "title": title_film.begin,
            "script": script_film.begin,
            "flow": continuous_flow.begin,
            "audio": audio_film.begin,
        }
        given, asked = self._asked()
        return begins[self.way](*given, **asked, budget_usd=self._budget(), agreed=True).project

    def _asked(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What the form asks for, as both the estimate and the way in take it."""
        asked: dict[str, Any] = {"cache": self._cache, "seed": _number(self.seed.value, "the seed", least=0)}
        if self.way == "audio":
            if self._file is None:
                raise InputError("no recording was chosen: choose one")
            return (self._file,), asked | {
                "format": self.format.value, "cut_fillers": self.cut_fillers.value, "listener": self.listener.value,
                "images": self.images.value, "writer": self.writer.value, "language": self.language.value,
            }  # fmt: skip
        asked |= {"images": self.images.value, "music": self.music.value, "settings": self._settings()}
        if self.way == "flow":
            return (self.prompt.value,), asked | {"seconds": self._seconds.number(), "style": self.style}
        asked |= {"voice": self.voice.value, "writer": self.writer.value}
        if self.way == "script":
            return (self._file,), asked | {"text": None if self._file else self.script.value}
        words = _number(self.words.value, "the words a chapter")
        asked |= {"chapters": self._chapters.number(), "words": words, "template": self.arc.template}
        return (self.title.value,), asked

    def start(self) -> None:
        """Begin the film and hand it on to be made."""
        self.generate.disabled = True
        try:
            project = self.begin()
            self._generate(project)
        except StoryreelError as error:
            self._problem.value = alert(str(error))
        finally:
            self.generate.disabled = False

    def _take_arc(self, arc: Template | None) -> None:
        """Fill in what an arc goes well with; everything can be changed after it."""
        if arc is not None:
            self._chapters.give(str(arc.chapters))
            self.words.value, self.captions.value = str(arc.words), arc.captions
            self.choose_style(arc.style)
        elif self.style not in choices.STYLES:
            self.choose_style(choices.STYLES[0])
        self.refresh()

    def _settings(self) -> Any:
        width_px, height_px = (round(side * int(self.lines.value) / 2160) * 2 for side in SHAPES[self.shape.value])
        return film_settings(
            size=f"{width_px}x{height_px}", fps="30", style=self.style, language=self.language.value,
            captions=self.captions.value, quality="standard", platform="",
        )  # fmt: skip

    def _budget(self) -> str | None:
        said = str(self.budget.value).strip().removeprefix("$")
        limit_after(said or None, None)  # an amount that is none is told before anything is begun
        return said or None

    def _complete(self) -> bool:
        given = {
            "title": self.title.value.strip(), "script": self._file or self.script.value.strip(),
            "flow": self.prompt.value.strip(), "audio": self._file,
        }  # fmt: skip
        return bool(given[self.way])

    def _about_s(self) -> float | None:
        try:
            if self.way == "title":
                words = self._chapters.number() * _number(self.words.value, "the words a chapter")
                return words * 60 / SPOKEN_WORDS_PER_MINUTE
            return float(self._seconds.number()) if self.way == "flow" else None
        except InputError:
            return None

    def _keys_changed(self) -> None:
        for field, offered in (
            (self.voice, choices.voices()),
            (self.images, choices.options("painter")),
            (self.writer, choices.options("writer")),
            (self.music, choices.options("composer")),
            (self.listener, choices.options("listener")),
        ):
            before = field.value
            field.options = offered
            if before in {name for _, name in offered}:
                field.value = before

    def _toggle_more(self) -> None:
        self._more_button.description = "Fewer choices" if _toggle(self._more) else "More choices"

    def _way_button(self, way: str) -> widgets.Button:
        name, line = WAYS[way]
        return button(f"{name}\n{line}", lambda: self.choose_way(way), f"rl-way-{way}")

    def _style_button(self, style: str) -> widgets.Button:
        chosen = button(
            choices.STYLE_NAMES.get(style, style.capitalize()), lambda: self.choose_style(style), f"rl-style-{style}"
        )
        _mark(chosen, style == self.style)
        return chosen

    def _fields(self) -> list[Any]:
        return [
            self.title, self.script, self.prompt, self.shape, self.voice, self.images, self.writer, self.music,
            self.language, self.budget, self.words, self.captions, self.lines, self.seed,
            *self._chapters.fields, *self._seconds.fields,
        ]  # fmt: skip


class Other:
    """A few choices and a field for any other number."""

    def __init__(self, label: str, options: tuple[tuple[str, str], ...], value: str, hint: str) -> None:
        self.choice = widgets.ToggleButtons(description=label, options=options, value=value)
        self.typed = widgets.Text(placeholder=hint, continuous_update=False)
        self.typed.add_class("rl-hidden")
        self.widget = column([self.choice, self.typed], "rl-near")
        self.fields = [self.choice, self.typed]
        self.choice.observe(lambda change: show(self.typed, not change["new"]), names="value")

    def give(self, number: str) -> None:
        """Choose a number, or type it where it is not among the choices."""
        offered = {value for _, value in self.choice.options}
        self.choice.value = number if number in offered else ""
        self.typed.value = "" if number in offered else number

    def number(self) -> int:
        """The number chosen or typed.

        Raises:
            InputError: it is none.
        """
        return _number(self.choice.value or self.typed.value, self.choice.description.partition(",")[0].lower())


def _field(kind: type[Any]) -> Callable[..., Any]:
    def make(label: str, classes: tuple[str, ...] = (), **options: Any) -> Any:
        field = kind(description=label, continuous_update=kind is widgets.Text, **options)
        for name in classes:
            field.add_class(name)
        return field

    return make


def _toggle(part: Any) -> bool:
    hidden = "rl-hidden" in part._dom_classes
    show(part, hidden)
    return hidden


def _mark(choice: widgets.Button, here: bool) -> None:
    (choice.add_class if here else choice.remove_class)("rl-here")


def _number(text: str, what: str, least: int = 1) -> int:
    if not str(text).strip().isdecimal() or int(text) < least:
        raise InputError(f"{what} cannot be {text!r}: give a whole number from {least} up")
    return int(text)


def _caption(name: str) -> str:
    return name.capitalize().replace("-", " ")


def _free_note() -> str:
    return (
        "<div class='rl-note rl-small'>No key needed for a free draft: simpler pictures and voice, all made on this "
        "computer.</div>"
    )


def _price_of(plan: Estimate | None, about_s: float | None) -> str:
    rows = []
    price, most = "Free" if plan is not None else "", ""
    if plan is not None:
        for line in plan.lines:
            usd = line.likely_usd
            cost = "?" if usd is None else dollars(float(usd))
            count = f" <span class='rl-muted'>{line.left}</span>" if line.left > 1 else ""
            name = STEP_NAMES.get(line.step, line.step.replace("_", " ").capitalize())
            rows.append(f"<tr><td>{escape(name)}{count}</td><td>{cost}</td></tr>")
        rows.append("<tr><td>Putting it together</td><td>Free</td></tr>")
        if plan.charge_usd is not None:
            rows.append(f"<tr><td>Charged for it</td><td>{dollars(float(plan.charge_usd))}</td></tr>")
        if plan.likely_usd:
            price = dollars(float(plan.likely_usd))
            most = f"<p class='rl-muted rl-small'>At most {dollars(float(plan.high_usd))} as far as can be told</p>"
    if about_s:
        minutes = about_s / 60
        length = f"About {minutes:.0f} min" if minutes >= 2 else f"About {about_s:.0f} s"
        rows.append(f"<tr><td>Length</td><td>{length}</td></tr>")
    head = (
        f"<p class='rl-small rl-muted'>This film will cost about</p><div class='rl-price'>{price}</div>{most}"
        if price
        else ""
    )
    return f"{head}<table class='rl-lines'>{''.join(rows)}</table>"
