package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// The memory of all sequences: for each layer, pages of rows. Which page belongs to whom is not known here.
///
/// A page holds [#PAGE_TOKENS] consecutive positions of one sequence.
public final class KvCache implements AutoCloseable {
    /// Positions in a page.
    public static final int PAGE_TOKENS = 64;

    private static final KvCache NONE = new KvCache(Arena.global(), List.of(), 0);

    private final Arena arena;
    private final List<Tensor> layers;
    private final int pages;

    private KvCache(Arena arena, List<Tensor> layers, int pages) {
        this.arena = arena;
        this.layers = layers;
        this.pages = pages;
    }

    /// Zeroed memory for `pages` pages in every layer, in F32, F16, BF16 or F64.
    public static KvCache allocate(CacheLayout layout, int pages, DType type) {
        Arena arena = Arena.ofShared();
        List<Tensor> layers = new ArrayList<>();
        for (int i = 0; i < layout.layers(); i++) {
            layers.add(Tensor.allocate(arena, type, pages, PAGE_TOKENS, layout.rowWidth()));
        }
        return new KvCache(arena, List.copyOf(layers), pages);
    }

    /// No memory: every span is a whole document, and its keys are the batch's own.
    public static KvCache none() {
        return NONE;
    }

    public boolean isNone() {
        return layers.isEmpty();
    }

    /// The pages of one layer: [pages, PAGE_TOKENS, row width].
    public Tensor layer(int index) {
        return layers.get(index);
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
