import pytest

from storyreel.inputs.templates import templates
from storyreel.studio.new_film import NewFilm
from storyreel.studio.story_arcs import ArcChoice


@pytest.fixture
def form(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("STORYREEL_POLICY", raising=False)
    begun = []
    made = NewFilm(tmp_path, begun.append, lambda accept: None, lambda voice: None)
    made.begun = begun
    return made


def test_every_template_is_offered_and_explained_beat_by_beat(form):
    arcs = templates(form._cache)
    assert len(arcs) >= 12
    assert [name for _, name in form.arc.list.options] == ["", *(arc.name for arc in arcs)]
    for arc in arcs:
        form.arc.list.value = arc.name
        told = form.arc.explained.value
        places = [told.index(f"<b>{beat.name}</b>".replace("'", "&#x27;")) for beat in arc.arc]
        assert places == sorted(places)
    form.arc.list.value = ""
    assert form.arc.explained.value == ""


def test_a_chosen_arc_fills_in_the_form_and_goes_into_the_film(form):
    form.title.value = "The Last Lighthouse"
    form.arc.list.value = "trailer"
    assert (form.words.value, form.captions.value, form._chapters.number()) == ("110", "cinema", 1)
    form.words.value = "90"  # what is typed after it counts
    form.start()
    (project,) = form.begun
    record = project.record()
    assert (record.inputs["template"]["name"], record.inputs["words"]) == ("trailer", 90)
    assert record.settings.style == "anamorphic cinematic, strong contrast"
    form.arc.list.value = ""
    assert form.style == "cinematic"


def test_a_users_own_arc_is_shown_as_text_and_a_faulty_one_leaves_the_form_usable(tmp_path):
    (tmp_path / "templates").mkdir()
    own = tmp_path / "templates/shop.toml"
    own.write_text(
        'description = "<img src=x>"\ngenres = ["Drama"]\ntone = "Quiet."\n'
        '[[arc]]\nname = "Opening"\nwhat = "<b>A door"\n[[arc]]\nname = "Closing"\nwhat = "Dark."\n'
    )
    choice = ArcChoice(tmp_path, lambda arc: None)
    choice.list.value = "shop"
    assert "<img" not in choice.explained.value
    assert "&lt;b&gt;A door" in choice.explained.value
    own.write_text("not TOML")
    choice = ArcChoice(tmp_path, lambda arc: None)
    assert "shop.toml is not TOML" in choice.explained.value
    assert choice.list.options == (("No arc: the title decides", ""),)
