package dev.baleen.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The way out, as other programs take it from the environment: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and
/// `NO_PROXY`, in small letters too, which then count first.
///
/// `NO_PROXY` lists hosts to reach directly, separated by commas: a name stands for itself and all below it, a port may
/// follow, and `*` is every host.
public final class Proxies extends ProxySelector {
    private final Optional<Way> https;
    private final Optional<Way> http;
    private final List<String> direct;

    /// A proxy, and who one is there.
    private record Way(InetSocketAddress address, Optional<PasswordAuthentication> user) {}

    private Proxies(Optional<Way> https, Optional<Way> http, List<String> direct) {
        this.https = https;
        this.http = http;
        this.direct = direct;
    }

    /// @throws HubException if a proxy is named that cannot be used
    static Proxies of(Map<String, String> environment) {
        Optional<Way> all = way(environment, "ALL_PROXY");
        List<String> direct = Stream.of(
                        value(environment, "NO_PROXY").orElse("").split("[,\\s]+"))
                .filter(host -> !host.isEmpty())
                .map(host -> host.toLowerCase(Locale.ROOT))
                .toList();
        return new Proxies(
                way(environment, "HTTPS_PROXY").or(() -> all),
                way(environment, "HTTP_PROXY").or(() -> all),
                direct);
    }

    @Override
    public List<Proxy> select(URI uri) {
        Optional<Way> way = uri.getScheme().equalsIgnoreCase("https") ? https : http;
        if (way.isEmpty() || direct.stream().anyMatch(entry -> matches(entry, uri))) {
            return List.of(Proxy.NO_PROXY);
        }
        // Looked up for each connection: a proxy in a private network may get another address.
        InetSocketAddress proxy = way.get().address();
        return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHostString(), proxy.getPort())));
    }

    /// Who one is at the proxy of that host and port, where the environment says it.
    Optional<PasswordAuthentication> user(String host, int port) {
        return Stream.of(https, http)
                .flatMap(Optional::stream)
                .filter(way -> way.address().getHostString().equalsIgnoreCase(host)
                        && way.address().getPort() == port)
                .flatMap(way -> way.user().stream())
                .findFirst();
    }

    boolean hasUsers() {
        return Stream.of(https, http)
                .flatMap(Optional::stream)
                .anyMatch(way -> way.user().isPresent());
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // There is no second proxy to turn to; the request fails and says so.
    }

    private static boolean matches(String entry, URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        String name = entry.startsWith(".") ? entry.substring(1) : entry;
        if (name.endsWith(":" + port)) {
            name = name.substring(0, name.lastIndexOf(':'));
        }
        return name.equals("*") || host.equals(name) || host.endsWith("." + name);
    }

    private static Optional<Way> way(Map<String, String> environment, String name) {
        return value(environment, name).map(text -> {
            URI uri = parse(name, text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                throw new HubException("%s is '%s'; it has to be of the form http://host:port"
                        .formatted(name, Names.printable(withoutUser(text))));
            }
            Optional<PasswordAuthentication> user = Optional.ofNullable(uri.getUserInfo())
                    .map(info -> info.split(":", 2))
                    .map(parts ->
                            new PasswordAuthentication(parts[0], (parts.length > 1 ? parts[1] : "").toCharArray()));
            int port = uri.getPort() >= 0 ? uri.getPort() : 80;
            return new Way(InetSocketAddress.createUnresolved(uri.getHost(), port), user);
        });
    }

    private static URI parse(String name, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new HubException("%s is no address; it has to be of the form http://host:port".formatted(name), e);
        }
    }

    private static String withoutUser(String text) {
        return text.replaceFirst("//[^/]*@", "//");
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Stream.of(name.toLowerCase(Locale.ROOT), name)
                .map(key -> environment.getOrDefault(key, "").strip())
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
