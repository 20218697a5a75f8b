package dev.baleen.jinja;

import java.util.Collection;

/// How deep containers lie inside each other. Bounded, as whatever walks over them is recursive.
final class Nesting {
    private static final int DEPTH_MAX = 200;

    private Nesting() {}

    /// The depth of a container of these.
    static int around(Collection<Value> items) {
        int deepest = 0;
        for (Value item : items) {
            if (item instanceof Value.Container container) {
                deepest = Math.max(deepest, container.depth());
            }
        }
        check(deepest + 1);
        return deepest + 1;
    }

    static void check(int depth) {
        if (depth > DEPTH_MAX) {
            throw Fault.of("values lie inside each other more than %d levels deep", DEPTH_MAX);
        }
    }
}
