"""What a run of a script film would make, and what that costs: looked up before it is done, making nothing.

film = script_film.from_record(existing("earnest"))
change_shot(film, "2-04", size="close-up")
pending(film).to_make                    # the picture, and the pieces it is in
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from pydantic import BaseModel

from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.media.script_steps import animate_keyframe, make_effect
from storyreel.media.steps import illustrate, score, speak
from storyreel.memo.blob import Blob
from storyreel.memo.key import digest
from storyreel.memo.money import usd
from storyreel.project import Project
from storyreel.providers.contracts import SceneDescription
from storyreel.providers.prices import Usage, quote_of
from storyreel.providers.writing import WORDING
from storyreel.recipes._cast import LIKENESS, drawing, portraits, references_of, seen_again
from storyreel.recipes.card_files import keep_card_edits, read_card_file
from storyreel.recipes.edits import as_edited
from storyreel.recipes.script_film import RECIPE, Cards, ScriptFilm, draft, from_record, plan, stage
from storyreel.recipes.script_pictures import clip_orders, drafts, keyframes, known_descriptions, wording
from storyreel.recipes.script_sounds import effect_kinds, music_orders, voices
from storyreel.recipes.script_timeline import remembered_lines, remembered_timeline
from storyreel.recipes.title_film import picture_size
from storyreel.render.plan import render_plan
from storyreel.shots.card_edits import CardEdit, ChangeCharacter, ChangeLine, ChangeShot, apply_cards
from storyreel.shots.effects import RULES
from storyreel.shots.shot_edits import AddShot, MoveShot, RemoveShot
from storyreel.shots.steps import word_picture
from storyreel.timeline.model import Clip, Timeline

PendingKind = Literal["wording", "likeness", "picture", "clip", "line", "music", "effect"]


class PendingItem(BaseModel, frozen=True, extra="forbid"):
    """One thing that a run would make.

    Attributes:
        kind: of material.
        name: the shots, the line, the person, or what else it is for.
        what: the same for a person to read.
        provider: who would make it.
        cost_usd: what that costs; None where nobody knows before the bill.
    """

    kind: PendingKind
    name: str
    what: str
    provider: str
    cost_usd: float | None


class Pending(BaseModel, frozen=True, extra="forbid"):
    """What a run would make.

    Attributes:
        to_make: what is not there.
        kept: how many of each kind are there and stay.
        pieces, pieces_to_draw: of the film; while lines are unspoken their lengths, and so the pieces, are a guess.
        estimated_s: about how long drawing and joining the pieces takes here; making material is not counted.
    """

    to_make: tuple[PendingItem, ...]
    kept: dict[str, int]
    pieces: int
    pieces_to_draw: int
    estimated_s: float

    def count(self, kind: PendingKind) -> int:
        """How many of a kind would be made."""
        return sum(item.kind == kind for item in self.to_make)

    @property
    def cost_usd(self) -> float | None:
        """What all of it costs, exact to the cent; None where a part of it is not known."""
        total = Decimal(0)
        for item in self.to_make:
            if item.cost_usd is None:
                return None
            total += usd(item.cost_usd)
        return float(total)


def pending(film: ScriptFilm, cards: Cards | None = None) -> Pending:
    """Look up what a run would make; nothing is made or paid for, unless the script itself has yet to be read.

    Args:
        cards: what to look up; by default the film's, with its saved changes.
    """
    cards = cards or plan(film, stage(film))
    items: list[PendingItem] = []
    kept: dict[str, int] = {}
    for look in looked_up(film, cards):
        if look.there:
            kept[look.item.kind] = kept.get(look.item.kind, 0) + 1
        else:
            items.append(look.item)
    timeline = _with_stand_ins(as_edited(film.project, remembered_timeline(film, cards)))
    rendering = render_plan(film.project, timeline, quality=film.settings.quality)
    return Pending(
        to_make=tuple(items), kept=kept, pieces=rendering.pieces, pieces_to_draw=rendering.to_draw,
        estimated_s=rendering.estimated_s,
    )  # fmt: skip


def _with_stand_ins(timeline: Timeline) -> Timeline:
    """The timeline with something of its own for each missing picture, so that no two such pieces count as one."""

    def stand_in(clip: Clip) -> Clip:
        blob = Blob(sha256=digest(f"no picture yet for {clip.id}"), suffix=".png", size_bytes=0)
        size = {"width_px": timeline.width_px, "height_px": timeline.height_px}
        asset = Asset(kind="image", blob=blob, provenance=Provenance(provider="storyreel"), **size)
        return clip if clip.asset is not None else clip.model_copy(update={"asset": asset})

    return timeline.model_copy(update={"clips": tuple(map(stand_in, timeline.clips))})


def change_cards(film: ScriptFilm, edits: Sequence[CardEdit]) -> Pending:
    """Keep changes of a film's cards, write its animatic with them, and say what a run would make now.

    Raises:
        InputError: a change does not fit; none is kept.
    """
    cards = plan(film, stage(film))
    keep_card_edits(film.project, cards.breakdown, cards.cast, edits)
    changed = plan(film, stage(film))
    draft(film, changed)
    return pending(film, changed)


def estimate_cards(film: ScriptFilm, edits: Sequence[CardEdit]) -> Pending:
    """As `change_cards`, but nothing is kept: only what a run would make if the changes were made."""
    cards = plan(film, stage(film))
    breakdown, cast_ = apply_cards(cards.breakdown, cards.cast, edits)
    return pending(film, Cards(breakdown, cast_))


def change_cards_from(film: ScriptFilm, file: Path) -> Pending:
    """As `change_cards`, of a file: a list of changes, or a shots.json or cast.json that somebody rewrote."""
    cards = plan(film, stage(film))
    return change_cards(film, read_card_file(file, cards.breakdown, cards.cast))


def estimate_cards_from(film: ScriptFilm, file: Path) -> Pending:
    """As `estimate_cards`, of a file."""
    cards = plan(film, stage(film))
    return estimate_cards(film, read_card_file(file, cards.breakdown, cards.cast))


def change_shot(film: ScriptFilm, shot: str, **fields: Any) -> Pending:
    """Change a shot; see `storyreel.shots.card_edits.ChangeShot` for the fields."""
    return change_cards(film, [ChangeShot.model_validate({"shot": shot, **fields})])


def add_shot(film: ScriptFilm, *, subject: str, **fields: Any) -> Pending:
    """Add a shot next to one; see `storyreel.shots.shot_edits.AddShot` for the fields."""
    return change_cards(film, [AddShot.model_validate({"subject": subject, **fields})])


def remove_shot(film: ScriptFilm, shot: str, *, with_lines: bool = False) -> Pending:
    """Take a shot away; its lines are heard over its neighbour, unless they are to go too."""
    return change_cards(film, [RemoveShot(shot=shot, with_lines=with_lines)])


def move_shot(film: ScriptFilm, shot: str, *, after: str = "", before: str = "") -> Pending:
    """Show a shot right after another one, or right before it."""
    return change_cards(film, [MoveShot.model_validate({"shot": shot, "after": after, "before": before})])


def change_line(film: ScriptFilm, line: str, **fields: Any) -> Pending:
    """Change a line; see `storyreel.shots.card_edits.ChangeLine` for the fields."""
    return change_cards(film, [ChangeLine.model_validate({"line": line, **fields})])


def change_card(film: ScriptFilm, name: str, **fields: Any) -> Pending:
    """Change a character's card; see `storyreel.shots.card_edits.ChangeCharacter` for the fields."""
    return change_cards(film, [ChangeCharacter.model_validate({"name": name, **fields})])


