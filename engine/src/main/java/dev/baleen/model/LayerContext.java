package dev.baleen.model;

import dev.baleen.kernel.Entries;
import dev.baleen.kernel.Rotation;
import dev.baleen.kernel.Span;

/// What every layer of one forward pass shares.
///
/// @param spans which rows belong to which sequence
/// @param rotation the angles that rows turn by
/// @param cache where keys and values are kept
record LayerContext(Span[] spans, Rotation rotation, KvCache cache) {
    /// Where each position's row lies.
    Entries positions() {
        return cache.isNone() ? Entries.ofDocuments(spans, 1) : Entries.cached(spans, 1, KvCache.PAGE_TOKENS);
    }
}
