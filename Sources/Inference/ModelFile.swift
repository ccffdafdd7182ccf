internal import Glibc

/// A network as it is stored: a graph in JSON, and weights and ranges in the safetensors format.
///
/// Reading a model file checks the form of its parts; making a ``Network`` of it checks what they
/// say. The files are read into memory, not mapped: a mapped file that is cut short by someone
/// else kills the process.
public struct ModelFile: Sendable {
  let graph: GraphDescription
  let weights: TensorFile
  /// What single precision can do without.
  let ranges: TensorFile?

  /// More than any graph that a person would still read.
  static let graphByteLimit = 4 << 20
  /// Some ten times the largest network considered for this project.
  static let weightByteLimit = 1 << 30

  /// Reads a model from memory.
  ///
  /// - Parameters:
  ///   - graph: JSON, as described in Models/README.md.
  ///   - weights: the named tensors that the graph speaks of.
  ///   - ranges: for some layers, the largest magnitude of each channel that they make; only layers
  ///     behind these can run in integers.
  /// - Throws: ``ModelError`` if any part is malformed.
  public init(
    graph: [UInt8], weights: [UInt8], ranges: [UInt8]? = nil
  ) throws(ModelError) {
    self.graph = try GraphDescription(json: graph)
    self.weights = try TensorFile(weights)
    self.ranges = if let ranges { try TensorFile(ranges) } else { nil }
  }

  /// Reads a model from its files.
  public init(
    graphPath: String, weightsPath: String, rangesPath: String? = nil
  ) throws(ModelError) {
    try self.init(
      graph: Self.read(graphPath, limit: Self.graphByteLimit),
      weights: Self.read(weightsPath, limit: Self.weightByteLimit),
      ranges: rangesPath.map { path throws(ModelError) in
        try Self.read(path, limit: Self.graphByteLimit)
      })
  }

  private static func read(_ path: String, limit: Int) throws(ModelError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .unreadable(path: path, code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: path, code: EINVAL) }
    let size = Int(status.st_size)
    guard size <= limit else { throw .fileTooLarge(path: path, bytes: size, limit: limit) }
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size, let start = buffer.baseAddress {
        let got = unsafe Glibc.read(descriptor, start + count, size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    guard failure == 0 else { throw .unreadable(path: path, code: failure) }
    return bytes
  }
}
