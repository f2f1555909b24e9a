package dev.tidemark.daemon.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Root command `tidemark`. Does nothing without a subcommand.
@Command(
        name = "tidemark",
        description = "Mailbox change events from Exchange, none lost, to webhooks.",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            ConfigCommand.class,
            StatusCommand.class,
            ReloadCommand.class,
            MailboxesCommand.class,
            GroupsCommand.class,
            EventsCommand.class,
            SinksCommand.class,
            ConnectionsCommand.class,
            NodesCommand.class,
            ReplaysCommand.class,
            DeadLettersCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            MigrateCommand.class,
            StoreCommand.class,
            SupportBundleCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            WarmUpCommand.class,
            HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        footer = {
            "",
            "Exit codes: 0 done, 1 failed at run time, 2 usage, 3 the configuration is",
            "invalid, 4 something it needs is unreachable or taken, 5 done in part."
        })
final class TidemarkCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCodes.USAGE;
    }
}
