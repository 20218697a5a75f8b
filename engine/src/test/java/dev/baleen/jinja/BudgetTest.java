package dev.baleen.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Templates that want more than their share: each ends soon, with a message.
class BudgetTest {
    /// They take a second or two; a machine may be busy.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// What a thread has at the least on the platforms that Java runs on, halved.
    private static final long STACK_BYTES = 512 << 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Time that a built-in takes.
                "{% set x = 9 ** 4000 %}{% for a in range(99999) %}{% for b in range(999) %}{% set y = x * x // x %}{% endfor %}{% endfor %}",
                "{% set x = 9 ** 4000 %}{% for a in range(99999) %}{% for b in range(999) %}{% if 1e-300 < x %}{% endif %}{% endfor %}{% endfor %}",
                "{% set x = 9 ** 4000 %}{% for a in range(99999) %}{% set y = x|string %}{% endfor %}",
                "{% set x = '9' * 4000 %}{% for a in range(99999) %}{% set y = x|int %}{% endfor %}",
                "{% set x = 'a' * 4000000 %}{% set y = 'a' * 2000000 ~ 'b' %}{{ y in x }}",
                "{% set x = 'a' * 4000000 %}{% set y = 'a' * 2000000 ~ 'b' %}{{ x.find(y) }}",
                "{% set x = 'a' * 4000000 %}{% set y = 'a' * 2000000 ~ 'b' %}{{ x.split(y)|length }}",
                "{% set x = 'a' * 4000000 %}{% for a in range(99999) %}{% for b in range(999) %}{% if x.isalnum %}{% endif %}{% endfor %}{% endfor %}",
                "{% set l = range(99999)|list %}{% for a in l %}{% set x = l.index(99998) %}{% endfor %}",
                "{% for a in range(99999) %}{% for b in range(999) %}{% for c in range(99999) %}{% break %}{% endfor %}{% endfor %}{% endfor %}",
                "{% for a in range(99999) %}{% set x = strftime_now('%c%c%c%c%c%c%c%c') %}{% for b in range(999) %}{% set x = 1.5|round(3) %}{% endfor %}{% endfor %}",
                "{% macro f(x) %}{% if x %}{{ f(x - 1) }}{{ f(x - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
                // Values that share their parts, and are endless to look through.
                "{% set ns = namespace(l=[]) %}{% for i in range(150) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(150) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}",
                "{% set ns = namespace(l=[], m=[]) %}{% for i in range(150) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.m = [ns.m, ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
                "{% set ns = namespace(l=()) %}{% for i in range(150) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1} }}",
                "{% set ns = namespace() %}{% set ns.x = [ns] %}{{ ns }}",
                // Memory.
                "{% set ns = namespace(l=[1]) %}{% for i in range(99) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(l=[]) %}{% set s = 'x' * 100000 %}{% for i in range(9999) %}{% set ns.l = ns.l + [s ~ i] %}{% endfor %}",
                "{% set ns = namespace() %}{% for i in range(99999) %}{% for j in range(99) %}{% set ns.x = namespace(p=ns.x) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace() %}{% for i in range(99999) %}{% for j in range(99) %}{% set p = ns.x %}{% macro m() %}{{ p }}{% endmacro %}{% set ns.x = m %}{% endfor %}{% endfor %}",
                "{% set ns = namespace() %}{% for i in range(99999) %}{% for j in range(99) %}{% set ns.x = cycler(ns.x) %}{% endfor %}{% endfor %}",
                "{{ '%1000000000d' % 5 }}",
                "{{ '%.1000000000f' % 5.0 }}",
                "{{ '{:1000000000}'.format(5) }}",
                "{{ 'a'.center(1000000000) }}",
                "{{ '\t'.expandtabs(1000000000) }}",
                "{{ 'a'|indent(1000000000) }}",
                "{{ [1]|batch(1000000000, 0)|list }}",
                "{{ [1]|slice(1000000000)|list }}",
                "{{ {'a': 1}|tojson(indent=1000000000) }}",
                "{{ 2 ** 10000000 }}",
                "{{ 10 ** 4299 * 10 }}",
                "{{ ('[' ~ '1,' * 2000000 ~ '1]')|from_json|length }}",
                // Depth.
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% for n in [1] recursive %}{{ loop([1]) }}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(999) %}{% set ns.l = ns.l|map('string') %}{% endfor %}{{ ns.l|list }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(999) %}{% set ns.l = [ns.l] %}{% endfor %}"
            })
    void endsWithAMessage(String template) {
        assertTimeoutPreemptively(
                PATIENCE,
                () -> assertThrows(
                        JinjaException.class, () -> Template.parse(template).render(JSON.createObjectNode())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "not ", "-", "a[", "f(", "{1: ", "1 if 1 else ", "{% if x %}", "{% set x %}"})
    void parsesDeepNestingWithoutOverflowingASmallStack(String opening) {
        String template = (opening.startsWith("{%") ? "" : "{{ ") + opening.repeat(20_000);
        assertThrows(JinjaException.class, () -> inSmallStack(template));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro f(n) %}{% for x in [1] %}{% if true %}{{ (((((f(n + 1)))))) ~ '' }}{% endif %}{% endfor %}{% endmacro %}{{ f(0) }}",
                "{% macro f(n) %}{% set x %}{% filter upper %}{% call g() %}{{ f(n + 1) }}{% endcall %}{% endfilter %}{% endset %}{% endmacro %}{% macro g() %}{{ caller() }}{% endmacro %}{{ f(0) }}",
                "{% for n in [1] recursive %}{% with a = [loop([1])] %}{{ a }}{% endwith %}{% endfor %}",
                "{% macro f(n) %}{% for x in [1] if f(n + 1) %}{% endfor %}{% endmacro %}{{ f(0) }}",
                "{% macro f(n) %}{{ [[[[[f(n + 1)]]]]]|map('string')|map('string')|map('string')|join }}{% endmacro %}{{ f(0) }}"
            })
    void callsItselfWithoutOverflowingASmallStack(String template) {
        assertThrows(JinjaException.class, () -> inSmallStack(template));
    }

    @Test
    void walksOverDeepValuesWithoutOverflowingASmallStack() {
        String deep = "{% set ns = namespace(l=[], g=[1], m=[]) %}{% for i in range(190) %}"
                + "{% set ns.l = [{'a': ns.l}] if i % 2 else ns.l %}{% set ns.m = [{'a': ns.m}] if i % 2 else ns.m %}"
                + "{% set ns.g = ns.g|map('string')|select %}{% endfor %}";
        String uses = "{{ ns.l|tojson|length }}{{ ns.l|string|length }}{{ ns.l == ns.m }}{{ ns.g|list }}";
        JinjaException tooDeep = assertThrows(JinjaException.class, () -> inSmallStack(deep + uses));
        assertTrue(tooDeep.getMessage().contains("levels deep"), tooDeep.getMessage());
        assertEquals("425425True['1']", inSmallStack((deep + uses).replace("190", "95")));
    }

    private static String inSmallStack(String template) {
        AtomicReference<Optional<String>> rendered = new AtomicReference<>(Optional.empty());
        AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        rendered.set(Optional.of(Template.parse(template).render(JSON.createObjectNode())));
                    } catch (Throwable e) {
                        failure.set(Optional.of(e));
                    }
                },
                "small stack",
                STACK_BYTES);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (failure.get().isPresent()) {
            if (failure.get().get() instanceof JinjaException refused) {
                throw refused;
            }
            throw new AssertionError(failure.get().get());
        }
        return rendered.get().orElseThrow();
    }

    @Test
    void leavesRoomForALongConversationThatIsLookedAtFromEachMessage() {
        ObjectNode variables = JSON.createObjectNode();
        ArrayNode messages = variables.putArray("messages");
        for (int i = 0; i < 2_000; i++) {
            messages.addObject().put("role", i % 2 == 0 ? "user" : "tool").put("content", "text ".repeat(20));
        }
        String template = "{% set ns = namespace(calls=0) %}{% for m in messages %}"
                + "{% for i in range(loop.index0, -1, -1) %}"
                + "{% if messages[i].role != 'tool' %}{% set ns.calls = ns.calls + 1 %}{% endif %}{% endfor %}"
                + "{% endfor %}{{ ns.calls }}";
        assertEquals("1001000", Template.parse(template).render(variables));
    }

    @Test
    void leavesRoomForAConversationThatIsGatheredInAVariable() {
        ObjectNode variables = JSON.createObjectNode();
        ArrayNode messages = variables.putArray("messages");
        for (int i = 0; i < 200; i++) {
            messages.add("text ".repeat(400));
        }
        String template = "{% set ns = namespace(all='') %}{% for m in messages %}{% set ns.all = ns.all + m %}"
                + "{% endfor %}{{ ns.all|length }}";
        assertEquals("400000", Template.parse(template).render(variables));
    }
}
