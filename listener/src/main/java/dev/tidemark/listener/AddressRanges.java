package dev.tidemark.listener;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.util.List;
import java.util.Optional;

/// Set of address ranges that [ClientAddressFilter] checks clients against. An IPv4 address in IPv6 notation
/// counts as IPv4. Immutable and thread-safe.
final class AddressRanges {
    /// Turns off the octal parts, wildcards and ranges within parts that the library also accepts.
    private static final IPAddressStringParameters SYNTAX = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowWildcardedSeparator(false)
            .setRangeOptions(AddressStringParameters.RangeParameters.NO_RANGE)
            .allow_inet_aton(false)
            .toParams();

    private final List<IPAddress> ranges;

    private AddressRanges(List<IPAddress> ranges) {
        this.ranges = ranges;
    }

    /// Parses ranges such as `10.0.0.7`, `10.0.0.0/8` or `fd00::/8`.
    ///
    /// @throws ListenerException for a text that is neither an address nor a range
    static AddressRanges of(List<String> texts) {
        return new AddressRanges(texts.stream().map(AddressRanges::range).toList());
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /// Returns true if one of the ranges holds `address`; false for a text that is not an address.
    boolean contains(String address) {
        return parse(address)
                .map(candidate -> ranges.stream().anyMatch(range -> range.contains(candidate)))
                .orElse(false);
    }

    private static IPAddress range(String text) {
        return parse(text)
                .map(IPAddress::toPrefixBlock)
                .orElseThrow(() -> new ListenerException(
                        "'" + text + "' is not an address range; write it like 10.0.0.0/8 or fd00::/8."));
    }

    private static Optional<IPAddress> parse(String text) {
        try {
            var zone = text.indexOf('%');
            var address = new IPAddressString(zone < 0 ? text : text.substring(0, zone), SYNTAX).toAddress();
            return Optional.ofNullable(address).map(AddressRanges::unmapped);
        } catch (AddressStringException expected) {
            return Optional.empty();
        }
    }

    private static IPAddress unmapped(IPAddress address) {
        return address.isIPv6() && address.toIPv6().isIPv4Mapped() && !address.isPrefixed()
                ? address.toIPv6().getEmbeddedIPv4Address()
                : address;
    }
}
