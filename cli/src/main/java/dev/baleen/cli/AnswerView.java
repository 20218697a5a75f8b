package dev.baleen.cli;

import dev.baleen.chat.ChatEvent;
import dev.baleen.chat.ChatStream;
import dev.baleen.chat.Delta.Kind;
import dev.baleen.generation.Usage;
import java.io.PrintWriter;
import java.util.Locale;
import org.jline.utils.WCWidth;

/// One answer on the screen as it comes: thoughts in dim letters, folded to a line when they end, then the answer.
final class AnswerView {
    private static final int TAB = 8;

    private final Pen pen;
    private final boolean fold;
    private final int width;
    private final int height;
    private final StringBuilder thoughts = new StringBuilder();
    private final Paragraph answer;
    private final long start = System.nanoTime();
    private int lines = 1;
    private int column;

    /// @param fold whether thoughts fold when they end
    AnswerView(Pen pen, boolean fold) {
        this.pen = pen;
        this.fold = fold;
        width = pen.terminal().getColumns();
        height = pen.terminal().getRows();
        PrintWriter writer = pen.terminal().writer();
        answer = new Paragraph(writer);
    }

    /// Shows the answer to its end and gives the thoughts.
    String show(ChatStream stream) throws InterruptedException {
        while (true) {
            switch (stream.next().orElseThrow()) {
                case ChatEvent.Piece piece when piece.kind() == Kind.REASONING -> think(PlainText.of(piece.text()));
                case ChatEvent.Piece piece -> {
                    if (!answer.begun() && !piece.text().isBlank()) {
                        endThoughts();
                    }
                    answer.add(piece.text());
                }
                // No tools are offered here.
                case ChatEvent.ToolCallBegun _, ChatEvent.ToolCallPiece _ -> {}
                case ChatEvent.Finished end -> {
                    if (!answer.begun()) {
                        endThoughts();
                    }
                    pen.dim((answer.begun() ? "\n" : "") + summary(end) + "\n\n");
                    return thoughts.toString().strip();
                }
            }
        }
    }

    private void think(String piece) {
        String text = thoughts.isEmpty() ? piece.stripLeading() : piece;
        thoughts.append(text);
        pen.dim(text);
        text.codePoints().forEach(this::advance);
    }

    /// Follows the cursor, as terminals move it: a line breaks when a character does not fit any more.
    private void advance(int character) {
        if (character == '\n') {
            lines++;
            column = 0;
            return;
        }
        int cells = character == '\t' ? TAB - column % TAB : Math.max(0, WCWidth.wcwidth(character));
        if (width > 0 && column + cells > width && character != '\t') {
            lines++;
            column = 0;
        }
        column = Math.min(column + cells, Math.max(1, width));
    }

    /// Folds what stands above into a line, if all of it is still on the screen and lies where it was written.
    private void endThoughts() {
        String whole = thoughts.toString().strip();
        if (whole.isEmpty()) {
            return;
        }
        boolean resized = pen.terminal().getColumns() != width;
        if (fold && pen.canMove() && lines < height && !resized) {
            pen.eraseLines(lines);
            long count = whole.lines().count();
            double seconds = (System.nanoTime() - start) / 1e9;
            pen.dim(String.format(
                    Locale.ROOT,
                    "▸ thought for %.1f s, %d %s · Ctrl-O shows them%n",
                    seconds,
                    count,
                    count == 1 ? "line" : "lines"));
        } else {
            pen.print(column == 0 ? "\n" : "\n\n");
        }
    }

    private static String summary(ChatEvent.Finished end) {
        Usage usage = end.usage().generation();
        String why = switch (end.reason()) {
            case STOP -> "";
            case LENGTH -> " · cut off at the limit of tokens";
            case CANCELLED -> " · stopped";
            case ERROR ->
                " · failed: " + end.problem().map(Throwable::getMessage).orElse("no reason is known");
        };
        double speed = usage.decodeTokensPerSecond();
        String rate = speed > 0 ? String.format(Locale.ROOT, " · %,.0f tokens/s", speed) : "";
        int tokens = usage.completionTokens();
        return String.format(Locale.ROOT, "%,d %s%s%s", tokens, tokens == 1 ? "token" : "tokens", rate, why);
    }
}
