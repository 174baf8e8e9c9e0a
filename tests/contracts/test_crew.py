"""What every provider of a role promises, whoever it is: one suite a role, run on each provider."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from storyreel.errors import InputError
from storyreel.providers import registry
from storyreel.providers.contracts import (
    AnimationRequest,
    Composer,
    EffectRequest,
    ImageModel,
    ImageRequest,
    Listener,
    ListeningRequest,
    MusicRequest,
    PredictionRequest,
    SceneDescription,
    SpeechRequest,
    Voice,
    Writer,
)
from storyreel.shots.prompts import scenes_request
from storyreel.story.prompts import chapter_request, story_request

SCENE = SceneDescription(
    subject="A woman in a red scarf stands on a cliff with a lantern",
    camera="wide shot, low angle",
    lighting="cold moonlight",
    emotion="lonely",
    environment="rocky coast, storm, rain",
    palette=("#0b1026", "#1f3b57", "#4f7c8a", "#c9a66b", "#f2e2b6"),
)


def test_crews_are_made_from_names() -> None:
    crew = registry.crew({})
    assert isinstance(crew.writer, Writer)
    assert isinstance(crew.painter, ImageModel)
    assert isinstance(crew.voice, Voice)
    assert isinstance(crew.composer, Composer)
    assert registry.crew({"voice": "none"}).voice is None


@pytest.mark.parametrize(
    "choice", [{"writer": "nobody"}, {"voice": "offline:nobody"}, {"juggler": "offline"}, {"painter": "offline:big"}]
)
def test_unknown_names_are_refused_with_what_there_is(choice: dict[str, str]) -> None:
    with pytest.raises(InputError):
        registry.crew(choice)


@pytest.mark.parametrize("role", registry.ROLES)
def test_identities_are_stable_and_tell_the_vendor(role: str) -> None:
    one, other = registry.provider(role, "offline"), registry.provider(role, "offline")
    assert one.identity == other.identity
    assert one.identity.startswith("offline/")


@pytest.mark.parametrize("name", ["offline"])
class TestImageModels:
    @pytest.mark.parametrize("size", [(640, 360), (360, 640), (400, 400)])
    def test_gives_a_whole_picture_of_the_size_asked_for(self, name: str, size: tuple[int, int]) -> None:
        painter = registry.provider("painter", name)
        data = painter.draw(
            ImageRequest(prompt="a lantern on a cliff", width_px=size[0], height_px=size[1], scene=SCENE)
        )
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            assert picture.size == size
            assert np.asarray(picture.convert("L")).std() > 4

    def test_a_prompt_alone_is_enough(self, name: str) -> None:
        data = registry.provider("painter", name).draw(
            ImageRequest(prompt="a desert at noon", width_px=320, height_px=180)
        )
        assert Image.open(io.BytesIO(data)).size == (320, 180)

    def test_many_threads_may_ask_at_once(self, name: str) -> None:
        painter = registry.provider("painter", name)
        requests = [ImageRequest(prompt="x", width_px=320, height_px=180, seed=n % 2, scene=SCENE) for n in range(4)]
        with ThreadPoolExecutor(4) as pool:
            drawn = list(pool.map(painter.draw, requests))
        assert drawn[0] == drawn[2] != drawn[1] == drawn[3]


@pytest.mark.parametrize("name", ["offline"])
class TestVoices:
    def test_every_word_has_its_time_in_order(self, name: str) -> None:
        text = "“Hold the light,” she said. It was 3 o'clock; nobody, not even Tobiah, had slept."
        speech = registry.provider("voice", name).speak(SpeechRequest(text))
        assert [word.text for word in speech.words] == text.split()
        times = [moment for word in speech.words for moment in (word.start_s, word.end_s)]
        assert times == sorted(times)
        assert times[0] >= 0
        assert times[-1] <= len(speech.samples) / speech.sample_rate_hz + 1e-6
        assert speech.samples.dtype == np.float32
        assert speech.samples.ndim == 1
        assert 0.05 < np.abs(speech.samples).max() <= 1.0


@pytest.mark.parametrize("name", ["offline"])
class TestComposers:
    @pytest.mark.parametrize("mood", ["cold, tense, slow", "warm, hopeful", ""])
    def test_gives_stereo_of_exactly_the_length(self, name: str, mood: str) -> None:
        music = registry.provider("composer", name).compose(MusicRequest(mood, 7.25))
        assert music.samples.shape == (round(7.25 * music.sample_rate_hz), 2)
        assert np.isfinite(music.samples).all()
        assert 0.02 < np.abs(music.samples).max() <= 1.0


@pytest.mark.parametrize("name", ["offline"])
class TestWriters:
    def test_a_story_a_chapter_and_its_scenes_follow_from_one_another(self, name: str) -> None:
        writer = registry.provider("writer", name)
        story = writer.write(story_request(title="The Glass Orchard", chapters=2, words_per_chapter=80))
        first = writer.write(chapter_request(story, 1, 2, 80))
        assert 70 <= len(first.text.split()) <= 90
        from storyreel.story.model import Chapter

        chapter = Chapter(number=1, title=first.title, text=first.text, summary=first.summary)
        second = writer.write(chapter_request(story, 2, 2, 80, (chapter,)))
        assert second.text != first.text
        words = first.text.split()
        scenes = writer.write(scenes_request(story, chapter, (" ".join(words[:40]), " ".join(words[40:])))).scenes
        assert len(scenes) == 2
        assert all(scene.palette == story.palette for scene in scenes)


@pytest.mark.parametrize("name", ["offline"])
class TestEffects:
    @pytest.mark.parametrize("kind", ["footsteps", "door", "rain"])
    def test_gives_stereo_of_exactly_the_length(self, name: str, kind: str) -> None:
        sound = registry.provider("effects", name).make(EffectRequest(kind, f"{kind} outside", 1.75))
        assert sound.samples.shape == (round(1.75 * sound.sample_rate_hz), 2)
        assert np.isfinite(sound.samples).all()
        assert 0.02 < np.abs(sound.samples).max() <= 1.0


def a_picture(name: str = "offline") -> bytes:
    request = ImageRequest(prompt="a lantern on a cliff", width_px=256, height_px=144, scene=SCENE)
    data: bytes = registry.provider("painter", name).draw(request)
    return data


@pytest.mark.parametrize("name", ["offline"])
class TestPredictors:
    def test_gives_another_picture_of_the_size_asked_for(self, name: str) -> None:
        first = a_picture()
        ahead = registry.provider("predictor", name).predict(
            PredictionRequest("a lantern on a cliff", first, 5.0, 160, 90, scene=SCENE)
        )
        with Image.open(io.BytesIO(ahead.frame)) as picture:
            picture.load()
            assert picture.size == (160, 90)
        assert ahead.frame != first


@pytest.mark.parametrize("name", ["offline"])
class TestAnimators:
    @pytest.mark.parametrize("last", [True, False])
    def test_gives_a_clip_of_the_length_and_size_asked_for(self, name: str, last: bool) -> None:
        import av

        first = a_picture()
        request = AnimationRequest("it goes on", first, first if last else None, 0.5, 96, 54, frames_per_s=10)
        clip = registry.provider("animator", name).animate(request)
        with av.open(io.BytesIO(clip)) as container:
            shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        assert len(shown) == 5
        assert shown[0].shape == (54, 96, 3)


@pytest.mark.parametrize("name", ["offline"])
class TestListeners:
    def test_words_come_in_order_within_the_piece_with_confidences(self, name: str) -> None:
        listener = registry.provider("listener", name)
        speech = registry.provider("voice", "offline").speak(SpeechRequest("The lamp had not been lit for years."))
        heard = listener.hear(ListeningRequest(speech.samples, speech.sample_rate_hz, language="en"))
        assert [word.text.strip(".,").lower() for word in heard.words][:4] == ["the", "lamp", "had", "not"]
        edges = [moment for word in heard.words for moment in (word.start_s, word.end_s)]
        assert edges == sorted(edges)
        assert edges[-1] <= len(speech.samples) / speech.sample_rate_hz
        assert heard.language == "en"

    def test_silence_has_no_words(self, name: str) -> None:
        listener = registry.provider("listener", name)
        assert listener.hear(ListeningRequest(np.zeros(16_000, np.float32), 16_000)).words == ()
        assert listener.longest_s >= 4
        assert isinstance(listener, Listener)
