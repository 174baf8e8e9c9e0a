"""New recordings of people who hesitate, each made from a seed; where every word and every filler lies is known.

The offline voices speak sentences as one tells them, at several speeds, as several speakers (a voice played slower or
faster is a larger or smaller person). Some fillers stand in the text, so that the voice hesitates with its own melody
and runs into them as it likes; others are taken out of other sentences and set between words, with pauses on either
side, or on one, or hardly any. Among the words are those that listeners and rules confuse with fillers.

Limits are set on the seeds of `TUNING`; what is claimed is measured on those of `HELD_OUT`, whose sentences are others,
written down before anything was tuned, and looked at by nobody since. The first half of them tells of this and that,
the second half is full of words that sound like fillers; some of both are spoken by voices that no limit was set on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from storyreel.media.energy import energy_db
from storyreel.providers.contracts import FloatArray, Speech, SpeechRequest
from storyreel.providers.offline.voice import OfflineVoice

RATE_HZ = 16_000
CONFUSABLE, CONFUSABLE_MORE = range(127, 133), range(140, 144)
# Once held out, and then looked at: no proof any longer, so limits are set on them too.
LOOKED_AT, LOOKED_AT_LATER, LOOKED_AT_LAST = range(200, 214), range(300, 314), range(400, 414)
HELD_OUT, HELD_OUT_CONFUSABLE = range(500, 514), range(507, 514)
VOICES = ("af_heart", "am_michael", "bf_emma", "bm_george")
# So that limits are not set on four people only, some tuning seeds are spoken by others.
MORE_SEEDS = range(120, 127)
MORE_VOICES = ("af_bella", "af_nicole", "af_sarah", "am_fenrir", "bf_isabella", "bm_fable", "bm_lewis")
UNHEARD_VOICES = ("af_sarah", "bm_lewis")
TUNING = (
    *(seed for seed in range(100, 133) if not (seed in MORE_SEEDS and MORE_VOICES[seed - 120] in UNHEARD_VOICES)),
    *CONFUSABLE_MORE,
    *LOOKED_AT,
    *LOOKED_AT_LATER,
    *LOOKED_AT_LAST,
)
FILLERS = ("um", "uh", "um", "uh", "er", "erm", "hmm", "ah")

TOLD_TUNING = [
    "We got home late, and the umbrella was still wet from the morning.",
    "I asked her where our keys are, and she pointed at a hook by the door.",
    "There is a hum in the kitchen that nobody else can hear.",
    "Are you sure that the train leaves from the other side?",
    "My uncle kept a hundred pigeons on the roof of a small hotel.",
    "Her brother plays the drums, and he is better than I am.",
    "A friend of ours sold his car and bought a boat instead.",
    "The first thing I learned was to sharpen a knife.",
    "Nobody told us that the bridge had been closed since Easter.",
    "We ate under an old elm, and the ants came up on the table.",
    "He said that the harder part is to stop in time.",
    "I am not certain, but it was either Tuesday or Thursday.",
    "You could smell the bread from a mile away.",
    "They are the same people who painted our school.",
    "It took an hour to reach the upper hut.",
    "The letter came in August, and I have never answered it.",
    "Some of the numbers in that report are simply wrong.",
    "When the lights went out, everybody began to sing.",
    "I can hear her humming when she thinks that she is alone.",
    "The owner of the mill came from a town in the mountains.",
    "She earned more in a summer than I did in a year.",
    "All the money had gone, and so had the manager.",
    "Put the camera on the table and come a little nearer.",
    "In the end we walked, and I was glad that we did.",
]

TOLD_CONFUSABLE = [
    "She hummed on the way home, and her mother hummed along.",
    "They were humming, and the hum of the motor was as loud as they were.",
    "He hums when he is happy, and I hum when I am afraid.",
    "Hang up your coat, stand up straight and look up at the arch.",
    "Her arm was in plaster, and our aunt held her other hand.",
    "A little ham will do no harm, if there is a little more at home.",
    "You earn what you earn, my uncle said, and he put up his umbrella.",
    "Ah yes, the hour was late, and a bell was heard from the harbour.",
    "Our uncles are army men, and theirs are farmers.",
    "What are our orders, and where are her letters?",
    "The hummus was gone, but the ham and the honey were not.",
    "Run up to the upper floor and come down with the other hammer.",
    "Hers is the house where the hens are, under the elms.",
    "The error was ours, and her answer was a hard one to hear.",
    "Oh, a home of her own is all that she ever asked for.",
]

TOLD_LOOKED_AT = [
    "The bus driver hummed a tune while we waited for the ferry.",
    "Our house is the one with an orange door and a crooked chimney.",
    "I heard that a farmer up north grows lemons under glass.",
    "She handed me an umbrella and her coat and ran for the tram.",
    "Are there any apples left, or did the children eat them all?",
    "Home is where they have to let you in, my father used to say.",
    "It was colder than I had expected, even for the end of May.",
    "The museum keeps a room of clocks, and none of them agree.",
    "He is an honest man, and his answers are always short.",
    "Somebody left the gate open, and the goats were in her garden.",
    "I love the sound of a hammer on an anvil early in the day.",
    "We were the only guests, and the cook sat down with us.",
    "A summer job is a good way to find out what you hate.",
    "Three of the eggs were broken, but the others are fine.",
    "The doctor wrote the name on a card and underlined it.",
    "Humming birds cannot walk, and they drink every ten minutes.",
    "Every errand took longer than it should have.",
    "My sister is a teacher, and her husband mends umbrellas.",
    "There was a map on the wall with our street left out.",
    "The hardest question came from a girl in the last row.",
    "You have to turn the handle twice, and then it opens.",
    "I am older than the bridge and younger than the road.",
    "They asked us for a hundred, and we gave them eighty.",
    "The river rose in the night and took the jetty with it.",
    "Nothing in that drawer has been used since the war.",
    "Uncle Harold is the one who taught me how to swim.",
    "It is a long walk from here, but the view is worth it.",
    "He had an error in his sums, and nobody noticed for a month.",
    "Ah yes, that was the winter when the lake froze over.",
    "Her mother and my aunt are in the same choir.",
]

TOLD_LOOKED_AT_LATER = [
    "The refrigerator hums at night, and the cat hums back at it.",
    "Her cousin paints murals on the walls of empty shops.",
    "Our neighbours are kind, but their rooster is not.",
    "I came home by the coast road because the pass was shut.",
    "An old armchair stood in the rain outside the bakery.",
    "Are the tickets in your pocket, or are they in mine?",
    "He hurt his arm when he fell off the stage in the second act.",
    "My aunt burns the onions every time, and we eat them gladly.",
    "Ah yes, I remember the smell of that corridor.",
    "The climbers gave up an hour below the summit.",
    "An umbrella is no use at all in such a wind.",
    "Her voice was so low that we had to lean over the counter.",
    "Under the floor they discovered a drum and a box of coins.",
    "You learn more from a bad map than from a good one.",
    "The harbour master hummed and wrote the number down.",
    "Nobody had seen the comet but a girl and her uncle.",
    "We wash up, we lock up, and then we are free.",
    "There are eleven steps, and the ninth one is loose.",
    "A ham sandwich and a cup of tea were all that they offered us.",
    "He is humble about it, but the whole plan was his.",
    "The earth is dry, and the farm next to ours has sold its herd.",
    "I heard a hammering, then a thump, and then an awful silence.",
    "Some animals are awake all winter, and the ermine is one.",
    "Her homework was on the table, and the dog was under it.",
    "If the air is clear, one can see as far as the islands.",
    "Most of us had never been in an aeroplane before that summer.",
    "The orchestra tuned up, and a man in front began to hum.",
    "They serve a thin soup here, and the bread comes warm.",
]

TOLD_LOOKED_AT_LAST = [
    "The old pump hums all day, and the frogs hum with it.",
    "A worm turned under the spade, and her terrier barked.",
    "Are we there, or are we only halfway up the hill?",
    "He broke an arm on the ice and wrote with the other one.",
    "Our urn was made by a potter from Umbria.",
    "My aunt is stern, but her puddings are not.",
    "Ah yes, that is the alarm, and it has a life of its own.",
    "The hermit crab was in her shell, and the gull was above her.",
    "Some of them earn nothing in the winter months.",
    "I am in no hurry, and the horse is in none either.",
    "The choir sang a hymn, and a child at the back hummed along.",
    "Under an arch of elms they had put up a long table.",
    "What harm is there in an early supper?",
    "She turned the corner and came upon the summer fair.",
    "Is the farmer in, or is he out among his herd?",
    "Uncle Norman wore the same hat until it came apart.",
    "The thermometer on the wall was an honest one.",
    "A crumb fell on the drum, and nobody else heard it.",
    "Others have erred before us, and others will err again.",
    "They are armed with umbrellas, and the rain is welcome to come.",
    "The first form is easy, and the third one is a horror.",
    "Her homeland is a place of fern and water.",
    "An owl was up in the rafters, and it stared at our lamp.",
    "If I earned more, I would own a harmonica.",
    "The term ends in August, and then the halls are dumb.",
    "We were on a rum old boat, and it hummed like a hive.",
    "Herbs hang from the beam, and the room is warm.",
    "At the end of the hour a murmur went up from the stands.",
]

TOLD_CONFUSABLE_MORE = [
    "We stood in awe of him, and of the odd old arch above us.",
    "Whom did you ask, him or her, and what did they say to us?",
    "To err is easy, and I have erred more than any of them.",
    "An awning hung above the door, and a drum stood under it.",
    "There was a hush, and then the hum of the harbour came up to us.",
    "All of them are in the hall, and some are at the other end.",
    "Some hummus, an onion and a handful of herbs are all you need.",
    "It was awful to watch, and odder still to laugh about.",
    "He earned his own bread, and the crumbs he gave to her hens.",
    "The umpire was calm, the crowd was not, and the lamps were out.",
    "An earl and an artist are the owners of the urn on the hearth.",
    "Day after day they fell in love with the same old tune.",
    "Uh-huh, she said, as if she had not heard a thing of it.",
    "Come to us when you are free, and bring us an apple or two.",
    "Our rum is from an island, and the gum is from a palm.",
    "They were early, but he was earlier, and the farm was dumb.",
    "The man in front of us hemmed her coat and mended an arm of mine.",
    "I had an aunt in Amsterdam whom everybody called Em.",
    "Ah well, a word is soon said, and the harm is done.",
    "Once upon a time, under the elms, a worm and a hermit met.",
]

TOLD_HELD_OUT = [
    "The ferry goes at nine, and the last one back is at seven.",
    "My neighbour lends me her ladder whenever the gutter is full.",
    "We had soup on the balcony and watched the swallows come in.",
    "He found the letters in a tin that had once held biscuits.",
    "You can see the whole valley from the top of the water tower.",
    "The children built a raft, and it floated for almost a minute.",
    "Her first job was to read the gas meters in our part of town.",
    "Nobody in the village locks a door before the first of October.",
    "It rained so hard that the parade was held inside the station.",
    "I never learned to whistle, although my uncle did his best.",
    "The clock in the hall has been eleven minutes slow for years.",
    "They planted walnut trees that only their grandchildren would pick.",
    "There is a bench by the canal where the men play chess.",
    "She keeps a list of every bird that has come to the window.",
    "The bus was empty, and the driver told us about his daughter.",
    "What I remember best is the smell of tar and oranges.",
    "A baker works at night and sleeps when his friends are awake.",
    "We paid for the tickets twice, and nobody ever noticed.",
    "An old sailor sold us the compass, and it still points north.",
    "If the lake freezes, they hold the market on the ice.",
    "The teacher wrote one sentence on the board and left the room.",
    "Our dog hums, or at least that is what it sounds like to me.",
    "You only have to ask her once, and then she is there.",
    "The path ends at a gate, and behind it the moor begins.",
]

TOLD_HELD_OUT_CONFUSABLE = [
    "The hammock hung between an alder and an ash, and we hung in it.",
    "Her armour was on show, and her helmet was among the urns.",
    "He hemmed and hawed, and in the end he went home with us.",
    "A hum came from the attic, and an earnest young man went up.",
    "Are ours the ones with the amber handles, or are those hers?",
    "My other aunt is an army nurse, and her humour is dry.",
    "It is odd how often an argument begins with an umbrella.",
    "Some drummers are early, and some are never on time at all.",
    "Ah yes, the alarm, I had heard it and then forgotten it.",
    "The worms are in the earth, and the hens are after them.",
    "An hour at the oars, and our arms were numb to the elbow.",
    "Whoever erred here was in a hurry, and it was not us.",
    "The earl was ashamed of the harm that his words had done.",
    "I am up by six, and the farmhands are up an hour before.",
    "He has a thumb as broad as a hammer and a voice like an organ.",
    "The firm earned a sum that none of us had ever heard of.",
    "Under the arches someone hummed an old air, and we all stopped.",
    "Are you her husband, or are you one of the others?",
    "Him I know, but who are the women with the harps?",
    "Onions, ham and a lump of butter, and the hunger was gone.",
    "She is an heir to nothing but her own good humour.",
    "Over the hearth hung the antlers of an elk, and a hat on each.",
    "The hall was warm, and a murmur of awe ran along the aisle.",
    "Us they let in, but her they sent up to the other office.",
]

# Said alone, so short a sound is garbled; in a sentence it is not.
_CARRIERS = {
    "um": ("The doors were open, um, and the lights were on.", "I wanted to say, um, thank you."),
    "uh": ("We went there on Monday, and, uh, there was nobody at all.", "It was, uh, the second on the left."),
    "er": ("I think it was, er, about nine in the evening.", "You take the, er, green one."),
    "erm": ("I was wondering, erm, whether you had seen it.", "She is, erm, not here today."),
    "hmm": ("It costs, hmm, about twenty pounds.", "That would be, hmm, in the spring."),
    "ah": ("It is called, ah, something with a B.", "He lives in, ah, the next village."),
}


@dataclass(frozen=True)
class Said:
    """A word as it was truly said, in seconds."""

    text: str
    start_s: float
    end_s: float
    filler: bool = False


def recording(seed: int, folder: Path) -> tuple[FloatArray, list[Said]]:
    """A recording's samples, 16 kHz mono, and its words; made once a folder."""
    path = folder / f"filler-recording-{seed}.npz"
    if not path.exists():
        samples, words = _made(seed)
        np.savez(path, samples=samples, words=json.dumps([asdict(word) for word in words]))
    with np.load(path) as kept:
        return kept["samples"], [Said(**word) for word in json.loads(str(kept["words"]))]


