public import WireProtocol

extension FaceRequest where Body == CheckHealthResult {
  /// Looks at everything stored for what should never be (CheckHealth).
  ///
  /// Maturity: stable.
  ///
  /// - Parameter repair: mends what can be mended.
  /// - Returns: the request, whose answer takes as long as reading the whole database.
  public static func checkHealth(repair: Bool = false) -> Self {
    Self("CheckHealth", ["Repair": .boolean(repair)], timeout: nil)
  }
}
