package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.check.CheckStep;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckReportTest {
    private static CheckStep step(String name, boolean ok, String subject) {
        var fields = new HashMap<String, Object>(Map.of("name", name, "ok", ok, "message", "It is so."));
        fields.put(name.equals("sink") ? "sink" : "mailbox", subject);
        if (!ok) {
            fields.put("remedy", "Repair it.");
        }
        return CheckStep.of(fields);
    }

    private static int exitCode(CheckStep... steps) {
        return CheckReport.exitCode(Arrays.asList(steps));
    }

    @Test
    void a_line_holds_the_outcome_the_subject_the_cause_and_the_remedy() {
        assertThat(CheckReport.line(step("sink", false, "crm")))
                .isEqualTo("FAILED  sink            sink crm: It is so. Repair it.");
        assertThat(CheckReport.line(step("callback", true, "ada@example.com")))
                .isEqualTo("ok      callback        ada@example.com: It is so.");
    }

    @Test
    void exit_codes_tell_what_is_unreachable_from_what_fails_in_part() {
        var heard = step("callback", true, "ada@example.com");
        var unheard = step("callback", false, "bob@example.com");
        var sink = step("sink", true, "crm");
        var refusing = step("sink", false, "erp");

        assertThat(exitCode(heard, sink)).isEqualTo(ExitCodes.DONE);
        assertThat(exitCode(heard, unheard, sink)).isEqualTo(ExitCodes.PARTIAL);
        assertThat(exitCode(heard, unheard)).isEqualTo(ExitCodes.PARTIAL);
        assertThat(exitCode(heard, sink, refusing)).isEqualTo(ExitCodes.PARTIAL);
        assertThat(exitCode(heard, refusing)).isEqualTo(ExitCodes.FAILED);
        assertThat(exitCode(unheard, sink)).isEqualTo(ExitCodes.FAILED);
        assertThat(exitCode(heard, sink, step("connect", false, "x"))).isEqualTo(ExitCodes.UNREACHABLE);
    }
}