def _made(seed: int) -> tuple[FloatArray, list[Said]]:
    rng = np.random.default_rng(seed)
    pools = (
        (HELD_OUT_CONFUSABLE, TOLD_HELD_OUT_CONFUSABLE),
        (HELD_OUT, TOLD_HELD_OUT),
        (LOOKED_AT, TOLD_LOOKED_AT),
        (LOOKED_AT_LATER, TOLD_LOOKED_AT_LATER),
        (LOOKED_AT_LAST, TOLD_LOOKED_AT_LAST),
        (CONFUSABLE, TOLD_CONFUSABLE),
        (CONFUSABLE_MORE, TOLD_CONFUSABLE_MORE),
    )
    pool = next((told for seeds, told in pools if seed in seeds), TOLD_TUNING)
    voice = OfflineVoice(_voice_of(seed))
    speed, size = float(rng.uniform(0.85, 1.25)), float(rng.uniform(0.9, 1.12))
    told = [pool[index] for index in rng.permutation(len(pool))[:6]]
    tokens = _with_inline_fillers(told, rng)
    speech = voice.speak(SpeechRequest(" ".join(text for text, _ in tokens), speed=speed))
    words = [
        Said(text, word.start_s, word.end_s, filler) for (text, filler), word in zip(tokens, speech.words, strict=True)
    ]
    words = [_trimmed(word, speech.samples, speech.sample_rate_hz, 0) if word.filler else word for word in words]
    samples, words = _with_set_fillers(speech.samples, speech.sample_rate_hz, words, voice, rng)
    # Played at another speed: another size of person.
    from scipy.signal import resample

    length = round(len(samples) / speech.sample_rate_hz * RATE_HZ / size)
    played = resample(samples, length).astype(np.float32)
    room_db = float(rng.uniform(-66, -52))
    played += (rng.standard_normal(length) * 10 ** (room_db / 20)).astype(np.float32)
    moved = [Said(w.text, round(w.start_s / size, 3), round(w.end_s / size, 3), w.filler) for w in words]
    return played, moved


