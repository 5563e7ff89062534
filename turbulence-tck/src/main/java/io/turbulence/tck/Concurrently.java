package io.turbulence.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The same thing on many virtual threads at once.
final class Concurrently {

    private Concurrently() {}

    /// @throws Exception what the first of them threw
    static void run(int threads, Task task) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Promptly<String>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            running.add(Promptly.start("exchange " + i + " of " + threads, () -> {
                start.await();
                task.run(number);
                return "done";
            }));
        }
        start.countDown();
        for (Promptly<String> one : running) {
            one.join();
        }
    }

    /// What each of them does.
    interface Task {

        void run(int number) throws Exception;
    }
}
