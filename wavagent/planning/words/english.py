"""English words that tell who speaks."""

from collections.abc import Mapping

from wavagent.planning.words.lexicon import Gender, Lexicon, words
from wavagent.planning.words.names import FEMALE, MALE, NICKNAMES

_SAYING = words(
    "accused acknowledged added addressed admitted admonished advised affirmed agreed allowed announced "
    "answered apologised apologized appealed approved argued articulated asked asserted assented assured "
    "averred avowed babbled barked bawled beamed began begged bellowed bid bleated blurted boasted boomed "
    "bragged breathed broke burst called cautioned challenged chanted chattered chimed chirped choked chorused "
    "chuckled claimed coaxed commanded commented complained conceded concluded confessed confided confirmed "
    "congratulated consented consoled contended continued contradicted corrected coughed counselled countered "
    "cried croaked cut declaimed declared decreed demanded demurred denied deplored disagreed discoursed "
    "drawled echoed ejaculated emphasised emphasized encouraged enjoined enquired entreated exclaimed exhorted "
    "explained explode exploded expostulated faltered fired finished flashed fumed gasped gibed giggled greeted "
    "grinned groaned growled grumbled grunted guessed gulped gurgled hailed hazarded hinted hissed howled "
    "implored informed inquired insinuated insisted instructed interjected interposed interpolated interrogated "
    "interrupted intervened jeered jerked jested joked lamented laughed lisped maintained marvelled mentioned "
    "moaned moralised mouthed mumbled murmured mused muttered nodded noted objected observed offered opined "
    "ordered panted persisted piped pleaded pondered pouted prayed preached predicted proceeded proclaimed "
    "promised prompted pronounced proposed protested prattled purred pursued put puzzled quavered queried "
    "questioned quoted ranted rapped rasped read reasoned reassured rebuked recalled recited recollected "
    "recommended reflected rejoined remarked reminded remonstrated repeated replied reported reproached "
    "reproved requested resolved responded resumed retaliated retorted returned revealed roared ruminated said "
    "sang scoffed scolded screamed screeched shouted shrieked shrilled sighed smiled snapped snarled sneered "
    "snorted sobbed soliloquised spluttered spoke squeaked squealed stammered stated stormed struck stuttered "
    "suggested supplemented supplied surmised swore sympathised sympathized taunted teased tempted testified "
    "thundered tittered told tried twittered urged uttered ventured volunteered vouchsafed vowed wailed warned "
    "went wept wheedled wheezed whimpered whined whispered whistled wrote yawned yelled yelped said-he add adds "
    "admit admits agree agrees answer answers ask asks begin begins call calls cries cry declare declares "
    "exclaim exclaims explain explains murmur murmurs remark remarks repeat repeats replies reply say says "
    "saying shout shouts sigh sighs whisper whispers replying adding crying exclaiming shouting asking calling "
    "muttering murmuring whispering answering observing remarking continuing repeating"
)
"""Verbs after or before a quotation that say somebody said it."""

_THINKING = words(
    "thought mused reflected wondered pondered considered meditated ruminated soliloquised soliloquized think "
    "thinks thinking fancied felt decided"
)

_REPLIES = words(
    "reply answer response rejoinder comment exclamation question remark observation retort inquiry enquiry "
    "voice cry words greeting suggestion ejaculation"
)
"""Nouns that stand for saying: "was Mary's reply"."""

_WRITING = words("wrote read reads ran writes")
"""Verbs that quote what is written."""

_LETTERS = words(
    "letter note telegram message notice placard inscription card postcard despatch dispatch advertisement"
)

_OUT_LOUD = words("out up on in back again then suddenly at last once forth")

_TITLES: Mapping[str, Gender | None] = {
    **dict.fromkeys(
        words(
            "mr mister sir lord master monsieur m uncle father brother king prince duke baron count earl "
            "marquis viscount squire captain colonel general major lieutenant sergeant corporal admiral "
            "commander inspector constable reverend rev pastor bishop friar herr signor senor señor don "
            "grandfather grandpa papa abbé emperor esquire deacon sheriff commodore rabbi mynheer marquess "
            "comte chevalier"
        ),
        "male",
    ),
    **dict.fromkeys(
        words(
            "mrs miss ms lady madam madame mme mademoiselle mlle aunt auntie mother sister queen princess "
            "duchess baroness countess marchioness frau fräulein signora signorina senora señora señorita dame "
            "grandmother granny mamma mama empress nurse mistress viscountess mesdames missis"
        ),
        "female",
    ),
    **dict.fromkeys(
        words("dr doctor prof professor cousin judge president senator mayor saint st"),
        None,
    ),
}
"""What may stand before a name, and the gender it tells."""

