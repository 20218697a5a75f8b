package dev.baleen.server.api;

import dev.baleen.chat.ChatModel;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.function.Supplier;

/// `GET /health`: 200 when the model can answer; 503 while it loads, or when it could not be loaded or has failed.
public final class Health implements HttpService {
    private final Supplier<ChatModel> model;

    /// @param model throws an [ApiException] while there is none
    public Health(Supplier<ChatModel> model) {
        this.model = model;
    }

    @Override
    public void routing(HttpRules rules) {
        Routes.get(rules, "/health", (request, response) -> {
            model.get().engine().status().problem().ifPresent(problem -> {
                throw ApiException.unavailable("The engine has stopped: " + problem.getMessage());
            });
            Routes.sendJson(response, Json.bytes(Json.object().put("status", "ok")));
        });
    }
}
