"""What a film's shots are about, whichever way in made it: read from the files that the recipes write for people.

A file that is missing, or not what storyreel writes, only leaves its part out: the film itself is in its timeline.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from storyreel.project import Project
from storyreel.providers.contracts import ImageRequest
from storyreel.recipes.title_film import picture_size
from storyreel.shots.cast import Cast
from storyreel.shots.model import Scene
from storyreel.shots.script_model import Breakdown
from storyreel.shots.script_prompts import CAMERAS, describe_shot, keyframe_request
from storyreel.timeline.model import Clip, Timeline

_FILES = ("prompts.json", "shots.json", "cast.json", "segments.json", "chapters")


@dataclass(frozen=True, slots=True)
class Shot:
    """What is known of a shot beside its clip.

    Attributes:
        request: what its picture was asked for with, where that can be told.
        status: of a flow's segment: "queued", "running", "done", "failed" or "stale"; "" for other films.
        fraction: of a flow's segment, 0 to 1.
    """

    title: str = ""
    camera: str = ""
    prompt: str = ""
    cast: tuple[str, ...] = ()
    request: ImageRequest | None = None
    status: str = ""
    fraction: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True)
class SceneNote:
    """A scene's heading, and the chapter it belongs to, 0 for none."""

    title: str
    chapter: int = 0


@dataclass(frozen=True, slots=True)
class ShotSheet:
    """All of it.

    Attributes:
        by_clip: clip id -> its shot.
        by_scene: scene number -> the shot of every clip that shows it.
        scenes: scene number -> its note.
        chapters: chapter number -> title.
    """

    by_clip: Mapping[str, Shot] = field(default_factory=dict)
    by_scene: Mapping[int, Shot] = field(default_factory=dict)
    scenes: Mapping[int, SceneNote] = field(default_factory=dict)
    chapters: Mapping[int, str] = field(default_factory=dict)

    def shot(self, clip: Clip) -> Shot:
        """What is known of a clip's shot; of one that was put in by hand, what its picture tells."""
        found = self.by_clip.get(clip.id) or self.by_scene.get(clip.scene)
        told = clip.asset.provenance.prompt if clip.asset is not None else ""
        if found is None:
            return Shot(title=told[:80], prompt=told)
        return found


def sheet_stamp(project: Project) -> tuple[object, ...]:
    """What changes when one of the files does."""
    return tuple(_stamp(project.folder / name) for name in _FILES)


def read_sheet(project: Project, recipe: str) -> ShotSheet:
    """The shot sheet of a film."""
    settings = project.record().settings
    if recipe == "title":
        return _of_title(project, picture_size(settings))
    if recipe == "script":
        return _of_script(project, picture_size(settings))
    if recipe == "audio":
        return _of_audio(project, picture_size(settings))
    return _of_flow(project) if recipe == "flow" else ShotSheet()


def scene_list(timeline: Timeline, sheet: ShotSheet) -> list[dict[str, Any]]:
    """`SceneInfo` of the page: scenes in the order in which they first show."""
    clips: dict[int, list[str]] = {}
    for clip in timeline.clips:
        clips.setdefault(clip.scene, []).append(clip.id)
    listed = []
    for number, ids in clips.items():
        note = sheet.scenes.get(number, SceneNote(""))
        listed.append({"number": number, "title": note.title, "chapter": note.chapter, "clips": ids})
    return listed


def chapter_list(timeline: Timeline, sheet: ShotSheet) -> list[dict[str, Any]]:
    """`ChapterInfo` of the page: from each chapter's first clip to the next one's."""
    starts: dict[int, int] = {}
    for clip in timeline.clips:
        note = sheet.scenes.get(clip.scene)
        if note is not None and note.chapter:
            starts.setdefault(note.chapter, clip.start_frame)
    placed = sorted((start, number) for number, start in starts.items())
    ends = [start for start, _ in placed[1:]] + [timeline.length_frames]
    return [
        {"number": number, "title": sheet.chapters.get(number, ""), "start_frame": start, "length_frames": end - start}
        for (start, number), end in zip(placed, ends, strict=False)
    ]


