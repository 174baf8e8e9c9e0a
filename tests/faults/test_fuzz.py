"""Whatever comes in, by whichever way: it is taken, or refused in a sentence, and nothing else is touched."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import av
import docx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bad_bytes import spoilt, taken_or_refused
from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.inputs.screenplay.files import read_script, script_from_text
from storyreel.inputs.screenplay.fountain import parse_fountain
from storyreel.inputs.templates import template
from storyreel.media.model import Asset, Provenance
from storyreel.media.probe import probe
from storyreel.memo.blob import Blob
from storyreel.memo.journal import Journal
from storyreel.memo.policy import read_policy
from storyreel.memo.store import _stores
from storyreel.progress import EventTail
from storyreel.project import Project, Record, list_projects
from storyreel.providers.prices import table
from storyreel.publish.interchange.edl import to_edl
from storyreel.publish.interchange.otio import to_otio
from storyreel.publish.interchange.recut import read_cuts, recut_edits
from storyreel.publish.project_unzip import unpack
from storyreel.publish.project_zip import pack
from storyreel.recipes import tables
from storyreel.recipes.card_files import read_card_file, saved_card_edits
from storyreel.recipes.edits import add_edits, keep_assembled, read_edits, read_timeline_file
from storyreel.recipes.flow_board import read_segments
from storyreel.recipes.given_files import given_picture, given_sound
from storyreel.recipes.history import History
from storyreel.recipes.pace import paces
from storyreel.recipes.script_versions import script_versions
from storyreel.recipes.shelf import list_films
from storyreel.recipes.shorts import chosen_shorts
from storyreel.recipes.versions import files_of
from storyreel.render.text_fonts import FOLDER, missing_glyphs, user_font
from storyreel.settings import Settings, parse_size
from storyreel.shots.breakdown import break_down
from storyreel.shots.cast import Cast, CharacterCard
from storyreel.story.staging import staged
from storyreel.studio.messages import read_message
from storyreel.studio.shot_sheet import chapter_list, read_sheet, scene_list
from storyreel.studio.takes import Takes, read_takes
from storyreel.timeline.edit import EDITS, apply
from storyreel.timeline.formats import from_srt, to_ass, to_srt, to_vtt
from storyreel.timeline.model import Clip, Cue, CueWord, Timeline

FEW, MANY = 12, 4000
MEDIA, MANY_MEDIA = 60, 10_000
GUIDED_S = 60
BLOB = Blob(sha256="ab" * 32, suffix=".png", size_bytes=9)
PICTURE = Asset(kind="image", blob=BLOB, width_px=64, height_px=36, provenance=Provenance(provider="test"))
TIMELINE = Timeline(
    title="The Lamp", width_px=192, height_px=108, rate=Rate(num=24), length_frames=72,
    clips=tuple(
        Clip(id=f"s000{number}", start_frame=24 * number - 24, length_frames=24, asset=PICTURE) for number in (1, 2, 3)
    ),
    cues=(Cue(start_frame=0, length_frames=20, lines=((CueWord(text="Light", start_frame=0, end_frame=20),),)),),
)  # fmt: skip
FOUNTAIN = b"""Title: The Lamp
Author: Anonymous

INT. LIGHTHOUSE - NIGHT #1#

The keeper *climbs* the **stair**. [[a note]]

KEEPER (V.O.) ^
(tired)
One more step. _Always_ one more.

> FADE OUT.

