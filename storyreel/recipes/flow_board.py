"""How every segment of a flow stands, while they are made and after: segments.json."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import TypeAdapter, ValidationError

from storyreel.errors import Cancelled, CorruptFile, StoryreelError
from storyreel.inputs.flow import FlowBrief
from storyreel.media.flow import Segment
from storyreel.media.model import Asset
from storyreel.memo.store import store_of
from storyreel.project import Project, write_text_atomically
from storyreel.shots.flow import MadeFrom, states, words_digest

SEGMENTS_NAME = "segments.json"
_SEGMENTS: TypeAdapter[tuple[Segment, ...]] = TypeAdapter(tuple[Segment, ...])
_TELL_EVERY_S = 0.5


def read_segments(project: Project) -> tuple[Segment, ...]:
    """How a flow's segments stand, by segments.json; empty before there are any.

    Raises:
        CorruptFile: the file is not what storyreel writes.
    """
    path = project.path(SEGMENTS_NAME)
    if not path.exists():
        return ()
    try:
        return _SEGMENTS.validate_json(path.read_bytes())
    except ValidationError as error:
        raise CorruptFile(f"{path} is damaged: delete it, then run  storyreel resume {project.id}") from error


class Board:
    """How every segment stands, kept in segments.json at every change; threads may use it at once.

    Args:
        opening: the picture that the first segment begins on.
        style: the film's.
        remake_stale: whether segments that no longer fit the one before them are made again.
    """

    def __init__(self, project: Project, brief: FlowBrief, opening: Asset, *, style: str, remake_stale: bool) -> None:
        self._project, self._opening, self._remake_stale = project, opening, remake_stale
        self._lock, self._told_at_s = threading.Lock(), 0.0
        self._words = [words_digest(brief, number, style) for number in range(1, len(brief.segments) + 1)]
        before = {segment.number: segment for segment in read_segments(project)}
        self._segments: list[Segment] = []
        for number, (plan, words) in enumerate(zip(brief.segments, self._words, strict=True), 1):
            asked = {"length_s": plan.length_s, "prompt": plan.prompt, "seed": plan.seed, "effect": plan.effect}
            old = before.get(number)
            usable = old is not None and old.words == words and self._there(old)
            self._segments.append(
                old.model_copy(update=asked) if old and usable else Segment.model_validate({"number": number, **asked})
            )
        self._save()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Every segment as it stands."""
        with self._lock:
            return tuple(self._segments)

    def _there(self, segment: Segment) -> bool:
        """Whether all that was made of a segment is still there, unchanged."""
        assets = (segment.start_frame, segment.end_frame, segment.clip)
        try:
            return all(asset is not None and store_of(self._project).path(asset.blob) for asset in assets)
        except StoryreelError:
            return False

    def kept(self, number: int, start: Asset) -> Segment | None:
        """The segment if it need not be made: it is made, and begins on `start` or may stay stale."""
        segment = self._segments[number - 1]
        if segment.clip is None or segment.start_frame is None:
            return None
        fits = segment.start_frame.blob == start.blob
        if not fits and self._remake_stale:
            return None
        self.show(number, status="done" if fits else "stale", fraction=1.0)
        return self._segments[number - 1]

    def show(self, number: int, **changes: object) -> None:
        """Change how a segment stands."""
        with self._lock:
            self._segments[number - 1] = self._segments[number - 1].model_copy(update=changes)
            self._save()

    def tell(self, number: int, done: float) -> None:
        """Say how much of a segment is made; written down twice a second at most."""
        with self._lock:
            self._segments[number - 1] = self._segments[number - 1].model_copy(update={"fraction": min(1.0, done)})
            now_s = time.monotonic()
            if now_s - self._told_at_s > _TELL_EVERY_S:
                self._told_at_s = now_s
                self._save()

    @contextmanager
    def failing(self, number: int) -> Iterator[None]:
        """Tell a segment as failed where its making fails, or as waiting where the user stopped it."""
        try:
            yield
        except Cancelled:
            self.show(number, status="queued", fraction=0.0)
            raise
        except StoryreelError as error:
            self.show(number, status="failed", message=str(error))
            raise

    def settled(self) -> tuple[Segment, ...]:
        """Every segment, each told as done or stale; the user is told which are stale."""
        made = {
            segment.number: MadeFrom(segment.words, segment.start_frame.blob.sha256, segment.end_frame.blob.sha256)
            for segment in self._segments
            if segment.clip is not None and segment.start_frame is not None and segment.end_frame is not None
        }
        found = states(self._words, self._opening.blob.sha256, made)
        for number, state in enumerate(found, 1):
            if state != "missing":
                self.show(number, status="done" if state == "fresh" else "stale")
        stale = [number for number, state in enumerate(found, 1) if state == "stale"]
        if stale:
            several = f"segments {stale[0]} to {stale[-1]} are" if len(stale) > 1 else f"segment {stale[0]} is"
            self._project.progress.warn(
                f"{several} stale: the shot jumps before segment {stale[0]}, which begins on another frame than the "
                "one before ends on; make them anew with  "
                f"storyreel flow --project {self._project.id} --remake",
                "segments",
            )
        return tuple(self._segments)

    def _save(self) -> None:
        text = _SEGMENTS.dump_json(tuple(self._segments), indent=1).decode() + "\n"
        write_text_atomically(self._project.path(SEGMENTS_NAME), text)
