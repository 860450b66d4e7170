"""English given names, and what they are shortened to."""

from collections.abc import Mapping

from wavagent.planning.words.lexicon import words

MALE = words(
    "aaron abel abraham adam adrian al alan albert alec alexander alexis alfred algernon allan ambrose amos "
    "andrew andy anthony archibald archie arnold arthur augustus aubrey barnaby bartholomew basil ben benedict "
    "benjamin bernard bert bertie bertram bill billy bob bobby boris brian bruce caleb carl cecil cedric "
    "charles charley charlie chester christian christopher clarence claude clement clifford clive conrad "
    "cornelius curtis cuthbert cyril dan daniel dave david denis dennis derek dick dmitri dominic donald "
    "douglas duncan dylan ebenezer ed eddie edgar edmund edward edwin eli elias elijah enoch eric ernest ethan "
    "eugene eustace evan everett ezra felix ferdinand fitzwilliam francis frank fred freddy frederick gabriel "
    "geoffrey george gerald gilbert giles giovanni godfrey gordon graham gregory gus guy hal hamish hans harold "
    "harry harvey hector henri henry herbert herman hiram horace horatio howard hubert hugh hugo humphrey ian "
    "ichabod ignatius ira isaac ivan jabez jack jacob jake jacques james jasper jean jed jeff jefferson jem "
    "jeremiah jeremy jerome jerry jesse jim jimmy joe joel john johnny jonas jonathan jose joseph joshua juan "
    "jude jules julian julius karl keith ken kenneth kit lambert lancelot larry laurence lawrence leo leon "
    "leonard leonce leopold leroy leslie lewis lionel louis lucas lucian luke luther malcolm marcus mark "
    "marmaduke martin matt matthew maurice max maximilian michael mick mike miles mortimer moses nat nathan "
    "nathaniel ned neil nicholas nick nicodemus nigel noah noel norman oliver oscar oswald otto owen paddy pat "
    "patrick paul percival percy pete peter phil philip philippe phineas pierre piers quentin ralph ramon "
    "randolph raymond reginald reuben rex richard robert robin roderick rodney roger roland ronald rory rudolf "
    "rudolph rufus rupert sam sammy samson samuel saul seth sherlock sidney sid silas silvester simeon simon "
    "solomon stanley stephen steve steven sydney ted teddy terence thaddeus theodore theobald thomas tim "
    "timothy titus tobias toby tom tommy tony tracy tristram uriah valentine vernon victor vincent vivian "
    "vladimir wallace walter warren wesley wilfred wilhelm will william willie willoughby winston zachary"
)
FEMALE = words(
    "abigail ada adelaide adele adeline agatha agnes alexandra alice alicia alma amabel amanda amelia amy "
    "anastasia angela angelica ann anna annabel anne annette annie antonia antonida arabella ariadne aurora "
    "audrey augusta barbara beatrice becky bella belinda bertha bess bessie beth betsy betty beulah blanche "
    "brenda bridget camilla carol carolina caroline carrie cassandra catharine catherine cathy cecilia cecily "
    "celia charlotte cherry chloe christina christine clara clarissa claire claudia constance cora cordelia "
    "cornelia daisy daphne deborah delia della diana dinah dolly dolores dora doris dorothea dorothy edith edna "
    "effie eleanor elena eliza elizabeth ella ellen elsie emilia emily emma enid erica estella esther ethel "
    "etta eugenia eunice eva evangeline eve evelyn fanny faith felicia flora florence frances francesca freda "
    "frieda genevieve georgia georgiana georgina geraldine gertrude gertie gilberta ginny gladys gloria grace "
    "greta gwen gwendolen gwendoline hannah harriet hattie hazel helen helena henrietta hester hetty hilda "
    "honor hope hortense ida imogen ingrid irene iris isabel isabella isobel ivy jane janet jean jemima jennie "
    "jenny jessica jessie jill joan joanna josephine josie joyce judith judy julia juliana juliet june justine "
    "kate katharine katherine kathleen katie katy kitty laura lavinia leah leila lena leonora letitia letty "
    "lilian lillian lily linda lisa liza lizzie lizzy lois lola lottie louisa louise lucia lucilla lucille "
    "lucinda lucretia lucy lydia mabel madeleine madeline madge maggie magdalen maisie mamie marcella margaret "
    "margery margot maria marian marianne marie marietta marilla marina marion marjorie martha mary matilda "
    "maud maude may meg melissa mercy mildred millicent millie mina minerva minna minnie miranda miriam mollie "
    "molly monica muriel myra myrtle nan nancy naomi natalie nell nellie nelly nettie nina nora norah olga "
    "olive olivia ophelia pamela pansy patience patty paula pauline pearl peggy penelope phoebe phyllis polina "
    "polly priscilla prudence rachel rebecca rhoda rosa rosalie rosalind rosamond rose rosemary rosie ruby ruth "
    "sadie sally sara sarah selina serena sheila sibyl sonia sophia sophie sophy stella sue susan susanna susie "
    "suzanne sybil sylvia tabitha tess tessa thea theodora theresa tilly trixie ursula valerie vera veronica "
    "victoria viola violet virginia vivien wilhelmina winifred winnie yvonne zelda zoe"
)
"""Given names; those that either sex bears are left out or stand where most bearers do."""

