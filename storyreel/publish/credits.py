"""Who made a film, and whom its material's licences ask to name: as a text and as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version

from pydantic import BaseModel

from storyreel.memo.ledger import ledger_of
from storyreel.project import Project
from storyreel.providers.registry import OWN
from storyreel.publish.manifest import Role, assets_of
from storyreel.timeline.model import Timeline

CREDITS_NAME = "credits.txt"
_HEADINGS: Mapping[str, str] = {
    "writing": "Writing",
    "wording": "Picture prompts",
    "listening": "Transcript",
    "picture": "Pictures",
    "clip": "Clips",
    "voice": "Voice",
    "music": "Music",
    "effect": "Sound effects",
    "recording": "Recording",
    "sound": "Sound of clips",
}
_STEP_OF_WRITER = ("write_story", "write_chapter", "write_script", "read_prose")
_STEP_OF_PROMPTER = ("plan_scenes", "plan_pictures", "word_picture")
_STEP_OF_LISTENER = ("hear_piece", "time_words")
_SILENCE = "silence"
_GIVEN = {"user": "given by the maker", "recording": "the maker's recording"}


class Credit(BaseModel, frozen=True, extra="forbid"):
    """One line of a film's credits.

    Attributes:
        role: "writing", "wording", "listening", or what an asset is in the film.
        who: the provider, with the model that answered where its service names one.
        count: how many pictures, clips and sounds of the film are theirs; 0 for words.
        names: whom their licences ask to name, each once.
    """

    role: str
    who: str
    count: int
    names: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The role for people."""
        return _HEADINGS[self.role]


def credit_rows(project: Project, timeline: Timeline) -> tuple[Credit, ...]:
    """Who made what of a film, in the order in which credits are read.

    Raises:
        ProjectNotFound: the project has no record.
        CorruptFile: its record or its ledger is damaged.
    """
    rows = [*_words(project)]
    found = assets_of(timeline)
    counts: Counter[tuple[Role, str]] = Counter()
    names: dict[tuple[Role, str], dict[str, None]] = {}
    for entry in found:
        made = entry.provenance
        if made.provider == _SILENCE:
            continue
        who = _GIVEN.get(made.provider) or _named(made.provider, made.model)
        counts[entry.role, who] += 1
        names.setdefault((entry.role, who), {}).update(dict.fromkeys(made.credit.splitlines()))
    order = list(_HEADINGS)
    for role, who in sorted(counts, key=lambda key: order.index(key[0])):
        rows.append(Credit(role=role, who=who, count=counts[role, who], names=tuple(names[role, who])))
    return tuple(rows)


def credits(project: Project, timeline: Timeline) -> str:
    """A film's credits as a text: who made what, then everybody whom a licence asks to name.

    Raises:
        ProjectNotFound: the project has no record.
        CorruptFile: its record or its ledger is damaged.
    """
    rows = credit_rows(project, timeline)
    lines = [timeline.title, ""]
    for row in rows:
        lines.append(f"{row.heading}: {row.who}" + (f" ({row.count})" if row.count > 1 else ""))
    named = dict.fromkeys(name for row in rows for name in row.names)
    if named:
        lines += ["", *named]
    return "\n".join([*lines, "", f"Made with storyreel {version('storyreel')}"]) + "\n"


def _words(project: Project) -> list[Credit]:
    """Who wrote and who listened, as the ledger has it, else as the crew was chosen; words carry no provenance."""
    entries, crew = ledger_of(project).entries(), project.record().crew
    rows = []
    # Where there is no prompter, the writer words the pictures, too.
    prompted = "prompter" in crew
    members = (
        ("writing", "writer", _STEP_OF_WRITER if prompted else (*_STEP_OF_WRITER, *_STEP_OF_PROMPTER)),
        ("wording", "prompter", _STEP_OF_PROMPTER if prompted else ()),
        ("listening", "listener", _STEP_OF_LISTENER),
    )
    for role, member, steps in members:
        asked = [entry for entry in entries if entry.step in steps and entry.state == "answered"]
        paid = dict.fromkeys(_named(entry.provider, entry.model) for entry in asked)
        chosen = crew.get(member, "").removeprefix(OWN)
        for who in [*paid] or [f"{chosen}/storyreel" if chosen == "offline" else chosen]:
            if who:
                rows.append(Credit(role=role, who=who, count=0))
    return rows


def _named(provider: str, model: str) -> str:
    return provider if not model or model in provider else f"{provider.partition('/')[0]}/{model}"
