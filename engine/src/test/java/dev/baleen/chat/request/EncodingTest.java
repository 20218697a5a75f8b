package dev.baleen.chat.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.chat.DeepSeekR1Template;
import dev.baleen.chat.DeepSeekV4Template;
import dev.baleen.chat.DeepSeekV4Template.Version;
import org.junit.jupiter.api.Test;

class EncodingTest {
    @Test
    void aModelsRequestsAreConvertedByTheRulesOfItsOwnLayout() {
        for (Encoding encoding : Encoding.values()) {
            assertEquals(encoding.options(), Encoding.options(encoding.template()), encoding.toString());
        }
        for (Version version : Version.values()) {
            assertEquals(
                    version, Encoding.options(new DeepSeekV4Template(version)).version());
        }
        assertEquals(Encoding.V3_2.options(), Encoding.options(new DeepSeekR1Template()));
    }
}
