package dev.baleen.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Requests to the hub and to where it sends us.
///
/// The token goes to the hub's own scheme, host and port only. A redirect may lead anywhere but from HTTPS to HTTP.
/// HTTP/1.1, so that each request at the same time has a connection of its own. A body that stands still is closed, and
/// ends early for its reader.
final class Web implements AutoCloseable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(20);
    private static final Duration HEADERS_MAX = Duration.ofSeconds(60);
    private static final int REDIRECTS_MAX = 8;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HubSettings settings;
    private final HttpClient client;
    private final StallWatch watch;

    /// What came back.
    ///
    /// @param uri where it came from, after redirects
    /// @param first the headers of the first answer, a redirect's if there was one: the hub says there what it
    /// sends to
    record Answer(int status, URI uri, HttpHeaders headers, HttpHeaders first, InputStream body)
            implements AutoCloseable {
        Optional<String> header(String name) {
            return headers.firstValue(name);
        }

        /// What the hub itself said: of the redirect, or else of the answer.
        Optional<String> hubHeader(String name) {
            return first.firstValue(name).or(() -> header(name));
        }

        /// Closes the body, read or not; an unread one costs the connection.
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    Web(HubSettings settings, Duration stallMax) {
        this.settings = settings;
        this.watch = new StallWatch(stallMax);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_MAX)
                .proxy(settings.proxies());
        if (settings.proxies().hasUsers()) {
            // Off by default, because the way to the proxy is not encrypted; whoever sets such a proxy wants it.
            System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
            builder.authenticator(new ProxyUser(settings.proxies()));
        }
        this.client = builder.build();
    }

    /// Names the user at a proxy, and nobody to servers.
    private static final class ProxyUser extends Authenticator {
        private final Proxies proxies;

        ProxyUser(Proxies proxies) {
            this.proxies = proxies;
        }

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? proxies.user(getRequestingHost(), getRequestingPort()).orElse(null)
                    : null;
        }
    }

    /// Asks and follows redirects.
    ///
    /// @param method `GET`, or `HEAD`, which follows redirects within the hub only: an address elsewhere may have
    ///     been signed for reading alone
    /// @throws Transient if the connection failed
    /// @throws HubException if a redirect leads where it must not
    Answer send(String method, URI uri, Map<String, String> headers) throws Transient, InterruptedException {
        URI target = uri;
        Optional<HttpHeaders> first = Optional.empty();
        for (int i = 0; i <= REDIRECTS_MAX; i++) {
            HttpResponse<InputStream> response = once(method, target, headers);
            HttpHeaders seen = first.orElse(response.headers());
            Optional<String> location = response.headers().firstValue("Location");
            boolean redirects = REDIRECTS.contains(response.statusCode()) && location.isPresent();
            if (redirects) {
                URI next = redirect(target, location.get());
                if (method.equals("GET") || isSameOrigin(next, target)) {
                    discard(response);
                    // Within the hub a redirect tells of a renamed repository, and nothing of the file.
                    first = isSameOrigin(next, settings.endpoint()) ? first : Optional.of(seen);
                    target = next;
                    continue;
                }
            }
            InputStream body = watch.watch(response.body());
            return new Answer(response.statusCode(), target, response.headers(), seen, body);
        }
        throw new HubException(
                "%s redirects more than %d times; check HF_ENDPOINT".formatted(plain(uri), REDIRECTS_MAX));
    }

    /// The address that an answer redirects to, whether or not it was followed.
    static Optional<URI> redirectOf(Answer answer) {
        return REDIRECTS.contains(answer.status())
                ? answer.header("Location").map(location -> redirect(answer.uri(), location))
                : Optional.empty();
    }

    /// An address as messages show it: without the signature that may stand in its query.
    static String plain(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    }

    static boolean isSameOrigin(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && port(a) == port(b);
    }

    @Override
    public void close() {
        watch.close();
        client.shutdownNow();
        client.close();
    }

    private HttpResponse<InputStream> once(String method, URI uri, Map<String, String> headers)
            throws Transient, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .timeout(HEADERS_MAX)
                .header("User-Agent", "baleen")
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        if (isSameOrigin(uri, settings.endpoint())) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        try {
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw Retries.lost("No answer from " + plain(uri), e);
        }
    }

    static URI redirect(URI from, String location) {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new HubException(
                    "%s redirects to '%s', which is no address".formatted(plain(from), Names.printable(location)), e);
        }
        boolean web = "https".equalsIgnoreCase(to.getScheme()) || "http".equalsIgnoreCase(to.getScheme());
        if (!web || to.getHost() == null) {
            throw new HubException(
                    "%s redirects to '%s', which is not on the web".formatted(plain(from), Names.printable(location)));
        }
        if (from.getScheme().equalsIgnoreCase("https") && to.getScheme().equalsIgnoreCase("http")) {
            throw new HubException("%s redirects to %s, from an encrypted connection to an open one; refused"
                    .formatted(plain(from), plain(to)));
        }
        return to;
    }

    private static void discard(HttpResponse<InputStream> response) throws Transient {
        try (InputStream body = response.body()) {
            body.readNBytes(4_096); // A redirect's text; read, it leaves the connection for the next request.
        } catch (IOException e) {
            throw Retries.lost("Lost " + plain(response.uri()), e);
        }
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }
}
