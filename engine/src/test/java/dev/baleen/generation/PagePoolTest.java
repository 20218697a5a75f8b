package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PagePoolTest {
    @Test
    void givesEachPageOnce() {
        PagePool pool = new PagePool(5);
        Set<Integer> pages = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            pages.add(pool.take());
        }
        assertEquals(5, pages.size());
        assertEquals(0, pool.free());
        assertThrows(IllegalStateException.class, pool::take);
        pool.release(3);
        assertEquals(3, pool.take());
    }

    @Test
    void refusesAPageThatIsFreeAlready() {
        PagePool pool = new PagePool(2);
        int page = pool.take();
        pool.release(page);
        assertThrows(IllegalStateException.class, () -> pool.release(page));
    }
}
