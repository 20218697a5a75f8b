package dev.baleen.jinja;

import dev.baleen.jinja.Expression.And;
import dev.baleen.jinja.Expression.ArrayOf;
import dev.baleen.jinja.Expression.Attribute;
import dev.baleen.jinja.Expression.Binary;
import dev.baleen.jinja.Expression.Call;
import dev.baleen.jinja.Expression.Chain;
import dev.baleen.jinja.Expression.Concatenation;
import dev.baleen.jinja.Expression.Conditional;
import dev.baleen.jinja.Expression.DictOf;
import dev.baleen.jinja.Expression.FilterCall;
import dev.baleen.jinja.Expression.FilterOf;
import dev.baleen.jinja.Expression.Item;
import dev.baleen.jinja.Expression.Literal;
import dev.baleen.jinja.Expression.Name;
import dev.baleen.jinja.Expression.Negative;
import dev.baleen.jinja.Expression.Not;
import dev.baleen.jinja.Expression.Or;
import dev.baleen.jinja.Expression.Passed;
import dev.baleen.jinja.Expression.Positive;
import dev.baleen.jinja.Expression.Slice;
import dev.baleen.jinja.Expression.TestOf;
import dev.baleen.jinja.Expression.TupleOf;
import dev.baleen.jinja.Token.Kind;
import dev.baleen.jinja.Value.None;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads expressions, each method one level of precedence, the loosest first.
///
/// Precedences are Jinja's, which are not quite Python's: `~` binds between `+` and `*`, and `**` groups from the left
/// and takes a sign with its operand.
final class ExpressionParser {
    /// Of brackets and signs inside each other.
    private static final int DEPTH_MAX = 160;

    private static final Map<String, Relation> RELATIONS = Map.of(
            "==", Relation.EQUAL,
            "!=", Relation.NOT_EQUAL,
            "<", Relation.LESS,
            "<=", Relation.LESS_OR_EQUAL,
            ">", Relation.GREATER,
            ">=", Relation.GREATER_OR_EQUAL);

