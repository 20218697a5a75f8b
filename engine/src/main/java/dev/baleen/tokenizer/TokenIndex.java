package dev.baleen.tokenizer;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// The id of each token. Two strings can be looked up as if they were one, without joining them, because a
/// vocabulary of 128,000 tokens has twice as many merges to look up three times when it is read.
///
/// An open-addressing table. Its hash is seeded anew in each process, so that no file can be made whose tokens all
/// meet in one place.
final class TokenIndex {
    static final int NONE = -1;

    private static final long SEED = RandomGenerator.getDefault().nextLong();

    private final String[] tokens;
    /// One more than an id; 0 where there is none.
    private final int[] slots;

    /// The lower id counts where a token stands twice; empty ones have none.
    TokenIndex(List<String> tokens) {
        this.tokens = tokens.toArray(String[]::new);
        this.slots = new int[Integer.highestOneBit(Math.max(4, this.tokens.length)) << 2];
        for (int id = 0; id < this.tokens.length; id++) {
            String token = this.tokens[id];
            if (!token.isEmpty()) {
                int slot = slot(token, 0, token.length(), "", 0, 0);
                slots[slot] = slots[slot] == 0 ? id + 1 : slots[slot];
            }
        }
    }

    /// By id.
    List<String> tokens() {
        return Collections.unmodifiableList(Arrays.asList(tokens));
    }

    int find(String token) {
        return find(token, 0, token.length());
    }

    /// The id of text[from, to).
    int find(String text, int from, int to) {
        return slots[slot(text, from, to, "", 0, 0)] - 1;
    }

    /// The id of left[leftFrom, leftTo) with right[rightFrom, rightTo) behind it.
    int find(String left, int leftFrom, int leftTo, String right, int rightFrom, int rightTo) {
        return slots[slot(left, leftFrom, leftTo, right, rightFrom, rightTo)] - 1;
    }

    /// Whether `id` is that of the joined string.
    boolean is(int id, String left, int leftFrom, int leftTo, String right, int rightFrom, int rightTo) {
        if (id >= tokens.length) {
            return false;
        }
        String token = tokens[id];
        int count = leftTo - leftFrom;
        return token.length() == count + rightTo - rightFrom
                && token.regionMatches(0, left, leftFrom, count)
                && token.regionMatches(count, right, rightFrom, rightTo - rightFrom);
    }

    /// Where the joined string is, or would be.
    private int slot(String left, int leftFrom, int leftTo, String right, int rightFrom, int rightTo) {
        long hash = hash(hash(SEED, left, leftFrom, leftTo), right, rightFrom, rightTo);
        int mask = slots.length - 1;
        int slot = (int) (hash ^ hash >>> 32) & mask;
        while (slots[slot] != 0) {
            if (is(slots[slot] - 1, left, leftFrom, leftTo, right, rightFrom, rightTo)) {
                break;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long hash(long start, String text, int from, int to) {
        long hash = start;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
