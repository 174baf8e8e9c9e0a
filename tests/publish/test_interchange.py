"""Timelines for other programs: they load, resolve, and come back with every cut on its frame."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import av
import imageio_ffmpeg
import numpy as np
import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import storyreel
from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.memo.store import store_of
from storyreel.publish.interchange.edl import from_edl, to_edl
from storyreel.publish.interchange.fcpxml import to_fcpxml
from storyreel.publish.interchange.losses import FORMATS, losses, losses_table
from storyreel.publish.interchange.media import MediaFacts, media_facts, media_names
from storyreel.publish.interchange.otio import to_otio
from storyreel.publish.interchange.recut import CutPicture, read_cuts, recut_edits
from storyreel.recipes._finish import read_timeline
from storyreel.render.chunks import check_tiling
from storyreel.timeline.edit import apply
from storyreel.timeline.model import Card, Clip, Motion, Rect, Sound, Timeline, Transition
from storyreel.timeline.transitions import fitted, reach

RATES = st.sampled_from(
    [Rate(num=24), Rate(num=30000, den=1001), Rate(num=30), Rate(num=25), Rate(num=24000, den=1001)]
)
KINDS = st.sampled_from(["cut", "cut", "dissolve", "wipe", "fade_black", "slide", "zoom"])
examples = settings(max_examples=60, deadline=None)
_PAN = Motion(start=Rect(), end=Rect(x=0.4, y=0.6, height=0.7))


def asset(number: int, kind: str = "image") -> Asset:
    blob = Blob(sha256=f"{number:064x}", suffix=".png" if kind == "image" else ".mp4", size_bytes=1)
    return Asset(kind=kind, blob=blob, width_px=320, height_px=180, duration_s=0.0 if kind == "image" else 30.0,
                 provenance=Provenance(provider="test"))  # fmt: skip


@st.composite
def films(draw: st.DrawFn) -> Timeline:
    clips, at = [], 0
    count = draw(st.integers(1, 7))
    for number in range(count):
        length = draw(st.integers(1, 900))
        kind = draw(KINDS)
        into = Transition(kind=kind, length_frames=0 if kind == "cut" else draw(st.integers(2, 40)),
                          side=draw(st.sampled_from(["left", "right", "up"])))  # fmt: skip
        video = draw(st.booleans())
        clips.append(Clip(
            id=f"s{number:04}", asset=asset(draw(st.integers(0, 4)) + 10 * video, "video" if video else "image"),
            start_frame=at, length_frames=length, into=into if number else Transition(),
            source_start_s=draw(st.sampled_from([0.0, 1.5, 3.25])) if video else 0.0,
        ))  # fmt: skip
        at += length
    film = Timeline(title="Film", rate=draw(RATES), width_px=320, height_px=180, length_frames=at, clips=tuple(clips))
    return fitted(film)[0]


def cuts(film: Timeline) -> list[tuple[str, int, int]]:
    return [(clip.id, clip.start_frame, clip.length_frames) for clip in film.clips]


def written(film: Timeline, folder: Path, end: str) -> Path:
    make = {"otio": to_otio, "edl": to_edl, "fcpxml": to_fcpxml}[end]
    path = folder / f"film.{end}"
    path.write_text(make(film, media_names(film), "film media"), encoding="utf-8")
    return path


@examples
@given(films())
def test_otio_keeps_every_cut_to_the_frame(tmp_path_factory, film) -> None:
    path = written(film, tmp_path_factory.getbasetemp(), "otio")
    found = read_cuts(path, film)
    assert [(each.clip, each.length_frames, each.into) for each in found] == [
        (clip.id, clip.length_frames, _comparable(clip.into)) for clip in film.clips
    ]
    assert recut_edits(film, found, _no_asset) == ()


@examples
@given(films())
def test_edl_keeps_every_cut_to_the_frame(tmp_path_factory, film) -> None:
    path = written(film, tmp_path_factory.getbasetemp(), "edl")
    events = from_edl(path.read_text(), film.rate)
    assert [(event.clip, event.start_frame, event.length_frames) for event in events] == cuts(film)
    assert all(len(line) <= 80 or line.startswith("*") for line in path.read_text().splitlines())
    assert recut_edits(film, read_cuts(path, film), _no_asset) == ()


def _comparable(into: Transition) -> Transition:
    return into if sum(reach(into)) else Transition()


def _no_asset(path: Path) -> Asset:
    raise AssertionError(f"{path} is asked for, and the film has all its pictures")


@examples
@given(films())
def test_fcpxml_has_every_cut_on_a_whole_frame(film) -> None:
    root = ElementTree.fromstring(to_fcpxml(film, media_names(film), "film media"))
    ids = {each.get("id"): each for each in root.find("resources")}
    assert len(ids) == len(list(root.find("resources")))
    frame = Fraction(film.rate.den, film.rate.num)
    for element in root.iter():
        for name in ("offset", "duration", "start", "frameDuration"):
            if (text := element.get(name)) is not None:
                assert Fraction(text.removesuffix("s")) / frame == int(Fraction(text.removesuffix("s")) / frame)
        if (reference := element.get("ref") or element.get("format")) is not None:
            assert reference in ids
    spine = root.find("library/event/project/sequence/spine")
    shown = [each for each in spine if each.tag != "transition"]
    at = [
        (each.get("name"), *(int(Fraction(each.get(n)[:-1]) / frame) for n in ("offset", "duration"))) for each in shown
    ]
    assert at == cuts(film)
    between = [each for each in spine if each.tag == "transition"]
    assert len(between) == sum(bool(index and sum(reach(clip.into))) for index, clip in enumerate(film.clips))


# What may stand in each element that we write, in this order, and which attributes it must have: our own reading of
# Apple's "Document Type Definition" for FCPXML, of what we write only. Final Cut refuses a file that breaks one.
_INTRINSIC = "(conform-rate )?(timeMap )?(adjust-crop )?(adjust-conform )?"
_HUNG = "((video|asset-clip) )*(marker )*"
FCPXML_RULES = {
    "fcpxml": ("resources library ", "version"),
    "resources": ("((asset|effect|format) )*", ""),
    "format": ("", "id"),
    "effect": ("", "id uid"),
    "asset": ("(media-rep )+", "id"),
    "media-rep": ("", "src"),
    "library": ("(event )*", ""),
    "event": ("(project )*", ""),
    "project": ("sequence ", ""),
    "sequence": ("spine ", "format"),
    "spine": ("((video|asset-clip|gap|transition) )*", ""),
    "video": (_INTRINSIC + _HUNG, "ref duration"),
    "asset-clip": (_INTRINSIC + "(adjust-volume )?" + _HUNG, "ref"),
    "gap": (_HUNG, "duration"),
    "transition": ("(filter-video )?", "duration"),
    "filter-video": ("", "ref"),
    "conform-rate": ("", ""),
    "timeMap": ("(timept )*", ""),
    "timept": ("", "time value"),
    "adjust-crop": ("(pan-rect pan-rect )?", "mode"),
    "pan-rect": ("", ""),
    "adjust-conform": ("", ""),
    "adjust-volume": ("(param )*", ""),
    "param": ("(fadeIn )?(fadeOut )?", "name"),
    "fadeIn": ("", "duration"),
    "fadeOut": ("", "duration"),
    "marker": ("", "start value"),
}  # fmt: skip
FCPXML_CHOICES = {
    ("asset-clip", "srcEnable"): {"all", "audio", "video"},
    ("sequence", "tcFormat"): {"DF", "NDF"},
    ("sequence", "audioLayout"): {"mono", "stereo", "surround"},
    ("sequence", "audioRate"): {"32k", "44.1k", "48k", "88.2k", "96k", "176.4k", "192k"},
    ("conform-rate", "scaleEnabled"): {"0", "1"},
    ("conform-rate", "srcFrameRate"): {"23.98", "24", "25", "29.97", "30", "60", "47.95", "48", "50", "59.94"},
    ("adjust-crop", "mode"): {"trim", "crop", "pan"},
    ("adjust-conform", "type"): {"fit", "fill", "none"},
    ("timept", "interp"): {"smooth2", "linear", "smooth"},
    ("fadeIn", "type"): {"linear", "easeIn", "easeOut", "easeInOut"},
    ("fadeOut", "type"): {"linear", "easeIn", "easeOut", "easeInOut"},
}
FCPXML_TIMES = {"offset", "duration", "start", "frameDuration", "tcStart", "time"}


@examples
@given(films(), st.data())
def test_fcpxml_keeps_to_apples_definition(film, data) -> None:
    end = film.length_frames
    clips = tuple(
        clip.model_copy(update=data.draw(st.sampled_from([{}, {}, {"asset": None}, {"speed": 1.5}, {"motion": _PAN}])))
        for clip in film.clips
    )
    sound = asset(40).model_copy(update={"kind": "audio", "duration_s": 9.0})
    sounds = [
        Sound(asset=sound, track=track, start_frame=at, length_frames=1 + (end - 1 - at) // 2, fade_in_s=fade,
              gain_db=-3.0 if fade else 0.0)
        for track, at, fade in data.draw(st.lists(st.tuples(
            st.sampled_from(["music", "narration", "effects"]), st.integers(0, end - 1), st.sampled_from([0.0, 0.5])),
            max_size=4))
    ]  # fmt: skip
    cards = tuple(
        Card(start_frame=at, length_frames=1, title=data.draw(st.text(max_size=8)))
        for at in data.draw(st.lists(st.integers(0, end - 1), max_size=3))
    )
    film = film.model_copy(update={"clips": clips, "sounds": tuple(sounds), "cards": cards})
    videos = sorted({clip.asset.blob for clip in clips if clip.asset and clip.asset.kind == "video"}, key=str)
    facts = {blob: MediaFacts(data.draw(RATES).fps, 0, 0) for blob in videos}
    text = to_fcpxml(film, media_names(film), "film media", facts)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.9">')
    root = ElementTree.fromstring(text)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    formats = {each.get("id"): _seconds_of(each.get("frameDuration", "1s")) for each in root.iter("format")}
    for element in root.iter():
        own = element.get("format") if element.tag == "asset" else element.get("id") if element.tag == "format" else ""
        frame = formats[own] if own else 1 / film.rate.fps
        inner, needed = FCPXML_RULES[element.tag]
        assert re.fullmatch(inner, "".join(f"{child.tag} " for child in element)), ElementTree.tostring(element)
        assert set(needed.split()) <= set(element.keys()), ElementTree.tostring(element)
        for name, value in element.items():
            assert value in FCPXML_CHOICES.get((element.tag, name), {value})
            if name in ("ref", "format"):
                assert value in ids
            if name in FCPXML_TIMES or (element.tag, name) == ("timept", "value"):
                found = re.fullmatch(r"(\d+)(?:/(\d+))?s", value)
                assert found, value
                assert int(found[1]) < 2**63
                assert int(found[2] or 1) < 2**31
                assert (Fraction(value[:-1]) / frame).denominator == 1, f"{name}={value} is no whole frame"
    lengths = {each.get("id"): _seconds_of(each.get("duration")) for each in root.iter("asset")}
    for each in root.iter("asset-clip"):
        if each.get("srcEnable") == "video":
            times, values = zip(*_points(each, lengths[each.get("ref")]), strict=True)
            assert times[0] == values[0] == 0
            assert list(times) == sorted(set(times))
            assert times[-1] >= _seconds_of(each.get("start")) + _seconds_of(each.get("duration"))
            assert max(values) <= lengths[each.get("ref")] + 1 / film.rate.fps


def _seconds_of(text: str) -> Fraction:
    return Fraction(text.removesuffix("s"))


def _points(clip: ElementTree.Element, length: Fraction) -> list[tuple[Fraction, Fraction]]:
    """When each moment of a clip's video is seen, in seconds of its own time: (time, moment)."""
    found = [(_seconds_of(each.get("time")), _seconds_of(each.get("value"))) for each in clip.iter("timept")]
    return found or [(Fraction(0), Fraction(0)), (length + Fraction(1, 20), length)]


