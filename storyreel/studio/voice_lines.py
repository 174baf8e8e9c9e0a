"""A line of a film spoken again: by its voice, by another one, or by a recording of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from pydantic import ValidationError

from storyreel.cluster import travels
from storyreel.errors import InputError, StoryreelError
from storyreel.media.model import Asset
from storyreel.media.own_voice import recorded_line
from storyreel.media.pronouncing import taught
from storyreel.media.steps import Passage, loudness_of, speak, with_word_times
from storyreel.project import Project
from storyreel.providers import registry
from storyreel.providers.contracts import Listener, Speech, SpeechRequest, Voice
from storyreel.providers.prices import Quote, Usage, quote_of
from storyreel.shots.cast import Cast
from storyreel.studio import choices
from storyreel.studio.messages import AsVoice, SayAgain
from storyreel.studio.takes import most_usd, within
from storyreel.timeline.assemble import VOICE_LUFS, levelling_db
from storyreel.timeline.edit import ReplaceVoice
from storyreel.timeline.edit_voice import VOICES, stretch
from storyreel.timeline.model import Sound, Timeline

if TYPE_CHECKING:
    from storyreel.studio.session import Session

_LOUDEST_DB, _SOFTEST_DB = 24.0, -60.0


@dataclass(frozen=True, slots=True)
class Retelling:
    """A voice that says a line once more, at a pace of its own; a `Voice`.

    Attributes:
        take: another one asks a service anew, where it would else give the answer that it gave.
    """

    voice: Voice
    speed: float = 1.0
    take: int = 0

    @property
    def identity(self) -> str:
        """The voice's own, with the pace and the take."""
        pace = f"@{self.speed:g}" if self.speed != 1.0 else ""
        return self.voice.identity + pace + (f"#{self.take}" if self.take else "")

    @property
    def travels(self) -> bool:
        """Whether the voice's own work may be done elsewhere."""
        return travels(self.voice)

    def price(self, usage: Usage) -> Quote:
        """What the voice charges."""
        return quote_of(self.voice, usage)

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one passage."""
        return self.voice.speak(replace(request, speed=request.speed * self.speed, take=self.take))


def offered_voices() -> list[dict[str, str]]:
    """`VoiceChoice` of the page: every voice that can be asked right now."""
    return [{"value": name, "name": text} for text, name in choices.voices() if name != registry.NOBODY]


def price_of_line(session: Session, action: SayAgain) -> float | None:
    """What a line costs at most, in US dollars; None where nobody knows.

    Raises:
        InputError: it cannot be spoken.
    """
    place_of(session.timeline, action)
    price_usd = _price(_voice(session, action), action.text)
    return None if price_usd is None else float(price_usd)


def say_again(session: Session, window: str, action: SayAgain, agreed_usd: float) -> str:
    """Have a line spoken and put into the film; returns "".

    Raises:
        BudgetExceeded: it would cost more than was agreed, or nobody knows what it costs; nothing was sent.
        ProviderError: the voice could not say it.
    """
    place_of(session.timeline, action)
    voice = _voice(session, action)
    project = within(session.project, _price(voice, action.text), agreed_usd, "the line")
    language = session.timeline.language
    passage = speak(project, action.text, voice, language=language)
    passage = with_word_times(project, passage, action.text, _listener(session), language=language)
    by = "another voice" if action.voice else "the same voice"
    _put_in(session, window, action, passage, f"Line spoken again by {by}")
    return ""


def use_recording(session: Session, window: str, use: AsVoice, recording: Asset) -> None:
    """Put a recording of a line into the film.

    Raises:
        InputError: nothing is heard in it, or the line is another one by now.
    """
    passage = recorded_line(
        session.project, recording, use.text, _listener(session), language=session.timeline.language
    )
    _put_in(session, window, use, passage, "Line in your own voice")


def place_of(timeline: Timeline, line: SayAgain | AsVoice) -> int:
    """The place of a line's first caption: where the page saw it, or wherever its words are now.

    Raises:
        InputError: the captions say something else by now.
    """

    def fits(place: int) -> bool:
        said = timeline.cues[place : place + line.captions]
        return len(said) == line.captions and " ".join(_texts(timeline, place, line.captions)) == line.text

    if line.cue < len(timeline.cues) and fits(line.cue):
        return line.cue
    found = [place for place in range(len(timeline.cues)) if fits(place)]
    if len(found) != 1:
        raise InputError("this line has been written anew meanwhile: look at it again, then have it spoken")
    return found[0]


def _texts(timeline: Timeline, place: int, captions: int) -> Iterator[str]:
    for cue in timeline.cues[place : place + captions]:
        for row in cue.lines:
            for word in row:
                yield word.text


def _put_in(session: Session, window: str, line: SayAgain | AsVoice, passage: Passage, label: str) -> None:
    session.admit(passage.audio)
    place = place_of(session.timeline, line)  # others may have edited while it was spoken
    edit = ReplaceVoice(
        cue=place,
        captions=line.captions,
        asset=passage.audio,
        words=tuple((word.start_s, word.end_s) for word in passage.words),
        gain_db=_gain_db(session, place, line.captions, passage.audio),
    )
    session.add_edits(window, label, [edit])


def _gain_db(session: Session, place: int, captions: int, sound: Asset) -> float:
    """As loud as the voice that it takes the place of."""
    new_lufs = loudness_of(session.project, sound)
    old = _sound_of(session.timeline, place, captions)
    old_lufs = loudness_of(session.project, old.asset) if old is not None else None
    if old is None or old_lufs is None or new_lufs is None:
        return levelling_db(new_lufs, VOICE_LUFS)
    return round(min(max(old.gain_db + old_lufs - new_lufs, _SOFTEST_DB), _LOUDEST_DB), 2)


def _sound_of(timeline: Timeline, place: int, captions: int) -> Sound | None:
    """The voice that is heard for the longest part of a line, else any of the film's."""
    start, end = stretch(timeline, place, captions)

    def heard_frames(sound: Sound) -> int:
        return min(end, sound.start_frame + sound.length_frames) - max(start, sound.start_frame)

    return max((sound for sound in timeline.sounds if sound.track in VOICES), key=heard_frames, default=None)


