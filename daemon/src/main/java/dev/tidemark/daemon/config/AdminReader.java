package dev.tidemark.daemon.config;

import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.admin.access.AccessToken;
import dev.tidemark.daemon.admin.access.AccessToken.Role;
import dev.tidemark.daemon.admin.access.AdminTokenFile;
import dev.tidemark.daemon.config.TidemarkConfig.AdminSection;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads `admin`.
record AdminReader(ConfigSectionReader admin, Path folder) {
    private static final int SHORT_TOKEN = 16;
    private static final String MAKE_TOKEN = "write what 'openssl rand -hex 32' prints";

    private static final ValueConverter<String> TOKEN = new ValueConverter<>(AdminReader::token, text -> text);
    private static final ValueConverter<Role> ROLE = new ValueConverter<>(AdminReader::role, Role::label);

    /// @param storeUrl address of the store; the token of the first start lies beside the store's files
    /// @param groups names of the groups that a token may be limited to
    AdminSection read(String storeUrl, Set<String> groups) {
        var bind = admin.get("bind", BindAddress.CONVERTER, new BindAddress("127.0.0.1", 8781));
        var path = new ValueConverter<Path>(text -> folder.resolve(text).normalize(), Path::toString);
        var tls = ListenerReader.tls(admin, folder);
        var tokens = tokens(groups);
        var section = new AdminSection(
                bind,
                tls,
                tokens,
                admin.get("token-file", path, besideStore(storeUrl)),
                admin.find("public-url", ValueConverter.WEB_ADDRESS).map(URI::getRawAuthority),
                admin.find("audit", path));
        requireProtection(section);
        admin.finish();
        return section;
    }

    private void requireProtection(AdminSection section) {
        if (section.onLoopback()) {
            return;
        }
        var lacking = new ArrayList<String>();
        if (!admin.has("tokens") || admin.isEmptyList("tokens")) {
            lacking.add("admin.tokens");
        }
        if (section.tls().isEmpty()) {
            lacking.add("admin.tls");
        }
        if (!lacking.isEmpty()) {
            admin.addFault(
                    admin.mark("bind"),
                    "admin.bind beyond loopback needs admin.tokens and admin.tls; add "
                            + String.join(" and ", lacking) + ", or write 127.0.0.1:"
                            + section.bind().port());
        }
    }

    private List<AccessToken> tokens(Set<String> groups) {
        var result = new ArrayList<AccessToken>();
        var names = new HashSet<String>();
        var secrets = new HashMap<String, String>();
        for (var section : admin.sectionList("tokens")) {
            var token = token(section, groups);
            section.finish();
            result.add(token);
            if (!names.add(token.name())) {
                section.addFault(
                        section.mark("name"),
                        "a token named '" + token.name() + "' is there already; use unique names");
            }
            var other = token.secret().isEmpty() ? null : secrets.putIfAbsent(token.secret(), token.name());
            if (other != null) {
                section.addFault(
                        section.mark("token"),
                        section.dotted("token") + " is the one of '" + other + "' as well; " + MAKE_TOKEN);
            }
        }
        return result;
    }

    private static AccessToken token(ConfigSectionReader section, Set<String> groups) {
        var name = section.require("name", ValueConverter.NAME, "");
        var secret = section.secret("token", TOKEN).orElse("");
        if (!section.has("token")) {
            section.reportMissing("token", section.mark(), section.dotted("token") + " is missing; " + MAKE_TOKEN);
        } else if (!secret.isEmpty() && secret.length() < SHORT_TOKEN) {
            section.addWarning(
                    section.mark("token"),
                    section.dotted("token") + " has less than " + SHORT_TOKEN + " characters and can be guessed; "
                            + MAKE_TOKEN);
        }
        var role = section.require("role", ROLE, Role.METRICS);
        var scope = new HashSet<String>();
        for (var group : section.listWithLocations("groups", ValueConverter.NAME)) {
            scope.add(group.value());
            if (!groups.contains(group.value())) {
                section.addFault(
                        group.mark(),
                        "there is no group '" + group.value() + "'; "
                                + NameSuggester.nearest(group.value(), groups)
                                        .map(nearest -> "the nearest name is " + nearest)
                                        .orElse("add it to subscriptions"));
            }
        }
        return new AccessToken(name, secret, role, new AccessScope(scope));
    }

    private static String token(String text) throws BadValueException {
        if (text.isEmpty() || text.chars().anyMatch(each -> each <= ' ' || each > '~')) {
            throw new BadValueException("a token has ASCII characters without spaces; " + MAKE_TOKEN);
        }
        return text;
    }

    private static Role role(String text) throws BadValueException {
        for (var role : Role.values()) {
            if (role.label().equals(text)) {
                return role;
            }
        }
        throw new BadValueException("'" + text + "' is not known; write one of " + String.join(", ", Role.labels()));
    }

    /// Returns the place of the first start's token: beside the store's files, or in `data` if the store has none.
    private Path besideStore(String storeUrl) {
        Function<String, Path> beside = text -> Path.of(text).resolveSibling(AdminTokenFile.NAME);
        return Optional.of(storeUrl)
                .filter(url -> url.startsWith(StoreReader.H2_FILE))
                .map(url -> url.substring(StoreReader.H2_FILE.length()).replaceFirst(";.*", ""))
                .map(text -> text.startsWith("~/") ? System.getProperty("user.home", "") + text.substring(1) : text)
                .map(beside)
                .orElseGet(() -> folder.resolve("data").resolve(AdminTokenFile.NAME));
    }
}
