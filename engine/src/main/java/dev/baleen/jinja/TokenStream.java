package dev.baleen.jinja;

import dev.baleen.jinja.Token.Kind;
import java.util.List;

/// Tokens and the place that a parser has reached.
final class TokenStream {
    private final List<Token> tokens;
    private int at;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    /// The one after the current.
    Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    /// Gives the current one and goes on; the end stays.
    Token next() {
        Token token = current();
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean is(Kind kind) {
        return current().kind() == kind;
    }

    boolean isOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean isName(String name) {
        return current().isName(name);
    }

    boolean skipOperator(String operator) {
        boolean there = isOperator(operator);
        if (there) {
            next();
        }
        return there;
    }

    boolean skipName(String name) {
        boolean there = isName(name);
        if (there) {
            next();
        }
        return there;
    }

    Token expect(Kind kind) {
        if (!is(kind)) {
            throw new Misread(
                    "expected %s, found %s"
                            .formatted(
                                    new Token(kind, "", 0).description(),
                                    current().description()),
                    current().position());
        }
        return next();
    }

    String expectName() {
        return expect(Kind.NAME).text();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    Misread unexpected(String wanted) {
        return new Misread(
                "expected %s, found %s".formatted(wanted, current().description()),
                current().position());
    }
}
