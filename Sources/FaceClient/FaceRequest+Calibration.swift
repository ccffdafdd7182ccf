public import WireProtocol

extension FaceRequest where Body == CalibrateFiguresResult {
  /// How often pairs of a library's confirmed faces are mistaken, and the curve that turns
  /// similarities into probabilities (CalibrateFigures).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - library: whose faces.
  ///   - action: to show, to fit the curve to this library, or to go back to the model's own.
  /// - Returns: the request.
  public static func calibrate(
    library: String = LibraryName.standard, _ action: CalibrateFiguresResult.Action = .show
  ) -> Self {
    Self(
      "CalibrateFigures",
      ["SearchLibName": .string(library), "Action": .string(action.rawValue)])
  }
}
