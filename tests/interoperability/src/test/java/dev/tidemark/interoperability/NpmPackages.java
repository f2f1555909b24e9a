package dev.tidemark.interoperability;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Fetches clients from npm once. Skips the test if Node is missing or npm cannot fetch them.
final class NpmPackages {
    private NpmPackages() {}

    /// @param folder folder of downloads
    /// @param name package without its version, of which the others are dependencies
    static Path install(String folder, String name, String... libraries) throws IOException, InterruptedException {
        var home = ForeignClient.home(folder);
        assumeThat(ForeignClient.run(home, 20, "node", "--version").status())
                .as("Node, to run %s", name)
                .isZero();
        if (!Files.exists(home.resolve("node_modules/" + name + "/package.json"))) {
            var command = new ArrayList<>(List.of(
                    "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", "--no-save", "--prefix", "."));
            command.addAll(List.of(libraries));
            var install = ForeignClient.run(home, 120, command.toArray(String[]::new));
            assumeThat(install.status()).as("npm can fetch %s", name).isZero();
        }
        return home;
    }
}
