"""A neural voice that needs no key and no network: Kokoro-82M on the processor, with the time of every word.

    OfflineVoice("emma").speak(SpeechRequest("The lamp had not been lit for eleven years."))
    OfflineVoice().speak(SpeechRequest("La lámpara llevaba once años apagada.", language="es"))

The way from text to sound: `normalise` writes out numbers and signs, `phonemes` looks the words up (`lexicon`,
`grammar` for words with two readings, `guess` for names nobody listed; `languages` does both for Spanish, French,
Italian and Portuguese), `model` runs the network, `timing` places the
words and `synth` joins the sentences.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from storyreel.errors import InputError
from storyreel.providers.contracts import Speech, SpeechRequest
from storyreel.providers.offline.voice import alphabet, guess, lexicon, model
from storyreel.providers.offline.voice.installed import package_folder
from storyreel.providers.offline.voice.languages import LANGUAGES, TonguePronouncer, ipa_of_tongues, reading, tongue
from storyreel.providers.offline.voice.normalise import sentences_of
from storyreel.providers.offline.voice.phonemes import Pronouncer
from storyreel.providers.offline.voice.synth import runs_of, speak_runs
from storyreel.providers.offline.voice.voices import VOICES, in_language, speaker

__all__ = ["LANGUAGES", "VOICES", "OfflineVoice"]

SLOWEST, FASTEST = 0.5, 2.0


@dataclass(frozen=True)
class OfflineVoice:
    """Kokoro-82M as a `Voice`.

    Making one sees that what it needs is there, by names and sizes (about 10 ms), so that a film that could not be told
    is not begun. Files are read and checked when it first speaks, once a process.

    Attributes:
        voice: one of `VOICES` ("ava", "michael", "emma", "george" and seven more), or its Kokoro name ("af_heart").
        pronunciations: how to say words, by word: IPA between slashes, or a respelling in ordinary words.
        model_files: the model's parts in order, when they are not installed as packages; checked like those.

    Raises:
        InputError: there is no such voice.
        MissingExtra: the extra "offline" is not installed.
        CorruptFile: a file that it brings is not whole.
    """

    voice: str = "af_heart"
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    model_files: Sequence[Path] = ()

    def __post_init__(self) -> None:
        speaker(self.voice)
        package_folder("onnxruntime")
        for file in (*lexicon.FILES, guess.CHECKPOINT, *(() if self.model_files else model.PARTS)):
            file.find()

    @property
    def travels(self) -> bool:
        """Whether it may speak on another machine: with files of its own it stays where they are."""
        return not self.model_files

    @property
    def identity(self) -> str:
        """The model, its rules' version and the voice; pronunciations by digest."""
        name = f"offline/kokoro-82m-int8@3/{speaker(self.voice).name}"
        if not self.pronunciations:
            return name
        listed = "\n".join(f"{word}\t{how}" for word, how in sorted(self.pronunciations.items()))
        return f"{name}+{hashlib.sha256(listed.encode()).hexdigest()[:12]}"

    def taught(self, pronunciations: Mapping[str, str], language: str) -> OfflineVoice:
        """The same voice with more pronunciations; IPA is checked at once, a respelling is anything.

        Raises:
            InputError: a sign that the voice does not know.
        """
        read = alphabet.from_ipa if language.partition("-")[0] == "en" else ipa_of_tongues
        for how in pronunciations.values():
            read(alphabet.between_slashes(how) or "")
        return replace(self, pronunciations={**self.pronunciations, **pronunciations})

    def speak(self, request: SpeechRequest) -> Speech:
        """Speak one passage; the same request gives the same samples.

        Args:
            request: text in English or one of `LANGUAGES`; a blank line makes a longer pause. A voice named in it is
                used instead of this one's; one of another language changes as `voices.in_language` says.

        Returns:
            24 kHz mono, and a word for each whitespace-separated token; one with nothing to say (a dash, an emoji,
            other scripts) has no length.

        Raises:
            InputError: no text, a language that it does not speak, an unknown voice, a speed outside 0.5 to 2, or a
                pronunciation that cannot be read.
            MissingExtra: the extra "offline" is not installed.
            CorruptFile: a file of the model or the lexicon is not what it should be.
        """
        chosen = speaker(request.voice or self.voice)
        tokens = request.text.split()
        if not tokens:
            raise InputError("there is no text to speak: give at least one word")
        language = request.language.partition("-")[0].lower()
        if language not in {"en", *LANGUAGES}:
            raise InputError(
                f"the offline voice speaks English, {', '.join(LANGUAGES.values())}, not {request.language!r}: choose "
                "another voice, or none"
            )
        if not SLOWEST <= request.speed <= FASTEST:
            raise InputError(f"the speed {request.speed:g} cannot be used: give {SLOWEST:g} to {FASTEST:g}")
        chosen = in_language(chosen, language)
        if language == "en":
            pronouncer = Pronouncer(lexicon.lexicon(chosen.british), self.pronunciations)
            runs = runs_of(sentences_of(request.text, british=chosen.british), pronouncer)
        else:
            spoken = tongue(language)
            runs = runs_of(reading.sentences_of(request.text, spoken), TonguePronouncer(spoken, self.pronunciations))
        return speak_runs(runs, tokens, chosen, model.network(self.model_files), speed=request.speed)

    def check(self) -> None:
        """Read every file that English text may need, and speak a word: a second or two.

        Raises:
            MissingExtra: the extra "offline" is not installed.
            CorruptFile: a file is not what it should be.
        """
        for file in (*lexicon.FILES, guess.CHECKPOINT):
            file.read()
        self.speak(SpeechRequest("Ready."))
