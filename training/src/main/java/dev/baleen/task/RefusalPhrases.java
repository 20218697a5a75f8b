package dev.baleen.task;

import java.util.List;

/// Templates and words for [Refusal]. Slots of the world templates: two things, two names, a verb.
final class RefusalPhrases {

    private RefusalPhrases() {}

    static final List<Grammar> WORLD = Grammar.lines("""
            What is the [capital|population|flag|history|area|climate|currency|president|language|largest city|highest mountain] of {c}?
            [What|What's] is [a|the|an] {a}?
            What is [the meaning of|the price of|the colour of|the weight of|the origin of|the use of|special about|wrong with] [the |a |]{a}?
            Who [wrote|invented|discovered|painted|built|owns|found|designed|sang|won|made] the {a}?
            Who [is|was] {c}?
            Who [is|was] the [king|queen|president|mayor|boss|leader|inventor|author|founder] of {c}?
            Where [is|was|can I find|do I find|can I buy] [the |a |]{a}?
            Where is {c}?
            When [was|is] [the {a}|{c}] [built|born|founded|invented|opened|over|ready]?
            When did {c} [die|begin|end|start|win|fall]?
            Why [is|are|was|does] [the |a |]{a} [so |][{e}|blue|green|loud|cold|hot|old|rare|big|round|heavy]?
            Why do [people|cats|dogs|birds|children|we|trees|cars] {e}[ the {a}|]?
            How [do|can|should|would] [I|you|we|people] {e} [a|the|my|an] {a}?
            How [old|far|tall|heavy|deep|fast|long|rich|famous] is [{c}|the {a}]?
            How many [{a}s are there|{a}s|people live] in {c}?
            How much does [a|the|one] {a} cost[ in {c}|]?
            [Write|Compose|Give me|Make up|Create] [a|an|me a] [poem|story|song|letter|essay|joke|mail|tweet|speech|text|haiku|blog post|headline] about [the |a |]{a}[| and the {b}].
            Tell me [a|another] [joke|story|riddle|secret|poem|fairy tale][ about [a |the |]{a}| about {c}|].
            [Tell me|Explain|Say something|What do you know|Teach me|Talk] about [the |]{a}[| and the {b}].
            [Tell me|What do you know|Explain] about {c}.
            [Describe|Draw|Paint|Sketch|Design|Translate|Explain|Define|Spell|Summarise|Summarize|Review|Correct] [the |a |]{a}.
            Translate [the word |]{a} [to|into] [German|French|Spanish|Chinese|Latin|Italian].
            [Write|Give me|Show me] [a program|code|a function|a script|a Java class|Python code|a query|a regex] [that|to] {e}[s|] [the |a |]{a}[|s].
            [What|How] is the weather [in {c}|today|tomorrow|now|like in {c}]?
            [What|Which] [day|date|time|year|month|hour] is it[ today| now| in {c}|]?
            [Which|What] [is|tastes|looks|feels|sounds] [better|nicer|best|larger|bigger|heavier|faster|older|cheaper], [a |the |]{a} or [a |the |]{b}?
            Which is [larger|bigger|smaller|better|nearer|older|richer], {c} or {d}?
            [Can|Could|Would] you {e} [the|a|my|this] {a}[| for me| with me]?
            [Do|Did] you [like|know|have|see|want|eat|love|hate|remember] [the |a |]{a}?
            [Do|Did] you [know|meet|like|visit|see] {c}?
            [Is|Was] {c} [a|an] {a}?
            [Is|Are] [the|a] {a} [good|bad|dangerous|safe|healthy|real|true|legal|alive] [for {c}|in {c}|]?
            [Should|Shall|May|Can|Must] I {e} [the|a|my] {a}[| today| in {c}]?
            [Sort|Order|Arrange|Rank] [these: |]{a}, {b}[,|] and {c}.
            Compare [the |a |]{a} [and|with|to] [the |a |]{b}.
            [Add|Put] [the |a |some |]{a} to [the |my |]{b}.
            [What is|How much is] {a} [plus|+|minus|-|times] {b}?
            [Buy|Order|Book|Find|Send|Call|Open|Play|Cook|Sell|Fix|Bring] [me |][a|the|my] {a}[| in {c}| for {c}].
            [Give me|What is|I need] [a|the] [recipe|plan|list|name|advice|tip|trick|guide|reason|proof|picture|photo|map] [for|of] [a |the |]{a}.
            What [happened|happens] [in|to] {c}[| in {a}]?
            What [do|did] [cats|dogs|birds|people|children|plants|the {a}s] {e}?
            [My|The|A] {a} [is|was] [broken|lost|gone|sick|old|too slow|hungry]. What [should I do|now|can I do]?
            [I am|I feel] [sad|happy|tired|bored|hungry|lonely|ill|angry][ today| because of the {a}| in {c}|].
            {a}[?|]
            {a} {b}
            {e} the {a}
            [the |a |my ]{a}
            """);

