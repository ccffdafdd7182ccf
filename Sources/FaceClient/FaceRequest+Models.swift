public import WireProtocol

extension FaceRequest where Body == ModelSwitchResult {
  /// The models that are installed, and the change from one to the other (GetModelSwitch).
  ///
  /// Maturity: stable.
  public static var modelSwitch: Self { Self("GetModelSwitch", [:]) }
}

extension FaceRequest where Body == TaskResult {
  /// Embeds all faces by another model beside the one in use, and finds out what clustering them
  /// anew would change (PrepareModelSwitch).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - fingerprint: of the model; `nil` takes the one that the configuration names.
  ///   - wait: answers at the end of the task, with progress until then, instead of at once.
  /// - Returns: the request.
  public static func prepareModelSwitch(to fingerprint: String? = nil, wait: Bool = false) -> Self {
    var parameters: [String: JSONValue] = ["Wait": .boolean(wait)]
    parameters["To"] = fingerprint.map { .string($0) }
    return Self("PrepareModelSwitch", parameters, timeout: wait ? nil : standardTimeout)
  }

  /// Switches over to the model that was prepared (ApplyModelSwitch).
  ///
  /// Maturity: stable.
  ///
  /// - Parameter wait: answers at the end of the task, instead of at once.
  /// - Returns: the request.
  public static func applyModelSwitch(wait: Bool = false) -> Self {
    Self(
      "ApplyModelSwitch", ["Wait": .boolean(wait)], timeout: wait ? nil : standardTimeout)
  }

  /// Goes back to the model before, and to its clusters (UndoModelSwitch).
  ///
  /// Maturity: stable.
  ///
  /// - Parameter wait: answers at the end of the task, instead of at once.
  /// - Returns: the request.
  public static func undoModelSwitch(wait: Bool = false) -> Self {
    Self("UndoModelSwitch", ["Wait": .boolean(wait)], timeout: wait ? nil : standardTimeout)
  }
}

extension FaceRequest where Body == DiscardModelSwitchResult {
  /// Erases the embeddings of whichever model is not in use (DiscardModelSwitch).
  ///
  /// Maturity: stable.
  public static var discardModelSwitch: Self { Self("DiscardModelSwitch", [:]) }
}
