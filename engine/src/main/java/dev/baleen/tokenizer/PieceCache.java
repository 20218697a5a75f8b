package dev.baleen.tokenizer;

import org.jspecify.annotations.Nullable;

/// Remembers the ids of pieces seen lately: text is mostly the same words again.
///
/// A fixed number of slots, the newest piece wins its slot. Threads share it without locks: entries are
/// immutable, and a reader that sees an old one, or none, only computes the ids again.
final class PieceCache {
    /// Longer pieces are rare, and their bytes would crowd the cache: at most 16,384 × about 200 bytes are
    /// held.
    static final int LENGTH_MAX = 24;

    private static final int SLOT_BITS = 14;

    private final @Nullable Entry[] slots = new @Nullable Entry[1 << SLOT_BITS];

    private record Entry(String piece, int[] ids) {}

    static int slot(String text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + text.charAt(i);
        }
        return hash * 0x9E3779B9 >>> 32 - SLOT_BITS;
    }

    /// The ids of text[from, to), or null. The array is shared: it must not be written to.
    int @Nullable [] get(int slot, String text, int from, int to) {
        Entry entry = slots[slot];
        return entry != null && entry.piece.length() == to - from && text.startsWith(entry.piece, from)
                ? entry.ids
                : null;
    }

    void put(int slot, String piece, int[] ids) {
        slots[slot] = new Entry(piece, ids);
    }
}
