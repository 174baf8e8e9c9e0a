"""Whole films by every service in every role, pairwise, through base addresses and keys alone.

Within a recipe every provider of each role is there, and over the recipes every two providers of two roles work
together once. The films of a recipe, flows apart, are runs of one project, so that equal work is done once for all.
A film is drawn and encoded where it is the first with one of its providers: whom it is made by ends at its timeline.
With STORYREEL_EVERY_FILM=1 every one of them is.
"""

from __future__ import annotations

import io
import os
import wave
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

import storyreel
from loopback.films import Choice, Front, all_services, covering, players
from loopback.makings import tones
from storyreel.clock import Rate
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.recipes import audio_film, continuous_flow, script_film, title_film
from storyreel.settings import Settings
from storyreel.timeline.model import Timeline

TINY = Settings(width_px=192, height_px=108, rate=Rate(num=5), quality="draft")
PLAYERS = players()
ELSEWHERE = {"painter": {"flux"}, "listener": {"whisper"}}
"""`flux` is another name of `bfl`; `whisper` runs on PyTorch here, and no service is asked."""


def choices(role: str, *more: str) -> list[str]:
    return ["offline", *sorted(PLAYERS.get(role, ())), *more]


WRITERS, PAINTERS = choices("writer"), choices("painter")
# Each pair is met where that is cheapest: two in a film of clips, two that write in a film of a recording.
TITLE = covering(
    {"painter": PAINTERS, "writer": WRITERS, "prompter": WRITERS, "voice": choices("voice", "none"),
     "composer": choices("composer")},
    apart=[("painter", role) for role in ("writer", "prompter", "voice", "composer")],
)  # fmt: skip
FLOW = covering(
    {"painter": PAINTERS, "animator": choices("animator"), "predictor": choices("predictor"),
     "composer": choices("composer"), "prompter": WRITERS},
    apart=[("painter", "animator"), ("painter", "composer"), ("painter", "prompter"), ("composer", "prompter"),
           ("animator", "composer"), ("animator", "prompter")],
)  # fmt: skip
SCRIPT = covering(
    {"painter": PAINTERS, "animator": choices("animator", "none"), "effects": choices("effects"),
     "voice": choices("voice", "none"), "composer": choices("composer"), "prompter": WRITERS},
    apart=[("voice", "composer"), ("voice", "prompter"), ("composer", "prompter"), ("painter", "prompter")],
)  # fmt: skip
AUDIO = covering(
    {"painter": PAINTERS, "listener": choices("listener"), "writer": WRITERS, "prompter": WRITERS},
    apart=[("writer", "prompter")],
)


def name_of(role: str, vendor: str) -> str:
    """As somebody would name it on the command line."""
    player = PLAYERS.get(role, {}).get(vendor)
    return player.name if player else vendor


def named(row: Choice) -> dict[str, str]:
    arguments = {"painter": "images", "composer": "music"}
    return {arguments.get(role, role): name_of(role, vendor) for role, vendor in row}


def label(row: Choice) -> str:
    return "-".join(vendor for _, vendor in row)


@pytest.fixture(scope="module")
def services() -> Iterator[Mapping[str, Front]]:
    with all_services() as fronts:
        yield fronts


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


def whole(rows: Sequence[Choice]) -> frozenset[Choice]:
    """The rows whose film is drawn: those with a provider that none before has in its role."""
    seen: set[tuple[str, str]] = set()
    found = []
    for row in rows:
        if not seen.issuperset(row):
            found.append(row)
            seen.update(row)
    return frozenset(found)


WHOLE = whole(TITLE) | whole(FLOW) | whole(SCRIPT) | whole(AUDIO)
DRAWN = frozenset((*TITLE, *FLOW, *SCRIPT, *AUDIO)) if os.environ.get("STORYREEL_EVERY_FILM") == "1" else WHOLE


@dataclass(frozen=True)
class Laid:
    """A film as far as its timeline."""

    project: Project
    timeline: Timeline


def lay(project: Project, timeline: Timeline, *_: object, **__: object) -> Laid:
    return Laid(project, timeline)


