package dev.baleen.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class ComputePoolTest {
    @Test
    void computesEveryRowOnceInPartsOfWholeGrains() {
        for (int threads = 1; threads <= 4; threads++) {
            try (ComputePool pool = new ComputePool(threads)) {
                for (int rows : new int[] {0, 1, 7, 8, 9, 100}) {
                    AtomicIntegerArray counts = new AtomicIntegerArray(rows);
                    pool.run(rows, 8, (from, to) -> {
                        assertEquals(0, from % 8);
                        for (int r = from; r < to; r++) {
                            counts.incrementAndGet(r);
                        }
                    });
                    for (int r = 0; r < rows; r++) {
                        assertEquals(1, counts.get(r), "row " + r);
                    }
                }
            }
        }
    }

    @Test
    void thousandsOfSmallHandOversLoseNothing() {
        try (ComputePool pool = new ComputePool(3)) {
            AtomicInteger done = new AtomicInteger();
            for (int i = 0; i < 5000; i++) {
                pool.run(3, 1, (from, to) -> done.addAndGet(to - from));
                assertEquals(3 * (i + 1), done.get());
            }
        }
    }

    @Test
    void smallWorkStaysOnTheCallersThread() {
        try (ComputePool pool = new ComputePool(3)) {
            pool.run(100, 1, 500, (from, to) -> {
                assertEquals(100, to - from);
                assertTrue(!Thread.currentThread().getName().startsWith("compute-"));
            });
        }
    }

    @Test
    void aFailureOnAnyThreadIsToldAfterAllPartsHaveEnded() {
        try (ComputePool pool = new ComputePool(3)) {
            AtomicInteger ended = new AtomicInteger();
            IllegalArgumentException broken = new IllegalArgumentException("row 5 is broken");
            IllegalStateException problem = assertThrows(
                    IllegalStateException.class,
                    () -> pool.run(6, 1, (from, to) -> {
                        ended.incrementAndGet();
                        if (to == 6) {
                            throw broken;
                        }
                    }));
            assertEquals(3, ended.get());
            assertSame(broken, problem.getCause());
            pool.run(6, 1, (from, to) -> ended.incrementAndGet());
            assertEquals(6, ended.get());
        }
    }

    @Test
    void workWithinWorkAndWorkAfterClosingAreDoneByTheirCallers() {
        AtomicInteger done = new AtomicInteger();
        ComputePool pool = new ComputePool(2);
        pool.run(4, 1, (from, to) -> pool.run(10, 1, (first, last) -> done.addAndGet(last - first)));
        assertEquals(20, done.get());
        pool.close();
        pool.close();
        pool.run(4, 1, (from, to) -> done.addAndGet(to - from));
        assertEquals(24, done.get());
    }

    @Test
    void closingEndsItsThreads() throws InterruptedException {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        try (ComputePool pool = new ComputePool(3)) {
            pool.run(3, 1, (from, to) -> seen.add(Thread.currentThread()));
        }
        assertEquals(3, seen.size());
        for (Thread thread : seen) {
            if (thread != Thread.currentThread()) {
                thread.join(10_000);
                assertTrue(!thread.isAlive(), thread.getName());
            }
        }
    }
}