def _voice(session: Session, action: SayAgain) -> Retelling:
    """Who says a line: who is chosen, else who said it before, else the film's voice."""
    if action.voice and action.voice not in {each["value"] for each in session.view.voices}:
        raise InputError("this voice is not offered here: choose one of the list")
    place = place_of(session.timeline, action)
    old = _sound_of(session.timeline, place, action.captions)
    said_by = old.asset.provenance.provider if old is not None else ""
    voice = _provided(action.voice) if action.voice else _voice_of(session.project, said_by)
    before = said_by.partition("#")[0].partition("@")[0]
    settings = session.project.record().settings
    said_now = taught(voice, action.text, settings.pronunciations, settings.language)
    if before != voice.identity.partition("@")[0]:
        return Retelling(said_now, action.speed)
    # The same voice gives the same answer to the same question; another take of it is another question.
    said = [
        edit.asset.provenance
        for entry in session.history.entries
        for edit in entry.edits
        if isinstance(edit, ReplaceVoice) and edit.asset.provenance.prompt == action.text
    ]
    return Retelling(said_now, action.speed, take=1 + sum(made.provider.startswith(before) for made in said))


def _voice_of(project: Project, identity: str) -> Voice:
    """The film's voice of an identity; where it has none of it, the one that tells it."""
    names = [project.record().crew.get("voice", "")]
    try:
        cast_of_film = Cast.model_validate_json(project.path("cast.json").read_bytes())
        names += [cast_of_film.narrator, *(card.voice for card in cast_of_film.characters)]
    except (OSError, ValidationError):
        pass  # only a script film has one
    made: list[Voice] = []
    problem: StoryreelError | None = None
    for name in dict.fromkeys(name for name in names if name and name != registry.NOBODY):
        try:
            voice = _provided(name)
        except StoryreelError as error:
            problem = error
            continue
        if identity and identity.startswith(voice.identity):
            return voice
        made.append(voice)
    if not made:
        raise problem or InputError("this film has no voice: choose one to speak the line")
    return made[0]


def _provided(name: str) -> Voice:
    return cast(Voice, registry.provider("voice", name))


def _listener(session: Session) -> Listener | None:
    name = session.project.record().crew.get("listener", "")
    if name and name != registry.NOBODY:
        return cast(Listener, registry.provider("listener", name))
    return registry.default_listener()


def _price(voice: Retelling, text: str) -> Decimal | None:
    return most_usd(voice, Usage(characters=len(text)))
