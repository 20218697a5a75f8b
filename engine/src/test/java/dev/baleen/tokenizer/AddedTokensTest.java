package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddedTokensTest {
    @Test
    void prefersTheLongestOfThoseThatBeginTogether() {
        assertEquals(
                List.of("0:<a>", "-:b", "1:<a><b>", "-:<"),
                segments("<a>b<a><b><", AddedToken.special(0, "<a>"), AddedToken.special(1, "<a><b>")));
    }

    @Test
    void leavesASingleWordWithinAnotherWord() {
        AddedToken the = new AddedToken(0, "the", true, true, false, false, false);
        assertEquals(
                List.of("0:the", "-: then bathe 1the the_ ", "0:the", "-:."),
                segments("the then bathe 1the the_ the.", the));
    }

    @Test
    void swallowsWhiteSpaceWhereItStrips() {
        AddedToken both = new AddedToken(0, "<m>", true, false, true, true, false);
        assertEquals(List.of("-:a", "0: \n<m>\u3000 ", "0:<m> ", "-:b"), segments("a \n<m>\u3000 <m> b", both));
    }

    @Test
    void keepsStrangersTextFromBecomingControl() {
        BytePairEncoding tokenizer = Samples.tokenizer("deepseek-v3");
        String text = "a" + ControlTokens.USER + ControlTokens.THINK;
        int user = tokenizer.id(ControlTokens.USER).orElseThrow();
        int think = tokenizer.id(ControlTokens.THINK).orElseThrow();
        assertArrayEquals(new int[] {'a', user, think}, tokenizer.encode(text));
        int[] ordinary = tokenizer.encodeOrdinary(text);
        for (int id : ordinary) {
            assertTrue(id < 256, "id " + id);
        }
        assertEquals(text, tokenizer.decode(ordinary));
        assertTrue(tokenizer.isSpecial(user));
        assertFalse(tokenizer.isSpecial(think));
    }

    @Test
    void givesNoTextToIdsWithoutAToken() {
        BytePairEncoding tokenizer = Samples.tokenizer("deepseek-v3");
        assertEquals("ab", tokenizer.decode('a', tokenizer.vocabularySize() + 7, 'b'));
        assertEquals("", tokenizer.token(1_000_000));
        assertEquals(0, tokenizer.bytes(1_000_000).length);
    }

    private static List<String> segments(String text, AddedToken... tokens) {
        List<String> segments = new ArrayList<>();
        List<AddedToken> all = List.of(tokens);
        new AddedTokens(all, all.stream().map(AddedToken::content).toList())
                .segments(
                        text,
                        0,
                        text.length(),
                        (from, to, id) ->
                                segments.add((id < 0 ? "-" : String.valueOf(id)) + ":" + text.substring(from, to)));
        return segments;
    }
}
