"""A cast that stays the same, and what is refused: put more gently once, told, and then a gap that is named."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from storyreel.clock import Rate
from storyreel.errors import ProviderRefused, RenderError
from storyreel.progress import Progress
from storyreel.providers.contracts import (
    AnimationRequest,
    EffectRequest,
    ImageRequest,
    Music,
    MusicRequest,
    Reply,
    Speech,
    SpeechRequest,
    WritingRequest,
)
from storyreel.providers.offline.animator import OfflineAnimator
from storyreel.providers.offline.writer import OfflineWriter
from storyreel.recipes import continuous_flow, script_film, title_film
from storyreel.recipes.script_pictures import drafts
from storyreel.settings import Settings

SMALL = Settings(width_px=128, height_px=72, rate=Rate(num=10), quality="draft")
SCRIPT = """\
INT. LAMP ROOM - NIGHT

MARA (60), in a blue coat, lights the lamp. Rain on the panes. Thunder.

MARA
The sea is loud tonight.

EXT. CLIFF - NIGHT

MARA walks with a knife in the rain.
"""


@dataclass
class Refusing:
    """Refuses what has one of its words in it, and does the rest; keeps what it was asked."""

    words: tuple[str, ...] = ()
    asked: list[Any] = field(default_factory=list)

    @property
    def identity(self) -> str:
        return f"mine/{type(self).__name__.lower()}"

    def _look(self, text: str) -> None:
        self.asked.append(text)
        if any(word in text for word in self.words):
            raise ProviderRefused("mine", "not that")


class Painter(Refusing):
    most_references = 2

    def draw(self, request: ImageRequest) -> bytes:
        self._look(request.prompt)
        self.asked[-1] = request
        data = io.BytesIO()
        shade = sum(map(ord, request.prompt)) % 200
        Image.new("RGB", (request.width_px // 4 * 2, request.height_px // 4 * 2), (shade, 90, 160)).save(data, "PNG")
        return data.getvalue()


class Animator(Refusing):
    def animate(self, request: AnimationRequest, on_progress: Callable[[float], None] = lambda share: None) -> bytes:
        self._look(request.prompt)
        return OfflineAnimator().animate(request, on_progress)


class Voice(Refusing):
    def speak(self, request: SpeechRequest) -> Speech:
        self._look(request.text)
        return Speech((0.3 * np.sin(np.arange(24_000) / 20)).astype(np.float32), 24_000)


class Composer(Refusing):
    def compose(self, request: MusicRequest) -> Music:
        self._look(request.mood)
        samples = 0.2 * np.sin(np.arange(round(request.duration_s * 8000)) / 10)
        return Music(np.repeat(samples[:, None], 2, axis=1).astype(np.float32), 8000)


class Effects(Refusing):
    def make(self, request: EffectRequest) -> Music:
        self._look(request.description)
        return Composer().compose(MusicRequest("x", request.duration_s))


@dataclass
class Prompter:
    """Says of every picture that somebody holds a red lamp."""

    identity: str = "mine/prompter"
    asked: int = 0

    def write(self, request: WritingRequest[Reply], on_words: Callable[[int], None] = lambda count: None) -> Reply:
        self.asked += 1
        reply = OfflineWriter().write(request).model_dump()
        for scene in reply["scenes"]:
            scene["subject"] = "Somebody holds a red lamp"
        return request.reply.model_validate(reply)


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def progress(heard: list[str]) -> Progress:
    progress = Progress()
    progress.listen(lambda event: heard.append(event.message) if event.kind == "warned" else None)
    return progress


def script(cache: Path, progress: Progress, **crew: Any) -> Any:
    given: dict[str, Any] = {"images": Painter(), "voice": "none", "music": Composer(), "effects": "none", **crew}
    film = script_film.begin(text=SCRIPT, title="Lamp", settings=SMALL, cache=cache, progress=progress, **given)
    return film, script_film.make(film)


def test_who_is_seen_more_than_once_is_painted_alone_first_and_gone_by(tmp_path: Path, progress: Progress) -> None:
    painter = Painter()
    film, made = script(tmp_path, progress, images=painter)
    likenesses = [request for request in painter.asked if request.prompt.startswith("A likeness")]
    (mara,) = likenesses
    looks = {reference.of for request in painter.asked for reference in request.references}
    assert len(looks) == 1
    assert looks.pop() in mara.prompt
    for request in painter.asked:
        seen = request.scene.cast if request.scene else ()
        assert len(request.references) == (1 if seen else 0)
    assert film.project.path("images/person_01.png").is_file()
    before = len(painter.asked)
    script_film.make(film)
    assert len(painter.asked) == before
    from storyreel.recipes.script_pending import change_card, pending

    assert pending(film).to_make == ()
    assert change_card(film, "Mara", look="a woman of thirty in a red coat").count("picture") >= 2
    assert made.timeline.clips[0].asset is not None


def test_a_painter_that_takes_none_is_not_asked_for_likenesses(tmp_path: Path, progress: Progress) -> None:
    class Plain(Painter):
        most_references = 0

    painter = Plain()
    script(tmp_path, progress, images=painter)
    assert not any(request.references or "likeness" in request.prompt for request in painter.asked)


def test_who_may_not_be_painted_alone_is_gone_by_in_words(tmp_path: Path, progress: Progress, heard: list[str]) -> None:
    painter = Painter(("A likeness",))
    script(tmp_path, progress, images=painter)
    assert any("go by words alone" in message for message in heard)
    assert not any(request.references for request in painter.asked if isinstance(request, ImageRequest))


def test_a_shot_that_stays_refused_is_a_named_gap_and_the_others_are_made(
    tmp_path: Path, progress: Progress, heard: list[str]
) -> None:
    painter = Painter(("CLIFF", "cliff", "Cliff"))
    film = script_film.begin(text=SCRIPT, title="Lamp", images=painter, voice="none", settings=SMALL, cache=tmp_path,
                             effects="none", progress=progress)  # fmt: skip
    with pytest.raises(RenderError, match="2-01"):
        script_film.make(film)
    assert any("asked for once more" in message for message in heard)
    assert any("shot 2-01 has no picture" in message and "storyreel edit" in message for message in heard)
    from storyreel.recipes._finish import read_timeline

    missing = [clip.id for clip in read_timeline(film.project).clips if clip.asset is None]
    assert missing
    assert all(shot.startswith("2-") for shot in missing)


def test_a_refused_clip_is_asked_for_more_gently_and_else_its_picture_is_shown(
    tmp_path: Path, progress: Progress, heard: list[str]
) -> None:
    animator = Animator(("knife",))
    _, made = script(tmp_path, progress, animator=animator)
    assert {clip.asset.kind for clip in made.timeline.clips if clip.asset} == {"video"}
    assert sum("asked for once more in gentler words" in message for message in heard) == 1
    heard.clear()
    _, made = script(tmp_path / "other", progress, animator=Animator(("rain", "Rain", "Calm and gentle")))
    assert "image" in {clip.asset.kind for clip in made.timeline.clips if clip.asset}
    assert any("so the camera moves over its picture" in message for message in heard)


def test_music_effects_and_lines_that_stay_refused_are_silent_and_told(
    tmp_path: Path, progress: Progress, heard: list[str]
) -> None:
    composer, effects, voice = Composer(("",)), Effects(("ain",)), Voice(("loud",))
    _, made = script(tmp_path, progress, music=composer, effects=effects, voice=voice)
    tracks = {sound.track for sound in made.timeline.sounds}
    assert "music" not in tracks
    assert any("there is no music" in message for message in heard)
    assert any("there is no sound of rain" in message for message in heard)
    assert any("is not spoken, only to be read" in message for message in heard)
    (line,) = [sound for sound in made.timeline.sounds if sound.track == "dialogue"]
    assert line.asset.provenance.provider == "silence"
    assert "The sea is loud tonight." in " ".join(cue.text for cue in made.timeline.cues)


def test_a_title_film_goes_on_without_what_is_refused(tmp_path: Path, progress: Progress, heard: list[str]) -> None:
    voice = Voice(("the",))
    film = title_film.title_film(
        "The Lamp", words=30, images=Painter(), music=Composer(("",)), voice=voice, settings=SMALL, cache=tmp_path,
        progress=progress,
    )  # fmt: skip
    assert {sound.track for sound in film.timeline.sounds} == {"narration"}
    assert any("chapter 1 has no music" in message for message in heard)
    assert any("is not spoken" in message for message in heard)


def test_a_flow_is_opened_and_animated_more_gently_and_a_segment_may_stay_a_gap(
    tmp_path: Path, progress: Progress, heard: list[str]
) -> None:
    painter, animator = Painter(("knife",)), Animator(("knife",))
    film = continuous_flow.begin("A man with a knife on a beach", seconds=2, images=painter, animator=animator,
                                 settings=SMALL, cache=tmp_path, progress=progress)  # fmt: skip
    continuous_flow.make(film)
    assert sum("in gentler words" in message for message in heard) == 2
    stubborn = Animator(("beach",))
    film = continuous_flow.begin("A man on a beach", seconds=2, images=Painter(), animator=stubborn, settings=SMALL,
                                 cache=tmp_path, progress=progress)  # fmt: skip
    with pytest.raises(RenderError, match="f001"):
        continuous_flow.make(film)
    assert any("--regenerate 1 --happens" in message for message in heard)
    (segment,) = continuous_flow.read_segments(film.project)
    assert (segment.status, segment.clip) == ("failed", None)


def test_a_prompter_words_the_pictures_in_every_way_in(tmp_path: Path, progress: Progress) -> None:
    prompter, painter = Prompter(), Painter()
    film, _ = script(tmp_path, progress, images=painter, prompter=prompter)
    pictures = [request for request in painter.asked if request.scene is not None]
    assert all("red lamp" in request.prompt for request in pictures)
    assert prompter.asked == len(set(drafts(film, cards(film)).values()))
    before = prompter.asked
    script_film.make(film)
    assert prompter.asked == before
    title_film.title_film("The Lamp", words=30, images=painter, voice="none", music=Composer(), prompter=prompter,
                          settings=SMALL, cache=tmp_path)  # fmt: skip
    assert prompter.asked == before + 1
    opening = Painter()
    continuous_flow.continuous_flow("A beach", seconds=1, images=opening, prompter=prompter, settings=SMALL,
                                    cache=tmp_path)  # fmt: skip
    assert "red lamp" in opening.asked[0].prompt


def cards(film: Any) -> Any:
    return script_film.plan(film, script_film.stage(film))
