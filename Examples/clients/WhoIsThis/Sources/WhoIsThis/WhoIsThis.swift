import FaceClient

/// Tells who is in the photographs that the command line names, as figured knows them.
@main
struct WhoIsThis {
  static func main() async throws {
    let client = try await FaceClient.connect()
    // All requests go out at once; the answers are waited for in the order of the files.
    let answers = try CommandLine.arguments.dropFirst().map { path in
      let image = try ImageSource.file(OpenFile(path: path))
      return (path, try client.start(.searchImageFigureCluster(image)))
    }
    for (path, answer) in answers {
      let names = try await answer.value.clusters.map { person in
        person.similarity < 0.5 ? "somebody new" : person.name ?? "somebody without a name"
      }
      print("\(path): \(names.isEmpty ? "nobody" : names.joined(separator: ", "))")
    }
  }
}
