internal import WireProtocol

/// An image as a request names it.
public enum ImageSource: Sendable {
  /// An absolute path that the daemon opens itself, with its own rights.
  case path(String)
  /// An open file that travels with the request: the daemon needs no right to its path.
  case file(OpenFile)
  /// The bytes of an image file in base64, for images that are in no file; costs a third more.
  case base64(String)

  var parameter: JSONValue {
    switch self {
    case .path(let path): ["Path": .string(path)]
    case .file: ["Fd": 0]
    case .base64(let text): ["Base64": .string(text)]
    }
  }

  var files: [OpenFile] { if case .file(let file) = self { [file] } else { [] } }
}