    static final List<Grammar> WORLD_UNSEEN = Grammar.lines("""
            [I wonder|Any thoughts on] [why|how] the {a} [works|came to be].
            Would {c} be [happy|richer] without the {a}?
            Which {a} [should|would] [one|you] choose for {c}?
            Sing [me |]a song [of|about] the {a}.
            [Please recommend|Recommend] a {a} near {c}.
            Has anybody ever {e}ed a {a}?
            In which [year|country] was the {a} [invented|found]?
            Pretend [to be|that you are] a {a}.
            What would happen if every {a} [vanished|could talk]?
            List [three|five] facts about [{c}|the {a}].
            Give [your opinion|an opinion] on the {a}.
            """);

    static final List<Grammar> SUM = Grammar.lines("""
            What is {a}[ * |*| x | times | multiplied by | by ]{b}?
            What is {a}[ / |/| divided by | over | : ]{b}?
            {a}[ * |*| x |x| times ]{b}[|?| =|=]
            {a}[ / |/| : | divided by ]{b}[|?| =|=]
            [How much is|Calculate|Compute|Work out|What's|Solve] {a}[ * |*| x | times | multiplied by ]{b}[?|.]
            [How much is|Calculate|Compute|Work out|What's|Solve] {a}[ / |/| divided by ]{b}[?|.]
            [Multiply|Times] {a} [by|and|with|times] {b}.
            Divide {a} by {b}.
            [Can|Could] you [multiply|divide] {a} [by|and] {b}?
            [What is|Find|Calculate|Give me] the [product|quotient|average|mean|remainder|ratio|greatest common divisor|least common multiple] of {a} and {b}[?|.]
            [What is|Calculate|Find] [the square root of|the root of|the square of|the cube of|the double of|half of|twice|the logarithm of|the sine of|the factorial of|the cosine of] {a}[?|.]
            [What is|Calculate|How much is] {a} [percent|%] of {b}[?|.]
            {a} [squared|cubed|factorial|doubled|halved][|?]
            {a}[ ^ |^| ** |**| to the power of | mod | % ]{b}[|?| =]
            [Is|Why is] {a} [a prime|prime|even|odd|a square|divisible by {b}|a prime number][?|]
            [Double|Triple|Halve|Square|Factor|Factorise|Round|Negate] {a}.
            [How often|How many times] does {b} go into {a}?
            [Solve|What is x if|Find x:] [x + {a} = {b}|x - {a} = {b}|x * {a} = {b}|{a}x = {b}|x + {a} = {b} for x][|?]
            [Convert|Change|Turn] {a} [km|miles|metres|feet|kg|pounds|euros|dollars|hours|days|celsius] [to|into] [km|miles|metres|feet|kg|pounds|euros|dollars|minutes|weeks|fahrenheit|binary].
            [Write|Say|Spell] {a} in [words|binary|roman numerals|hex|German|letters].
            [Count|List the numbers|Give me the primes|Name the primes] [from|between] {a} [to|and] {b}.
            [What comes|Which number comes] after {a}?
            [Give me|Pick|Tell me|Say] a random number [from|between] {a} [to|and] {b}.
            [What is|What's] {a}/{b} [+|-] {b}/{a}?
            """);

    static final List<Grammar> SUM_UNSEEN = Grammar.lines("""
            [Do you know|Any idea] what {a} times {b} is?
            I want to know {a}[ * | / | x ]{b}
            How many is {a} groups of {b}?
            [Share|Split] {a} among {b}[ people|].
            Raise {a} to the power {b}.
            {a} and {b}: what is their product?
            """);

    /// For two numbers that are too large, or not whole.
    static final List<Grammar> TWO_NUMBERS = Grammar.lines("""
            What is {a}[ + |+| plus | - |-| minus ]{b}?
            {a}[ + |+| - |-| plus | minus ]{b}[|?| =|=]
            [How much is|What's|Calculate|Compute|Work out|Solve] {a}[ + |+| plus | - |-| minus ]{b}[?|.]
            Add {a} [and|to] {b}.
            [Subtract|Take] {b} from {a}.
            [What is|Find|Give me] the sum of {a} and {b}[?|.]
            """);

    static final List<Grammar> TWO_NUMBERS_UNSEEN = Grammar.lines("""
            Start with {a} and [add|take away] {b}.
            I want to know {a} [+|-] {b}
            Result of {a} [+|-] {b}
            """);

    static final List<Grammar> CHAIN = Grammar.lines("""
            What is {a}?
            {a}[|?| =|=]
            [How much is|What's|Calculate|Compute|Work out|Solve|Evaluate] {a}[?|.]
            """);

    static final List<Grammar> SORT = Grammar.lines("""
            Sort {a}.
            [Sort|Order|Arrange] [these|the|these numbers|the numbers][: |, | ]{a}.
            [Sort|Order|Arrange] {a}[ in ascending order| in descending order| from smallest to largest|].
            [Put|Bring] {a} in [order|ascending order|descending order].
            [Can|Could] you [sort|order] {a}?
            """);

