package dev.tidemark.testsupport;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/// Has every test that waits without saying how long wait for a minute: a build server with other work to do
/// may well let a JVM stand still for longer than Awaitility's ten seconds. JUnit finds it by itself on the
/// class path. Who passes waits no longer for it; who fails is told a minute later.
public final class AwaitTimeoutListener implements LauncherSessionListener {
    private static final Duration USUAL = Duration.ofMinutes(1);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(USUAL);
    }
}
