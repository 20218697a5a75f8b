package dev.baleen.jinja;

/// A template's text as it is read: every line ends with `\n`, and a newline at the very end is dropped.
record Source(String text) {
    static final int CHARACTERS_MAX = 1 << 18;

    static Source of(String template) {
        String text = template.replace("\r\n", "\n").replace('\r', '\n');
        return new Source(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }

    /// Both begin with 1; columns are code points.
    record Place(int line, int column) {}

    Place place(int position) {
        int end = Math.min(position, text.length());
        int line = 1;
        int start = 0;
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new Place(line, text.codePointCount(start, end) + 1);
    }
}
