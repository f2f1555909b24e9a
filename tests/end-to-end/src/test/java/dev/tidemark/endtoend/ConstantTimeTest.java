package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.security.MessageDigest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Checks the methods that compare a secret of this daemon with that of a client.
final class ConstantTimeTest {
    @ParameterizedTest
    @CsvSource({
        "dev.tidemark.daemon.admin.access.AccessToken, find",
        "dev.tidemark.listener.CallbackTokenCodec,     isAuthentic"
    })
    void secrets_are_compared_in_constant_time_only(String type, String method) throws ClassNotFoundException {
        var calls = new ClassFileImporter()
                .importClass(Class.forName(type)).getMethods().stream()
                        .filter(each -> each.getName().equals(method))
                        .flatMap(each -> each.getMethodCallsFromSelf().stream())
                        .map(JavaMethodCall::getTarget)
                        .toList();
        assertThat(calls)
                .anyMatch(call -> call.getOwner().isEquivalentTo(MessageDigest.class)
                        && call.getName().equals("isEqual"))
                .noneMatch(call -> call.getName().equals("equals")
                        || call.getName().startsWith("compare")
                        || call.getName().equals("mismatch"));
    }
}
