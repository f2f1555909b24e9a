package dev.tidemark.daemon.command;

import dev.tidemark.ews.config.TextFiles;
import dev.tidemark.ews.config.UnreadableTextException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// Options `--admin` and `--token-file`, shared by the commands that call a running daemon.
final class AdminOption {
    private static final String DEFAULT_ADDRESS = "http://127.0.0.1:8781";
    private static final Set<String> SCHEMES = Set.of("http", "https");

    @Option(
            names = "--admin",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description =
                    "The admin API (default: TIDEMARK_ADMIN, else that of --config, else " + DEFAULT_ADDRESS + ").")
    private @Nullable URI admin;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "A file that holds the token (default: TIDEMARK_TOKEN, else admin-token of the store).")
    private @Nullable Path tokenFile;

    /// Connects to a daemon.
    ///
    /// @param config configuration that leads to address and token unless the operator names them
    AdminClient connect(CommandEnvironment environment, Optional<Path> config) {
        var endpoint = AdminEndpoint.find(config, environment);
        var address = checked(address(environment, endpoint));
        return new AdminClient(
                address,
                token(environment).or(() -> endpoint.token(address)),
                endpoint.pinned(address),
                endpoint.tokenRemedy(address));
    }

    private URI address(CommandEnvironment environment, AdminEndpoint endpoint) {
        return Optional.ofNullable(admin)
                .or(() -> environment
                        .variables()
                        .apply("TIDEMARK_ADMIN")
                        .filter(text -> !text.isBlank())
                        .map(AdminOption::parsed))
                .or(endpoint::address)
                .orElseGet(() -> URI.create(DEFAULT_ADDRESS));
    }

    private static URI parsed(String text) {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException noAddress) {
            throw noAddress(text);
        }
    }

    private static URI checked(URI address) {
        if (address.getHost() == null || !isWeb(address.getScheme())) {
            throw noAddress(address.toString());
        }
        return address;
    }

    private static boolean isWeb(@Nullable String scheme) {
        return scheme != null && SCHEMES.contains(scheme.toLowerCase(Locale.ROOT));
    }

    private static CommandException noAddress(String text) {
        return new CommandException(
                ExitCodes.USAGE,
                "'" + text + "' is not the address of an admin API; write it like " + DEFAULT_ADDRESS + ".");
    }

    private Optional<String> token(CommandEnvironment environment) {
        if (tokenFile == null) {
            return environment.variables().apply("TIDEMARK_TOKEN").filter(token -> !token.isBlank());
        }
        try {
            return Optional.of(TextFiles.read(tokenFile).strip());
        } catch (UnreadableTextException noText) {
            throw new CommandException(
                    ExitCodes.USAGE, "Failed to read the token file " + tokenFile + ": " + noText.sentence() + ".");
        } catch (IOException unreadable) {
            throw new CommandException(
                    ExitCodes.USAGE, "The token file " + tokenFile + " cannot be read; name a readable file.");
        }
    }
}
