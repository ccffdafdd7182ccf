import FaceClient
import FaceStore
import FaceTypes
import Foundation
import Testing
import WireProtocol

/// Libraries so large that their faces are saved for the next start.
@Suite struct SavedIndexTests {
  /// Faces of made-up people, ten of each, in a cluster of their own: enough to be saved.
  private func fill(_ directory: URL, _ fingerprint: ModelFingerprint) throws {
    let store = try FaceStore.open(directory: directory.path)
    let library = try #require(try store.read { try $0.libraries().first }).id
    var state: UInt64 = 7
    func vector() -> [Float] {
      (0..<128).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
      }
    }
    func face(_ raw: [Float]) throws -> Face {
      let eye = Point(x: 20, y: 20)
      return Face(
        boundingBox: BoundingBox(x: 10, y: 10, width: 80, height: 100),
        landmarks: Landmarks(
          rightEye: eye, leftEye: Point(x: 60, y: 20), noseTip: Point(x: 40, y: 50),
          rightMouthCorner: Point(x: 25, y: 80), leftMouthCorner: Point(x: 55, y: 80)),
        score: 0.9, quality: FaceQuality(value: 0.8, obstacles: []),
        embedding: try #require(Embedding(raw: raw, fingerprint: fingerprint)))
    }
    for first in stride(from: 0, to: 5010, by: 501) {
      try store.write { transaction in
        for person in first..<first + 501 {
          let middle = vector()
          let cluster = try transaction.nextClusterID(in: library)
          try transaction.insertCluster(cluster, in: library)
          for picture in 0..<10 {
            let media = try transaction.insertMedia(
              NewMedia(
                library: library, uri: "file:///\(person)/\(picture).jpg", mediaType: .image,
                status: .ready))
            let raw = zip(middle, vector()).map { $0 + 0.6 * $1 }
            let figures = try transaction.insertFigures([NewFigure(face: face(raw))], of: media)
            try transaction.assign(
              figures.map { ClusterAssignment(figure: $0, cluster: cluster, confidence: 1) })
          }
        }
      }
    }
  }

  private func waitUntilSaved(_ daemon: DaemonProcess) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while !daemon.log.contains("faces saved for the next start") {
      try #require(ContinuousClock.now < deadline)
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  private func neighbours(_ client: FaceClient, _ figure: String) throws -> [String] {
    let found = try client.call(
      FaceRequest<SearchMediaByFaceResult>(
        "SearchMediaByFace", ["FigureIds": [.string(figure)], "PageSize": 30]))
    return found.mediaInfoList.map(\.mediaID)
  }

  @Test func theNextStartFindsTheSameAndWhatCameSince() throws {
    let daemon = try DaemonProcess()
    defer { daemon.remove() }
    _ = try daemon.client().call(.importMedia(paths: [DemoLibrary.path("p01_01.jpg")], wait: true))
    let fingerprint = try #require(
      try StateDatabase(in: daemon.stateDirectory)
        .texts("SELECT hexadecimal FROM fingerprints").first)
    daemon.kill(SIGTERM)
    try fill(daemon.stateDirectory, try #require(ModelFingerprint(hexadecimal: fingerprint)))
    try daemon.start()
    try waitUntilSaved(daemon)
    #expect(daemon.log.contains("saved=false"))
    var client = try daemon.client()
    _ = try client.call(
      .importMedia(paths: ["p02_01.jpg", "p02_02.jpg"].map { DemoLibrary.path($0) }, wait: true))
    let media = try client.call(.media(library: "default")).mediaInfos.map(\.mediaID)
    _ = try client.call(.deleteMedia(Array(media.prefix(3))))
    let figures = try client.call(.figures(of: .library("default"))).figures.compactMap(\.figureID)
    let before = try figures.prefix(10).map { try neighbours(client, $0) }
    // Whatever the process had in mind is gone.
    daemon.kill(SIGKILL)
    try daemon.start()
    #expect(daemon.log.contains("saved=true"))
    client = try daemon.client()
    #expect(try figures.prefix(10).map { try neighbours(client, $0) } == before)
    #expect(try client.call(.checkHealth()).problems.isEmpty)

    let index = try #require(
      try FileManager.default.contentsOfDirectory(atPath: daemon.stateDirectory.path)
        .first { $0.hasSuffix(".index") })
    let file = daemon.stateDirectory.appending(path: index)
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    // Damaged where the numbers of figures are, it is passed over and made anew.
    daemon.kill(SIGKILL)
    let handle = try FileHandle(forUpdating: file)
    try handle.seek(toOffset: 5000)
    try handle.write(contentsOf: Data([1, 2, 3, 4]))
    try handle.close()
    try daemon.start()
    #expect(daemon.log.contains("saved=false"))
    client = try daemon.client()
    #expect(try figures.prefix(10).map { try neighbours(client, $0) } == before)
    try waitUntilSaved(daemon)
    #expect(try client.call(.checkHealth()).problems.isEmpty)
    // It goes with its library.
    _ = try client.call(.dropLibrary("default", force: true))
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }
}
