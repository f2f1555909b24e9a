package dev.tidemark.simulator.record;

import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.mailbox.SimulatorJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Folder of a recording: `calls.jsonl` with an object for each call, and the bodies `N-request.xml` and
/// `N-response.xml`. Thread-safe.
public final class RecordingFolder {
    private static final String INDEX = "calls.jsonl";

    private final Path folder;
    private int count;

    private RecordingFolder(Path folder) {
        this.folder = folder;
    }

    /// Creates the folder. Throws [SimulatorException] if it exists and is not empty.
    static RecordingFolder create(Path folder) {
        try {
            Files.createDirectories(folder);
            try (var files = Files.list(folder)) {
                if (files.findAny().isPresent()) {
                    throw new SimulatorException(
                            "The folder " + folder + " is not empty; name an empty one for the recording.");
                }
            }
            return new RecordingFolder(folder);
        } catch (IOException e) {
            throw new SimulatorException("The folder " + folder + " cannot be written; name a different one.", e);
        }
    }

    synchronized int count() {
        return count;
    }

    /// Writes a call. Bodies come first, so that the index names complete files.
    synchronized void write(RecordedCall call) throws IOException {
        var number = ++count;
        Files.writeString(file(number, "request"), call.request());
        Files.writeString(file(number, "response"), call.response());
        var line = new LinkedHashMap<String, Object>();
        line.put("number", number);
        line.put("operation", call.operation());
        call.mailbox().ifPresent(mailbox -> line.put("mailbox", mailbox));
        line.put("status", call.status());
        call.retryAfter().ifPresent(wait -> line.put("retryAfter", wait));
        line.put("milliseconds", call.milliseconds());
        Files.writeString(
                folder.resolve(INDEX),
                SimulatorJson.write(line) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private Path file(int number, String kind) {
        return folder.resolve(number + "-" + kind + ".xml");
    }

    /// Reads the calls of a recording in their order.
    public static List<RecordedCall> read(Path folder) {
        var recording = new RecordingFolder(folder);
        try (var lines = Files.lines(folder.resolve(INDEX))) {
            return lines.map(SimulatorJson::read).map(recording::call).toList();
        } catch (IOException e) {
            throw new SimulatorException("The folder " + folder + " holds no recording with " + INDEX + ".", e);
        }
    }

    private RecordedCall call(Map<String, Object> line) {
        var number = Integer.parseInt(text(line, "number").orElse("0"));
        try {
            return new RecordedCall(
                    text(line, "operation").orElse("other"),
                    text(line, "mailbox"),
                    Integer.parseInt(text(line, "status").orElse("200")),
                    text(line, "retryAfter"),
                    Long.parseLong(text(line, "milliseconds").orElse("0")),
                    Files.readString(file(number, "request")),
                    Files.readString(file(number, "response")));
        } catch (IOException e) {
            throw new SimulatorException("The recording in " + folder + " lacks the bodies of call " + number + ".", e);
        }
    }

    private static Optional<String> text(Map<String, Object> line, String name) {
        return Optional.ofNullable(line.get(name)).map(String::valueOf);
    }

    /// Call of a recording with pseudonyms.
    ///
    /// @param operation element of the request's body, or `other`
    /// @param mailbox impersonated mailbox
    /// @param retryAfter header of the response
    /// @param request body; empty if it was no XML
    /// @param response body; empty if it was no XML
    public record RecordedCall(
            String operation,
            Optional<String> mailbox,
            int status,
            Optional<String> retryAfter,
            long milliseconds,
            String request,
            String response) {}
}
