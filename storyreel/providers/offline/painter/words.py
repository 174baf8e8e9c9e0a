"""The painter's vocabulary: which words in a scene's free text mean what.

Each table maps the painter's name to the words (or phrases) that call for it. A word also matches with a plural or
possessive ending. Phrases of several words outweigh single ones, so "living room" is not read as "room".
"""

from __future__ import annotations

PLACES: dict[str, str] = {
    "carriage": "train compartment|railway compartment|compartment|railway carriage|train carriage|dining car|sleeping car|sleeper car|on a train|on the train|aboard a train|aboard the train|inside a train|inside the train|train interior|train window|subway car",
    "theatre": "theatre stage|theater stage|theatre|theater|opera house|on stage|stage curtain|red curtains|auditorium|concert hall|playhouse|footlights|opera",
    "classroom": "classroom|school room|schoolroom|lecture hall|lecture room|blackboard|chalkboard|schoolhouse",
    "laboratory": "laboratory|lab|research lab|chemistry lab|alchemist's workshop|flasks|test tubes|microscopes",
    "ward": "hospital corridor|hospital hallway|hospital ward|hospital|clinic|emergency room|asylum corridor|infirmary",
    "office": "office|open-plan office|newsroom|boardroom|cubicle|cubicles|call centre|trading floor|control room|meeting room|police station",
    "canal": "venice|venetian|grand canal|canal in venice|canals of venice|gondola|narrow canal|canal|canals|canal city|amsterdam|lagoon city",
    "market": "market square|marketplace|market place|market|bazaar|souk|market stalls|stalls|street market|flea market|fairground|fair|spice market",
    "battlefield": "battlefield|battle|trench|trenches|no man's land|front line|war zone|barbed wire|siege|battleground",
    "snowfield": "snowfield|snow field|ice field|icefield|ice sheet|arctic|antarctic|antarctica|polar|tundra|frozen plain|snowy plain|frozen wasteland|snowy wasteland|frozen sea|pack ice|ice cap|endless snow",
    "farm": "farm|farmyard|farmhouse|barn|ranch|homestead|farmland with a barn|haystack|haystacks|pigsty",
    "spaceship": "spaceship|starship|cockpit|bridge of a starship|bridge of the starship|bridge of a spaceship|bridge of the ship's command|airlock|space capsule|shuttle",
    "space": "space station|outer space|deep space|in space|space|galaxy|nebula|orbit|asteroid|cosmos|the stars themselves",
    "planet": "cratered plain|craters|crater|cratered|amber moon|planet|alien planet|another planet|planet surface|mars|martian|surface of the moon|lunar|alien world|exoplanet|alien landscape",
    "underwater": "underwater|under water|beneath the waves|beneath the sea|under the sea|seabed|ocean floor|coral|reef|sunken|kelp|depths of the ocean",
    "church": "church interior|inside a church|inside the church|nave|cathedral|chapel|altar|abbey interior|monastery hall|temple interior|pews|stained glass",
    "corridor": "corridor|hallway|passageway|tunnel|stairwell|subway|long passage",
    "room": "room|interior|indoors|inside|study|library|workshop|attic|kitchen|bedroom|parlour|parlor|living room|cabin interior|inside a cabin|"
    "tavern|inn|bar|cafe|café|restaurant|shop|bookshop|bakery|studio|great hall|throne room|ballroom|museum|"
    "by the window|at the window|at her desk|at his desk|desk|fireplace|hearth|armchair|lamp room|lantern room|clockmaker's|hospital room|dining|apartment|forge|smithy|pottery|workbench|potter's wheel|garage|toolshed|sewing room|"
    "bedside|archive|cellar|basement|nursery|cottage interior|inside the cottage|inside the house|inside the lighthouse",
    "cave": "cave|cavern|grotto|mine|underground|catacomb|crypt|dungeon",
    "deck": "ship's deck|deck|on board|aboard|at the helm|bow of the ship|stern|sailing ship|crow's nest",
    "harbour": "harbour|harbor|dock|docks|quay|port|pier|wharf|marina|fishing village|shipyard|fishing boats",
    "beach": "beach|sand and surf|shoreline|seashore|shore|lagoon|sandbar|tideline|tide pool|dunes by the sea",
    "coast": "coast|coastal|cliff|cliffs|lighthouse|headland|promontory|rocky shore|sea stack|bluff|island|clifftop",
    "sea": "sea|ocean|open water|at sea|waves|high seas|rowboat|raft|sailboat|the deep|adrift|bay",
    "swamp": "swamp|marsh|bog|bayou|wetland|mire|fen|mangrove",
    "lake": "shore of a lake|shore of the lake|lake shore|lakeshore|lake|pond|loch|fjord|still water|reservoir|lakeside|jetty",
    "river": "river|stream|creek|waterfall|riverbank|bridge|brook|ford|rapids|river valley",
    "cemetery": "cemetery|graveyard|grave|tombstone|churchyard|burial|mausoleum|headstone|funeral",
    "castle": "castle|fortress|tower|palace|citadel|keep|battlement|stronghold|kingdom|ramparts",
    "ruins": "ruins|ruin|ruined|temple|ancient columns|abandoned temple|broken columns|lost city|stone circle|amphitheatre|overgrown stones",
    "station": "train station|railway station|bus station|station|platform|railway|railroad|train|tracks|terminus|rail yard",
    "rooftops": "rooftop|rooftops|roof|roofs|over the city|balcony|chimneys|skyline from above|ledge of a building",
    "city": "city|glass tower|office tower|tower block|high-rise|street|alley|alleyway|downtown|metropolis|skyscraper|avenue|urban|boulevard|town square|backstreet|traffic|"
    "sidewalk|pavement|crossing|plaza|cyberpunk|cobbled street|lamplit street|skyline",
    "village": "bell tower|church tower|clock tower|village church|village|hamlet|town|cottage|settlement|main street|cottages|houses|house",
    "garden": "garden|orchard|fruit trees|park|greenhouse|courtyard|hedge maze|rose|backyard|vineyard|flower garden|blossoms",
    "desert": "desert|dune|dunes|sahara|oasis|sand sea|wasteland|canyon|mesa|badlands|caravan|arid|barren|dune sea",
    "forest": "forest|woods|woodland|wood|jungle|grove|trees|thicket|pines|redwoods|rainforest|undergrowth|glade|clearing",
    "mountains": "mountain|mountains|peak|summit|alps|himalaya|ridge|alpine|glacier|mountain pass|highlands|valley|ravine|snowy pass|volcano",
    "road": "road|highway|lane|crossroads|roadside|long road|motorway|path through|dirt track|trail|route",
    "fields": "field|fields|meadow|farmland|wheat|prairie|pasture|plain|plains|steppe|cornfield|crops|grassland|savanna|savannah|moor|moorland|lavender",
    "hills": "weather outpost|outpost|hill|hills|hilltop|hillside|countryside|rolling|downs|knoll|landscape|horizon",
}  # fmt: skip