def _voice_of(seed: int) -> str:
    if seed in MORE_SEEDS:
        return MORE_VOICES[MORE_SEEDS.index(seed)]
    voices = (*VOICES, *UNHEARD_VOICES) if seed in HELD_OUT else VOICES
    return voices[seed % len(voices)]


def _with_inline_fillers(told: Sequence[str], rng: np.random.Generator) -> list[tuple[str, bool]]:
    """The words, with a filler in some sentences, as one writes it."""
    tokens: list[tuple[str, bool]] = []
    for number, sentence in enumerate(told):
        words: list[tuple[str, bool]] = [(word, False) for word in sentence.split()]
        if number % 2:
            at, filler = int(rng.integers(2, len(words) - 1)), str(rng.choice(FILLERS))
            before = words[at - 1][0]
            words[at - 1] = (before if before.endswith(",") else f"{before},", False)
            words.insert(at, (f"{filler},", True))
        tokens += words
    return tokens


def _with_set_fillers(
    samples: FloatArray, rate_hz: int, words: Sequence[Said], voice: OfflineVoice, rng: np.random.Generator
) -> tuple[FloatArray, list[Said]]:
    """Fillers from other sentences, set where the voice is quietest between two words."""
    energy = energy_db(samples, rate_hz)
    places = [
        index for index in range(2, len(words) - 2) if not any(w.filler for w in words[max(0, index - 2) : index + 4])
    ]
    chosen: set[int] = set()
    for index in rng.permutation(places):
        if all(abs(int(index) - other) > 5 for other in chosen) and len(chosen) < 6:
            chosen.add(int(index))
    pieces: list[FloatArray] = []
    placed: list[Said] = []
    at, moved_s = 0, 0.0
    for index, word in enumerate(words):
        placed.append(Said(word.text, word.start_s + moved_s, word.end_s + moved_s, word.filler))
        if index not in chosen:
            continue
        text = str(rng.choice(FILLERS))
        sound = _filler(text, voice, rng)
        before_s, after_s = float(rng.uniform(0.02, 0.4)), float(rng.uniform(0.02, 0.4))
        near = np.arange(round(word.end_s * 100) - 4, round(word.end_s * 100) + 5)
        cut = int(near[np.argmin(energy[near])] * 0.01 * rate_hz)
        silence = [np.zeros(round(length_s * rate_hz), np.float32) for length_s in (before_s, after_s)]
        pieces += [samples[at:cut], silence[0], sound, silence[1]]
        start_s = cut / rate_hz + moved_s + before_s
        placed.append(Said(text, start_s, start_s + len(sound) / rate_hz, True))
        moved_s += before_s + len(sound) / rate_hz + after_s
        at = cut
    return np.concatenate([*pieces, samples[at:]]), placed


