package dev.baleen.hub;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;

/// Who fetches which piece next, and which are finished. Shared by the threads of one file.
final class PieceBoard {
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final BitSet finished = new BitSet();
    private boolean over;
    private Optional<Throwable> failure = Optional.empty();

    synchronized void add(int piece) {
        finished.clear(piece);
        waiting.add(piece);
        notifyAll();
    }

    synchronized void finish(int piece) {
        finished.set(piece);
        notifyAll();
    }

    synchronized boolean isFinished(int piece) {
        return finished.get(piece);
    }

    /// The next piece to fetch, once there is one; negative when the file is done or has failed.
    synchronized int take() throws InterruptedException {
        while (waiting.isEmpty() && !over) {
            wait();
        }
        return over ? -1 : waiting.remove();
    }

    /// Returns when the piece is finished.
    ///
    /// @throws HubException if it never will be
    synchronized void await(int piece) throws InterruptedException {
        while (!finished.get(piece) && failure.isEmpty()) {
            wait();
        }
        if (failure.isPresent()) {
            throw failure.get() instanceof HubException told
                    ? new HubException(String.valueOf(told.getMessage()), told)
                    : new HubException("The download failed: " + failure.get(), failure.get());
        }
    }

    /// Nobody needs to fetch any more.
    synchronized void end() {
        over = true;
        notifyAll();
    }

    synchronized void fail(Throwable reason) {
        failure = failure.or(() -> Optional.of(reason));
        end();
    }
}