def test_fcpxml_tells_each_files_own_rate_and_channels(lamp, timeline, tmp_path) -> None:
    path = tmp_path / "fifty.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=50)
        stream.width, stream.height, stream.pix_fmt, stream.thread_count = 320, 180, "yuv420p", 1
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((180, 320, 3), np.uint8))))
        container.mux(stream.encode(None))
    video = Asset(kind="video", blob=store_of(lamp).put_file(path, ".mp4", keep=True), width_px=320, height_px=180,
                  duration_s=0.2, provenance=Provenance(provider="test"))  # fmt: skip
    clip = timeline.clips[0].model_copy(update={"asset": video, "motion": Motion()})
    film = timeline.model_copy(update={"clips": (clip, *timeline.clips[1:])})
    root = ElementTree.fromstring(to_fcpxml(film, media_names(film), "film media", media_facts(lamp, film)))
    (found,) = [each for each in root.iter("asset-clip") if each.get("srcEnable") == "video"]
    assert found.find("conform-rate").attrib == {"scaleEnabled": "0", "srcFrameRate": "50"}
    held = found.findall("timeMap/timept")[-1]
    assert held.get("time") == f"{clip.length_frames // 24}s"  # its 24 frames, of which the video has the first five
    assert held.get("value") == "1/6s"
    (asset,) = [each for each in root.iter("asset") if each.get("id") == found.get("ref")]
    (size,) = [each for each in root.iter("format") if each.get("id") == asset.get("format")]
    assert (asset.get("duration"), size.get("frameDuration"), size.get("width")) == ("1/5s", "1/50s", "320")
    assert {each.get("audioChannels") for each in root.iter("asset") if each.get("hasAudio")} == {"1"}


