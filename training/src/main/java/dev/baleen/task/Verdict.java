package dev.baleen.task;

/// What a verifier says about a completion.
///
/// @param correct the answer is right; never true when `format` is false
/// @param format exactly one closing think tag, reasoning where the task asks for it, one answer of the task's form
/// @param faithful share of the checkable lines in the reasoning that are true, 0 to 1: to be reported, never rewarded
public record Verdict(boolean correct, boolean format, double faithful) {

    public Verdict {
        if (correct && !format) {
            throw new IllegalArgumentException("A completion of the wrong format cannot be correct");
        }
        if (!(faithful >= 0 && faithful <= 1)) {
            throw new IllegalArgumentException("faithful must lie between 0 and 1, got " + faithful);
        }
    }

    static Verdict malformed(double faithful) {
        return new Verdict(false, false, faithful);
    }

    static Verdict wellFormed(boolean correct, double faithful) {
        return new Verdict(correct, true, faithful);
    }
}
