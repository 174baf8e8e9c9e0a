"""A staged script becomes scenes and shots, by the grammar of coverage. Pure and deterministic.

A scene is established wide. A dialogue opens on both, then goes over shoulders to singles that come closer as it goes
on; who speaks is seen, but a long speech cuts to whoever listens, and an answer of a few words stays in the shot it
answers. A thing that is handled is seen close, what somebody looks at is seen with their eyes, and a direction that the
script gives ("CLOSE ON", "POV", "INSERT") is obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from storyreel.shots.breakdown_words import DIRECTIONS, FEMALE, HANDLES, LEAVES, MALE, MOVES, SEES, THING
from storyreel.shots.moods import mood_of, weather_of
from storyreel.shots.pacing import action_s, speech_s, unbracketed
from storyreel.shots.script_model import NARRATOR, Breakdown, Line, Shot, ShotScene, ShotSize
from storyreel.story.people import name_words, named_in
from storyreel.story.script import Beat, ScriptScene, Sex, StagedScript
from storyreel.story.split import sentence_passages, speakable_passages

LINE_CHARACTERS = 200
ESTABLISHING_S = 2.6
LONGEST_SHOT_S = 9.0
SHORT_ANSWER_S = 1.4
_MOST_SEEN = 4

# How a dialogue is covered, turn after turn; the last four are gone through again and again.
_COVERAGE: tuple[ShotSize, ...] = (
    "two-shot",
    "over-shoulder",
    "over-shoulder",
    "medium",
    "medium",
    "close-up",
    "close-up",
)
_ROUND: tuple[ShotSize, ...] = ("over-shoulder", "over-shoulder", "close-up", "close-up")
_ALONE: tuple[ShotSize, ...] = ("medium", "close-up")


def break_down(script: StagedScript, *, genre: str = "", narrate: bool = False) -> Breakdown:
    """Break a staged script down.

    Args:
        genre: of the film; decides the mood of scenes whose words do not.
        narrate: whether a narrator tells the actions.
    """
    names = [person.name for person in script.people]
    sexes = {person.name: person.sex for person in script.people}
    scenes = []
    for number, scene in enumerate(script.scenes, 1):
        covered = _Coverage(number, scene, names, sexes, narrate).scene(genre)
        scenes.append(covered)
    return Breakdown(title=script.title, scenes=tuple(scenes))


@dataclass
class _Coverage:
    """Covers one scene, beat by beat."""

    number: int
    source: ScriptScene
    names: Sequence[str]
    sexes: Mapping[str, Sex]
    narrate: bool
    shots: list[Shot] = field(default_factory=list)
    lines: int = 0
    turns: int = 0
    talking: list[str] = field(default_factory=list)  # who spoke, the latest last
    last_seen: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def scene(self, genre: str) -> ShotScene:
        source = self.source
        actions = [beat.text for beat in source.beats if beat.kind == "action"]
        people = self._present()
        for index, beat in enumerate(source.beats):
            if not self.shots and not (beat.kind == "action" and not _direction(beat.text)):
                self._establish(people)
            match beat.kind:
                case "action":
                    self._action(beat.text, people)
                case "card":
                    self._shot("wide", people[:_MOST_SEEN], self._view(people), card=beat.text, rough_s=3.2)
                case "speech":
                    self._speech(beat, source.beats[index + 1 :])
        if not self.shots:
            self._establish(people)
        everything = " ".join((source.heading, source.summary, *(beat.text for beat in source.beats)))
        return ShotScene(
            number=self.number,
            heading=source.heading,
            place=source.place,
            interior=source.interior,
            time=source.time,
            weather=weather_of(" ".join((source.heading, *actions))),
            mood=mood_of(everything, genre),
            people=tuple(people),
            actions=tuple(sentence for text in actions for sentence in _sentences(text)),
            ends=source.ends,
            shots=tuple(self.shots),
        )

    def _present(self) -> list[str]:
        """Everybody who is seen in the scene, in the order of their appearing."""
        present: dict[str, None] = {}
        for beat in self.source.beats:
            if beat.kind == "speech" and not beat.unseen and beat.character:
                present.setdefault(beat.character)
            elif beat.kind == "action":
                for name in self._named(beat.text):
                    present.setdefault(name)
        return list(present)

    def _named(self, text: str) -> list[str]:
        found = [(match.start(), name) for name in self.names if (match := named_in(name, text))]
        return [name for _, name in sorted(found)]

    # -------------------------------------------------------------------------------------------------------- building

    def _shot(
        self,
        size: ShotSize,
        people: Sequence[str],
        subject: str,
        *,
        action: str = "",
        manner: str = "",
        card: str = "",
        rough_s: float,
        lines: tuple[Line, ...] = (),
    ) -> None:
        if action and self.narrate and not lines:
            lines = self._lines(self._aloud(action), NARRATOR)
            rough_s = max(rough_s, sum(speech_s(line.text) for line in lines) + 0.4)
        shot = Shot(
            id=f"{self.number}-{len(self.shots) + 1:02d}",
            scene=self.number,
            size=size,
            people=tuple(people),
            subject=subject,
            action=action,
            manner=manner,
            card=card,
            lines=lines,
            rough_s=round(rough_s, 2),
        )
        self.shots.append(shot)
        if people:
            self.last_seen = list(people)

    def _lines(self, text: str, character: str, manner: str = "", *, together: bool = False) -> tuple[Line, ...]:
        words = text.split()
        made = []
        for part, (first, last) in enumerate(speakable_passages(text, most_characters=LINE_CHARACTERS)):
            self.lines += 1
            made.append(
                Line(
                    id=f"{self.number}.{self.lines}",
                    character=character,
                    text=" ".join(words[first : last + 1]),
                    manner=manner,
                    together=together and part == 0,
                    goes_on=part > 0,
                )
            )
        return tuple(made)

    def _aloud(self, text: str) -> str:
        """An action as a narrator tells it: without what stands in brackets for the painter, names not in capitals."""
        told = unbracketed(text)
        for name in self.names:
            for word in (name, *name_words(name)):
                told = re.sub(rf"(?<!\w){re.escape(word.upper())}(?!\w)", word, told)
        return told.strip() or text

    def _establish(self, people: Sequence[str]) -> None:
        self._shot("wide", people[:_MOST_SEEN], self._view(people), rough_s=ESTABLISHING_S)

    def _view(self, people: Sequence[str]) -> str:
        where = self.source.place or "the place"
        if not people:
            return f"{where}, nobody in sight"
        return f"{_listed(people[:_MOST_SEEN])} in {where}"

    # --------------------------------------------------------------------------------------------------------- actions

    def _action(self, text: str, people: Sequence[str]) -> None:
        """Sentences that are seen the same way share a shot, as long as it does not get long."""
        self.turns = 0
        for size, seen, subject, told in self._sights(text, people):
            last = self.shots[-1] if self.shots else None
            if (
                last is not None
                and last.action
                and not last.card
                and size == last.size
                and size not in ("insert", "pov")
                and (set(seen) <= set(last.people) or not last.people)
                and last.rough_s + action_s(told) - 1 < LONGEST_SHOT_S
            ):
                self._lengthen(last, seen, subject, told)
            else:
                self._shot(size, seen, subject, action=told, rough_s=action_s(told))

    def _lengthen(self, last: Shot, seen: list[str], subject: str, told: str) -> None:
        lines = last.lines + (self._lines(self._aloud(told), NARRATOR) if self.narrate else ())
        spoken_s = sum(speech_s(line.text) for line in lines) + 0.4 if lines else 0.0
        update = {
            "action": f"{last.action} {told}",
            "lines": lines,
            "people": last.people or tuple(seen),
            "subject": last.subject if last.people or not seen else subject,
            "rough_s": round(max(spoken_s, min(last.rough_s + action_s(told) - 1, LONGEST_SHOT_S)), 2),
        }
        self.shots[-1] = last.model_copy(update=update)
        if seen:
            self.last_seen = list(seen)

    def _sights(self, text: str, people: Sequence[str]) -> list[tuple[ShotSize, list[str], str, str]]:
        """Each sentence with how it is seen: size, who is in it, what it shows, and its words."""
        direction = _direction(text)
        if direction is not None:
            size, told = direction
            if size == "close-up" and not self._named(told) and told[:1].isalpha():
                size = "insert"
            seen = [] if size in ("insert", "pov") else self._named(told) or list(self.last_seen[:1])
            return [(size, seen, told, told)]
        sights: list[tuple[ShotSize, list[str], str, str]] = []
        for sentence in _sentences(text):
            named = self._named(sentence) or self._meant(sentence)
            self.gone = (self.gone | set(named)) if LEAVES.search(sentence) else self.gone - set(named)
            opening = not self.shots and not sights
            looks, thing = SEES.search(sentence), THING.search(sentence)
            handles = HANDLES.search(sentence)
            inserted = [shot.size for shot in self.shots[-2:]].count("insert") + [s[0] for s in sights[-2:]].count(
                "insert"
            )
            if opening:
                seen = named or list(people if not self.names else [])
                sights.append(("wide", seen[:_MOST_SEEN], sentence, sentence))
            elif looks and named and len(looks.group("what").split()) > 1 and not self._named(looks.group("what")):
                sights.append(("pov", [], _shown(looks.group("what")), sentence))
            elif thing and handles and len(named) < 2 and not inserted:
                whose = f", in the hand of {named[0]}" if named else ""
                sights.append(("insert", [], f"{_shown(thing.group())}{whose}", sentence))
            elif len(named) == 2:
                sights.append(("two-shot", named, sentence, sentence))
            elif len(named) > 2:
                sights.append(("wide", named[:_MOST_SEEN], sentence, sentence))
            elif named:
                far = self.source.interior != "interior" and MOVES.search(sentence)
                sights.append(("wide" if far else "medium", named, sentence, sentence))
            elif thing and not inserted:
                sights.append(("insert", [], _shown(thing.group()), sentence))
            else:
                sights.append(("wide", [], sentence, sentence))
        return sights

    def _meant(self, sentence: str) -> list[str]:
        """Whom a pronoun means: whoever of that sex was seen last."""
        wanted = "f" if FEMALE.search(sentence) else "m" if MALE.search(sentence) else ""
        recent = [*self.last_seen, *reversed(self.talking)]
        return [name for name in recent if wanted and self.sexes.get(name) == wanted][:1]

    # -------------------------------------------------------------------------------------------------------- speeches

    def _speech(self, beat: Beat, following: Sequence[Beat]) -> None:
        speaker, listener = beat.character, self._listener(beat, following)
        lines = self._lines(beat.text, speaker, beat.manner, together=beat.together and bool(self.talking))
        last = self.shots[-1] if self.shots else None
        length_s = sum(speech_s(line.text) for line in lines)
        said_before = last is not None and bool(last.lines) and not last.card
        if beat.together and last is not None and said_before:
            both = tuple(dict.fromkeys((*last.people, speaker)))[:_MOST_SEEN]
            size: ShotSize = "two-shot" if len(both) == 2 else last.size
            update = {
                "lines": last.lines + lines,
                "people": both,
                "size": size,
                "subject": f"{_listed(both)} speak at once",
            }
            self.shots[-1] = last.model_copy(update=update)
        elif (
            last is not None
            and said_before
            and speaker in last.people
            and len(last.people) > 1
            and length_s <= SHORT_ANSWER_S
            and last.rough_s + length_s <= LONGEST_SHOT_S
            and not beat.unseen
        ):
            longer: dict[str, object] = {
                "lines": last.lines + lines,
                "rough_s": round(last.rough_s + length_s + 0.3, 2),
            }
            self.shots[-1] = last.model_copy(update=longer)
        else:
            self._cover(beat, lines, listener)
        self.talking = [name for name in self.talking if name != speaker] + [speaker]
        self.turns += 1

    def _listener(self, beat: Beat, following: Sequence[Beat]) -> str:
        """To whom a speech is said: whom its manner names, who spoke before, or, after an action, who answers."""
        addressed = self._named(beat.manner)
        before = list(reversed(self.talking))
        answers = takewhile(lambda each: each.kind == "speech", following)
        after = [each.character for each in answers if not each.unseen]
        order = (*addressed, *before, *after) if self.turns else (*addressed, *after[:3], *before)
        return next((name for name in order if name != beat.character and name not in self.gone), "")

    def _cover(self, beat: Beat, lines: tuple[Line, ...], listener: str) -> None:
        """Show a speech: whoever speaks, a little closer each time, and whoever listens when it gets long."""
        speaker = beat.character
        groups = _in_shots(lines)
        for part, group in enumerate(groups):
            rough_s = sum(speech_s(line.text) for line in group) + 0.3
            on_listener = listener and len(groups) > 2 and part % 3 == 1
            if beat.unseen or on_listener:
                seen = listener or next(iter(self.last_seen), "")
                subject = f"{seen} listens" if seen else self._view([])
                self._shot(
                    "close-up" if seen else "wide", [seen] if seen else [], subject, rough_s=rough_s, lines=group
                )
                continue
            size = self._size(listener, closer=part)
            manner = beat.manner
            if size == "two-shot":
                people = [speaker, listener]
                subject = f"{speaker} speaks to {listener}, face to face"
            elif size == "over-shoulder":
                people, subject = [speaker, listener], f"{speaker} speaks, seen past the shoulder of {listener}"
            else:
                people, subject = [speaker], f"{speaker} speaks"
            self._shot(size, people, subject, manner=manner, rough_s=rough_s, lines=group)

    def _size(self, listener: str, *, closer: int) -> ShotSize:
        if not listener:
            return _ALONE[(self.turns + closer) % len(_ALONE)]
        if closer:
            return "close-up" if closer % 3 else "medium"
        if self.turns < len(_COVERAGE):
            return _COVERAGE[self.turns]
        return _ROUND[(self.turns - len(_COVERAGE)) % len(_ROUND)]


def _in_shots(lines: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    """A speech's lines by shots: as many in each as fit `LONGEST_SHOT_S`."""
    groups: list[list[Line]] = []
    length_s = 0.0
    for line in lines:
        lasts_s = speech_s(line.text)
        if groups and length_s + lasts_s <= LONGEST_SHOT_S:
            groups[-1].append(line)
            length_s += lasts_s
        else:
            groups.append([line])
            length_s = lasts_s
    return [tuple(group) for group in groups]


def _direction(text: str) -> tuple[ShotSize, str] | None:
    """What the script's own direction asks for, and the text without it; it stands first and in capitals."""
    for size, words in DIRECTIONS:
        match = re.match(rf"(?:{words})(?![a-z])", text)
        if match:
            told = re.sub(r"^[\s:,.–—-]+", "", text[match.end() :])
            if size == "insert" and not text.startswith("INSERT"):
                told = re.sub(r"^(?:EXTREME )?CLOSE(?:[- ]?UP)?(?: SHOT)? (?:ON|OF) ", "", text)
            return size, told or text
    return None


def _sentences(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[first : last + 1]) for first, last in sentence_passages(text)]


def _shown(text: str) -> str:
    """A thing or view as a subject: without a trailing comma, its first letter a capital."""
    text = text.strip(" ,;:-–—.")
    return text[:1].upper() + text[1:]


def _listed(people: Sequence[str]) -> str:
    return people[0] if len(people) == 1 else f"{', '.join(people[:-1])} and {people[-1]}"
