package dev.baleen.kernel;

/// Which of equally good entries an indexer keeps.
///
/// With few heads ties are common: where no head's product is positive, the score is exactly zero. The published models
/// have 64 heads, and nearly none. PyTorch's `topk` has no rule that could be followed: what it keeps depends on how
/// many
/// positions the batch has.
public enum Ties {
    /// The earlier ones.
    EARLIER,
    /// What is left in the heap of the best so far, whose root makes room for whatever is better: llama.cpp, by way
    /// of
    /// C++'s `partial_sort`.
    HEAP;

    /// The `room` best entries of the heap, in no order, as the GNU C++ library's `__heap_select` leaves them.
    static int[] heap(double[] scores, int count, int room) {
        int[] heap = new int[room];
        for (int i = 0; i < room; i++) {
            heap[i] = i;
        }
        for (int parent = room / 2 - 1; parent >= 0; parent--) {
            sink(heap, parent, heap[parent], scores);
        }
        for (int entry = room; entry < count; entry++) {
            if (scores[entry] > scores[heap[0]]) {
                sink(heap, 0, entry, scores);
            }
        }
        return heap;
    }

    /// Puts `entry` where `hole` is, or below it: down to a leaf along the worse children, then up again.
    private static void sink(int[] heap, int hole, int entry, double[] scores) {
        int top = hole;
        int child = 2 * hole + 2;
        while (child < heap.length) {
            if (scores[heap[child]] > scores[heap[child - 1]]) {
                child--;
            }
            heap[hole] = heap[child];
            hole = child;
            child = 2 * hole + 2;
        }
        if (child == heap.length) {
            heap[hole] = heap[child - 1];
            hole = child - 1;
        }
        while (hole > top && scores[heap[(hole - 1) / 2]] > scores[entry]) {
            heap[hole] = heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }
        heap[hole] = entry;
    }
}
