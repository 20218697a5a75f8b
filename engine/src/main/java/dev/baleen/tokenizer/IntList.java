package dev.baleen.tokenizer;

import java.util.Arrays;

/// A growing array of ids.
final class IntList {
    private int[] items = new int[64];
    private int size;

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, Math.max(size + 1, size + (size >> 1)));
        }
        items[size++] = item;
    }

    void addAll(int[] more, int count) {
        if (items.length - size < count) {
            items = Arrays.copyOf(items, Math.addExact(size + (size >> 1), count));
        }
        System.arraycopy(more, 0, items, size, count);
        size += count;
    }

    int[] toArray() {
        return Arrays.copyOf(items, size);
    }
}