ROOMS: dict[str, str] = {
    "library": "librarian|towers of books|piles of books|library|archive|bookshop|bookstore|shelves of books|rows of books|bookshelves|scriptorium|stacks",
    "workshop": "blacksmith|potter|pottery|clay|workshop|clockmaker|watchmaker|workbench|forge|smithy|studio|garage|toolshed|carpenter|toymaker|printing|inventor|clock shop",
    "attic": "attic|loft|garret|under the eaves",
    "kitchen": "kitchen|bakery|scullery|pantry|stove|oven|cottage interior|dining",
    "hall": "great hall|throne|ballroom|palace|museum|hall|court|banquet|castle interior",
    "bedroom": "bedroom|bed|bedside|nursery|hospital room|dormitory|sickbed|asleep|sleeping",
    "tavern": "tavern|inn|pub|bar|cellar|alehouse|saloon|cabin|hut|basement",
    "lamproom": "lamp room|lantern room|great lens|inside the lighthouse|top of the lighthouse|lighthouse lamp|fresnel",
    "study": "study|desk|writing|letter|library desk|parlour|parlor|living room|fireplace|hearth|armchair|piano|drawing room",
}  # fmt: skip

LIGHTS: dict[str, str] = {
    "storm": "heavy seas|rough seas|storm light|storm|stormy|lightning|tempest|thunder|thunderstorm|storm-lit|hurricane|gale|squall",
    "neon": "neon|cyberpunk|neon-lit|electric signs|neon glow|holographic",
    "fire": "forge|glowing iron|blacksmith|molten|firelit|firelight|fire|campfire|bonfire|candle|candlelight|candlelit|lamplight|lamplit|lantern|lantern light|torch|torchlight|oil lamp|gaslight|ember|"
    "hearth|fireplace|flame|fire-lit|warm lamp",
    "golden": "golden hour|golden|late afternoon|warm sun|afternoon light|honeyed|low sun|amber light|warm light|sunlit|late sun|backlit|warm sunlight|sunbeams|afternoon|autumn light",
    "sunset": "sunset|sundown|setting sun|evening sun|crimson sky|red sky|burning sky|last light|dying light|evening glow",
    "dawn": "dawn|sunrise|daybreak|first light|early morning|morning|rising sun|sun rises|sun comes up|morning light|pale light|pink light",
    "dusk": "dusk|twilight|blue hour|evening|gloaming|nightfall|violet light|half-light|after sunset|gathering dark",
    "moon": "moonlight|moonlit|moon|full moon|moonrise|silver light|silvery|cold moonlight|crescent",
    "night": "night|midnight|starlight|starlit|stars|starry|dark|darkness|nighttime|milky way|pitch black|aurora|northern lights|night sky",
    "noon": "noon|midday|bright sun|harsh sun|clear day|daylight|blue sky|bright|sunny|high sun|broad daylight|summer day|daytime|blazing sun|clear light",
    "overcast": "overcast|grey|gray|cloudy|flat light|dull|diffuse|soft light|gloomy|pale sky|leaden|clouds|bleak|muted|cold light|foggy|misty|drizzle",
}  # fmt: skip

