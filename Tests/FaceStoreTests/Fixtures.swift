import FaceStore
import FaceTypes
import Foundation
import Synchronization

/// A directory that is removed with everything in it when the test ends.
final class TemporaryDirectory: Sendable {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "figured-store-" + UUID().uuidString
    // Only the parent exists: creating the state directory is the store's work.
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A clock that a test sets.
final class TestClock: Sendable {
  private let milliseconds = Mutex<Int64>(1_700_000_000_000)

  var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }
  func advance(by step: Int64) { milliseconds.withLock { $0 += step } }
}

extension ModelFingerprint {
  static let first = made("1a")
  static let second = made("2b")

  private static func made(_ byte: String) -> ModelFingerprint {
    guard let fingerprint = ModelFingerprint(hexadecimal: String(repeating: byte, count: 32)) else {
      preconditionFailure("a test's fingerprint is well-formed")
    }
    return fingerprint
  }
}

/// A store in a directory of its own.
struct TestStore {
  let directory = TemporaryDirectory()
  let clock = TestClock()
  let store: FaceStore

  init(_ adjust: (inout FaceStore.Options) -> Void = { _ in }) throws {
    var options = FaceStore.Options()
    options.clock = { [clock] in clock.now }
    adjust(&options)
    store = try FaceStore.open(directory: directory.path, options: options)
  }

  /// A library, and its first medium.
  func library(_ name: String = "family") throws -> LibraryID {
    try store.write { try $0.createLibrary(named: name).id }
  }

  func media(
    _ library: LibraryID, _ uri: String, type: MediaType = .image
  ) throws -> MediaID {
    try store.write {
      try $0.insertMedia(NewMedia(library: library, uri: uri, mediaType: type))
    }
  }

  func figures(_ media: MediaID, _ faces: [NewFigure]) throws -> [FigureID] {
    try store.write { try $0.insertFigures(faces, of: media) }
  }

  func isIntact() throws -> Bool {
    let report = try store.read { try $0.check(.full) }
    for problem in report.problems { print(problem) }
    return report.isIntact
  }
}

extension NewFigure {
  /// A made-up face, different for each seed.
  static func made(
    _ seed: Int, quality: Float = 0.5, fingerprint: ModelFingerprint = .first,
    dimension: Int = 128, crop: [UInt8]? = nil
  ) -> NewFigure {
    var generator = SplitMix(seed: UInt64(seed))
    let raw = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
    let points = (0..<5).map { Point(x: Float(seed) + Float($0), y: Float($0) / 3) }
    guard let landmarks = Landmarks(points: points),
      let embedding = Embedding(raw: raw, fingerprint: fingerprint)
    else { preconditionFailure("a made-up face is well-formed") }
    return NewFigure(
      publicID: .random(using: &generator),
      face: Face(
        boundingBox: BoundingBox(x: Float(seed), y: 0.1, width: 33.3, height: 44.4),
        landmarks: landmarks, score: 0.9,
        quality: FaceQuality(value: quality, obstacles: [.blurred, .profile]),
        embedding: embedding),
      crop: crop)
  }
}

/// A small generator of repeatable random numbers (SplitMix64).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