# --- a re-cut film


@st.composite
def recuts(draw: st.DrawFn) -> tuple[Timeline, list[CutPicture]]:
    film = draw(films())
    kept = draw(st.lists(st.sampled_from(film.clips), min_size=1, max_size=8))
    found = []
    for number, clip in enumerate(kept):
        new = draw(st.integers(0, 5)) == 0
        # A picture used twice is a new clip of the same file.
        file = Path(f"/media/{'new' if new else clip.id}.png")
        found.append(
            CutPicture("" if new else clip.id, file, draw(st.integers(1, 500)), Transition() if number else None)
        )
    return film, found


@examples
@given(recuts())
def test_a_recut_comes_back_as_edits_that_make_it(recut) -> None:
    film, found = recut
    edited = apply(film, recut_edits(film, found, lambda path: asset(99)))
    check_tiling(edited)
    assert [clip.length_frames for clip in edited.clips] == [each.length_frames for each in found]
    first_uses = [each.clip for index, each in enumerate(found) if each.clip not in {one.clip for one in found[:index]}]
    assert [clip.id for clip in edited.clips if clip.id in {each.clip for each in found}] == [
        one for one in first_uses if one
    ]
    own = {clip.id: clip for clip in film.clips}
    assert all(clip.motion == own[clip.id].motion for clip in edited.clips if clip.id in own)