WEATHERS: dict[str, str] = {
    "storm": "heavy seas|rough seas|high seas|mountainous seas|storm|thunderstorm|tempest|hurricane|lightning|thunder|squall|storm-beaten|storm-tossed|gale|stormy",
    "rain": "rain|rainy|raining|drizzle|downpour|wet|rain-soaked|rain-slick|rainswept|shower|puddles",
    "snow": "falling snow|snowfall|snowing|blizzard|snowflakes|snowstorm|snow falls|snow falling|flurries",
    "fog": "fog|foggy|mist|misty|haze|hazy|smoke|smoky|steam|fogbound",
    "dust": "dust|sandstorm|dusty|ash|ash fall|dust storm|smog",
    "wind": "wind|windy|windswept|gust|breeze|blowing leaves|falling leaves|wind-blown",
    "clear": "clear sky|clear|cloudless|calm",
}  # fmt: skip

FRAMINGS: dict[str, str] = {
    "insert": "insert|detail|detail shot|macro|extreme close-up of the|close-up of the object|object shot|close on the|close on a|still life|close detail|insert shot|tabletop",
    "shoulder": "over-the-shoulder|over the shoulder|over shoulder|ots|from behind her shoulder|from behind his shoulder|over her shoulder|over his shoulder",
    "pov": "pov|point of view|point-of-view|first person|first-person|subjective|through the eyes",
    "close": "close-up|close up|closeup|extreme close|tight shot|tight on|head and shoulders|portrait shot|bust",
    "medium": "medium|medium shot|mid shot|mid-shot|waist-up|waist up|medium close|cowboy shot|three-quarter|two-shot|two shot|american shot|tracking",
    "wide": "wide|wide shot|establishing|long shot|full shot|panorama|panoramic|vista|extreme wide|very wide|landscape shot|aerial|drone|bird's-eye|bird's eye|full-length",
}  # fmt: skip

ANGLES: dict[str, str] = {
    "aerial": "aerial|drone|bird's-eye|bird's eye|overhead|top-down|top down|god's eye|from far above|from the air",
    "high": "high angle|high-angle|from above|looking down|high viewpoint|elevated",
    "low": "low angle|low-angle|from below|looking up|worm's-eye|worm's eye|ground level|heroic angle|from the ground",
    "level": "eye level|eye-level|straight on|level|frontal",
}  # fmt: skip

