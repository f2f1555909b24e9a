package dev.tidemark.daemon;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/// Addresses as configuration writes them, judged without asking any name server.
final class Networks {
    /// An address or a range such as `10.0.0.0/8`.
    static final Kind<String> RANGE = new Kind<>(Networks::range, text -> text);

    private Networks() {}

    private static String range(String text) throws BadValueException {
        try {
            if (!text.isBlank() && new IPAddressString(text).toAddress() != null) {
                return text;
            }
        } catch (AddressStringException notARange) {
            throw new BadValueException("'" + text + "' is not a range of addresses; write for example 10.0.0.0/8");
        }
        throw new BadValueException("'" + text + "' is not a range of addresses; write for example 10.0.0.0/8");
    }

    /// Whether `host` is this machine, as far as its text tells.
    static boolean isLoopback(String host) {
        var name = unbracketed(host).toLowerCase(Locale.ROOT);
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(name).isLoopbackAddress();
        } catch (IllegalArgumentException aName) {
            return false;
        }
    }

    /// Whether one of `ranges` holds `host`; a name counts as 127.0.0.1 if it is loopback.
    static boolean within(String host, List<String> ranges) {
        var literal = new IPAddressString(unbracketed(host));
        var address = literal.isIPAddress() ? literal : new IPAddressString("127.0.0.1");
        return ranges.stream().anyMatch(range -> new IPAddressString(range).contains(address));
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