def headline(told: str, most: int = 44) -> str:
    """The first clause of a description as a heading: no article before it, at most so many letters, whole words."""
    clause = re.sub(r"^(?:an?|the)\s+", "", told.split(",")[0].strip(), flags=re.IGNORECASE)
    if len(clause) > most:
        clause = clause[:most].rpartition(" ")[0].rstrip(" -") or clause[:most]
        clause = re.sub(r"(?:\s+(?:an?|the|of|in|on|at|with|and|to|for|above|below|by|from))+$", "", clause)
    return clause[:1].upper() + clause[1:]


def _of_title(project: Project, size: tuple[int, int]) -> ShotSheet:
    shots, scenes = {}, {}
    for row in _rows(project, "prompts.json"):
        try:
            scene = Scene.model_validate(row)
        except ValidationError:
            continue
        told = scene.description
        request = ImageRequest(
            prompt=scene.prompt, width_px=size[0], height_px=size[1], seed=scene.seed, scene=told
        )  # fmt: skip
        shots[scene.index] = Shot(headline(told.subject), told.camera, scene.prompt, told.cast, request)
        scenes[scene.index] = SceneNote(headline(told.location or told.environment), scene.chapter)
    titles = {}
    for path in sorted((project.folder / "chapters").glob("chapter_*.json")):
        chapter = _json(path)
        if isinstance(chapter, dict) and isinstance(chapter.get("number"), int):
            titles[chapter["number"]] = str(chapter.get("title", ""))
    return ShotSheet(by_scene=shots, scenes=scenes, chapters=titles)


def _of_script(project: Project, size: tuple[int, int]) -> ShotSheet:
    try:
        breakdown = Breakdown.model_validate_json((project.folder / "shots.json").read_bytes())
        cast = Cast.model_validate_json((project.folder / "cast.json").read_bytes())
    except (OSError, ValidationError):
        return ShotSheet()
    seed = project.record().inputs.get("seed", 0)
    shots, scenes = {}, {}
    for scene in breakdown.scenes:
        scenes[scene.number] = SceneNote(scene.heading or scene.place or f"Scene {scene.number}")
        for shot in scene.shots:
            request = keyframe_request(
                scene,
                describe_shot(scene, shot, cast),
                cast.style,
                width_px=size[0],
                height_px=size[1],
                seed=seed if isinstance(seed, int) else 0,
            )
            looks = tuple(f"{name}: {card.look}" for name in shot.people if (card := cast.character(name)))
            camera = shot.camera or CAMERAS[shot.size]
            shots[shot.id] = Shot(shot.subject, camera, request.prompt, looks, request)
    return ShotSheet(by_clip=shots, scenes=scenes)


def _of_audio(project: Project, size: tuple[int, int]) -> ShotSheet:
    shots, scenes = {}, {}
    for row in _rows(project, "prompts.json"):
        number, prompt, text = row.get("segment"), row.get("prompt"), str(row.get("text", ""))
        if not isinstance(number, int) or not isinstance(prompt, str):
            continue
        seed = row.get("seed", 0)
        request = ImageRequest(
            prompt=prompt, width_px=size[0], height_px=size[1], seed=seed if isinstance(seed, int) else 0
        )
        title = text or prompt
        shots[f"s{number:04d}"] = Shot(title[:80], "", prompt, (), request)
        scenes[number] = SceneNote(title[:80])
    return ShotSheet(by_clip=shots, by_scene={}, scenes=scenes)


def _of_flow(project: Project) -> ShotSheet:
    shots = {}
    for row in _rows(project, "segments.json"):
        number = row.get("number")
        if not isinstance(number, int):
            continue
        happens, fraction = str(row.get("prompt", "")), row.get("fraction", 0.0)
        shots[f"f{number:03d}"] = Shot(
            title=f"Segment {number}" + (f": {happens}" if happens else ""),
            prompt=happens,
            status=str(row.get("status", "")),
            fraction=float(fraction) if isinstance(fraction, (int, float)) else 0.0,
            message=str(row.get("message", "")),
        )
    return ShotSheet(by_clip=shots)


def _rows(project: Project, name: str) -> Iterable[dict[str, Any]]:
    listed = _json(project.folder / name)
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _stamp(path: Path) -> object:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
