package dev.baleen.jinja;

import java.util.List;
import java.util.Optional;

/// What has a value.
sealed interface Expression {
    /// Where it stands in the source.
    int position();

    record Literal(Value value, int position) implements Expression {}

    record Name(String name, int position) implements Expression {}

    record ArrayOf(List<Expression> items, int position) implements Expression {}

    record TupleOf(List<Expression> items, int position) implements Expression {}

    record DictOf(List<Pair> pairs, int position) implements Expression {
        record Pair(Expression key, Expression value) {}
    }

    /// `target.name`
    record Attribute(Expression target, String name, int position) implements Expression {}

    /// `target[key]`
    record Item(Expression target, Expression key, int position) implements Expression {}

    /// `target[start:stop:step]`
    record Slice(
            Expression target,
            Optional<Expression> start,
            Optional<Expression> stop,
            Optional<Expression> step,
            int position)
            implements Expression {}

    record Call(Expression target, Passed arguments, int position) implements Expression {}

    record FilterOf(Expression input, FilterCall filter) implements Expression {
        @Override
        public int position() {
            return filter.position();
        }
    }

    /// `input is name(arguments)`
    record TestOf(Expression input, String name, Passed arguments, int position) implements Expression {}

    record Negative(Expression operand, int position) implements Expression {}

    record Positive(Expression operand, int position) implements Expression {}

    record Binary(Operator operator, Expression left, Expression right, int position) implements Expression {}

    /// Parts joined by `~`.
    record Concatenation(List<Expression> parts, int position) implements Expression {}

    /// `first < b <= c`: each neighbour is compared with the next.
    record Chain(Expression first, List<Link> links, int position) implements Expression {
        record Link(Relation relation, Expression operand) {}
    }

    record Not(Expression operand, int position) implements Expression {}

    record And(Expression left, Expression right, int position) implements Expression {}

    record Or(Expression left, Expression right, int position) implements Expression {}

    /// `then if condition else otherwise`
    record Conditional(Expression condition, Expression then, Optional<Expression> otherwise, int position)
            implements Expression {}

    /// A filter and what is passed to it beside its input.
    record FilterCall(String name, Passed arguments, int position) {}

    /// The arguments of a call as they are written.
    ///
    /// @param spread what stands behind `*`
    /// @param spreadNamed what stands behind `**`
    record Passed(
            List<Expression> positional,
            List<Named> named,
            Optional<Expression> spread,
            Optional<Expression> spreadNamed) {
        static final Passed NOTHING = new Passed(List.of(), List.of(), Optional.empty(), Optional.empty());

        record Named(String name, Expression value) {}
    }
}
