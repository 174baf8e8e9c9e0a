"""What a film was made of, to be kept beside it: every asset's hash, origin and price, its words', and every paid call.

    manifest(project, timeline).save(path)

It names no key and no place on this machine, and is the same again for the same film.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.memo.ledger import ledger_of
from storyreel.memo.origins import Origin, origins_of
from storyreel.project import Project, write_text_atomically
from storyreel.timeline.model import Timeline, Track

MANIFEST_NAME = "manifest.json"
FORM = "storyreel/manifest@1"

Role = Literal["picture", "clip", "voice", "music", "effect", "recording", "sound"]
_ROLE_OF_TRACK: Mapping[Track, Role] = {
    "narration": "voice",
    "dialogue": "voice",
    "music": "music",
    "effects": "effect",
    "recording": "recording",
    "clip": "sound",
}


class AssetEntry(BaseModel, frozen=True, extra="forbid"):
    """One picture, clip or sound of a film.

    Attributes:
        sha256, suffix, size_bytes: of its file.
        role: what it is in the film.
        used_by: the clips' ids, or the sounds as "track:position", that show or play it.
        start_s: when it is first seen or heard.
        provenance: who made it, from what, at what price.
    """

    sha256: str
    suffix: str
    size_bytes: int
    role: Role
    used_by: tuple[str, ...]
    start_s: float
    provenance: Provenance


class CallEntry(BaseModel, frozen=True, extra="forbid"):
    """One paid call of the project, whether or not what it bought is in the film.

    Attributes:
        call: its id in the ledger, which assets name in their provenance.
        price_usd: what it cost; None where nobody knows.
        request: the vendor's own id of it.
    """

    call: str
    step: str
    provider: str
    model: str
    state: str
    price_usd: Decimal | None
    request: str


class Manifest(BaseModel, frozen=True, extra="forbid"):
    """A film's list of parts.

    Attributes:
        form: of this list.
        recipe, inputs, crew, settings: what was asked for, as the project's record has it.
        film: the film's file; None where it is not there.
        missing: the clips without a picture.
        words: where the story, the script, the transcript and the prompts come from.
        spent_usd: what all paid calls of the project cost, as far as it is known.
    """

    form: str = FORM
    storyreel: str
    project_id: str
    title: str
    duration_s: float
    recipe: str
    inputs: dict[str, Any]
    crew: dict[str, str]
    settings: dict[str, Any]
    film: Blob | None
    assets: tuple[AssetEntry, ...]
    missing: tuple[str, ...]
    calls: tuple[CallEntry, ...]
    words: tuple[Origin, ...] = ()
    spent_usd: Decimal

    @property
    def text(self) -> str:
        """It as JSON."""
        return self.model_dump_json(indent=1) + "\n"

    def save(self, path: Path) -> None:
        """Write it as JSON, so that a crash leaves the old file or the new."""
        write_text_atomically(path, self.text)


def manifest(project: Project, timeline: Timeline, film: Blob | None = None) -> Manifest:
    """List what a film is made of.

    Args:
        timeline: the film's, as it was rendered.
        film: its file.

    Raises:
        ProjectNotFound: the project has no record.
        CorruptFile: its record or its ledger is damaged.
    """
    record, entries = project.record(), ledger_of(project).entries()
    return Manifest(
        storyreel=version("storyreel"),
        project_id=project.id,
        title=timeline.title,
        duration_s=round(timeline.rate.seconds(timeline.length_frames), 3),
        recipe=record.recipe,
        inputs=dict(record.inputs),
        crew=dict(record.crew),
        settings=record.settings.model_dump(mode="json"),
        film=film,
        assets=assets_of(timeline),
        missing=tuple(clip.id for clip in timeline.clips if clip.asset is None),
        calls=tuple(
            CallEntry(
                call=entry.id,
                step=entry.step,
                provider=entry.provider,
                model=entry.model,
                state=entry.state,
                price_usd=None if entry.unpriced else entry.spent_usd,
                request=entry.request,
            )
            for entry in entries
        ),
        words=origins_of(project),
        spent_usd=sum((entry.spent_usd for entry in entries), Decimal(0)),
    )


def assets_of(timeline: Timeline) -> tuple[AssetEntry, ...]:
    """Every asset of a timeline once, in the order in which they are seen and then heard. Pure."""
    uses: dict[tuple[str, Role], tuple[Asset, list[str], int]] = {}
    for asset, role, user, start_frame in _uses(timeline):
        _, users, _ = uses.setdefault((asset.blob.sha256, role), (asset, [], start_frame))
        users.append(user)
    return tuple(
        AssetEntry(
            sha256=asset.blob.sha256,
            suffix=asset.blob.suffix,
            size_bytes=asset.blob.size_bytes,
            role=role,
            used_by=tuple(users),
            start_s=round(timeline.rate.seconds(start_frame), 3),
            provenance=asset.provenance,
        )
        for (_, role), (asset, users, start_frame) in uses.items()
    )


def _uses(timeline: Timeline) -> Iterator[tuple[Asset, Role, str, int]]:
    for clip in timeline.clips:
        if clip.asset is not None:
            yield clip.asset, "clip" if clip.asset.kind == "video" else "picture", clip.id, clip.start_frame
    for at, sound in enumerate(timeline.sounds):
        yield sound.asset, _ROLE_OF_TRACK[sound.track], f"{sound.track}:{at}", sound.start_frame
