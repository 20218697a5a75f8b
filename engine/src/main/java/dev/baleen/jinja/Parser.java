package dev.baleen.jinja;

import dev.baleen.jinja.Expression.Call;
import dev.baleen.jinja.Expression.FilterCall;
import dev.baleen.jinja.Statement.Block;
import dev.baleen.jinja.Statement.CallBlock;
import dev.baleen.jinja.Statement.Data;
import dev.baleen.jinja.Statement.FilterBlock;
import dev.baleen.jinja.Statement.For;
import dev.baleen.jinja.Statement.If;
import dev.baleen.jinja.Statement.MacroCode;
import dev.baleen.jinja.Statement.MacroDefinition;
import dev.baleen.jinja.Statement.Print;
import dev.baleen.jinja.Statement.SetBlock;
import dev.baleen.jinja.Statement.Target;
import dev.baleen.jinja.Statement.With;
import dev.baleen.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads statements.
final class Parser {
    /// Of blocks inside each other.
    private static final int DEPTH_MAX = 100;

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    /// The blocks that are open, for messages.
    private final Deque<String> open = new ArrayDeque<>();
    /// Loops that a `break` here would be in.
    private int loops;

    private Parser(TokenStream tokens) {
        this.tokens = tokens;
        expressions = new ExpressionParser(tokens);
    }

    /// @throws Misread where the text is no template
    static List<Statement> parse(Source source) {
        Parser parser = new Parser(new TokenStream(Lexer.tokens(source)));
        List<Statement> body = parser.statements(Set.of());
        parser.expressions.unknown().refuse();
        return body;
    }

