package dev.tidemark.forwarder.targets;

import dev.tidemark.forwarder.targets.DeliveryResult.AddressRefused;
import dev.tidemark.http.ProxyConfig;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Decides which addresses may be called. Targets check every address at connect time, because a name may
/// resolve differently than at an earlier check. Only this class and [EmbeddedAddress] use the address library.
/// Thread-safe.
public final class EgressPolicy {
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowMask(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .toParams();

    /// Spellings that resolvers accept: `0x7f.1` and `2130706433` are loopback, too.
    private static final IPAddressStringParameters LENIENT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowMask(false)
            .allowPrefix(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .toParams();

    private static final List<IPAddress> METADATA = networks(SpecialPurposeNetworks.METADATA);
    private static final List<IPAddress> LOOPBACK = networks(SpecialPurposeNetworks.LOOPBACK);
    private static final List<IPAddress> LINK_LOCAL = networks(SpecialPurposeNetworks.LINK_LOCAL);
    private static final List<IPAddress> NO_HOST = networks(SpecialPurposeNetworks.NO_HOST);
    private static final List<IPAddress> NOT_PUBLIC = networks(SpecialPurposeNetworks.NOT_PUBLIC);
    private static final List<IPAddress> PUBLIC_EXCEPTIONS = networks(SpecialPurposeNetworks.PUBLIC_EXCEPTIONS);

    /// Names that mean forbidden addresses on every resolver.
    private static final Map<String, String> KNOWN_NAMES = Map.of(
            "localhost", "127.0.0.1",
            "localhost.localdomain", "127.0.0.1",
            "ip6-localhost", "::1",
            "ip6-loopback", "::1",
            "metadata", "169.254.169.254",
            "metadata.google.internal", "169.254.169.254",
            "metadata.goog", "169.254.169.254",
            "instance-data", "169.254.169.254",
            "instance-data.ec2.internal", "169.254.169.254");

    private final boolean publicOnly;
    private final List<IPAddress> allow;
    private final Optional<ProxyConfig> proxy;
    private final Resolver resolver;

    /// Resolves names to addresses.
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    public EgressPolicy(EgressConfig config, Resolver resolver) {
        this.publicOnly = config.publicOnly();
        this.allow = config.allow().stream().map(EgressPolicy::network).toList();
        this.proxy = config.proxy();
        this.resolver = resolver;
    }

    private static List<IPAddress> networks(List<String> texts) {
        return texts.stream().map(EgressPolicy::network).toList();
    }

    /// Returns the proxy, if one is configured. The proxy resolves names itself, so call
    /// [#requireAllowed(String)] before each request instead of resolving.
    public Optional<ProxyConfig> proxy() {
        return proxy;
    }

    /// Checks a host without resolving it: an address in any spelling, or a name with a fixed meaning.
    ///
    /// @throws RefusedAddressException if it may not be called
    public void requireAllowed(String host) throws RefusedAddressException {
        var refusal = refusal(host);
        if (refusal.isPresent()) {
            throw new RefusedAddressException(refusal.get());
        }
    }

    /// Returns the reason to refuse a host, without resolving it; empty if resolving must decide.
    ///
    /// @param host host in the notation of a URL
    public static Optional<AddressRefused> refusal(EgressConfig config, String host) {
        return new EgressPolicy(config, InetAddress::getAllByName).refusal(host);
    }

    private Optional<AddressRefused> refusal(String host) {
        return literal(host)
                .flatMap(address ->
                        refusal(address).or(() -> EmbeddedAddress.in(address).flatMap(this::refusal)));
    }

    private static Optional<IPAddress> literal(String host) {
        var name = host.replaceAll("^\\[|]$|\\.$", "").toLowerCase(Locale.ROOT);
        var known = name.endsWith(".localhost") ? "127.0.0.1" : KNOWN_NAMES.getOrDefault(name, name);
        return Optional.ofNullable(new IPAddressString(known, LENIENT).getAddress());
    }

    /// Parses an address or a network of `allow`.
    ///
    /// @throws InvalidSettingException if the text is neither an address nor a network
    static IPAddress network(String text) {
        try {
            return new IPAddressString(text, STRICT).toAddress().toPrefixBlock();
        } catch (AddressStringException e) {
            throw new InvalidSettingException(
                    "'" + text + "' in egress.allow is not an address or network; write it like 127.0.0.0/8 or ::1.");
        }
    }

    /// Returns the allowed addresses of a host. Connect only to these, because a second lookup may return
    /// different ones.
    ///
    /// @throws RefusedAddressException if the host has addresses and none is allowed
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

    /// Returns the reason to refuse an address; empty if it is allowed.
    Optional<AddressRefused> refusal(InetAddress inet) {
        var address = new IPAddressGenerator().from(inet.getAddress());
        return refusal(address).or(() -> EmbeddedAddress.in(address).flatMap(this::refusal));
    }

    private Optional<AddressRefused> refusal(IPAddress address) {
        if (within(METADATA, address)) {
            return Optional.of(
                    new AddressRefused(address + " gives out cloud credentials and is never called", Optional.empty()));
        }
        if (within(allow, address)) {
            return Optional.empty();
        }
        return category(address)
                .map(what -> new AddressRefused(
                        address + " is " + what + " and egress does not allow it",
                        Optional.of(address + (address.isIPv4() ? "/32" : "/128"))));
    }

    private Optional<String> category(IPAddress address) {
        if (within(LOOPBACK, address)) {
            return Optional.of("loopback");
        }
        if (within(LINK_LOCAL, address)) {
            return Optional.of("link-local");
        }
        if (within(NO_HOST, address)) {
            return Optional.of("no address of a host");
        }
        var inside = within(NOT_PUBLIC, address) && !within(PUBLIC_EXCEPTIONS, address);
        return publicOnly && inside ? Optional.of("not public") : Optional.empty();
    }

    private static boolean within(List<IPAddress> networks, IPAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /// Reports that egress forbids every address of a name. Extends [UnknownHostException] because an HTTP client's
    /// resolver passes on no other exception.
    public static final class RefusedAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        private final transient AddressRefused refusal;

        RefusedAddressException(AddressRefused refusal) {
            super(refusal.text());
            this.refusal = refusal;
        }

        public AddressRefused refusal() {
            return refusal;
        }
    }
}
