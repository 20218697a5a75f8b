package dev.baleen.chat.request;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ChatCompletionsRequestTest {
    @Test
    void convertsRequestsAsDeepSeeksLibraryDoes() throws IOException {
        ProtocolGoldens.check("chat-completions.jsonl", ChatCompletionsRequest::convert);
    }
}
