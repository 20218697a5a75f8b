package dev.baleen.cli;

import java.io.PrintWriter;

/// Text that is printed as it comes, without the white space around it.
final class Paragraph {
    private final PrintWriter out;
    private final StringBuilder blanks = new StringBuilder();
    private boolean begun;

    Paragraph(PrintWriter out) {
        this.out = out;
    }

    /// Whether something was printed.
    boolean begun() {
        return begun;
    }

    void add(String piece) {
        String text = PlainText.of(piece);
        String body = text.stripTrailing();
        if (!begun) {
            body = body.stripLeading();
        }
        if (!body.isEmpty()) {
            out.print(begun ? blanks + body : body);
            out.flush();
            begun = true;
            blanks.setLength(0);
        }
        blanks.append(text.substring(text.stripTrailing().length()));
    }
}
