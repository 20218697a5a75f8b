package dev.baleen.kernel;

/// Where keys and values lie in a cached row.
///
/// Key-value head `g` has its key at columns `keyOffset + g * keyWidth` and its value at `valueOffset + g *
/// valueWidth`. Latent attention in its absorbed form has one head whose value is the first part of its key
/// (DeepSeek-V2, arXiv 2405.04434, §2.1.2); grouped-query attention stores all keys, then all values.
///
/// @param count key-value heads; the query heads are a multiple of them
public record CachedHeads(int count, int keyOffset, int keyWidth, int valueOffset, int valueWidth) {
    public CachedHeads {
        if (count < 1 || keyWidth < 1 || valueWidth < 1 || keyOffset < 0 || valueOffset < 0) {
            throw new IllegalArgumentException("No layout of %d heads with keys of %d at %d and values of %d at %d"
                    .formatted(count, keyWidth, keyOffset, valueWidth, valueOffset));
        }
    }

    /// One head: the whole row is the key, its first `valueWidth` columns are the value.
    public static CachedHeads latent(int rowWidth, int valueWidth) {
        return new CachedHeads(1, 0, rowWidth, 0, valueWidth);
    }

    /// All keys, then all values.
    public static CachedHeads grouped(int count, int keyWidth, int valueWidth) {
        return new CachedHeads(count, 0, keyWidth, count * keyWidth, valueWidth);
    }
}
