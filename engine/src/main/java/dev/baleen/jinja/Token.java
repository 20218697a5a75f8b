package dev.baleen.jinja;

/// A word of a template.
///
/// @param text what it spells: of a string without quotes and escapes, of a number as it stands
/// @param position where it begins in the source
record Token(Kind kind, String text, int position) {
    enum Kind {
        /// What is printed as it is.
        DATA("text"),
        VARIABLE_BEGIN("{{"),
        VARIABLE_END("}}"),
        BLOCK_BEGIN("{%"),
        BLOCK_END("%}"),
        NAME("a name"),
        STRING("a string"),
        INTEGER("an integer"),
        FLOAT("a float"),
        OPERATOR("an operator"),
        END("the end of the template");

        private final String description;

        Kind(String description) {
            this.description = description;
        }
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /// For messages.
    String description() {
        return switch (kind) {
            case NAME, OPERATOR -> "'" + text + "'";
            case INTEGER, FLOAT -> text;
            case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, STRING, END -> kind.description;
        };
    }
}
