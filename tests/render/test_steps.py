"""Whole films: every frame drawn as the timeline says, and nothing drawn twice."""

import io
import random
import signal
import subprocess
import sys
from fractions import Fraction
from hashlib import sha256

import av
import numpy as np
import pytest
from PIL import Image

from storyreel.clock import Rate
from storyreel.errors import Cancelled, CorruptFile, RenderError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.store import store_of
from storyreel.project import Project
from storyreel.render.pace import note_pace, seconds_a_frame
from storyreel.render.plan import render_plan
from storyreel.render.steps import audible, render_film, render_pieces
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Motion, Rect, Timeline, Transition

W, H = 320, 180
PAN = Motion(start=Rect(x=0.0, height=0.5), end=Rect(x=1.0, height=0.5), ease="linear")
# Chroma (Cb, Cr) tells the clips apart, luma how far the pan has come.
TINTS = [(1.0, 0.5, 0.4), (0.4, 0.9, 0.4), (0.5, 0.5, 1.0), (1.0, 0.9, 0.3)]


@pytest.fixture
def project(tmp_path):
    return Project("film", tmp_path)


def keep(project, data, suffix, kind, **more):
    blob = store_of(project).put_bytes(data, suffix)
    return Asset(kind=kind, blob=blob, provenance=Provenance(provider="test"), **more)


def ramp(project, tint):
    grey = np.linspace(40, 240, 640)[None, :, None] * np.ones((360, 1, 1))
    data = io.BytesIO()
    Image.fromarray((grey * np.array(tint)).astype(np.uint8)).save(data, "PNG")
    return keep(project, data.getvalue(), ".png", "image", width_px=640, height_px=360)


def film(project, lengths, transitions=(), motion=PAN, **more):
    clips, start = [], 0
    for index, length in enumerate(lengths):
        into = transitions[index] if index < len(transitions) else Transition()
        clips.append(
            Clip(
                id=f"s{index}",
                asset=ramp(project, TINTS[index % 4]),
                start_frame=start,
                length_frames=length,
                motion=motion,
                into=into,
            )
        )
        start += length
    return Timeline(title="t", rate=Rate(), width_px=W, height_px=H, length_frames=start, clips=clips, **more)


