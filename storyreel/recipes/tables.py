"""Every recipe's scenes, shots, words, segments and costs as pandas tables, and changed tables taken back as edits.

    from storyreel import tables
    tables.clips("the-last-lighthouse")            # any project that has come to a timeline
    df = tables.cues("the-last-lighthouse")
    df.loc[3, "text"] = "The lamp was out."
    tables.edit("the-last-lighthouse", df)         # the film again, with that changed and nothing else made anew

Times are in frames and, beside them, in seconds. What a table can change is named in `EDITABLE`; another changed column
is refused by its name, so that no change is lost without a word.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.errors import CorruptFile, InputError
from storyreel.inputs.brief import one_of
from storyreel.media.model import Asset, Provenance
from storyreel.memo.origins import origins_of
from storyreel.project import Project
from storyreel.publish.credits import credit_rows
from storyreel.publish.manifest import assets_of
from storyreel.recipes._finish import TIMELINE_NAME, Film, read_timeline
from storyreel.recipes.costs import costs as costs_of
from storyreel.recipes.resume import edit as edit_film
from storyreel.recipes.resume import existing
from storyreel.timeline.edit import Edit, Mode
from storyreel.timeline.model import Clip, Timeline
from storyreel.timeline.row_edits import EDITABLE, edits_of_rows

if TYPE_CHECKING:
    import pandas as pd

NAMES = ("assets", "clips", "costs", "credits", "cues", "provenance", "scenes", "segments", "shots", "sounds", "words")
Source = Project | Film | str


def table(source: Source, name: str, *, cache: Path | str | None = None) -> pd.DataFrame:
    """One of a film's tables, by its name, one of `NAMES`."""
    made: pd.DataFrame = _TABLES[one_of("the table", name, NAMES)](source, cache=cache)
    return made


