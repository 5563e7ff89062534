/// S3, SQS, Kinesis and Step Functions for Turbulence.
@NullMarked
package io.turbulence.aws;

import org.jspecify.annotations.NullMarked;
