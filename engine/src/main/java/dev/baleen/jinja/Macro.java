package dev.baleen.jinja;

import dev.baleen.jinja.Statement.MacroCode;
import dev.baleen.jinja.Value.Undefined;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A macro and the scope that it was defined in. Calling it gives what it prints.
///
/// @param evaluator renders its body
record Macro(MacroCode code, Scope scope, Evaluator evaluator, Budget budget) implements Callable {
    private static final String CALLER = "caller";

    @Override
    public Value call(Arguments arguments) {
        budget.enterCall();
        List<MacroCode.Parameter> parameters = code.parameters();
        List<Value> positional = arguments.positional();
        SequencedMap<String, Value> named = new LinkedHashMap<>(arguments.named());
        Scope inside = scope.inner();
        for (int i = 0; i < parameters.size(); i++) {
            MacroCode.Parameter parameter = parameters.get(i);
            if (i < positional.size()) {
                inside.set(parameter.name(), positional.get(i));
            } else if (named.containsKey(parameter.name())) {
                inside.set(parameter.name(), named.remove(parameter.name()));
            } else {
                inside.set(
                        parameter.name(), new Undefined("parameter '%s' was not provided".formatted(parameter.name())));
                parameter.absent().ifPresent(absent -> inside.set(parameter.name(), evaluator.value(absent, inside)));
            }
        }
        passRest(inside, positional, named);
        Value printed = evaluator.capture(code.body(), inside);
        budget.leaveCall();
        return printed;
    }

    private void passRest(Scope inside, List<Value> positional, SequencedMap<String, Value> named) {
        boolean declaresCaller = code.parameters().stream()
                .anyMatch(parameter -> parameter.name().equals(CALLER));
        if (code.takesCaller() && !declaresCaller) {
            inside.set(CALLER, named.containsKey(CALLER) ? named.remove(CALLER) : new Undefined("No caller defined"));
        }
        if (code.takesMoreNamed()) {
            SequencedMap<Value, Value> rest = new LinkedHashMap<>();
            named.forEach((name, value) -> rest.put(Value.of(name), value));
            inside.set("kwargs", Value.dict(rest));
        } else if (!named.isEmpty()) {
            throw Fault.of(
                    "macro '%s' takes no keyword argument '%s'",
                    code.name(), named.firstEntry().getKey());
        }
        int count = code.parameters().size();
        if (code.takesMore()) {
            inside.set(
                    "varargs", Value.tuple(positional.subList(Math.min(count, positional.size()), positional.size())));
        } else if (positional.size() > count) {
            throw Fault.of("macro '%s' takes not more than %d argument(s)", code.name(), count);
        }
    }

    Optional<Value> attribute(String attribute) {
        return switch (attribute) {
            case "name" -> Optional.of(Value.of(code.name()));
            case "arguments" ->
                Optional.of(Value.tuple(code.parameters().stream()
                        .map(parameter -> Value.of(parameter.name()))
                        .toList()));
            case "catch_kwargs" -> Optional.of(Value.of(code.takesMoreNamed()));
            case "catch_varargs" -> Optional.of(Value.of(code.takesMore()));
            case "caller" -> Optional.of(Value.of(code.takesCaller()));
            default -> Optional.empty();
        };
    }
}
