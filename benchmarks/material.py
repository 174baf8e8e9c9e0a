"""A film to measure with, the same whenever it is made: a real `Timeline` in a real `Project`.

Its stills are dead leaves with 1/f texture laid over (edges of every size at every contrast, as photographs have them),
a quarter larger than the frame. Scenes last three seconds, dissolve in 14 frames, move by a zoom with drift of their
own, and carry captions word by word; a voice-like and a music-like sound run through.
"""

from __future__ import annotations

import io
import os
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from storyreel.clock import Rate
from storyreel.media.model import Asset, Provenance
from storyreel.media.sound import write_flac
from storyreel.memo.store import store_of
from storyreel.project import Project, Record, write_text_atomically
from storyreel.recipes._finish import TIMELINE_NAME
from storyreel.settings import Settings
from storyreel.timeline.model import Clip, Cue, CueWord, Motion, Rect, Sound, Timeline, Transition

Size = tuple[int, int]
FULL_HD: Size = (1920, 1080)
RATE = Rate()
SCENE_FRAMES = 90
DISSOLVE_FRAMES = 14
LARGER = 1.25
PICTURES = 30
SOUND_S = 60
TOLD = (
    "the lamp had burned for forty years before anyone asked who lit it and by then the keeper had learned to answer "
    "every ship with silence while gulls wheeled above cold water and the tide wrote its slow letters on stone"
)
WORDS = TOLD.split()
_VERSION = 2


