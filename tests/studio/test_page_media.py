"""Media for the page: small, true, made once, and only what belongs to this film."""

from __future__ import annotations

import io
import json
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from storyreel.media.model import Asset, Provenance
from storyreel.media.peaks import outline
from storyreel.memo.store import store_of
from storyreel.project import Project, Record
from storyreel.recipes._finish import keep_timeline, read_timeline
from storyreel.recipes.edits import keep_assembled
from storyreel.render import page_media
from storyreel.render.opus import LEAD, TAIL, encode_opus
from storyreel.render.sound import mastered
from storyreel.render.sound_blocks import loops_from, sound_blocks
from storyreel.render.sound_steps import survey_sound
from storyreel.render.steps import audible
from storyreel.studio.sound_board import SoundBoard
from storyreel.timeline.caption_style import CaptionStyle


def decoded_opus(data: bytes) -> NDArray[np.float32]:
    """Ogg Opus as samples, shape (n, 2)."""
    with av.open(io.BytesIO(data)) as file:
        parts = [
            frame.to_ndarray().T if frame.format.is_planar else frame.to_ndarray().reshape(-1, 2)
            for frame in file.decode(audio=0)
        ]
    return np.concatenate(parts).astype(np.float32)


def opened(data: bytes | str) -> Image.Image:
    assert isinstance(data, bytes)
    return Image.open(io.BytesIO(data))


