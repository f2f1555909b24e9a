package dev.tidemark.daemon.command;

import dev.tidemark.daemon.admin.access.AdminTokenFile;
import dev.tidemark.daemon.config.BindAddress;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.NetworkAddressConverter;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.TidemarkConfig.AdminSection;
import dev.tidemark.listener.ListenerConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/// Finds the admin API of the daemon on this machine and the token of its first start, through its configuration.
///
/// @param admin settings in the configuration; empty if there is none
record AdminEndpoint(Optional<AdminSection> admin) {
    static final Path USUAL_CONFIG = Path.of("conf/tidemark.yaml");
    private static final Path USUAL_TOKEN = Path.of("data", AdminTokenFile.NAME);

    /// @param file configuration that the operator named; otherwise the one that `run` reads, if it exists
    /// @throws ConfigException if the named file cannot be read
    static AdminEndpoint find(Optional<Path> file, CommandEnvironment environment) {
        if (file.isPresent()) {
            return new AdminEndpoint(Optional.of(TidemarkConfig.readAdmin(file.get(), environment.variables())));
        }
        try {
            return new AdminEndpoint(Optional.of(USUAL_CONFIG)
                    .filter(Files::isReadable)
                    .map(usual -> TidemarkConfig.readAdmin(usual, environment.variables())));
        } catch (ConfigException unusable) {
            return new AdminEndpoint(Optional.empty());
        }
    }

    /// Returns the address at which the configured daemon listens.
    Optional<URI> address() {
        return admin.filter(section -> section.bind().port() > 0).map(AdminEndpoint::address);
    }

    private static URI address(AdminSection section) {
        var host = section.bind().host();
        var reachable = isWildcard(host) ? "127.0.0.1" : host;
        return URI.create((section.tls().isPresent() ? "https://" : "http://")
                + new BindAddress(reachable, section.bind().port()));
    }

    /// Returns trust in the certificate that the configuration names, if the address is the configured one. A
    /// certificate that this user cannot read leaves the decision to the JVM's authorities.
    Optional<SSLContext> pinned(URI address) {
        return admin.flatMap(AdminSection::tls)
                .map(ListenerConfig.Tls::certificate)
                .filter(file -> Files.isRegularFile(file) && Files.isReadable(file))
                .filter(file -> isConfigured(address))
                .map(AdminEndpoint::pinned);
    }

    private static SSLContext pinned(Path certificate) {
        try {
            return PinnedCertificate.context(certificate);
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "The certificate " + certificate + " of admin.tls cannot be used (" + e.getMessage()
                            + "); repair the file, or name the address with --admin.");
        }
    }

    private boolean isConfigured(URI address) {
        return admin.filter(section -> hasPort(section, address.getPort()) && hasHost(section, address.getHost()))
                .isPresent();
    }

    /// Port 0 stands for any port.
    private static boolean hasPort(AdminSection section, int port) {
        return section.bind().port() == 0 || section.bind().port() == port;
    }

    private static boolean hasHost(AdminSection section, String host) {
        return (section.onLoopback() || isWildcard(section.bind().host()))
                ? NetworkAddressConverter.isLoopback(host)
                : section.bind().host().equals(host);
    }

    private static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /// Returns the token of the first start for an address. Other machines, and with a configuration
    /// other ports, never receive it.
    Optional<String> token(URI address) {
        var isHere = admin.isPresent() ? isConfigured(address) : NetworkAddressConverter.isLoopback(address.getHost());
        return isHere ? tokenFiles().flatMap(AdminEndpoint::content).findFirst() : Optional.empty();
    }

    /// Returns the remedy for a token that is missing or refused.
    String tokenRemedy(URI address) {
        var byOption = "name a current token with --token-file or TIDEMARK_TOKEN";
        if (admin.filter(section -> !isConfigured(address)).isPresent()) {
            return "the configuration names another address"
                    + address().map(own -> " (" + own + ")").orElse("")
                    + ", so its token is not used; correct --admin, name that daemon's configuration with --config, or "
                    + byOption;
        }
        return admin.filter(section -> !section.tokens().isEmpty()).isPresent()
                ? "the configuration has admin.tokens; " + byOption
                : "run this command as the daemon's user with its --config, or " + byOption;
    }

    private Stream<Path> tokenFiles() {
        return Stream.concat(
                admin.filter(section -> section.tokens().isEmpty()).map(AdminSection::tokenFile).stream(),
                Stream.of(USUAL_TOKEN));
    }

    private static Stream<String> content(Path file) {
        try {
            return new AdminTokenFile(file).read().stream();
        } catch (IOException notMine) {
            return Stream.empty();
        }
    }
}