/* cut */ # Act two
= A synopsis
~A song
===
EXT. SEA - DAWN
"""
SRT = b"1\n00:00:01,000 --> 00:00:02,500\n<i>Light</i> the lamp.\n\n2\n00:00:03,000 --> 00:00:04,000\nKEEPER: Now.\n"
TEMPLATE = Path(str(files("storyreel.inputs.templates"))).joinpath("poem.toml").read_bytes()
PRICES = b'[openai."gpt-image-1"]\npicture = "0.04"\nas_of = 2026-01-02\nsource = "https://example.org"\n'
POLICY = b"limit_usd = 2.5\nmarkup = 0.1\nlongest_s = 600\nfree_s = 60\n"
EDIT_LIST = json.dumps(
    [
        {"kind": "move_clip", "clip": "s0001", "to": 2},
        {"kind": "change_duration", "clip": "s0002", "length_frames": 30},
        {"kind": "remove_clip", "clip": "s0003"},
        {"kind": "replace_picture", "clip": "s0001", "file": "picture.png"},
    ]
).encode()
MESSAGE = json.dumps(
    {"type": "edit", "id": 3, "label": "x", "base": 0, "edits": [{"kind": "remove_clip", "clip": "s0001"}]}
).encode()


@dataclass(frozen=True)
class Way:
    """A way in: what does the reading, of which good files, under which name."""

    read: Callable[[Path], object]
    good: tuple[bytes, ...]
    name: str


def _word_file() -> bytes:
    document, data = docx.Document(), io.BytesIO()
    document.add_paragraph("INT. LIGHTHOUSE - NIGHT")
    document.add_paragraph("The keeper climbs the stair.")
    document.save(data)
    return data.getvalue()


def _pdf() -> bytes:
    stream = b"BT /F1 12 Tf 72 700 Td (INT. LIGHTHOUSE - NIGHT) Tj 0 -40 Td (The keeper climbs the stair.) Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    )  # fmt: skip
    data = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    begins = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % begins


def _zip() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        project = Project("lamp", Path(folder) / "cache")
        project.save_record(Record(recipe="title", inputs={"title": "The Lamp"}, crew={}, settings=Settings()))
        (project.folder / "timeline.json").write_text(TIMELINE.model_dump_json())
        pack(project, Path(folder) / "lamp.zip")
        _close(Path(folder) / "cache")
        packed = (Path(folder) / "lamp.zip").read_bytes()
    # Stored as it is, what is changed reaches the values and not only the decompressor.
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(stored, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return stored.getvalue()


def _close(cache: Path) -> None:
    if store := _stores.pop(cache / "store", None):
        store.results.close()


def _recut(path: Path) -> object:
    def none(file: Path) -> Asset:
        raise InputError(f"{file} is not there")

    return apply(TIMELINE, recut_edits(TIMELINE, read_cuts(path, TIMELINE), none))


def _edit(path: Path) -> object:
    edits = read_edits(path, Project("lamp", path.parent / "cache"))
    return apply(TIMELINE, edits)


def _unpacked(path: Path) -> object:
    try:
        return unpack(path, path.parent / "cache")
    finally:
        _close(path.parent / "cache")


def _in_project(name: str, read: Callable[[Project], object]) -> Callable[[Path], object]:
    def run(path: Path) -> object:
        project = Project("lamp", path.parent / "cache")
        (project.folder / name).parent.mkdir(exist_ok=True)
        (project.folder / name).write_bytes(path.read_bytes())
        return read(project)

    return run


def _in_film(name: str, recipe: str, read: Callable[[Project], object]) -> Callable[[Path], object]:
    """In a project that has its record and its timeline already."""

    def run(path: Path) -> object:
        project = Project("lamp", path.parent / "cache")
        (project.folder / "project.json").write_text(RECORD.model_copy(update={"recipe": recipe}).model_dump_json())
        (project.folder / "timeline.json").write_text(TIMELINE.model_dump_json())
        (project.folder / name).write_bytes(path.read_bytes())
        return read(project)

    return run


def _shown(project: Project) -> object:
    (film,) = list_films(project.cache)
    return film.model_dump_json()


def _sheet(project: Project) -> object:
    sheet = read_sheet(project, project.record().recipe)
    return scene_list(TIMELINE, sheet), chapter_list(TIMELINE, sheet)


def _script(path: Path) -> object:
    script = read_script(path)
    return break_down(staged(parse_fountain(script.text), script.name)) if script.kind == "fountain" else script


def _prices(path: Path) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORYREEL_PRICES", str(path))
        return table()


def _journal(project: Project) -> object:
    with Journal(project.folder / "ledger.jsonl").locked() as ledger:
        return dict(ledger.entries)


def _events(project: Project) -> object:
    return list(EventTail(project.folder / "events.jsonl", from_start=True).new_events())


def _message(path: Path) -> object:
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None  # the server's own reading of JSON has refused it
    return read_message(content)


LEDGER = (
    b'{"at_s":1.0,"kind":"intent","id":"ab","provider":"acme"}\n'
    b'{"at_s":2.0,"kind":"answered","id":"ab","price_usd":"0.04"}\n'
)
EVENTS = b'{"at_s":1.0,"kind":"run","step":"title"}\n{"at_s":2.0,"kind":"advanced","step":"write","done":1,"total":2}\n'
MESSAGES = (MESSAGE, b'{"type":"want","kind":"thumb","keys":["ab"]}', b'{"type":"hello","window":"w"}')
SEGMENTS = b'[{"number": 1, "length_s": 5.0, "prompt": "rain", "status": "done"}, {"number": 2, "length_s": 5.0}]'
MOMENTS = (
    b'[{"first_frame":0,"after_frame":48,"start_s":0.0,"end_s":2.0,"score":1.5,"text":"Light.","title":"Light",'
    b'"reasons":["loud"],"leaning":false}]'
)
SCRIPTS = json.dumps(
    {"versions": [{"number": 1, "name": "lamp", "kind": "fountain", "sha256": "ab" * 32, "words": 9}]}
).encode()
CARD_CHANGES = b'[{"kind": "change_mood", "scene": 1, "mood": "eerie"}]'
SHOTS = break_down(staged(parse_fountain(FOUNTAIN.decode()), "lamp"))
PROMPTS = (
    b'[{"index": 1, "chapter": 1, "first_word": 0, "last_word": 9, "description": {"subject": "a lamp, lit", "camera": '
    b'"wide", "lighting": "dim", "emotion": "calm", "environment": "a tower"}, "prompt": "A lamp", "seed": 3}]'
)
HEARD = b'[{"segment": 1, "prompt": "A lamp, lit", "text": "Light.", "seed": 3, "start_s": 0.0, "end_s": 2.0}]'
WORDS = (
    b'{"words": [{"text": "Light", "start_s": 0.0, "end_s": 0.4, "asset": {"blob": {"sha256": "ab", "suffix": ""}}}]}'
)
TAKES = Takes(shots={"s0001": (PICTURE,)}).model_dump_json().encode()
CAST = Cast(style="plain", narrator="none", characters=(CharacterCard(name="ADA", look="tall", voice="none"),))
FONT = FOLDER.joinpath(min((path.stat().st_size, path.name) for path in FOLDER.glob("*.ttf"))[1]).read_bytes()
RECORD = Record(recipe="title", inputs={"title": "A"}, crew={"writer": "offline"}, settings=Settings())


def _version() -> bytes:
    files = {
        "project.json": RECORD.model_dump_json(), "timeline.json": TIMELINE.model_dump_json(),
        "edits.json": '[{"kind": "remove_clip", "clip": "s0001"}]', "anchors.json": "[null]",
        "cards.json": CARD_CHANGES.decode(),
    }  # fmt: skip
    return json.dumps({"name": "ready", "at_s": 1.0, "note": "", "files": files}).encode()


def _font(path: Path) -> object:
    font = user_font(str(path), 700)
    return missing_glyphs("Light the lamp", font)


WAYS: Mapping[str, Way] = {
    "script": Way(_script, (FOUNTAIN, b"A plain tale.\n\nOf a lamp.", SRT), "script.txt"),
    "word": Way(_script, (_word_file(),), "script.docx"),
    "pdf": Way(_script, (_pdf(),), "script.pdf"),
    "pasted": Way(lambda path: script_from_text(path.read_bytes().decode("utf-8", "replace")), (FOUNTAIN,), "x"),
    "srt": Way(lambda path: from_srt(path.read_bytes().decode("utf-8", "replace"), Rate(num=24)), (SRT,), "film.srt"),
    "timeline": Way(read_timeline_file, (TIMELINE.model_dump_json().encode(),), "timeline.json"),
    "edits": Way(_edit, (EDIT_LIST,), "edits.json"),
    "otio": Way(_recut, (to_otio(TIMELINE, {BLOB: "picture.png"}, "").encode(),), "cut.otio"),
    "edl": Way(_recut, (to_edl(TIMELINE, {BLOB: "picture.png"}, "").encode(),), "cut.edl"),
    "zip": Way(_unpacked, (_zip(),), "lamp.zip"),
    "prices": Way(_prices, (PRICES,), "prices.toml"),
    "policy": Way(read_policy, (POLICY,), "policy.toml"),
    "template": Way(lambda path: template(path), (TEMPLATE,), "own.toml"),
    "size": Way(lambda path: parse_size(path.read_bytes().decode("latin-1")), (b"1920x1080", b"16:9"), "x"),
    "message": Way(_message, MESSAGES, "m"),
    "record": Way(_in_project("project.json", Project.record), (RECORD.model_dump_json().encode(),), "r"),
    "ledger": Way(_in_project("ledger.jsonl", _journal), (LEDGER,), "l"),
    "history": Way(
        _in_project("history.jsonl", lambda project: History(project).live),
        (b'{"kind":"edit","id":"a","at_s":1.0,"edits":[{"kind":"remove_clip","clip":"s0001"}]}\n',), "h",
    ),
    "events": Way(_in_project("events.jsonl", _events), (EVENTS,), "e"),
    "cards": Way(
        lambda path: read_card_file(path, SHOTS, CAST),
        (CARD_CHANGES, SHOTS.model_dump_json().encode(), CAST.model_dump_json().encode()), "cards.json",
    ),
    "kept cards": Way(_in_project("cards.json", saved_card_edits), (CARD_CHANGES,), "c"),
    "kept scripts": Way(_in_project("script/versions.json", script_versions), (SCRIPTS,), "s"),
    "kept version": Way(
        _in_project("versions/ready.json", lambda project: files_of(project, "ready")), (_version(),), "v",
    ),
    "segments": Way(_in_project("segments.json", read_segments), (SEGMENTS,), "s"),
    "moments": Way(_in_project("shorts.json", chosen_shorts), (MOMENTS,), "m"),
    "shelf": Way(_in_film("timeline.json", "title", _shown), (TIMELINE.model_dump_json().encode(),), "t"),
    "lock": Way(_in_film(".lock", "title", lambda project: project.holder), (b"1", b"4194305"), "l"),
    "paces": Way(_in_project("events.jsonl", paces), (EVENTS,), "e"),
    "takes": Way(_in_project("takes.json", read_takes), (TAKES,), "t"),
    "sheet of a title": Way(_in_film("prompts.json", "title", _sheet), (PROMPTS,), "p"),
    "sheet of a flow": Way(_in_film("segments.json", "flow", _sheet), (SEGMENTS,), "s"),
    "sheet of a recording": Way(_in_film("prompts.json", "audio", _sheet), (HEARD,), "p"),
    "scene table": Way(_in_film("shots.json", "script", tables.scenes), (SHOTS.model_dump_json().encode(),), "s"),
    "shot table": Way(_in_film("shots.json", "script", tables.shots), (SHOTS.model_dump_json().encode(),), "s"),
    "segment table": Way(_in_film("segments.json", "flow", tables.segments), (SEGMENTS,), "s"),
    "word table": Way(_in_film("transcript.json", "audio", tables.words), (WORDS,), "t"),
    "font": Way(_font, (FONT,), "own.ttf"),
    "form": Way(lambda path: _form(path), (b'{"form": 1, "storyreel": "0.1.0"}',), "f"),
}  # fmt: skip


def _form(path: Path) -> object:
    cache = path.parent / "marked"
    cache.mkdir(exist_ok=True)
    (cache / "form.json").write_bytes(path.read_bytes())
    return list_projects(cache)


def try_out(name: str, data: bytes) -> None:
    way = WAYS[name]
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / way.name
        path.write_bytes(data)
        taken_or_refused(lambda: way.read(path), Path(folder))
        if name == "zip":
            inside = {each.name for each in Path(folder).iterdir()}
            assert inside <= {"lamp.zip", "cache"}


def fuzz(name: str, count: int, *, random: bool) -> None:
    @settings(
        max_examples=count,
        deadline=None,
        derandomize=not random,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(spoilt(*WAYS[name].good))
    def one(data: bytes) -> None:
        try_out(name, data)

    one()


@pytest.mark.parametrize("name", WAYS)
def test_every_good_file_is_good(name: str) -> None:
    """What is spoilt below is worth spoiling."""
    taken = 0
    for data in WAYS[name].good:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / WAYS[name].name
            path.write_bytes(data)
            (Path(folder) / "picture.png").write_bytes(PNG)
            taken += taken_or_refused(lambda path=path: WAYS[name].read(path), Path(folder))  # type: ignore[misc]
    assert taken > 0


@pytest.mark.parametrize("name", WAYS)
def test_bad_input_is_taken_or_refused_with_a_sentence(name: str) -> None:
    fuzz(name, FEW, random=False)


@pytest.mark.parametrize("name", WAYS)
def test_what_is_nested_twenty_thousand_deep_is_taken_or_refused_with_a_sentence(name: str) -> None:
    for nested in (b"[", b'{"a":', b"(", b"/*\n"):
        try_out(name, nested * 20_000)


@pytest.mark.soak
@pytest.mark.parametrize("name", WAYS)
def test_bad_input_by_the_thousand(name: str) -> None:
    fuzz(name, MANY, random=True)


@pytest.mark.soak
@pytest.mark.parametrize("name", WAYS)
def test_bad_input_guided_by_the_lines_it_reaches(name: str) -> None:
    pytest.importorskip("atheris", reason="pip install 'storyreel[fuzz]'")
    program = Path(__file__).with_name("guided_fuzz.py")
    done = subprocess.run([sys.executable, program, name, str(GUIDED_S)], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-4000:]
    tried = int(re.search(r"number_of_executed_units: (\d+)", done.stderr)[1])
    assert tried > 100


# ------------------------------------------------------------------------------------------------------- media


def _picture(kind: str, **options: object) -> bytes:
    data = io.BytesIO()
    shape = np.add.outer(np.arange(40), np.arange(56)) % 256
    Image.fromarray(np.dstack([shape] * 3).astype(np.uint8)).save(data, kind, **options)
    return data.getvalue()


def _sound(kind: str, codec: str, picture: bool = False) -> bytes:
    data = io.BytesIO()
    with av.open(data, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=48_000, layout="mono")
        resampler = av.AudioResampler(
            stream.codec_context.format, "mono", 48_000, stream.codec_context.frame_size or 1024
        )
        tone = (9000 * np.sin(np.arange(30_000) / 20)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(tone[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 0
        if picture:
            video = container.add_stream("libx264", rate=10)
            video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
            for number in range(6):
                still = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 40 * number, np.uint8), format="rgb24")
                still.pts = number
                container.mux(video.encode(still))
            container.mux(video.encode(None))
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return data.getvalue()


PNG = _picture("PNG")
PICTURES = {
    "png": PNG, "jpg": _picture("JPEG"), "webp": _picture("WEBP"), "gif": _picture("GIF"), "bmp": _picture("BMP"),
    "tif": _picture("TIFF", compression="tiff_lzw"), "jp2": _picture("JPEG2000"), "tga": _picture("TGA"),
}  # fmt: skip
SOUNDS = {
    "wav": _sound("wav", "pcm_s16le"), "flac": _sound("flac", "flac"), "ogg": _sound("ogg", "libopus"),
    "mp3": _sound("mp3", "libmp3lame"), "m4a": _sound("mp4", "aac"), "mp4": _sound("mp4", "aac", picture=True),
    "mkv": _sound("matroska", "libopus", picture=True), "avi": _sound("avi", "pcm_s16le", picture=True),
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One cache for all of them, its database open before anybody watches."""
    project = Project("lamp", tmp_path_factory.mktemp("media") / "cache")
    given_picture(_kept(project, "first.png", PNG), project)
    given_sound(_kept(project, "first.wav", SOUNDS["wav"]), project)
    yield project
    _close(project.cache)


