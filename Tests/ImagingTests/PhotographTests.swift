import Foundation
import Imaging
import Testing

/// The LFW data set, which is not part of the project.
private let folder = ProcessInfo.processInfo.environment["FIGURED_LFW"].flatMap {
  $0.isEmpty ? nil : URL(filePath: $0, directoryHint: .isDirectory)
}

@Suite struct PhotographTests {
  /// The networks were trained on what OpenCV decodes, so every pixel must be the same.
  @Test(.enabled(if: folder != nil, "FIGURED_LFW names no folder with the LFW data set"))
  func photographsDecodeToThePixelsOfOpenCV() throws {
    let folder = try #require(folder)
    let data = try Data(contentsOf: Fixtures.folder.appending(path: "lfw-opencv.json"))
    let digests = try JSONDecoder().decode([String: UInt32].self, from: data)
    var compared = 0
    for (file, digest) in digests {
      guard let bytes = try? Data(contentsOf: folder.appending(path: file)) else { continue }
      let image = try ImageDecoder().decode([UInt8](bytes)).image
      #expect(checksum(image.pixels[...]) == digest, "\(file)")
      compared += 1
    }
    #expect(compared > 0, "none of the recorded photographs is in the folder")
  }
}
