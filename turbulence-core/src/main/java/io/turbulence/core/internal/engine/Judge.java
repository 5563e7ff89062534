package io.turbulence.core.internal.engine;

import io.turbulence.api.Outcome;
import io.turbulence.core.internal.check.Expectation;
import io.turbulence.core.internal.check.Extraction;
import io.turbulence.core.internal.check.Verdict;
import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.secret.SecretValues;
import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.ObservationView;
import io.turbulence.core.internal.plugin.PluginScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides whether a step is ok by the contract's rule: the peer answered with success, everything was
/// extracted, all expectations hold.
final class Judge {

    private Judge() {}

    /// Extracts and checks after an exchange, and tells the listeners what each expectation came to.
    ///
    /// @param extracted receives what was found, to be shown
    /// @return why the step is not ok; empty when it is
    static List<String> judge(
            Step step,
            Execution execution,
            String path,
            ObservationView observation,
            Map<String, @Nullable Object> extracted) {
        Exchange exchange = observation.exchange();
        List<String> errors = new ArrayList<>(0);
        switch (exchange.outcome()) {
            case Outcome.Failed failed -> {
                errors.add(failed.message());
                return errors;
            }
            case Outcome.Completed completed -> {
                if (!completed.success() && !judgesStatus(step.common().expect())) {
                    errors.add(Answers.text(completed, exchange.metadata()));
                }
            }
        }
        List<String> missed = new ArrayList<>(0);
        if (errors.isEmpty()) {
            extract(step.common().extract(), execution, observation, extracted, missed);
        }
        // A wrong status explains why the payload lacks what should be extracted, so it comes first
        for (Verdict verdict : check(step, execution, path, observation)) {
            if (!verdict.ok()) {
                String error = "'%s': %s".formatted(step.info().name(), verdict.located());
                if (verdict.ofStatus()) {
                    errors.add(error);
                } else {
                    missed.add(error);
                }
            }
        }
        errors.addAll(missed);
        String defect = exchange.defect();
        if (defect != null) {
            errors.addFirst(PluginScope.defect(defect));
        }
        if (!errors.isEmpty()) {
            hideSecrets(execution, exchange);
        }
        return errors;
    }

    /// A message about the answer may hold a part of it.
    private static void hideSecrets(Execution execution, Exchange exchange) {
        SecretValues.under(exchange.content().tree(), execution.instance()::addSecret);
        SecretValues.under(exchange.metadata().asMap(), execution.instance()::addSecret);
    }

    /// Checks the step's expectations and tells the listeners.
    static List<Verdict> check(Step step, Execution execution, String path, @Nullable ObservationView observation) {
        return check(step, step.common().expect(), execution, path, observation);
    }

    /// As the other, of expectations that the step has elsewhere.
    static List<Verdict> check(
            Step step,
            List<Expectation> expectations,
            Execution execution,
            String path,
            @Nullable ObservationView observation) {
        if (expectations.isEmpty()) {
            return List.of();
        }
        Instance instance = execution.instance();
        List<Verdict> verdicts = new ArrayList<>(expectations.size());
        for (Expectation expectation : expectations) {
            expectation.check(execution, observation, verdicts);
        }
        for (Verdict verdict : verdicts) {
            instance.listener()
                    .assertionChecked(new AssertionResult(
                            instance.info(),
                            step.info().name(),
                            path,
                            verdict.ok(),
                            verdict.subject(),
                            verdict.expected(),
                            verdict.actual(),
                            verdict.message(),
                            verdict.location().file().toString(),
                            verdict.location().line(),
                            instance.secrets()));
        }
        return verdicts;
    }

    /// Whether all expectations hold; nobody is told.
    static boolean holds(List<Expectation> expectations, Execution execution, ObservationView observation) {
        List<Verdict> verdicts = new ArrayList<>(expectations.size());
        for (Expectation expectation : expectations) {
            expectation.check(execution, observation, verdicts);
        }
        return verdicts.stream().allMatch(Verdict::ok);
    }

    static boolean judgesStatus(List<Expectation> expectations) {
        for (Expectation expectation : expectations) {
            if (expectation.judgesStatus()) {
                return true;
            }
        }
        return false;
    }

    static void extract(
            List<Extraction> extractions,
            Execution execution,
            ObservationView observation,
            Map<String, @Nullable Object> extracted,
            List<String> errors) {
        for (Extraction extraction : extractions) {
            try {
                Object value = extraction.extract(execution, observation);
                execution.variables().set(extraction.name(), value);
                if (extraction.secret() && value != null) {
                    extracted.put(extraction.name(), SecretValues.MASK);
                    SecretValues.of(value, execution.instance()::addSecret);
                } else {
                    extracted.put(extraction.name(), value);
                }
            } catch (EvaluationException e) {
                errors.add(String.valueOf(e.getMessage()));
            }
        }
    }

    static Map<String, @Nullable Object> extractions(Step step) {
        return step.common().extract().isEmpty()
                ? Map.of()
                : LinkedHashMap.newLinkedHashMap(step.common().extract().size());
    }
}