    static final List<Grammar> COUNTDOWN = Grammar.lines("""
            Use {a} once each to make {b}.
            [Make|Get|Reach] {b} [from|with|using] {a}.
            [Numbers|Countdown][: | ]{a}[. Target |, target |. Make ]{b}.
            """);

    private static final List<String> THINGS = words("""
            apple apricot arrow atom bakery ballad banana banjo bank basket beach bear bed bee beer bell bicycle bird
            blanket blood boat bone book bottle box boy brain bread bridge brother bucket bus butter button cabbage cake
            camel camera candle car carpet castle cat cave chair cheese cherry chess child church circle city clock
            cloud coat coffee coin computer cook copper cotton country cow crown cup dance daughter desert desk diamond
            doctor dog doll door dragon dream dress drum duck eagle ear earth egg electron elephant empire engine
            factory farm father feather film fire fish flag flower fly forest fork fox friend frog fruit galaxy game
            garden gas ghost girl glass goat gold grass guitar hammer hand hat heart helmet hero hill honey horse
            hospital hotel house ice ink insect iron island jacket jazz jewel judge jungle kettle key king kitchen kite
            knife ladder lake lamp language law leaf lemon letter library lion lizard lock love machine magnet market
            medicine melon metal milk mirror money monkey moon mother motor mountain mouse mouth movie museum music
            nail name neck needle nest newspaper night nose novel nurse ocean oil onion opera orange oven owl oxygen
            paint palace paper parliament party pasta pen pepper phone piano picture pig pilot pizza planet plant plate
            poem poet potato president priest printer prison queen rabbit radio rain recipe religion restaurant rice
            ring river road robot rocket roof rope rose salad salt sand school science sea shadow sheep ship shirt shoe
            silk silver sister sky snake snow soap song soup spider spoon spring star station stone storm story street
            sugar summer sun sword table tax tea teacher telescope temple tennis theatre theory tiger tomato tooth
            tower town train tree truth vaccine valley village violin virus volcano wall war watch water whale wheat
            wheel wife wind window wine winter wolf wood wool world yard zebra
            """);
    private static final List<String> THINGS_UNSEEN = words("""
            anchor beetle cactus canyon compass comet cradle cricket curtain dolphin envelope falcon fountain glacier
            harbour helicopter igloo jigsaw kangaroo lantern lobster marble meteor mosaic napkin octopus orchard
            parrot pearl penguin pillow pumpkin pyramid quilt raccoon saddle scarf seagull squirrel submarine tractor
            trumpet tunnel turtle umbrella vampire walnut waterfall whistle yacht
            """);
    private static final List<String> NAMES = words("""
            France Germany Italy Spain Portugal England Scotland Ireland Norway Sweden Finland Denmark Poland Austria
            Greece Turkey Russia Ukraine China Japan Korea India Brazil Argentina Chile Peru Mexico Canada America
            Egypt Kenya Nigeria Morocco Australia Paris Berlin Rome Madrid Lisbon London Dublin Oslo Vienna Athens
            Moscow Beijing Tokyo Seoul Delhi Cairo Lima Boston Chicago Texas Europe Africa Asia Mars Venus Jupiter
            Einstein Newton Mozart Beethoven Shakespeare Goethe Picasso Napoleon Caesar Plato Darwin Obama Lincoln
            Gandhi Cleopatra Bach Kant Homer Marx Tesla Edison Galileo Hamlet Batman Zeus Anna Peter Maria John Emma
            Hugo Lisa Tom Linux Java Python Windows Google Amazon Bitcoin Wikipedia Netflix Twitter
            """);
    private static final List<String> VERBS = words("""
            bake build buy boil break bring brush burn call carry catch check choose clean climb close cook copy cut
            dance draw dream drink drive eat explain feed feel fight find fix fly fold follow forget grow hang help
            hide hold hunt invent jump kiss learn lift love make measure melt mend mix open paint plant play print pull
            push read repair ride roast run sail save sell send sew sing sleep smell speak steal study swim teach
            throw touch train travel visit walk wash watch wear weigh win work write
            """);

    static String thing(Dice dice) {
        return dice.chance(25) ? Pseudoword.draw(dice) : dice.pick(THINGS);
    }

    static String unseenThing(Dice dice) {
        return dice.chance(35) ? Pseudoword.draw(dice) : dice.pick(THINGS_UNSEEN);
    }

    static String name(Dice dice) {
        if (dice.chance(25)) {
            String word = Pseudoword.draw(dice);
            return Character.toUpperCase(word.charAt(0)) + word.substring(1);
        }
        return dice.pick(NAMES);
    }

    static String verb(Dice dice) {
        return dice.chance(10) ? Pseudoword.draw(dice) : dice.pick(VERBS);
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