EMOTIONS: dict[str, str] = {
    "lonely": "lonely|loneliness|solitude|isolated|isolation|alone|abandoned|emptiness|solitary|longing|homesick|exile|stillness",
    "tense": "tense|tension|suspense|danger|urgency|urgent|anxious|anger|angry|desperate|panic|chase|threat|rage|conflict|struggle|determined|determination|peril|thrill|dramatic|resolve",
    "hopeful": "hope|hopeful|optimism|relief|new beginning|promise|redemption|uplifting|courage|faith|triumph|triumphant|inspired|resolved|forgiveness|healing",
    "grief": "grief|sorrow|sad|sadness|mourning|loss|melancholy|melancholic|despair|regret|heartbreak|mournful|bereft|guilt|farewell|bittersweet|tragic|weary|defeat",
    "joy": "joy|joyful|happy|happiness|delight|playful|celebration|laughter|cheerful|carefree|exhilaration|bliss",
    "wonder": "wonder|wondrous|magic|magical|enchanted|mystery|mysterious|curiosity|curious|dreamlike|discovery|marvel|surreal|astonishment|fascination",
    "fear": "fear|dread|horror|terror|eerie|ominous|haunted|menace|menacing|sinister|uneasy|unease|creepy|foreboding|frightened|afraid|unsettling|nightmare",
    "tender": "tender|tenderness|love|intimate|intimacy|gentle|warmth|nostalgia|nostalgic|romantic|cosy|cozy|affection|comfort|kindness|wistful|memory",
    "awe": "awe|epic|majestic|grand|grandeur|vast|sublime|monumental|reverence|overwhelming|humbling|heroic",
    "calm": "calm|peaceful|serene|quiet|tranquil|contemplative|thoughtful|reflective|still|peace|acceptance|meditative|rest",
}  # fmt: skip

