package dev.baleen.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerResponse;

/// Puts handlers on paths, so that a path that is known answers a wrong method with 405 and not with 404.
public final class Routes {
    private Routes() {}

    /// `GET`, and `HEAD`, which is the same without the body.
    public static void get(HttpRules rules, String path, Handler handler) {
        rules.get(path, handler);
        rules.head(path, handler);
        refuseOthers(rules, path, "GET, HEAD");
    }

    static void post(HttpRules rules, String path, Handler handler) {
        rules.post(path, handler);
        refuseOthers(rules, path, Method.POST.text());
    }

    static void sendJson(ServerResponse response, byte[] json) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(json);
    }

    private static void refuseOthers(HttpRules rules, String path, String allowed) {
        rules.any(path, (request, response) -> {
            response.header(HeaderNames.ALLOW, allowed);
            throw ApiException.wrongMethod(request.prologue().method().text(), path, allowed);
        });
    }
}
