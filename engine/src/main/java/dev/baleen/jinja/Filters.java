package dev.baleen.jinja;

import java.util.HashMap;
import java.util.Map;

/// Every filter by its name.
final class Filters {
    private static final Map<String, Filter> FILTERS = new HashMap<>();

    static {
        FILTERS.putAll(TextFilters.FILTERS);
        FILTERS.putAll(ValueFilters.FILTERS);
        FILTERS.putAll(ListFilters.FILTERS);
        FILTERS.putAll(OrderFilters.FILTERS);
    }

    private Filters() {}

    static boolean exist(String name) {
        return FILTERS.containsKey(name);
    }

    static Value apply(String name, Value input, Arguments arguments, Budget budget) {
        budget.builtIn();
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw Fault.of("there is no filter '%s'", name);
        }
        return filter.apply(input, arguments, budget);
    }
}
