package dev.tidemark.forwarder.target;

import dev.tidemark.forwarder.target.DeliveryResult.AddressRefused;
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

/// Which addresses may be called, asked for every address of a name when it is connected to: a name checked
/// earlier may resolve differently by then. Only this and [EmbeddedAddress] know the library for addresses.
public final class EgressPolicy {
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowMask(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .toParams();

    /// As resolvers read addresses: `0x7f.1` and `2130706433` are loopback too.
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

    /// Names that lead to closed addresses wherever they are resolved.
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

    /// How names become addresses.
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

    /// What to go through, where there is such a thing. It resolves names by itself: ask
    /// [#requireOpen(String)] before each request instead of resolving.
    public Optional<ProxyConfig> proxy() {
        return proxy;
    }

    /// Judges a host without resolving it: an address in whatever spelling, or a name that always means the
    /// same.
    ///
    /// @throws RefusedAddressException if it may not be called
    public void requireAllowed(String host) throws RefusedAddressException {
        var refusal = refusal(host);
        if (refusal.isPresent()) {
            throw new RefusedAddressException(refusal.get());
        }
    }

    /// Why a host will not be called, as far as it can be told without resolving it.
    ///
    /// @param host as a web address holds it
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
}
