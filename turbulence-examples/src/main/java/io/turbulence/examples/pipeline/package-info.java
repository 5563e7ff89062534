/// A worker that makes invoices of lists of goods, and what stands in for S3 and SQS on one machine.
@NullMarked
package io.turbulence.examples.pipeline;

import org.jspecify.annotations.NullMarked;
