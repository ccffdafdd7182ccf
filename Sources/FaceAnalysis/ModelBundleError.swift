public import Inference

/// Why the models could not be loaded.
public enum ModelBundleError: Error, Equatable, Sendable {
  /// A file of the bundle is not there or cannot be read.
  case unreadable(path: String, reason: String)
  /// A file of the bundle is larger than any model of ours.
  case tooLarge(path: String, byteCount: Int, limit: Int)
  /// The manifest is no JSON of the right form.
  case malformedManifest(path: String, reason: String)
  /// The manifest is written for another version of figured.
  case unsupportedManifest(path: String, format: String, version: Int)
  /// A file differs from the one the manifest was written for.
  case wrongChecksum(path: String, expected: String, actual: String)
  /// The network cannot be built from its files.
  case unusableNetwork(path: String, reason: ModelError)
  /// The network is sound but not one that this program can use.
  case unsuitableNetwork(path: String, reason: String)
}

extension ModelBundleError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read the model file \(path): \(reason)"
    case .tooLarge(let path, let byteCount, let limit):
      "the model file \(path) has \(byteCount) bytes; the limit is \(limit)"
    case .malformedManifest(let path, let reason):
      "the model manifest \(path) is malformed: \(reason)"
    case .unsupportedManifest(let path, let format, let version):
      "the model manifest \(path) has format '\(format)', version \(version); "
        + "'\(ModelManifest.format)', version \(ModelManifest.version), is needed"
    case .wrongChecksum(let path, let expected, let actual):
      "the model file \(path) is damaged or from another release: "
        + "its SHA-256 is \(actual), the manifest says \(expected)"
    case .unusableNetwork(let path, let reason):
      "the network \(path) cannot be used: \(reason)"
    case .unsuitableNetwork(let path, let reason):
      "the network \(path) does not fit this program: \(reason)"
    }
  }
}
