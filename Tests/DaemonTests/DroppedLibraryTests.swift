import FaceClient
import Foundation
import Testing
import WireProtocol

/// What a dropped library still holds, until it is erased in batches.
@Suite struct DroppedLibraryTests {
  @Test func isNotFoundByAnyIdentifierBeforeItIsErased() throws {
    let daemon = try DaemonProcess()
    let client = try daemon.client()
    try client.call(.createLibrary("other"))
    let photographs = ["p01_01", "p01_02", "p01_03"].map { DemoLibrary.path($0 + ".jpg") }
    let task = try client.call(.importMedia(paths: photographs, library: "other", wait: true)).task
    let medium = try #require(
      try client.call(.media(library: "other")).mediaInfos.first?.mediaID)
    let cluster = try #require(
      try client.call(.figureClusters(library: "other")).figureClusters.first?.objectID)
    let figure = try #require(
      try client.call(.figures(of: .library("other"))).figures.first?.figureID)
    let requests: [(method: String, parameters: [String: JSONValue])] = [
      ("GetMediaInfo", ["MediaId": .string(medium)]),
      ("UpdateMediaToSearchLib", ["MediaId": .string(medium), "Title": "x"]),
      ("ListFigures", ["MediaId": .string(medium)]),
      ("GetFigureCluster", ["ObjectId": .string(cluster)]),
      ("UpdateFigureCluster", ["FigureCluster": ["ObjectId": .string(cluster), "Name": "x"]]),
      ("ListFigures", ["FigureClusterId": .string(cluster)]),
      ("ListMediaBasicInfos", ["FigureClusterId": .string(cluster)]),
      ("GetFigureImage", ["FigureId": .string(figure)]),
      ("GetTask", ["TaskId": .string(task.taskID)]),
    ]
    func outcome(_ method: String, _ parameters: [String: JSONValue]) -> ErrorCode? {
      do throws(ClientError) {
        _ = try client.call(.raw(method, parameters))
        return nil
      } catch {
        return error.code
      }
    }
    for (method, parameters) in requests where !method.hasPrefix("Update") {
      #expect(outcome(method, parameters) == nil, "\(method)")
    }
    // As DropSearchLib leaves it in its first transaction, with everything else still there.
    let database = try StateDatabase(in: daemon.stateDirectory)
    try database.texts("UPDATE libraries SET name = NULL WHERE name = 'other'")
    for (method, parameters) in requests {
      #expect(outcome(method, parameters) == .resourceNotFound, "\(method)")
    }
    let deletion = try client.call(.deleteMedia([medium]))
    #expect(deletion.deleted == 0)
    #expect(try database.texts("SELECT count(*) FROM media") == ["3"])
  }
}
