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
import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Gives expressions their values.
final class Expressions {
    private static final int SCOPES_PER_STEP = 8;

    private final Budget budget;
    private int position;

    Expressions(Budget budget) {
        this.budget = budget;
    }

    /// Where in the source the evaluation is, for messages.
    int position() {
        return position;
    }

    void at(int position) {
        this.position = position;
    }

    /// Nothing is taken apart here: this method is on the stack once for each level, and has to be small.
    Value value(Expression expression, Scope scope) {
        budget.enter();
        Value value = switch (expression) {
            case Literal literal -> literal.value();
            case Name name -> variable(name.name(), scope);
            case ArrayOf array -> Value.array(values(array.items(), scope));
            case TupleOf tuple -> Value.tuple(values(tuple.items(), scope));
            case DictOf dict -> dict(dict, scope);
            case Attribute attribute -> attribute(attribute, scope);
            case Item item -> item(item, scope);
            case Slice slice -> slice(slice, scope);
            case Call call -> call(call, scope);
            case FilterOf filtered -> filter(filtered.filter(), value(filtered.input(), scope), scope);
            case TestOf test -> test(test, scope);
            case Negative negative -> negate(negative, scope);
            case Positive positive -> plus(positive, scope);
            case Binary binary -> binary(binary, scope);
            case Concatenation concatenation -> concatenate(concatenation.parts(), scope);
            case Chain chain -> Value.of(holds(chain, scope));
            case Not not -> Value.of(!Truth.of(value(not.operand(), scope)));
            case And and -> and(and, scope);
            case Or or -> or(or, scope);
            case Conditional conditional -> choose(conditional, scope);
        };
        budget.leave();
        return value;
    }

    private Value variable(String name, Scope scope) {
        budget.steps(scope.depth() / SCOPES_PER_STEP);
        return scope.get(name);
    }

    private Value attribute(Attribute attribute, Scope scope) {
        Value holder = value(attribute.target(), scope);
        at(attribute.position());
        return Access.attribute(holder, attribute.name(), budget);
    }

    private Value item(Item item, Scope scope) {
        Value holder = value(item.target(), scope);
        Value key = value(item.key(), scope);
        at(item.position());
        return Access.item(holder, key, budget);
    }

    private Value negate(Negative negative, Scope scope) {
        Value number = value(negative.operand(), scope);
        at(negative.position());
        return Arithmetic.negate(number);
    }

    private Value plus(Positive positive, Scope scope) {
        Value number = value(positive.operand(), scope);
        at(positive.position());
        return Arithmetic.plus(number);
    }

    private Value binary(Binary binary, Scope scope) {
        Value left = value(binary.left(), scope);
        Value right = value(binary.right(), scope);
        at(binary.position());
        return Arithmetic.apply(binary.operator(), left, right, budget);
    }

    private Value and(And and, Scope scope) {
        Value first = value(and.left(), scope);
        return Truth.of(first) ? value(and.right(), scope) : first;
    }

    private Value or(Or or, Scope scope) {
        Value first = value(or.left(), scope);
        return Truth.of(first) ? first : value(or.right(), scope);
    }

    private List<Value> values(List<Expression> expressions, Scope scope) {
        budget.elements(expressions.size());
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Value dict(DictOf dict, Scope scope) {
        budget.elements(2L * dict.pairs().size());
        SequencedMap<Value, Value> entries = new LinkedHashMap<>();
        for (DictOf.Pair pair : dict.pairs()) {
            Value key = value(pair.key(), scope);
            at(pair.key().position());
            entries.put(Dicts.key(key), value(pair.value(), scope));
        }
        return Value.dict(entries);
    }

    private Value slice(Slice slice, Scope scope) {
        Value target = value(slice.target(), scope);
        Value start = bound(slice.start(), scope);
        Value stop = bound(slice.stop(), scope);
        Value step = bound(slice.step(), scope);
        at(slice.position());
        return Slicing.apply(target, start, stop, step, budget);
    }

    private Value bound(Optional<Expression> bound, Scope scope) {
        return bound.isPresent() ? value(bound.get(), scope) : None.NONE;
    }

    private Value call(Call call, Scope scope) {
        return call(value(call.target(), scope), arguments(call.arguments(), scope), call.position());
    }

    /// A call with a body, which the called may print.
    Value call(Call call, Scope scope, Macro caller) {
        Value target = value(call.target(), scope);
        Arguments arguments = arguments(call.arguments(), scope);
        arguments.named().put("caller", caller);
        return call(target, arguments, call.position());
    }

    private Value call(Value target, Arguments arguments, int at) {
        at(at);
        budget.builtIn();
        return switch (target) {
            case Callable callable -> callable.call(arguments);
            case Undefined undefined -> throw undefined.fault();
            case Value other -> throw Fault.of("'%s' object is not callable", other.typeName());
        };
    }

    private Arguments arguments(Passed passed, Scope scope) {
        List<Value> positional = values(passed.positional(), scope);
        SequencedMap<String, Value> named = new LinkedHashMap<>();
        for (Passed.Named argument : passed.named()) {
            named.put(argument.name(), value(argument.value(), scope));
        }
        if (passed.spread().isPresent()) {
            positional.addAll(Sequences.list(value(passed.spread().get(), scope), budget));
        }
        if (passed.spreadNamed().isPresent()) {
            spread(value(passed.spreadNamed().get(), scope), named);
        }
        return new Arguments(positional, named);
    }

    private void spread(Value value, SequencedMap<String, Value> named) {
        if (!(value instanceof Dict dict)) {
            throw Fault.of("argument after ** must be a mapping, not %s", value.typeName());
        }
        budget.elements(dict.entries().size());
        dict.entries().forEach((key, argument) -> {
            if (!(key instanceof Text(String name))) {
                throw Fault.of("keywords must be strings");
            }
            if (named.put(name, argument) != null) {
                throw Fault.of("got multiple values for keyword argument '%s'", name);
            }
        });
    }

    Value filter(FilterCall filter, Value input, Scope scope) {
        Arguments arguments = arguments(filter.arguments(), scope);
        at(filter.position());
        return Filters.apply(filter.name(), input, arguments, budget);
    }

    private Value test(TestOf test, Scope scope) {
        Value input = value(test.input(), scope);
        Arguments arguments = arguments(test.arguments(), scope);
        at(test.position());
        return Value.of(Tests.holds(test.name(), input, arguments, budget));
    }

    private Value concatenate(List<Expression> parts, Scope scope) {
        StringBuilder joined = new StringBuilder();
        for (Expression part : parts) {
            joined.append(Printer.text(value(part, scope), budget));
            budget.textLength(joined.length());
        }
        budget.text(joined.length());
        return Value.of(joined.toString());
    }

    private boolean holds(Chain chain, Scope scope) {
        Value left = value(chain.first(), scope);
        for (Chain.Link link : chain.links()) {
            Value right = value(link.operand(), scope);
            at(chain.position());
            if (!Comparison.holds(link.relation(), left, right, budget)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Value choose(Conditional conditional, Scope scope) {
        if (Truth.of(value(conditional.condition(), scope))) {
            return value(conditional.then(), scope);
        }
        return conditional.otherwise().isPresent()
                ? value(conditional.otherwise().get(), scope)
                : new Undefined("the condition of an inline 'if' was false, and it has no 'else'");
    }
}