def bench_folder() -> Path:
    """Where what is slow to make is kept from run to run: STORYREEL_BENCH, else ~/.cache/storyreel-bench."""
    folder = Path(os.environ.get("STORYREEL_BENCH") or "~/.cache/storyreel-bench").expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def leaves(seed: int, width_px: int, height_px: int) -> NDArray[np.uint8]:
    """Discs thrown over each other, their radii r falling off as 1 / r^3, under 1/f texture; (h, w, 3) RGB.

    Dead leaves with that law have the edges and the scale invariance of natural pictures (Lee, Mumford and Huang 2001).
    """
    rng = np.random.default_rng(seed)
    smallest, largest, shift = 3.0 * width_px / 2400, 0.22 * width_px, 4
    count = 9000
    share = rng.random(count)
    radii = 1.0 / np.sqrt(1.0 / smallest**2 - share * (1.0 / smallest**2 - 1.0 / largest**2))
    picture = np.empty((height_px, width_px, 3), np.uint8)
    picture[...] = rng.uniform(60, 190)
    base = rng.uniform(80, 170) + rng.normal(0, 18, 3)
    colours = np.clip(base + rng.normal(0, 55, (count, 1)) + rng.normal(0, 22, (count, 3)), 0, 255)
    radii[: count // 20] = rng.uniform(0.04, 0.22, count // 20) * width_px  # the ground is covered first
    for x, y, r, colour in zip(rng.uniform(0, width_px, count), rng.uniform(0, height_px, count), radii, colours,
                               strict=True):  # fmt: skip
        centre = int(x * 2**shift), int(y * 2**shift)
        cv2.circle(picture, centre, int(r * 2**shift), colour.tolist(), -1, cv2.LINE_AA, shift)
    across, down = np.fft.rfftfreq(width_px)[None, :], np.fft.fftfreq(height_px)[:, None]
    frequency = np.maximum(np.hypot(across, down), 1.0 / width_px)
    spectrum = np.fft.rfft2(rng.standard_normal((height_px, width_px)).astype(np.float32)) / frequency
    texture = np.fft.irfft2(spectrum, s=(height_px, width_px))
    textured = picture + (7.0 / texture.std() * texture)[..., None]
    pixels: NDArray[np.uint8] = np.clip(np.rint(textured), 0, 255).astype(np.uint8)
    return pixels


def still(seed: int, width_px: int, height_px: int) -> bytes:
    """`leaves` as a PNG file, kept from one run to the next."""
    path = bench_folder() / "stills" / f"{width_px}x{height_px}-{seed}-v{_VERSION}.png"
    if not path.exists():
        data = io.BytesIO()
        Image.fromarray(leaves(seed, width_px, height_px)).save(data, "PNG")
        path.parent.mkdir(exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(data.getvalue())
        partial.replace(path)
    return path.read_bytes()


def voice(seed: int, seconds: float = SOUND_S, sample_rate_hz: int = 24_000) -> NDArray[np.float32]:
    """Something with a voice's pitch, syllables and pauses, mono."""
    rng = np.random.default_rng(seed)
    at_s = np.arange(round(seconds * sample_rate_hz)) / sample_rate_hz
    pitch_hz = 118 + 14 * np.sin(2 * np.pi * 0.31 * at_s + seed) + 5 * np.sin(2 * np.pi * 1.7 * at_s)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / sample_rate_hz
    harmonics = sum(np.sin(n * phase) / n**1.2 for n in range(1, 24))
    syllables = np.clip(np.sin(2 * np.pi * 2.1 * at_s) + 0.4, 0.0, None) ** 0.5
    pauses = (np.sin(2 * np.pi * 0.19 * at_s + 1.0) > -0.7).astype(float)
    sound = (harmonics + 0.15 * rng.standard_normal(len(at_s))) * syllables * pauses
    return np.asarray(0.25 * sound / np.abs(sound).max(), np.float32)


def music(seed: int, seconds: float = SOUND_S, sample_rate_hz: int = 48_000) -> NDArray[np.float32]:
    """Struck chords that ring out in a room with some noise, stereo.

    The noise, 60 dB down, is what every recording has; on purer tones the AAC encoder takes three times as long.
    """
    rng = np.random.default_rng(1000 + seed)
    count = round(seconds * sample_rate_hz)
    sound = np.zeros((count, 2), np.float64)
    ring_s = np.arange(4 * sample_rate_hz) / sample_rate_hz
    for strike in range(0, count, sample_rate_hz):
        root_hz = 110 * 2 ** (rng.choice([0, 3, 5, 7, 10]) / 12)
        for degree in (0, 7, 12, 15, 19):
            note = np.sin(2 * np.pi * root_hz * 2 ** (degree / 12) * ring_s) * np.exp(-ring_s * rng.uniform(1.0, 2.5))
            stretch = note[: count - strike, None] * rng.uniform(0.3, 1.0, 2)
            sound[strike : strike + len(stretch)] += stretch
    return np.asarray(0.5 * sound / np.abs(sound).max() + rng.normal(0.0, 0.001, sound.shape), np.float32)


def film(project: Project, *, scenes: int, size: Size = FULL_HD, sound: bool = True) -> Timeline:
    """A film of so many scenes. Pictures come round again after `PICTURES`, framed differently each time.

    Its stills and sounds are put into the project's store.
    """
    width, height = size
    large = round(width * LARGER), round(height * LARGER)
    assets = [
        picture(project, still(seed, *large), large) for seed in range(min(scenes, PICTURES))
    ]  # fmt: skip
    clips = [
        Clip(
            id=f"s{number:04}",
            asset=assets[number % PICTURES],
            start_frame=number * SCENE_FRAMES,
            length_frames=SCENE_FRAMES,
            motion=move(number),
            into=Transition(kind="dissolve", length_frames=DISSOLVE_FRAMES) if number else Transition(),
            scene=number + 1,
        )
        for number in range(scenes)
    ]
    length = scenes * SCENE_FRAMES
    sounds, windows = _sounds(project, length) if sound else ((), ())
    return Timeline(
        title="A film to measure with", rate=RATE, width_px=width, height_px=height, length_frames=length,
        clips=tuple(clips), cues=tuple(_cue(number) for number in range(scenes)), sounds=sounds, voice_windows=windows,
        fade_in_frames=15, fade_out_frames=30,
    )  # fmt: skip


def picture(project: Project, png: bytes, size: Size) -> Asset:
    """A picture in the project's store."""
    return Asset(
        kind="image", blob=store_of(project).put_bytes(png, ".png"), width_px=size[0], height_px=size[1],
        provenance=Provenance(provider="benchmark"),
    )  # fmt: skip


def tune(project: Project, seed: int) -> Asset:
    """A minute of music in the project's store."""
    return _audio(project, _music_flac(seed))


def move(number: int) -> Motion:
    """A scene's zoom with drift: no two scenes have the same."""
    share = (number * 0.6180339887) % 1.0
    near = Rect(
        x=round(0.5 + 0.04 * np.cos(2.4 * number), 4),
        y=round(0.5 + 0.04 * np.sin(2.4 * number), 4),
        height=round(0.82 + 0.08 * share, 5),
    )
    return Motion(start=Rect(), end=near) if number % 2 else Motion(start=near, end=Rect())


def shelve(project: Project, timeline: Timeline, size: Size) -> None:
    """Lay a timeline where `storyreel render` finds it."""
    settings = Settings(width_px=size[0], height_px=size[1], rate=timeline.rate)
    project.save_record(Record(recipe="title", inputs={"title": timeline.title}, crew={}, settings=settings))
    write_text_atomically(project.path(TIMELINE_NAME), timeline.model_dump_json(indent=1) + "\n")


def _cue(number: int) -> Cue:
    start = number * SCENE_FRAMES + 4
    words = [
        CueWord(
            text=WORDS[(number * 6 + index) % len(WORDS)], start_frame=start + 13 * index,
            end_frame=start + 13 * index + 12,
        )
        for index in range(6)
    ]  # fmt: skip
    return Cue(start_frame=start, length_frames=82, lines=(tuple(words),))


def _sounds(project: Project, length_frames: int) -> tuple[tuple[Sound, ...], tuple[tuple[int, int], ...]]:
    minute = RATE.frames(SOUND_S)
    minutes = -(-length_frames // minute)
    voices = [_audio(project, _voice_flac(seed)) for seed in range(min(minutes, 5))]
    tunes = [tune(project, seed) for seed in range(min(minutes, 5))]
    sounds, windows = [], []
    for number in range(minutes):
        start = number * minute
        length = min(minute, length_frames - start)
        sounds += [
            Sound(asset=voices[number % 5], track="narration", start_frame=start, length_frames=length),
            Sound(asset=tunes[number % 5], track="music", start_frame=start, length_frames=length, ducked=True,
                  fade_in_s=1.0, fade_out_s=1.0),
        ]  # fmt: skip
        windows.append((start + 15, max(start + length - 45, start + 16)))
    return tuple(sounds), tuple(windows)


@cache
def _voice_flac(seed: int) -> bytes:
    return write_flac(voice(seed), 24_000)


@cache
def _music_flac(seed: int) -> bytes:
    return write_flac(music(seed), 48_000)


def _audio(project: Project, flac: bytes) -> Asset:
    blob = store_of(project).put_bytes(flac, ".flac")
    return Asset(kind="audio", blob=blob, duration_s=SOUND_S, provenance=Provenance(provider="benchmark"))


def scenes_in(minutes: float) -> int:
    """How many scenes last so many minutes."""
    return round(RATE.frames(minutes * 60) / SCENE_FRAMES)
