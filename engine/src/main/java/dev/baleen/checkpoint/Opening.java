package dev.baleen.checkpoint;

import java.lang.foreign.Arena;
import java.util.function.Function;

/// Gives what is being opened an arena, which is closed again if the opening fails.
final class Opening {
    private Opening() {}

    static <T> T open(Function<Arena, T> body) {
        Arena arena = Arena.ofShared();
        boolean opened = false;
        try {
            T result = body.apply(arena);
            opened = true;
            return result;
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }
}
