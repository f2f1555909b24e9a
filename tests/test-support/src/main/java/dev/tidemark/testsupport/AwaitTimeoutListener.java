package dev.tidemark.testsupport;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// Sets Awaitility's default timeout to one minute. A busy build server can stop a JVM for longer than the usual
/// ten seconds. JUnit loads this listener from the class path. A passing test waits no longer because of it.
public final class AwaitTimeoutListener implements LauncherSessionListener {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(1);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(DEFAULT_TIMEOUT);
    }
}
