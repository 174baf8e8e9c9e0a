"""What the new-film form offers: who can be asked on this machine, and at what price. Reads no network."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from storyreel.errors import InputError, MissingExtra
from storyreel.providers import registry
from storyreel.providers.prices import Usage, quote_of
from storyreel.providers.transport import Vendor

LANGUAGES: tuple[tuple[str, str], ...] = (
    ("English", "en"), ("Spanish", "es"), ("French", "fr"), ("German", "de"), ("Italian", "it"), ("Portuguese", "pt"),
    ("Dutch", "nl"), ("Polish", "pl"), ("Ukrainian", "uk"), ("Russian", "ru"), ("Turkish", "tr"), ("Arabic", "ar"),
    ("Hebrew", "he"), ("Hindi", "hi"), ("Chinese", "zh"), ("Japanese", "ja"), ("Korean", "ko"),
)  # fmt: skip
STYLES = ("cinematic", "cartoon", "realistic", "anime", "3d")
STYLE_NAMES: Mapping[str, str] = {"3d": "3D"}
NAMES: Mapping[str, str] = {
    "anthropic": "Claude", "bfl": "Flux (Black Forest Labs)", "elevenlabs": "ElevenLabs", "fal": "fal", "flux": "Flux",
    "gemini": "Gemini", "getimg": "getimg.ai", "groq": "Groq", "ideogram": "Ideogram", "luma": "Luma",
    "offline": "On this computer", "openai": "OpenAI", "pexels": "Pexels photos", "pixabay": "Pixabay photos",
    "replicate": "Replicate", "runway": "Runway", "speechify": "Speechify", "stability": "Stability",
    "stockimg": "stockimg.ai", "local": "A server of mine", "ollama": "Ollama", "whisper": "Whisper on this computer",
}  # fmt: skip
ONE: Mapping[str, tuple[str, Usage]] = {
    "painter": ("each", Usage(pictures=1, megapixels=2.1)),
    "voice": ("a minute", Usage(characters=900)),
    "composer": ("a minute", Usage(pieces=1, sound_s=60)),
    "animator": ("for 5 s", Usage(video_s=5)),
    "predictor": ("each", Usage(pictures=1, megapixels=2.1)),
    "listener": ("a minute", Usage(sound_s=60)),
}


def options(role: str) -> list[tuple[str, str]]:
    """(text, provider's name) of everybody who could take a role right now: no key is missing."""
    found = []
    for name in registry.names(role):
        if name == registry.NOBODY or name == "flux":
            continue
        try:
            member = registry.provider(role, name)
            vendor = getattr(member, "vendor", None)
            if isinstance(vendor, Vendor):
                vendor.key()
        except (InputError, MissingExtra):
            continue
        found.append((NAMES.get(name, name) + _price(role, member), name))
    return sorted(found, key=lambda option: (option[1] != "offline", option[0]))


def voices() -> list[tuple[str, str]]:
    """Who can tell the story: the voices of this computer one by one, services by their default voice, nobody."""
    found: list[tuple[str, str]] = []
    for text, name in options("voice"):
        if name == "offline":
            from storyreel.providers.offline.voice import VOICES

            found += [
                (f"{friendly.capitalize()}, {described.partition(' (')[0]}", f"offline:{friendly}")
                for friendly, described in VOICES.items()
            ]
        else:
            found.append((text, name))
    return [*found, ("No voice: captions over music", registry.NOBODY)]


def voices_with(voice: str) -> list[tuple[str, str]]:
    """`voices`, and among them the one that a film has, by the name that the film knows it by."""
    offered = voices()
    if voice in {name for _, name in offered}:
        return offered
    vendor, _, model = voice.partition(":")
    own = voice
    if vendor == "offline":
        from storyreel.providers.offline.voice.voices import speaker

        with suppress(InputError):  # a voice of another version is shown by its name
            own = f"offline:{speaker(model).friendly}"
    found = [(text, voice) for text, name in offered if name == own]
    return [*(found or [(voice, voice)]), *((text, name) for text, name in offered if name != own)]


def _price(role: str, member: object) -> str:
    if role not in ONE:
        return ""
    what, usage = ONE[role]
    usd = quote_of(member, usage).usd
    if usd is None:
        return ", price not known"
    return f", ${usd:.2f} {what}" if usd else ""
