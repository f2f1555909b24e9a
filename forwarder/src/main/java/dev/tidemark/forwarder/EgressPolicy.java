package dev.tidemark.forwarder;

import dev.tidemark.forwarder.Answer.AddressRefused;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Which addresses may be called, asked for every address of a name when it is connected to: a name checked
/// earlier may resolve differently by then. The only place that knows the library for addresses.
public final class EgressPolicy {
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowMask(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .toParams();

    /// Where clouds hand out credentials to whoever asks from inside: AWS (instances, tasks, pods), Google,
    /// Azure, Alibaba, Oracle.
    private static final List<IPAddress> METADATA = Stream.of(
                    "169.254.169.254",
                    "169.254.170.2",
                    "169.254.170.23",
                    "168.63.129.16",
                    "100.100.100.200",
                    "192.0.0.192",
                    "fd00:ec2::254",
                    "fd00:ec2::23",
                    "fd20:ce::254")
            .map(EgressPolicy::network)
            .toList();

    private static final List<IPAddress> CLOSED =
            Stream.of("0.0.0.0/8", "255.255.255.255").map(EgressPolicy::network).toList();

    /// Networks that are not public, beside those the library names so (RFC 6598, RFC 2544).
    private static final List<IPAddress> INSIDE = Stream.of("100.64.0.0/10", "198.18.0.0/15", "192.0.0.0/24")
            .map(EgressPolicy::network)
            .toList();

    private final boolean publicOnly;
    private final List<IPAddress> allow;
    private final Resolver resolver;

    /// How names become addresses.
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    EgressPolicy(EgressConfig config, Resolver resolver) {
        this.publicOnly = config.publicOnly();
        this.allow = config.allow().stream().map(EgressPolicy::network).toList();
        this.resolver = resolver;
    }

    /// @throws InvalidSettingException if the text is neither an address nor a network
    static IPAddress network(String text) {
        try {
            return new IPAddressString(text, STRICT).toAddress().toPrefixBlock();
        } catch (AddressStringException e) {
            throw new InvalidSettingException(
                    "'" + text + "' in egress.allow is no address or network; write it like 127.0.0.0/8 or ::1.");
        }
    }

    /// The addresses of a host that may be called. Connect to these and to no others: a second look-up may
    /// give different ones.
    ///
    /// @throws RefusedAddressException if it has addresses, but none that may
    public InetAddress[] resolve(String host) throws UnknownHostException {
        var open = new ArrayList<InetAddress>();
        var refusals = new ArrayList<AddressRefused>();
        for (var address : resolver.resolve(host)) {
            refusal(address).ifPresentOrElse(refusals::add, () -> open.add(address));
        }
        if (open.isEmpty() && !refusals.isEmpty()) {
            throw new RefusedAddressException(refusals.getFirst());
        }
        return open.toArray(InetAddress[]::new);
    }

    /// Why an address may not be called, if so.
    Optional<AddressRefused> refusal(InetAddress inet) {
        var address = new IPAddressGenerator().from(inet.getAddress());
        return refusal(address).or(() -> embedded(address).flatMap(this::refusal));
    }

    private Optional<AddressRefused> refusal(IPAddress address) {
        if (within(METADATA, address)) {
            return Optional.of(
                    new AddressRefused(address + " gives out cloud credentials and is never called", Optional.empty()));
        }
        if (within(allow, address)) {
            return Optional.empty();
        }
        return nature(address)
                .map(what -> new AddressRefused(
                        address + " is " + what + " and egress does not allow it",
                        Optional.of(address + (address.isIPv4() ? "/32" : "/128"))));
    }

    private Optional<String> nature(IPAddress address) {
        if (address.isLoopback() || address.isAnyLocal() || within(CLOSED, address)) {
            return Optional.of("loopback");
        }
        if (address.isLinkLocal()) {
            return Optional.of("link-local");
        }
        if (address.isMulticast()) {
            return Optional.of("multicast");
        }
        return publicOnly && (address.isLocal() || within(INSIDE, address))
                ? Optional.of("not public")
                : Optional.empty();
    }

    /// The IPv4 address that an IPv6 one leads to, by translation or tunnel (RFC 4291, RFC 6052, RFC 3056).
    private static Optional<IPAddress> embedded(IPAddress address) {
        if (!address.isIPv6()) {
            return Optional.empty();
        }
        var wide = address.toIPv6();
        if (wide.isIPv4Mapped() || wide.isIPv4Compatible() || wide.isWellKnownIPv4Translatable()) {
            return Optional.of(wide.getEmbeddedIPv4Address());
        }
        return wide.is6To4() ? Optional.of(wide.get6To4IPv4Address()) : Optional.empty();
    }

    private static boolean within(List<IPAddress> networks, IPAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }
}
