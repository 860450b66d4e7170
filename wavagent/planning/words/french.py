"""French words that tell who speaks."""

from wavagent.planning.words.lexicon import Lexicon, told, words

FRENCH = Lexicon(
    saying=words(
        "dit disait dirent fit firent répondit répondait répondirent demanda demandait demandèrent reprit "
        "reprenait reprirent répliqua riposta ajouta ajoutait cria criait crièrent écria s'écria s'écriait "
        "s'écrièrent s'exclama exclama murmura murmurait continua continuait poursuivit répéta répétait "
        "interrompit observa objecta balbutia bégaya soupira gémit gronda grommela grogna hurla chuchota souffla "
        "déclara affirma annonça assura avoua conclut commença commanda ordonna insista expliqua remarqua "
        "protesta proposa prononça promit supplia ricana rugit sanglota lança acheva hasarda interrogea "
        "questionna rétorqua repartit raconta approuva appela intervint plaisanta pria sourit suggéra termina dis "
        "disais répondis repris demandai ajoutai criai m'écriai répliquai"
    ),
    thinking=words("pensa pensait songea songeait pensai pensais se-dit réfléchit"),
    writing=words("écrivit écrivait lut"),
    adverbs=words("alors enfin aussitôt encore tout bas haut à en lui leur se me nous vous"),
    adverb_endings=("ment",),
    letters=words("lettre billet télégramme dépêche note"),
    pronouns=told("il", "elle"),
    telling={"il": "male", "lui-même": "male", "elle": "female", "elle-même": "female"},
    first_person=words("Je je J m me moi Moi mon ma mes"),
    many=words("ils elles tous toutes nous on"),
    crowds=words("hommes femmes voix gens enfants filles garçons soldats dames messieurs"),
    titles=told(
        "m monsieur mr maître père frère oncle comte marquis baron duc prince roi abbé docteur capitaine colonel "
        "général don sir lord",
        "mme madame mlle mademoiselle mère soeur sœur tante comtesse marquise baronne duchesse princesse reine "
        "lady miss doña señora",
        "saint",
    ),
    first_named=words("père frère oncle mère soeur sœur tante maître don doña sir prince princesse roi reine"),
    before_names=words("m mme mlle monsieur madame mademoiselle maître comte comtesse"),
    married=words("mme madame"),
    unmarried=words("mlle mademoiselle"),
    nouns=told(
        "homme garçon monsieur vieillard père frère oncle mari fils neveu roi prince duc comte marquis baron abbé "
        "curé prêtre soldat capitaine colonel général officier docteur médecin notaire marchand aubergiste cocher "
        "domestique valet paysan ouvrier ami compagnon voisin inconnu étranger maître patron juge commissaire "
        "gendarme bandit voleur sculpteur peintre chevalier",
        "femme fille dame mère soeur sœur tante épouse reine princesse duchesse comtesse marquise baronne "
        "servante bonne voisine amie vieille maîtresse religieuse demoiselle ouvrière paysanne nièce grand'mère "
        "grisette",
        "enfant voix autre personne créature",
    ),
    anybody=words(
        "homme femme fille dame enfant voix autre personne monsieur ami amie inconnu étranger vieillard vieille"
    ),
    children=words("enfant garçon fillette bambin gamin gamine"),
    old=words("vieillard vieille grand'mère aïeul aïeule"),
    ages={"vieux": "old", "vieille": "old", "vieil": "old", "petit": "child", "petite": "child", "jeune": "young"},
    articles=words("le la l les un une"),
    determiners=words("le la les un une ce cet cette son sa ses mon ma mes notre votre leur"),
    prepositions=words("à de avec par pour dans sur vers contre chez après avant"),
    particles=words("de du des à au aux avec et"),
    noble=words("de du des d la le"),
    address={"monsieur": "male", "madame": "female", "mademoiselle": "female", "señorita": "female"},
    endearments=words("mon ma cher chère chérie pauvre petit petite bon bonne"),
    not_names=words(
        "le la les l un une des du de d et ou où mais donc or ni car il elle ils elles on je tu nous vous ce cet "
        "cette ces ça cela c qui que quoi qu dont quand comme comment pourquoi si s oui non ah oh eh hé bah hein "
        "bon bien mal mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs y en ne n pas plus jamais "
        "rien tout tous toute toutes puis alors enfin après avant pendant depuis dans sur sous avec sans par pour "
        "vers chez entre contre à au aux monsieur madame mademoiselle messieurs dieu ciel diable seigneur paris "
        "france est-ce là voilà voici allons tiens quel quelle quels quelles encore aussi ainsi cependant "
        "pourtant peut-être chapitre merci adieu bonjour bonsoir êtes avez faut"
    ),
)
