public import WireProtocol

extension FaceRequest where Body == AttributeStatusResult {
  /// How many stored faces have the attributes that are switched on (GetAttributeStatus).
  ///
  /// Maturity: stable.
  public static var attributeStatus: Self { Self("GetAttributeStatus", [:]) }
}

extension FaceRequest where Body == TaskResult {
  /// Finds out now what is not known of stored faces, rather than while nothing else is to do
  /// (FillAttributes).
  ///
  /// Maturity: stable.
  ///
  /// - Parameter wait: answers at the end of the task, with progress until then, instead of at once.
  /// - Returns: the request.
  public static func fillAttributes(wait: Bool = false) -> Self {
    Self("FillAttributes", ["Wait": .boolean(wait)], timeout: wait ? nil : standardTimeout)
  }
}
