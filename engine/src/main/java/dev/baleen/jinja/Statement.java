package dev.baleen.jinja;

import java.util.List;
import java.util.Optional;

/// What a template does.
sealed interface Statement {
    /// Text that is printed as it is.
    record Data(String text) implements Statement {}

    record Print(Expression value) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {
        record Branch(Expression condition, List<Statement> body) {}
    }

    /// @param filter what an element has to be to be gone through
    record For(
            Target target,
            Expression values,
            Optional<Expression> filter,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise,
            int position)
            implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    record Set(Target target, Expression value) implements Statement {}

    /// What the body prints becomes a value.
    record SetBlock(Target target, List<Expression.FilterCall> filters, List<Statement> body) implements Statement {}

    record With(List<Assignment> assignments, List<Statement> body) implements Statement {
        record Assignment(Target target, Expression value) {}
    }

    record MacroDefinition(MacroCode code) implements Statement {}

    /// Calls a macro, which may print the body as `caller()`.
    record CallBlock(Expression.Call call, MacroCode caller) implements Statement {}

    record FilterBlock(List<Expression.FilterCall> filters, List<Statement> body) implements Statement {}

    /// A body with variables of its own.
    record Block(List<Statement> body) implements Statement {}

    /// A macro, or the body of a call block.
    ///
    /// @param takesMore whether it asks for `varargs`
    /// @param takesMoreNamed whether it asks for `kwargs`
    /// @param takesCaller whether it asks for `caller`
    record MacroCode(
            String name,
            List<Parameter> parameters,
            List<Statement> body,
            boolean takesMore,
            boolean takesMoreNamed,
            boolean takesCaller) {
        record Parameter(String name, Optional<Expression> absent) {}
    }

    /// Where a value goes.
    sealed interface Target {
        int position();

        record Variable(String name, int position) implements Target {}

        record NamespaceAttribute(String namespace, String name, int position) implements Target {}

        record Several(List<Target> targets, int position) implements Target {}
    }
}
