package dev.baleen.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.chat.ChatModel;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.function.Supplier;

/// `GET /v1/models`, and `GET /v1/models/{id}`: the one model that is loaded.
public final class Models implements HttpService {
    private final Supplier<ChatModel> model;
    private final long created = Instant.now().getEpochSecond();

    /// @param model throws an [ApiException] while there is none
    public Models(Supplier<ChatModel> model) {
        this.model = model;
    }

    @Override
    public void routing(HttpRules rules) {
        Routes.get(rules, "/v1/models", (request, response) -> list(response));
        Routes.get(rules, "/models", (request, response) -> list(response));
        Routes.get(rules, "/v1/models/{id}", (request, response) -> {
            String id = request.path().pathParameters().get("id");
            if (!id.equals(model.get().name())) {
                throw ApiException.noModel(id, model.get().name());
            }
            Routes.sendJson(response, Json.bytes(describe()));
        });
    }

    private void list(ServerResponse response) {
        ObjectNode list = Json.object().put("object", "list");
        list.putArray("data").add(describe());
        Routes.sendJson(response, Json.bytes(list));
    }

    private ObjectNode describe() {
        ChatModel chat = model.get();
        return Json.object()
                .put("id", chat.name())
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "baleen")
                .put("max_model_len", chat.contextTokensMax());
    }
}
