package dev.baleen.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;

/// Those of some values that a predicate takes, looked for only when asked.
final class Chosen implements Iterator<Value> {
    private final Iterator<Value> values;
    private final Predicate<Value> predicate;
    private Optional<Value> found = Optional.empty();

    Chosen(Iterator<Value> values, Predicate<Value> predicate) {
        this.values = values;
        this.predicate = predicate;
    }

    @Override
    public boolean hasNext() {
        while (found.isEmpty() && values.hasNext()) {
            found = Optional.of(values.next()).filter(predicate);
        }
        return found.isPresent();
    }

    @Override
    public Value next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Value next = found.orElseThrow();
        found = Optional.empty();
        return next;
    }
}
