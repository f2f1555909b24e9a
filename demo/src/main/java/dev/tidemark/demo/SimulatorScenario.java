package dev.tidemark.demo;

import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Course of a simulation: mailboxes, total mails per second, and steps in time.
record SimulatorScenario(List<MailboxAddress> mailboxes, double rate, List<ScenarioStep> steps) {
    /// Step at a time after the start.
    sealed interface ScenarioStep {
        Duration at();

        /// Orders a fault with the parameters of the control API.
        record OrderFault(Duration at, String name, Map<String, String> parameters) implements ScenarioStep {}

        /// Ends all faults.
        record ClearFaults(Duration at) implements ScenarioStep {}

        /// Delivers a mail.
        record DeliverMail(Duration at, MailboxAddress mailbox, String subject) implements ScenarioStep {}
    }

    SimulatorScenario {
        mailboxes = List.copyOf(mailboxes);
        steps = List.copyOf(steps);
    }
}
