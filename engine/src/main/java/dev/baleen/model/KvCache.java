package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.model.CacheLayout.Paged;
import dev.baleen.model.CacheLayout.Recent;
import dev.baleen.model.CacheLayout.Stream;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// The memory of all sequences, in the streams of a [CacheLayout]: pages of rows, and places for what a sequence keeps
/// while it runs. Which page and which place belong to whom is not known here.
///
/// A page holds [#PAGE_TOKENS] consecutive positions of one sequence.
public final class KvCache implements AutoCloseable {
    /// Positions in a page.
    public static final int PAGE_TOKENS = 64;

    private static final KvCache NONE = new KvCache(Arena.global(), List.of(), 0);

    private final Arena arena;
    private final List<Tensor> streams;
    private final int pages;

    private KvCache(Arena arena, List<Tensor> streams, int pages) {
        this.arena = arena;
        this.streams = streams;
        this.pages = pages;
    }

    /// Zeroed memory for `pages` pages and one sequence at a time, in F32, F16, BF16 or F64.
    public static KvCache allocate(CacheLayout layout, int pages, DType type) {
        return allocate(layout, pages, 1, type);
    }

    /// Zeroed memory for `pages` pages, in F32, F16, BF16 or F64, and for as many sequences at a time.
    public static KvCache allocate(CacheLayout layout, int pages, int sequences, DType type) {
        Arena arena = Arena.ofShared();
        List<Tensor> streams = new ArrayList<>();
        for (Stream stream : layout.streams()) {
            streams.add(
                    switch (stream) {
                        case Paged paged -> Tensor.allocate(arena, type, pages, paged.rowsPerPage(), paged.width());
                        case Recent recent ->
                            Tensor.allocate(
                                    arena, CacheLayout.recentType(type), sequences, recent.positions(), recent.width());
                    });
        }
        return new KvCache(arena, List.copyOf(streams), pages);
    }

    /// No memory: every span is a whole document, and its keys are the batch's own.
    public static KvCache none() {
        return NONE;
    }

    public boolean isNone() {
        return streams.isEmpty();
    }

    /// The pages of a layer, where every layer has one stream: [pages, PAGE_TOKENS, row width].
    public Tensor layer(int index) {
        return stream(index);
    }

    /// One stream: [pages, rows of a page, width], or [sequences, positions, width].
    public Tensor stream(int index) {
        return streams.get(index);
    }

    public int pages() {
        return pages;
    }

    /// Pages that `tokens` positions of one sequence take.
    public static int pagesFor(int tokens) {
        return Math.ceilDiv(tokens, PAGE_TOKENS);
    }

    @Override
    public void close() {
        if (!isNone()) {
            arena.close();
        }
    }
}