NICKNAMES: Mapping[str, tuple[str, ...]] = {
    "lizzy": ("elizabeth",),
    "lizzie": ("elizabeth",),
    "eliza": ("elizabeth",),
    "betty": ("elizabeth",),
    "beth": ("elizabeth",),
    "bess": ("elizabeth",),
    "bessie": ("elizabeth",),
    "betsy": ("elizabeth",),
    "kitty": ("catherine", "katherine"),
    "kate": ("catherine", "katherine"),
    "katie": ("katherine", "catherine"),
    "meg": ("margaret",),
    "maggie": ("margaret",),
    "peggy": ("margaret",),
    "madge": ("margaret",),
    "daisy": ("margaret",),
    "fanny": ("frances",),
    "harry": ("henry", "harold"),
    "hal": ("henry",),
    "bob": ("robert",),
    "bobby": ("robert",),
    "robin": ("robert",),
    "bill": ("william",),
    "billy": ("william",),
    "will": ("william",),
    "willie": ("william",),
    "dick": ("richard",),
    "ned": ("edward", "edmund"),
    "ted": ("edward", "theodore"),
    "teddy": ("edward", "theodore"),
    "tom": ("thomas",),
    "tommy": ("thomas",),
    "jim": ("james",),
    "jimmy": ("james",),
    "jem": ("james", "jeremy"),
    "jack": ("john",),
    "johnny": ("john",),
    "joe": ("joseph",),
    "charley": ("charles",),
    "charlie": ("charles",),
    "sam": ("samuel",),
    "ben": ("benjamin",),
    "dan": ("daniel",),
    "fred": ("frederick", "alfred"),
    "freddy": ("frederick",),
    "george": (),
    "georgie": ("george",),
    "molly": ("mary",),
    "polly": ("mary",),
    "minnie": ("wilhelmina", "mary"),
    "nell": ("eleanor", "helen", "ellen"),
    "nelly": ("eleanor", "helen", "ellen"),
    "sally": ("sarah",),
    "susie": ("susan",),
    "sue": ("susan",),
    "tess": ("theresa",),
    "nan": ("anne", "nancy"),
    "nancy": ("anne",),
    "annie": ("anne", "anna"),
    "winnie": ("winifred",),
    "lottie": ("charlotte",),
    "carrie": ("caroline",),
    "effie": ("euphemia",),
    "bertie": ("albert", "bertram"),
    "archie": ("archibald",),
    "andy": ("andrew",),
    "tony": ("anthony",),
    "mike": ("michael",),
    "pat": ("patrick",),
    "phil": ("philip",),
    "tim": ("timothy",),
    "walt": ("walter",),
    "alec": ("alexander",),
    "josie": ("josephine",),
    "gertie": ("gertrude",),
}
