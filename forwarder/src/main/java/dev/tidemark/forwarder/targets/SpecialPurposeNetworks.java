package dev.tidemark.forwarder.targets;

import java.util.List;

/// Special-purpose networks of the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and later
/// additions), without those that the registries call globally reachable.
final class SpecialPurposeNetworks {
    /// Addresses at which clouds hand out credentials to local processes: AWS (instances, tasks, pods), Google,
    /// Azure, Alibaba, Oracle. Not in the registries; never allowed.
    static final List<String> METADATA = List.of(
            "169.254.169.254",
            "169.254.170.2",
            "169.254.170.23",
            "168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254");

    /// This host: loopback and "this network", which systems treat as loopback.
    static final List<String> LOOPBACK = List.of("0.0.0.0/8", "127.0.0.0/8", "::/128", "::1/128");

    static final List<String> LINK_LOCAL = List.of("169.254.0.0/16", "fe80::/10");

    /// Networks without a single host.
    static final List<String> NO_HOST = List.of("224.0.0.0/4", "255.255.255.255/32", "ff00::/8");

    /// Other networks that are not globally reachable.
    static final List<String> NOT_PUBLIC = List.of(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "64:ff9b:1::/48",
            "100::/64",
            "100:0:0:1::/64",
            "2001:2::/48",
            "2001:10::/28",
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fec0::/10");

    /// Anycast services in these ranges that the registries call globally reachable.
    static final List<String> PUBLIC_EXCEPTIONS = List.of("192.0.0.9/32", "192.0.0.10/32");

    private SpecialPurposeNetworks() {}
}
