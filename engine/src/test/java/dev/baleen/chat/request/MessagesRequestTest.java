package dev.baleen.chat.request;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class MessagesRequestTest {
    @Test
    void convertsRequestsAsDeepSeeksLibraryDoes() throws IOException {
        ProtocolGoldens.check("messages.jsonl", MessagesRequest::convert);
    }
}