    /// Statements up to one of these tags, of which the name is the current token then; without tags up to the end.
    private List<Statement> statements(Set<String> ends) {
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case DATA -> statements.add(new Data(token.text()));
                case VARIABLE_BEGIN -> {
                    statements.add(new Print(expressions.tuple(true)));
                    tokens.expect(Kind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    if (tokens.is(Kind.NAME) && ends.contains(tokens.current().text())) {
                        return statements;
                    }
                    statements.add(statement(ends));
                    tokens.expect(Kind.BLOCK_END);
                }
                case END -> {
                    if (ends.isEmpty()) {
                        return statements;
                    }
                    throw new Misread(
                            "the template ends inside of '%s'; expected %s".formatted(open.peek(), describe(ends)),
                            token.position());
                }
                case VARIABLE_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
                    throw new IllegalStateException("Not a token of text: " + token);
            }
        }
    }

    private static String describe(Set<String> ends) {
        return String.join(
                " or ", ends.stream().sorted().map(end -> "'" + end + "'").toList());
    }

    private Statement statement(Set<String> ends) {
        Token tag = tokens.expect(Kind.NAME);
        open.push(tag.text());
        if (open.size() > DEPTH_MAX) {
            throw new Misread("blocks nest more than %d levels deep".formatted(DEPTH_MAX), tag.position());
        }
        Statement statement = switch (tag.text()) {
            case "if" -> readIf();
            case "for" -> readFor(tag.position());
            case "break" -> inLoop(tag, new Statement.Break());
            case "continue" -> inLoop(tag, new Statement.Continue());
            case "set" -> readSet();
            case "with" -> readWith();
            case "macro" -> readMacro();
            case "call" -> readCall(tag.position());
            case "filter" -> readFilter();
            case "generation" -> new Block(function("endgeneration"));
            case "block" -> readBlock();
            case "include", "import", "from", "extends" ->
                throw new Misread(
                        "'%s' needs another template, and a chat template stands alone".formatted(tag.text()),
                        tag.position());
            default ->
                throw new Misread(
                        ends.isEmpty()
                                ? "unknown tag '%s'".formatted(tag.text())
                                : "unknown tag '%s'; expected %s".formatted(tag.text(), describe(ends)),
                        tag.position());
        };
        open.pop();
        return statement;
    }

    /// What follows a tag's words, up to the tag that ends it.
    private List<Statement> body(String... ends) {
        tokens.skipOperator(":");
        tokens.expect(Kind.BLOCK_END);
        return statements(Set.of(ends));
    }

    /// A body with variables of its own; of a condition around it Jinja knows nothing inside.
    private List<Statement> scope(String... ends) {
        int known = expressions.unknown().count();
        List<Statement> body = body(ends);
        expressions.unknown().keep(known);
        return body;
    }

    private List<Statement> scopeTo(String end) {
        List<Statement> body = scope(end);
        tokens.expectName(end);
        return body;
    }

    /// The body of what is called, which no `break` leaves.
    private List<Statement> function(String end) {
        int outside = loops;
        loops = 0;
        List<Statement> body = scopeTo(end);
        loops = outside;
        return body;
    }

    private If readIf() {
        int known = expressions.unknown().count();
        List<If.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        do {
            Expression condition = expressions.tuple(false);
            List<Statement> body = body("elif", "else", "endif");
            branches.add(new If.Branch(condition, body));
        } while (tokens.skipName("elif"));
        if (tokens.skipName("else")) {
            otherwise = body("endif");
        }
        tokens.expectName("endif");
        expressions.unknown().forgive(known);
        return new If(branches, otherwise);
    }

    private For readFor(int position) {
        Target target = targets(false);
        tokens.expectName("in");
        Expression values = expressions.iterable();
        Optional<Expression> filter = tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        boolean recursive = tokens.skipName("recursive");
        loops++;
        List<Statement> body = scope("endfor", "else");
        loops--;
        List<Statement> otherwise = tokens.skipName("else") ? scope("endfor") : List.of();
        tokens.expectName("endfor");
        return new For(target, values, filter, recursive, body, otherwise, position);
    }

    private Statement inLoop(Token tag, Statement statement) {
        if (loops == 0) {
            throw new Misread("'%s' outside of a loop".formatted(tag.text()), tag.position());
        }
        return statement;
    }

    private Statement readSet() {
        Target target = targets(true);
        if (tokens.skipOperator("=")) {
            return new Statement.Set(target, expressions.tuple(true));
        }
        List<FilterCall> filters = new ArrayList<>();
        while (tokens.skipOperator("|")) {
            filters.add(expressions.filter());
        }
        return new SetBlock(target, filters, scopeTo("endset"));
    }

    private With readWith() {
        List<With.Assignment> assignments = new ArrayList<>();
        while (!tokens.is(Kind.BLOCK_END) && !tokens.isOperator(":")) {
            if (!assignments.isEmpty()) {
                tokens.expectOperator(",");
            }
            Target target = target(false);
            tokens.expectOperator("=");
            assignments.add(new With.Assignment(target, expressions.expression()));
        }
        return new With(assignments, scopeTo("endwith"));
    }

    private MacroDefinition readMacro() {
        String name = tokens.expectName();
        return new MacroDefinition(code(name, parameters(), "endmacro"));
    }

    private CallBlock readCall(int position) {
        List<MacroCode.Parameter> parameters = tokens.isOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Call call)) {
            throw new Misread("expected a call", position);
        }
        return new CallBlock(call, code("caller", parameters, "endcall"));
    }

    private MacroCode code(String name, List<MacroCode.Parameter> parameters, String end) {
        Set<String> outside = expressions.names();
        Set<String> inside = new HashSet<>();
        expressions.gather(inside);
        List<Statement> body = function(end);
        expressions.gather(outside);
        outside.addAll(inside);
        return new MacroCode(
                name,
                parameters,
                body,
                inside.contains("varargs"),
                inside.contains("kwargs"),
                inside.contains("caller"));
    }

    private List<MacroCode.Parameter> parameters() {
        List<MacroCode.Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            Token name = tokens.expect(Kind.NAME);
            Optional<Expression> absent =
                    tokens.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty();
            boolean optional =
                    !parameters.isEmpty() && parameters.getLast().absent().isPresent();
            if (absent.isEmpty() && optional) {
                throw new Misread("a parameter without a default follows one with a default", name.position());
            }
            parameters.add(new MacroCode.Parameter(name.text(), absent));
        }
        return parameters;
    }

    private FilterBlock readFilter() {
        List<FilterCall> filters = new ArrayList<>(List.of(expressions.filter()));
        while (tokens.skipOperator("|")) {
            filters.add(expressions.filter());
        }
        return new FilterBlock(filters, scopeTo("endfilter"));
    }

    private Block readBlock() {
        String name = tokens.expectName();
        if (!tokens.skipName("scoped")) {
            tokens.skipName("required");
        }
        List<Statement> body = function("endblock");
        tokens.skipName(name);
        return new Block(body);
    }

    /// What `for` and `set` write to: one target, or several with commas between them.
    private Target targets(boolean namespaces) {
        int position = tokens.current().position();
        List<Target> targets = new ArrayList<>(List.of(target(namespaces)));
        boolean several = false;
        while (tokens.skipOperator(",")) {
            several = true;
            if (!tokens.is(Kind.NAME) && !tokens.isOperator("(") || tokens.isName("in")) {
                break;
            }
            targets.add(target(namespaces));
        }
        return several ? new Target.Several(targets, position) : targets.getFirst();
    }

    private Target target(boolean namespaces) {
        int position = tokens.current().position();
        if (tokens.skipOperator("(")) {
            expressions.enter();
            Target inner = targets(namespaces);
            expressions.leave();
            tokens.expectOperator(")");
            return inner;
        }
        String name = tokens.expectName();
        if (namespaces && tokens.skipOperator(".")) {
            return new Target.NamespaceAttribute(name, tokens.expectName(), position);
        }
        return switch (name) {
            case "true", "false", "none", "True", "False", "None" ->
                throw new Misread("'%s' cannot be assigned to".formatted(name), position);
            default -> new Target.Variable(name, position);
        };
    }
}