def test_a_film_is_edited_by_its_recut_otio(begin, tmp_path) -> None:
    project = begin(tmp_path / "cache")
    path = storyreel.export("lamp", tmp_path / "film.otio", cache=project.cache).path
    film = otio.adapters.read_from_file(str(path))
    (track,) = film.video_tracks()
    pictures = [item for item in track if isinstance(item, otio.schema.Clip)]
    extra = tmp_path / "extra.png"
    Image.new("RGB", (320, 180), "red").save(extra)
    first, second, _, last = (item.deepcopy() for item in pictures)
    last.source_range = otio.opentime.TimeRange(last.source_range.start_time, otio.opentime.RationalTime(12, 24))
    new = otio.schema.Clip("new", otio.schema.ExternalReference("extra.png"), otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 24), otio.opentime.RationalTime(10, 24)))  # fmt: skip
    track.clear()
    track.extend([second, first, new, last])
    otio.adapters.write_to_file(film, str(path))
    edited = storyreel.edit("lamp", path, cache=project.cache)
    assert [(clip.id, clip.length_frames) for clip in edited.timeline.clips] == [
        ("s1", 30), ("s0", 24), ("new", 10), ("s3", 12)
    ]  # fmt: skip
    with av.open(str(edited.path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 76
    assert frames[58][72, 128, 0] > 200 > 60 > frames[58][72, 128, 1]
    assert frames[40][72, 128, 0] < 200


def test_a_timeline_takes_its_recut_back_as_edits(lamp, timeline, tmp_path, monkeypatch) -> None:
    path = storyreel.export("lamp", tmp_path / "film.otio", cache=lamp.cache).path
    film = otio.adapters.read_from_file(str(path))
    (track,) = film.video_tracks()
    first, second, *_ = (item.deepcopy() for item in track if isinstance(item, otio.schema.Clip))
    track.clear()
    track.extend([second, first])
    otio.adapters.write_to_file(film, str(path))
    edits = timeline.from_otio(path, lamp)
    assert [clip.id for clip in apply(timeline, edits).clips] == ["s1", "s0"]
    monkeypatch.setenv("STORYREEL_CACHE", str(lamp.cache))
    assert timeline.from_otio(path) == edits == storyreel.from_otio(path, "lamp")  # the project is found by its media
    strange = timeline.model_copy(update={"clips": (timeline.clips[0].model_copy(update={"asset": asset(7)}),)})
    with pytest.raises(InputError, match=r"no project in .* has the pictures"):
        strange.from_otio(path)


@pytest.mark.parametrize("kind", ["otio", "fcpxml", "stills"])
def test_a_zip_has_a_timeline_with_all_that_it_points_at(lamp, kind, tmp_path) -> None:
    place = tmp_path / "home.zip"
    for _ in range(2):  # what is there is replaced
        done = storyreel.export("lamp", place, kind=kind, cache=lamp.cache)
    assert (done.files, [path.name for path in tmp_path.iterdir()]) == ((place,), ["home.zip"])
    with zipfile.ZipFile(place) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "opened")
    opened = tmp_path / "opened"
    if kind == "stills":
        assert len(list((opened / "lamp").glob("*.png"))) == 4
        return
    text = (opened / f"lamp.{kind}").read_text(encoding="utf-8")
    sources = re.findall(r'(?:"target_url": "|src="\./)([^"]+)"', text)
    assert len(set(sources)) == 6
    assert all((opened / source.replace("%20", " ")).is_file() for source in sources)


def test_links_beside_a_timeline_are_taken_where_they_are_asked_for(lamp, tmp_path) -> None:
    done = storyreel.export("lamp", tmp_path / "film.edl", cache=lamp.cache, media="link")
    assert all(file.stat().st_nlink > 1 for file in done.files[1:])


def test_an_edl_without_our_notes_is_known_by_its_files(lamp, timeline, tmp_path) -> None:
    path = storyreel.export("lamp", tmp_path / "film.edl", cache=lamp.cache).path
    text = "\n".join(line for line in path.read_text().splitlines() if "STORYREEL" not in line)
    path.write_text(text)
    assert [each.clip for each in read_cuts(path, timeline)] == ["s0", "s1", "s2", "s3"]


@pytest.mark.parametrize(("name", "text", "said"), [
    ("a.edl", "TITLE: x\n", "the EDL holds no pictures"),
    ("a.otio", "no JSON", "cannot be read by OpenTimelineIO"),
    ("a.otio", '{"OTIO_SCHEMA": "Timeline.1", "tracks": {"OTIO_SCHEMA": "Stack.1", "children": []}}',
     "holds no pictures"),
])  # fmt: skip
def test_a_timeline_that_is_none_is_refused(name, text, said, timeline, tmp_path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=said):
        read_cuts(tmp_path / name, timeline)


# --- the files


def test_otio_resolves_and_is_sound(lamp, timeline, tmp_path) -> None:
    done = storyreel.export("lamp", tmp_path / "film.otio", cache=lamp.cache)
    film = otio.adapters.read_from_file(str(done.path))
    assert otio.adapters.read_from_string(film.to_json_string(), "otio_json").is_equivalent_to(film)
    assert film.duration() == otio.opentime.RationalTime(96, 24)
    seen = 0
    for clip in film.find_clips():
        assert not clip.media_reference.is_missing_reference
        file = done.path.parent / clip.media_reference.target_url.replace("%20", " ")
        assert file.is_file()
        assert file in done.files
        assert (file.stat().st_nlink, file.stat().st_mode & 0o777) == (1, 0o644)
        has, takes = clip.available_range(), clip.trimmed_range()
        assert has.start_time <= takes.start_time
        assert takes.end_time_exclusive() <= has.end_time_exclusive()
        seen += 1
    assert seen == 6
    (track,) = film.video_tracks()
    starts = [clip.range_in_parent().start_time.to_frames() for clip in track.find_clips()]
    assert starts == [clip.start_frame for clip in timeline.clips]
    handles = [otio.algorithms.track_with_expanded_transitions(track)]
    assert handles[0] is not None
    captions = [mark.name for mark in track.markers if "caption" in mark.metadata["storyreel"]]
    assert captions == [cue.text.replace("\n", " ") for cue in timeline.cues]
    sounds = [(t.name, [(c.range_in_parent().start_time.to_frames(), c.duration().to_frames()) for c in t.find_clips()])
              for t in film.audio_tracks()]  # fmt: skip
    assert sorted(sounds) == [("music", [(0, 96)]), ("narration", [(10, 48)])]


def test_another_program_renders_the_otio_with_the_same_cuts(begin, tmp_path) -> None:
    """A reader that knows nothing of storyreel: OpenTimelineIO for the cuts, the ffmpeg program for the film."""
    project = begin(tmp_path / "cache")
    shades = (20, 90, 160, 230)
    timeline = read_timeline(project)
    clips = tuple(
        clip.model_copy(update={"asset": _shade(project, shade), "into": Transition(), "motion": Motion()})
        for clip, shade in zip(timeline.clips, shades, strict=True)
    )
    from storyreel.recipes._finish import keep_timeline

    keep_timeline(project, timeline.model_copy(update={"clips": clips, "cues": (), "cards": ()}))
    ours = storyreel.export("lamp", tmp_path / "film.mp4", cache=project.cache).path
    path = storyreel.export("lamp", tmp_path / "film.otio", cache=project.cache).path
    theirs = tmp_path / "theirs.mp4"
    _render_otio(path, theirs)
    assert _cuts_seen(theirs) == _cuts_seen(ours) == [clip.start_frame for clip in clips]


def _shade(project, shade: int) -> Asset:
    data = io.BytesIO()
    Image.new("RGB", (320, 180), (shade,) * 3).save(data, "PNG")
    blob = store_of(project).put_bytes(data.getvalue(), ".png")
    return Asset(kind="image", blob=blob, width_px=320, height_px=180, provenance=Provenance(provider="test"))


def _render_otio(path: Path, out: Path) -> None:
    film = otio.adapters.read_from_file(str(path))
    (track,) = film.video_tracks()
    rate, inputs, chains, names = film.duration().rate, list[str](), list[str](), ""
    for number, clip in enumerate(track.find_clips()):
        inputs += ["-loop", "1", "-framerate", f"{rate:g}", "-i"]
        inputs.append(str(path.parent / clip.media_reference.target_url.replace("%20", " ")))
        chains.append(f"[{number}]scale=256:144,format=yuv420p,trim=end_frame={clip.duration().to_frames()}[v{number}]")
        names += f"[v{number}]"
    graph = ";".join([*chains, f"{names}concat=n={len(chains)}[film]"])
    command = [shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *inputs]
    command += ["-filter_complex", graph, "-map", "[film]", "-preset", "ultrafast", "-threads", "1", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def _cuts_seen(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        levels = np.array([frame.to_ndarray(format="gray").mean() for frame in container.decode(video=0)])
    return [0, *(np.flatnonzero(np.abs(np.diff(levels)) > 30) + 1).tolist()]


def test_fcpxml_carries_moves_sounds_and_markers(lamp, timeline, tmp_path) -> None:
    path = storyreel.export("lamp", tmp_path / "film.fcpxml", cache=lamp.cache).path
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    for source in root.iter("media-rep"):
        assert (path.parent / source.get("src").replace("%20", " ")).is_file()
    moves = list(root.iter("adjust-crop"))
    assert len(moves) == 2
    start, end = moves[0].findall("pan-rect")
    assert {start.get(side) for side in ("left", "top", "right", "bottom")} == {"0.0000"}
    # The end shows 80 % of the picture around (0.6, 0.45): 20 % of its height and width are cut away in all.
    assert float(end.get("top")) + float(end.get("bottom")) == pytest.approx(20, abs=0.01)
    assert float(end.get("left")) + float(end.get("right")) == pytest.approx(20 * 320 / 180, abs=0.01)
    assert float(end.get("left")) > float(end.get("right"))
    sounds = [(each.get("name"), each.get("audioRole"), each.find("adjust-volume").get("amount"))
              for each in root.iter("asset-clip")]  # fmt: skip
    assert sorted(sounds) == [("music", "music", "-3dB"), ("narration", "dialogue", "-3dB")]
    assert [mark.get("value") for mark in root.iter("marker")].count("Two") == 1
    order = {"adjust-crop": 0, "adjust-conform": 1, "asset-clip": 2, "marker": 3}
    for clip in root.iter("video"):
        places = [order[child.tag] for child in clip]
        assert places == sorted(places)


def test_what_is_lost_is_told_for_the_film_at_hand(timeline) -> None:
    told = {name: {loss.what: loss.count for loss in losses(timeline, name)} for name in FORMATS}
    assert told["otio"]["camera moves"] == told["edl"]["camera moves"] == 2
    assert "camera moves" not in told["fcpxml"]
    assert told["edl"]["sounds"] == 2
    assert told["fcpxml"]["transitions of other kinds than dissolve"] == 1
    plain = timeline.model_copy(update={"cues": (), "cards": (), "sounds": (), "clips": timeline.clips[:1]})
    still = plain.model_copy(update={"clips": (plain.clips[0].model_copy(update={"motion": Motion()}),)})
    assert losses(still, "otio") == ()
    turned = Motion(start=Rect(), end=Rect(turn_deg=5.0))
    leaning = still.model_copy(update={"clips": (still.clips[0].model_copy(update={"motion": turned}),)})
    assert [loss.what for loss in losses(leaning, "fcpxml")] == ["camera moves"]
    assert list(losses_table(losses(timeline, "edl")).columns) == ["format", "what", "count", "becomes"]