@pytest.fixture(autouse=True)
def as_far_as_the_timeline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the drawing out where it was seen with each of these providers before."""
    if "row" in request.fixturenames and request.getfixturevalue("row") not in DRAWN:
        for module in (title_film, continuous_flow, script_film, audio_film):
            monkeypatch.setattr(module, "finish", lay)


def check(film: storyreel.Film | Laid, row: Choice, stills_by: str = "painter") -> None:
    chosen = dict(row)
    assert isinstance(film, storyreel.Film) is (row in DRAWN)
    if isinstance(film, storyreel.Film):
        assert film.path.stat().st_size > 1000
        assert film.duration_s >= 1
    for clip in film.timeline.clips:
        assert clip.asset is not None
        role = "animator" if clip.asset.kind == "video" else stills_by
        assert clip.asset.provenance.provider.startswith(f"{chosen[role]}/")
    assert not storyreel.costs(film.project.id, cache=film.project.cache).undecided


@pytest.mark.parametrize("role", registry.ROLES)
def test_no_provider_is_left_out(role: str) -> None:
    known = set(registry.names(role)) - {"offline", registry.NOBODY} - ELSEWHERE.get(role, set())
    assert set(PLAYERS[role]) == known


def test_every_two_of_two_roles_meet_and_each_is_in_every_recipe() -> None:
    met: set[frozenset[tuple[str, str]]] = set()
    recipes: dict[str, Sequence[Choice]] = {"title": TITLE, "flow": FLOW, "script": SCRIPT, "audio": AUDIO}
    for rows in recipes.values():
        roles = [role for role, _ in rows[0]]
        for role in roles:
            alone = {dict(row)[role] for row in rows}
            assert alone - {registry.NOBODY} == {"offline", *PLAYERS[role]}
        met |= {frozenset(pair) for row in rows for pair in combinations(row, 2)}
    together = {frozenset(pair) for rows in recipes.values() for pair in combinations([role for role, _ in rows[0]], 2)}
    for one, other in (sorted(pair) for pair in together):
        for a, b in product(choices(one), choices(other)):
            assert frozenset([(one, a), (other, b)]) in met, (one, a, other, b)


@pytest.mark.parametrize("rows", [TITLE, FLOW, SCRIPT, AUDIO], ids=["title", "flow", "script", "audio"])
def test_every_provider_has_a_film_that_is_whole(rows: Sequence[Choice]) -> None:
    assert {one for row in rows if row in WHOLE for one in row} == {one for row in rows for one in row}
    assert len([row for row in rows if row in WHOLE]) <= len(rows) / 2


@pytest.mark.parametrize("row", TITLE, ids=label)
def test_a_title_film(row: Choice, services: Mapping[str, Front], cache: Path) -> None:
    film = title_film.title_film(
        "The Last Lighthouse", agreed=True, words=30, settings=TINY, cache=cache, **named(row)
    )  # fmt: skip
    check(film, row)


@pytest.mark.parametrize("row", FLOW, ids=label)
def test_a_flow(row: Choice, services: Mapping[str, Front], cache: Path) -> None:
    # A segment stays as it is, whoever is there next: each of these is a film of its own.
    film = continuous_flow.continuous_flow(
        "A keeper on a cliff at dusk", seconds=1, settings=TINY, cache=cache, project_id=f"flow-{FLOW.index(row)}",
        agreed=True, **named(row),
    )  # fmt: skip
    check(film, row)


SCRIPT_TEXT = """\
INT. LAMP ROOM - NIGHT

MARA (60), in a blue coat, lights the lamp. Rain on the panes.

MARA
The sea is loud.
"""


@pytest.mark.parametrize("row", SCRIPT, ids=label)
def test_a_script_film(row: Choice, services: Mapping[str, Front], cache: Path) -> None:
    film = script_film.script_film(
        text=SCRIPT_TEXT, title="Rain", writer="offline", agreed=True, settings=TINY, cache=cache, **named(row)
    )
    check(film, row)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds in which something is said."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        sound = tones((0.1, 1.4), (2.0, 5.0), length_s=6.0, rate_hz=16_000)
        file.writeframes((sound * 32767).astype(np.int16).tobytes())
    path = tmp_path_factory.mktemp("recording") / "talk.wav"
    path.write_bytes(data.getvalue())
    return path


@pytest.mark.parametrize("row", AUDIO, ids=label)
def test_an_audio_film(row: Choice, services: Mapping[str, Front], cache: Path, recording: Path) -> None:
    check(audio_film.audio_film(recording, agreed=True, settings=TINY, cache=cache, **named(row)), row)
