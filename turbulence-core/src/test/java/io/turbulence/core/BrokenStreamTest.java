package io.turbulence.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.api.StreamBounds;
import io.turbulence.api.Transport;
import io.turbulence.core.ScenarioRun.Result;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stream that breaks fails its step, and what came before is kept.
class BrokenStreamTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    @Test
    void keepsWhatCameBeforeTheStreamBroke() {
        Result result = run(false);

        assertThat(result.run.exitCode()).isEqualTo(1);
        assertThat(result.errors("a").getFirst()).isEqualTo("'a' closed the connection");
        assertThat(result.step("a"))
                .containsEntry("failure", "CLOSED")
                .containsEntry("payloads_total", 2)
                .containsEntry("payload", Map.of("n", 2));
        assertThat(result.step("a").get("payloads"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2);
        assertThat(result.step("a").get("metadata"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("status_code", 200)
                .containsEntry("messages", 2);
    }

    @Test
    void keepsItWhenTheBrokenStreamCannotBeClosed() {
        assertThat(run(true).step("a")).containsEntry("failure", "CLOSED").containsEntry("payloads_total", 2);
    }

    private Result run(boolean closeFails) {
        fake.on(
                "/a",
                (sent, context) -> Observation.answered(
                        Transport.of("fake"),
                        true,
                        "200",
                        Metadata.of("status_code", 200),
                        Payload.stream(new Breaking(closeFails), StreamBounds.NONE)));
        return new ScenarioRun(folder, fake)
                .scenario("id: s\nflow: [ { name: a, type: fake, path: /a } ]")
                .run();
    }

    @Test
    void endsAtTheDeadlineWhenTheNextMessageIsAlwaysThere() {
        streaming(new Endless(() -> {}));

        Result result = scenario("timeout: 300ms").run();

        assertThat(String.valueOf(result.errors("a").getFirst()))
                .matches("the stream had not ended when the timeout of 300 ms of 'a' passed; \\d+ messages had come");
        assertThat(result.step("a")).containsEntry("failure", "TIMEOUT");
        assertThat(result.step("a").get("payloads"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .isNotEmpty();
    }

    @Test
    void isLeftWhenTheRunIsHaltedAndTheNextMessageIsAlwaysThere() {
        AtomicReference<TurbulenceRun> run = new AtomicReference<>();
        streaming(new Endless(() -> requireNonNull(run.get()).halt()));
        run.set(scenario("timeout: 1h").build());

        RunResult result = run.get().execute();

        assertThat(result.exitCode()).isEqualTo(130);
    }

    private void streaming(PayloadStream stream) {
        fake.on(
                "/a",
                (sent, context) -> Observation.answered(
                        Transport.of("fake"),
                        true,
                        "200",
                        Metadata.empty(),
                        Payload.stream(stream, StreamBounds.NONE)));
    }

    private ScenarioRun scenario(String timeout) {
        return new ScenarioRun(folder, fake)
                .scenario("id: s\nflow: [ { name: a, type: fake, path: /a, " + timeout + " } ]");
    }

    /// Has a message whenever it is asked, and looks at no deadline.
    private static final class Endless implements PayloadStream {

        private final Runnable atTheTenth;
        private int count;

        Endless(Runnable atTheTenth) {
            this.atTheTenth = atTheTenth;
        }

        @Override
        public Frame next(Deadline deadline) {
            if (++count == 10) {
                atTheTenth.run();
            }
            return new Frame(Metadata.empty(), Payload.document(Map.of("n", 1)));
        }

        @Override
        public void close() {}
    }

    private static final class Breaking implements PayloadStream {

        private final boolean closeFails;
        private int count;

        Breaking(boolean closeFails) {
            this.closeFails = closeFails;
        }

        @Override
        public @Nullable Frame next(Deadline deadline) {
            if (++count > 2) {
                throw new FailureException(Failure.CLOSED, "'a' closed the connection");
            }
            return new Frame(Metadata.empty(), Payload.document(Map.of("n", count)));
        }

        @Override
        public void close() {
            if (closeFails) {
                throw new IllegalStateException("broken");
            }
        }
    }
}
