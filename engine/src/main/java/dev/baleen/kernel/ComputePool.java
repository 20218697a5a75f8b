package dev.baleen.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// A fixed set of threads that share out ranges of rows. The caller's own thread takes a part.
///
/// The split is static: part `i` of `n` is always the same rows, so nothing depends on timing.
public final class ComputePool implements AutoCloseable {
    /// Work on rows `from` to `to` (exclusive).
    @FunctionalInterface
    public interface Rows {
        void compute(int from, int to);
    }

    private final int threads;
    private final ExecutorService workers;

    /// @param threads how many threads compute at once, the caller's included; at least 1
    public ComputePool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("A compute pool needs at least 1 thread, not " + threads);
        }
        this.threads = threads;
        AtomicInteger number = new AtomicInteger(1);
        this.workers = Executors.newFixedThreadPool(Math.max(1, threads - 1), task -> Thread.ofPlatform()
                .daemon()
                .name("compute-" + number.getAndIncrement())
                .unstarted(task));
    }

    public int threads() {
        return threads;
    }

    /// Computes rows 0 to `rows`, each part a multiple of `grain` rows but the last, and returns when all are done.
    public void run(int rows, int grain, Rows work) {
        int grains = Math.ceilDiv(rows, grain);
        int parts = Math.min(threads, grains);
        if (parts <= 1) {
            if (rows > 0) {
                work.compute(0, rows);
            }
            return;
        }
        CountDownLatch done = new CountDownLatch(parts - 1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int part = 1; part < parts; part++) {
            int from = start(part, parts, grains, grain, rows);
            int to = start(part + 1, parts, grains, grain, rows);
            workers.execute(() -> {
                try {
                    work.compute(from, to);
                } catch (Throwable problem) {
                    failure.set(problem);
                } finally {
                    done.countDown();
                }
            });
        }
        work.compute(0, start(1, parts, grains, grain, rows));
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable problem = failure.get();
        if (problem != null) {
            throw new IllegalStateException("A compute thread failed: " + problem, problem);
        }
    }

    private static int start(int part, int parts, int grains, int grain, int rows) {
        return (int) Math.min(rows, (long) grains * part / parts * grain);
    }

    @Override
    public void close() {
        workers.shutdown();
    }
}