def film_of(project: Project) -> ScriptFilm:
    """The script film that a project holds.

    Raises:
        InputError: it was made another way.
    """
    if project.record().recipe != RECIPE:
        raise InputError(f"{project.id!r} was not made from a script, so it has no cards")
    return from_record(project)


class Look(NamedTuple):
    """One thing that a film is made of, who makes it, what that uses, and whether it is there."""

    item: PendingItem
    provider: Any
    usage: Usage
    there: bool


def looked_up(film: ScriptFilm, cards: Cards) -> list[Look]:
    """All that a film by these cards is made of; makes nothing."""
    wordings, described = _wordings(film, cards), known_descriptions(film, cards)
    likenesses, again = _likenesses(film, cards, described.values())
    unworded = {shot for each in wordings if not each.there for shot in each.item.name.split(", ")}
    to_paint = {look for look, each in zip(again, likenesses, strict=True) if not each.there}
    # While what a picture is made from is yet to be made, nobody knows what it will be asked for with.
    settled = {
        shot
        for shot, description in described.items()
        if shot not in unworded and not references_of(film.crew.painter, description, to_paint)
    }
    return [
        *wordings,
        *likenesses,
        *_pictures(film, cards, described, again, settled),
        *_lines(film, cards),
        *_clips(film, cards, settled),
        *_music(film, cards),
        *_effects(film, cards),
    ]


