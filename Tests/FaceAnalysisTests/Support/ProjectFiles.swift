import Foundation

/// Files of the project, found from the place of this source file.
enum ProjectFiles {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let models = root.appending(path: "Models").path
  static let photos = root.appending(path: "Examples/library/photos")
  static let golden = root.appending(path: "Tests/FaceAnalysisTests/Golden")

  static func bytes(_ url: URL) throws -> [UInt8] { try Array(Data(contentsOf: url)) }
  static func photo(_ name: String) throws -> [UInt8] { try bytes(photos.appending(path: name)) }
}

/// The example library's labels: who is in each photograph.
struct LibraryLabels {
  let people: [String: [String]]

  init() throws {
    let data = try Data(
      contentsOf: ProjectFiles.root.appending(path: "Examples/library/labels.json"))
    people = try JSONDecoder().decode([String: [String]].self, from: data)
  }

  var names: [String] { people.keys.sorted() }
}
