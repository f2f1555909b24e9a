package dev.tidemark.daemon.admin;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.tidemark.daemon.logging.RecentLog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.LinkedHashMap;

/// Serves `GET /api/v1/diagnostics`: the newest log entries and all threads, virtual ones included.
record DiagnosticsRoute(RecentLog log) implements AdminRoute {
    @Override
    public AdminReply handle(AdminRequest request) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("log", log.entries());
        tree.put("threads", threads());
        return AdminReply.of(tree);
    }

    private static String threads() {
        try {
            var folder = Files.createTempDirectory("tidemark-threads-");
            var file = folder.resolve("threads.txt");
            try {
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
                return Files.readString(file);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException unwritable) {
            return "The threads could not be written to a temporary file: " + unwritable.getMessage();
        }
    }
}
