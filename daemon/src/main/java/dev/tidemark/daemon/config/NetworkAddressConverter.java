package dev.tidemark.daemon.config;

import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.InvalidSettingException;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/// Parses and checks network addresses without DNS.
public final class NetworkAddressConverter {
    /// Address or range such as `10.0.0.0/8`.
    static final ValueConverter<String> RANGE = new ValueConverter<>(NetworkAddressConverter::range, text -> text);

    /// Value of `egress.allow`, checked by the forwarder's own parser.
    static final ValueConverter<String> EGRESS = new ValueConverter<>(NetworkAddressConverter::egress, text -> text);

    private NetworkAddressConverter() {}

    private static String egress(String text) throws BadValueException {
        try {
            return new EgressConfig(false, List.of(range(text))).allow().getFirst();
        } catch (InvalidSettingException unusable) {
            throw new BadValueException(
                    "'" + text + "' is neither an address nor a network; write for example 10.0.0.0/8");
        }
    }

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

    /// Returns true if the text of `host` denotes this machine. Does not resolve names.
    public static boolean isLoopback(String host) {
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

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