def planes_of_film(project, blob):
    drawn = []
    with av.open(store_of(project).path(blob)) as container:
        for frame in container.decode(video=0):
            sizes = ((H, W), (H // 2, W // 2), (H // 2, W // 2))
            drawn.append(
                tuple(
                    np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:h, :w].copy()
                    for plane, (h, w) in zip(frame.planes, sizes, strict=True)
                )
            )
    return drawn


def means(planes):
    return np.array([plane.mean() for plane in planes])


def rendered(project, timeline, **options):
    """(the film, how many frames were drawn now)."""
    counted = []

    def listen(event):
        if event.kind == "done":
            counted.append(event.done - event.remembered)

    forget = project.progress.listen(listen)
    try:
        blob = render_film(project, timeline, quality="draft", **options)
    finally:
        forget()
    return blob, counted[-1]


def test_every_frame_of_every_clip_is_there_in_order(project):
    timeline = film(project, [70, 45, 65])
    blob, drawn = rendered(project, timeline)
    frames = planes_of_film(project, blob)
    assert len(frames) == drawn == 180
    for clip in timeline.clips:
        luma = [means(frames[k])[0] for k in range(clip.start_frame, clip.end_frame)]
        # A straight pan over a ramp: each frame is brighter than the last by the same step.
        assert np.diff(luma) == pytest.approx((luma[-1] - luma[0]) / (len(luma) - 1), abs=0.8)
        assert (np.diff(luma) > 0).all()
        r, g, b = np.array(TINTS[timeline.clips.index(clip)]) * 140 / 255
        y = 0.2126 * r + 0.7152 * g + 0.0722 * b
        middle = means(frames[(clip.start_frame + clip.end_frame) // 2])
        assert middle == pytest.approx(
            [16 + 219 * y, 128 + 224 * (b - y) / 1.8556, 128 + 224 * (r - y) / 1.5748], abs=3
        )


def test_a_dissolve_mixes_both_clips_while_both_move_on(project):
    into = Transition(kind="dissolve", length_frames=20)
    mixed = planes_of_film(project, rendered(project, film(project, [60, 60], [Transition(), into]))[0])
    # What each clip alone would show, its pan stretched over its visible time (70 frames).
    alone = planes_of_film(project, rendered(project, film(project, [70, 70]))[0])
    for k in range(20):
        share = (k + 1) / 21
        expected = means(alone[50 + k]) * (1 - share) + means(alone[70 + k]) * share
        assert means(mixed[50 + k]) == pytest.approx(expected, abs=1.5)
    assert means(mixed[49]) == pytest.approx(means(alone[49]), abs=1.0)
    assert means(mixed[70]) == pytest.approx(means(alone[90]), abs=1.0)


def test_a_fade_through_black_passes_true_black(project):
    into = Transition(kind="fade_black", length_frames=15)
    frames = planes_of_film(project, rendered(project, film(project, [60, 60], [Transition(), into]))[0])
    assert means(frames[60]) == pytest.approx([16, 128, 128], abs=0.5)
    assert means(frames[52])[0] > 60
    assert means(frames[68])[0] > 20


def test_the_film_comes_from_black_and_goes_to_black(project):
    timeline = film(project, [60], motion=Motion(), fade_in_frames=10, fade_out_frames=12)
    luma = [means(planes)[0] for planes in planes_of_film(project, rendered(project, timeline)[0])]
    assert luma[0] == pytest.approx(16, abs=0.5)
    assert luma[-1] == pytest.approx(16, abs=0.5)
    assert luma[5] == pytest.approx((16 + luma[30]) / 2, abs=2)
    assert luma[10:47] == pytest.approx([luma[30]] * 37, abs=1)


def caption(start, text):
    words = tuple(
        CueWord(text=word, start_frame=start + 10 * k, end_frame=start + 10 * k + 9)
        for k, word in enumerate(text.split())
    )
    return Cue(start_frame=start, length_frames=40, lines=(words,))


def test_captions_and_cards_are_drawn_when_they_show_and_only_then(project):
    bare = film(project, [120], motion=Motion())
    spoken = bare.model_copy(
        update={"cues": (caption(20, "once upon a"),), "cards": (Card(start_frame=80, length_frames=30, title="Two"),)}
    )
    before = planes_of_film(project, rendered(project, bare)[0])
    after = planes_of_film(project, rendered(project, spoken)[0])
    changed = [k for k in range(120) if np.abs(after[k][0].astype(int) - before[k][0]).max() > 60]
    assert set(range(21, 59)) <= set(changed)
    assert set(range(88, 102)) <= set(changed)
    assert not set(changed) & {*range(0, 20), *range(61, 80), *range(110, 120)}


def test_a_finished_film_is_not_made_again_and_loads_no_codec(project):
    timeline = film(project, [60, 60])
    blob, drawn = rendered(project, timeline)
    assert drawn == 120
    again = (
        "import sys; from storyreel.project import Project; from storyreel.render.steps import render_film\n"
        "from storyreel.timeline.model import Timeline\n"
        "timeline = Timeline.model_validate_json(sys.stdin.read())\n"
        "print(render_film(Project('film', sys.argv[1]), timeline, quality='draft').sha256)\n"
        "assert not {'cv2', 'av', 'PIL', 'scipy'} & set(sys.modules), sorted(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", again, str(project.cache)],
        input=timeline.model_dump_json(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == blob.sha256


def test_one_changed_caption_draws_only_the_pieces_it_touches(project):
    cues = tuple(caption(k * 45, f"these are word{k} here") for k in range(8))
    timeline = film(project, [360], cues=cues)
    assert rendered(project, timeline)[1] == 360
    other = (*cues[:3], caption(135, "these are changed here"), *cues[4:])
    # Frames 135 to 175 lie in the third of six pieces of 60 frames.
    assert rendered(project, timeline.model_copy(update={"cues": other}))[1] == 60


def test_one_changed_picture_draws_its_scene_and_its_transitions_only(project):
    into = Transition(kind="dissolve", length_frames=10)
    timeline = film(project, [90] * 4, [into] * 4)
    assert rendered(project, timeline)[1] == 360
    clips = list(timeline.clips)
    clips[1] = clips[1].model_copy(update={"asset": ramp(project, (0.9, 0.2, 0.9))})
    assert rendered(project, timeline.model_copy(update={"clips": tuple(clips)}))[1] == 100


def test_a_piece_that_was_damaged_on_disk_is_drawn_again(project):
    timeline = film(project, [60, 60])
    blob, _ = rendered(project, timeline)
    packets = sorted((project.cache / "store" / "files").rglob("*.packets"), key=lambda path: path.stat().st_size)
    film_path = store_of(project).path(blob)
    for path in (packets[-1], film_path):
        path.chmod(0o600)
        path.write_bytes(b"damaged")
    again, drawn = rendered(project, timeline)
    assert again == blob
    assert drawn == 60


@pytest.mark.parametrize("seed", range(4))
def test_pieces_finished_before_a_stop_are_kept_and_counted(project, seed):
    timeline = film(project, [60] * 6)
    moment = random.Random(seed).randrange(0, 360)

    def stop(event):
        if event.kind == "advanced" and event.done >= moment:
            project.progress.cancel()

    project.progress.listen(stop)
    with pytest.raises(Cancelled, match=r"stopped; [0-6] of 6 pieces are finished and kept") as caught:
        render_film(project, timeline, quality="draft")
    finished = int(str(caught.value).split()[1])
    later = Project("film", project.cache)
    there = render_plan(later, timeline, quality="draft")
    # A piece that was under way when the others stopped may have been finished after it was counted.
    assert finished <= there.remembered <= 6
    rendering = render_pieces(later, timeline, quality="draft")
    assert (rendering.pieces, rendering.made) == (6, there.to_draw)
    fresh = Project("other", project.cache / "other")
    assert rendered(fresh, film(fresh, [60] * 6))[0] == rendering.blob


def test_a_plan_says_what_a_render_then_does_and_makes_nothing(project):
    timeline = film(project, [60, 60, 60])
    before = render_plan(project, timeline, quality="draft")
    assert (before.pieces, before.to_draw, before.frames_to_draw, before.frames) == (3, 3, 180, 180)
    assert not before.film_remembered
    assert not before.sound_remembered
    assert before.estimated_s > 0
    assert not list(project.cache.rglob("*.packets"))
    render_film(project, timeline, quality="draft")
    after = render_plan(project, timeline, quality="draft")
    assert (after.to_draw, after.sound_remembered, after.film_remembered, after.estimated_s) == (0, True, True, 0.0)
    clips = (timeline.clips[0].model_copy(update={"motion": Motion()}), *timeline.clips[1:])
    edited = timeline.model_copy(update={"clips": clips})
    plan = render_plan(project, edited, quality="draft")
    assert (plan.to_draw, plan.frames_to_draw, plan.sound_remembered) == (1, 60, True)
    assert render_pieces(project, edited, quality="draft").made == 1


def test_the_estimate_follows_the_pace_that_was_measured(project):
    store, timeline = store_of(project), film(project, [60])
    note_pace(store, timeline, "draft", "x264", 100, 50.0)
    assert seconds_a_frame(store, timeline, "draft", "x264") == pytest.approx(0.5)
    note_pace(store, timeline, "draft", "x264", 100, 10.0)
    assert seconds_a_frame(store, timeline, "draft", "x264") == pytest.approx(0.3)
    note_pace(store, timeline, "draft", "x264", 2, 99.0)
    assert seconds_a_frame(store, timeline, "draft", "x264") == pytest.approx(0.3)
    assert seconds_a_frame(store, timeline, "high", "x264") < 0.1


def test_the_last_message_says_how_many_pieces_were_made_and_kept(project):
    said = []
    project.progress.listen(lambda event: said.append(event.message))
    timeline = film(project, [60, 60])
    render_film(project, timeline, quality="draft")
    assert said[-2] == "2 pieces made"
    changed = timeline.clips[1].model_copy(update={"motion": Motion()})
    render_film(project, timeline.model_copy(update={"clips": (timeline.clips[0], changed)}), quality="draft")
    assert said[-2] == "1 of 2 pieces made, 1 kept"
    render_film(project, timeline, quality="draft")
    assert said[-2] == "all 2 pieces kept"


def test_pieces_that_vanish_between_being_made_and_joined_are_made_again(project):
    """Another process clears the store whenever a piece has just been finished."""
    timeline = film(project, [60, 60, 60])
    whole = rendered(Project("other", project.cache / "other"), timeline_in(project, timeline))[0]

    def clear(event):
        if event.kind == "advanced":
            for file in store_of(project).kept(".packets"):
                store_of(project).discard(file.blob)

    forget = project.progress.listen(clear)
    blob = render_film(project, timeline, quality="draft")
    forget()
    assert blob == whole


def timeline_in(project, timeline):
    """The timeline, its pictures copied into the store of the cache "other"."""
    other = Project("other", project.cache / "other")
    for clip in timeline.clips:
        store_of(other).put_bytes(store_of(project).read(clip.asset.blob), clip.asset.blob.suffix)
    return timeline


CHILD = (
    "import resource, sys\n"
    "from storyreel.project import Project\n"
    "from storyreel.render.steps import render_film\n"
    "from storyreel.timeline.model import Timeline\n"
    "timeline, project = Timeline.model_validate_json(sys.stdin.read()), Project('film', sys.argv[1])\n"
)


def no_half_file(project):
    """Every file of the store is what its name says."""
    files = [path for path in (project.cache / "store/files").rglob("*") if path.is_file()]
    for path in files:
        assert sha256(path.read_bytes()).hexdigest() == path.stem, path
    return files


def test_a_file_that_may_not_grow_in_mid_render_leaves_no_half_piece(project):
    """First the system lets no file grow past 6 kB, then past 3 MB, which is room enough."""
    timeline = film(project, [60] * 4, motion=Motion())
    store_of(project).results.set("room", "x" * 9000)  # the database has to grow later than the pieces
    code = CHILD + (
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "limit = int(sys.argv[2]); resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "try: render_film(project, timeline, quality='draft')\n"
        "except Exception as error: print(type(error).__name__)"
    )
    for limit in ("6000", "3000000"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(project.cache), limit],
            input=timeline.model_dump_json(),
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() in (("StorageError", "DiskFull") if limit == "6000" else ("",)), done.stdout
        no_half_file(project)
    assert len(no_half_file(project)) >= 6


def test_a_process_killed_in_mid_render_leaves_no_half_piece_and_the_next_goes_on(project):
    timeline = film(project, [40] * 8)
    code = CHILD + (
        "import os, signal\n"
        "done = []\n"
        "def kill(event):\n"
        "    if event.kind == 'advanced' and event.done >= 120: os.kill(os.getpid(), signal.SIGKILL)\n"
        "project.progress.listen(kill)\n"
        "render_film(project, timeline, quality='draft')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(project.cache)],
        input=timeline.model_dump_json(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    no_half_file(project)
    plan = render_plan(project, timeline, quality="draft")
    assert plan.remembered >= 3
    assert render_pieces(project, timeline, quality="draft").made == plan.to_draw < 8


def test_a_clip_without_a_picture_stops_a_final_render_by_name(project):
    timeline = film(project, [30, 30])
    clips = (timeline.clips[0], timeline.clips[1].model_copy(update={"asset": None}))
    with pytest.raises(RenderError, match="clip s1"):
        render_film(project, timeline.model_copy(update={"clips": clips}))


def test_a_picture_that_is_gone_or_broken_is_told_by_its_clip(project):
    timeline = film(project, [30, 30])
    broken = keep(project, b"no picture at all", ".png", "image", width_px=640, height_px=360)
    clips = (timeline.clips[0], timeline.clips[1].model_copy(update={"asset": broken}))
    with pytest.raises(RenderError, match=r"clip s1: .*cannot be read"):
        rendered(project, timeline.model_copy(update={"clips": clips}))
    assert timeline.clips[0].asset is not None
    store_of(project).path(timeline.clips[0].asset.blob).unlink()
    with pytest.raises(RenderError, match=r"clip s0: .*is gone") as caught:
        render_film(project, timeline, quality="standard")
    assert isinstance(caught.value.__cause__, CorruptFile)


def video(project, count, fps):
    """A video whose frames get brighter one by one."""
    data = io.BytesIO()
    with av.open(data, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=Fraction(fps), options={"crf": "12", "g": "7"})
        stream.width, stream.height, stream.pix_fmt = W, H, "yuv420p"
        for k in range(count):
            frame = av.VideoFrame.from_ndarray(np.full((H, W, 3), 30 + 5 * k, np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return keep(project, data.getvalue(), ".mp4", "video", width_px=W, height_px=H, duration_s=count / fps)


def test_a_video_clip_plays_at_the_films_rate_and_holds_its_last_frame(project):
    timeline = film(project, [150], motion=Motion())
    clip = timeline.clips[0].model_copy(update={"asset": video(project, 40, 15)})
    frames = planes_of_film(project, rendered(project, timeline.model_copy(update={"clips": (clip,)}))[0])
    shown = [(means(planes)[0] - 16) / 219 * 255 for planes in frames]
    expected = [30 + 5 * min(k // 2, 39) for k in range(150)]
    assert shown == pytest.approx(expected, abs=3.5)


def test_a_broken_video_is_told_by_its_clip(project):
    timeline = film(project, [30])
    for content in (b"no video", b"\0" * 5000):
        asset = keep(project, content, ".mp4", "video", width_px=W, height_px=H)
        clip = timeline.clips[0].model_copy(update={"asset": asset})
        with pytest.raises(RenderError, match=r"clip s0: the video .* cannot be read"):
            rendered(project, timeline.model_copy(update={"clips": (clip,)}))


def test_an_edit_of_the_pictures_leaves_the_sound_alone(project):
    one, other = film(project, [60, 60]), film(project, [40, 80], motion=Motion(), fade_in_frames=5)
    assert audible(one) == audible(other)
    assert audible(one) != audible(film(project, [60, 61]))
