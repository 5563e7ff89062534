package io.turbulence.core.internal.result.figures;

/// Quantiles of distributions.
public final class Quantiles {

    private static final int HALVINGS = 80;

    private Quantiles() {}

    /// Of Student's t.
    ///
    /// @param degrees of freedom, at least 1; infinite for the normal distribution
    public static double student(double probability, double degrees) {
        if (probability < 0.5) {
            return -student(1 - probability, degrees);
        }
        double low = 0;
        double high = 1;
        while (below(high, degrees) < probability && high < 1e9) {
            high *= 2;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (below(middle, degrees) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /// How likely it is to be below t, which is not negative.
    private static double below(double t, double degrees) {
        if (degrees > 1e6) {
            return 1 - 0.5 * complement(t / Math.sqrt(2));
        }
        return 1 - 0.5 * beta(degrees / (degrees + t * t), degrees / 2, 0.5);
    }

    /// The complementary error function, by its continued fraction where the series is too slow.
    private static double complement(double x) {
        if (x < 2.5) {
            double sum = x;
            double term = x;
            for (int n = 1; n < 100 && Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 1 - 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = 0;
        for (int n = 100; n > 0; n--) {
            fraction = n / 2.0 / (x + fraction);
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
    }

    /// The regularised incomplete beta function, by its continued fraction (modified Lentz).
    private static double beta(double x, double a, double b) {
        if (x <= 0 || x >= 1) {
            return x <= 0 ? 0 : 1;
        }
        if (x > (a + 1) / (a + b + 2)) {
            return 1 - beta(1 - x, b, a);
        }
        double front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
        double tiny = 1e-300;
        double c = 1;
        double d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny);
        double result = d;
        for (int m = 1; m < 500; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / nonZero(1 + even * d, tiny);
            c = nonZero(1 + even / c, tiny);
            result *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / nonZero(1 + odd * d, tiny);
            c = nonZero(1 + odd / c, tiny);
            result *= d * c;
            if (Math.abs(d * c - 1) < 1e-15) {
                break;
            }
        }
        return front * result;
    }

    private static double nonZero(double value, double tiny) {
        return Math.abs(value) < tiny ? tiny : value;
    }

    /// Stirling's series, after the argument was made large.
    private static double logGamma(double x) {
        double shift = 0;
        double z = x;
        while (z < 10) {
            shift -= Math.log(z);
            z += 1;
        }
        double inverse = 1 / z;
        double square = inverse * inverse;
        return shift
                + (z - 0.5) * Math.log(z)
                - z
                + 0.5 * Math.log(2 * Math.PI)
                + inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
    }
}
