package dev.baleen.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Filters and tests that a template names and that there are not. Jinja refuses such a template, but for those
/// behind a condition, which may never be reached.
final class UnknownNames {
    /// Those around which a condition may still turn out to be.
    private final List<Misread> open = new ArrayList<>();

    private Optional<Misread> first = Optional.empty();

    void add(String what, String name, int position) {
        open.add(new Misread("there is no %s '%s'".formatted(what, name), position));
    }

    /// How many there were so far.
    int count() {
        return open.size();
    }

    /// Of those that came after the first so many: they stand behind a condition.
    void forgive(int count) {
        open.subList(count, open.size()).clear();
    }

    /// Of those that came after the first so many: they do not.
    void keep(int count) {
        if (open.size() > count) {
            first = first.or(() -> Optional.of(open.get(count)));
        }
    }

    /// @throws Misread if there is one
    void refuse() {
        keep(0);
        first.ifPresent(misread -> {
            throw misread;
        });
    }
}
