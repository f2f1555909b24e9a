package dev.tidemark.forwarder.targets;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.Arrays;
import java.util.Optional;

/// Extracts IPv4 addresses embedded in IPv6 addresses, which would otherwise bypass the rules for IPv4.
/// Thread-safe.
final class EmbeddedAddress {
    /// Translated to IPv4 inside a network (RFC 8215); the address is commonly in the last 32 bits.
    private static final IPAddress LOCAL_TRANSLATION = new IPAddressString("64:ff9b:1::/48").getAddress();

    private EmbeddedAddress() {}

    /// Returns the IPv4 address that an IPv6 address leads to by translation or tunnel (RFC 4291, 6052, 8215,
    /// 3056, 4380, 5214).
    static Optional<IPAddress> in(IPAddress address) {
        if (!address.isIPv6()) {
            return Optional.empty();
        }
        var wide = address.toIPv6();
        if (wide.isIPv4Mapped() || isIpv4Compatible(wide) || wide.isWellKnownIPv4Translatable()) {
            return Optional.of(wide.getEmbeddedIPv4Address());
        }
        if (wide.is6To4()) {
            return Optional.of(wide.get6To4IPv4Address());
        }
        if (wide.isTeredo()) {
            return Optional.of(teredoClient(wide.getBytes()));
        }
        return isIsatap(wide.getBytes()) || LOCAL_TRANSLATION.contains(wide)
                ? Optional.of(wide.getEmbeddedIPv4Address())
                : Optional.empty();
    }

    /// `::` and `::1` have their own meaning (RFC 4291, section 2.5.5.1): they lead to no IPv4 address.
    private static boolean isIpv4Compatible(IPv6Address address) {
        return address.isIPv4Compatible() && !address.isLoopback() && !address.isZero();
    }

    /// Returns true for an interface identifier made of an IPv4 address, global or not.
    private static boolean isIsatap(byte[] address) {
        return (address[8] & 0xfd) == 0 && address[9] == 0 && address[10] == 0x5e && address[11] == (byte) 0xfe;
    }

    /// Teredo stores the client's address with all bits inverted.
    private static IPAddress teredoClient(byte[] address) {
        var client = Arrays.copyOfRange(address, address.length - 4, address.length);
        for (var i = 0; i < client.length; i++) {
            client[i] = (byte) ~client[i];
        }
        return new IPAddressGenerator().from(client);
    }
}
