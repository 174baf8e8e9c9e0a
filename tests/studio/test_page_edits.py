"""The page applies edits as Python does: films, edits and what they make, for both to be held to.

    python tests/studio/test_page_edits.py

writes tests/golden/edits.json anew after a change of any edit.
"""

import json
import random
from pathlib import Path

from storyreel.clock import Rate
from storyreel.errors import InputError
from storyreel.media.model import Asset, Provenance
from storyreel.memo.blob import Blob
from storyreel.timeline.captions import NORMS
from storyreel.timeline.edit import EDITS, apply
from storyreel.timeline.model import Card, Clip, Cue, CueWord, Fit, Label, Motion, Rect, Sound, Timeline, Transition

GOLDEN = Path(__file__).parents[1] / "golden" / "edits.json"
ABOUT = (
    "One of `films`, edits -> the patch (StateMessage's splices and values) that they make, or null where they are "
    "refused. Tolerance of fractions 1e-6. Written by tests/studio/test_page_edits.py."
)
KINDS = ("dissolve", "fade_black", "fade_white", "wipe", "slide", "push", "zoom")
WORDS = ("the", "sea", "is", "quiet", "tonight", "and", "nobody", "heard", "Elias", "say", "his", "father's", "name",
         "twice", "灯台", "über", "42")  # fmt: skip
FILMS, EDITS_A_FILM = 8, 40


def _asset(chance, kind="image", duration_s=0.0):
    blob = Blob(sha256=f"{chance.randrange(16**8):064x}", suffix={"image": ".png"}.get(kind, ".flac"), size_bytes=1)
    return Asset(kind=kind, blob=blob, duration_s=duration_s, provenance=Provenance(provider="test"))


def _rect(chance):
    return Rect(x=round(chance.random(), 2), y=round(chance.random(), 2), height=round(chance.uniform(0.4, 1), 2))


def _cue(chance, start, length):
    words, at = [], start
    for text in chance.choices(WORDS, k=chance.randint(1, 9)):
        end = min(at + chance.randint(0, 9), start + length)
        words.append(CueWord(text=text, start_frame=at, end_frame=end))
        at = min(end + chance.randint(0, 2), start + length)
    split = chance.randint(1, len(words))
    lines = tuple(tuple(part) for part in (words[:split], words[split:]) if part)
    return Cue(start_frame=start, length_frames=length, lines=lines)


