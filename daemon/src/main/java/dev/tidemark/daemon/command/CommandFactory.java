package dev.tidemark.daemon.command;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/// Creates commands for picocli. Passes the environment to every command whose constructor accepts it.
record CommandFactory(CommandEnvironment environment) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
        try {
            return type.getDeclaredConstructor(CommandEnvironment.class).newInstance(environment);
        } catch (NoSuchMethodException needsNothing) {
            return CommandLine.defaultFactory().create(type);
        }
    }
}
