package dev.baleen.cli;

import java.io.PrintWriter;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/// Writes to a terminal, in colour and dim letters unless the person asked for none (https://no-color.org).
record Pen(Terminal terminal, boolean plain) {
    private static final AttributedStyle DIM = AttributedStyle.DEFAULT.faint();
    private static final AttributedStyle ACCENT = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);

    static Pen of(Terminal terminal) {
        String noColor = System.getenv("NO_COLOR");
        return new Pen(terminal, noColor != null && !noColor.isEmpty());
    }

    /// Whether the cursor can be moved.
    boolean canMove() {
        return !terminal.getType().startsWith(Terminal.TYPE_DUMB);
    }

    void print(String text) {
        write(text);
    }

    void dim(String text) {
        write(dimmed(text));
    }

    String dimmed(String text) {
        return styled(DIM, text);
    }

    String accented(String text) {
        return styled(ACCENT, text);
    }

    /// Erases so many lines, that of the cursor included, and goes to where they began.
    void eraseLines(int count) {
        write("\r" + (count > 1 ? "\033[" + (count - 1) + "A" : "") + "\033[J");
    }

    private String styled(AttributedStyle style, String text) {
        return plain ? text : new AttributedStringBuilder().styled(style, text).toAnsi(terminal);
    }

    private void write(String text) {
        PrintWriter writer = terminal.writer();
        writer.print(text);
        writer.flush();
    }
}