_NOUNS: Mapping[str, Gender | None] = {
    **dict.fromkeys(
        words(
            "man gentleman boy lad fellow father papa dad daddy son brother husband uncle nephew grandfather "
            "grandpa grandson king prince duke lord baron count earl knight squire monk priest parson vicar "
            "curate clergyman rector bishop friar soldier sailor captain colonel general major lieutenant "
            "sergeant corporal admiral inspector policeman constable detective sheriff landlord host innkeeper "
            "waiter butler footman valet coachman cabman driver groom porter gardener farmer miller smith "
            "blacksmith shepherd hunter fisherman carpenter mason baker butcher barber merchant banker lawyer "
            "attorney solicitor clerk chap bachelor widower bridegroom lover suitor frenchman englishman "
            "irishman scotchman scotsman dutchman spaniard italian russian indian negro turk husbandman postman "
            "chairman headman headmaster schoolmaster boatman ferryman watchman workman countryman nobleman "
            "madman salesman foreman seaman huntsman marquis chaplain steward bearer giant wizard ogre caller "
            "emperor sir stepfather godfather bloke guy youth grandad tramp burglar thief cowboy blackguard "
            "villain rascal scoundrel squatter skipper mate boatswain executioner hatter lama verger sexton "
            "undertaker tobacconist publican"
        ),
        "male",
    ),
    **dict.fromkeys(
        words(
            "woman lady girl lass maid maiden mother mamma mama mum mummy daughter sister wife aunt auntie "
            "niece grandmother grandma granny granddaughter queen princess duchess baroness countess mistress "
            "widow landlady hostess housekeeper housemaid maidservant nurse nun abbess governess spinster bride "
            "seamstress washerwoman laundress milkmaid dairymaid actress heiress waitress witch fairy matron "
            "stewardess chambermaid schoolmistress frenchwoman englishwoman irishwoman duenna damsel lassie "
            "stepmother godmother needlewoman gentlewoman charwoman goddess empress shepherdess parlourmaid "
            "quadroon madame hag dame midwife barmaid"
        ),
        "female",
    ),
    **dict.fromkeys(
        words(
            "child baby infant friend companion stranger visitor guest servant doctor teacher tutor pupil "
            "student neighbour neighbor cousin parent person voice other speaker writer poet artist painter "
            "author editor physician surgeon professor philosopher scholar prisoner patient cook beggar peasant "
            "traveller traveler passenger creature animal dog cat horse bird fox wolf bear rabbit mouse owl "
            "caterpillar pigeon turtle gryphon duck frog lion monkey rat hare parrot ghost spirit assistant "
            "secretary agent messenger manager partner master owner leader chief officer spy customer client "
            "invalid interpreter lawyer witness juror judge magistrate newcomer elder younger eldest youngest "
            "latter former croupier reporter player stoker warder guard sentry shopkeeper grocer tailor "
            "shoemaker cobbler twin orphan cripple stepson pilgrim hermit savage slave native convict operator "
            "trooper tinker interlocutor narrator lecturer barrister conductor director chemist dentist nobody "
            "angel devil dragon elf dwarf goblin robot android"
        ),
        None,
    ),
}
"""Nouns that name a speaker, and the gender they tell."""

_TELLING: Mapping[str, Gender] = {
    "he": "male",
    "him": "male",
    "his": "male",
    "himself": "male",
    "she": "female",
    "her": "female",
    "hers": "female",
    "herself": "female",
}
"""Pronouns that tell a gender."""

_AGES: Mapping[str, str] = {"old": "old", "elderly": "old", "aged": "old", "little": "child", "young": "young"}

_ANYBODY = words(
    "man woman person voice other speaker friend companion former latter one gentleman lady fellow creature "
    "visitor caller boy girl lad men women people others child youth stranger guest newcomer youngster lass chap "
    "host hostess invalid elder younger eldest youngest listener interlocutor traveller sufferer answer reply"
)
"""Nouns that as a rule mean somebody who has a name."""

_CHILDREN = words("boy girl child lad lass baby infant lassie kid toddler schoolboy schoolgirl pupil youngster urchin")
_OLD = words("grandmother grandfather grandma grandpa granny grandad hag crone elder")

_PRONOUNS: Mapping[str, Gender | None] = {"he": "male", "she": "female"}


_MANY = words("they we both several everybody everyone all others some many")
_CROWDS = words(
    "men women people audience crowd others girls boys children voices ladies gentlemen company party guests "
    "sisters brothers soldiers servants mob chorus jury family neighbours pair two three"
)
"""Words for several people who speak at once, or by turns."""

_ADDRESS: Mapping[str, Gender] = {"sir": "male", "sirs": "male", "madam": "female", "ma'am": "female", "miss": "female"}
"""What one calls somebody to their face without a name."""

_ENDEARMENTS = words("dear dearest my darling old poor sweet good little")

_FIRST_PERSON = words("I me my My myself mine")

_FIRST_NAMED = words(
    "sir aunt uncle cousin brother sister father mother king queen prince princess saint st don auntie granny nurse"
)
"""Titles that a given name may follow: Sir Walter, Aunt Polly."""

