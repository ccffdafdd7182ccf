extension [Float] {
  /// A copy of a span.
  init(_ span: Span<Float>) {
    self = unsafe span.withUnsafeBufferPointer { unsafe [Float]($0) }
  }
}
