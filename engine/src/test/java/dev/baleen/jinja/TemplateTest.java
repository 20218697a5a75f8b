package dev.baleen.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What reference data does not say: where errors are, what is closed, and corners in which templates of the wild live.
class TemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static String render(String template, String variables) {
        try {
            return Template.parse(template).render((ObjectNode) JSON.readTree(variables));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String render(String template) {
        return render(template, "{}");
    }

    @Test
    void saysWhereATemplateIsWrong() {
        JinjaException wrong =
                assertThrows(JinjaException.class, () -> Template.parse("a\r\né😀{% if x %}\n  {% endfr %}"));
        assertEquals(3, wrong.line());
        assertEquals(6, wrong.column());
        assertEquals(
                "unknown tag 'endfr'; expected 'elif' or 'else' or 'endif' (line 3, column 6 of the template)",
                wrong.getMessage());
    }

    @Test
    void saysWhereATemplateFails() {
        JinjaException failed = assertThrows(
                JinjaException.class,
                () -> render("{% for m in ms %}\n{{ 'a' + m.content }}{% endfor %}", "{\"ms\": [{}]}"));
        assertEquals(2, failed.line());
        assertEquals(8, failed.column());
        assertTrue(failed.getMessage().startsWith("'dict object' has no attribute 'content'"), failed.getMessage());
        assertFalse(failed.raisedByTemplate());
    }

    @Test
    void tellsWhatTheTemplateItselfRefuses() {
        JinjaException refused = assertThrows(
                JinjaException.class, () -> render("{{ raise_exception('Roles must alternate: ' ~ 100) }}"));
        assertTrue(refused.raisedByTemplate());
        assertTrue(refused.getMessage().startsWith("Roles must alternate: 100 ("), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''.__class__.__mro__",
                "messages.getClass()",
                "messages.append(1)",
                "messages[0].update({})",
                "messages[0].pop('role')",
                "'{0.__class__}'.format(messages)",
                "range.__globals__.x",
                "(messages|map(attribute='__class__')|list)[0].x",
                "namespace.__init__.__globals__['os']",
                "raise_exception.x.y",
                "('' | attr('__class__')).x",
            })
    void opensNothingBeneathTheValues(String expression) {
        assertThrows(
                JinjaException.class,
                () -> render("{{ " + expression + " }}", "{\"messages\": [{\"role\": \"user\"}]}"));
    }

    @Test
    void leavesTheVariablesAsTheyWere() throws JsonProcessingException {
        ObjectNode variables = (ObjectNode) JSON.readTree("{\"m\": {\"a\": [1]}}");
        Template.parse("{% set m = m.a + [2] %}{% set ns = namespace(m=m) %}{% set ns.m = 0 %}")
                .render(variables);
        assertEquals("{\"m\":{\"a\":[1]}}", variables.toString());
    }

    @Test
    void tellsTheTimeThatItIsGiven() {
        Clock clock = Clock.fixed(Instant.parse("2025-01-05T15:04:09.000123Z"), ZoneOffset.UTC);
        String formats = "%d %b %Y|%A, %B %-d|%H:%M:%S.%f|%I:%M %p|%j %U %W %V %u %w|%y%m%d|%e|%c|%Z%%%q|%F %T";
        assertEquals(
                "05 Jan 2025|Sunday, January 5|15:04:09.000123|03:04 PM|005 01 00 01 7 0|250105| 5"
                        + "|Sun Jan  5 15:04:09 2025|%%q|2025-01-05 15:04:09",
                Template.parse("{{ strftime_now('" + formats + "') }}").render(JSON.createObjectNode(), clock));
    }

    @Test
    void readsTheJsonThatCallsCarryAsText() {
        assertEquals(
                "city=Paris;n=2.0;",
                render(
                        "{% for k, v in a|from_json|items %}{{ k }}={{ v }};{% endfor %}",
                        "{\"a\": \"{\\\"city\\\": \\\"Paris\\\", \\\"n\\\": 2.0}\"}"));
        assertThrows(JinjaException.class, () -> render("{{ '{'|from_json }}"));
    }

    @Test
    void writesTheSameDigitsEverywhere() {
        Locale before = Locale.getDefault();
        Clock clock = Clock.fixed(Instant.parse("2025-01-05T15:04:09.000123Z"), ZoneOffset.UTC);
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            Template template = Template.parse("{{ strftime_now('%d %f %V %U') }} {{ '%e' % 1e-7 }} {{ 1e-7 }}");
            assertEquals("05 000123 01 01 1.000000e-07 1e-07", template.render(JSON.createObjectNode(), clock));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void refusesToSortWhatHasNoOrder() {
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            entries.append(i % 3 == 0 ? "'nan'|float" : String.valueOf(i * 37 % 101 + i * 0.001))
                    .append(": 0, ");
        }
        assertThrows(JinjaException.class, () -> render("{{ {" + entries + "}|tojson(sort_keys=true) }}"));
    }

    /// Each was rendered by Jinja2 3.1.6.
    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "{{ 5e-324 }} {{ 1e22 }} {{ 123456789012345680.0 }} {{ 1e16 }} {{ -0.0 }} => 5e-324 1e+22 1.2345678901234568e+17 1e+16 -0.0",
                "{{ 2.675|round(2) }} {{ 1250|round(-2) }} {{ 2.5|round }} {{ 2.4|round(method='ceil') }} => 2.67 1200 2.0 3.0",
                "{{ '1_000'|int }} {{ '0x1f'|int(0, 16) }} {{ 'x'|int(7) }} {{ '1e3'|int }} {{ '.5'|float }} => 1000 31 7 1000 0.5",
                "{{ '٣'|int }} {{ '٣.٥'|float }} {{ '３e１'|float }} => 3 3.5 30.0",
                "{{ 'ßa-ǆb'|title }} => SSa-Ǆb",
                "{{ {1: 'a', true: 'b'} }} {{ {1: 'a'}[1.0] }} {{ 1 in {true: 0} }} => {1: 'b'} a True",
                "{{ 'a1b'|title }} {{ 'a1b'.title() }} {{ 'ß'.upper() }} {{ 'ǆ'.title() }} => A1b A1B SS ǅ",
                "{{ 'xyz'.center(6, '*') }} {{ 'xy'.center(5, '*') }} {{ '-5'.zfill(4) }} => *xyz** **xy* -005",
                "{{ '%05.1f|%-5s|%+d|%x' % (3.14159, 'a', 5, 255) }} => 003.1|a    |+5|ff",
                "{{ '{:,} {:>4} {:08.3f} {:#x}'.format(1234567, 'a', 3.14159, 255) }} => 1,234,567    a 0003.142 0xff",
                "{{ range(1, 9, 3) }} {{ range(9)[::-2] }} {{ {'a': 1}.items() }} => range(1, 9, 3) range(8, -1, -2) dict_items([('a', 1)])",
                "{% for i in [1] %}{% break %}{% else %}E{% endfor %} => E",
                "{% set g = [1, 2]|map('string') %}{{ g|list }}{{ g|list }}{{ g is sequence }} => ['1', '2'][]False",
                "{% if []|map('x') %}true{% endif %} => true",
                "{{ [3, 1]|sort|string ~ ('B', 'a')|sort|string ~ {'b': 1, 'A': 2}|dictsort }} => [1, 3]['a', 'B'][('A', 2), ('b', 1)]",
                "{{ 'a\\u200b\\xa0é😀\\x7f'|list }} => ['a', '\\u200b', '\\xa0', 'é', '😀', '\\x7f']"
            })
    void printsAsPythonDoes(String template, String expected) {
        assertEquals(expected, render(template));
    }
}
