"""Spanish, French, Italian and Portuguese: how words sound, how numbers and dates are read, and who speaks."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storyreel.errors import InputError
from storyreel.providers.offline.voice.alphabet import TOKEN_IDS
from storyreel.providers.offline.voice.languages import LANGUAGES, TonguePronouncer, tongue
from storyreel.providers.offline.voice.languages.reading import sentences_of
from storyreel.providers.offline.voice.sentences import Sentence
from storyreel.providers.offline.voice.voices import in_language, speaker, styles

# Broad IPA as dictionaries give it, without marks of length, secondary stress and the quality of unstressed vowels.
WORDS = {
    "es": """casa kˈasa, perro pˈero, pera pˈeɾa, niño nˈiɲo, calle kˈaʎe, chico ʧˈiko, queso kˈeso, guerra ɡˈera,
        pingüino piŋɡwˈino, gente xˈente, jardín xaɾðˈin, zapato θapˈato, cielo θjˈelo, ciudad θjuðˈad, agua ˈaɣwa,
        huevo wˈeβo, abuelo aβwˈelo, dedo dˈeðo, lago lˈaɣo, rápido rˈapiðo, árbol ˈaɾβol, canción kanθjˈon,
        corazón koɾaθˈon, hermano eɾmˈano, ahora aˈoɾa, rey rˈAː, causa kˈWsa, país paˈis, día dˈia, río rˈio,
        México mˈexiko, examen eksˈamen, honra ˈonra, alrededor alreðeðˈoɾ, pez pˈeθ, luz lˈuθ, noche nˈoʧe,
        llave ʎˈaβe, mayo mˈaʝo, yo ʝˈo, exacto eksˈakto, murciélago muɾθjˈelaɣo, sonrisa sonrˈisa, beber beβˈeɾ,
        ventana bentˈana, invierno imbjˈeɾno""",
    "fr": """bonjour bɔ̃ʒˈuʁ, maison mɛzˈɔ̃, enfant ɑ̃fˈɑ̃, oiseau wazˈo, feuille fˈœj, fille fˈij, ville vˈil, temps tˈɑ̃,
        femme fˈam, monsieur məsjˈø, huit yˈit, nuit nyˈi, rouge ʁˈuʒ, grand ɡʁˈɑ̃, grande ɡʁˈɑ̃d, chat ʃˈa, eau ˈo,
        vin vˈɛ̃, brun bʁˈœ̃, chien ʃjˈɛ̃, fleur flˈœʁ, peu pˈø, cœur kˈœʁ, quatre kˈatʁ, table tˈabl, samedi samdˈi,
        garçon ɡaʁsˈɔ̃, nation nasjˈɔ̃, question kɛstjˈɔ̃, montagne mɔ̃tˈaɲ, travail tʁavˈaj, soleil solˈɛj,
        fauteuil fotˈœj, yeux jˈø, rue ʁˈy, où ˈu, parfum paʁfˈœ̃, important ɛ̃pɔʁtˈɑ̃, village vilˈaʒ,
        famille famˈij,
        hier jˈɛʁ, lumière lymjˈɛʁ, phare fˈaʁ, étoile etwˈal, heureux øʁˈø, aujourd'hui oʒuʁdyˈi, l'arbre lˈaʁbʁ,
        moment momˈɑ̃, lentement lɑ̃tmˈɑ̃, hôpital opitˈal, exemple ɛɡzˈɑ̃pl""",
    "it": """casa kˈaza, gatto ɡˈatːo, figlio fˈiʎo, gnocchi ɲˈɔkːi, scena ʃˈɛna, città ʧitːˈa, perché perkˈe,
        chiesa kjˈɛza, ghiaccio ɡjˈaʧːo, uomo wˈɔmo, cielo ʧˈɛlo, giorno ʤˈorno, acqua ˈakːwa,
        quello kwˈello, anno ˈanno,
        sbaglio zbˈaʎo, l'amico lamˈiko, ragazzo raɡˈaʦːo, piccolo pˈikːolo, mezzo mˈɛʣːo, zio ʣˈio, notte nˈɔtːe,
        luna lˈuna, mare mˈare, strada strˈada, sciopero ʃˈɔpero, pizza pˈiʦːa, voce vˈoʧe, fiume fjˈume,
        ponte pˈonte,
        pietra pjˈɛtra, prendere prˈɛndere, vedere vedˈere, parlano pˈarlano, isola ˈizola, sera sˈera, amore amˈore,
        musica mˈuzika, giardino ʤardˈino, bambina bambˈina, chiave kjˈave, farmacia farmaʧˈia, inverno invˈɛrno,
        bello bˈɛllo, carta kˈarta, sole sˈole, vento vˈɛnto""",
    "pt": """casa kˈaza, coração koɾasˈɐ̃ʊ̃, mãe mˈɐ̃y, não nˈɐ̃ʊ̃, tia ʧˈia, dia ʤˈia,
        gente ʒˈAŋʧi, cidade sidˈaʤi, filho fˈiljʊ,
        vinho vˈiɲʊ, rato xˈatʊ, carro kˈaxʊ, mar mˈar, porta pˈɔɾəta, sol sˈɔʊ, Brasil brazˈiʊ, pão pˈɐ̃ʊ̃, bem bˈAŋ,
        sim sˈiŋ, lei lˈA, pai pˈI, chuva ʃˈuva, xadrez ʃadrˈes, exame ezˈɐ̃mi, táxi tˈaksi,
        próximo prˈɔsimʊ, água ˈaɡwa,
        guerra ɡˈɛxa, leite lˈAʧi, amigos amˈiɡʊs, luz lˈus, falar falˈar, campo kˈɐ̃mpʊ, avó avˈɔ, avô avˈo,
        menino menˈinʊ, jogo ʒˈoɡʊ, girafa ʒiɾˈafa, história istˈɔɾja, noite nˈoɪʧi, ponte pˈoŋʧi, pedra pˈɛdra,
        relógio xelˈɔʒjʊ, navio navˈiʊ, ilha ˈilja, mulher muljˈɛr, verde vˈeɾəʤi, ano ˈɐ̃nʊ""",
}
SAME = str.maketrans({"ˌ": "", "ː": "", "æ": "a", "y": "i", "S": "s"})
OPEN = str.maketrans({"ɛ": "e", "ɔ": "o"})


def broad(language: str, sounds: str) -> str:
    """Without what WORDS leaves out; French keeps its y, Spanish has no open vowels of its own."""
    table = dict(SAME)
    if language == "fr":
        del table[ord("y")]
    sounds = sounds.translate(table)
    if language == "it":
        sounds = sounds.replace("ɪ", "i").replace("ʊ", "u").replace("uˈɔ", "wˈɔ").replace("ss", "s")
    return sounds.translate(OPEN) if language == "es" else sounds


PAIRS = [
    (language, *pair.split()) for language, listed in WORDS.items() for pair in listed.replace("\n", " ").split(", ")
]


@pytest.mark.parametrize(("language", "word", "sounds"), PAIRS)
def test_words_sound_as_a_dictionary_says(language: str, word: str, sounds: str) -> None:
    (said,) = tongue(language).phrase_sounds([word])
    assert broad(language, said) == broad(language, sounds)


def test_each_language_is_held_to_forty_words_or_more() -> None:
    assert set(WORDS) == set(LANGUAGES)
    assert all(sum(language == each for language, *_ in PAIRS) >= 40 for each in LANGUAGES)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzáàâãäéèêëíìîïóòôõöúùûüñçœ'-", min_size=1, max_size=14))
@example("qu")  # no vowel in it is a syllable of its own
def test_any_word_is_written_in_the_voice_s_alphabet(word: str) -> None:
    for language in LANGUAGES:
        for sounds in tongue(language).phrase_sounds([word, word]):
            assert set(sounds) <= set(TOKEN_IDS)


def said(language: str, text: str) -> str:
    return " ".join(word.word for sentence in sentences_of(text, tongue(language)) for word in sentence.words)


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("es", "Nació el 7 de noviembre de 1867.", "Nació el siete de noviembre de mil ochocientos sesenta y siete"),
        ("es", "el 1 de mayo", "el uno de mayo"),
        ("es", "21 libros y 31 casas", "veintiún libros y treinta y una casas"),
        ("es", "38,50 € o 12 %", "treinta y ocho euros con cincuenta céntimos o doce por ciento"),
        ("es", "Felipe II, Alfonso XIII y el siglo XIX", "Felipe segundo Alfonso trece y el siglo diecinueve"),
        ("es", "1.250.000 personas", "un millón doscientas cincuenta mil personas"),
        ("es", "a las 9:45", "a las nueve y cuarenta y cinco"),
        ("es", "El Sr. López llegó el 3.º y la Sra. Gil, la 2ª",
         "El señor López llegó el tercero y la señora Gil la segunda"),
        ("es", "-3,5 °C", "menos tres coma cinco grados"),
        ("fr", "Le 1er mai 1871 à 9h45", "Le premier mai mille huit cent soixante et onze à neuf heures quarante-cinq"),
        ("fr", "Louis XIV et François Ier au XIXe siècle",
         "Louis quatorze et François premier au dix-neuvième siècle"),
        ("fr", "71, 80, 81, 99, 200, 201", "soixante et onze quatre-vingts quatre-vingt-un quatre-vingt-dix-neuf deux "
         "cents deux cent un"),
        ("fr", "1 250 femmes et 21 pages", "mille deux cent cinquante femmes et vingt et un pages"),
        ("fr", "M. Dupont paie 38,50 €.", "monsieur Dupont paie trente-huit euros et cinquante centimes"),
        ("fr", "la 2e fois, 5 km à 60 km/h", "la deuxième fois cinq kilomètres à soixante kilomètres à l'heure"),
        ("it", "Il 1 maggio 1908", "Il primo maggio mille nove cento otto"),
        ("it", "nel XIX secolo Vittorio Emanuele II", "nel diciannovesimo secolo Vittorio Emanuele secondo"),
        ("it", "21, 28, 33, 3.000", "ventuno ventotto trenta tre tre mila"),
        ("it", "il sig. Rossi, pag. 12", "il signor Rossi pagina dodici"),
        ("it", "2,5 kg", "due virgola cinque chili"),
        ("pt", "No dia 1 de maio de 1988", "No dia primeiro de maio de mil novecentos e oitenta e oito"),
        ("pt", "231 casas e 2 meninas", "duzentas e trinta e uma casas e duas meninas"),
        ("pt", "Pedro II, João XXIII, século XX", "Pedro segundo João vinte e três século vinte"),
        ("pt", "R$ 38,50 ou R$12", "trinta e oito reais e cinquenta centavos ou doze reais"),
        ("pt", "1.100 e 1.200.001", "mil e cem e um milhão duzentos mil e um"),
        ("pt", "07/11/1867", "sete de novembro de mil oitocentos e sessenta e sete"),
    ],
)  # fmt: skip
def test_numbers_dates_and_signs_are_read_in_words(language: str, text: str, spoken: str) -> None:
    assert said(language, text) == spoken


@given(number=st.integers(0, 10**15 - 2), language=st.sampled_from(sorted(LANGUAGES)), feminine=st.booleans())
def test_every_number_has_words_of_its_own(number: int, language: str, feminine: bool) -> None:
    words = tongue(language).cardinal(number, feminine, False)
    assert words
    assert not any(character.isdecimal() for character in words)
    assert words != tongue(language).cardinal(number + 1, feminine, False)


def test_numbers_under_a_thousand_are_all_different() -> None:
    for language in LANGUAGES:
        words = [tongue(language).cardinal(number, False, False) for number in range(1000)]
        assert len(set(words)) == 1000


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_token_keeps_its_place_and_every_month_and_unit_is_words(language: str) -> None:
    text = "Uno 12 — «dos», 3,5 km… 🌙 XIV"
    tokens = [word.token for sentence in sentences_of(text, tongue(language)) for word in sentence.words]
    assert tokens == sorted(tokens)
    assert max(tokens) < len(text.split())
    spoken = tongue(language)
    assert len(spoken.months) == 12
    for words in [*(many for _, many in spoken.units.values()), *spoken.letters.values(), *spoken.symbols.values()]:
        assert all("".join(spoken.phrase_sounds([word])) for word in words.split()), words


def sounds(language: str, text: str, own: dict[str, str] | None = None) -> list[str]:
    pronouncer = TonguePronouncer(tongue(language), own)
    return [word.sounds for sentence in sentences_of(text, tongue(language)) for word in pronouncer.sentence(sentence)]


def test_words_change_with_those_beside_them_but_not_across_a_pause() -> None:
    assert sounds("fr", "les amis")[0] == "lez"
    assert sounds("fr", "les, amis")[0] == "lˈe"
    assert sounds("fr", "les héros")[0] == "le"
    assert sounds("fr", "dix ans")[0].endswith("z")
    assert sounds("fr", "six mois")[0] == "sˈi"
    assert sounds("fr", "ils parlent")[1] == "pˈaʁl"
    assert sounds("es", "un beso")[0] == "um"
    assert sounds("es", "la boca")[1].startswith("β")
    assert sounds("es", "la, boca")[1].startswith("b")


def test_own_pronunciations_hold_in_ipa_and_in_the_language_s_spelling() -> None:
    assert sounds("es", "Kjor vino", {"Kjor": "quior"})[0] == tongue("es").phrase_sounds(["quior"])[0]
    assert sounds("fr", "Kjor", {"Kjor": "/ˈkjɔʁ/"}) == ["kjˈɔʁ"]
    with pytest.raises(InputError, match="no sound ʙ"):
        TonguePronouncer(tongue("it"), {"Kjor": "/ʙa/"})


def test_a_voice_of_the_language_speaks_or_lends_its_sounds() -> None:
    assert in_language(speaker("ava"), "es").name == "ef_dora"
    assert in_language(speaker("michael"), "pt").name == "pm_alex"
    assert in_language(speaker("sara"), "it") == speaker("sara")
    assert in_language(speaker("emma"), "en") == speaker("emma")
    cast = [in_language(speaker(name), "fr") for name in ("ava", "emma", "george", "michael")]
    assert len({each.name for each in cast}) == 4, "a cast keeps its voices apart"
    blended = in_language(speaker("george"), "it")
    assert (styles(blended.name) == (styles("bm_george") + styles("im_nicola")) / 2).all()


def test_an_unknown_language_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match="choose en, es, fr, it, pt"):
        tongue("de")


def test_a_sentence_without_words_is_no_sound() -> None:
    assert TonguePronouncer(tongue("it")).sentence(Sentence(())) == []