def _look(kind: PendingKind, name: str, what: str, provider: Any, uses: Usage, there: bool) -> Look:
    told_usd = quote_of(provider, uses).usd
    item = PendingItem(
        kind=kind,
        name=name,
        what=" ".join(what.split())[:100],
        provider=str(provider.identity),
        cost_usd=None if told_usd is None else float(told_usd),
    )
    return Look(item, provider, uses, there)


def _speaking(text: str) -> Usage:
    return Usage(characters=len(text))


def _wordings(film: ScriptFilm, cards: Cards) -> list[Look]:
    project, prompter, how = film.project, film.crew.prompter, wording(film, cards)
    if prompter is None:
        return []
    shots_of: dict[SceneDescription, list[str]] = {}
    for shot, wanted in drafts(film, cards).items():
        shots_of.setdefault(wanted, []).append(shot)
    return [
        _look(
            "wording",
            ", ".join(shots),
            wanted.subject,
            prompter,
            WORDING,
            word_picture.is_remembered(project, wanted, prompter, **how),
        )
        for wanted, shots in shots_of.items()
    ]


def _likenesses(
    film: ScriptFilm, cards: Cards, described: Iterable[SceneDescription]
) -> tuple[list[Look], Collection[str]]:
    """Of those who are seen more than once, with how they look."""
    project, painter = film.project, film.crew.painter
    requests = portraits(painter, seen_again(described), style=cards.cast.style, seed=film.brief.seed)
    looks = [
        _look("likeness", look[:40], look, painter, LIKENESS, illustrate.is_remembered(project, request, painter))
        for look, request in requests.items()
    ]
    return looks, requests.keys()


def _pictures(
    film: ScriptFilm,
    cards: Cards,
    described: Mapping[str, SceneDescription],
    again: Collection[str],
    settled: Collection[str],
) -> list[Look]:
    project, painter = film.project, film.crew.painter
    shots_of: dict[str, list[str]] = {}
    requests = keyframes(film, cards)
    for shot, request in requests.items():
        shots_of.setdefault(illustrate.key(project, request, painter), []).append(shot)
    subjects = {shot.id: shot.subject for _, shot in cards.shots}
    return [
        _look(
            "picture",
            ", ".join(shots),
            subjects[shots[0]],
            painter,
            drawing(picture_size(film.settings), references_of(painter, described[shots[0]], again)),
            shots[0] in settled and illustrate.is_remembered(project, requests[shots[0]], painter),
        )
        for shots in shots_of.values()
    ]


def _lines(film: ScriptFilm, cards: Cards) -> list[Look]:
    if film.crew.voice is None:
        return []
    voice_of, language = voices(film, cards), film.settings.language
    return [
        _look(
            "line",
            line.id,
            f"{line.character or 'Narrator'}: {line.text}",
            voice_of(line),
            _speaking(line.text),
            speak.is_remembered(film.project, line.text, voice_of(line), language=language),
        )
        for line in cards.breakdown.lines
    ]


def _clips(film: ScriptFilm, cards: Cards, settled: Collection[str]) -> list[Look]:
    project, animator, painter = film.project, film.crew.animator, film.crew.painter
    if animator is None:
        return []
    found: list[Look] = []
    for order in clip_orders(film, cards, remembered_lines(film, cards)):
        there = order.shot in settled and illustrate.is_remembered(project, order.request, painter)
        if there:
            still = illustrate(project, order.request, painter)
            call = cast(Any, (project, still, order.request, order.prompt, animator))
            there = animate_keyframe.is_remembered(*call, **order.arguments)
        uses = Usage(video_s=order.arguments["duration_s"])
        found.append(_look("clip", order.shot, order.prompt, animator, uses, there))
    return found


def _music(film: ScriptFilm, cards: Cards) -> list[Look]:
    composer = film.crew.composer
    return [
        _look(
            "music",
            str(number),
            f"{span.mood}, {span.length_s:g} s",
            composer,
            Usage(pieces=1, sound_s=span.length_s),
            score.is_remembered(film.project, span.mood, span.length_s, composer, seed=seed),
        )
        for number, (span, seed) in enumerate(music_orders(film, cards, remembered_lines(film, cards)), 1)
    ]


def _effects(film: ScriptFilm, cards: Cards) -> list[Look]:
    maker = film.crew.effects
    if maker is None:
        return []
    found: list[Look] = []
    for kind in effect_kinds(cards):
        rule = RULES[kind]
        there = make_effect.is_remembered(
            film.project, kind, rule.description, rule.length_s, maker, seed=film.brief.seed
        )
        uses = Usage(pieces=1, sound_s=rule.length_s)
        found.append(_look("effect", kind, rule.description, maker, uses, there))
    return found
