package dev.baleen.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// Somebody at a terminal who types only after having read, and leaves when nothing comes for a minute.
final class Typist {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Queue<Turn> turns = new ArrayDeque<>();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Queue<Byte> typed = new ArrayDeque<>();
    private int readTo;

    private record Turn(String awaited, String keys) {}

    /// Types `keys` when `awaited` has been shown since the keys before.
    Typist after(String awaited, String keys) {
        turns.add(new Turn(awaited, keys));
        return this;
    }

    /// All that was shown.
    synchronized String screen() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    OutputStream display() {
        return new OutputStream() {
            @Override
            public void write(int value) {
                show(value);
            }
        };
    }

    InputStream keys() {
        return new InputStream() {
            @Override
            public int read() {
                return nextKey();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                int key = read();
                if (key >= 0) {
                    bytes[offset] = (byte) key;
                }
                return key < 0 ? -1 : 1;
            }
        };
    }

    private synchronized void show(int value) {
        shown.write(value);
        notifyAll();
    }

    private synchronized int nextKey() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (typed.isEmpty()) {
            if (!turns.isEmpty() && screen().indexOf(turns.element().awaited(), readTo) >= 0) {
                readTo = screen().length();
                for (byte key : turns.remove().keys().getBytes(StandardCharsets.UTF_8)) {
                    typed.add(key);
                }
            } else {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    return -1;
                }
                try {
                    wait(millis);
                } catch (InterruptedException e) {
                    return -1; // The terminal is closed.
                }
            }
        }
        return typed.remove() & 0xFF;
    }
}