OBJECTS: dict[str, str] = {
    "ice": "ice|glacier|ice floe|iceberg|pack ice",
    "lit_window": "lit window|lighted window|warm window|warm light in the windows|lamps in the windows|light in the window|lights in the windows|window glows",
    "orchard": "orchard|orchards|fruit tree|apple tree", "gondola": "gondola|gondolas", "canal": "canal|canals|lagoon city|venice",
    "lighthouse": "lighthouse", "house": "house|cottage|cabin|home|hut|farmhouse|outpost", "greenhouse": "greenhouse|glasshouse|hothouse|conservatory", "wagons": "wagons|wagon train|covered wagons|carts", "manor": "hotel|mansion|manor|villa|school|sanatorium|orphanage|guesthouse|boarding house", "observatory": "observatory|planetarium",
    "mast": "outpost|radio mast|transmitter|antenna", "dish": "radio dish|radio telescope|satellite dish", "factory": "factory|power plant|power station|refinery|sawmill", "clock_tower": "clock tower|bell tower|belfry|campanile",
    "pyramid": "pyramid|pyramids", "pagoda": "pagoda", "shrine": "shrine", "stones": "stone circle|standing stones", "watchtower": "watchtower|water tower|signal tower", "cypress": "cypress|cypresses|poplar|poplars", "branch": "branch|bough|perched", "bridge": "bridge", "castle": "castle|fortress", "church": "church|chapel|steeple",
    "windmill": "windmill|mill", "tent": "tent", "path": "path|trail|footpath|track", "road": "road|lane", "fence": "fence", "well": "well",
    "mountain": "mountain|mountains|peaks|alps|summit|ridge", "snowcap": "snow-capped|snowcapped|snowy peaks|snow-covered peaks", "mesa": "mesa|butte|canyon", "desert": "desert",
    "sea": "sea|ocean|waves|harbour|harbor|coast", "city": "city|skyline|street|downtown", "neon": "neon", "campfire": "campfire|bonfire|camp fire", "fireplace": "firelit|fireplace|hearth|fireside|firelight",
    "curtain": "curtain|drapes", "bookshelf": "bookshelf|bookshelves|bookcase|books on shelves", "crystal": "crystal|gemstone|glowing stones",
    "coral": "coral|reef", "forge": "forge|blacksmith|smithy|anvil", "wood": "forest|woods|woodland|jungle|rainforest", "teddy": "teddy", "ruined": "ruined|ruin|ruins|crumbling|derelict|tumbledown", "crowded": "busy|crowded|crowd|bustling|teeming|rush hour", "wheel": "at the wheel|at the helm|ship's wheel|steering", "moons": "two moons|twin moons|three moons", "ladder": "ladder|ladders", "aurora": "aurora|northern lights", "planet": "planet|ringed planet|twin moons|two moons|alien sky", "lightning": "lightning|thunderbolt",
    "fireflies": "firefly|fireflies|glow-worms|will-o'-the-wisp", "embers": "embers|sparks|burning|bonfire|campfire", "petals": "petals|cherry blossom|blossom",
    "blossom": "blossom|cherry tree|in bloom", "palm": "palm|palms|tropical|oasis", "pine": "pine|pines|fir|firs|spruce|conifer|evergreen|redwood", "oak": "oak|elm|beech|maple|willow|apple tree|birch|old tree",
    "bare_tree": "bare tree|bare trees|dead tree|leafless|bare branches|withered tree", "wheat": "wheat|barley|corn|golden field|grain", "lavender": "lavender|heather",
    "lantern": "lantern|hurricane lamp", "letter": "letter|envelope|note|telegram|postcard|parchment", "key": "key|keys|brass key", "book": "book|diary|journal|ledger|novel|notebook|logbook",
    "clock": "clock|grandfather clock|alarm clock", "watch": "watch|pocket watch|wristwatch|stopwatch", "candle": "candle|candles|candlestick", "map": "map|chart|atlas", "compass": "compass",
    "telescope": "telescope|spyglass", "sword": "sword|blade|dagger|knife", "bat": "bat|bats", "wheelchair": "wheelchair|wheel chair", "sled": "sled|sledge|sleigh|toboggan", "monkey": "monkey|ape", "snake": "snake|serpent", "swan": "swan|swans|duck|ducks", "goose": "wild geese", "shark": "shark", "penguin": "penguin|penguins", "spider": "spider", "mouse": "mouse|rat|mice", "frog": "frog|toad", "haystack": "haystack|haystacks|hay bale|hay bales", "banner": "banner|banners|flag|flags", "fruit": "fruit|apples|oranges|lemons|vegetables", "bread": "bread|loaf|dough|pie|cake", "ring": "ring|wedding ring|wedding band", "photograph": "photograph|photo|picture frame|portrait|locket",
    "cup": "cup|teacup|mug|goblet|coffee|tea", "bottle": "bottle|vial|flask|message in a bottle", "mirror": "mirror|looking glass", "violin": "violin|fiddle|cello", "piano": "piano|grand piano", "guitar": "guitar|lute",
    "flower": "flower|rose|sunflower|bouquet|tulip|seedling|sapling|daisy|lily", "crown": "crown|tiara", "skull": "skull", "coin": "coin|coins|gold", "lamp": "oil lamp|desk lamp|table lamp|lamp",
    "phone": "telephone|phone|receiver", "radio": "radio|gramophone|phonograph|record player", "typewriter": "typewriter", "pen": "pen|quill|fountain pen|ink", "chess": "chess|chessboard", "hourglass": "hourglass",
    "shell": "shell|seashell|conch", "feather": "feather", "box": "box|treasure chest|music box|trunk|casket|crate|parcel|package", "suitcase": "suitcase|luggage|valise", "umbrella": "umbrella", "globe": "globe", "camera": "camera",
    "boat": "boat|rowboat|rowing boat|dinghy|canoe|skiff|raft|fishing boat", "sailboat": "sailboat|yacht|sloop|sails", "ship": "ship|galleon|schooner|sailing ship|vessel|frigate|steamer|freighter|trawler|tall ship",
    "train": "train|locomotive|steam train|carriage", "car": "car|automobile|taxi|truck|van|sedan", "bicycle": "bicycle|bike", "cart": "cart|wagon|horse-drawn", "balloon": "hot-air balloon|hot air balloon|balloon|airship|zeppelin",
    "plane": "plane|airplane|aeroplane|biplane|aircraft", "rocket": "rocket|spacecraft|lander|capsule", "spaceship": "spaceship|starship",
    "horse": "horse|stallion|mare|rider|horseback", "dog": "dog|hound|puppy|collie", "cat": "cat|kitten", "wolf": "wolf|wolves", "fox": "fox", "deer": "deer|stag|doe|elk|reindeer", "bear": "bear", "camel": "camel|camels|caravan",
    "bird": "bird|sparrow|swallow|robin|nightingale", "birds": "birds|flock|gulls|seagulls|gull|seagull|geese|cranes|starlings", "owl": "owl", "raven": "raven|ravens|crow|crows", "eagle": "eagle|hawk|falcon",
    "fish": "fish|shoal", "whale": "whale|whales|humpback", "dolphin": "dolphin|dolphins", "dragon": "dragon", "rabbit": "rabbit|hare", "butterfly": "butterfly|butterflies|moth", "elephant": "elephant|elephants", "lion": "lion|lioness",
    "sheep": "sheep|lamb|flock of sheep", "cow": "cow|cattle", "turtle": "turtle", "octopus": "octopus|kraken", "horse_cart": "horse and cart|coach and horses", "robot": "robot|android|automaton",
    "bench": "bench", "lamp_post": "lamp post|lamppost|street lamp|streetlight|streetlamp", "signpost": "signpost|sign post", "statue": "statue", "gate": "gate|iron gate|gateway", "door": "door|doorway", "stairs": "stairs|staircase|steps",
    "gravestone": "gravestone|headstone|tombstone|grave", "anchor": "anchor", "bell": "bell|church bell", "swing": "swing", "scarecrow": "scarecrow", "kite": "kite", "chair": "chair|armchair|rocking chair|stool", "table": "table|desk",
}  # fmt: skip

