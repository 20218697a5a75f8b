package dev.baleen.hub;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// Pulls from a test's hub with small pieces, without waiting, and remembers what was told.
final class Puller implements PullListener {
    static final int PIECE_BYTES = 1_000;

    private final HubSettings settings;
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final AtomicLong advanced = new AtomicLong();
    private long planned;
    private long here;
    private long freeBytes = Long.MAX_VALUE;
    private Duration stallMax = Duration.ofSeconds(30);
    private int connections = 3;

    Puller(HubSettings settings) {
        this.settings = settings;
    }

    Puller withFreeBytes(long bytes) {
        freeBytes = bytes;
        return this;
    }

    Puller withStallMax(Duration time) {
        stallMax = time;
        return this;
    }

    Puller withConnections(int count) {
        connections = count;
        return this;
    }

    Path pull(String model) {
        Hub.Tuning tuning = new Hub.Tuning(PIECE_BYTES, stallMax, pauses::add, folder -> freeBytes);
        try (Hub hub = new Hub(settings, tuning)) {
            return hub.pull(ModelReference.find(model).orElseThrow(), Hub.MAIN, connections, this);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// What the refusal of a pull says.
    String refusal(String model) {
        return assertThrows(HubException.class, () -> pull(model)).getMessage();
    }

    List<String> notes() {
        return notes;
    }

    List<Duration> pauses() {
        return pauses;
    }

    /// Bytes that were said to be here or to arrive, and are none of those that did not count.
    long progress() {
        return here + advanced.get();
    }

    long planned() {
        return planned;
    }

    @Override
    public void planned(ModelReference model, int files, long bytes, long here) {
        this.planned = bytes;
        this.here = here;
    }

    @Override
    public void advanced(long bytes) {
        advanced.addAndGet(bytes);
    }

    @Override
    public void noted(String line) {
        notes.add(line);
    }
}
