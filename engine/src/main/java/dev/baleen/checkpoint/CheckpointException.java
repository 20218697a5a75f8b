package dev.baleen.checkpoint;

import java.util.List;
import java.util.stream.Collectors;

/// A checkpoint cannot be used. Carries every problem that was found, not only the first.
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /// @param subject what cannot be used, such as a path
    CheckpointException(String subject, List<Problem> problems) {
        super(message(subject, problems));
        this.problems = List.copyOf(problems);
    }

    CheckpointException(String subject, List<Problem> problems, Throwable cause) {
        super(message(subject, problems), cause);
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String message(String subject, List<Problem> problems) {
        if (problems.size() == 1) {
            return "Cannot use " + subject + ": " + problems.getFirst();
        }
        return problems.stream()
                .map(problem -> "\n  - " + problem)
                .collect(Collectors.joining(
                        "", "Cannot use %s, which has %d problems:".formatted(subject, problems.size()), ""));
    }
}
