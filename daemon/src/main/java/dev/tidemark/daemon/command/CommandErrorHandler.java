package dev.tidemark.daemon.command;

import dev.tidemark.daemon.admin.UnreachableException;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.listener.ListenerException;
import dev.tidemark.store.StoreException;
import java.io.PrintWriter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Prints one sentence to standard error and returns the exit code for a failed command. Logs the stack trace at
/// DEBUG.
final class CommandErrorHandler implements IExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(CommandErrorHandler.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        return report(failure, command.getErr());
    }

    /// Reports a failure and returns the exit code.
    static int report(Exception failure, PrintWriter out) {
        LOG.debug("The command failed", failure);
        if (failure instanceof ConfigException invalid) {
            invalid.faults().forEach(fault -> out.println(fault.text()));
        } else {
            out.println("tidemark: " + sentence(failure));
        }
        out.flush();
        return exitCode(failure);
    }

    private static int exitCode(Exception failure) {
        return switch (failure) {
            case ConfigException ignored -> ExitCodes.INVALID_CONFIGURATION;
            case InvalidSettingException ignored -> ExitCodes.INVALID_CONFIGURATION;
            case UnreachableException ignored -> ExitCodes.UNREACHABLE;
            case StoreException ignored -> ExitCodes.UNREACHABLE;
            case ListenerException ignored -> ExitCodes.UNREACHABLE;
            case CommandException command -> command.exitCode();
            default -> ExitCodes.FAILED;
        };
    }

    private static String sentence(Exception failure) {
        var known = failure instanceof CommandException || exitCode(failure) != ExitCodes.FAILED;
        var message = Optional.ofNullable(failure.getMessage())
                .orElseGet(() -> failure.getClass().getSimpleName());
        return known ? message : message + " (TIDEMARK_LOG_LEVEL=DEBUG shows where)";
    }
}
