import json

import pytest

from storyreel.errors import InputError
from storyreel.studio import keys
from storyreel.studio.keys import KeysPanel, take_key, vendors

SECRET = "sk-not-a-real-key-123456"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    for vendor in vendors():
        for variable in vendor.key_variables:
            monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(keys, "keyring", lambda: None)


def test_every_service_that_wants_a_key_is_offered():
    names = [vendor.name for vendor in vendors()]
    assert {"anthropic", "openai", "groq", "elevenlabs", "speechify", "ideogram"} <= set(names)
    assert names == sorted(names)


def test_a_key_is_used_by_the_next_film_and_stays_in_no_widget(monkeypatch):
    changed = []
    panel = KeysPanel(lambda: changed.append(True))
    panel.service.value = "anthropic"
    panel.key.value = SECRET
    panel.use()
    anthropic = next(vendor for vendor in vendors() if vendor.name == "anthropic")
    assert anthropic.key() is not None
    assert changed == [True]
    states = [widget.get_state() for widget in panel.widget.children] + [panel.key.get_state()]
    assert SECRET not in json.dumps(states, default=str)
    assert dict(map(reversed, panel.service.options))["anthropic"] == "Claude, set"
    panel.forget()
    with pytest.raises(InputError):
        anthropic.key()


@pytest.mark.parametrize("typed", ["two words", "line\nbreak", "x" * 501, "schlüssel"])
def test_what_cannot_be_a_key_is_refused_without_showing_it(typed):
    vendor = vendors()[0]
    with pytest.raises(InputError) as refused:
        take_key(vendor, typed)
    assert typed not in str(refused.value)


class Ring:
    priority = 5

    def __init__(self):
        self.kept = {}

    def get_password(self, service, name):
        return self.kept.get((service, name))

    def set_password(self, service, name, key):
        self.kept[service, name] = key

    def delete_password(self, service, name):
        del self.kept[service, name]


def test_a_keyring_keeps_only_what_it_was_asked_to(monkeypatch):
    ring = Ring()
    monkeypatch.setattr(keys, "keyring", lambda: ring)
    first, second = vendors()[:2]
    take_key(first, SECRET)
    take_key(second, SECRET, remember=True)
    assert list(ring.kept) == [(keys.RING, second.key_variables[0])]
    monkeypatch.delenv(first.key_variables[0])
    monkeypatch.delenv(second.key_variables[0])
    keys.recall_keys([first, second])
    assert second.key() is not None
    with pytest.raises(InputError):
        first.key()
    take_key(second, "")
    assert ring.kept == {}
    monkeypatch.delenv(second.key_variables[0], raising=False)