POSES: dict[str, str] = {
    "running": "run|runs|running|flees|fleeing|sprint|sprinting|chasing|races|rushing|rushes",
    "kneeling": "kneel|kneels|kneeling|crouch|crouches|crouching|bends down|on her knees|on his knees|digging|planting|prays|praying",
    "sitting_side": "lying|asleep|sit|sits|sitting|seated|rests|writes|writing|at his desk|at her desk|at the table|in the armchair|waits on",
    "reading": "read|reads|reading|studies the|studying",
    "looking_up": "looks up|looking up|gazes up|gazing up|stares up|staring up|stargazing|looks at the sky|looks to the sky|up at the",
    "holding_lantern": "holds a lantern|holding a lantern|lantern in hand|raises a lantern|lifts a lantern|with a lantern|raises the lantern|carries a lantern|carrying a lantern",
    "reaching": "knead|kneads|kneading|cooks|cooking|stirs|stirring|paints|painting|conducts|at the wheel|at the helm|teaches|dances|dancing|mixes|pours|hammers|hammering|welds|plays|playing|reach|reaches|reaching|points|pointing|touches|opens|offers|holds out|hand outstretched",
    "rowing": "rowing|oars|rows the|rows across|rows out",
    "climbing": "climb|climbs|climbing|scales|scaling",
    "carrying": "carries|carrying",
    "walking_away": "walk|walks|walking|wanders|wandering|strolls|advances|advancing|marching|leaves|leaving|sets off|trudges|journeys|enters|heads|follows|treks|hikes|hiking|approaches|returns|departs",
    "walking_side": "pulls|pulling|hauls|crosses|crossing|passes|passing|paces|pacing|marches",
}  # fmt: skip

PEOPLE: dict[str, str] = {
    "girl": "girl|little girl|daughter|schoolgirl|granddaughter|young girl|sister",
    "boy": "boy|son|schoolboy|grandson|lad|young boy|brother|child|kid|orphan|children|toddler|choirboy|newsboy|teenager",
    "old_woman": "old woman|elderly woman|grandmother|crone|old lady|widow|aged woman|grandmothers|old women",
    "old_man": "old man|elderly man|grandfather|elder|aged man|old keeper|old fisherman|old sailor|hermit|wizard|old clockmaker|elderly|clockmaker|watchmaker",
    "woman": "women|empress|duchess|countess|midwife|housekeeper|laundress|washerwoman|fishwife|milkmaid|flower seller|fortune teller|dancer|ballerina|singer|seamstress|bride|nun|maid|waitress|stewardess|grandma|aunt|schoolteacher|governess|heroine|woman|mother|wife|lady|queen|heroine|she|her|priestess|nurse|bride|witch|princess|actress|female",
    "man": "fishermen|policemen|firemen|businessmen|workmen|horsemen|oarsmen|tradesmen|professor|lecturer|inventor|archaeologist|botanist|cartographer|mapmaker|astronomer|translator|librarian|historian|refugee|immigrant|emigrant|villager|townsfolk|villagers|citizen|prisoner|mourner|widower|spectator|tourist|visitor|patient|inspector|magistrate|president|mayor|weaver|tinker|mason|stonemason|shoemaker|cobbler|butler|porter|postman|milkman|lamplighter|chimney sweep|ferryman|boatman|lumberjack|woodcutter|electrician|welder|builder|architect|surveyor|geologist|biologist|physicist|chemist|mathematician|technician|programmer|hacker|journalist|reporter|acrobat|clown|puppeteer|gambler|smuggler|bandit|outlaw|archer|herald|bishop|emperor|prince|bellringer|bell ringer|trumpeter|saxophonist|organist|fiddler|swordsman|robot|android|automaton|cyborg|ghost|teacher|scholar|surgeon|explorer|shopkeeper|baker|chef|cook|waiter|carpenter|blacksmith|miner|cowboy|samurai|viking|pirate|policeman|fireman|firefighter|judge|lawyer|priest|clerk|conductor|gondolier|cyclist|runner|skier|surfer|student|athlete|actor|poet|philosopher|beekeeper|gardener|potter|tailor|barber|juggler|magician|driver|passenger|commuter|businessman|boxer|chess player|players|trader|vendor|beggar|peasant|helmsman|mountaineer|cosmonaut|alchemist|sorcerer|spy|sheriff|cellist|drummer|photographer|gravedigger|guitarist|reader|workers|man|men|father|husband|keeper|king|hero|he|detective|sailor|captain|fisherman|soldier|traveller|traveler|wanderer|figure|person|stranger|hiker|astronaut|knight|scientist|"
    "monk|farmer|writer|painter|explorer|shepherd|pilot|engineer|musician|doctor|worker|hunter|merchant|guard|thief|rider|survivor|someone|silhouette|protagonist|nomad|pilgrim|"
    "mechanic|diver|investigator|messenger|courier|warrior|climber|violinist|pianist|couple|friends|people|crowd|family|lovers",
}  # fmt: skip

