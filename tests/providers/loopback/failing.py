"""Services that charge for what they take, count that, and answer badly to a fifth of everything."""

from __future__ import annotations

import base64
import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from hashlib import sha256

from loopback.makings import clip, picture
from loopback.server import Answer, Loopback, Request
from loopback.stories import written_for
from loopback.vendors import bfl, groq, openai, openai_predictor, runway

FAULTY_SHARE = 0.2
TURNED_AWAY = ("rate_limited", "payment", "bad_key", "dead_model", "busy")
CUT_OFF = ("half", "stall", "endless", "nothing", "malformed", "wrong type", "empty")


class Services:
    """A painter that answers at once, and one that takes jobs."""

    def __init__(self, server: Loopback, seed: int) -> None:
        self.server, self.faulty = server, True
        self.taken: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._jobs: dict[str, int] = {}
        self._lock = threading.Lock()
        self._chance = random.Random(seed)
        drawn = picture(96, 96)
        self._openai = Answer({"created": 1, "data": [{"b64_json": base64.b64encode(drawn).decode()}]})
        server.on("POST", "/v1/images/generations", self._draw)
        server.on("POST", "/v1/flux-2-pro", self._submit)
        server.on("GET", bfl.POLL, lambda request: self._maybe(self._look(request)))
        server.on("GET", bfl.RESULT, lambda request: self._maybe(Answer(drawn, content_type="image/png")))

    def _draw(self, request: Request) -> Answer:
        key = self._key("openai", request)
        fault = self._fault((*TURNED_AWAY, "server_error", *CUT_OFF))
        if fault in openai.ERRORS or fault == "busy":
            # For what answers at once, a server's own error is not charged.
            return Answer(b"", 503) if fault == "busy" else self._brief(openai.ERRORS[fault])
        self._take(key)
        return self._spoilt(self._openai, fault).but(delay_s=self._delay_s())

    def _submit(self, request: Request) -> Answer:
        key = self._key("bfl", request)
        fault = self._fault((*TURNED_AWAY, "server_error", "taken although 500", *CUT_OFF))
        if fault == "busy":
            return Answer(b"", 503)
        if fault in bfl.ERRORS:
            return self._brief(bfl.ERRORS[fault])
        number = self._take(key)
        with self._lock:
            self._jobs[f"job-{number}"] = 0
        if fault == "taken although 500":
            return bfl.ERRORS["server_error"]
        told = {"id": f"job-{number}", "polling_url": f"{self.server.url}{bfl.POLL}?id=job-{number}", "cost": 4.0}
        return self._spoilt(Answer(told), fault).but(delay_s=self._delay_s())

    def _key(self, vendor: str, request: Request) -> str:
        return f"{vendor} {request.json['prompt']}"

    def _look(self, request: Request) -> Answer:
        with self._lock:
            self._jobs[request.query["id"]] += 1
            looks = self._jobs[request.query["id"]]
        if looks < 3:
            return bfl.state("Generating")
        return bfl.state("Ready", result={"sample": f"{self.server.url}/delivery/{request.query['id']}"})

    def _maybe(self, good: Answer) -> Answer:
        fault = self._fault(("server_error", "rate_limited", *CUT_OFF))
        return self._brief(bfl.ERRORS[fault]) if fault in bfl.ERRORS else self._spoilt(good, fault)

    def _take(self, key: str) -> int:
        with self._lock:
            self.taken[key] += 1
            return sum(self.taken.values())

    def _fault(self, kinds: tuple[str, ...]) -> str:
        with self._lock:
            fault = self._chance.choice(kinds) if self.faulty and self._chance.random() < FAULTY_SHARE else ""
            self.faults[fault] += 1
        return fault

    def _delay_s(self) -> float:
        with self._lock:
            return self._chance.uniform(0.0, 0.06)

    @staticmethod
    def _spoilt(good: Answer, fault: str) -> Answer:
        bodies = {"malformed": b'{"id": "jo', "wrong type": b"<html>Bad gateway</html>", "empty": b""}
        if fault in bodies:
            return good.but(
                body=bodies[fault], content_type="text/html" if fault == "wrong type" else good.content_type
            )
        return good.but(how=fault) if fault else good

    @staticmethod
    def _brief(answer: Answer) -> Answer:
        return answer.but(headers={**answer.headers, "retry-after": "0.02"})


