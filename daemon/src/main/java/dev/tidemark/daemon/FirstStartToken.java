package dev.tidemark.daemon;

import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.admin.access.AccessToken;
import dev.tidemark.daemon.admin.access.AccessToken.Role;
import dev.tidemark.daemon.admin.access.AdminTokenFile;
import dev.tidemark.daemon.config.TidemarkConfig.AdminSection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tokens of the admin API at a start: the configured ones, or the one that the first start put into a file.
///
/// @param generated secret of the first start; empty if the configuration names tokens
record FirstStartToken(List<AccessToken> tokens, Optional<String> generated) {
    private static final Logger LOG = LoggerFactory.getLogger(FirstStartToken.class);

    /// Reads or creates the file if the configuration names no tokens. A file that cannot be written does not stop
    /// the daemon, because its callbacks matter more; the token is then valid until the next start.
    static FirstStartToken of(AdminSection admin) {
        if (!admin.tokens().isEmpty()) {
            return new FirstStartToken(admin.tokens(), Optional.empty());
        }
        var secret = secret(new AdminTokenFile(admin.tokenFile()));
        var token = new AccessToken(AdminTokenFile.NAME, secret, Role.OPERATE, AccessScope.ALL);
        return new FirstStartToken(List.of(token), Optional.of(secret));
    }

    private static String secret(AdminTokenFile file) {
        try {
            return file.readOrCreate();
        } catch (IOException e) {
            LOG.warn(
                    "Failed to write or read the admin token file {}: {}; the status page's token is valid until the"
                            + " next start, and commands need --token-file. Make the file writable for the daemon, or"
                            + " set admin.token-file or admin.tokens",
                    file.path(),
                    e.toString());
            return AdminTokenFile.randomToken();
        }
    }

    @Override
    public String toString() {
        return "FirstStartToken" + tokens;
    }
}
