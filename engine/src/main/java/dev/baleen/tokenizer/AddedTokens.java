package dev.baleen.tokenizer;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds added tokens in text: the leftmost first, and of those that begin together the longest.
///
/// A trie over UTF-16 units. Most characters begin no token, and cost one look at a bitmap.
public final class AddedTokens {
    private static final int ROOT = 0;

    private final List<AddedToken> tokens;
    private final BitSet firsts = new BitSet();
    private final Map<Long, Integer> children = new HashMap<>();
    /// Index of the token that ends at a node.
    private final Map<Integer, Integer> endings = new HashMap<>();

    private int charactersMax;

    /// Receives the segments of a text: what is no token has `id` -1.
    public interface SegmentConsumer {
        void accept(int from, int to, int id);
    }

    /// The tokens of a vocabulary as its file writes them.
    public static AddedTokens of(List<AddedToken> tokens) {
        return new AddedTokens(tokens, tokens.stream().map(AddedToken::content).toList());
    }

    /// @param contents what to look for, for each token
    AddedTokens(List<AddedToken> tokens, List<String> contents) {
        this.tokens = List.copyOf(tokens);
        for (int i = 0; i < tokens.size(); i++) {
            String content = contents.get(i);
            if (content.isEmpty()) {
                continue;
            }
            firsts.set(content.charAt(0));
            charactersMax = Math.max(charactersMax, content.length());
            int node = ROOT;
            for (int c = 0; c < content.length(); c++) {
                node = children.computeIfAbsent(edge(node, content.charAt(c)), _ -> children.size() + 1);
            }
            endings.put(node, i);
        }
    }

    /// Cuts text[from, to) into tokens and what lies between them, in order, none of them empty.
    public void segments(String text, int from, int to, SegmentConsumer out) {
        int done = from;
        int at = from;
        while (at < to) {
            if (!firsts.get(text.charAt(at))) {
                at++;
                continue;
            }
            long match = longestAt(text, at, to);
            if (match < 0) {
                at++;
                continue;
            }
            AddedToken token = tokens.get((int) (match >>> 32));
            int start = at;
            int end = (int) match;
            at = end;
            if (token.singleWord() && (wordBefore(text, from, start) || wordAt(text, end, to))) {
                continue;
            }
            // A token may have swallowed white space with which this one begins.
            while (token.stripLeft() && start > done && isSpace(text.charAt(start - 1))) {
                start--;
            }
            while (token.stripRight() && end < to && isSpace(text.charAt(end))) {
                end++;
            }
            if (start > done) {
                out.accept(done, start, -1);
            }
            out.accept(start, end, token.id());
            done = end;
        }
        if (to > done) {
            out.accept(done, to, -1);
        }
    }

    /// Where a token begins that the end of the text cuts off; -1 if there is none. A whole one is none.
    public int cutOffAt(String text) {
        for (int at = Math.max(0, text.length() - charactersMax); at < text.length(); at++) {
            if (firsts.get(text.charAt(at)) && goesOn(text, at)) {
                return at;
            }
        }
        return -1;
    }

    private boolean goesOn(String text, int from) {
        int node = ROOT;
        for (int i = from; i < text.length(); i++) {
            Integer child = children.get(edge(node, text.charAt(i)));
            if (child == null) {
                return false;
            }
            node = child;
        }
        return !endings.containsKey(node);
    }

    /// Index and end of the longest token at `at`, as (index << 32 | end), or -1.
    private long longestAt(String text, int at, int to) {
        long longest = -1;
        int node = ROOT;
        for (int i = at; i < to; i++) {
            Integer child = children.get(edge(node, text.charAt(i)));
            if (child == null) {
                break;
            }
            node = child;
            Integer ending = endings.get(node);
            if (ending != null) {
                longest = (long) ending << 32 | i + 1;
            }
        }
        return longest;
    }

    private static long edge(int node, char c) {
        return (long) node << 16 | c;
    }

    private static boolean wordBefore(String text, int from, int at) {
        return at > from && isWord(text.codePointBefore(at));
    }

    private static boolean wordAt(String text, int at, int to) {
        return at < to && isWord(text.codePointAt(at));
    }

    /// `\w` with Unicode: letters and what behaves like them, marks, decimal digits, connectors and joiners.
    private static boolean isWord(int codePoint) {
        int type = Character.getType(codePoint);
        return Character.isAlphabetic(codePoint)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.CONNECTOR_PUNCTUATION
                || codePoint == 0x200C
                || codePoint == 0x200D;
    }

    /// White space is never outside the basic plane.
    private static boolean isSpace(char c) {
        return CharacterSet.WHITE.contains(c);
    }
}