def _filler(text: str, voice: OfflineVoice, rng: np.random.Generator) -> FloatArray:
    """A filler by itself: what sounds around its middle, up to the silences on either side."""
    carrier = _CARRIERS[text][int(rng.integers(len(_CARRIERS[text])))]
    speech = _spoken(voice.voice, carrier, float(rng.choice((0.8, 1.05))))
    word = next(word for word in speech.words if word.text == f"{text},")
    trimmed = _trimmed(Said(text, word.start_s, word.end_s), speech.samples, speech.sample_rate_hz)
    rate_hz = speech.sample_rate_hz
    sound = speech.samples[round(trimmed.start_s * rate_hz) : round(trimmed.end_s * rate_hz)].copy()
    fade = np.sin(np.linspace(0, np.pi / 2, round(0.015 * rate_hz))).astype(np.float32)
    sound[: len(fade)] *= fade
    sound[-len(fade) :] *= fade[::-1]
    return sound


@cache
def _spoken(voice: str, text: str, speed: float) -> Speech:
    return OfflineVoice(voice).speak(SpeechRequest(text, speed=speed))


def _trimmed(word: Said, samples: FloatArray, rate_hz: int, reach: int = 8) -> Said:
    """A word with its start and end where its sound sets in and dies away, at most so many hundredths further out."""
    energy = energy_db(samples, rate_hz)
    low, high = max(0, round(word.start_s * 100) - reach), min(len(energy) - 1, round(word.end_s * 100) + reach)
    first = after = min(max(round((word.start_s + word.end_s) * 50), low), high)
    loud = energy > energy[max(0, first - 10) : first + 10].max() - 30
    while first > low and loud[first - 1]:
        first -= 1
    while after < high and loud[after]:
        after += 1
    return Said(word.text, first / 100, after / 100, word.filler)
