package dev.tidemark.ews.message;

import java.util.Map;
import java.util.Optional;

/// Version of a server, from the ServerVersionInfo of its responses (docs, serverversioninfo).
///
/// @param build major, minor and build numbers with dots, for example `15.2.1118.7`
/// @param schema newest schema that the server reports
public record ServerVersion(String build, Optional<String> schema) {
    private static final Map<String, String> PRODUCTS = Map.of(
            "14.0", "Exchange 2010",
            "14.1", "Exchange 2010 SP1",
            "14.2", "Exchange 2010 SP2",
            "14.3", "Exchange 2010 SP3",
            "15.0", "Exchange 2013",
            "15.1", "Exchange 2016",
            "15.2", "Exchange 2019 or Subscription Edition",
            "15.20", "Exchange Online");

    /// Returns the build with the name of the product, if it is known.
    @Override
    public String toString() {
        var parts = build.split("\\.", -1);
        return Optional.of(parts)
                .filter(each -> each.length >= 2)
                .map(each -> PRODUCTS.get(each[0] + "." + each[1]))
                .map(product -> product + " (" + build + ")")
                .orElse("version " + build);
    }
}
