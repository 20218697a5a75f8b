package dev.baleen.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// Every problem in OpenAI's shape: `{"error": {"message", "type", "param", "code"}}`.
public final class Errors {
    private static final System.Logger LOG = System.getLogger(Errors.class.getName());
    private static final String RETRY_SECONDS = "5";

    private Errors() {}

    /// Makes a routing answer in that shape whatever goes wrong, unknown paths included.
    public static void register(HttpRouting.Builder routing) {
        routing.error(ApiException.class, (request, response, problem) -> send(response, problem));
        routing.error(HttpException.class, (request, response, problem) -> send(response, translate(request, problem)));
        routing.error(RuntimeException.class, (request, response, problem) -> {
            LOG.log(System.Logger.Level.ERROR, request.path().path() + " failed", problem);
            send(response, ApiException.internal("The server failed: " + problem));
        });
        routing.any((request, response) -> {
            throw ApiException.notFound(request.path().path());
        });
    }

    static void send(ServerResponse response, ApiException problem) {
        response.status(Status.create(problem.status()));
        response.header("Content-Type", "application/json");
        if (problem.status() == 429 || problem.status() == 503) {
            response.header("Retry-After", RETRY_SECONDS);
        }
        response.send(Json.bytes(body(problem)));
    }

    static ObjectNode body(ApiException problem) {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error");
        error.put("message", problem.getMessage());
        error.put("type", problem.type());
        problem.parameter().ifPresentOrElse(path -> error.put("param", path), () -> error.putNull("param"));
        error.put("code", problem.code());
        return body;
    }

    private static ApiException translate(ServerRequest request, HttpException problem) {
        return switch (problem.status().code()) {
            case 404 -> ApiException.notFound(request.path().path());
            case 413 -> ApiException.tooLarge(problem.getMessage());
            default -> ApiException.malformed(problem.getMessage());
        };
    }
}
