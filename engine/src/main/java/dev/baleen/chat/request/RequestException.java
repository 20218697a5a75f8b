package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A request that is refused. Status 400, whatever the protocol.
public final class RequestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private static final String TYPE = "invalid_request_error";

    RequestException(String message) {
        super(message);
    }

    /// The status that HTTP gives it.
    public int status() {
        return 400;
    }

    /// The answer's body: OpenAI's shape, which DeepSeek's service gives in all protocols.
    public ObjectNode body() {
        return body(getMessage());
    }

    /// The body of a refusal with another reason.
    public static ObjectNode body(String message) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("message", message).put("type", TYPE).putNull("param").put("code", TYPE);
        return JsonNodeFactory.instance.objectNode().set("error", error);
    }
}