_RANKS = words(
    "captain colonel general major lieutenant sergeant corporal admiral commander inspector constable bishop dr "
    "doctor prof professor judge baron count earl marquis viscount duke sheriff"
)
"""Titles that only a surname follows."""

_BEFORE_NAMES = words(
    "mr mrs miss ms dr sir captain colonel major lieutenant sergeant monsieur madame mlle mademoiselle aunt "
    "uncle professor prof inspector rev reverend signor signora señor señora herr frau master"
)
"""Titles after which any capital is a name."""

_MARRIED = words("mrs madame mme lady")
_UNMARRIED = words("miss mademoiselle mlle")
_CALLINGS = words(
    "general colonel captain major doctor professor grandmother grandfather father mother mamma papa mama "
    "mademoiselle madame monsieur king queen prince princess duchess duke baron baroness count countess "
    "inspector vicar judge squire granny grandpa aunt uncle emperor bishop lord lady"
)
"""Titles that stand for the name itself."""

_AMBIGUOUS = words(
    "will may april june august florence rose hope grace faith mercy pooh sunday north west young strange "
    "spring winter bath"
)


_ARTICLES = words("the a an")
_DETERMINERS = words("the a an his her my our their its your this that another")
_NOBLE = words("de des du von van der di da del la le")
_PARTICLES = words("of in with and from the a an")
"""Words inside a phrase that names somebody without being a name: the man with the beard."""


_NOT_NAMES = words(
    "a about above after again against ah aha alas all almost alone along already also although always am amen "
    "among an and another any anything are as at away bah be because been before behind being below beside "
    "besides better between beyond both but by bye can cannot certainly christmas come could dear did do does "
    "don done down during each easter eh either else enough even ever every everybody everyone everything "
    "evidently exactly excuse far few fie first five for forgive four friday from get give go god good goodbye "
    "gracious great ha had hail hallo halloa hardly has have he hear heaven heavens hello hence her here hers "
    "herself hey hi him himself his hist ho how however hullo hum humph hurrah hush i if in indeed inside "
    "instead into is it its itself january february march april june july august september october november "
    "december just last later lately lest let like little lo look lord many may maybe me meanwhile mercy might "
    "mine monday more moreover most much must my myself nay near nearly neither never nevertheless next no "
    "nobody none nonsense nor not nothing notwithstanding now o of off oh old on once one only or other others "
    "otherwise our ours out over own pardon perhaps please poor pooh possibly pray presently quick quite rather "
    "really right same saturday say see seeing several shall she should since six so some somebody somehow "
    "someone something sometimes somewhere soon still stop strange such sunday sure surely ten thank thanks "
    "that the thee their theirs them then there therefore these they thine thing things this those thou though "
    "three through thursday thus thy till tis to together tomorrow tonight too towards truly tuesday tut twas "
    "twenty two ugh under unless until up upon us very wait was we wednesday well were what whatever when "
    "whence whenever where wherever whether which while who whoever whole whom whose why will with within "
    "without wonderful would yes yesterday yet you young your yours yourself english french german latin greek "
    "london paris england france europe america god's chapter part book volume street road lane park house hall "
    "square church bridge castle hill river sea college university hotel club abbey cottage mr mrs miss ms dr "
    "sir lady madam madame st american italian russian spanish indian irish scotch dutch roman christian jew "
    "jewish catholic bible christ jesus providence fate nature sirs gentlemen ladies sunday's heaven's satan "
    "devil spring summer autumn winter north south east west rome italy germany russia spain scotland ireland "
    "india africa asia boston chicago york washington california bath oxford cambridge florence venice vienna "
    "berlin moscow petersburg project gutenberg copyright editor edition illustration contents preface footnote "
    "note finis end"
)
"""Words that begin with a capital without being somebody's name."""


ENGLISH = Lexicon(
    saying=_SAYING,
    thinking=_THINKING,
    writing=_WRITING,
    replies=_REPLIES,
    adverbs=_OUT_LOUD,
    letters=_LETTERS,
    pronouns=_PRONOUNS,
    telling=_TELLING,
    first_person=_FIRST_PERSON,
    many=_MANY,
    crowds=_CROWDS,
    titles=_TITLES,
    first_named=_FIRST_NAMED,
    ranks=_RANKS,
    before_names=_BEFORE_NAMES,
    callings=_CALLINGS,
    married=_MARRIED,
    unmarried=_UNMARRIED,
    nouns=_NOUNS,
    anybody=_ANYBODY,
    children=_CHILDREN,
    old=_OLD,
    ages=_AGES,
    articles=_ARTICLES,
    determiners=_DETERMINERS,
    particles=_PARTICLES,
    noble=_NOBLE,
    address=_ADDRESS,
    endearments=_ENDEARMENTS,
    male=MALE,
    female=FEMALE,
    nicknames=NICKNAMES,
    not_names=_NOT_NAMES,
    ambiguous=_AMBIGUOUS,
    adverb_endings=("ly",),
    prepositions=words("to of with at by for from in on upon towards toward into about after before against"),
)
