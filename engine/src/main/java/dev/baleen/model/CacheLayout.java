package dev.baleen.model;

import dev.baleen.dtype.DType;

/// What a model remembers of each position: `layers` rows of `rowWidth` numbers.
///
/// Latent attention keeps 512 + 64 numbers a layer in the V3 configuration: with 61 layers and two bytes a number that
/// is 70,272 bytes a token.
public record CacheLayout(int layers, int rowWidth) {
    public CacheLayout {
        if (layers < 1 || rowWidth < 1) {
            throw new IllegalArgumentException("No cache of %d layers of %d numbers".formatted(layers, rowWidth));
        }
    }

    /// Bytes that one position takes in all layers.
    public long bytesPerToken(DType type) {
        return layers * type.bytes(rowWidth);
    }
}
