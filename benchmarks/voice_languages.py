"""Is the offline voice understood in Spanish, French, Italian and Portuguese? Its sound, as the listener hears it.

    python benchmarks/voice_languages.py [--languages es,fr,it,pt] [--voices ava,michael,...]

Each voice tells a text of some 180 words with numbers, dates and names in it; the listener's model "base" writes it
down. Both sides are put into spoken words by the voice's own reading of numbers, and compared by sound, as its
spelling rules have it, without stress. Prints word error rates, words a minute, the level (root mean square) and what
was misheard. The recogniser errs itself in these languages.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
from voice_words import differences

from storyreel.providers.contracts import ListeningRequest, SpeechRequest
from storyreel.providers.offline.listener import OfflineListener
from storyreel.providers.offline.voice import LANGUAGES, OfflineVoice
from storyreel.providers.offline.voice.languages import tongue
from storyreel.providers.offline.voice.languages.reading import sentences_of

TEXTS: Mapping[str, Sequence[str]] = {
    "es": (
        "El faro llevaba once años apagado cuando Elena volvió a la isla. Nadie la esperaba en el puerto, y el "
        "viento traía el olor de la sal y de las redes viejas. Subió los 213 escalones sin mirar atrás.",
        "El 7 de noviembre de 1867 nació en Varsovia una niña que ganaría dos premios. El tren de Sevilla sale a "
        "las 9:45 y el billete cuesta 38,50 €. En el siglo XIX, Isabel II reinó durante 35 años.",
        "—¿Quién anda ahí? —preguntó el guardián con la voz temblorosa. —Soy yo, tu hermana. He venido a encender "
        "la luz. Guillermo dejó caer la llave sobre la mesa y empezó a reír como un niño. Aquella noche, por "
        "primera vez en mucho tiempo, los barcos encontraron el camino a casa.",
        "El reloj del ayuntamiento dio las doce. Un gato negro cruzó la plaza, se detuvo junto a la fuente y miró "
        "la luna. Después llovió durante tres días, y el río creció hasta tocar el puente de piedra.",
    ),
    "fr": (
        "Le phare était éteint depuis onze ans quand Hélène revint dans l'île. Personne ne l'attendait au port, "
        "et le vent portait l'odeur du sel et des vieux filets. Elle monta les 213 marches sans se retourner.",
        "Le 7 novembre 1867 naquit à Varsovie une enfant qui recevrait deux prix. Le train de Bordeaux part à "
        "9h45 et le billet coûte 38,50 €. Au XIXe siècle, Louis XVIII régna pendant dix ans.",
        "Qui est là ? demanda le gardien d'une voix tremblante. C'est moi, ta sœur. Je suis venue allumer la "
        "lumière. Guillaume laissa tomber la clé sur la table et se mit à rire comme un enfant. Cette nuit-là, "
        "pour la première fois depuis longtemps, les bateaux trouvèrent le chemin de la maison.",
        "L'horloge de la mairie sonna minuit. Un chat noir traversa la place, s'arrêta près de la fontaine et "
        "regarda la lune. Ensuite il plut pendant trois jours, et la rivière monta jusqu'au pont de pierre.",
    ),
    "it": (
        "Il faro era spento da undici anni quando Elena tornò sull'isola. Nessuno la aspettava al porto, e il "
        "vento portava l'odore del sale e delle vecchie reti. Salì i 213 gradini senza guardare indietro.",
        "Il 7 novembre 1867 nacque a Varsavia una bambina che avrebbe vinto due premi. Il treno per Bologna parte "
        "alle 9:45 e il biglietto costa 38,50 €. Nel XIX secolo Vittorio Emanuele II regnò per 29 anni.",
        "Chi è là? domandò il guardiano con la voce tremante. Sono io, tua sorella. Sono venuta ad accendere la "
        "luce. Guglielmo lasciò cadere la chiave sul tavolo e cominciò a ridere come un bambino. Quella notte, "
        "per la prima volta dopo molto tempo, le barche trovarono la strada di casa.",
        "L'orologio del municipio suonò mezzanotte. Un gatto nero attraversò la piazza, si fermò vicino alla "
        "fontana e guardò la luna. Poi piovve per tre giorni, e il fiume salì fino a toccare il ponte di pietra.",
    ),
    "pt": (
        "O farol estava apagado havia onze anos quando Helena voltou à ilha. Ninguém a esperava no porto, e o "
        "vento trazia o cheiro do sal e das redes velhas. Ela subiu os 213 degraus sem olhar para trás.",
        "No dia 7 de novembro de 1867 nasceu em Varsóvia uma menina que ganharia dois prêmios. O trem para São "
        "Paulo parte às 9:45 e a passagem custa R$38,50. No século XIX, Pedro II reinou durante 58 anos.",
        "Quem está aí? perguntou o guarda com a voz trêmula. Sou eu, sua irmã. Vim acender a luz. Guilherme "
        "deixou cair a chave sobre a mesa e começou a rir como uma criança. Naquela noite, pela primeira vez em "
        "muito tempo, os barcos encontraram o caminho de casa.",
        "O relógio da prefeitura bateu meia-noite. Um gato preto atravessou a praça, parou perto da fonte e olhou "
        "a lua. Depois choveu durante três dias, e o rio subiu até tocar a ponte de pedra.",
    ),
}


def plain(text: str, language: str) -> list[str]:
    """The words of a text as they are said, in small letters."""
    said = [word.word for sentence in sentences_of(text, tongue(language)) for word in sentence.words]
    return [word for part in said for word in re.findall(r"[^\W\d_]+", part.lower())]


def sound_of(word: str, language: str) -> str:
    """How a word sounds by the spelling rules, without stress, length and open or close vowels."""
    sounds = "".join(tongue(language).phrase_sounds([word]))
    sounds = re.sub("[ˈˌː]", "", sounds).translate(str.maketrans("ɛɔæɐɪʊjw", "eoaaiuiu"))
    return sounds or word


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--voices", default="ava,michael")
    options = parser.parse_args()
    listener = OfflineListener("base")
    print("language voice      words    errors   wpm      rms")
    for language in options.languages.split(","):
        for name in options.voices.split(","):
            wrong: Counter[str] = Counter()
            words, seconds, squares, count = 0, 0.0, 0.0, 0
            for text in TEXTS[language]:
                speech = OfflineVoice(name).speak(SpeechRequest(text, language=language))
                heard = listener.hear(ListeningRequest(speech.samples, speech.sample_rate_hz, language=language))
                said = plain(text, language)
                written = plain(" ".join(word.text for word in heard.words), language)
                wrong.update(differences(said, written, partial(sound_of, language=language)))
                words += len(said)
                seconds += speech.samples.size / speech.sample_rate_hz
                squares += float(np.sum(speech.samples.astype(float) ** 2))
                count += speech.samples.size
            share = 100 * wrong.total() / words
            print(
                f"{LANGUAGES[language][:8]:8} {name:10} {words:5} {share:7.2f} % {60 * words / seconds:6.0f} "
                f"{np.sqrt(squares / count):8.4f}  {unicodedata.normalize('NFC', ', '.join(wrong)[:300])}",
                flush=True,
            )


if __name__ == "__main__":
    main()
