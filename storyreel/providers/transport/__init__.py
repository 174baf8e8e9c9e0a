"""One place from which every vendor is asked, and how an adapter stands on it.

An adapter is a small frozen class in a module of `storyreel.providers.services`. It knows the wire format and nothing
else: no project, no ledger, no retry, no key. Writing one:

1. At the top, what is known of the vendor, once: `VENDOR = Vendor(name=..., base_url=..., key_variables=(...), ...)`.
   The base is that of the vendor's own documents; STORYREEL_<NAME>_BASE_URL replaces it. Say how many requests it takes
   `at_once`, which error codes are refusals, payments or missing models, and which models are `retired` for which.
2. A class with `model` (today's default) and `notice`; `__post_init__` settles a retired model with `VENDOR.living`.
   `identity` is "vendor/model/options", `vendor` gives VENDOR, `price(usage)` asks `storyreel.providers.prices.quote`.
3. `..._to_wire(model, request)`: the request's JSON body. A pure function, so that it can be read beside the vendor's
   document.
4. The call:

   - What answers at once: `buy(VENDOR, Call("/path", body=..., timeout_s=...), read, model=..., expected_usd=...)`.
     `read(reply)` returns `Charged(data, price_usd, model, request)`: what is kept, usually the picture or sound itself
     or the JSON that matters, and what the reply says of its price. It raises `ProviderRefused` for a refusal that
     comes as a good answer (with its `price_usd` where that costs) and `Lost` for anything that makes no sense;
     pydantic models of the reply, through `reply.read_as(Model)`, raise it by themselves. Look at pictures and sounds
     to their end here: what is kept is never asked for again.
   - What runs as a job: `buy_job(VENDOR, call, submitted, poll, look, kinds=("video",), suffix=".mp4", ...)`.
     `submitted(reply)` returns the `Job`, `poll(job)` the call that asks for it, `look(reply, job)` how it is:
     `Waiting`, `Done` with the result's addresses, or `Gone`; it raises what ended it, by `held_back` what was made,
     is not given, and is charged.
   - What costs nothing: `ask_free`, as often as it takes. Results at addresses: `download`, without the key.

   `take=request.seed` where the wire has no seed, else equal requests are one to the ledger; a file whose bytes may
   differ for the same content (another encoder's version) says what it is `known_by`.
5. Cut, never stretch: `providers.pictures` has sizes and shapes. Voices: `providers.speaking` cuts texts, joins sounds
   and finds words. Whisper-like listeners: `providers.hearing`. Language models: `providers.writing` (schema, bible,
   one repair, words so far), and `providers.chat` for the chat completions wire.
6. A line in `providers/registry.py` for each role; its rows in `providers/prices.toml`, dated, with their source.
7. `tests/providers/loopback/vendors/<vendor>.py`: a stand-in that answers in the vendor's words, and a `Wire` for each
   paid request. `tests/providers/test_contract.py` then runs the whole contract on it; only what is the vendor's alone
   needs a test of its own.

What a caller may rely on, whatever the vendor: a paid request is in the project's ledger before it is sent, its answer
is kept and never bought twice; a request that left and got no whole answer is an `AnswerUnknown` and is not repeated
unasked; a 429 is waited out as long as it says, up to two minutes; at most `at_once` requests are under way; the key is
in one header and nowhere else; nothing is fetched from a private address.

The official clients of Anthropic, OpenAI and Groq are not used to make these calls: they repeat paid requests by
themselves, wait as long as a Retry-After says, follow redirects with the key, hand out half-read answers as good ones,
and take from one to two seconds to import. The tests drive them against the stand-ins, so that both stay honest: what
they send and we send is the same, and they read what the stand-ins say.
"""

from storyreel.providers.transport.buying import StillWorking, ask_free, buy, held_back, models_of
from storyreel.providers.transport.downloads import Expired, download, kind_of
from storyreel.providers.transport.faults import Lost, ServerFault
from storyreel.providers.transport.http import MEGABYTE, Call, FilePart, Reply, read_as
from storyreel.providers.transport.jobs import Done, Gone, Job, Waiting, buy_job
from storyreel.providers.transport.key import Key, scrub
from storyreel.providers.transport.links import buy_linked
from storyreel.providers.transport.vendor import Vendor

__all__ = [
    "MEGABYTE",
    "Call",
    "Done",
    "Expired",
    "FilePart",
    "Gone",
    "Job",
    "Key",
    "Lost",
    "Reply",
    "ServerFault",
    "StillWorking",
    "Vendor",
    "Waiting",
    "ask_free",
    "buy",
    "buy_job",
    "buy_linked",
    "download",
    "held_back",
    "kind_of",
    "models_of",
    "read_as",
    "scrub",
]