def _film(chance):
    """A film with all that an edit may have to carry along."""
    clips, cues, at = [], [], 0
    for index in range(chance.randint(1, 7)):
        length = chance.randint(1, 60)
        into = Transition()
        if index and chance.random() < 0.6:
            longest = min(length, clips[-1].length_frames) // 2
            if longest >= 2:
                into = Transition(kind=chance.choice(KINDS), length_frames=chance.randint(2, longest))
        fit = Fit(kind=chance.choice(("crop", "blur", "colour")))
        asset = chance.choice((None, _asset(chance), _asset(chance, "video", 9.5)))
        motion = Motion(start=_rect(chance), end=_rect(chance), ease=chance.choice(("linear", "in", "out", "in_out")))
        clips.append(
            Clip(
                id=f"s{index:04d}", asset=asset, start_frame=at, length_frames=length, into=into, fit=fit,
                motion=motion, scene=index // 2, source_start_s=chance.choice((0.0, 0.7)),
            )
        )  # fmt: skip
        at += length
    place = 0
    while place + 8 < at:
        length = chance.randint(4, 40)
        cues.append(_cue(chance, place, min(length, at - place)))
        place += length + chance.randint(0, 12)
    sounds = [
        Sound(
            asset=_asset(chance, "audio", round(chance.uniform(1, 15), 3)), track=track,
            start_frame=(start := chance.randrange(at)), length_frames=chance.randint(1, at - start),
            gain_db=-6.0, fade_in_s=0.5, fade_out_s=1.0, ducked=track == "music", looped=chance.random() < 0.3,
            untouched=chance.random() < 0.1,
        )
        for track in chance.choices(("narration", "music", "effects"), k=chance.randint(0, 4))
    ]  # fmt: skip
    windows, end = [], 0
    while end + 6 < at:
        start = end + chance.randint(0, 9)
        end = min(start + chance.randint(1, 20), at)
        if start < end:
            windows.append((start, end))
    return Timeline(
        title="t", rate=chance.choice((Rate(num=10), Rate(num=30000, den=1001), Rate(num=24))), width_px=320,
        height_px=180, length_frames=at, clips=tuple(clips), cues=tuple(cues), sounds=tuple(sounds),
        cards=(Card(start_frame=0, length_frames=min(12, at), title="A"),),
        labels=(Label(start_frame=at // 2, length_frames=at - at // 2, text="L"),), voice_windows=tuple(windows),
        captions=chance.choice((*NORMS, "none")),
    )  # fmt: skip


def _edit(chance, film):
    """An edit as the page sends it, of a kind that asks for a twin; about one in six does not fit the film."""
    clip = chance.choice(film.clips)
    length = max(1, clip.length_frames + chance.randint(-30, 30))
    mode = chance.choice(("roll", "ripple"))
    cue, sound = chance.randrange(len(film.cues) + 1), chance.randrange(len(film.sounds) + 1)
    old = [word.text for line in film.cues[cue].lines for word in line] if cue < len(film.cues) else WORDS[:4]
    kept = [word for word in old if chance.random() < 0.7]
    for _ in range(chance.randint(0, 4)):
        kept.insert(chance.randint(0, len(kept)), chance.choice(WORDS))
    text = "".join(word + chance.choice((" ", " ", " ", " ", "  ", "\n")) for word in kept)
    motion = Motion(start=_rect(chance), end=_rect(chance)).model_dump()
    into = {"kind": chance.choice(KINDS), "length_frames": chance.randint(0, 30)}
    label = {"start_frame": chance.randrange(film.length_frames), "length_frames": 20, "text": "new"}
    asset = _asset(chance).model_dump(mode="json")
    music = _asset(chance, "audio", round(chance.uniform(1, 15), 3)).model_dump(mode="json")
    place = chance.randint(0, len(film.clips))
    return chance.choice(
        [
            {"kind": "change_caption", "cue": cue, "text": text},
            {"kind": "change_caption", "cue": cue, "text": text.replace("\n", " ")},
            {"kind": "change_caption_style", "platform": "tiktok", "style": {"size": 0.06}},
            {"kind": "add_label", "label": label},
            {"kind": "remove_label", "label": chance.randint(0, 1)},
            {"kind": "replace_picture", "clip": clip.id, "asset": chance.choice((None, asset, music))},
            {"kind": "change_duration", "clip": clip.id, "length_frames": length, "mode": mode},
            {"kind": "change_duration", "clip": clip.id, "length_frames": length, "mode": "ripple"},
            {"kind": "move_clip", "clip": clip.id, "to": place},
            {"kind": "change_transition", "clip": clip.id, "into": into},
            {"kind": "change_motion", "clip": clip.id, "motion": motion},
            {"kind": "change_gain", "sound": sound, "gain_db": -12.5},
            {"kind": "replace_music", "asset": chance.choice((None, music)), "gain_db": chance.choice((None, -9.0))},
            {"kind": "remove_clip", "clip": clip.id, "mode": mode},
            {"kind": "insert_clip", "at": place, "id": chance.choice(("new", clip.id)), "asset": asset,
             "length_frames": chance.randint(1, 20), "mode": mode},
        ]
    )  # fmt: skip


def _patch(before, after):
    """What changed, as JSON: one splice a list, a value for all else."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    splices, values = {}, {}
    for name in old:
        if old[name] == new[name]:
            continue
        if name not in ("clips", "cues", "cards", "labels", "sounds", "voice_windows"):
            values[name] = new[name]
            continue
        one, other = old[name], new[name]
        most = min(len(one), len(other))
        at = next((k for k in range(most) if one[k] != other[k]), most)
        tail = next((k for k in range(most - at) if one[-1 - k] != other[-1 - k]), most - at)
        splices[name] = {"at": at, "remove": len(one) - at - tail, "insert": other[at : len(other) - tail]}
    return {"splices": splices, "values": values}


def golden():
    """Films, edits and patches as JSON; the same every time."""
    films, vectors = {}, []
    for seed in range(FILMS):
        chance = random.Random(seed)
        film = _film(chance)
        films[str(seed)] = film.model_dump(mode="json")
        for _ in range(EDITS_A_FILM):
            edits = [_edit(chance, film) for _ in range(chance.choice((1, 1, 1, 2)))]
            try:
                patch = _patch(film, apply(film, EDITS.validate_python(edits)))
            except InputError:
                patch = None
            vectors.append({"name": " + ".join(edit["kind"] for edit in edits), "film": str(seed), "edits": edits,
                            "patch": patch})  # fmt: skip
    text = json.dumps({"about": ABOUT, "films": films}, ensure_ascii=False, separators=(",", ":"))[:-1]
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False, separators=(",", ":")) for vector in vectors)
    return f'{text},"vectors":[\n{lines}\n]}}\n'


def test_what_the_page_is_held_to_is_what_edits_make():
    assert GOLDEN.read_text(encoding="utf-8") == golden(), (
        "run  python tests/studio/test_page_edits.py  and the page's tests"
    )


def test_every_kind_of_edit_is_made_and_refused():
    made = json.loads(GOLDEN.read_text(encoding="utf-8"))["vectors"]
    kinds = {edit["kind"] for vector in made for edit in vector["edits"]}
    new = {"split_clip", "retime_caption", "retime_word", "split_caption", "merge_captions"}
    new |= {"replace_voice"}  # the kernel alone makes it: a sound has to be spoken first
    assert {*EDITS.json_schema()["items"]["discriminator"]["mapping"]} - new == kinds
    refused = sum(vector["patch"] is None for vector in made)
    assert 0.1 < refused / len(made) < 0.6


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
