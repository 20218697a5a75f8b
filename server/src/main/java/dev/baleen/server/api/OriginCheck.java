package dev.baleen.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Refuses what a page of another site would send. The server has no keys, so that without this check any page in a
/// person's browser could make the machine compute, and read the answers through a rebound host name.
///
/// - The `Host` must be this machine's loopback name or the address that the server listens on.
/// - An `Origin`, which browsers send with every request that could do harm, must be that same host.
public final class OriginCheck implements Filter {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /// Who listens everywhere means to be reached by any name.
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

    private final String bound;

    /// @param bound the address that the server listens on
    public OriginCheck(String bound) {
        this.bound = bound;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        String host = request.authority().toLowerCase(Locale.ROOT);
        if (!allowed(hostOf(host))) {
            throw ApiException.forbidden(
                    "The host '" + Fields.brief(host) + "' is not this server's; use http://localhost");
        }
        Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
        if (origin.isPresent() && !sameHost(origin.get(), host)) {
            throw ApiException.forbidden("A page of " + Fields.brief(origin.get()) + " may not use this server");
        }
        chain.proceed();
    }

    private boolean allowed(String host) {
        return LOOPBACK.contains(host)
                || host.endsWith(".localhost")
                || host.equals(bound)
                || host.equals("[" + bound + "]")
                || EVERYWHERE.contains(bound);
    }

    private static boolean sameHost(String origin, String host) {
        try {
            return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }
}
