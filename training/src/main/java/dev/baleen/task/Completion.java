package dev.baleen.task;

/// A model's text, cut at its think tags.
///
/// @param wellFormed exactly one closing tag, and no opening tag but at most one at the very head
/// @param trace the reasoning, stripped; empty when not well formed
/// @param answer what follows it, stripped; empty when not well formed
record Completion(boolean wellFormed, String trace, String answer) {

    /// No problem's solution comes near it; longer texts are refused unread.
    private static final int LENGTH_MAX = 20_000;

    static Completion parse(String text) {
        Completion refused = new Completion(false, "", "");
        if (text.length() > LENGTH_MAX) {
            return refused;
        }
        String body = text.startsWith(Problem.THINK_OPEN) ? text.substring(Problem.THINK_OPEN.length()) : text;
        int close = body.indexOf(Problem.THINK_CLOSE);
        if (close < 0 || body.contains(Problem.THINK_OPEN)) {
            return refused;
        }
        String answer = body.substring(close + Problem.THINK_CLOSE.length());
        if (answer.contains(Problem.THINK_CLOSE)) {
            return refused;
        }
        return new Completion(true, strip(body.substring(0, close)), strip(answer));
    }

    boolean hasDigitsInTrace() {
        return trace.chars().anyMatch(c -> c >= '0' && c <= '9');
    }

    /// Takes ASCII blanks and line ends off both ends; any other invisible character stays and spoils the answer.
    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (text.charAt(from) == ' ' || text.charAt(from) == '\n')) {
            from++;
        }
        while (to > from && (text.charAt(to - 1) == ' ' || text.charAt(to - 1) == '\n')) {
            to--;
        }
        return text.substring(from, to);
    }
}
