import pytest

from storyreel.studio.page import LARGEST_UPLOAD_BYTES, PIECE_BYTES, Page, plain_name


class Visitor:
    """The browser's side of the widget: what it was sent, and a way to answer."""

    def __init__(self, page, monkeypatch):
        self.page, self.heard = page, []
        monkeypatch.setattr(page, "send", lambda content, buffers=None: self.heard.append((content, buffers or [])))
        self.say({"type": "here"})

    def say(self, message, *buffers):
        self.page._heard(self.page, message, [memoryview(buffer) for buffer in buffers])


@pytest.fixture
def took():
    return []


@pytest.fixture
def refused():
    return []


@pytest.fixture
def visitor(monkeypatch, took, refused):
    page = Page(lambda path, name: took.append((path.read_bytes(), name)), refused.append)
    return Visitor(page, monkeypatch)


def send_up(visitor, content, name="speech.wav", size=None):
    visitor.say({"type": "upload_begin", "id": 1, "name": name, "size_bytes": len(content) if size is None else size})
    for at in range(0, len(content), PIECE_BYTES):
        visitor.say({"type": "upload_chunk", "id": 1, "at": at}, content[at : at + PIECE_BYTES])


def test_a_file_comes_up_whole_whatever_its_size(visitor, took):
    content = bytes(range(256)) * 10_000
    send_up(visitor, content)
    assert took == [(content, "speech.wav")]
    acknowledged = [message["received_bytes"] for message, _ in visitor.heard if message["type"] == "upload_ok"]
    assert acknowledged == [0, PIECE_BYTES, 2 * PIECE_BYTES, len(content)]


def test_a_piece_that_was_sent_twice_counts_once(visitor, took):
    content = bytes(PIECE_BYTES + 5)
    visitor.say({"type": "upload_begin", "id": 1, "name": "a.wav", "size_bytes": len(content)})
    for _ in range(2):
        visitor.say({"type": "upload_chunk", "id": 1, "at": 0}, content[:PIECE_BYTES])
        # The second answer says where to go on, for a page that has not heard the first.
        assert visitor.heard[-1][0] == {"type": "upload_ok", "id": 1, "received_bytes": PIECE_BYTES}
    visitor.say({"type": "upload_chunk", "id": 1, "at": PIECE_BYTES}, content[PIECE_BYTES:])
    assert took == [(content, "a.wav")]


def test_too_large_and_empty_files_are_refused_before_they_are_sent(visitor, took, refused):
    send_up(visitor, b"", size=LARGEST_UPLOAD_BYTES + 1)
    send_up(visitor, b"", size=0)
    assert "at most 200" in refused[0]
    assert "is empty" in refused[1]
    assert took == []


def test_more_than_was_announced_is_refused(visitor, took, refused):
    visitor.say({"type": "upload_begin", "id": 1, "name": "a.wav", "size_bytes": 10})
    visitor.say({"type": "upload_chunk", "id": 1, "at": 0}, bytes(11))
    assert "otherwise than it was announced" in refused[0]
    assert took == []


@pytest.mark.parametrize(
    "message",
    [
        None, [], "here", {"type": "upload_begin"}, {"type": "upload_begin", "id": "x", "name": 3, "size_bytes": -1},
        {"type": "upload_chunk", "id": 7, "at": 0}, {"type": "upload_chunk", "id": [], "at": {}},
        {"type": "download_more", "id": "../../etc/passwd", "at": 0}, {"type": "download_more", "id": 5, "at": 0},
        {"type": "download_more"}, {"type": "download_done", "id": {}}, {"type": "download_done"}, {"type": "else"},
    ],
)  # fmt: skip
def test_forged_messages_reach_nothing(visitor, took, message):
    before = len(visitor.heard)
    visitor.say(message)
    assert took == []
    assert all(not buffers for _, buffers in visitor.heard[before:])


def test_only_files_that_were_handed_over_can_be_fetched_and_only_until_they_have_come(visitor, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(range(200)) * 50_000)
    visitor.page.download(film, "The Film.mp4")
    begin = visitor.heard[-1][0]
    assert begin["type"] == "download_begin"
    assert begin["mime"] == "video/mp4"
    got, at, last = b"", 0, False
    while not last:
        visitor.say({"type": "download_more", "id": begin["id"], "at": at})
        message, buffers = visitor.heard[-1]
        got, at, last = got + buffers[0], at + len(buffers[0]), message["last"]
    assert got == film.read_bytes()
    visitor.say({"type": "download_more", "id": begin["id"], "at": at - 1})
    assert visitor.heard[-1][1] == [got[-1:]]  # once more, for one that was lost on the way
    visitor.say({"type": "download_done", "id": begin["id"]})
    count = len(visitor.heard)
    visitor.say({"type": "download_more", "id": begin["id"], "at": 0})
    assert len(visitor.heard) == count


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"), (r"C:\films\a b.wav", "a b.wav"), (".bashrc", "bashrc"), ("", "file"),
        ("a\x00b\n.wav", "a_b_.wav"), ("x" * 300 + ".wav", "x" * 116 + ".wav"), ("Привет.txt", "Привет.txt"),
    ],
)  # fmt: skip
def test_a_visitors_file_name_means_nothing_to_the_file_system(name, kept):
    assert plain_name(name) == kept
