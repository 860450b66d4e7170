"""German words that tell who speaks."""

from wavagent.planning.words.lexicon import Lexicon, told, words

GERMAN = Lexicon(
    saying=words(
        "sagte sagt fragte rief antwortete erwiderte versetzte entgegnete meinte flüsterte schrie murmelte "
        "brummte lachte sprach begann fuhr fügte setzte wiederholte bemerkte stammelte stotterte seufzte "
        "schluchzte jammerte klagte bat befahl erklärte berichtete erzählte gestand unterbrach fiel raunte "
        "hauchte kreischte brüllte donnerte knurrte zischte höhnte spottete scherzte lächelte nickte ergänzte "
        "bestätigte behauptete versicherte verkündete warf hub rieft riefen sagten"
    ),
    thinking=words("dachte überlegte"),
    writing=words("schrieb las"),
    adverbs=words("da nun dann wieder jetzt endlich auch darauf plötzlich leise laut ihm ihr ihnen mir sich"),
    letters=words("brief zettel telegramm depesche"),
    pronouns=told("er", "sie"),
    telling={"er": "male", "ihn": "male", "ihm": "male"},
    first_person=words("ich Ich mich mir mein meine meinen meinem meiner"),
    many=words("beide alle wir"),
    crowds=words("männer frauen leute kinder stimmen mädchen herren damen"),
    titles=told(
        "herr onkel vater bruder graf baron fürst könig prinz kaiser doktor hauptmann oberst general meister "
        "junker pater don "
        "signor",
        "frau fräulein tante mutter schwester gräfin baronin fürstin königin prinzessin madame mamsell jungfer signora",
        "dr professor",
    ),
    first_named=words("onkel tante vater mutter bruder schwester meister könig königin prinz prinzessin jungfer don"),
    before_names=words(
        "herr frau fräulein graf gräfin baron doktor dr hauptmann oberst general professor onkel tante meister junker"
    ),
    callings=words("vater mutter onkel tante"),
    married=words("frau"),
    unmarried=words("fräulein"),
    nouns=told(
        "mann junge knabe bursche herr vater bruder sohn onkel vetter graf baron fürst könig prinz pfarrer pastor "
        "soldat hauptmann offizier leutnant kapitän doktor arzt richter wirt kutscher diener knecht bauer müller "
        "schneider schuster greis freund nachbar fremde prokurist kommandant bediente student kandidat leutenant "
        "schiffer jüngling alte meister geselle",
        "frau dame mutter schwester tochter tante base gräfin baronin fürstin königin prinzessin magd dienerin "
        "köchin wirtin bäuerin witwe greisin freundin nachbarin muhme rätin großmutter bedienerin schöne",
        "kind mädchen fräulein stimme andere",
    ),
    anybody=words("mann frau dame herr mädchen kind stimme andere alte fremde freund freundin jüngling junge knabe"),
    children=words("kind knabe junge bübchen büblein"),
    old=words("greis greisin großmutter großvater"),
    ages={
        "alte": "old",
        "alter": "old",
        "alten": "old",
        "kleine": "child",
        "kleiner": "child",
        "junge": "young",
        "junger": "young",
    },
    articles=words("der die das ein eine"),
    determiners=words(
        "der die das den dem des ein eine einen einem einer sein seine ihr ihre mein meine unser dieser diese "
        "jener jene"
    ),
    prepositions=words("zu mit von an auf in bei nach für gegen über um aus"),
    particles=words("von und mit der die das"),
    noble=words("von van zu de della van"),
    address={"herr": "male", "madame": "female", "fräulein": "female"},
    endearments=words("mein meine lieber liebe liebes guter gute armer arme alter"),
    not_names=words(
        "der die das den dem des ein eine einen einem einer und oder aber denn er sie es ich du wir ihr mich dich "
        "uns euch sich mein dein sein unser euer ja nein ach oh o nun na so da dann hier dort wie was wer wo wann "
        "warum wenn als ob daß dass nicht nichts kein keine auch noch nur schon doch gott herrgott himmel teufel "
        "herr frau fräulein an auf aus bei in mit nach seit von zu für gegen ohne um durch vor hinter über unter "
        "zwischen alles alle jetzt endlich plötzlich kapitel"
    ),
    noun_capitals=True,
)
