/// Why a network could not be loaded or run.
public enum ModelError: Error, Equatable, Sendable {
  /// A file could not be read; `code` is the system's error number.
  case unreadable(path: String, code: Int32)
  /// Refused before reading.
  case fileTooLarge(path: String, bytes: Int, limit: Int)
  /// The graph is no JSON of the expected shape.
  case malformedGraph(reason: String)
  /// The file says that it is something else.
  case unknownFormat(found: String)
  /// Written by another version of the converter.
  case unsupportedVersion(found: Int, supported: Int)
  /// The weight file's header is wrong.
  case malformedWeights(reason: String)
  /// The ranges of activations suit no layer.
  case malformedRanges(reason: String)
  /// An operation that this runtime does not have.
  case unknownOperation(layer: String, operation: String)
  /// A layer that contradicts itself, its weights or its inputs.
  case invalidLayer(layer: String, reason: String)
  /// A statement about the input that cannot be met.
  case invalidInput(reason: String)
  /// An output that names no tensor, or channels that the tensor lacks.
  case invalidOutput(output: String, reason: String)
  /// The image does not have the size that the network takes.
  case wrongImageSize(width: Int, height: Int, expected: String)
  /// The bytes handed over are not `3 · width · height`.
  case wrongPixelCount(found: Int, expected: Int)
  /// Refused before allocating.
  case tooMuchMemory(bytes: Int, limit: Int)
  /// There is no output of this name.
  case unknownOutput(name: String)
}

extension ModelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let path, let code):
      "cannot read the model file \(path) (error \(code))"
    case .fileTooLarge(let path, let bytes, let limit):
      "the model file \(path) has \(bytes) bytes, more than the limit of \(limit)"
    case .malformedGraph(let reason): "the network's graph file is malformed: \(reason)"
    case .unknownFormat(let found): "not a network's graph file: its format is \"\(found)\""
    case .unsupportedVersion(let found, let supported):
      "the graph file has version \(found); this program reads version \(supported)"
    case .malformedWeights(let reason): "the weight file is malformed: \(reason)"
    case .malformedRanges(let reason): "the file of ranges is malformed: \(reason)"
    case .unknownOperation(let layer, let operation):
      "layer \(layer): unknown operation \"\(operation)\""
    case .invalidLayer(let layer, let reason): "layer \(layer): \(reason)"
    case .invalidInput(let reason): "the network's input: \(reason)"
    case .invalidOutput(let output, let reason): "output \(output): \(reason)"
    case .wrongImageSize(let width, let height, let expected):
      "the network takes \(expected), not \(width)×\(height)"
    case .wrongPixelCount(let found, let expected):
      "\(found) bytes of pixels where \(expected) are needed"
    case .tooMuchMemory(let bytes, let limit):
      "running the network would take \(bytes) bytes, more than the limit of \(limit)"
    case .unknownOutput(let name): "the network has no output \"\(name)\""
    }
  }
}