def _kept(project: Project, name: str, data: bytes) -> Path:
    path = project.cache / name
    path.write_bytes(data)
    return path


def fuzz_media(project: Project, count: int, *, random: bool) -> None:
    good = {**PICTURES, **SOUNDS}

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=not random,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(sorted(good)).flatmap(lambda kind: st.tuples(st.just(kind), spoilt(good[kind]))))
    def one(drawn: tuple[str, bytes]) -> None:
        kind, data = drawn
        path = _kept(project, f"file.{kind}", data)
        ways = (lambda: given_picture(path, project),) if kind in PICTURES else (
            lambda: given_sound(path, project), lambda: probe(path), lambda: given_picture(path, project),
        )  # fmt: skip
        for way in ways:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a library's remarks on a damaged file
                taken_or_refused(way, project.cache)

    one()


def test_spoilt_pictures_and_sounds_are_taken_or_refused_with_a_sentence(project: Project) -> None:
    fuzz_media(project, MEDIA, random=False)


@pytest.mark.soak
def test_ten_thousand_spoilt_pictures_and_sounds(project: Project) -> None:
    fuzz_media(project, MANY_MEDIA, random=True)


# ---------------------------------------------------------------------------------------------- texts that go out


@settings(max_examples=FEW, deadline=None, derandomize=True, database=None)
@given(st.lists(st.text(min_size=1, max_size=30).filter(str.split), min_size=1, max_size=3))
def test_no_words_break_the_subtitles_they_stand_in(lines: list[str]) -> None:
    words = tuple(tuple(CueWord(text=word, start_frame=0, end_frame=20) for word in line.split()) for line in lines)
    cues = (Cue(start_frame=0, length_frames=20, lines=words), TIMELINE.cues[0].model_copy(update={"start_frame": 24}))
    timeline = TIMELINE.model_copy(update={"cues": cues})
    assert len(from_srt(to_srt(timeline), timeline.rate)) <= 2
    assert to_vtt(timeline).count(" --> ") == 2
    assert to_ass(timeline).count("\nDialogue: ") == 2


def test_edits_that_are_saved_can_be_read_again(tmp_path: Path) -> None:
    project = Project("lamp", tmp_path)
    keep_assembled(project, TIMELINE)
    saved = EDITS.validate_json(b'[{"kind": "remove_clip", "clip": "s0002"}]')
    assert len(add_edits(project, TIMELINE, saved).timeline.clips) == 2
