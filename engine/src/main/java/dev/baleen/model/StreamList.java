package dev.baleen.model;

import dev.baleen.model.CacheLayout.Stream;
import java.util.ArrayList;
import java.util.List;

/// The streams of a cache while the layers that will use them are made.
final class StreamList {
    private final List<Stream> streams = new ArrayList<>();

    /// Adds a stream and tells its number.
    int add(Stream stream) {
        streams.add(stream);
        return streams.size() - 1;
    }

    CacheLayout layout() {
        return new CacheLayout(streams);
    }
}
