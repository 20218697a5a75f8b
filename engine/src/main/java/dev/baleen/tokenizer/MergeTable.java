package dev.baleen.tokenizer;

import java.util.Arrays;

/// The learnt merges: which two neighbouring tokens become which one, the earliest learnt first.
///
/// An open-addressing table from the pair of ids to the rank; half empty, so a lookup reads one or two cache
/// lines.
final class MergeTable {
    /// The rank of a pair that never merges.
    static final int NONE = Integer.MAX_VALUE;

    private static final long EMPTY = -1;

    private final long[] pairs;
    private final int[] ranks;
    private final int[] results;
    private final int shift;

    /// @param merges  left and right id of each merge in turn, best first; a pair given twice counts as its
    ///     last rank
    /// @param results the id that each merge makes
    MergeTable(int[] merges, int[] results) {
        int capacityBits = Math.max(4, 33 - Integer.numberOfLeadingZeros(results.length));
        this.pairs = new long[1 << capacityBits];
        this.ranks = new int[1 << capacityBits];
        this.results = results;
        this.shift = 64 - capacityBits;
        Arrays.fill(pairs, EMPTY);
        for (int rank = 0; rank < results.length; rank++) {
            int slot = slot(pair(merges[2 * rank], merges[2 * rank + 1]));
            pairs[slot] = pair(merges[2 * rank], merges[2 * rank + 1]);
            ranks[slot] = rank;
        }
    }

    int rank(int left, int right) {
        int slot = slot(pair(left, right));
        return pairs[slot] == EMPTY ? NONE : ranks[slot];
    }

    int result(int rank) {
        return results[rank];
    }

    private int slot(long pair) {
        int mask = pairs.length - 1;
        int slot = (int) (pair * 0x9E3779B97F4A7C15L >>> shift);
        while (pairs[slot] != pair && pairs[slot] != EMPTY) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }
}
