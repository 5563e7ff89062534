package io.turbulence.core;

import static io.turbulence.core.FakePlugin.failing;
import static io.turbulence.core.FakePlugin.ok;
import static io.turbulence.core.FakePlugin.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.core.ScenarioRun.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BuiltInStepsTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    private Result run(String flow) {
        return new ScenarioRun(folder, fake).scenario("id: s\n" + flow).run();
    }

    private List<String> sentPaths() {
        return fake.sent.stream().map(FakePlugin.Sent::path).toList();
    }

    @Nested
    class Wait {

        @Test
        void pollsDefaultActionOfServiceUntilExpectationHolds() {
            fake.on(
                    "/o",
                    status(500, "no"),
                    failing(Failure.CONNECT, "refused"),
                    ok(Map.of("s", "new")),
                    ok(Map.of("s", "done", "n", 7)));

            Result result = run("""
                flow:
                  - { name: w, type: wait, service: api, path: /o, interval: 10ms, timeout: 10s, expect: { jsonpath: $.s, equals: done }, extract: { n: $.n } }
                  - { name: after, type: fake, path: "/{{n}}" }
                """).assertPassed();

            assertThat(sentPaths()).containsExactly("/o", "/o", "/o", "/o", "/7");
            assertThat((List<?>) result.step("w").get("attempts")).hasSize(4);
            assertThat(result.step("w"))
                    .containsEntry("extracted", Map.of("n", 7))
                    .containsEntry("failure", null);
        }

        @Test
        void pollsAnyActionUnderPoll() {
            fake.on("/o", ok(Map.of("s", "a")), ok(Map.of("s", "b")));

            run("""
                flow:
                  - { type: wait, poll: { type: fake, service: api, method: PUT, path: /o }, until: { jsonpath: $.s, in: [b, c] }, interval: 10ms }
                """).assertPassed();

            assertThat(fake.sent).extracting(FakePlugin.Sent::method).containsExactly("PUT", "PUT");
        }

        @Test
        void runsOutWithMessageOfLastPoll() {
            fake.on("/o", ok(Map.of("s", "new")));

            Result result = run("""
                flow:
                  - { name: w, type: wait, path: /o, interval: 400ms, timeout: 1s, until: { jsonpath: $.s, equals: done } }
                  - { name: next, type: fake, path: /n }
                """);

            assertThat(result.run.exitCode()).isEqualTo(1);
            assertThat(result.story()).containsExactly("w failed", "next skipped");
            assertThat(String.valueOf(result.errors("w").getFirst()))
                    .matches("'w' did not hold within 1 s, after \\d+ polls; at last: \\$\\.s was \"new\" but"
                            + " expected: equals \"done\" \\(.*scenario\\.yaml:3\\)");
        }

        @Test
        void runsOutWithTheAnswerThatWasNoneOfSuccess() {
            fake.on("/o", status(403, "not yours"));

            Result result = run("""
                flow:
                  - { name: w, type: wait, path: /o, interval: 400ms, timeout: 1s, until: { jsonpath: $.s, equals: done } }
                """);

            assertThat(String.valueOf(result.errors("w").getFirst()))
                    .matches("'w' did not hold within 1 s, after \\d+ polls; at last: the answer was 403; .*\\$\\.s"
                            + " .* \\(.*scenario\\.yaml:3\\)");
        }

        @Test
        void doesNotRepeatTheStatusThatIsExpectedToBeAnother() {
            fake.on("/o", status(403, "not yours"));

            Result result = run("""
                flow:
                  - { name: w, type: wait, path: /o, interval: 400ms, timeout: 1s, until: { status_code: 404 } }
                """);

            assertThat(String.valueOf(result.errors("w").getFirst())).doesNotContain("the answer was");
        }

        @Test
        void statusExpectationReplacesRuleOfProtocol() {
            fake.on("/o", ok("there"), status(404, "gone"));

            run("flow: [ { type: wait, path: /o, interval: 10ms, until: { status_code: 404 } } ]")
                    .assertPassed();
        }

        @Test
        void untilMayBeText() {
            fake.on("/o", ok(Map.of("n", 1)), ok(Map.of("n", 5)));

            run("flow: [ { type: wait, path: /o, interval: 10ms, until: \"payload.n > 3\" } ]")
                    .assertPassed();
            assertThat(fake.sent).hasSize(2);
        }

        @Test
        void pollThatDoesNotAnswerIsBoundByTimeoutOfService() {
            fake.on(
                    "/o",
                    (sent, context) -> {
                        while (!context.deadline().expired()) {
                            Thread.sleep(5);
                        }
                        throw new java.net.SocketTimeoutException("slow");
                    },
                    ok(Map.of("n", 5)));

            Result result = new ScenarioRun(folder, fake)
                    .system("services: { api: { protocol: fake, timeout: 100ms } }")
                    .scenario("id: s\n"
                            + "flow: [ { name: w, type: wait, path: /o, interval: 10ms, timeout: 20s, until: {"
                            + " jsonpath: $.n, equals: 5 } } ]")
                    .run()
                    .assertPassed();

            assertThat((List<?>) result.step("w").get("attempts")).hasSize(2);
        }
    }

    @Nested
    class Job {

        @Test
        void submitsPollsAndExtractsFromLastPoll() {
            fake.on("/batches", ok(Map.of("id", 5)));
            fake.on(
                    "/batches/5",
                    ok(Map.of("state", "starting")),
                    status(500, null),
                    ok(Map.of("state", "success", "out", "s3://x")));

            Result result = run("""
                flow:
                  - name: j
                    type: job
                    submit: { type: fake, service: api, method: POST, path: /batches, headers: { X-A: "1" }, json: { a: 1 }, extract: { batch: $.id } }
                    poll: { path: "/batches/{{batch}}", interval: 10ms }
                    state: $.state
                    success_states: [success]
                    failure_states: [dead, killed]
                    timeout: 10s
                    extract: { out: $.out }
                  - { type: assert, expect: { context_path: out, equals: "s3://x" } }
                """).assertPassed();

            assertThat(fake.sent).extracting(FakePlugin.Sent::method).containsExactly("POST", "GET", "GET", "GET");
            assertThat(fake.sent).extracting(one -> one.headers().get("X-A")).containsOnly("1");
            assertThat(fake.sent).extracting(FakePlugin.Sent::json).containsExactly(Map.of("a", 1), null, null, null);
            assertThat(result.step("j").get("extracted")).isEqualTo(Map.of("batch", 5, "out", "s3://x"));
        }

        @Test
        void failureStateEndsItAtOnce() {
            fake.on("/p", ok(Map.of("state", "dead")));

            Result result = run("""
                flow: [ { name: j, type: job, submit: { type: fake, path: /s }, poll: { path: /p, interval: 10ms }, state: $.state, success_states: [ok], failure_states: [dead], timeout: 30s } ]
                """);

            assertThat(result.errors("j")).hasToString("['j' ended in state 'dead', one of its failure_states]");
        }

        @Test
        void failedSubmissionIsNotPolled() {
            fake.on("/s", status(503, null));

            Result result = run("""
                flow: [ { name: j, type: job, submit: { type: fake, path: /s }, poll: { path: /p, interval: 10ms }, state: $.state, success_states: [ok] } ]
                """);

            assertThat(result.errors("j")).hasToString("[submit: the answer was 503]");
            assertThat(fake.sent).hasSize(1);
        }

        @Test
        void runsOutWithLastState() {
            fake.on("/p", ok(Map.of("state", "running")));

            Result result = run("""
                flow: [ { name: j, type: job, submit: { type: fake, path: /s }, poll: { path: /p, interval: 300ms }, state: $.state, success_states: [ok], timeout: 1s } ]
                """);

            assertThat(String.valueOf(result.errors("j").getFirst()))
                    .matches("'j' was not done when the timeout of 1 s of 'j' passed, after \\d+ polls; at last:"
                            + " state 'running'");
        }
    }

    @Nested
    class BranchAndGroup {

        @Test
        void branchChoosesAndNamesPaths() {
            Result result = run("""
                flow:
                  - { name: b, type: branch, condition: "1 > 0", if_true: [ { name: yes, type: fake, path: /y } ], if_false: [ { name: no, type: fake, path: /n } ] }
                  - { name: c, type: branch, condition: "1 > 2", if_true: [ { type: fake, path: /n } ], if_false: [ { type: group, do: [ { name: deep, type: fake, path: /d } ] } ] }
                  - { name: d, type: branch, condition: "1 > 2", if_true: [ { type: fake, path: /n } ] }
                """).assertPassed();

            assertThat(sentPaths()).containsExactly("/y", "/d");
            assertThat(result.step("yes")).containsEntry("path", "flow[0].if_true[0]");
            assertThat(result.step("deep")).containsEntry("path", "flow[1].if_false[0].do[0]");
            assertThat(result.step("d")).containsEntry("ok", true).containsEntry("skipped", false);
            assertThat(result.step("group_1")).containsEntry("type", "group");
        }

        @Test
        void failureInsideStopsWhatFollowsAndFailsGroup() {
            fake.on("/bad", status(500, null));

            Result result = run("""
                flow:
                  - { name: g, type: group, do: [ { name: a, type: fake, path: /bad }, { name: b, type: fake, path: /b } ] }
                  - { name: c, type: fake, path: /c }
                assertions: [ { name: d, expect: { expression: "1 == 1" } } ]
                finally: [ { name: e, type: fake, path: /e } ]
                """);

            assertThat(result.story())
                    .containsExactly("a failed", "b skipped", "g failed", "c skipped", "d skipped", "e ok");
            assertThat(result.instances.getFirst())
                    .contains(entry("failed_step", "a"), entry("error", "the answer was 500"), entry("ok", false));
        }
    }

    @Nested
    class Loop {

        @Test
        void goesThroughListWithIndexAndName() {
            Result result = run("""
                entry: { seed_data: { items: [ { sku: A }, { sku: B } ] } }
                flow:
                  - { name: l, type: loop, for_each: "{{entry.seed_data.items}}", as: line, do: [ { name: s, type: fake, path: "/{{line.sku}}/{{loop_index}}", json: "{{line}}" } ] }
                """).assertPassed();

            assertThat(sentPaths()).containsExactly("/A/0", "/B/1");
            assertThat(result.steps("s"))
                    .extracting(line -> line.get("path"))
                    .containsExactly("flow[0].do[0]#0", "flow[0].do[0]#1");
        }

        @Test
        void goesThroughMapAsKeyAndValue() {
            run("""
                flow:
                  - { type: loop, for_each: { a: 1, b: 2 }, do: [ { type: fake, path: "/{{item.key}}", json: "{{item.value}}" } ] }
                """).assertPassed();

            assertThat(fake.sent).extracting(FakePlugin.Sent::path).containsExactly("/a", "/b");
            assertThat(fake.sent).extracting(FakePlugin.Sent::json).containsExactly(1, 2);
        }

        @Test
        void nestsWithOwnIndexAndOuterOneBackAfterwards() {
            Result result = run("""
                max_steps: 1000
                flow:
                  - type: loop
                    times: 2
                    do:
                      - { type: loop, times: "{{ 1 + 1 }}", do: [ { name: in, type: fake, path: "/in/{{loop_index}}" } ] }
                      - { name: out, type: fake, path: "/out/{{loop_index}}" }
                """).assertPassed();

            assertThat(sentPaths()).containsExactly("/in/0", "/in/1", "/out/0", "/in/0", "/in/1", "/out/1");
            assertThat(result.steps("in"))
                    .extracting(line -> line.get("path"))
                    .containsExactly(
                            "flow[0].do[0]#0.do[0]#0",
                            "flow[0].do[0]#0.do[0]#1",
                            "flow[0].do[0]#1.do[0]#0",
                            "flow[0].do[0]#1.do[0]#1");
        }

        @Test
        void countsInTextAsTheEnvironmentGivesIt() {
            run("""
                flow:
                  - { type: loop, times: "{{env.TIMES | default:3}}", do: [ { type: fake, path: "/{{loop_index}}" } ] }
                """).assertPassed();

            assertThat(sentPaths()).containsExactly("/0", "/1", "/2");
        }

        @Test
        void repeatsWhileExpressionHolds() {
            fake.on("/n", ok(Map.of("n", 1)), ok(Map.of("n", 2)), ok(Map.of("n", 3)));

            run("""
                flow:
                  - { name: first, type: fake, path: /n, extract: { n: $.n } }
                  - { type: loop, while: "n < 3", do: [ { name: more, type: fake, path: /n, extract: { n: $.n } } ] }
                """).assertPassed();

            assertThat(fake.sent).hasSize(3);
        }

        @Test
        void newestIterationIsWhatStepsNameMeans() {
            run("""
                flow:
                  - { type: loop, times: 3, do: [ { name: s, type: fake, path: /x, json: { i: "{{loop_index}}" } } ] }
                  - { name: after, type: assert, expect: { context_path: steps.s.payload.i, equals: 2 } }
                """).assertPassed();
        }

        @Test
        void failureEndsItAndTimeoutBoundsItWhole() {
            Result result = run("""
                max_steps: 100000
                flow: [ { name: l, type: loop, while: "true", timeout: 200ms, do: [ { type: sleep, duration: 20ms } ] } ]
                """);

            assertThat(String.valueOf(result.steps("l").getLast().get("errors")))
                    .contains("timeout of 200 ms of 'l'");
            assertThat(result.run.exitCode()).isEqualTo(1);
        }

        @Test
        void whatIsNoListFailsIt() {
            Result result = run(
                    "flow: [ { name: l, type: loop, for_each: \"{{ 1 + 1 }}\", do: [ { type: sleep, duration: 1ms } ]"
                            + " } ]");

            assertThat(result.errors("l")).hasToString("[for_each was 2 but it must be a list or a map]");
        }
    }

    @Nested
    class Parallel {

        @Test
        void runsBranchesTogetherAndMergesWhatTheyExtract() {
            CountDownLatch both = new CountDownLatch(2);
            FakePlugin.Answer meet = (sent, context) -> {
                both.countDown();
                both.await();
                return FakePlugin.observation(200, Map.of("v", sent.path()), Map.of());
            };
            fake.on("/a", meet).on("/b", meet);

            Result result = run("""
                flow:
                  - name: p
                    type: parallel
                    branches:
                      - [ { name: a, type: fake, path: /a, extract: { va: $.v } } ]
                      - [ { name: b, type: fake, path: /b, extract: { vb: $.v } }, { name: b2, type: fake, path: "{{vb}}" } ]
                  - { name: after, type: fake, path: "{{va}}{{vb}}" }
                  - { type: assert, expect: { context_path: steps.a.payload.v, equals: /a } }
                """).assertPassed();

            assertThat(sentPaths()).last().isEqualTo("/a/b");
            assertThat(result.step("b2")).containsEntry("path", "flow[0].branches[1][1]");
        }

        @Test
        void firstFailureStopsTheOthers() {
            CountDownLatch waiting = new CountDownLatch(1);
            fake.on("/bad", (sent, context) -> {
                waiting.await();
                return FakePlugin.observation(500, null, Map.of());
            });
            fake.on("/long", (sent, context) -> {
                waiting.countDown();
                Thread.sleep(50_000);
                return FakePlugin.observation(200, null, Map.of());
            });

            Result result = run("""
                flow:
                  - { name: p, type: parallel, branches: [ [ { name: bad, type: fake, path: /bad } ], [ { name: long, type: fake, path: /long }, { name: then, type: fake, path: /t } ] ] }
                  - { name: after, type: fake, path: /after }
                finally: [ { name: last, type: fake, path: /last } ]
                """);

            assertThat(result.run.failed()).isEqualTo(1);
            assertThat(result.step("bad")).containsEntry("ok", false);
            assertThat(result.step("long")).containsEntry("ok", false).containsEntry("failure", "CANCELLED");
            assertThat(result.step("then")).containsEntry("skipped", true);
            assertThat(result.step("p")).containsEntry("ok", false);
            assertThat(result.step("after")).containsEntry("skipped", true);
            assertThat(result.step("last")).containsEntry("ok", true);
            assertThat(result.instances.getFirst()).containsEntry("failed_step", "bad");
        }

        @Test
        void nestsInLoopInBranchWithPaths() {
            Result result = run("""
                flow:
                  - type: branch
                    condition: "true"
                    if_true:
                      - type: loop
                        times: 2
                        do:
                          - type: parallel
                            branches:
                              - [ { name: x, type: fake, path: "/x{{loop_index}}" } ]
                              - [ { name: y, type: fake, path: "/y{{loop_index}}" } ]
                """).assertPassed();

            assertThat(result.steps("x"))
                    .extracting(line -> line.get("path"))
                    .containsExactly(
                            "flow[0].if_true[0].do[0]#0.branches[0][0]", "flow[0].if_true[0].do[0]#1.branches[0][0]");
            assertThat(sentPaths()).containsExactlyInAnyOrder("/x0", "/y0", "/x1", "/y1");
        }
    }

    @Nested
    class Call {

        @Test
        void passesAndReturnsValuesThreeDeep() {
            fake.on("/token", ok(Map.of("t", "T1")));

            Result result = new ScenarioRun(folder, fake)
                    .file("login.yaml", """
                        id: login
                        callable: true
                        entry: { seed_data: { user: nobody, role: reader } }
                        flow:
                          - { name: inner, type: call, scenario: token.yaml, with: { who: "{{entry.seed_data.user}}-{{entry.seed_data.role}}" }, returns: [pass] }
                        """)
                    .file("token.yaml", """
                        id: token
                        callable: true
                        flow:
                          - { type: call, scenario: leaf.yaml, with: { who: "{{entry.seed_data.who}}" }, returns: [pass] }
                        """)
                    .file("leaf.yaml", """
                        id: leaf
                        callable: true
                        flow:
                          - { name: get, type: fake, path: /token, json: "{{entry.seed_data.who}}", extract: { pass: $.t } }
                        """)
                    .scenario("""
                        id: main
                        flow:
                          - { name: first, type: fake, path: /1 }
                          - { name: log_in, type: call, scenario: login.yaml, with: { user: ann }, returns: [pass] }
                          - { name: use, type: fake, path: "/use/{{pass}}" }
                        """)
                    .run()
                    .assertPassed();

            assertThat(sentPaths()).containsExactly("/1", "/token", "/use/T1");
            assertThat(fake.sent("/token").getFirst().json()).isEqualTo("ann-reader");
            assertThat(result.step("get"))
                    .containsEntry("path", "flow[1].call:login.flow[0].call:token.flow[0].call:leaf.flow[0]");
            assertThat(result.step("inner")).containsEntry("path", "flow[1].call:login.flow[0]");
            assertThat(result.step("log_in").get("extracted")).isEqualTo(Map.of("pass", "T1"));
        }

        @Test
        void everyStepOfFinallyRunsWhateverBecameOfTheOneBefore() {
            fake.on("/bad", status(500, null));

            Result result = run("""
                flow: [ { name: a, type: fake, path: /a } ]
                finally: [ { name: first, type: fake, path: /bad }, { name: second, type: fake, path: /b } ]
                """);

            assertThat(result.step("first")).containsEntry("ok", false);
            assertThat(result.step("second")).containsEntry("ok", true);
            assertThat(result.run.failed()).isEqualTo(1);
        }

        @Test
        void failureInsideFailsItAndRunsItsFinally() {
            fake.on("/bad", status(500, null));

            Result result = new ScenarioRun(folder, fake)
                    .file("sub.yaml", """
                        id: sub
                        callable: true
                        flow: [ { name: bad, type: fake, path: /bad }, { name: never, type: fake, path: /n } ]
                        finally: [ { name: clean, type: fake, path: /clean } ]
                        """)
                    .scenario("id: main\n"
                            + "flow: [ { name: c, type: call, scenario: sub.yaml }, { name: after, type: fake,"
                            + " path: /a } ]")
                    .run();

            assertThat(result.story())
                    .containsExactly("bad failed", "never skipped", "clean ok", "c failed", "after skipped");
            assertThat(result.errors("c")).hasToString("[a step inside 'c' failed]");
        }

        @Test
        void calledScenarioHasOwnFeeder() {
            new ScenarioRun(folder, fake)
                    .file("users.csv", "name\nann\nbob\n")
                    .file(
                            "sub.yaml",
                            "id: sub\n"
                                    + "callable: true\n"
                                    + "data: { file: users.csv }\n"
                                    + "flow: [ { type: fake, path: \"/{{data.name}}\" } ]")
                    .scenario("id: main\nflow: [ { type: call, scenario: sub.yaml } ]")
                    .with(builder -> builder.instances(2).concurrency(1))
                    .run()
                    .assertPassed();

            assertThat(sentPaths()).containsExactly("/ann", "/bob");
        }

        @Test
        void entryAndWithDrawDifferentValues() {
            new ScenarioRun(folder, fake)
                    .file(
                            "sub.yaml",
                            "id: sub\n"
                                    + "callable: true\n"
                                    + "entry: { seed_data: { a: \"{{uuid}}\" } }\n"
                                    + "flow: [ { type: fake, path: /x, json: \"{{entry.seed_data}}\" } ]")
                    .scenario("id: main\nflow: [ { type: call, scenario: sub.yaml, with: { b: \"{{uuid}}\" } } ]")
                    .run()
                    .assertPassed();

            Map<?, ?> sent = (Map<?, ?>) fake.sent("/x").getFirst().json();
            assertThat(sent.get("a")).isNotEqualTo(sent.get("b"));
        }
    }

    @Nested
    class Small {

        @Test
        void sleepsFixedAndWithinBounds() {
            Result result = run("""
                flow:
                  - { name: a, type: sleep, duration: 30ms }
                  - { name: b, type: sleep, duration: { min: 10ms, max: 20ms } }
                  - { name: c, type: sleep, duration: "{{ 5 }}ms" }
                """).assertPassed();

            assertThat(((Number) result.step("a").get("latency_ms")).doubleValue())
                    .isGreaterThanOrEqualTo(30);
            assertThat(((Number) result.step("b").get("latency_ms")).doubleValue())
                    .isGreaterThanOrEqualTo(10);
        }

        @Test
        void sleepsAsLongAsItsTemplateSaysEachTime() {
            Result result = run("""
                flow:
                  - name: times
                    type: loop
                    for_each: ["40ms", "40ms", "1ms", "20ms", "40ms"]
                    as: length
                    do: [ { name: nap, type: sleep, duration: "{{ length }}" } ]
                """).assertPassed();

            assertThat(result.steps("nap"))
                    .extracting(nap -> ((Number) nap.get("latency_ms")).intValue())
                    .satisfiesExactly(
                            first -> assertThat(first).isGreaterThanOrEqualTo(40),
                            second -> assertThat(second).isGreaterThanOrEqualTo(40),
                            third -> assertThat(third).isGreaterThanOrEqualTo(1),
                            fourth -> assertThat(fourth).isGreaterThanOrEqualTo(20),
                            fifth -> assertThat(fifth).isGreaterThanOrEqualTo(40));
        }

        @Test
        void decidesByWeightFromSeed() {
            Result result = new ScenarioRun(folder, fake)
                    .scenario("""
                        id: s
                        flow:
                          - { name: d, type: decide, choose: { buy: 70, browse: 30 }, output_var: choice }
                          - { type: fake, path: "/{{choice}}" }
                        """)
                    .with(builder -> builder.instances(1000).concurrency(20))
                    .run()
                    .assertPassed();

            assertThat(fake.sent("/buy").size()).isBetween(640, 760);
            assertThat(fake.sent("/browse")).hasSize(1000 - fake.sent("/buy").size());
            assertThat(result.steps("d")).hasSize(1000);
        }

        @Test
        void unnamedStepsAreNamedByTypeAndNumber() {
            Result result =
                    run("flow: [ { type: fake, path: /a }, { type: sleep, duration: 1ms }, { type: fake, path: /b } ]")
                            .assertPassed();

            assertThat(result.story()).containsExactly("fake_1 ok", "sleep_1 ok", "fake_2 ok");
        }

        @Test
        void conditionSkipsAndOneThatCannotBeEvaluatedFails() {
            fake.on("/a", ok(Map.of("n", 1)));

            Result result = run("""
                flow:
                  - { name: a, type: fake, path: /a, on_failure: continue }
                  - { name: b, type: fake, path: /b, condition: "payload.n > 1" }
                  - { name: c, type: fake, path: /c, condition: "payload.missing > 1", on_failure: continue }
                  - { name: d, type: fake, path: /d, condition: "payload.n == 1" }
                """);

            assertThat(result.story()).containsExactly("a ok", "b skipped", "c failed", "d ok");
            assertThat(String.valueOf(result.errors("c").getFirst())).startsWith("condition: ");
            assertThat(result.run.exitCode()).isEqualTo(1);
        }

        @Test
        void onFailureAndStopWhenDecideWhatFollows() {
            fake.on("/bad", status(500, null));

            Result result = run("""
                stop_when: { any_action_fails: false, any_assertion_fails: true }
                flow:
                  - { name: a, type: fake, path: /bad }
                  - { name: b, type: fake, path: /b }
                  - { name: c, type: assert, on_failure: continue, expect: { expression: "1 == 2" } }
                  - { name: d, type: assert, expect: { expression: "1 == 2" } }
                  - { name: e, type: fake, path: /e }
                """);

            assertThat(result.story()).containsExactly("a failed", "b ok", "c failed", "d failed", "e skipped");
        }

        @Test
        void failedAssertionDoesNotStopByDefault() {
            Result result = run("""
                flow:
                  - { name: a, type: assert, expect: { expression: "1 == 2" } }
                  - { name: b, type: fake, path: /b }
                """);

            assertThat(result.story()).containsExactly("a failed", "b ok");
            assertThat(result.run.exitCode()).isEqualTo(1);
        }

        @Test
        void maxStepsFailsInstanceAndFinallyStillRuns() {
            Result result = run("""
                max_steps: 3
                flow:
                  - { type: loop, while: "true", do: [ { name: s, type: fake, path: /s } ] }
                  - { name: after, type: fake, path: /after }
                finally: [ { name: clean, type: fake, path: /clean } ]
                """);

            assertThat(fake.sent("/s")).hasSize(2);
            assertThat(fake.sent("/after")).isEmpty();
            assertThat(fake.sent("/clean")).hasSize(1);
            assertThat(result.instances.getFirst())
                    .contains(
                            entry("error", "the instance has executed 3 steps, the most that max_steps allows"),
                            entry("steps", 4));
        }

        @Test
        void limitOfContainerCutsTimeoutsInside() {
            fake.on("/slow", (sent, context) -> {
                while (!context.deadline().expired()) {
                    Thread.sleep(5);
                }
                return Observation.failed(
                        io.turbulence.api.Transport.of("fake"),
                        Failure.TIMEOUT,
                        "no answer when the " + context.deadline().limit() + " passed",
                        null);
            });

            Result result = run("""
                flow:
                  - { name: g, type: group, timeout: 150ms, do: [ { name: a, type: fake, path: /slow, timeout: 20s } ] }
                  - { name: b, type: fake, path: /slow, timeout: 50ms }
                stop_when: { any_action_fails: false }
                """);

            // What ends a second late, as on a busy machine, is cut off, and told so in addition
            assertThat(result.errors("a").toString()).startsWith("[no answer when the timeout of 150 ms of 'g' passed");
            assertThat(result.errors("b").toString()).startsWith("[no answer when the timeout of 50 ms of 'b' passed");
        }

        @Test
        void retryDoesNotOutliveLimitOfContainer() {
            fake.on("/bad", status(503, null));

            Result result = run("""
                flow:
                  - { name: g, type: group, timeout: 200ms, do: [ { name: a, type: fake, path: /bad, retry: { max_attempts: 5, on_status: [503], backoff: fixed, delay_ms: 20000 } } ] }
                """);

            assertThat(fake.sent).hasSize(1);
            assertThat(result.errors("a")).hasToString("[the answer was 503]");
        }
    }
}
