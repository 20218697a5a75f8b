package dev.baleen.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Closes bodies that stand still: the JDK's client limits how long headers may take, not what comes after.
final class StallWatch implements AutoCloseable {
    private final Duration stallMax;
    private final Set<Watched> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("hub-stall-watch").factory());

    StallWatch(Duration stallMax) {
        this.stallMax = stallMax;
        long period = Math.max(1, stallMax.toMillis() / 4);
        clock.scheduleWithFixedDelay(this::closeStalled, period, period, TimeUnit.MILLISECONDS);
    }

    /// The same bytes; a read that takes too long fails, saying so.
    InputStream watch(InputStream body) {
        Watched watched = new Watched(body);
        open.add(watched);
        return watched;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void closeStalled() {
        long now = System.nanoTime();
        for (Watched each : open) {
            if (each.reading && now - each.since > stallMax.toNanos()) {
                each.stalled = true;
                each.closeQuietly();
            }
        }
    }

    private final class Watched extends FilterInputStream {
        private volatile boolean reading;
        private volatile boolean stalled;
        private volatile long since;

        Watched(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            since = System.nanoTime();
            reading = true;
            try {
                int count = super.read(bytes, offset, length);
                if (count >= 0 || !stalled) {
                    return count;
                }
            } catch (IOException e) {
                if (!stalled) {
                    throw e;
                }
            } finally {
                reading = false;
            }
            throw new IOException("nothing came for %d s".formatted(Math.max(1, stallMax.toSeconds())));
        }

        @Override
        public void close() throws IOException {
            open.remove(this);
            super.close();
        }

        private void closeQuietly() {
            try {
                close();
            } catch (IOException e) {
                stalled = true; // The reader is told by its own read.
            }
        }
    }
}
