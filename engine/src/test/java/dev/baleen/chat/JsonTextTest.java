package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baleen.chat.JsonText.Floats;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void writesAsPythonDoes() {
        assertEquals(
                "{\"a\": [1, 2.5, true, null, {}, []], \"é\\\"\\u0001\\n/\": \"猫\"}",
                JsonText.write(
                        JsonText.parse("{\"a\":[1,2.5,true,null,{},[]],\"é\\\"\\u0001\\n\\/\":\"\\u732b\"}"),
                        Floats.PYTHON));
    }

    @Test
    void spellsFloatsAsRustOrPythonDoes() {
        assertEquals(
                "[0.00001, 1e-6, 1.5e-7, 0.0001, 1e+16, 1234567890123456.0, -0.0, 5e-324, 1.7976931348623157e+308]",
                numbers(Floats.RUST));
        assertEquals(
                "[1e-05, 1e-06, 1.5e-07, 0.0001, 1e+16, 1234567890123456.0, -0.0, 5e-324, 1.7976931348623157e+308]",
                numbers(Floats.PYTHON));
    }

    private static String numbers(Floats floats) {
        return JsonText.write(
                JsonText.parse(
                        "[1e-5, 1e-6, 1.5e-7, 1e-4, 1e16, 1234567890123456.0, -0, 5e-324, 1.7976931348623157e308]"),
                floats);
    }

    @Test
    void integersBeyond64BitsBecomeFloats() {
        assertEquals(
                "[18446744073709551615, 1.8446744073709552e+19, -9223372036854775808, -9.223372036854776e+18, 1e+29]",
                JsonText.write(
                        JsonText.parse(
                                "[18446744073709551615, 18446744073709551616, -9223372036854775808, -9223372036854775809, 100000000000000000000000000000]"),
                        Floats.RUST));
    }

    @Test
    void aRepeatedKeyKeepsItsFirstPlaceAndItsLastValue() {
        assertEquals("{\"a\": 3, \"b\": 2}", JsonText.write(JsonText.parse("{\"a\":1,\"b\":2,\"a\":3}"), Floats.RUST));
    }

    @Test
    void refusesWhatIsNoSingleJsonValue() {
        for (String wrong : List.of(
                "",
                " ",
                "{",
                "{}x",
                "1 2",
                "[1,]",
                "{\"a\":1,}",
                "NaN",
                "01",
                "1e999",
                "\"\\ud800\"",
                "\"\u0001\"",
                "'a'",
                "[".repeat(128) + "]".repeat(128),
                "[".repeat(1_000_000))) {
            assertThrows(IllegalArgumentException.class, () -> JsonText.parse(wrong), wrong);
        }
        JsonText.parse("[".repeat(127) + "]".repeat(127));
    }
}