MANY: dict[str, str] = {
    "5": "five|six|seven|dozens|hundreds|crowd|procession|army|group|band of|caravan|villagers|crew|people|soldiers|children|mourners",
    "4": "four|quartet",
    "3": "three|family|climbers roped|dancers|riders|monks|sailors|pilgrims|refugees|workers|fishermen|hikers|players|students|farmers|women|men|girls|boys|friends|trio",
    "2": "two|climbers|strangers|couple|pair|lovers|together|twins|both|side by side",
}

WEARS: dict[str, str] = {
    "long_coat": "long coat|trench coat|trenchcoat|overcoat|greatcoat|raincoat|oilskin|duster|parka|long oilskin|slicker", "coat": "coat|jacket|pea coat|peacoat|blazer|cardigan|sweater|jumper|anorak",
    "cloak": "cloak|cape|shawl|poncho|blanket around", "hood": "hood|hooded", "brimmed_hat": "wide-brimmed hat|brimmed hat|straw hat|cowboy hat|sun hat|wizard hat", "hat": "hat|fedora|bowler|trilby|top hat|homburg",
    "cap": "cap|flat cap|beanie|wool cap|knitted cap|woollen hat|newsboy cap|beret|woolly hat|bobble hat", "sailor_cap": "sailor's cap|sailor cap|captain's hat|peaked cap|captain's cap|officer's cap", "crown": "crown|tiara",
    "dress": "dress|gown|sundress|nightgown", "skirt": "skirt|apron", "robe": "robe|robes|habit|kimono|tunic", "scarf": "scarf|muffler|bandana|neckerchief|shawl", "backpack": "backpack|rucksack|knapsack|pack on his back|satchel",
    "hair_long": "long hair|flowing hair|loose hair|long dark hair|waist-length|long black hair|long red hair|long brown hair|long blonde hair|long white hair|long silver hair|braid|braids|braided", "hair_bun": "bun|hair up|chignon|pinned hair|hair pinned|topknot", "hair_short": "short hair|cropped hair|crew cut|short dark hair|shaved|cropped",
    "hair_tousled": "tousled|messy hair|unruly|curly hair|curls|wild hair|mop of", "hair_bob": "bob|bobbed|shoulder-length", "hair_tail": "ponytail|pigtail|pigtails", "bald": "bald|shaven head", "beard": "beard|bearded|white beard|grey beard|stubble",
    "uniform": "uniform|military|officer", "spacesuit": "spacesuit|space suit|astronaut|pressure suit", "armour": "armour|armor|knight|chainmail|breastplate",
}  # fmt: skip

CARRIES: dict[str, str] = {
    "lantern": "lantern|hurricane lamp", "staff": "staff|walking stick|crook", "cane": "cane", "book": "book|journal|diary", "letter": "letter|envelope", "suitcase": "suitcase|briefcase|valise", "rope": "rope",
    "umbrella": "umbrella|parasol", "sword": "sword", "basket": "basket", "telescope": "telescope|spyglass", "bag": "bag|handbag|satchel", "flower": "flower|rose|bouquet|flowers", "crate": "crate", "oar": "oar",
}  # fmt: skip

