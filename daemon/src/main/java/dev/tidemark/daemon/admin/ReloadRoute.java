package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.ConfigDiagnostic;
import dev.tidemark.daemon.reload.ConfigReloader;
import dev.tidemark.daemon.reload.ReloadResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Serves `POST /-/reload`: reads the configuration again and responds after it was applied or rejected.
record ReloadRoute(ConfigReloader reloader) implements AdminRoute {
    private static final String PATH = "/-/reload";

    void addTo(AdminRouter router) {
        router.post(PATH, RouteContract.operate("force"), this);
    }

    @Override
    public AdminReply handle(AdminRequest request) {
        try {
            var force = QueryParameterParser.word(request, "force", List.of("true", "false"));
            return switch (reloader.reload(force.filter("true"::equals).isPresent())) {
                case ReloadResult.Applied applied -> AdminReply.of(tree(applied));
                case ReloadResult.Rejected rejected ->
                    AdminReply.problem(
                            422,
                            "configuration-invalid",
                            detail(rejected),
                            Map.of(
                                    "faults",
                                    rejected.faults().stream()
                                            .map(ReloadRoute::tree)
                                            .toList()));
            };
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private static String detail(ReloadResult.Rejected rejected) {
        return rejected.appliedInPart()
                ? "the configuration is applied in part; reload again"
                : rejected.faults().size() + " faults in the configuration; nothing has changed";
    }

    private static Map<String, Object> tree(ReloadResult.Applied applied) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("changed", applied.changed());
        tree.put("restartNeeded", applied.restartNeeded());
        return tree;
    }

    private static Map<String, Object> tree(ConfigDiagnostic fault) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("file", fault.file());
        tree.put("line", fault.line());
        tree.put("column", fault.column());
        tree.put("message", fault.message());
        return tree;
    }
}
