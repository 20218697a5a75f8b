package dev.baleen.generation;

import java.util.ArrayDeque;

/// Who has which page of the cache. Every page is either free or somebody's, and [#release] checks it.
///
/// Only the engine's thread may touch it.
final class PagePool {
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final boolean[] taken;

    PagePool(int pages) {
        taken = new boolean[pages];
        for (int page = 0; page < pages; page++) {
            free.add(page);
        }
    }

    int pages() {
        return taken.length;
    }

    int free() {
        return free.size();
    }

    /// Any free page.
    ///
    /// @throws IllegalStateException if there is none: the scheduler must not plan more than is free
    int take() {
        Integer page = free.poll();
        if (page == null) {
            throw new IllegalStateException("All " + taken.length + " pages of the cache are taken");
        }
        taken[page] = true;
        return page;
    }

    void release(int page) {
        if (!taken[page]) {
            throw new IllegalStateException("Page " + page + " of the cache was released twice");
        }
        taken[page] = false;
        free.push(page);
    }
}