COLOURS: dict[str, str] = {
    "red": "#c23a2e", "crimson": "#a81f2d", "scarlet": "#d3341f", "maroon": "#6e2230", "burgundy": "#6b2334", "rust": "#a8532b", "orange": "#d9762b", "amber": "#d99a2b", "yellow": "#e3b93a", "mustard": "#c99a2e",
    "gold": "#cfa23c", "golden": "#cfa23c", "green": "#4a7a4c", "emerald": "#2b8a5e", "olive": "#6b6f3a", "teal": "#2b7a7a", "turquoise": "#3aa6a0", "blue": "#3a5f9c", "navy": "#24324f", "indigo": "#3d3a7a",
    "sky-blue": "#7fb0d6", "azure": "#4a90d0", "purple": "#6a4a86", "violet": "#7a55a0", "lavender": "#9a88c0", "pink": "#d98aa0", "rose": "#c8687a", "brown": "#6b4a34", "tan": "#b08a5e", "beige": "#c9b48e",
    "cream": "#e6dabe", "white": "#e8e6e0", "ivory": "#e9e2cf", "grey": "#7c828a", "gray": "#7c828a", "charcoal": "#3a3d44", "silver": "#b4bac2", "black": "#1e1f26", "dark": "#2a2c34", "khaki": "#8a7d58",
    "copper": "#b0693c", "ochre": "#c08a3a", "sand": "#c9ab7a",
}  # fmt: skip

IDEAS: dict[str, str] = {
    "balloon": "inflation|bubble|hype|debt|rising prices|cost of living|greed|speculation|overconfidence|pride",
    "bridge": "trust|peace|agreement|reconciliation|diplomacy|connection|cooperation|dialogue|negotiation|understanding|translation|partnership|solidarity|promise",
    "scatter": "entropy|chaos|disorder|decay|dissolution|change|dementia|forgetting|data loss|fragmentation|quantum|uncertainty principle|disintegration",
    "hourglass": "climate change|global warming|climate crisis|time|ageing|aging|patience|deadline|waiting|procrastination|urgency|eternity|mortality|history|passage of time",
    "scales": "justice|fairness|equality|balance|ethics|law|democracy|inequality|compromise|comparison|supply and demand|economics|economy|market forces|trade-off|trade|value|responsibility|morality|gender|rights",
    "door": "opportunity|future|mystery|secret|secrets|possibility|curiosity|invitation|new beginning|unknown|escape|fear|threshold|privacy",
    "fork": "choice|decision|dilemma|uncertainty|risk|free will|probability|strategy|crossroads of|doubt|temptation",
    "network": "internet|network|artificial intelligence|algorithm|data|complexity|system|communication|information|neural|the brain|consciousness|intelligence|blockchain|globalisation|globalization|machine learning|cloud computing|language|supply chain|thought",
    "ascent": "success|ambition|growth|progress|achievement|career|promotion|evolution|economic growth|learning curve|leadership|profit|power|motivation|perseverance|gdp|discipline|productivity|climbing the ladder",
    "fall": "recession|crash|crisis|collapse|failure|decline|domino effect|bankruptcy|consequence|consequences|chain reaction|causality|market crash|defeat",
    "seedling": "hope|beginning|potential|renewal|sustainability|rebirth|resilience|ecology|healing|investment|patience rewarded|climate action|recovery|innocence",
    "candle": "grief|loss|memory|remembrance|mourning|absence|faith|silence|prayer|nostalgia|death|regret",
    "chess": "conflict|war|competition|rivalry|strategy game|politics|argument|debate|tension|opposition|negotiations|game theory",
    "flight": "freedom|liberty|liberation|independence|release|letting go|forgiveness|emancipation|imagination|dream|dreams",
    "book": "knowledge|education|learning|wisdom|science|literature|story|storytelling|philosophy|creativity|inspiration|truth|idea|ideas|culture",
    "tree": "love|family|friendship|community|belonging|home|marriage|heritage|kindness|empathy|generations|loyalty|care",
    "alone": "loneliness|solitude|isolation|depression|self|identity|existence|infinity|nothingness|meaning|awe|courage|the sublime|god|soul",
}  # fmt: skip
