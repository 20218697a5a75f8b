package dev.baleen.chat;

import java.util.List;
import java.util.function.Supplier;

/// Where in an answer its reader is: the marks that lead on from here, and what becomes of all other text. Used once:
/// its marks remember what they have seen.
///
/// @param branches in the order in which they win where several are complete at one character
record Stage(List<Branch> branches, Action otherwise) {
    /// @param action what becomes of the mark
    /// @param next where it leads to
    record Branch(Mark mark, Action action, Supplier<Stage> next) {}

    /// Characters at the end that may still become a mark.
    int held() {
        int held = 0;
        for (Branch branch : branches) {
            held = Math.max(held, branch.mark().length());
        }
        return held;
    }
}
