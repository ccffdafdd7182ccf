import ContentHash
import Foundation
import Testing

/// A second model, made of the first: every weight of the embedder is changed a little, so that it
/// sees the same people by other numbers.
enum SecondModel {
  /// Bits of a weight's fraction of ten that are changed at random: by up to 12 %.
  private static let changedBits: UInt8 = 0b111_1111

  /// Writes the models into a folder, the first one beside it with "-previous" after its name.
  static func install(at folder: URL, keepingFirst: Bool = true) throws {
    let first = projectRoot.appending(path: "Models")
    if keepingFirst {
      try FileManager.default.copyItem(
        at: first, to: URL(filePath: folder.path + "-previous"))
    }
    try FileManager.default.copyItem(at: first, to: folder)
    let weights = folder.appending(path: "sface.safetensors")
    var bytes = [UInt8](try Data(contentsOf: weights))
    try change(&bytes)
    try Data(bytes).write(to: weights)
    let manifest = folder.appending(path: "manifest.json")
    let old = SHA256Digest(
      of: [UInt8](try Data(contentsOf: first.appending(path: weights.lastPathComponent))))
    let text = try String(contentsOf: manifest, encoding: .utf8)
    #expect(text.contains(old.hexadecimal))
    try text.replacingOccurrences(
      of: old.hexadecimal, with: SHA256Digest(of: bytes).hexadecimal
    ).write(to: manifest, atomically: true, encoding: .utf8)
  }

  /// A safetensors file: the length of a header in JSON, the header, the numbers.
  private static func change(_ bytes: inout [UInt8]) throws {
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length]))
    let tensors = try #require(header as? [String: [String: Any]])
    var generator = SeededGenerator(seed: 7)
    for (_, tensor) in tensors.sorted(by: { $0.key < $1.key })
    where tensor["dtype"] as? String == "F16" {
      let range = try #require(tensor["data_offsets"] as? [Int])
      // Little-endian: the first byte of two ends the fraction.
      for offset in stride(from: 8 + length + range[0], to: 8 + length + range[1], by: 2) {
        bytes[offset] ^= UInt8.random(in: 0...changedBits, using: &generator)
      }
    }
  }
}
