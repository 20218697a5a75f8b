package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Entries;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What a model remembers of a sequence, as streams of rows.
///
/// Latent attention has one stream a layer with a row of 512 + 64 numbers for each position in the V3
/// configuration: with 61 layers and two bytes a number that is 70,272 bytes a token.
///
/// @param streams in an order that the model knows
public record CacheLayout(List<Stream> streams) {
    /// Rows of one kind, for all sequences.
    public sealed interface Stream {
        /// Numbers of a row.
        int width();
    }

    /// A row for every `ratio` positions, kept as long as the sequence: in pages.
    ///
    /// A page of 64 positions has ⌈64 / ratio⌉ rows. So with a ratio that does not divide 64 some stay empty: with
    /// 128 every other one.
    public record Paged(int width, int ratio) implements Stream {
        public Paged {
            check(width, ratio);
        }

        int rowsPerPage() {
            return Entries.rowsPerPage(ratio, KvCache.PAGE_TOKENS);
        }
    }

    /// A row for each of the last `positions` positions, in single precision: in a place that a sequence has as
    /// long as it runs.
    public record Recent(int width, int positions) implements Stream {
        public Recent {
            check(width, positions);
        }
    }

    public CacheLayout {
        streams = List.copyOf(streams);
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("No cache without a stream");
        }
    }

    /// A row of `rowWidth` numbers for each position and layer.
    public CacheLayout(int layers, int rowWidth) {
        this(Collections.nCopies(layers, new Paged(rowWidth, 1)));
    }

    /// Bytes that a page takes in all streams.
    public long bytesPerPage(DType type) {
        long bytes = 0;
        for (Stream stream : streams) {
            bytes += switch (stream) {
                case Paged paged -> paged.rowsPerPage() * type.bytes(paged.width);
                case Recent _ -> 0;
            };
        }
        return bytes;
    }

    /// Bytes that one position takes in all streams, rounded up.
    public long bytesPerToken(DType type) {
        return Math.ceilDiv(bytesPerPage(type), KvCache.PAGE_TOKENS);
    }

    /// Bytes that a sequence takes however long it is.
    public long bytesPerSequence(DType type) {
        long bytes = 0;
        for (Stream stream : streams) {
            bytes += switch (stream) {
                case Paged _ -> 0;
                case Recent recent -> recentType(type).bytes((long) recent.positions * recent.width);
            };
        }
        return bytes;
    }

    /// The different numbers of positions that a row stands for; 1 where nothing is kept in pages.
    Set<Integer> ratios() {
        Set<Integer> ratios = new TreeSet<>();
        for (Stream stream : streams) {
            ratios.add(stream instanceof Paged paged ? paged.ratio : 1);
        }
        return ratios;
    }

    /// The most positions that a sequence's own place goes back.
    int recentPositionsMax() {
        int most = 0;
        for (Stream stream : streams) {
            most = Math.max(most, stream instanceof Recent recent ? recent.positions : 0);
        }
        return most;
    }

    /// Bounded streams are read and written as activations are.
    static DType recentType(DType cacheType) {
        return cacheType == DType.F64 ? DType.F64 : DType.F32;
    }

    private static void check(int width, int positions) {
        if (width < 1 || positions < 1) {
            throw new IllegalArgumentException("No rows of %d numbers for %d positions".formatted(width, positions));
        }
    }
}
