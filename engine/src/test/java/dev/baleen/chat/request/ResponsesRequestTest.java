package dev.baleen.chat.request;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ResponsesRequestTest {
    @Test
    void convertsRequestsAsDeepSeeksLibraryDoes() throws IOException {
        ProtocolGoldens.check("responses.jsonl", ResponsesRequest::convert);
    }
}
