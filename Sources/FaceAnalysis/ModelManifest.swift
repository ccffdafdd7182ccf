import FaceTypes

/// `manifest.json`: which files make up the models, and their checksums.
struct ModelManifest: Decodable {
  static let format = "figured models"
  static let version = 1

  /// The files of one network, beside the manifest.
  struct Model: Decodable {
    let graph: String
    let graphSHA256: String
    let weights: String
    let weightsSHA256: String
    /// What integers need; single precision does without.
    let ranges: String?
    let rangesSHA256: String?
  }

  struct Models: Decodable {
    let detector: Model
    let embedder: Model
    let age: Model?
    let gender: Model?
    let expression: Model?
    let mesh: Model?

    /// The network for an attribute; `nil` if the models come without.
    func network(for kind: AttributeKind) -> Model? {
      switch kind {
      case .age: age
      case .gender: gender
      case .expression: expression
      case .mesh: mesh
      }
    }
  }

  let format: String
  let version: Int
  let models: Models
}

/// What a manifest of any version says first.
struct ModelManifestHeader: Decodable {
  let format: String
  let version: Int
}
