internal import VectorIndex

/// The Euclidean length of a vector.
func length(of vector: Span<Float>) -> Float { innerProduct(vector, vector).squareRoot() }
