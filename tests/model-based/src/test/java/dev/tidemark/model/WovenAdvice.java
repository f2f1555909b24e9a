package dev.tidemark.model;

import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.loading.ClassReloadingStrategy;
import net.bytebuddy.matcher.ElementMatchers;

/// Advice woven into a method of the product, in the whole JVM.
record WovenAdvice(String type, String method, Class<?> advice) {
    /// Restores the method.
    interface Undo extends AutoCloseable {
        @Override
        void close();
    }

    Undo apply() {
        if (Stream.of(found().getDeclaredMethods())
                .noneMatch(each -> each.getName().equals(method))) {
            throw new IllegalStateException("There is no " + type + "." + method + " to mutate.");
        }
        ByteBuddyAgent.install();
        load(new ByteBuddy()
                .redefine(found())
                .visit(Advice.to(advice).on(ElementMatchers.named(method)))
                .make());
        return () -> load(new ByteBuddy().redefine(found()).make());
    }

    private void load(DynamicType.Unloaded<?> made) {
        made.load(found().getClassLoader(), ClassReloadingStrategy.fromInstalledAgent());
    }

    private Class<?> found() {
        try {
            return Class.forName(type);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("There is no " + type + " to mutate.", e);
        }
    }
}
