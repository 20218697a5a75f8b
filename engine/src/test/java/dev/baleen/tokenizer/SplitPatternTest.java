package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.tokenizer.SplitRule.Behavior;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitPatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                        + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re)?"
                        + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}]+[\\p{Ll}]*(?:'s|'t)?|\\p{N}{2}|\\s+$|\\s",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                        + "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "\\s?\\p{L}+",
                "[^\\S\\n]+x|\\P{L}{2,3}|\\P{N}a",
                "\\s++$|[^\\r\\n\\p{L}]?+\\p{L}++|a*+b|[x-]y",
            })
    void findsWhatJavaFinds(String regex) {
        SplitPattern ours = SplitPatternParser.parse(regex).orElseThrow();
        JavaPattern java = new JavaPattern(regex);
        for (long seed = 0; seed < 2000; seed++) {
            String text = Samples.wellFormed(Samples.text(new Random(seed), 20));
            assertEquals(matches(java, text), matches(ours, text), "seed " + seed);
        }
    }

    @Test
    void isBlindToCaseAsUnicodeFoldsIt() {
        assertEquals(List.of("'S"), pieces(SplitRule.regex("(?i:'s)", Behavior.REMOVED, true), "it'S"));
        // The long s folds to s.
        assertEquals(List.of("'\u017F"), pieces(SplitRule.regex("(?i:'s)", Behavior.REMOVED, true), "it'\u017F"));
    }

    @Test
    void leavesWhatItCannotRunToTheOtherEngine() {
        for (String regex : List.of(
                "(ab)+", "(a|b+)", "a+?", "\\w+", "[[a-z]&&[^b]]", "a*", "a{1,2}{3}", "\\bx", "(?<n>a)", "a|")) {
            assertTrue(SplitPatternParser.parse(regex).isEmpty(), regex);
        }
        assertInstanceOf(JavaPattern.class, Finder.of("(ab)+"));
        assertEquals(List.of("x", "abab", "y"), pieces(SplitRule.regex("(ab)+"), "xababy"));
        assertEquals(List.of("a", "b", "c"), pieces(SplitRule.regex("x*"), "abc"));
        // Oniguruma's words have the fractions of Latin-1, not those of other scripts, and no joiners.
        assertEquals(
                List.of("a\u00BD", "\u09F4", "b", "\u200D"), pieces(SplitRule.regex("\\w+"), "a\u00BD\u09F4b\u200D"));
    }

    @Test
    void countsTheWorkOfPatternsThatBacktrackWithoutBound() {
        String text = "a".repeat(50_000);
        for (String regex : List.of("(a+)+b", "a*a*a*a*a*b", "(a|aa)*c")) {
            TokenizerException e =
                    assertThrows(TokenizerException.class, () -> pieces(SplitRule.regex(regex), text), regex);
            assertTrue(e.getMessage().contains("pattern"), e.getMessage());
        }
    }

    @Test
    void refusesWhatTheEnginesReadDifferently() {
        for (String regex : List.of("\\h+", "[[:alpha:]]", "(?m)a", "a{1,3}+b", "\\G", "(", "[a")) {
            assertThrows(TokenizerException.class, () -> Finder.of(regex), regex);
        }
    }

    @Test
    void joinsMatchesAsTheBehaviorSays() {
        assertEquals(List.of("a", "-", "-", "b"), pieces(SplitRule.literal("-", Behavior.ISOLATED, false), "a--b"));
        assertEquals(List.of("a", "b"), pieces(SplitRule.literal("-", Behavior.REMOVED, false), "a--b"));
        assertEquals(List.of("-", "-"), pieces(SplitRule.literal("-", Behavior.REMOVED, true), "a--b"));
        assertEquals(List.of("a", "--", "b"), pieces(SplitRule.literal("-", Behavior.CONTIGUOUS, false), "a--b"));
        assertEquals(
                List.of("a-", "-", "b"), pieces(SplitRule.literal("-", Behavior.MERGED_WITH_PREVIOUS, false), "a--b"));
        assertEquals(List.of("a", "-", "-b"), pieces(SplitRule.literal("-", Behavior.MERGED_WITH_NEXT, false), "a--b"));
        assertEquals(List.of("1", "2"), pieces(SplitRule.digits(true), "12"));
        assertEquals(List.of("a", "12", "b"), pieces(SplitRule.digits(false), "a12b"));
    }

    private static List<String> matches(Finder finder, String text) {
        List<String> found = new ArrayList<>();
        Scan scan = new Scan(text);
        for (int at = 0; finder.find(scan, 0, at, text.length()); at = scan.end) {
            found.add(scan.start + ":" + text.substring(scan.start, scan.end));
        }
        return found;
    }

    private static List<String> pieces(SplitRule rule, String text) {
        List<String> pieces = new ArrayList<>();
        rule.split(new Scan(text), 0, text.length(), (from, to) -> pieces.add(text.substring(from, to)));
        return pieces;
    }
}
