package io.turbulence.cli;

import io.turbulence.core.Stoppable;
import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Ctrl-C and SIGTERM during a run: the first stops it gently, the second at once, the third ends the
/// program. Signals are reached through `sun.misc.Signal`, by reflection because the compiler refuses
/// to see it; where it is missing, the JVM ends at the first one as it always does.
final class Interrupts implements AutoCloseable {

    private static final int INTERRUPTED = 130;

    private final List<Runnable> undo = new ArrayList<>();

    private Interrupts() {}

    static Interrupts handledBy(Stoppable run, PrintWriter err) {
        Interrupts interrupts = new Interrupts();
        AtomicInteger count = new AtomicInteger();
        Runnable onSignal = () -> {
            switch (count.incrementAndGet()) {
                case 1 -> {
                    tell(err, "Stopping: no new instances; running ones may end. Ctrl-C again stops at once.");
                    run.stop();
                }
                case 2 -> {
                    tell(err, "Stopping at once.");
                    run.halt();
                }
                default -> Runtime.getRuntime().halt(INTERRUPTED);
            }
        };
        interrupts.handle("INT", onSignal);
        interrupts.handle("TERM", onSignal);
        return interrupts;
    }

    private static void tell(PrintWriter err, String text) {
        err.println();
        err.println(text);
        err.flush();
    }

    private void handle(String name, Runnable onSignal) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            Object handler = Proxy.newProxyInstance(
                    handlerType.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            onSignal.run();
                            return null;
                        }
                        return method.getName().equals("hashCode") ? (Object) System.identityHashCode(proxy) : false;
                    });
            Object before =
                    signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
            undo.add(() -> {
                try {
                    signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, before);
                } catch (ReflectiveOperationException e) {
                    // The program ends anyway
                }
            });
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            System.getLogger(Interrupts.class.getName())
                    .log(System.Logger.Level.DEBUG, "signals cannot be handled here", e);
        }
    }

    @Override
    public void close() {
        undo.forEach(Runnable::run);
    }
}
