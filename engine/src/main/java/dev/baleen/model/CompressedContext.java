package dev.baleen.model;

import dev.baleen.kernel.Entries;
import dev.baleen.kernel.RecentRows;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.Rotation;
import dev.baleen.kernel.Selection;
import dev.baleen.kernel.Span;
import dev.baleen.kernel.Windows;
import java.util.HashMap;
import java.util.Map;

/// What the layers of one forward pass share where attention is compressed: made once a step, not once a layer.
final class CompressedContext {
    private final Span[] spans;
    private final KvCache cache;
    private final DeepSeekV4Config config;
    private final Turns plain;
    private final Turns compressed;
    private final RecentRows recent;
    private final Selection window;
    private final Map<DeepSeekV4Config.Compression, Step> steps = new HashMap<>();

    /// The angles of a step's rows, and those that undo them.
    record Turns(Rotation there, Rotation back) {
        static Turns of(RotaryEmbedding rotary, int[] positions) {
            Rotation there = rotary.at(positions);
            return new Turns(there, there.transposed());
        }
    }

    /// What a step does to the entries of one kind of layer.
    ///
    /// @param entries where each sequence's entries lie
    /// @param recent the rows that windows are made of
    /// @param windows those that the step completes
    /// @param rotation angles of the entries that they become: an entry turns as its window's first position
    /// @param targets rows of the cache for these entries
    record Step(Entries entries, RecentRows recent, Windows windows, Rotation rotation, int[] targets) {}

    CompressedContext(DeepSeekV4Config config, Batch batch, KvCache cache) {
        spans = batch.spans();
        this.cache = cache;
        this.config = config;
        int[] positions = batch.positions();
        plain = Turns.of(config.plainRotary(), positions);
        compressed = Turns.of(config.compressedRotary(), positions);
        recent = recent(config.window());
        window = recent.window(config.window());
    }

    KvCache cache() {
        return cache;
    }

    Span[] spans() {
        return spans;
    }

    Turns turns(DeepSeekV4Config.Compression compression) {
        return compression.isNone() ? plain : compressed;
    }

    /// The rows that the sliding window looks at.
    RecentRows recent() {
        return recent;
    }

    /// For each row, its sliding window among the recent rows.
    Selection window() {
        return window;
    }

    Step step(DeepSeekV4Config.Compression compression) {
        return steps.computeIfAbsent(compression, this::makeStep);
    }

    private Step makeStep(DeepSeekV4Config.Compression compression) {
        int ratio = compression.ratio();
        Entries entries =
                cache.isNone() ? Entries.ofDocuments(spans, ratio) : Entries.cached(spans, ratio, KvCache.PAGE_TOKENS);
        RecentRows rows = recent(positionsBack(compression));
        Windows windows = Windows.completed(rows, ratio, compression.sparse());
        int[] positions = new int[windows.count()];
        int at = 0;
        for (Span span : spans) {
            for (int entry = span.position() / ratio; entry < span.end() / ratio; entry++) {
                positions[at++] = entry * ratio;
            }
        }
        Rotation rotation = config.compressedRotary().at(positions);
        return new Step(entries, rows, windows, rotation, entries.completedRows());
    }

    /// How far back windows begin that are not complete yet, and the one before them.
    static int positionsBack(DeepSeekV4Config.Compression compression) {
        return compression.sparse() ? 2 * compression.ratio() : compression.ratio();
    }

    private RecentRows recent(int positions) {
        return cache.isNone() ? RecentRows.ofDocuments(spans) : RecentRows.behind(spans, positions);
    }
}
