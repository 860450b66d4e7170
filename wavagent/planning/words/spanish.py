"""Spanish words that tell who speaks."""

from wavagent.planning.words.lexicon import Lexicon, told, words

SPANISH = Lexicon(
    saying=words(
        "dijo decía dijeron dice preguntó preguntaba respondió contestó repuso replicó exclamó gritó murmuró "
        "susurró añadió agregó continuó prosiguió repitió insistió observó comenzó empezó interrumpió balbuceó "
        "suspiró sollozó gimió rugió ordenó mandó explicó declaró afirmó aseguró anunció advirtió confesó admitió "
        "propuso suplicó rogó pidió llamó rió sonrió se-sonrió intervino comentó concluyó apoyó asintió objetó "
        "protestó gruñó dije pregunté respondí contesté repuse exclamé murmuré"
    ),
    thinking=words("pensó pensaba reflexionó"),
    writing=words("escribió leyó"),
    adverbs=words("le les se me nos entonces luego después al fin casi también sólo"),
    adverb_endings=("mente",),
    letters=words("carta telegrama nota billete"),
    pronouns=told("él", "ella"),
    telling={"él": "male", "ella": "female"},
    first_person=words("yo Yo me mí mi mis"),
    many=words("ellos ellas todos ambos"),
    crowds=words("hombres mujeres voces niños gentes"),
    titles=told(
        "don señor sr padre tío hermano rey príncipe conde marqués doctor capitán coronel general mister míster",
        "doña señora sra señorita srta madre tía hermana reina princesa condesa marquesa miss",
    ),
    first_named=words("don doña tío tía padre madre hermano hermana rey reina"),
    before_names=words("don doña señor señora señorita doctor tío tía"),
    married=words("señora sra"),
    unmarried=words("señorita srta"),
    nouns=told(
        "hombre muchacho niño joven viejo anciano padre hermano hijo marido esposo tío rey príncipe capitán "
        "coronel general doctor médico cura juez soldado peón patrón amigo vecino cochero comisario mozo",
        "mujer muchacha niña vieja anciana madre hermana hija esposa tía reina princesa sirvienta criada amiga "
        "vecina dama señora señorita",
        "voz otro otra",
    ),
    anybody=words("hombre mujer muchacho muchacha niño niña joven viejo vieja voz otro otra amigo amiga"),
    children=words("niño niña chico chica"),
    old=words("anciano anciana viejo vieja"),
    ages={"viejo": "old", "vieja": "old", "pequeño": "child", "pequeña": "child", "joven": "young"},
    articles=words("el la un una"),
    determiners=words("el la los las un una su sus mi mis este esta aquel aquella nuestro"),
    prepositions=words("a de con por para en sobre hacia contra desde"),
    particles=words("de del a con y"),
    noble=words("de del la los las y"),
    address={"señor": "male", "señora": "female", "señorita": "female"},
    endearments=words("mi querido querida pobre"),
    not_names=words(
        "el la los las un una y o pero mas si sí no que qué quién cuándo cómo dónde por para en de del a al con "
        "sin sobre él ella ellos ellas yo tú usted ustedes nosotros me te se le lo su sus mi mis tu tus este esta "
        "ese esa aquel aquella ah oh bah eh dios señor señora señorita bueno bien entonces luego después ahora "
        "aquí allí hoy ayer mañana nada nadie todo todos cuando como porque aunque capítulo muy más ya vamos "
        "claro adiós gracias"
    ),
)
