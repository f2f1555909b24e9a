package dev.tidemark.simulator.operation;

import dev.tidemark.simulator.soap.SoapWriter;

/// Writes the out-of-office settings of a mailbox, which are always disabled.
final class OofSettingsWriter {
    private OofSettingsWriter() {}

    static String answer(String operation) {
        return SoapWriter.document(operation, xml -> {
            xml.open("m:ResponseMessage", "ResponseClass", "Success")
                    .text("m:ResponseCode", "NoError")
                    .close()
                    .open("t:OofSettings")
                    .text("t:OofState", "Disabled")
                    .text("t:ExternalAudience", "All")
                    .open("t:Duration")
                    .text("t:StartTime", "2026-01-01T00:00:00Z")
                    .text("t:EndTime", "2026-01-02T00:00:00Z")
                    .close();
            xml.open("t:InternalReply").empty("t:Message").close();
            xml.open("t:ExternalReply").empty("t:Message").close();
            xml.close().text("m:AllowExternalOof", "All");
        });
    }
}