class FilmServices(Services):
    """Besides, a predictor, a writer and a listener that answer at once, and an animator that takes jobs.

    What is taken is counted by all that was sent, so that two requests count as one only if they ask for the same.
    """

    def __init__(self, server: Loopback, seed: int) -> None:
        super().__init__(server, seed)
        moving = clip(128, 72, frames=140)
        server.on("POST", openai_predictor.EDIT, lambda request: self._at_once(request, openai.ERRORS, self._seen))
        server.on("POST", groq.CHAT, lambda request: self._at_once(request, groq.ERRORS, self._written))
        server.on("POST", groq.LISTEN, lambda request: self._at_once(request, groq.ERRORS, self._heard))
        server.on("POST", runway.CREATE, self._submit_clip)
        server.on("GET", runway.POLL, lambda request: self._maybe(self._look_at_clip(request)))
        server.on("GET", "/delivery/clip-.*", lambda request: self._maybe(Answer(moving, content_type="video/mp4")))

    def _key(self, vendor: str, request: Request) -> str:
        return f"{vendor} {digest(request)}"

    def _at_once(self, request: Request, errors: dict[str, Answer], good: Callable[[Request], Answer]) -> Answer:
        fault = self._fault((*TURNED_AWAY, "server_error", *CUT_OFF))
        if fault == "busy" or (fault in TURNED_AWAY and fault not in errors):
            return Answer(b"", 503)
        if fault in errors:
            return self._brief(errors[fault])
        self._take(f"{request.path} {digest(request)}")
        return self._spoilt(good(request), fault).but(delay_s=self._delay_s())

    def _submit_clip(self, request: Request) -> Answer:
        fault = self._fault(("rate_limited", "bad_key", "busy", "server_error", "taken although 500", *CUT_OFF))
        if fault == "busy":
            return Answer(b"", 503)
        if fault in runway.ERRORS:
            return self._brief(runway.ERRORS[fault])
        number = self._take(f"{request.path} {digest(request)}")
        with self._lock:
            self._jobs[f"clip-{number}"] = 0
        if fault == "taken although 500":
            return runway.ERRORS["server_error"]
        told = Answer({"id": f"clip-{number}", "estimatedCost": {"credits": 60.0}})
        return self._spoilt(told, fault).but(delay_s=self._delay_s())

    def _look_at_clip(self, request: Request) -> Answer:
        job = request.path.rpartition("/")[2]
        with self._lock:
            self._jobs[job] += 1
            looks = self._jobs[job]
        if looks < 3:
            return runway.task(job, "RUNNING", progress=0.4, estimatedCost={"credits": 60.0})
        url = f"{self.server.url}/delivery/{job}.mp4"
        return runway.task(job, "SUCCEEDED", output=[url], cost={"credits": 55})

    def _seen(self, request: Request) -> Answer:
        width, height = (int(side) for side in request.fields("size")[0].split("x"))
        # Another picture each time, as from a model: else two segments would ask for the same.
        drawn = picture(width, height, shade=sum(self.taken.values()) % 200)
        return Answer({"created": 1, "data": [{"b64_json": base64.b64encode(drawn).decode()}]})

    @staticmethod
    def _written(request: Request) -> Answer:
        body = request.json
        schema = body["response_format"]["json_schema"]["schema"]
        written = written_for(schema, body["messages"][1]["content"])
        own = digest(request)[:6]
        if "premise" in written:
            # No two films have the same story, so none asks for another's chapters.
            written = {**written, "premise": f"{written['premise']} It is the night {own}."}
        if "scenes" in written:
            # No two films have the same picture or likeness, which each would rightly buy for itself.
            written = {
                "scenes": [
                    {
                        **scene,
                        "subject": f"{scene['subject']} {own}",
                        "cast": [f"{look}, with the number {own} on one sleeve" for look in scene["cast"]],
                    }
                    for scene in written["scenes"]
                ]
            }
        return groq.completion(json.dumps(written))

    @staticmethod
    def _heard(request: Request) -> Answer:
        heard = openai.transcript(language="en", x_groq={"id": "req_02groq"})
        heard["words"][1]["word"] = f"lamp{digest(request)[:6]}"
        return Answer(heard)


def digest(request: Request) -> str:
    """All that a request says; the boundary between a multipart request's parts is another each time."""
    if "multipart" in request.headers["content-type"]:
        said = repr([(part.name, part.filename, part.data) for part in request.parts]).encode()
    else:
        said = request.body
    return sha256(said).hexdigest()
