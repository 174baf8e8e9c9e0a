import gc

import ipywidgets as widgets
import pytest

from storyreel.project import list_projects
from storyreel.studio.new_film import WAYS, NewFilm


@pytest.fixture
def begun():
    return []


@pytest.fixture
def form(tmp_path, begun, monkeypatch):
    monkeypatch.delenv("STORYREEL_POLICY", raising=False)
    return NewFilm(tmp_path, begun.append, lambda accept: None, lambda voice: None)


def test_nothing_can_be_generated_before_something_is_given(form, begun):
    for way in WAYS:
        form.choose_way(way)
        assert form.generate.disabled
        assert "first" in form.generate.tooltip


def test_a_title_is_priced_and_begun_and_nothing_is_made(form, begun, tmp_path):
    form.title.value = "The Last Lighthouse"
    assert not form.generate.disabled
    assert "Free" in form._price.value
    form.start()
    assert [project.id for project in begun] == ["the-last-lighthouse"]
    assert begun[0].record().inputs["chapters"] == 1
    assert not begun[0].path("story.json").exists()


def test_each_way_in_begins_its_own_kind_of_film(form, begun, tmp_path):
    form.choose_way("script")
    form.script.value = "INT. KITCHEN - DAY\n\nMAY pours tea.\n\nMAY\nIt is late.\n"
    form.start()
    form.choose_way("flow")
    form.prompt.value = "A river at dawn"
    form.start()
    form.choose_way("audio")
    recording = tmp_path / "upload"
    recording.write_bytes(_speech_like())
    form.take_file(recording, "memo.wav")
    form.start()
    assert form._problem.value == ""
    assert [project.record().recipe for project in begun] == ["script", "flow", "audio"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda form: setattr(form.words, "value", "many"), "whole number"),
        (lambda form: setattr(form.budget, "value", "lots"), "lots"),
        (lambda form: setattr(form.seed, "value", "-1"), "whole number"),
    ],
)
def test_a_field_that_cannot_be_used_says_so_and_begins_nothing(form, begun, tmp_path, change, sentence):
    form.title.value = "The Last Lighthouse"
    change(form)
    form.start()
    assert sentence in form._problem.value
    assert begun == []
    assert list_projects(tmp_path) == []


def test_a_title_that_looks_like_markup_is_shown_as_text(form, tmp_path):
    form.title.value = "<img src=x onerror=alert(1)>" * 20
    assert "<img" not in form._problem.value
    (tmp_path / "upload").write_bytes(b"x")
    form.take_file(tmp_path / "upload", "<b>x.wav")
    assert "<b>" not in form._file_name.value


def test_another_number_of_chapters_can_be_typed(form):
    form.title.value = "A Year"
    form._chapters.choice.value = ""
    form._chapters.typed.value = "12"
    assert form._chapters.number() == 12
    assert "Chapters <span" in form._price.value


def _speech_like():
    import io
    import wave

    import numpy as np

    samples = (np.sin(np.arange(16_000 * 6) * 0.05) * 8000).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(samples.tobytes())
    return file.getvalue()


def test_what_may_be_spent_holds_in_every_way_in_that_asks(form, begun, tmp_path):
    form.budget.value = "$2.50"
    form.title.value = "The Last Lighthouse"
    form.start()
    form.choose_way("script")
    form.script.value = "INT. KITCHEN - DAY\n\nMAY pours tea.\n\nMAY\nIt is late.\n"
    form.start()
    form.choose_way("flow")
    form.prompt.value = "A river at dawn"
    form.start()
    assert [float(project.limit_usd) for project in begun] == [2.5, 2.5, 2.5]


def test_a_smaller_picture_has_the_shape_that_was_chosen(form, begun):
    form.title.value = "Small"
    form.shape.value, form.lines.value = "9:16", 360
    form.start()
    settings = begun[0].record().settings
    assert (settings.width_px, settings.height_px) == (360, 640)


def test_a_form_that_is_let_go_takes_its_files_with_it(tmp_path):
    made = NewFilm(tmp_path, lambda film: None, lambda accept: None, lambda voice: None)
    came = tmp_path / "tale.txt"
    came.write_text("INT. LAMP ROOM - NIGHT")
    made.take_file(came, "tale.txt")
    folder = made._file.parent
    assert folder.is_dir()
    widgets.Widget.close_all()
    del made
    gc.collect()
    assert not folder.exists()