def clips(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """The pictures in order: when, what, how they come in, and the camera's move; index "clip", the clip's id."""
    return clip_table(read_timeline(_project(source, cache)))


def cues(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """The captions in order; index "cue", from 0."""
    return cue_table(read_timeline(_project(source, cache)))


def sounds(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """The voices, music and effects; index "sound", from 0."""
    return sound_table(read_timeline(_project(source, cache)))


def scenes(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """What each scene shows and when; index "scene".

    The descriptions come from prompts.json or shots.json, where the recipe writes one; when, from the timeline where
    there is one.
    """
    import pandas as pd

    project = _project(source, cache)
    with _damage_told(project, "prompts.json"):
        told = {
            int(row.pop("index", number)): _flat(row) for number, row in enumerate(_rows(project, "prompts.json"), 1)
        }
    with _damage_told(project, "shots.json"):
        for row in _rows(project, "shots.json", "scenes"):
            told[int(row.pop("number"))] = _flat(row | {"shots": len(row["shots"])})
    timeline = _timeline_if_any(project)
    when = _scene_times(timeline) if timeline is not None else {}
    numbers = sorted({*told, *when})
    if not numbers:
        raise _nothing(project, "scenes")
    rows = [{**when.get(number, {}), **told.get(number, {})} for number in numbers]
    return pd.DataFrame(rows, index=pd.Index(numbers, name="scene"))


def shots(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """Every shot; index "shot", its id. From shots.json where the recipe writes one, else the timeline's clips."""
    import pandas as pd

    project = _project(source, cache)
    with _damage_told(project, "shots.json"):
        told = [_flat(shot) for scene in _rows(project, "shots.json", "scenes") for shot in scene["shots"]]
        named = [str(row.pop("id")) for row in told]
    if told:
        return pd.DataFrame(told, index=pd.Index(named, name="shot"))
    return clip_table(read_timeline(project)).rename_axis("shot")


def words(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """Every word with its times; index "word", from 0. From transcript.json where there is one, else the captions."""
    import pandas as pd

    project = _project(source, cache)
    with _damage_told(project, "transcript.json"):
        told = [_flat(row) for row in _rows(project, "transcript.json", "words")]
    if told:
        return pd.DataFrame(told).rename_axis("word")
    timeline = read_timeline(project)
    rate = timeline.rate
    rows = [
        {
            "text": word.text,
            "cue": number,
            "start_frame": word.start_frame,
            "end_frame": word.end_frame,
            "start_s": rate.seconds(word.start_frame),
            "end_s": rate.seconds(word.end_frame),
        }
        for number, cue in enumerate(timeline.cues)
        for line in cue.lines
        for word in line
    ]
    columns = ["text", "cue", "start_frame", "end_frame", "start_s", "end_s"]
    return pd.DataFrame(rows, columns=columns).rename_axis("word")


def segments(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """A flow's or a recording's segments, as segments.json tells of them; index "segment", from 1.

    Raises:
        InputError: the film has none.
    """
    import pandas as pd

    project = _project(source, cache)
    with _damage_told(project, "segments.json"):
        told = [_flat(row) for row in _rows(project, "segments.json", "segments")]
        numbers = [int(row.pop("number", None) or row.pop("index", None) or at) for at, row in enumerate(told, 1)]
    if not told:
        raise _nothing(project, "segments")
    return pd.DataFrame(told, index=pd.Index(numbers, name="segment"))


def costs(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """Every paid call: when, for which step, who, how it stands, what it cost; index "call". See `storyreel.costs`.

    A film made by an offline crew has none.
    """
    project = _project(source, cache)
    return costs_of(project.id, cache=project.cache).table()


def assets(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """Every picture, clip and sound of a film once, with where it came from; index "asset", its file's name."""
    import pandas as pd

    found = assets_of(read_timeline(_project(source, cache)))
    rows = [
        {
            "role": entry.role,
            "start_s": entry.start_s,
            "used_by": ", ".join(entry.used_by),
            **_origin(entry.provenance),
            "size_bytes": entry.size_bytes,
        }
        for entry in found
    ]
    columns = ["role", "start_s", "used_by", *_origin(None), "size_bytes"]
    names = pd.Index([f"{entry.sha256[:12]}{entry.suffix}" for entry in found], name="asset")
    return pd.DataFrame(rows, index=names, columns=columns)


def provenance(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """Who made each picture, clip, sound and text, from what and at what price; index "made", the file's name or step.

    Texts come first: they are what the rest was made from. A film without a timeline yet has only them.
    """
    import pandas as pd

    project = _project(source, cache)
    rows: list[dict[str, Any]] = [
        {
            "made": origin.step,
            "role": "words",
            **{name: getattr(origin, name) for name in ("provider", "model", "prompt", "seed", "request")},
            "price_usd": None if origin.price_usd is None else float(origin.price_usd),
            "calls": ", ".join(origin.calls),
        }
        for origin in origins_of(project)
    ]
    for entry in assets_of(read_timeline(project)) if project.path(TIMELINE_NAME).is_file() else ():
        made = entry.provenance
        rows.append(
            {"made": f"{entry.sha256[:12]}{entry.suffix}", "role": entry.role, **_origin(made)}
            | {"calls": ", ".join(made.calls)}
        )
    columns = ["made", "role", *_origin(None), "calls"]
    return pd.DataFrame(rows, columns=columns).set_index("made")


def credits(source: Source, *, cache: Path | str | None = None) -> pd.DataFrame:
    """Who made what, and whom licences ask to name; one row for each role and maker, index "credit", from 0."""
    import pandas as pd

    project = _project(source, cache)
    rows = [
        {"role": row.heading, "who": row.who, "count": row.count, "names": "\n".join(row.names)}
        for row in credit_rows(project, read_timeline(project))
    ]
    return pd.DataFrame(rows, columns=["role", "who", "count", "names"]).rename_axis("credit")


_TABLES: Mapping[str, Callable[..., Any]] = {
    "assets": assets, "clips": clips, "costs": costs, "credits": credits, "cues": cues,
    "provenance": provenance, "scenes": scenes, "segments": segments, "shots": shots,
    "sounds": sounds, "words": words,
}  # fmt: skip


# --------------------------------------------------------------------------------------------- tables of a timeline


def clip_table(timeline: Timeline) -> pd.DataFrame:
    """A timeline's clips; see `clips`."""
    import pandas as pd

    rows = [_clip_row(clip, timeline) for clip in timeline.clips]
    return pd.DataFrame(rows, index=pd.Index([clip.id for clip in timeline.clips], name="clip"))


def _clip_row(clip: Clip, timeline: Timeline) -> dict[str, Any]:
    rate = timeline.rate
    return {
        "scene": clip.scene,
        "start_frame": clip.start_frame,
        "length_frames": clip.length_frames,
        "start_s": rate.seconds(clip.start_frame),
        "length_s": rate.seconds(clip.length_frames),
        **_asset_row(clip.asset),
        "transition": clip.into.kind,
        "transition_frames": clip.into.length_frames,
        "side": clip.into.side,
        **{
            f"{end}_{part}": getattr(getattr(clip.motion, end), part)
            for end in ("start", "end")
            for part in ("x", "y", "height", "turn_deg")
        },
        "ease": clip.motion.ease,
    }


def cue_table(timeline: Timeline) -> pd.DataFrame:
    """A timeline's captions; see `cues`."""
    import pandas as pd

    rate = timeline.rate
    rows = [
        {
            "text": cue.text,
            "start_frame": cue.start_frame,
            "length_frames": cue.length_frames,
            "start_s": rate.seconds(cue.start_frame),
            "length_s": rate.seconds(cue.length_frames),
            "words": sum(len(line) for line in cue.lines),
            "characters_a_second": round(len(cue.text) / rate.seconds(cue.length_frames), 1),
        }
        for cue in timeline.cues
    ]
    columns = ["text", "start_frame", "length_frames", "start_s", "length_s", "words", "characters_a_second"]
    return pd.DataFrame(rows, columns=columns).rename_axis("cue")


def sound_table(timeline: Timeline) -> pd.DataFrame:
    """A timeline's sounds; see `sounds`."""
    import pandas as pd

    rate = timeline.rate
    rows = [
        {
            "track": sound.track,
            "start_frame": sound.start_frame,
            "length_frames": sound.length_frames,
            "start_s": rate.seconds(sound.start_frame),
            "length_s": rate.seconds(sound.length_frames),
            "gain_db": sound.gain_db,
            "fade_in_s": sound.fade_in_s,
            "fade_out_s": sound.fade_out_s,
            "ducked": sound.ducked,
            "looped": sound.looped,
            "untouched": sound.untouched,
            **_origin(sound.asset.provenance),
        }
        for sound in timeline.sounds
    ]
    columns = ["track", "start_frame", "length_frames", "start_s", "length_s", "gain_db", "fade_in_s", "fade_out_s",
               "ducked", "looped", "untouched", *_origin(None)]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).rename_axis("sound")


def _asset_row(asset: Asset | None) -> dict[str, Any]:
    return {
        "kind": asset.kind if asset is not None else "missing",
        **_origin(asset.provenance if asset is not None else None),
    }


def _origin(made: Provenance | None) -> dict[str, Any]:
    made = made or Provenance(provider="")
    names = ("provider", "model", "prompt", "seed", "price_usd", "request", "credit")
    return {name: getattr(made, name) for name in names}


def _scene_times(timeline: Timeline) -> dict[int, dict[str, Any]]:
    """When each scene is seen: from the first frame of its first clip to the last of its last."""
    times: dict[int, dict[str, Any]] = {}
    for clip in timeline.clips:
        if clip.scene:
            row = times.setdefault(clip.scene, {"start_frame": clip.start_frame, "clips": 0})
            row["clips"] += 1
            row["length_frames"] = clip.end_frame - row["start_frame"]
            row["start_s"] = timeline.rate.seconds(row["start_frame"])
            row["length_s"] = timeline.rate.seconds(row["length_frames"])
    return times


# ---------------------------------------------------------------------------------------------------------- edits


def edit(
    source: Source, changed: pd.DataFrame, *, mode: Mode = "roll", cache: Path | str | None = None, **options: Any
) -> Film:
    """Take a changed table back: keep what was changed as edits of the film, and render what they touch.

    Args:
        source: the film.
        changed: a table that `clips`, `cues` or `sounds` gave, with other values in it.
        mode: whether neighbours make up for clips that become longer or shorter ("roll"), or all that follows moves
            ("ripple").
        cache: as for the table.
        options: as for `storyreel.edit`.

    Raises:
        InputError: a value was changed that a table cannot change, or an edit does not fit; nothing is changed then.
    """
    project = _project(source, cache)
    wanted = edits(read_timeline(project), changed, mode=mode)
    return edit_film(project.id, wanted, cache=project.cache, progress=project.progress, **options)


def edits(timeline: Timeline, changed: pd.DataFrame, *, mode: Mode = "roll") -> tuple[Edit, ...]:
    """What was changed in a table of a timeline's clips, cues or sounds, as edits; empty if nothing was.

    Raises:
        InputError: it is none of these tables, a value was changed in a column that cannot be edited, rows were added,
            or lengths do not fit together; the message names the column or row.
    """
    name = _name_of(changed)
    table = {"clips": clip_table, "cues": cue_table, "sounds": sound_table}[name](timeline)
    if changed.index.name != table.index.name:
        changed = changed.set_index(str(table.index.name))
    if not changed.index.is_unique:
        raise InputError(f"a row of the {name} is there twice: every {table.index.name} can be there only once")
    return edits_of_rows(timeline, name, table.to_dict("index"), changed.to_dict("index"), mode)


def _name_of(changed: pd.DataFrame) -> str:
    for name, index, own in (("clips", "clip", "transition"), ("cues", "cue", "text"), ("sounds", "sound", "track")):
        if changed.index.name == index or (changed.index.name is None and index in changed and own in changed):
            return name
    raise InputError("this table cannot be taken back: give one that clips, cues or sounds gave, with its index")


# ----------------------------------------------------------------------------------------------------------- files


def _project(source: Source, cache: Path | str | None) -> Project:
    if isinstance(source, Film):
        return source.project
    return source if isinstance(source, Project) else existing(source, cache)


def _timeline_if_any(project: Project) -> Timeline | None:
    try:
        return read_timeline(project)
    except CorruptFile:
        raise
    except InputError:
        return None


def _rows(project: Project, name: str, key: str = "") -> list[dict[str, Any]]:
    """The rows of a recipe's own file: a list of objects, by itself or under a key; empty where there is no file.

    Raises:
        CorruptFile: the file is something else.
    """
    path = project.path(name)
    if not path.exists():
        return []
    with _damage_told(project, name):
        value = json.loads(path.read_bytes())
    rows = value.get(key) if isinstance(value, dict) else value
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CorruptFile(f"{path} holds no rows: run  storyreel resume {project.id}  to write it anew")
    return [dict(row) for row in rows]


@contextmanager
def _damage_told(project: Project, name: str) -> Iterator[None]:
    """Rows that lack what every recipe writes, or hold something else there, are told as a damaged file."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        path = project.path(name)
        raise CorruptFile(f"{path} is damaged: run  storyreel resume {project.id}  to write it anew") from error


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without objects inside: a description's parts as columns of their own, a file as its name."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict) and "blob" in value:
            flat[name] = f"{value['blob']['sha256'][:12]}{value['blob']['suffix']}"
        elif isinstance(value, dict):
            flat |= {(part if part not in row else f"{name}_{part}"): each for part, each in value.items()}
        else:
            flat[name] = value
    return flat


def _nothing(project: Project, name: str) -> InputError:
    return InputError(f"{project.id!r} has no {name}: it has other tables, such as clips, cues and sounds")


__all__: Sequence[str] = ("EDITABLE", "NAMES", "edit", "edits", "table", *NAMES)
