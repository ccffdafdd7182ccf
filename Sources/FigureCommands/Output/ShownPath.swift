internal import FaceTypes

extension String {
  /// What a person knows a medium by: the path of a `file:` URL, anything else as it is.
  package var shownPath: String {
    let scheme = "file://"
    guard hasPrefix(scheme + "/"), let path = dropFirst(scheme.count).percentDecoded else {
      return self
    }
    return path
  }
}
