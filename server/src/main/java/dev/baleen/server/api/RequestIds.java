package dev.baleen.server.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.UUID;
import java.util.regex.Pattern;

/// Gives every answer a name, `x-request-id`, by which a person can find what the log says of it. A client may choose
/// it.
public final class RequestIds implements Filter {
    static final HeaderName NAME = HeaderNames.create("x-request-id");
    private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        String id = request.headers()
                .first(NAME)
                .filter(given -> ACCEPTED.matcher(given).matches())
                .orElseGet(() -> UUID.randomUUID().toString());
        response.header(NAME, id);
        chain.proceed();
    }
}
