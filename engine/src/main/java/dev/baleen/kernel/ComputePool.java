package dev.baleen.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A fixed set of threads that share out ranges of rows. The caller's own thread takes a part.
///
/// The split is static: part `i` of `n` is always the same rows, and no kernel lets the split touch a sum, so nothing
/// depends on timing or on the number of threads. Decoding one token calls some hundred kernels of a few microseconds,
/// so handing over has to be cheap: work too small to share is done by the caller alone; a worker that has just
/// finished looks out for the next work for some microseconds before it sleeps, and the caller likewise for the last
/// worker. A pool that is busy with another caller's work does not make the second one wait: it computes by itself.
public final class ComputePool implements AutoCloseable {
    /// Work on rows `from` to `to` (exclusive).
    @FunctionalInterface
    public interface Rows {
        void compute(int from, int to);
    }

    /// A part below this many nanoseconds costs more to hand over than it saves.
    private static final long PART_NANOS_MIN = 4_000;
    /// How long a worker looks out for work, and a caller for the end of it, before they sleep.
    private static final long SPIN_NANOS = 30_000;

    private static final int SPINS_BETWEEN_CLOCKS = 64;

    private final int threads;
    private final long spinNanos;
    private final Worker[] workers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean closed;

    /// @param threads how many threads compute at once, the caller's included; at least 1
    public ComputePool(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("A compute pool needs at least 1 thread, not " + threads);
        }
        this.threads = threads;
        // With more threads than processors, looking out would keep from work whom one waits for.
        spinNanos = threads <= Runtime.getRuntime().availableProcessors() ? SPIN_NANOS : 0;
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
        }
    }

    /// The number of threads that compute at once, the caller's included.
    public int threads() {
        return threads;
    }

    /// Computes rows 0 to `rows`, each part a multiple of `grain` rows but the last, and returns when all are done.
    public void run(int rows, int grain, Rows work) {
        run(rows, grain, Long.MAX_VALUE, work);
    }

    /// As [#run(int, int, Rows)], for work that takes one thread about `nanos` nanoseconds: on fewer threads,
    /// or on the caller's alone, where sharing would not pay.
    ///
    /// @throws IllegalStateException if a part failed on another thread, after all parts have ended
    public void run(int rows, int grain, long nanos, Rows work) {
        int grains = Math.ceilDiv(rows, grain);
        int parts = (int) Math.min(Math.min(threads, grains), nanos / PART_NANOS_MIN);
        if (parts <= 1 || !busy.compareAndSet(false, true)) {
            if (rows > 0) {
                work.compute(0, rows);
            }
            return;
        }
        try {
            share(new Job(work, rows, grain, grains, parts, Thread.currentThread()));
        } finally {
            busy.set(false);
        }
    }

    private void share(Job job) {
        for (int i = 0; i < job.parts - 1; i++) {
            workers[i].hand(job);
        }
        try {
            job.compute(0);
        } finally {
            await(job);
        }
        Throwable failure = job.failure;
        if (failure != null) {
            throw new IllegalStateException("A compute thread failed: " + failure, failure);
        }
    }

    /// Returns when no worker is in the job any more, whatever befell it; an interrupt waits until then.
    private void await(Job job) {
        if (spin(() -> job.open.get() == 0)) {
            return;
        }
        boolean interrupted = false;
        job.callerSleeps = true;
        while (job.open.get() > 0) {
            LockSupport.park(job);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Condition {
        boolean holds();
    }

    /// Looks out for `condition`; false when it has not come true in time.
    private boolean spin(Condition condition) {
        if (spinNanos == 0) {
            return condition.holds();
        }
        long start = System.nanoTime();
        do {
            for (int i = 0; i < SPINS_BETWEEN_CLOCKS; i++) {
                if (condition.holds()) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < spinNanos);
        return false;
    }

    /// Waits for the work in progress and lets the workers end. Work that is called for afterwards is done by
    /// its caller.
    @Override
    public void close() {
        while (!closed && !busy.compareAndSet(false, true)) {
            LockSupport.parkNanos(this, SPIN_NANOS);
        }
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker.thread);
        }
    }

    /// One call of [#run], shared.
    private static final class Job {
        private final Rows work;
        private final int rows;
        private final int grain;
        private final int grains;
        private final int parts;
        private final Thread caller;
        private final AtomicInteger open;
        private volatile boolean callerSleeps;
        private volatile @Nullable Throwable failure;

        Job(Rows work, int rows, int grain, int grains, int parts, Thread caller) {
            this.work = work;
            this.rows = rows;
            this.grain = grain;
            this.grains = grains;
            this.parts = parts;
            this.caller = caller;
            open = new AtomicInteger(parts - 1);
        }

        void compute(int part) {
            work.compute(start(part), start(part + 1));
        }

        private int start(int part) {
            return (int) Math.min(rows, (long) grains * part / parts * grain);
        }

        void computeOnWorker(int part) {
            try {
                compute(part);
            } catch (Throwable problem) {
                failure = problem;
            }
            if (open.decrementAndGet() == 0 && callerSleeps) {
                LockSupport.unpark(caller);
            }
        }
    }

    private final class Worker {
        private final int part;
        private final Thread thread;
        private volatile @Nullable Job job;
        private volatile boolean sleeps;

        Worker(int part) {
            this.part = part;
            thread = Thread.ofPlatform().daemon().name("compute-" + part).start(this::work);
        }

        void hand(Job next) {
            job = next;
            if (sleeps) {
                LockSupport.unpark(thread);
            }
        }

        private void work() {
            while (!closed || job != null) {
                Job next = job;
                if (next != null) {
                    job = null;
                    next.computeOnWorker(part);
                } else if (!spin(() -> job != null || closed)) {
                    sleeps = true;
                    if (job == null && !closed) {
                        LockSupport.park(this);
                    }
                    sleeps = false;
                }
            }
        }
    }
}
