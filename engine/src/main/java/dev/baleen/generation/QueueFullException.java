package dev.baleen.generation;

/// More requests wait than the engine takes. Not the caller's mistake: the same request may be taken later.
public final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    QueueFullException(int waiting) {
        super("%,d requests are waiting, as many as may; try again later, or raise queueMax".formatted(waiting));
    }
}
