package dev.tidemark.daemon.config;

/// Address on which a server listens. With port 0 the system chooses a port.
public record BindAddress(String host, int port) {
    static final ValueConverter<BindAddress> CONVERTER =
            new ValueConverter<>(BindAddress::parse, BindAddress::toString);

    static BindAddress parse(String text) throws BadValueException {
        var colon = text.lastIndexOf(':');
        var host = colon < 0 ? "" : text.substring(0, colon);
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        try {
            var port = Integer.parseInt(text.substring(colon + 1));
            if (!bare.isEmpty() && port >= 0 && port <= 65_535 && (bare.equals(host) == (bare.indexOf(':') < 0))) {
                return new BindAddress(bare, port);
            }
        } catch (NumberFormatException notAPort) {
            throw new BadValueException("'" + text + "' has no port; write host:port, for example 127.0.0.1:8781");
        }
        throw new BadValueException("'" + text + "' is not host:port; write for example 127.0.0.1:8781 or [::1]:8781");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