    private static final Map<String, Operator> SUMS = Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);

    private static final Map<String, Operator> PRODUCTS = Map.of(
            "*", Operator.MULTIPLY,
            "/", Operator.DIVIDE,
            "//", Operator.FLOOR_DIVIDE,
            "%", Operator.MODULO);

    private final TokenStream tokens;
    /// Names that were read as variables.
    private Set<String> names = new HashSet<>();
    private int depth;
    private final UnknownNames unknown = new UnknownNames();

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    Set<String> names() {
        return names;
    }

    /// From now on names go here.
    void gather(Set<String> names) {
        this.names = names;
    }

    UnknownNames unknown() {
        return unknown;
    }

    /// One expression, or several with commas between them as a tuple.
    ///
    /// @param conditions whether `a if b else c` may stand here
    Expression tuple(boolean conditions) {
        return tuple(conditions, false, Optional.empty());
    }

    /// What a loop goes through.
    Expression iterable() {
        return tuple(false, false, Optional.of("recursive"));
    }

    private Expression tuple(boolean conditions, boolean mayBeEmpty, Optional<String> endName) {
        int position = position();
        List<Expression> items = new ArrayList<>();
        boolean several = false;
        while (!endsTuple(endName)) {
            items.add(conditions ? expression() : or());
            if (!tokens.skipOperator(",")) {
                break;
            }
            several = true;
        }
        if (!several && items.size() == 1) {
            return items.getFirst();
        }
        if (items.isEmpty() && !mayBeEmpty) {
            throw tokens.unexpected("an expression");
        }
        return new TupleOf(items, position);
    }

    private boolean endsTuple(Optional<String> endName) {
        return tokens.is(Kind.VARIABLE_END)
                || tokens.is(Kind.BLOCK_END)
                || tokens.isOperator(")")
                || endName.isPresent() && tokens.isName(endName.get());
    }

    Expression expression() {
        enter();
        int position = position();
        int known = unknown.count();
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            Optional<Expression> otherwise = tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
            value = new Conditional(condition, value, otherwise, position);
            unknown.forgive(known);
        }
        leave();
        return value;
    }

    private Expression or() {
        int position = position();
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Or(left, and(), position);
        }
        return left;
    }

    private Expression and() {
        int position = position();
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new And(left, not(), position);
        }
        return left;
    }

    private Expression not() {
        int position = position();
        if (!tokens.skipName("not")) {
            return comparison();
        }
        enter();
        Expression operand = not();
        leave();
        return new Not(operand, position);
    }

    private Expression comparison() {
        int position = position();
        Expression first = sum();
        List<Chain.Link> links = new ArrayList<>();
        for (Optional<Relation> relation = relation(); relation.isPresent(); relation = relation()) {
            links.add(new Chain.Link(relation.get(), sum()));
        }
        return links.isEmpty() ? first : new Chain(first, links, position);
    }

    private Optional<Relation> relation() {
        if (tokens.is(Kind.OPERATOR) && RELATIONS.containsKey(tokens.current().text())) {
            return Optional.of(RELATIONS.get(tokens.next().text()));
        }
        if (tokens.skipName("in")) {
            return Optional.of(Relation.IN);
        }
        if (tokens.isName("not") && tokens.following().isName("in")) {
            tokens.next();
            tokens.next();
            return Optional.of(Relation.NOT_IN);
        }
        return Optional.empty();
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.is(Kind.OPERATOR) && SUMS.containsKey(tokens.current().text())) {
            Token operator = tokens.next();
            left = new Binary(SUMS.get(operator.text()), left, concatenation(), operator.position());
        }
        return left;
    }

    private Expression concatenation() {
        int position = position();
        List<Expression> parts = new ArrayList<>(List.of(product()));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.getFirst() : new Concatenation(parts, position);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.is(Kind.OPERATOR) && PRODUCTS.containsKey(tokens.current().text())) {
            Token operator = tokens.next();
            left = new Binary(PRODUCTS.get(operator.text()), left, power(), operator.position());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.isOperator("**")) {
            int position = tokens.next().position();
            left = new Binary(Operator.POWER, left, unary(true), position);
        }
        return left;
    }

    /// @param filters whether filters and tests may follow; of `-x|f` they follow the whole
    private Expression unary(boolean filters) {
        enter();
        int position = position();
        Expression value;
        if (tokens.skipOperator("-")) {
            value = new Negative(unary(false), position);
        } else if (tokens.skipOperator("+")) {
            value = new Positive(unary(false), position);
        } else {
            value = primary();
        }
        value = postfix(value);
        value = filters ? filtersAndTests(value) : value;
        leave();
        return value;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> named(token);
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.is(Kind.STRING)) {
                    text.append(tokens.next().text());
                }
                yield new Literal(Value.of(text.toString()), token.position());
            }
            case INTEGER ->
                new Literal(Numbers.of(NumberWord.integer(token.text(), token.position())), token.position());
            case FLOAT -> new Literal(Value.of(Double.parseDouble(token.text().replace("_", ""))), token.position());
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> {
                        Expression inner = tuple(true, true, Optional.empty());
                        tokens.expectOperator(")");
                        yield inner;
                    }
                    case "[" -> new ArrayOf(items(), token.position());
                    case "{" -> new DictOf(pairs(), token.position());
                    default -> throw unexpected(token);
                };
            case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, END -> throw unexpected(token);
        };
    }

    private Expression named(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Literal(Value.of(true), token.position());
            case "false", "False" -> new Literal(Value.of(false), token.position());
            case "none", "None" -> new Literal(None.NONE, token.position());
            default -> {
                names.add(token.text());
                yield new Name(token.text(), token.position());
            }
        };
    }

    private static Misread unexpected(Token token) {
        return new Misread("unexpected " + token.description(), token.position());
    }

    private List<Expression> items() {
        List<Expression> items = new ArrayList<>();
        while (goesOn(items.isEmpty(), "]")) {
            items.add(expression());
        }
        return items;
    }

    /// Reads the comma before another entry, or the end of a list, behind whose last entry a comma may stand.
    private boolean goesOn(boolean first, String end) {
        if (tokens.skipOperator(end)) {
            return false;
        }
        if (!first) {
            tokens.expectOperator(",");
        }
        return first || !tokens.skipOperator(end);
    }

    private List<DictOf.Pair> pairs() {
        List<DictOf.Pair> pairs = new ArrayList<>();
        while (goesOn(pairs.isEmpty(), "}")) {
            Expression key = expression();
            tokens.expectOperator(":");
            pairs.add(new DictOf.Pair(key, expression()));
        }
        return pairs;
    }

    private Expression postfix(Expression value) {
        Expression result = value;
        while (true) {
            int position = position();
            if (tokens.skipOperator(".")) {
                result = attribute(result, position);
            } else if (tokens.skipOperator("[")) {
                result = subscript(result, position);
            } else if (tokens.isOperator("(")) {
                result = new Call(result, passed(), position);
            } else {
                return result;
            }
        }
    }

    private Expression attribute(Expression target, int position) {
        Token name = tokens.next();
        return switch (name.kind()) {
            case NAME -> new Attribute(target, name.text(), position);
            case INTEGER ->
                new Item(
                        target,
                        new Literal(Numbers.of(NumberWord.integer(name.text(), name.position())), name.position()),
                        position);
            case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, STRING, FLOAT, OPERATOR, END ->
                throw new Misread("expected a name or a number, found " + name.description(), name.position());
        };
    }

    private Expression subscript(Expression target, int position) {
        List<Expression> keys = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
            }
            Optional<Expression> first = tokens.isOperator(":") ? Optional.empty() : Optional.of(expression());
            if (first.isPresent() && !tokens.isOperator(":")) {
                keys.add(first.get());
                continue;
            }
            tokens.expectOperator(":");
            Optional<Expression> stop = bound();
            Optional<Expression> step = tokens.skipOperator(":") ? bound() : Optional.empty();
            if (!keys.isEmpty() || !tokens.skipOperator("]")) {
                throw tokens.unexpected("']', as a slice stands alone");
            }
            return new Slice(target, first, stop, step, position);
        }
        if (keys.isEmpty()) {
            throw new Misread("expected an index", position);
        }
        return new Item(target, keys.size() == 1 ? keys.getFirst() : new TupleOf(keys, position), position);
    }

    private Optional<Expression> bound() {
        boolean absent = tokens.isOperator(":") || tokens.isOperator("]") || tokens.isOperator(",");
        return absent ? Optional.empty() : Optional.of(expression());
    }

    private Expression filtersAndTests(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.isOperator("|")) {
                tokens.next();
                result = new FilterOf(result, filter());
            } else if (tokens.isName("is")) {
                result = test(result);
            } else if (tokens.isOperator("(")) {
                int position = position();
                result = new Call(result, passed(), position);
            } else {
                return result;
            }
        }
    }

    /// A filter's name and arguments.
    FilterCall filter() {
        int position = position();
        String name = dottedName();
        if (!Filters.exist(name)) {
            unknown.add("filter", name, position);
        }
        return new FilterCall(name, tokens.isOperator("(") ? passed() : Passed.NOTHING, position);
    }

    private Expression test(Expression input) {
        int position = tokens.next().position();
        boolean negated = tokens.skipName("not");
        String name = dottedName();
        if (!Tests.exist(name)) {
            unknown.add("test", name, position);
        }
        Expression test = new TestOf(input, name, testArguments(), position);
        return negated ? new Not(test, position) : test;
    }

    /// In brackets, or one alone without.
    private Passed testArguments() {
        if (tokens.isOperator("(")) {
            return passed();
        }
        boolean begins = tokens.is(Kind.NAME)
                || tokens.is(Kind.STRING)
                || tokens.is(Kind.INTEGER)
                || tokens.is(Kind.FLOAT)
                || tokens.isOperator("[")
                || tokens.isOperator("{");
        if (!begins || tokens.isName("else") || tokens.isName("or") || tokens.isName("and")) {
            return Passed.NOTHING;
        }
        if (tokens.isName("is")) {
            throw new Misread("a test cannot follow a test; put brackets around the first", position());
        }
        return new Passed(List.of(postfix(primary())), List.of(), Optional.empty(), Optional.empty());
    }

    private String dottedName() {
        StringBuilder name = new StringBuilder(tokens.expectName());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expectName());
        }
        return name.toString();
    }

    /// Arguments in brackets: positional ones, then named ones, then those behind stars.
    private Passed passed() {
        int position = position();
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<Passed.Named> named = new ArrayList<>();
        Optional<Expression> spread = Optional.empty();
        Optional<Expression> spreadNamed = Optional.empty();
        for (boolean first = true; goesOn(first, ")"); first = false) {
            if (tokens.skipOperator("*")) {
                require(spread.isEmpty() && spreadNamed.isEmpty(), position);
                spread = Optional.of(expression());
            } else if (tokens.skipOperator("**")) {
                require(spreadNamed.isEmpty(), position);
                spreadNamed = Optional.of(expression());
            } else if (tokens.is(Kind.NAME) && tokens.following().isOperator("=")) {
                require(spreadNamed.isEmpty(), position);
                String name = tokens.expectName();
                tokens.expectOperator("=");
                require(named.stream().noneMatch(other -> other.name().equals(name)), position);
                named.add(new Passed.Named(name, expression()));
            } else {
                require(spread.isEmpty() && spreadNamed.isEmpty() && named.isEmpty(), position);
                positional.add(expression());
            }
        }
        return new Passed(positional, named, spread, spreadNamed);
    }

    private static void require(boolean inOrder, int position) {
        if (!inOrder) {
            throw new Misread("the arguments of a call are out of order, or one is there twice", position);
        }
    }

    private int position() {
        return tokens.current().position();
    }

    void enter() {
        if (++depth > DEPTH_MAX) {
            throw new Misread("an expression nests more than %d levels deep".formatted(DEPTH_MAX / 2), position());
        }
    }

    void leave() {
        depth--;
    }
}
