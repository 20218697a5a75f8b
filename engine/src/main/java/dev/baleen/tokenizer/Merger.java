package dev.baleen.tokenizer;

import java.util.Arrays;

/// Applies merges to one piece: always the best-ranked pair, the leftmost of equals, until none is left.
///
/// Words are short: scanning their few pairs for the best beats any structure. A long piece (a megabyte of one
/// letter is one piece) goes through a linked list and a heap, O(n log n) instead of O(n²). Not thread-safe:
/// one per call.
final class Merger {
    private static final int LENGTH_SCANNED_MAX = 48;

    private final MergeTable table;
    private final int[] ranks = new int[LENGTH_SCANNED_MAX];

    Merger(MergeTable table) {
        this.table = table;
    }

    /// Merges the first `count` of `symbols` in place and returns how many are left.
    int merge(int[] symbols, int count) {
        return count <= LENGTH_SCANNED_MAX ? scan(symbols, count) : heap(symbols, count);
    }

    private int scan(int[] symbols, int length) {
        int count = length;
        for (int i = 0; i + 1 < count; i++) {
            ranks[i] = table.rank(symbols[i], symbols[i + 1]);
        }
        while (count > 1) {
            int best = 0;
            for (int i = 1; i + 1 < count; i++) {
                if (ranks[i] < ranks[best]) {
                    best = i;
                }
            }
            if (ranks[best] == MergeTable.NONE) {
                break;
            }
            symbols[best] = table.result(ranks[best]);
            count--;
            System.arraycopy(symbols, best + 2, symbols, best + 1, count - best - 1);
            System.arraycopy(ranks, best + 1, ranks, best, count - best - 1);
            if (best + 1 < count) {
                ranks[best] = table.rank(symbols[best], symbols[best + 1]);
            }
            if (best > 0) {
                ranks[best - 1] = table.rank(symbols[best - 1], symbols[best]);
            }
        }
        return count;
    }

    private int heap(int[] symbols, int count) {
        int[] previous = new int[count];
        int[] next = new int[count];
        CandidateHeap candidates = new CandidateHeap(count);
        for (int i = 0; i < count; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
            if (i + 1 < count) {
                candidates.add(table.rank(symbols[i], symbols[i + 1]), i);
            }
        }
        while (!candidates.isEmpty()) {
            long candidate = candidates.poll();
            int rank = (int) (candidate >>> 32);
            int left = (int) candidate;
            int right = next[left];
            // A candidate is stale once either side was merged away; its place then holds another pair, or none.
            if (symbols[left] < 0 || right >= count || table.rank(symbols[left], symbols[right]) != rank) {
                continue;
            }
            symbols[left] = table.result(rank);
            symbols[right] = -1;
            int after = next[right];
            next[left] = after;
            if (after < count) {
                previous[after] = left;
                candidates.add(table.rank(symbols[left], symbols[after]), left);
            }
            if (previous[left] >= 0) {
                candidates.add(table.rank(symbols[previous[left]], symbols[left]), previous[left]);
            }
        }
        int left = 0;
        for (int i = 0; i < count; i++) {
            if (symbols[i] >= 0) {
                symbols[left++] = symbols[i];
            }
        }
        return left;
    }

    /// A binary heap of (rank, position) in one long each: the smallest is the best rank, then the leftmost.
    private static final class CandidateHeap {
        private long[] items;
        private int size;

        CandidateHeap(int capacity) {
            this.items = new long[capacity];
        }

        boolean isEmpty() {
            return size == 0;
        }

        void add(int rank, int position) {
            if (rank == MergeTable.NONE) {
                return;
            }
            if (size == items.length) {
                items = Arrays.copyOf(items, size + (size >> 1) + 1);
            }
            long item = (long) rank << 32 | position;
            int hole = size++;
            while (hole > 0 && items[hole - 1 >>> 1] > item) {
                items[hole] = items[hole - 1 >>> 1];
                hole = hole - 1 >>> 1;
            }
            items[hole] = item;
        }

        long poll() {
            long top = items[0];
            long item = items[--size];
            int hole = 0;
            for (int child = 1; child < size; child = 2 * hole + 1) {
                if (child + 1 < size && items[child + 1] < items[child]) {
                    child++;
                }
                if (items[child] >= item) {
                    break;
                }
                items[hole] = items[child];
                hole = child;
            }
            items[hole] = item;
            return top;
        }
    }
}
