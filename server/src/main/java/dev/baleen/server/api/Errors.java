package dev.baleen.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// Every problem in OpenAI's shape: `{"error": {"message", "type", "param", "code"}}`.
public final class Errors {
    private static final System.Logger LOG = System.getLogger(Errors.class.getName());

    /// Clients wait so long before they try again; more than 60 they would not believe.
    private static final String RETRY_SECONDS = "5";

    private Errors() {}

    /// Makes a routing answer in that shape whatever goes wrong, unknown paths included. Comes after all other
    /// routes.
    public static void register(HttpRouting.Builder routing) {
        routing.error(ApiException.class, (request, response, problem) -> send(response, problem));
        routing.error(
                HttpException.class,
                (request, response, problem) ->
                        send(response, of(problem.status().code())));
        routing.error(Throwable.class, Errors::internal);
        routing.any((request, response) -> {
            throw ApiException.notFound(request.path().path());
        });
    }

    /// The same for what fails before there is a request to route, such as headers that are none.
    public static DirectHandlers direct() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, Errors::direct);
        }
        return handlers.build();
    }

    static void send(ServerResponse response, ApiException problem) {
        response.status(Status.create(problem.status()));
        if (problem.status() == 429 || problem.status() == 503) {
            response.header(HeaderNames.RETRY_AFTER, RETRY_SECONDS);
        }
        Routes.sendJson(response, Json.bytes(body(problem)));
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

    /// A fault of ours: the log gets all of it, the client the name under which it stands there.
    private static void internal(ServerRequest request, ServerResponse response, Throwable problem) {
        String id = response.headers().first(RequestIds.NAME).orElse("unknown");
        LOG.log(
                System.Logger.Level.ERROR,
                "Request " + id + " to " + request.path().path() + " failed",
                problem);
        send(response, ApiException.internal("The server failed; its log says why, at request " + id));
    }

    private static DirectHandler.TransportResponse direct(
            DirectHandler.TransportRequest request,
            DirectHandler.EventType type,
            Status status,
            ServerResponseHeaders headers,
            String message) {
        headers.set(HeaderNames.CONTENT_TYPE, "application/json");
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(false)
                .entity(Json.bytes(body(of(status.code()))))
                .build();
    }

    /// A problem that the web server found by itself.
    private static ApiException of(int status) {
        return switch (status) {
            case 413 -> ApiException.tooLarge();
            case 503 -> ApiException.unavailable("The server has too many connections");
            default ->
                status >= 500
                        ? ApiException.internal("The server failed; its log says why")
                        : ApiException.badHttp(
                                status,
                                "The request is not valid HTTP, or its body is in an encoding that"
                                        + " this server does not read");
        };
    }
}
