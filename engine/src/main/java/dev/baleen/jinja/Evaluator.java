package dev.baleen.jinja;

import dev.baleen.jinja.Expression.FilterCall;
import dev.baleen.jinja.Statement.Block;
import dev.baleen.jinja.Statement.Break;
import dev.baleen.jinja.Statement.CallBlock;
import dev.baleen.jinja.Statement.Continue;
import dev.baleen.jinja.Statement.Data;
import dev.baleen.jinja.Statement.FilterBlock;
import dev.baleen.jinja.Statement.For;
import dev.baleen.jinja.Statement.If;
import dev.baleen.jinja.Statement.MacroDefinition;
import dev.baleen.jinja.Statement.Print;
import dev.baleen.jinja.Statement.SetBlock;
import dev.baleen.jinja.Statement.Target;
import dev.baleen.jinja.Statement.With;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Runs statements: one rendering of one template.
final class Evaluator {
    private final Budget budget;
    private final Expressions expressions;

    /// Where a statement leaves off.
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Evaluator(Budget budget) {
        this.budget = budget;
        expressions = new Expressions(budget);
    }

    /// Where in the source the evaluation is.
    int position() {
        return expressions.position();
    }

    String render(List<Statement> template, Scope scope) {
        StringBuilder out = new StringBuilder();
        run(template, scope, out);
        return out.toString();
    }

    Value value(Expression expression, Scope scope) {
        return expressions.value(expression, scope);
    }

    /// What a body prints.
    Value capture(List<Statement> body, Scope scope) {
        StringBuilder out = new StringBuilder();
        run(body, scope, out);
        budget.text(out.length());
        return Value.of(out.toString());
    }

    private Flow run(List<Statement> body, Scope scope, StringBuilder out) {
        budget.enter();
        Flow flow = Flow.NEXT;
        for (int i = 0; i < body.size() && flow == Flow.NEXT; i++) {
            flow = run(body.get(i), scope, out);
        }
        budget.leave();
        return flow;
    }

    /// As small as it can be, like the values' method of that kind: it is on the stack once for each level.
    private Flow run(Statement statement, Scope scope, StringBuilder out) {
        return switch (statement) {
            case Data data -> print(data.text(), out);
            case Print print -> print(Printer.text(value(print.value(), scope), budget), out);
            case If choice -> run(choice, scope, out);
            case For loop -> run(loop, value(loop.values(), scope), 0, scope, out);
            case Break _ -> Flow.BREAK;
            case Continue _ -> Flow.CONTINUE;
            case Statement.Set set -> assign(set.target(), value(set.value(), scope), scope);
            case SetBlock block ->
                assign(block.target(), filtered(block.filters(), capture(block.body(), scope.inner()), scope), scope);
            case With with -> run(with, scope, out);
            case MacroDefinition definition -> define(definition.code(), scope);
            case CallBlock call -> printText(expressions.call(call.call(), scope, macro(call.caller(), scope)), out);
            case FilterBlock block ->
                printText(filtered(block.filters(), capture(block.body(), scope.inner()), scope), out);
            case Block block -> run(block.body(), scope.inner(), out);
        };
    }

    private Flow define(Statement.MacroCode code, Scope scope) {
        scope.set(code.name(), macro(code, scope));
        return Flow.NEXT;
    }

    private Macro macro(Statement.MacroCode code, Scope scope) {
        budget.table();
        return new Macro(code, scope, this, budget);
    }

    /// Blocks print text only, other than `{{ }}`.
    private Flow printText(Value value, StringBuilder out) {
        if (!(value instanceof Value.Text(String text))) {
            throw Fault.of("a block gives a %s where only text can be printed", value.typeName());
        }
        return print(text, out);
    }

    private Flow print(String text, StringBuilder out) {
        budget.text(text.length());
        budget.textLength((long) out.length() + text.length());
        out.append(text);
        return Flow.NEXT;
    }

    private Flow run(If choice, Scope scope, StringBuilder out) {
        for (If.Branch branch : choice.branches()) {
            if (Truth.of(value(branch.condition(), scope))) {
                return run(branch.body(), scope, out);
            }
        }
        return run(choice.otherwise(), scope, out);
    }

    /// The `else` runs unless a pass came to its end, so also after a `break` in the first: Jinja has it so.
    private Flow run(For code, Value iterable, int depth0, Scope scope, StringBuilder out) {
        expressions.at(code.position());
        Loop loop = loop(code, iterable, depth0, scope);
        boolean passed = false;
        while (loop.hasNext()) {
            Scope inside = scope.inner();
            assign(code.target(), loop.next(), inside);
            inside.set("loop", loop);
            Flow flow = run(code.body(), inside, out);
            if (flow == Flow.BREAK) {
                break;
            }
            passed |= flow == Flow.NEXT;
        }
        return passed ? Flow.NEXT : run(code.otherwise(), scope, out);
    }

    private Loop loop(For code, Value iterable, int depth0, Scope scope) {
        Loop.Recursion recursion = (values, depth) -> {
            if (!code.recursive()) {
                throw Fault.of("only a loop that is marked 'recursive' can be called");
            }
            budget.enterCall();
            StringBuilder out = new StringBuilder();
            run(code, values, depth, scope, out);
            budget.leaveCall();
            budget.text(out.length());
            return Value.of(out.toString());
        };
        budget.table();
        Iterator<Value> values = Sequences.iterate(iterable, budget);
        if (code.filter().isEmpty()) {
            return new Loop(iterable, values, depth0, recursion, budget);
        }
        Iterator<Value> chosen = new Chosen(values, value -> {
            Scope inside = scope.inner();
            assign(code.target(), value, inside);
            return Truth.of(value(code.filter().get(), inside));
        });
        return new Loop(Value.stream(chosen, iterable), chosen, depth0, recursion, budget);
    }

    private Flow run(With with, Scope scope, StringBuilder out) {
        Scope inside = scope.inner();
        List<Value> values = new ArrayList<>();
        for (With.Assignment assignment : with.assignments()) {
            values.add(value(assignment.value(), scope));
        }
        for (int i = 0; i < values.size(); i++) {
            assign(with.assignments().get(i).target(), values.get(i), inside);
        }
        return run(with.body(), inside, out);
    }

    private Value filtered(List<FilterCall> filters, Value value, Scope scope) {
        Value result = value;
        for (FilterCall filter : filters) {
            result = expressions.filter(filter, result, scope);
        }
        return result;
    }

    private Flow assign(Target target, Value value, Scope scope) {
        switch (target) {
            case Target.Variable(String name, var _) -> scope.set(name, value);
            case Target.NamespaceAttribute(String name, String attribute, int position) -> {
                expressions.at(position);
                if (!(scope.get(name) instanceof Namespace namespace)) {
                    throw Fault.of("'%s' is no namespace, and of nothing else attributes can be set", name);
                }
                namespace.set(attribute, value);
            }
            case Target.Several(List<Target> targets, int position) -> {
                expressions.at(position);
                List<Value> parts = Sequences.unpack(value, targets.size(), budget);
                for (int i = 0; i < targets.size(); i++) {
                    assign(targets.get(i), parts.get(i), scope);
                }
            }
        }
        return Flow.NEXT;
    }
}
