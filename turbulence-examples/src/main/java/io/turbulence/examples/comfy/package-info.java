/// What stands for ComfyUI in `examples/comfyui`.
@NullMarked
package io.turbulence.examples.comfy;

import org.jspecify.annotations.NullMarked;
