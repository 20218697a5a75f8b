package dev.baleen.kernel;

/// Which of equally good entries an indexer keeps, where its room ends among them.
///
/// With few heads ties are common: where no head's product is positive, the score is exactly zero. A choice apart
/// from a reference implementation's moves everything behind it, so whoever compares has to keep what the reference
/// keeps.
public enum Ties {
    /// The earlier ones.
    EARLIER,
    /// llama.cpp's: what C++'s `partial_sort` leaves, which goes through the entries with a heap of the best so
    /// far.
    HEAP,
    /// PyTorch's `topk` on processors: what C++'s `nth_element` leaves, or with 64 times more entries than room
    /// `partial_sort`. It depends on how many entries there are, those that the query does not see yet included,
    /// and so on the batch. Only a comparison follows it; otherwise it is [#EARLIER].
    PARTITION;

    /// With so many entries for each that is kept PyTorch takes the heap.
    private static final int HEAP_RATIO = 64;

    /// From so few on, a partition is sorted.
    private static final int SORTED_MAX = 3;

    /// The `room` best of `scores`, in no order.
    int[] best(double[] scores, int room) {
        int[] order = new int[scores.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        switch (this) {
            case EARLIER -> throw new IllegalStateException("The earlier ones need no order");
            case HEAP -> heap(order, 0, room, order.length, scores);
            case PARTITION -> {
                if ((long) room * HEAP_RATIO <= order.length) {
                    heap(order, 0, room, order.length, scores);
                } else {
                    partition(order, room - 1, scores);
                }
            }
        }
        int[] best = new int[room];
        System.arraycopy(order, 0, best, 0, room);
        return best;
    }

    /// The GNU C++ library's `__heap_select`: the best of `from .. to` come to `from .. middle`.
    private static void heap(int[] order, int from, int middle, int to, double[] scores) {
        int size = middle - from;
        for (int parent = size / 2 - 1; parent >= 0; parent--) {
            sink(order, from, size, parent, order[from + parent], scores);
        }
        for (int i = middle; i < to; i++) {
            if (scores[order[i]] > scores[order[from]]) {
                int entry = order[i];
                order[i] = order[from];
                sink(order, from, size, 0, entry, scores);
            }
        }
    }

    /// Puts `entry` where `hole` is, or below it: down to a leaf along the worse children, then up again.
    private static void sink(int[] order, int from, int size, int hole, int entry, double[] scores) {
        int top = hole;
        int child = 2 * hole + 2;
        while (child < size) {
            if (scores[order[from + child]] > scores[order[from + child - 1]]) {
                child--;
            }
            order[from + hole] = order[from + child];
            hole = child;
            child = 2 * hole + 2;
        }
        if (child == size) {
            order[from + hole] = order[from + child - 1];
            hole = child - 1;
        }
        while (hole > top && scores[order[from + (hole - 1) / 2]] > scores[entry]) {
            order[from + hole] = order[from + (hole - 1) / 2];
            hole = (hole - 1) / 2;
        }
        order[from + hole] = entry;
    }

    /// The GNU C++ library's `__introselect`: the best come before and to place `nth`.
    private static void partition(int[] order, int nth, double[] scores) {
        int first = 0;
        int last = order.length;
        int depth = 2 * (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(last));
        while (last - first > SORTED_MAX) {
            if (depth-- == 0) {
                heap(order, first, nth + 1, last, scores);
                swap(order, first, nth);
                return;
            }
            medianToFirst(order, first, first + 1, first + (last - first) / 2, last - 1, scores);
            int cut = cut(order, first + 1, last, scores[order[first]], scores);
            if (cut <= nth) {
                first = cut;
            } else {
                last = cut;
            }
        }
        for (int i = first + 1; i < last; i++) {
            int entry = order[i];
            int place = i;
            while (place > first && scores[entry] > scores[order[place - 1]]) {
                order[place] = order[place - 1];
                place--;
            }
            order[place] = entry;
        }
    }

    private static void medianToFirst(int[] order, int first, int a, int b, int c, double[] scores) {
        double x = scores[order[a]];
        double y = scores[order[b]];
        double z = scores[order[c]];
        if (x > y) {
            swap(order, first, y > z ? b : x > z ? c : a);
        } else {
            swap(order, first, x > z ? a : y > z ? c : b);
        }
    }

    /// Where the part that is not better than the pivot begins.
    private static int cut(int[] order, int first, int last, double pivot, double[] scores) {
        while (true) {
            while (scores[order[first]] > pivot) {
                first++;
            }
            last--;
            while (pivot > scores[order[last]]) {
                last--;
            }
            if (first >= last) {
                return first;
            }
            swap(order, first++, last);
        }
    }

    private static void swap(int[] order, int i, int j) {
        int entry = order[i];
        order[i] = order[j];
        order[j] = entry;
    }
}