def clip_file(path: Path, frames: int = 12, size: tuple[int, int] = (1280, 720)) -> Path:
    """A video whose pictures get brighter."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=12, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(frames):
            shade = np.full((size[1], size[0], 3), 20 + 15 * number, np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(shade, format="rgb24")))
        output.mux(stream.encode(None))
    return path


# ------------------------------------------------------------------------------------------------------------ pictures


def test_thumbnails_are_160_high_and_come_all_in_one_message_once_they_are_made(page, session):
    digests = [clip.asset.blob.sha256 for clip in session.timeline.clips]
    for data in page.media("thumb", *digests).values():
        assert (opened(data).format, opened(data).size) == ("JPEG", (284, 160))
    before = len(page.of("media"))
    page.media("thumb", *digests)
    (again,) = page.of("media")[before:]
    assert again["keys"] == digests


def test_a_picture_is_whole_and_at_most_1280_wide(page, session, project):
    data = io.BytesIO()
    ramp = np.linspace(0, 255, 1920, dtype=np.uint8)[None, :, None].repeat(1080, 0).repeat(3, 2)
    Image.fromarray(ramp).save(data, "PNG")
    blob = store_of(project).put_bytes(data.getvalue(), ".png")
    session.admit(Asset(kind="image", blob=blob, width_px=1920, height_px=1080, provenance=Provenance(provider="t")))
    shown = opened(page.media("picture", blob.sha256)[blob.sha256])
    assert shown.size == (1280, 720)
    across = np.asarray(shown.convert("L"))[360].astype(int)
    assert np.abs(across - np.linspace(0, 255, 1280)).max() < 4


def test_a_video_comes_as_a_small_mp4_with_the_same_pictures_at_the_same_times(page, session, project, tmp_path):
    blob = store_of(project).put_file(clip_file(tmp_path / "c.mp4"), ".mp4", keep=True)
    session.admit(Asset(kind="video", blob=blob, width_px=1280, height_px=720, duration_s=1.0,
                        provenance=Provenance(provider="t")))  # fmt: skip
    data = page.media("clip", blob.sha256)[blob.sha256]
    assert isinstance(data, bytes)
    with av.open(io.BytesIO(data)) as container:
        frames = list(container.decode(video=0))
    assert [(frame.width, frame.height) for frame in frames] == [(960, 540)] * 12
    assert [frame.time for frame in frames] == pytest.approx([number / 12 for number in range(12)], abs=1e-3)
    levels = [frame.to_ndarray(format="rgb24").mean() for frame in frames]
    assert levels == pytest.approx([20 + 15 * number for number in range(12)], abs=4)
    assert opened(page.media("thumb", blob.sha256)[blob.sha256]).size == (284, 160)


def test_the_newest_wish_is_served_first_and_nothing_is_made_twice(page, session, project, monkeypatch):
    made: list[str] = []
    small = page_media._small

    def slow(path, kind, width_px, height_px):
        made.append(path.stem)
        import time

        time.sleep(0.15)
        return small(path, kind, width_px, height_px)

    monkeypatch.setattr(page_media, "_small", slow)
    digests = [clip.asset.blob.sha256 for clip in session.timeline.clips]
    page.want("thumb", *digests[:5])
    page.want("thumb", *digests[:5])
    page.want("thumb", digests[5])
    page.until(lambda m: m["type"] == "media" and digests[5] in m["keys"])
    assert made.index(digests[5]) < 5
    page.media("thumb", *digests)
    assert sorted(made) == sorted(digests)


def test_only_what_belongs_to_this_film_is_served(page, project):
    other = Project("other", project.cache)
    other.save_record(Record(recipe="title", inputs={}, crew={}, settings=project.record().settings))
    secret = store_of(other).put_bytes(b"another film's picture", ".png")
    for kind in ("thumb", "picture", "clip"):
        assert page.media(kind, secret.sha256) == {secret.sha256: "this film has nothing of that name"}
    for key in ("coverage.json", "NOTICE", "..", "....ttf", "OFL.txt", "nothing.ttf"):
        assert page.media("font", key) == {key: "this film has nothing of that name"}
    assert page.media("peaks", "music") == {"music": "this film has nothing of that name"}
    assert "counted from 0" in str(page.media("sound", "7")["7"])


def test_a_font_of_the_users_comes_by_its_digest_and_its_path_is_never_told(project, open_session, new_page, tmp_path):
    own = tmp_path / "mine.ttf"
    own.write_bytes((Path(page_media.__file__).parent / "fonts" / "EBGaramond-Medium.ttf").read_bytes())
    styled = read_timeline(project).model_copy(update={"caption_style": CaptionStyle(font_file=str(own), size=0.06)})
    keep_timeline(project, keep_assembled(project, styled).timeline)
    session = open_session(project)
    page = new_page(session)
    state = page.hello()
    key = state["timeline"]["caption_style"]["font_file"]
    assert key.startswith("own-")
    assert page.media("font", key) == {key: own.read_bytes()}
    assert page.media("font", "own-1234") == {"own-1234": "this film has nothing of that name"}
    page.answer(page.edit({"kind": "change_caption_style", "style": {"font_file": key, "size": 0.08}}))
    assert session.timeline.caption_style == CaptionStyle(font_file=str(own), size=0.08)
    assert str(own) not in json.dumps(page.messages)


def test_a_font_of_ours_comes_whole(page):
    data = page.media("font", "NotoSans-SemiBold.ttf")["NotoSans-SemiBold.ttf"]
    assert data == (Path(page_media.__file__).parent / "fonts" / "NotoSans-SemiBold.ttf").read_bytes()


# --------------------------------------------------------------------------------------------------------------- sound


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 6000), st.integers(960, 20_000), st.integers(0, 3000))
def test_opus_is_as_long_as_its_stretch_to_the_sample(lead, count, tail):
    samples = np.zeros((lead + count + tail, 2), np.float32)
    assert decoded_opus(encode_opus(samples, lead, count)).shape == (count, 2)


def test_stretches_of_opus_played_one_after_another_have_no_gap_and_no_click():
    at = np.arange(200_000)
    whole = (0.4 * np.sin(2 * np.pi * 331 * at / 48_000))[:, None].repeat(2, 1).astype(np.float32)
    cut = 96_001
    first = decoded_opus(encode_opus(whole[: cut + TAIL], 0, cut))
    second = decoded_opus(encode_opus(whole[cut - LEAD :], LEAD, len(whole) - cut))
    played = np.concatenate([first, second])
    assert len(played) == len(whole)
    seam = slice(cut - 2400, cut + 2400)
    error = played[seam] - whole[seam]
    assert 20 * np.log10(np.sqrt(np.mean(error**2)) / np.sqrt(np.mean(whole[seam] ** 2))) < -30
    assert np.abs(np.diff(played[cut - 50 : cut + 50, 0])).max() < 0.4 * 2 * np.pi * 331 / 48_000 * 1.15


def test_a_block_sounds_as_the_renderer_mixes_and_masters_it(page, session):
    assert session.sounds.settle()
    page.until(lambda m: bool(m.get("sound_tags")))
    data = page.media("sound", "0")["0"]
    assert isinstance(data, bytes)
    heard = decoded_opus(data)
    film = audible(session.timeline)
    (block,) = sound_blocks(film, lambda s: survey_sound(session.project, s.asset.blob, loops_from(s)))
    plan = session.sounds._plan
    wanted = mastered(block, plan.gain_db, plan.ceiling_dbtp, store_of(session.project).path)
    assert heard.shape == wanted.shape == (12 * 48_000, 2)
    error = heard - wanted
    assert 20 * np.log10(np.sqrt(np.mean(error**2)) / np.sqrt(np.mean(wanted**2))) < -25
    message = page.last("media")
    assert message["meta"]["tags"] == {"0": page.last("patch")["sound_tags"]["0"]}


def test_a_blocks_tag_changes_when_its_mix_does_and_only_then(page, session):
    session.sounds.settle()
    before = session.sounds.tags
    page.edit({"kind": "change_caption", "cue": 0, "text": "quiet"})
    session.sounds.settle()
    assert session.sounds.tags == before
    page.edit({"kind": "change_gain", "sound": 1, "gain_db": -20.0})
    session.sounds.settle()
    assert session.sounds.tags.keys() == before.keys()
    assert session.sounds.tags != before
    page.until(lambda m: m.get("sound_tags") == session.sounds.tags)


def test_a_film_without_sound_is_silent_and_not_refused(session, project):
    told: list[str] = []
    board = SoundBoard(project, lambda: told.append("tags"), told.append)
    board.follow(session.timeline.model_copy(update={"sounds": (), "voice_windows": ()}))
    assert board.settle()
    tag, data = board.piece("0")
    board.close()
    assert (told, board.tags) == (["tags"], {"0": tag})
    assert decoded_opus(data).shape == (12 * 48_000, 2)
    assert np.abs(decoded_opus(data)).max() < 1e-4


def test_a_sound_that_is_gone_is_told_and_the_rest_goes_on(page, session, project):
    voice = session.timeline.sounds[0].asset.blob
    session.sounds.settle()
    store_of(project).path(voice).unlink()
    page.edit({"kind": "change_gain", "sound": 1, "gain_db": -9.0})
    session.sounds.settle()
    page.until(lambda m: m["type"] == "notice" and "is gone" in m["message"])
    page.edit({"kind": "change_caption", "cue": 0, "text": "still here"})
    assert session.timeline.cues[0].text == "still here"


def test_the_outline_lies_where_the_voice_is_heard_with_the_cuts_its_energy_offers(page, session):
    data = page.media("peaks", "voice")["voice"]
    assert isinstance(data, bytes)
    pairs = np.frombuffer(data, "<f4").reshape(-1, 2)
    assert len(pairs) == 1200
    assert not pairs[:200].any()
    assert not pairs[800:].any()
    assert pairs[205:290, 1].min() > 0.1  # the tone sounds a second and rests a second
    assert np.abs(pairs[310:390]).max() < 0.01
    meta = page.last("media")["meta"]
    assert meta["cuts_s"]
    assert all(2.0 <= moment < 8.0 for moment in meta["cuts_s"])
    assert any(3.0 < moment < 4.0 for moment in meta["cuts_s"])


@given(st.lists(st.floats(-1, 1, width=32), max_size=200), st.integers(1, 50))
def test_an_outline_holds_every_samples_extremes(samples, each):
    sound = np.array(samples, np.float32)
    pairs = outline(sound, each)
    assert len(pairs) == -(-len(sound) // each)
    for number, (low, high) in enumerate(pairs):
        part = sound[number * each : (number + 1) * each]
        assert (low, high) == (part.min(), part.max())
