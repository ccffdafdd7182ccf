import Glibc

// The C library's functions by their mathematical names, so that no other file imports it for them.

/// `e` to the power of `value`.
func exponential(_ value: Float) -> Float { expf(value) }

/// The cosine of an angle in radians.
func cosine(_ angle: Float) -> Float { cosf(angle) }

/// The sine of an angle in radians.
func sine(_ angle: Float) -> Float { sinf(angle) }

/// The angle in −π…π of the direction `(x, y)`.
func arcTangent(_ y: Float, _ x: Float) -> Float { atan2f(y, x) }

/// The natural logarithm of a positive number.
func naturalLogarithm(_ value: Float) -> Float { logf(value) }
